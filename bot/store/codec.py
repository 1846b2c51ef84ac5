"""How values become cells: JSON for records, sortable text for times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

T = TypeVar("T")


def dump(value: object) -> str:
    """A record as JSON text."""
    return msgspec.json.encode(value).decode()


def load(text: str, kind: type[T]) -> T:
    """A record from JSON text."""
    return msgspec.json.decode(text, type=kind)


def stamp(at: datetime) -> str:
    """A time as text that sorts: UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time of a cell."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The time of a cell that may be empty."""
    return moment(text) if text else None
