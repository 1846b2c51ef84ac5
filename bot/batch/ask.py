"""How does ``ask`` answer questions? One question from the command line, or a file with one on each line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.batch.json_lines import Lines, flush, write
from bot.errors import UsageError
from bot.questions import answer
from bot.render import answer as render
from bot.render.text import plain
from bot.render.words import Names
from bot.store import Store
from bot.types import Answer
from extract.ask import Asker, LeftOut, Query
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.wire import BadLineError


class _Line(msgspec.Struct):
    id: str
    question: str


def ask_one(db: Path, question: str, *, now: datetime, as_json: bool) -> None:
    """Answer one question on standard output, in words or as one JSON object; "today" is counted from ``now``."""
    store, known, names = _open_database(db)
    try:
        found = store.read_sync(answer.answer, known, question, today=now.date(), whole=as_json)
    finally:
        store.close()
    if as_json:
        write(answer_json("", question, found, names))
    else:
        write_text(plain(render.answer(found, names)))
    flush()


def ask_batch(db: Path, file: str, *, now: datetime, strict: bool) -> None:
    """Answer a file of ``{"id", "question"}`` objects, one on each line, in the same order."""
    lines = Lines(file, strict=strict)
    store, known, names = _open_database(db)
    try:
        for one in lines.read(_read):
            found = store.read_sync(answer.answer, known, one.question, today=now.date(), whole=True)
            write(answer_json(one.id, one.question, found, names))
    finally:
        store.close()
    flush()
    lines.report()


def answer_json(name: str, question: str, found: Answer, names: Names) -> dict[str, Any]:
    """An answer as the JSON object that the command line prints."""
    query, total = found.query, found.total
    periods = query.periods if query else ()
    since = min((p.since for p in periods if p.since), default=None) if all(p.since for p in periods) else None
    until = max((p.until for p in periods if p.until), default=None) if all(p.until for p in periods) else None
    return {
        "id": name,
        "question": question,
        "understood": {
            "kinds": query.kinds if query else (),
            "place": msgspec.to_builtins(query.places[0].place) if query and query.places else None,
            "since": since,
            "until": until,
            "actors": query.actors if query else (),
            "measure": query.measure.value if query else None,
            "also": query.also if query else (),
            "weapons": query.weapons if query else (),
            "places": [msgspec.to_builtins(spot.place) for spot in query.places] if query else [],
            "periods": [{"since": p.since, "until": p.until} for p in periods],
            "conditions": msgspec.to_builtins(query.conditions) if query else [],
            "hits": [msgspec.to_builtins(one) for one in query.hits] if query else [],
            "words": query.words if query else (),
            "names": query.names if query else (),
            "without": _without(query.without) if query else {},
            "limit": query.limit if query else 0,
            "magnitude": query.magnitude if query else 0,
            "rank": query.rank if query else "",
            "respelt": msgspec.to_builtins(query.respelt) if query else [],
            "unread": query.unread if query else (),
        },
        "answer": {
            "count": total.count,
            "killed": total.killed.low,
            "injured": total.injured.low,
            "kidnapped": total.kidnapped.low,
            **{name: getattr(total, name).low for name in ("freed", "arrested") if query and _asks(query, name)},
        }
        if total
        else None,
        "incidents": found.ids,
        "articles": found.articles,
        "why": render.why(found, names),
    }


def _without(out: LeftOut) -> dict[str, Any]:
    """What a question leaves out; empty fields are left out too."""
    fields = {
        "kinds": out.kinds.slugs,
        "places": [msgspec.to_builtins(spot.place) for spot in out.places],
        "periods": [{"since": one.since, "until": one.until} for one in out.periods],
        "actors": out.actors,
        "hits": [one.name for one in out.hits],
        "words": out.words,
        "names": out.names,
    }
    return {name: value for name, value in fields.items() if value}


def _asks(query: Query, field: str) -> bool:
    return query.measure.field == field or any(one.field == field for one in query.conditions)


def write_text(text: str) -> None:
    """Write text to standard output."""
    print(text)  # noqa: T201


def _open_database(db: Path) -> tuple[Store, answer.AnswerContext, Names]:
    kinds, gazetteer = load_kinds(), Gazetteer.open()
    known = answer.AnswerContext(asker=Asker(kinds, gazetteer), contains=gazetteer.contains, extent=gazetteer.extent)
    return Store(db), known, Names(kinds, gazetteer.country_name)


def read_now(said: str) -> datetime:
    """The moment that ``--now`` names, in UTC; one without a zone is UTC, none is the clock's.

    Raises:
        UsageError: what was given is no date or date and time of ISO 8601.
    """
    if not said:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(said)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--now expects an ISO 8601 time, as in 2026-11-30T12:00:00Z, not {said!r}") from error


def _read(line: bytes) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadLineError(f"expected a question as a JSON object with id and question: {error}") from error
