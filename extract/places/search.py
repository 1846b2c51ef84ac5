"""Which places does a person mean by a name typed in a search, possibly with a typing error?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from extract.lexicon import shared_table
from extract.places.names import Hit, named, similar
from extract.places.types import PlaceIndex
from extract.types import Place, Precision


class _Affixes(msgspec.Struct, frozen=True, kw_only=True):
    """Words around a name, as regular expressions; ``levels``: those of the places that they tell of, () for any."""

    front: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    levels: tuple[Precision, ...] = ()


def search(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """Places by the name a person typed ("Karachi", "Gainesville, Florida", "springfield il"), best first.

    A misspelt name finds the most similar names, only if no place has the name itself.
    """
    return _places(spelt(gazetteer, name) or similar(gazetteer, name), limit)


def exact(gazetteer: PlaceIndex, name: str, limit: int = 8) -> list[Place]:
    """``search`` without similar names, and without short forms and foreign names in small letters."""
    return _places(named(gazetteer, name, strict=True), limit)


def spelt(gazetteer: PlaceIndex, name: str, home: frozenset[str] = frozenset()) -> list[Hit]:
    """The places of a name as it is typed, else without the words around it that are no part of it ("city of")."""
    if known := named(gazetteer, name, home):
        return known
    for plain, levels in _without_affixes(name):
        if found := named(gazetteer, plain, home):
            return [hit for hit in found if not levels or hit.place.precision in levels] or found
    return []


def _places(hits: Sequence[Hit], limit: int) -> list[Place]:
    return [hit.place for hit in hits[:limit]]


def _without_affixes(name: str) -> Iterator[tuple[str, tuple[Precision, ...]]]:
    """A name without each affix that it has, and the levels of place that the affix tells; () for any."""
    first, comma, rest = name.strip().partition(",")
    for row in _affixes():
        patterns = [rf"(?:{'|'.join(row.front)})\s+(.+)"] if row.front else []
        patterns += [rf"(.+)\s+(?:{'|'.join(row.back)})"] if row.back else []
        for found in (re.fullmatch(pattern, first, re.IGNORECASE) for pattern in patterns):
            if found is not None:
                yield found[1] + comma + rest, row.levels


@cache
def _affixes() -> tuple[_Affixes, ...]:
    return msgspec.convert(shared_table("places_typed")["affixes"], tuple[_Affixes, ...])
