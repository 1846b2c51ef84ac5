"""Which articles does a list of earthquakes contain? (the GeoJSON summary of the USGS, which other agencies copy)"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from extract.feeds.addresses import absolute, host
from extract.feeds.document import Document
from extract.feeds.plain import MAX_NAME, MAX_PROBLEM, MAX_SOURCE, clean, one_line
from extract.types import Article, ParsedFeed

_EARTHQUAKE = "earthquake"
# the year 3000, in milliseconds since 1970
_LATEST = 32_503_680_000_000


def recognises(document: Document) -> bool:
    """Is it a GeoJSON collection of features?"""
    head = document.head
    return head.startswith(b"{") and b'"featurecollection"' in head and b'"features"' in head


def read(document: Document) -> ParsedFeed:
    """One article per earthquake, as a sentence; quarry blasts and explosions are left out."""
    try:
        collection = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problems=(f"no JSON: {error}"[:MAX_PROBLEM],))
    features = collection.get("features") if isinstance(collection, dict) else None
    features = features if isinstance(features, list) else []
    maybe = (_article(one, document.base_url) for one in features[: document.max_items] if isinstance(one, dict))
    articles = tuple(article for article in maybe if article is not None)
    problems = []
    if len(features) > document.max_items:
        problems.append(f"more than {document.max_items} articles: the rest was not read")
    if features and not articles:
        problems.append(f"none of {len(features)} features is an earthquake")
    return ParsedFeed(
        articles=articles,
        problems=tuple(problems),
        title=one_line(_text(collection.get("metadata"), "title"), MAX_SOURCE),
    )


def _article(feature: Mapping[str, Any], base: str) -> Article | None:
    facts = feature.get("properties")
    magnitude = facts.get("mag") if isinstance(facts, dict) else None
    if not isinstance(facts, dict) or not isinstance(magnitude, int | float) or facts.get("type") != _EARTHQUAKE:
        return None
    place = one_line(_text(facts, "place")) or "an unknown place"
    link = absolute(_text(facts, "url"), base)
    at = _moment(facts.get("time"))
    when = f" on {at.day} {at:%B %Y} at {at:%H:%M} UTC" if at else ""
    return Article(
        id=clean(_text(feature, "id"))[:MAX_NAME] or link or f"{place} {when}",
        title=one_line(_text(facts, "title")) or f"M {magnitude:.1f} - {place}",
        text=f"An earthquake of magnitude {magnitude:.1f} struck {place}{when}{_depth(feature)}.",
        url=link,
        published=at,
        source=host(link) or host(base),
        lang="en",
    )


def _depth(feature: Mapping[str, Any]) -> str:
    geometry = feature.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(point, list) or len(point) < 3 or not isinstance(point[2], int | float):
        return ""
    return f", at a depth of {point[2]:.0f} km"


def _moment(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int) or not 0 <= milliseconds < _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _text(item: object, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""
