"""How did earlier versions store a change, and what is that as data? Read by one migration only.

Up to the step ``trials``, the fields of a change were English phrases: ``{"field": "killed", "before": "",
"after": "at least 6"}``. ``convert`` rewrites every stored change to the values of ``extract.types.FactValue`` as they
were at the step ``values``: this module writes their JSON itself, so later changes to those types don't alter what the
step does. Names of places can't be turned back into places, and a phrase of no known form stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from bot.store.digests import digest
from extract.kinds import load_kinds
from extract.types import Certainty, Responsibility, Severity, Status

Json = dict[str, Any]

_TABLES = ("incident_versions", "decisions", "tellings")
_COUNT_FIELDS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
_TERMS = {"responsibility": Responsibility, "status": Status, "severity": Severity, "certainty": Certainty}
_COUNT = re.compile(r"(?P<exactly>\d+)|at least (?P<least>\d+)|(?P<low>\d+) to (?P<high>\d+)")
_UNCOUNTED = {"none": "none", "not yet known": "not_yet_known"}
# the length of "2023-02-17T10:40"
_WITH_MINUTES = 16


def convert(db: Database) -> None:
    """Rewrite the changes of all tables; a damaged change, or one without fields, stays as it is."""
    slugs = {kind.label: kind.slug for kind in load_kinds().values()}
    for table in _TABLES:
        for row, change in _rows(db, table, "CAST(change AS BLOB)"):
            if (changed := _converted(change, slugs)) is not None:
                db.execute(f"UPDATE {table} SET change = ? WHERE rowid = ?", [changed, row])
    for row, change, notice, known in _rows(db, "alerts", "CAST(change AS BLOB), CAST(notice AS BLOB), digest"):
        changed = _converted(change, slugs)
        if changed is None or known not in (None, digest(change, notice)):
            continue
        renewed = None if known is None else digest(changed, notice)
        db.execute("UPDATE alerts SET change = ?, digest = ? WHERE rowid = ?", [changed, renewed, row])


def _rows(db: Database, table: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows of a table whose change has fields."""
    found: list[tuple[Any, ...]] = db.execute(
        f"SELECT rowid, {columns} FROM {table} WHERE instr(change, '\"before\":') > 0"
    ).fetchall()
    return found


def _converted(change: bytes, slugs: dict[str, str]) -> str | None:
    """A stored change with its phrases converted; None where it can't be read."""
    try:
        record = msgspec.json.decode(change)
        fields = [
            {"field": one["field"], **{when: value(one["field"], one[when], slugs) for when in ("before", "after")}}
            for one in record["fields"]
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return None
    return msgspec.json.encode({**record, "fields": fields}).decode()


def value(field: str, phrase: str, slugs: dict[str, str]) -> Json | int | None:
    """What a phrase says about a field, as JSON; None for the empty phrase, which stood for an unknown value.

    ``slugs`` are the kinds of incident by their labels.
    """
    if not phrase:
        return None
    read = _READERS.get(field)
    known = read(phrase) if read else _kind(phrase, slugs) if field == "kind" else None
    return {"type": "text", "text": phrase} if known is None else known


def _count(phrase: str) -> Json | None:
    state = _UNCOUNTED.get(phrase)
    if state is not None:
        return {"type": "count", "count": {"low": None, "high": None, "state": state}}
    found = _COUNT.fullmatch(phrase)
    if found is None:
        return None
    low = found["exactly"] or found["least"] or found["low"]
    high = found["exactly"] or found["high"]
    count = {"low": int(low), "high": int(high) if high else None, "state": "counted"}
    return {"type": "count", "count": count}


def _kind(phrase: str, slugs: dict[str, str]) -> Json | None:
    return {"type": "kind", "slug": slugs[phrase]} if phrase in slugs else None


def _time(phrase: str) -> Json | None:
    """The phrase is the start of the time alone: the time is taken to be that minute or day."""
    try:
        date.fromisoformat(phrase[:10])
    except ValueError:
        return None
    precision = "minute" if len(phrase) >= _WITH_MINUTES else "day"
    return {"type": "time", "when": {"start": phrase, "end": phrase, "precision": precision}}


def _term(vocabulary: str) -> Callable[[str], Json | None]:
    """The reader of phrases that are a value of a closed vocabulary, written with spaces."""

    def read(phrase: str) -> Json | None:
        slug = phrase.replace(" ", "_")
        return {"type": vocabulary, vocabulary: slug} if slug in set(_TERMS[vocabulary]) else None

    return read


_READERS: dict[str, Callable[[str], Json | int | None]] = {
    **dict.fromkeys(_COUNT_FIELDS, _count),
    **{vocabulary: _term(vocabulary) for vocabulary in _TERMS},
    "when": _time,
    "perpetrators": lambda phrase: {"type": "perpetrators", "names": phrase.split(", ")},
    "conflicts": lambda phrase: {"type": "conflict_fields", "fields": phrase.split(", ")},
    "sources": lambda phrase: int(phrase) if phrase.isdecimal() else None,
}
