"""Which articles with known incidents are there to learn from? Rows of the Gun Violence Archive, and their findings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from extract import Article, Extractor
from extract.collect import findings_of
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice, choose_kind
from extract.decide.other_events import without_other_events
from extract.extractor import PLACES_CHARS
from extract.lang import ENGLISH
from extract.places import places_of

FOLDS = 5
T = TypeVar("T")


def rows_of(path: str) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def learn_from(docs: str, incidents: str, look: Callable[[Findings, KindChoice | None, dict], T]) -> list[T]:
    """The result of ``look`` for every article, given its findings, its kind and its true incident (with ``fold``)."""
    gold = {row["incident_id"]: row | {"fold": int(row["incident_id"]) % FOLDS} for row in rows_of(incidents)}
    rows = [(row, gold[row["incident_id"]]) for row in rows_of(docs)]
    with ProcessPoolExecutor(2) as pool:
        parts = pool.map(_look_at, [(rows[i::16], look) for i in range(16)])
        return [found for part in parts for found in part]


def _look_at(task: tuple[list[tuple[dict, dict]], Callable[[Findings, KindChoice | None, dict], T]]) -> list[T]:
    rows, look = task
    extractor = Extractor()
    out = []
    for row, gold in rows:
        found = findings(extractor, row)
        choice = choose_kind(found, extractor.kinds)
        if choice is not None:
            found = without_other_events(found, extractor.kinds[choice.kind])
            choice = choose_kind(found, extractor.kinds) or choice
        out.append(look(found, choice, gold))
    return out


def findings(extractor: Extractor, row: dict) -> Findings:
    """The findings of the components in one article."""
    day = datetime.fromisoformat(str(row["published"])[:10]).replace(tzinfo=UTC) if row.get("published") else None
    article = Article(
        id=str(row["id"]), text=row["text"], title=row.get("title") or "", url=row.get("url") or "",
        source=row.get("source") or "", published=day, published_day_only=True, lang="en",
    )  # fmt: skip
    doc = extractor.reader("en").read(article)
    return findings_of(doc, places_of(article, extractor.gazetteer, ENGLISH.place_reader, limit=PLACES_CHARS))
