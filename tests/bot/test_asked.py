"""Questions as people type them are answered with the right incidents: tests/questions, about invented news."""

from __future__ import annotations

import msgspec
import pytest
from asked import SETS, Asked, articles, faults, questions

from bot.batch import ask as batch
from bot.batch import replay
from bot.questions import answer as answering
from bot.render.words import Names
from bot.store import Store
from extract.ask import Asker, Query
from extract.kinds import load_kinds
from extract.places import Gazetteer

# the share that must be answered right; these only rise
FLOORS = {"tuned": 0.96, "measured": 0.94}
NOW = batch.read_now("2026-11-30T12:00:00Z")
KINDS, GAZETTEER = load_kinds(), Gazetteer.open()
KNOWN = answering.AnswerContext(asker=Asker(KINDS, GAZETTEER), contains=GAZETTEER.contains)
NAMES = Names(KINDS, GAZETTEER.country_name)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A database with the invented news."""
    folder = tmp_path_factory.mktemp("asked")
    file = folder / "articles.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(article) + b"\n" for article in articles()))
    replay.replay(str(file), folder / "tocsin.db", alerts_out=None, deliveries_out=None, model="", strict=True)
    return Store(folder / "tocsin.db")


def test_the_questions_cover_what_is_promised() -> None:
    assert sum(len(questions(name)) for name in SETS) >= 150


@pytest.mark.parametrize("name", SETS)
def test_questions_are_answered_with_the_right_incidents(news: Store, name: str) -> None:
    wrong = {one.question: why for one in questions(name) if (why := faults(one, _answer(news, one)))}
    assert 1 - len(wrong) / len(questions(name)) >= FLOORS[name], wrong


def _answer(news: Store, one: Asked) -> dict[str, object]:
    before: Query | None = None
    if one.before:
        first = news.read_sync(answering.answer, KNOWN, one.before, today=NOW.date(), whole=True)
        before = first.query
    found = news.read_sync(answering.answer, KNOWN, one.question, today=NOW.date(), before=before, whole=True)
    return batch.answer_json("", one.question, found, NAMES)
