"""Which articles does a list of earthquakes of the EMSC contain? (FDSN event service of seismicportal.eu, as JSON)"""

from __future__ import annotations

from functools import partial

from extract.feeds.addresses import host
from extract.feeds.authorities import table
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.feature_collection import (
    Feature,
    is_collection,
    point_of,
    properties_of,
    read_features,
)
from extract.feeds.json_values import number_of, text_of
from extract.feeds.plain import MAX_NAME, clean, one_line
from extract.feeds.quakes import Quake, article_of_quake, is_magnitude
from extract.types import Article, ParsedFeed

# the name of the region, by Flinn and Engdahl, which no other agency writes so
_REGION = "flynn_region"
_PAGE = "https://www.seismicportal.eu/eventdetails.html?unid="
# small words within names of regions
_SMALL = frozenset({"of", "the", "off", "and", "near", "coast", "region", "border"})


def recognises(document: Document) -> bool:
    """Is it a GeoJSON collection with the EMSC's regions?"""
    return is_collection(document) and f'"{_REGION}"'.encode() in document.head


def read(document: Document) -> ParsedFeed:
    """One article per earthquake, as a sentence; blasts and other events are left out."""
    return read_features(document, partial(_article, base=document.base_url), "an earthquake")


def _article(feature: Feature, base: str) -> Article | None:
    facts = properties_of(feature)
    magnitude, kind = number_of(facts.get("mag")), table("emsc")["kinds"].get(text_of(facts, "evtype")[1:])
    own = clean(text_of(feature, "id") or text_of(facts, "unid"))[:MAX_NAME]
    if kind is None or magnitude is None or not is_magnitude(magnitude) or not own:
        return None
    region = _as_name(one_line(text_of(facts, _REGION)))
    quake = Quake(
        kind=kind,
        id=own,
        ids=(f"emsc:{own[:60]}",),
        magnitude=magnitude,
        words=region,
        places=(region,) if region else (),
        at=moment(text_of(facts, "time")),
        points=point_of(feature),
        depth=number_of(facts.get("depth")),
        url=_PAGE + own,
        source=host(_PAGE) if host(base) in ("", host(_PAGE)) else host(base),
    )
    return article_of_quake(quake)


def _as_name(region: str) -> str:
    """ "Off Coast of Atacama, Chile" of a region in capitals."""
    words = region.lower().split()
    return " ".join(word if word in _SMALL and at else word.capitalize() for at, word in enumerate(words))
