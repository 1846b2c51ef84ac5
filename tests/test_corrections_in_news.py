"""Does a correction, retraction or denial find its record, change what stood, and reach those who were told?"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.gate import Rules
from bot.incidents import ingest
from bot.store import Store, articles, incidents
from extract import Extractor
from extract.types import Article, Certainty, CountState, Incident, Lifecycle

STREAMS = Path(__file__).parent / "streams"
FILES = [
    tomllib.loads((STREAMS / name).read_text(encoding="utf-8"))
    for name in ("corrections.toml", "corrections_elsewhere.toml")
]
CASES = [case | {"first": file["base"][case["base"]]} for file in FILES for case in file["case"]]
FIRST = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday
APART = timedelta(hours=3)
RULES = Rules(contains=lambda _area, _place: False)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def articles_of(case: dict[str, Any]) -> list[Article]:
    base = case["first"]
    rows = [("daily.example", base["title"], base["text"]), *case["item"]]
    return [
        Article(
            id="first" if n == 0 or source.startswith("=") else f"{n}",
            title=title,
            text=text,
            published=FIRST + n * APART,
            source=source.removeprefix("="),
            url=f"https://{source.removeprefix('=')}/{n}",
        )
        for n, (source, title, text) in enumerate(rows)
    ]


def state(incident: Incident) -> str:
    if incident.lifecycle is Lifecycle.RETRACTED:
        return "retracted"
    if not any(notice.denies for notice in incident.notices):
        return "stands"
    return "denied" if incident.facts.certainty is Certainty.UNLIKELY else "disputed"


def number(incident: Incident, field: str) -> int | None:
    count = getattr(incident.facts, field)
    return 0 if count.state is CountState.NONE else count.low


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['base']}: {case['item'][-1][1]}")
def test_a_notice_changes_the_record_that_it_is_about(
    case: dict[str, Any], extractor: Extractor, tmp_path: Path
) -> None:
    store = Store(tmp_path / "notices.db", durable=False)
    told: list[str] = []
    try:
        for article in articles_of(case):
            assert article.published is not None
            store.write_sync(articles.add, "", article, article.published, baseline=False)
            told = []
            for stored in store.read_sync(articles.waiting, 10):
                changes = store.write_sync(
                    ingest.commit,
                    stored,
                    extractor.extract(stored.article),
                    now=article.published,
                    new_id=ingest.seeded_ids("notices"),
                    rules=RULES,
                )
                told += [change.action.value for change in changes if change.action]
        known = store.read_sync(incidents.everything)
    finally:
        store.close()
    expected, record = case["expect"], known[0]
    seen: dict[str, object] = {"state": state(record), "told": told[0] if told else "nothing"}
    if expected.get("records") == "any":
        told = [one for one in told if one != "new"]
        seen["told"] = told[0] if told else "nothing"
    elif len(known) != 1:
        seen["records"] = len(known)
    if expected["told"] == "edit or nothing" and seen["told"] in ("edit", "nothing"):
        seen["told"] = expected["told"]
    seen |= {field: number(record, field) for field in ("killed", "injured") if field in expected}
    seen |= {"place": record.facts.place.name if record.facts.place else ""} if "place" in expected else {}
    seen |= {"kind": record.facts.kind} if "kind" in expected else {}
    seen |= {"conflict": ",".join(one.field for one in record.conflicts)} if "conflict" in expected else {}
    assert seen == {name: value for name, value in expected.items() if name != "records"}
