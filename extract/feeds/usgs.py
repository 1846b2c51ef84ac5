"""Which articles does a list of earthquakes contain? (the GeoJSON summary of the USGS, which other agencies copy)"""

from __future__ import annotations

import re
from functools import partial

from extract.feeds.addresses import absolute, host
from extract.feeds.authorities import severity_of_level, table
from extract.feeds.document import Document
from extract.feeds.feature_collection import (
    Feature,
    is_collection,
    moment_of,
    point_of,
    position_of,
    properties_of,
    read_features,
)
from extract.feeds.json_values import number_of, text_of
from extract.feeds.plain import MAX_NAME, clean, one_line
from extract.feeds.quakes import Quake, article_of_quake, is_magnitude
from extract.types import Article, ParsedFeed, Severity

recognises = is_collection

_DELETED = "deleted"
# "27 km E of Nurdağı, Turkey": the town is where it was felt, the point where it was
_DISTANCE = re.compile(r"\d+(?:\.\d+)? ?km [NESW]{1,3} of (?P<town>.+)")


def read(document: Document) -> ParsedFeed:
    """One article per earthquake, as a sentence; quarry blasts and explosions are left out."""
    return read_features(document, partial(_article, base=document.base_url), "an earthquake")


def _article(feature: Feature, base: str) -> Article | None:
    facts = properties_of(feature)
    magnitude, noun = number_of(facts.get("mag")), text_of(facts, "type")
    kind = table("usgs")["kinds"].get(noun)
    if kind is None or magnitude is None or not is_magnitude(magnitude):
        return None
    words = one_line(text_of(facts, "place"))
    distance = _DISTANCE.fullmatch(words)
    link = absolute(text_of(facts, "url"), base)
    own = clean(text_of(feature, "id"))[:MAX_NAME]
    position = position_of(feature)
    level = text_of(facts, "alert")
    severity = severity_of_level("usgs", level)
    quake = Quake(
        kind=kind,
        id=own or link or f"{words} {facts.get('time')}"[:MAX_NAME],
        ids=_ids(own, text_of(facts, "ids")),
        magnitude=magnitude,
        words=words,
        places=(distance["town"] if distance else words,) if words else (),
        at=moment_of(facts.get("time")),
        points=point_of(feature),
        depth=position[2] if len(position) > 2 else None,
        severity=severity,
        level=level if severity is not Severity.UNKNOWN else "",
        title=text_of(facts, "title"),
        url=link,
        source=host(link) or host(base),
        is_withdrawn=text_of(facts, "status") == _DELETED,
    )
    return article_of_quake(quake, noun)


def _ids(own: str, listed: str) -> tuple[str, ...]:
    """The event's ids, that which is preferred now first: a network's may be replaced by another's."""
    names = (one_line(name, 60) for name in (own, *listed[:MAX_NAME].split(",")))
    return tuple(dict.fromkeys(f"usgs:{name}" for name in names if name))
