"""What are incidents as a feed? Atom 1.0 (RFC 4287), RSS 2.0, and Atom with CAP messages as content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from bot.export import cap
from bot.export.frame import PLAIN, Frame, told_title
from bot.export.xml_text import add, serialised, without_controls
from extract.kinds import load_kinds
from extract.types import Incident

ATOM = "http://www.w3.org/2005/Atom"
_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


def atom(found: Iterable[Incident], frame: Frame = PLAIN) -> bytes:
    """An Atom feed with one entry for each incident, newest first; an entry that changes keeps its id."""
    return _atom(found, frame, with_cap=False)


def atom_of_cap(found: Iterable[Incident], frame: Frame = PLAIN) -> bytes:
    """An Atom feed whose entries contain the incidents' CAP messages, as hubs of public warnings publish them."""
    return _atom(found, frame, with_cap=True)


def rss(found: Iterable[Incident], frame: Frame = PLAIN) -> bytes:
    """An RSS feed with one item for each incident, newest first."""
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    add(channel, "title", frame.title)
    add(channel, "link", frame.address or "https://t.me/")
    add(channel, "description", "One item an incident, as several news outlets tell of it")
    for incident in _newest_first(found, frame):
        item = etree.SubElement(channel, "item")
        add(item, "title", told_title(incident))
        if link := frame.page(incident) or _link(incident):
            add(item, "link", link)
        add(item, "description", _words(incident))
        add(item, "category", load_kinds()[incident.facts.kind].label)
        etree.SubElement(item, "guid", isPermaLink="false").text = _id(incident)
        add(item, "pubDate", format_datetime(frame.told(incident).astimezone(UTC)))
    return serialised(root)


def _atom(found: Iterable[Incident], frame: Frame, *, with_cap: bool) -> bytes:
    listed = _newest_first(found, frame)
    root = etree.Element("feed", nsmap={None: ATOM})
    add(root, "id", frame.id)
    add(root, "title", frame.title)
    newest = frame.told(listed[0]) if listed else _NOTHING_YET
    add(root, "updated", newest.astimezone(UTC).isoformat())
    if frame.address:
        etree.SubElement(root, "link", rel="self", type="application/atom+xml", href=frame.address)
    add(etree.SubElement(root, "author"), "name", "Tocsin")
    for incident in listed:
        entry = etree.SubElement(root, "entry")
        add(entry, "id", _id(incident))
        add(entry, "title", told_title(incident))
        add(entry, "updated", frame.told(incident).astimezone(UTC).isoformat())
        add(entry, "published", incident.first_seen.astimezone(UTC).isoformat())
        etree.SubElement(entry, "category", term=incident.facts.kind)
        if link := frame.page(incident) or _link(incident):
            etree.SubElement(entry, "link", href=link)
        if with_cap:
            etree.SubElement(entry, "content", type="application/cap+xml").append(cap.alert(incident, frame))
        else:
            # not a summary: an entry without content has to have a link, which some articles don't
            etree.SubElement(entry, "content", type="text").text = without_controls(_words(incident))
    return serialised(root)


def _newest_first(found: Iterable[Incident], frame: Frame) -> list[Incident]:
    return sorted(found, key=lambda one: (frame.told(one), one.id), reverse=True)


def _id(incident: Incident) -> str:
    return f"urn:tocsin:incident:{incident.id}"


def _link(incident: Incident) -> str:
    return next((one.url for one in incident.articles if one.url.startswith(("http://", "https://"))), "")


def _words(incident: Incident) -> str:
    facts = incident.facts
    sources = ", ".join(dict.fromkeys(one.source for one in incident.articles if one.source))
    parts = [f"{incident.summary}.", f"Severity: {facts.severity.value}; certainty: {facts.certainty.value}."]
    return " ".join([*parts, f"Sources: {sources}." if sources else ""]).strip()
