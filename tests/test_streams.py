"""Streams of articles on several acts: does each become one incident, and one alert?"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from bot import ingest
from bot.announce import Rules
from bot.store import Store, incidents
from extract import Extractor
from extract.types import Action, Article

STREAMS = Path(__file__).parent / "streams"
RULES = Rules(holds=lambda _area, _place: False)


def articles_of(city: dict[str, Any]) -> list[Article]:
    """In the order of their publication; the id begins with the act."""
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


def act(article: str) -> str:
    return article.partition("/")[0]


def is_of_two(article: str) -> bool:
    """Does a text tell of two acts? It belongs to either."""
    return "+" in act(article)


CITIES = [
    city
    for name in ("same_city", "told_alike")
    for city in tomllib.loads((STREAMS / f"{name}.toml").read_text(encoding="utf-8"))["city"]
]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("city", CITIES, ids=[city["article"][0]["act"] for city in CITIES])
def test_each_act_in_one_city_is_one_incident_and_one_alert(
    city: dict[str, Any], extractor: Extractor, tmp_path: Path
) -> None:
    articles = articles_of(city)
    store = Store(tmp_path / "stream.db", durable=False)
    told: list[str] = []
    try:
        for article, found in zip(articles, extractor.extract_all(articles), strict=True):
            assert article.published is not None
            new_id = ingest.seeded_ids("stream")
            changes = ingest.replay(store, article, found, now=article.published, new_id=new_id, rules=RULES)
            told += [act(article.id) for change in changes if change.action is Action.NEW]
        known = store.read_sync(incidents.everything)
    finally:
        store.close()
    acts = {act(article.id) for article in articles if not is_of_two(article.id)}
    homes: dict[str, set[str]] = defaultdict(set)
    for incident in known:
        homes[incident.id] = {act(article.id) for article in incident.articles if not is_of_two(article.id)}
    assert sorted(map(sorted, homes.values())) == sorted([one] for one in acts)
    assert sorted(told) == sorted(acts)
