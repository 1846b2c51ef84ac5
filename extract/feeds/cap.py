"""Which article does a public warning in the Common Alerting Protocol contain? (OASIS CAP 1.2, also 1.1)

An Update or Cancel replaces the first message it refers to; a Cancel takes that back.
"""

from __future__ import annotations

from lxml import etree

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.plain import MAX_LANG, MAX_NAME, MAX_PROBLEM, MAX_SOURCE, clean, one_line, paragraphs
from extract.types import Article, ParsedFeed

_NAMESPACE = b"urn:oasis:names:tc:emergency:cap:"
# the only status of a real warning, beside Exercise, System, Test and Draft
_ACTUAL = "Actual"
_CANCEL = "Cancel"
# CAP's own default
_DEFAULT_LANG = "en-US"


def recognises(document: Document) -> bool:
    """Is it one alert? Lists of alerts are Atom or RSS."""
    return _NAMESPACE in document.head[:1000] and document.head.split(b">")[0].partition(b"alert")[0] in (
        b"<",
        b"<cap:",
    )


def read(document: Document) -> ParsedFeed:
    """One article, in the alert's first language; none for exercises and tests."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        alert = etree.fromstring(document.body, parser)
        return _parsed(alert, document.base_url)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: a reference to half a character, &#55296;
        return ParsedFeed(problems=(f"can't be read: {error}"[:MAX_PROBLEM],))


def _parsed(alert: etree._Element | None, base: str) -> ParsedFeed:
    if alert is None:
        return ParsedFeed(problems=("can't be read: no XML",))
    status = _text(alert, "status")
    if status != _ACTUAL:
        return ParsedFeed(problems=(f"no real alert: its status is {status[:40] or 'missing'}",))
    return ParsedFeed(articles=(_article(alert, base),), title=one_line(_text(alert, "sender"), MAX_SOURCE))


def _article(alert: etree._Element, base: str) -> Article:
    info = alert.find("{*}info")
    info = alert if info is None else info
    areas = [one_line("".join(area.itertext())) for area in info.iter("{*}areaDesc")]
    parts = (_text(info, "description"), "; ".join(areas), _text(info, "instruction"))
    link = absolute(_text(info, "web"), base)
    return Article(
        id=clean(_text(alert, "identifier"))[:MAX_NAME] or link or base or "alert",
        title=one_line(_text(info, "headline") or _text(info, "event")),
        text="\n\n".join(text for text in map(paragraphs, parts) if text),
        url=link,
        published=moment(_text(alert, "sent")),
        source=one_line(_text(info, "senderName"), MAX_SOURCE)
        or host(link)
        or one_line(_text(alert, "sender"), MAX_SOURCE),
        lang=clean(_text(info, "language") or _DEFAULT_LANG)[:MAX_LANG],
        revises=_first_of(_text(alert, "references")),
        withdrawn=_text(alert, "msgType") == _CANCEL,
    )


def _first_of(references: str) -> str:
    """The identifier in the first of "sender,identifier,sent sender,identifier,sent": the original message."""
    parts = references.split(maxsplit=1)[0].split(",") if references.split() else []
    return clean(parts[1])[:MAX_NAME] if len(parts) == 3 else ""


def _text(element: etree._Element, name: str) -> str:
    found = element.find(f"{{*}}{name}")
    return "".join(found.itertext()).strip() if found is not None else ""
