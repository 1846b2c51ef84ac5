"""What did earlier versions store as English phrases, and what is that as data? Used by two migrations only.

Up to the step ``trials``, the fields of a change were phrases (``{"field": "killed", "before": "", "after": "at least
6"}``) and so was the reason of a decision (``"0.41 of 2.26 needed"``). ``convert`` rewrites them to
``extract.types.FactValue`` and ``MatchScore`` as these were at the step ``values``: this module writes their JSON
itself, so later changes to those types don't alter what the step does. The name of a place can't be turned back into a
place, and a phrase of no known form stays text.

Up to the step ``values``, the reason of an alert was a phrase, too: "in Karachi". ``convert_reasons`` rewrites those
that have values to the JSON of ``bot.types.Reason`` as it was at the step ``reasons``; a reason without values is the
same text in both versions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import msgspec
from sqlite_utils import Database

from bot.store.codec import checksum
from extract.kinds import load_kinds
from extract.types import Certainty, Responsibility, Severity, Status

Json = dict[str, Any]

# SQLite converts a row at a time, however large the tables are; its functions give NULL for what they can't read
_STATEMENTS = """
UPDATE incident_versions SET change = coalesce(change_as_data(CAST(change AS BLOB)), change) WHERE {has_fields};
UPDATE decisions SET change = coalesce(change_as_data(CAST(change AS BLOB)), change) WHERE {has_fields};
UPDATE tellings SET change = coalesce(change_as_data(CAST(change AS BLOB)), change) WHERE {has_fields};
UPDATE alerts SET change = change_as_data(CAST(change AS BLOB)),
  digest = iif(digest IS NULL, NULL, payload_digest(change_as_data(CAST(change AS BLOB)), CAST(notice AS BLOB)))
  WHERE {has_fields} AND change_as_data(CAST(change AS BLOB)) IS NOT NULL
    AND (digest IS NULL OR digest = payload_digest(CAST(change AS BLOB), CAST(notice AS BLOB)));
UPDATE decisions SET record = json_set(record, '$.reason', json(reason_as_data(json_extract(record, '$.reason'))))
  WHERE json_valid(record) AND reason_as_data(json_extract(record, '$.reason')) IS NOT NULL
""".replace("{has_fields}", "instr(change, '\"before\":') > 0")
_COUNT_FIELDS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
_TERMS = {"responsibility": Responsibility, "status": Status, "severity": Severity, "certainty": Certainty}
_COUNT = re.compile(r"(?P<exactly>\d+)|at least (?P<least>\d+)|(?P<low>\d+) to (?P<high>\d+)")
_UNCOUNTED = {"none": "none", "not yet known": "not_yet_known"}
# the length of "2023-02-17T10:40"
_WITH_MINUTES = 16
# two decimals of the report's own number, and a threshold as Python writes a float
_SCORE, _THRESHOLD = r"-?\d+\.\d\d", r"\d+\.(?:0|\d*[1-9])"
_REASON = re.compile(
    rf"(?:no known incident qualifies|the nearest reaches (?P<score>{_SCORE}) of (?P<needed>{_THRESHOLD})"
    rf"|(?P<match_score>{_SCORE}) of (?P<match_needed>{_THRESHOLD}) needed)"
    rf"(?:; and (?P<probability>{_SCORE}) of (?P<least>{_THRESHOLD}) needed to start one)?"
)

_ALERTS = """UPDATE alerts SET why = alert_reason_as_data(CAST(why AS BLOB))
  WHERE alert_reason_as_data(CAST(why AS BLOB)) IS NOT NULL"""
# the reasons with values that an alert could have (those of a subscription that asks for the incident), as messages of
# the catalogues; a number has its thousands separated by commas from 10,000 on
_NUMBER = r"(?:\d{2,3}(?:,\d{3})+|\d{1,4})(?:\.\d+)?"
_ALERT_REASONS = {
    "{n} km from {place}, {km} km asked for": re.compile(
        rf"(?P<n>{_NUMBER}) km from (?P<place>.+), (?P<km>{_NUMBER}) km asked for"
    ),
    "in {place}": re.compile("in (?P<place>.+)"),
}
_NUMBERS = ("n", "km")
# first strong isolate and pop directional isolate, around a value that is written from right to left
_ISOLATES = "\u2068", "\u2069"


def convert(db: Database) -> None:
    """Rewrite the changes and reasons of all tables; what can't be read, or does not fit its digest, stays as it is."""
    db.conn.create_function("change_as_data", 1, _change, deterministic=True)
    db.conn.create_function("reason_as_data", 1, _reason, deterministic=True)
    db.conn.create_function("payload_digest", -1, checksum, deterministic=True)
    for statement in _STATEMENTS.split(";\n"):
        db.execute(statement)


def convert_reasons(db: Database) -> None:
    """Rewrite the reasons of alerts that have values; what can't be read stays as it is."""
    db.conn.create_function("alert_reason_as_data", 1, _alert_reason, deterministic=True)
    db.execute(_ALERTS)


def _alert_reason(stored: bytes) -> str | None:
    """The JSON of an alert's reason; None if it has no values."""
    try:
        phrase = stored.decode()
    except UnicodeDecodeError:
        return None
    for message, pattern in _ALERT_REASONS.items():
        if found := pattern.fullmatch(phrase):
            values = {
                name: _number(text) if name in _NUMBERS else _without_isolates(text)
                for name, text in found.groupdict().items()
            }
            return msgspec.json.encode({"message": message, "values": values}).decode()
    return None


def _number(text: str) -> int | float:
    plain = text.replace(",", "")
    return int(plain) if plain.isdecimal() else float(plain)


def _without_isolates(text: str) -> str:
    start, end = _ISOLATES
    return text[1:-1] if text.startswith(start) and text.endswith(end) else text


@cache
def _slugs() -> dict[str, str]:
    """Label of a kind -> its slug; read only where there is a change to rewrite, since a new database has none."""
    return {kind.label: kind.slug for kind in load_kinds().values()}


def _change(stored: bytes) -> str | None:
    """A change with its phrases as data; None if it can't be read."""
    try:
        record = msgspec.json.decode(stored)
        fields = [
            {"field": one["field"], **{when: value(one["field"], one[when], _slugs()) for when in ("before", "after")}}
            for one in record["fields"]
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return None
    return msgspec.json.encode({**record, "fields": fields}).decode()


def _reason(phrase: object) -> str | None:
    """The JSON of the numbers in a reason; None if it has no such form."""
    found = _REASON.fullmatch(phrase) if isinstance(phrase, str) else None
    if found is None:
        return None
    numbers = {name.removeprefix("match_"): float(text) for name, text in found.groupdict().items() if text}
    names = ("score", "needed", "probability", "least")
    return msgspec.json.encode({name: numbers.get(name) for name in names}).decode()


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
