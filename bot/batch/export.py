"""Incidents out of the database in a format that other programs read."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import queries
from bot.batch.lines import flush, write
from bot.errors import UsageError
from bot.route import matches
from bot.store import Store, incidents
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.types import CountState, Incident
from extract.wire import incident_json

_COUNTS = ("killed", "injured", "kidnapped", "attackers")
_COLUMNS = (
    "id", "version", "lifecycle", "kind", "news", "stage", "status", "severity", "urgency", "certainty", "probability",
    "place", "admin1", "country", "lat", "lon", "precision", "when_start", "when_end", "when_precision",
    *(f"{field}_{part}" for field in _COUNTS for part in ("low", "high", "state")),
    "responsibility", "origins", "articles", "first_seen", "last_seen", "summary",
)  # fmt: skip


def export(db: Path, form: str, filters: str) -> None:
    """Writes the incidents that the filters ask for, oldest first; all without filters.

    Raises:
        UsageError: there is no such format.
    """
    writer = FORMATS.get(form)
    if writer is None:
        raise UsageError(f"no format {form!r}: choose one of {', '.join(FORMATS)}")
    store = Store(db)
    try:
        found = store.read_sync(incidents.everything)
    finally:
        store.close()
    if filters:
        kinds, gazetteer = load_kinds(), Gazetteer.open()
        wanted = queries.wanted(filters, kinds, gazetteer)
        now = datetime.now(UTC)
        found = [one for one in found if matches(one, wanted, holds=gazetteer.contains, now=now).yes]
    writer(found)
    flush()


def _jsonl(found: Iterable[Incident]) -> None:
    for incident in found:
        write(incident_json(incident))


def _csv(found: Iterable[Incident]) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    for incident in found:
        table.writerow({column: _cell(value) for column, value in _row(incident).items()})
    sys.stdout.buffer.write(text.getvalue().encode())


def _geojson(found: Iterable[Incident]) -> None:
    """RFC 7946; an incident without coordinates is a feature without geometry."""
    write({"type": "FeatureCollection", "features": [_feature(incident) for incident in found]})


def _feature(incident: Incident) -> dict[str, Any]:
    row = _row(incident)
    known = row["lat"] is not None
    geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]} if known else None
    return {"type": "Feature", "id": incident.id, "geometry": geometry, "properties": row}


def _row(incident: Incident) -> dict[str, Any]:
    """One incident as flat columns; what isn't known is None."""
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
    """A spreadsheet must not take a cell for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


FORMATS: dict[str, Callable[[Iterable[Incident]], None]] = {"jsonl": _jsonl, "csv": _csv, "geojson": _geojson}
