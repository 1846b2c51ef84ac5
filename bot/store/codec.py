"""How are values written as cells of a table? Records as JSON, times as sortable text, checksums as integers."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from bot.types import Reason

T = TypeVar("T")
CHECKSUM_BYTES = 8


class Decoders:
    """One JSON decoder for each type, each built by one thread at a time.

    msgspec 0.22 reads a struct's fields when it first decodes one, and releases the interpreter's lock meanwhile: a
    second thread that decodes the same type reads an unfinished description, and the process crashes. Types share
    parts (``Place``), so one lock guards them all.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Any, msgspec.json.Decoder[Any]] = {}

    def of(self, kind: type[T]) -> msgspec.json.Decoder[T]:
        """The decoder of a type."""
        made = self._made.get(kind)
        if made is None:
            with self._lock:
                made = self._made.setdefault(kind, msgspec.json.Decoder(kind))
        return made


_DECODERS = Decoders()


def dump(value: object) -> str:
    """A record as JSON text."""
    return msgspec.json.encode(value).decode()


def load(text: str | bytes, kind: type[T]) -> T:
    """A record from JSON text."""
    return _DECODERS.of(kind).decode(text)


def dump_reason(reason: Reason) -> str:
    """A reason as text: the message alone where it has no values, else JSON."""
    is_plain = not reason.values and not reason.message.startswith("{")
    return reason.message if is_plain else dump(reason)


def load_reason(text: str) -> Reason:
    """The reason in a cell."""
    if text.startswith("{"):
        with contextlib.suppress(msgspec.DecodeError):
            return load(text, Reason)
    return Reason(text)


def stamp(at: datetime) -> str:
    """A time as text that sorts: ISO 8601 in UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time in a cell."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The time in a cell, None where the cell is NULL or empty."""
    return moment(text) if text else None


def checksum(*payload: str | bytes | None) -> int:
    """The checksum of a row's payload, as SQLite keeps integers: 64 bits, signed.

    It detects damage, not tampering. The columns that keep it are called ``digest``.
    """
    joined = b"\0".join(part.encode() if isinstance(part, str) else part or b"" for part in payload)
    return int.from_bytes(hashlib.blake2b(joined, digest_size=CHECKSUM_BYTES).digest(), "big", signed=True)


def headline_key(title: str) -> str:
    """Equal for titles that differ in case, spaces and punctuation alone; 16 hexadecimal digits, empty for no title."""
    words = "".join(c if c.isalnum() else " " for c in title.casefold()).split()
    return hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).hexdigest() if words else ""
