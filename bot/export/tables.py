"""What are incidents as JSON Lines, CSV and GeoJSON? For programs, spreadsheets and maps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from bot.export.frame import PLAIN, Frame
from extract.types import CountState, Incident
from extract.wire import incident_json

_COUNTS = ("killed", "injured", "kidnapped", "attackers")
_COLUMNS = (
    "id", "version", "lifecycle", "kind", "news", "stage", "status", "severity", "urgency", "certainty", "probability",
    "place", "admin1", "country", "lat", "lon", "precision", "when_start", "when_end", "when_precision",
    *(f"{field}_{part}" for field in _COUNTS for part in ("low", "high", "state")),
    "responsibility", "origins", "articles", "first_seen", "last_seen", "summary",
)  # fmt: skip


def jsonl(found: Iterable[Incident], _frame: Frame = PLAIN) -> bytes:
    """JSON Lines with one incident on each line, with every field and its evidence."""
    return b"".join(msgspec.json.encode(incident_json(incident)) + b"\n" for incident in found)


def csv_table(found: Iterable[Incident], _frame: Frame = PLAIN) -> bytes:
    """CSV with one incident in each row; RFC 4180 but for its line ends (LF), UTF-8, safe to open in a spreadsheet."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for incident in found:
        table.writerow({column: _cell(value) for column, value in _row(incident).items()})
    return text.getvalue().encode()


def geojson(found: Iterable[Incident], frame: Frame = PLAIN) -> bytes:
    """A GeoJSON FeatureCollection (RFC 7946); an incident without coordinates is a feature without geometry.

    A feature has the columns of the CSV, when its version was made, and the address of its page if it has one.
    """
    whole = {"type": "FeatureCollection", "features": [_feature(incident, frame) for incident in found]}
    return msgspec.json.encode(whole) + b"\n"


def _feature(incident: Incident, frame: Frame) -> dict[str, Any]:
    row = _row(incident) | {"changed": frame.changed(incident)}
    row |= {"page": frame.page(incident)} if frame.pages else {}
    known = row["lat"] is not None
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if known else None
    return {"type": "Feature", "id": incident.id, "geometry": geometry, "properties": row}


def _row(incident: Incident) -> dict[str, Any]:
    """One incident as flat columns; an unknown value is None."""
    full = incident_json(incident)
    place, when = full["place"] or {}, full["when"] or {}
    row: dict[str, Any] = {column: full[column] for column in _COLUMNS if column in full}
    row |= {"place": place.get("name")} | {k: place.get(k) for k in ("admin1", "country", "lat", "lon", "precision")}
    row |= {f"when_{part}": when.get(part) for part in ("start", "end", "precision")}
    for field in _COUNTS:
        count = full[field]
        known = count["state"] == CountState.COUNTED.value
        row |= {f"{field}_low": count["low"] if known else None, f"{field}_high": count["high"] if known else None}
        row[f"{field}_state"] = count["state"]
    row["articles"] = " ".join(a["url"] or a["id"] for a in full["articles"])
    return {column: row[column] for column in _COLUMNS}


def _cell(value: object) -> object:
    """A cell's value, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
