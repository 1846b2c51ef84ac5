"""Which disasters does the feed of the GDACS list? (RSS with elements of its own, gdacs.org/feed_reference.aspx)

GDACS is the alert system of the United Nations and the European Commission. Its ids stay from episode to episode.
"""

from __future__ import annotations

import re

from lxml import etree

from extract.feeds.addresses import absolute, host
from extract.feeds.authorities import severity_of_level, table
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, content_hash, from_html, one_line
from extract.feeds.quakes import is_magnitude
from extract.feeds.xml import children, read_items, root_of, text_of, title_of
from extract.types import Article, ParsedFeed, StatedFacts, Status

_NAMESPACE = b"http://www.gdacs.org"
_HOST = "gdacs.org"
_EARTHQUAKE = "EQ"
_STATUS = {"true": Status.ONGOING, "false": Status.ENDED}
_GLIDE = re.compile(r"[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}")


def recognises(document: Document) -> bool:
    """Is it RSS with GDACS's own elements?"""
    return document.head.startswith(b"<rss") and _NAMESPACE in document.head


def read(document: Document) -> ParsedFeed:
    """One article per disaster; those of types that are not known keep their text alone."""
    root = root_of(document)
    if isinstance(root, str):
        return ParsedFeed(problems=(root,))
    channel = root.find("channel")
    channel = root if channel is None else channel
    found = read_items(children(channel, "item"), document.max_items, lambda item: _article(item, document.base_url))
    return ParsedFeed(articles=tuple(found.articles), problems=found.problems, title=title_of(channel))


def _article(item: etree._Element, base: str) -> Article:
    title = one_line(text_of(item, "title"))
    toll = one_line(text_of(item, "population"))
    text = from_html(text_of(item, "description"))
    name = one_line(text_of(item, "eventname"), MAX_SOURCE).capitalize()
    parts = (text, "" if toll in text else toll, f"It is called {name}." if name else "")
    text = "\n\n".join(part for part in parts if part)
    link = absolute(text_of(item, "link"), base)
    return Article(
        id=clean(text_of(item, "guid"))[:MAX_NAME] or link or content_hash(title, text),
        title=title,
        text=text,
        url=link,
        published=moment(text_of(item, "pubDate")),
        source=host(link) or _HOST,
        lang="en",
        stated=_stated(item, f"{title}\n{text}"),
    )


def _stated(item: etree._Element, words: str) -> StatedFacts | None:
    code, number = text_of(item, "eventtype").upper(), text_of(item, "eventid")
    rules = table("gdacs")
    if code not in rules["kinds"] or not number:
        return None
    level = one_line(text_of(item, "alertlevel"), 40)
    begins, ends = moment(text_of(item, "fromdate")), moment(text_of(item, "todate"))
    country = one_line(text_of(item, "country"), MAX_SOURCE)
    magnitude, killed = _magnitude(item, code), re.search(rules["killed"], words)
    kind = re.search(rf"\b(?:{rules['words'][code]})\b", words, re.IGNORECASE)
    point = _point(item)
    is_moment = code in rules["moments"]
    glide = text_of(item, "glide")
    quotes = {
        "kind": kind[0] if kind else "",
        "place": country,
        "magnitude": f"Magnitude {magnitude:g}" if magnitude is not None else "",
        "killed": killed[0] if killed else "",
        "official": level,
    }
    return StatedFacts(
        kind=rules["kinds"][code],
        ids=(f"gdacs:{code}{number}"[:60], *([f"glide:{glide}"] if _GLIDE.fullmatch(glide) else [])),
        at=begins if is_moment else None,
        begins=begins,
        ends=None if is_moment or (begins and ends and ends < begins) else ends,
        points=_around(point, rules["wide"][code]) if point and code in rules["wide"] else point,
        places=_places(country),
        magnitude=magnitude,
        killed=int(killed[1].replace(",", "")) if killed else None,
        severity=severity_of_level("gdacs", level),
        level=level,
        status=Status.UNKNOWN if is_moment else _STATUS.get(text_of(item, "iscurrent").lower(), Status.UNKNOWN),
        quotes={field: quote for field, quote in quotes.items() if quote},
    )


def _places(country: str) -> tuple[str, ...]:
    """A country, a region and its country, or several countries, as they are written and each by itself."""
    parts = (part.strip() for part in country.split(","))
    return tuple(dict.fromkeys(name for name in (country, *parts) if name))


def _magnitude(item: etree._Element, code: str) -> float | None:
    """That of an earthquake; other types have scales of their own."""
    severity = item.find("{*}severity")
    if code != _EARTHQUAKE or severity is None:
        return None
    value = _number(severity.get("value"))
    return round(value, 1) if value is not None and is_magnitude(value) and value > 0 else None


def _point(item: etree._Element) -> tuple[tuple[float, float], ...]:
    inner = item.find("{*}Point")
    lat, lon = (_number(text_of(item if inner is None else inner, name)) for name in ("lat", "long"))
    if lat is None or lon is None:
        parts = text_of(item, "point").split()
        lat, lon = (_number(one) for one in parts) if len(parts) == 2 else (None, None)
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return ()
    return ((lat, lon),)


def _around(points: tuple[tuple[float, float], ...], degrees: float) -> tuple[tuple[float, float], ...]:
    """The corners of the square whose middle is the point."""
    [(lat, lon)] = points
    return tuple(
        (max(-90.0, min(90.0, lat + north * degrees)), (lon + east * degrees + 180) % 360 - 180)
        for north in (-1, 1)
        for east in (-1, 1)
    )


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None  # also excludes NaN and infinity
