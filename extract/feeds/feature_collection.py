"""Which features does a GeoJSON document contain (RFC 7946), and what are their properties?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from extract.feeds.document import Document
from extract.feeds.json_values import NoJson, list_of, loaded, number_of, object_of, text_of
from extract.feeds.plain import MAX_SOURCE, one_line
from extract.types import Article, ParsedFeed

# the year 3000, in milliseconds since 1970
_LATEST = 32_503_680_000_000

Feature = Mapping[str, Any]


def is_collection(document: Document) -> bool:
    """Is it a GeoJSON collection of features?"""
    head = document.head
    return head.startswith(b"{") and b'"featurecollection"' in head and b'"features"' in head


def read_features(document: Document, article_of: Callable[[Feature], Article | None], noun: str) -> ParsedFeed:
    """The articles that ``article_of`` makes of the features; those of which it makes none are left out.

    ``noun`` is what a feature should be: "an earthquake".
    """
    collection = loaded(document)
    if isinstance(collection, NoJson):
        return ParsedFeed(problems=(collection.why,))
    features = list_of(collection, "features")
    maybe = (article_of(one) for one in features[: document.max_items] if isinstance(one, dict))
    articles = tuple(article for article in maybe if article is not None)
    problems = []
    if len(features) > document.max_items:
        problems.append(f"more than {document.max_items} articles: the rest was not read")
    if features and not articles:
        problems.append(f"none of {len(features)} features is {noun}")
    title = text_of(object_of(collection, "metadata"), "title")
    return ParsedFeed(articles=articles, problems=tuple(problems), title=one_line(title, MAX_SOURCE))


def properties_of(feature: Feature) -> Feature:
    """The properties of a feature; {} where it has none."""
    return object_of(feature, "properties")


def point_of(feature: Feature) -> tuple[tuple[float, float], ...]:
    """Latitude and longitude of a feature that is a point; () for any other, and for numbers that are no place."""
    position = position_of(feature)
    if len(position) < 2 or not (-90 <= position[1] <= 90 and -180 <= position[0] <= 180):
        return ()
    return ((position[1], position[0]),)


def position_of(feature: Feature) -> list[float]:
    """Longitude, latitude and, if given, elevation of a point; [] for anything else."""
    geometry = feature.get("geometry")
    position = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(position, list):
        return []
    numbers = [number_of(one) for one in position[:3]]
    return [one for one in numbers if one is not None] if None not in numbers[:2] else []


def moment_of(milliseconds: object) -> datetime | None:
    """The time that is so many milliseconds after the start of 1970; None for anything else."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not 0 <= milliseconds < _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
