"""Which part of a country or division is "northern Peru", "south-east Texas", "the north of Chad"?"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import msgspec

from extract.lexicon import shared_table


class Part(NamedTuple):
    """A compass part: the folded name of the whole, and which side: 1 north or east, -1 south or west, 0 neither."""

    whole: str
    north: int
    east: int


class Bounds(NamedTuple):
    """The extent of a whole, in degrees."""

    south: float
    west: float
    north: float
    east: float


class _Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``data/places.toml``, ``compass``."""

    patterns: tuple[str, ...]
    cut: float
    middle: float
    margin: float
    sides: dict[str, tuple[int, int]]


@cache
def _rules() -> _Rules:
    return msgspec.convert(shared_table("places")["compass"], _Rules)


@cache
def _patterns() -> list[re.Pattern[str]]:
    sides = "|".join(sorted(_rules().sides, key=len, reverse=True))
    return [re.compile(pattern.replace("SIDE", sides)) for pattern in _rules().patterns]


def read(key: str) -> Part | None:
    """The compass part that a folded name means; None if it is none."""
    found = next((match for pattern in _patterns() if (match := pattern.fullmatch(key))), None)
    return Part(found["whole"], *_rules().sides[found["side"]]) if found else None


def ring(part: Part, whole: Bounds) -> tuple[tuple[float, float], ...]:
    """The rectangle of a part: a little more than half of the whole in each direction that it names."""
    is_middle = not part.north and not part.east
    south, north = _range(part.north, whole.south, whole.north, is_middle=is_middle)
    west, east = _range(part.east, whole.west, whole.east, is_middle=is_middle)
    return (south, west), (south, east), (north, east), (north, west)


def _range(side: int, low: float, high: float, *, is_middle: bool) -> tuple[float, float]:
    rules, length = _rules(), high - low
    if side > 0:
        return low + rules.cut * length, high + rules.margin
    if side < 0:
        return low - rules.margin, high - rules.cut * length
    inset = rules.middle * length if is_middle else -rules.margin
    return low + inset, high - inset
