"""Does each event in a stream of articles become one incident, and one alert?"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.gate import Rules
from bot.incidents import ingest
from bot.store import Store, incidents
from extract import Extractor
from extract.types import Action, Article, Extraction

STREAMS = Path(__file__).parent / "streams"
Stream = tuple[tuple[Article, Extraction], ...]
RULES = Rules(contains=lambda _area, _place: False)


def articles_of(city: dict[str, Any]) -> list[Article]:
    """The articles of a city in the order of their publication; an id begins with the event."""
    made = [
        Article(
            id=f"{one['act']}/{n}",
            title=one["title"],
            text=f"{one['lead']}\n\n{city['tail']}",
            published=one["published"],
            source=one["source"],
        )
        for n, one in enumerate(city["article"])
    ]
    return sorted(made, key=lambda article: article.published or article.id)


def published(article: Article) -> datetime:
    assert article.published is not None
    return article.published


def event(article: str) -> str:
    return article.partition("/")[0]


def is_of_two(article: str) -> bool:
    """Is a text about two events? Then it may join either."""
    return "+" in event(article)


CITIES = [
    city
    for name in ("same_city", "similar_events", "towns_and_follow_ups")
    for city in tomllib.loads((STREAMS / f"{name}.toml").read_text(encoding="utf-8"))["city"]
]


IDS = [city["article"][0]["act"] for city in CITIES]
# how much later than the others the feeds of two sources are read
LATE = timedelta(hours=5)
# a text on two events that is read before the first report on either merges them: cities with such a text are left out
OF_ONE_EACH = [n for n, city in enumerate(CITIES) if not any(is_of_two(one["act"]) for one in city["article"])]


@pytest.fixture(scope="module")
def stream() -> Callable[[int], Stream]:
    """The articles of a city by its number, each with its extraction; each city is extracted once."""
    extractor = Extractor()

    @cache
    def stream(number: int) -> Stream:
        articles = articles_of(CITIES[number])
        return tuple(zip(articles, extractor.extract_all(articles), strict=True))

    return stream


@pytest.mark.parametrize("number", range(len(CITIES)), ids=IDS)
def test_each_event_in_one_city_is_one_incident_and_one_alert(
    number: int, stream: Callable[[int], Stream], tmp_path: Path
) -> None:
    check([(article, found, published(article)) for article, found in stream(number)], tmp_path)


@pytest.mark.parametrize("number", OF_ONE_EACH, ids=[IDS[n] for n in OF_ONE_EACH])
def test_a_feed_that_is_read_hours_late_changes_no_incident(
    number: int, stream: Callable[[int], Stream], tmp_path: Path
) -> None:
    late = {"wire.example": LATE, "local.example": LATE}
    arrivals = [(one, found, published(one) + late.get(one.source, timedelta())) for one, found in stream(number)]
    check(sorted(arrivals, key=lambda arrival: arrival[2]), tmp_path)


def check(arrivals: list[tuple[Article, Extraction, datetime]], folder: Path) -> None:
    articles = [article for article, _, _ in arrivals]
    store = Store(folder / "stream.db", durable=False)
    alerts: list[str] = []
    try:
        for article, found, now in arrivals:
            new_id = ingest.seeded_ids("stream")
            changes = ingest.replay(store, article, found, now=now, new_id=new_id, rules=RULES)
            alerts += [event(article.id) for change in changes if change.action is Action.NEW]
        known = store.read_sync(incidents.everything)
    finally:
        store.close()
    events = {event(article.id) for article in articles if not is_of_two(article.id)}
    events_of: dict[str, set[str]] = defaultdict(set)
    for incident in known:
        events_of[incident.id] = {event(article.id) for article in incident.articles if not is_of_two(article.id)}
    assert sorted(map(sorted, events_of.values())) == sorted([one] for one in events)
    assert sorted(alerts) == sorted(events)
