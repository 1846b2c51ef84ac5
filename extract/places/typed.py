"""Which places and areas can a name mean that a person typed? The gazetteer's names, and those of the areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from extract.places.areas import Areas
from extract.places.row_layout import REGION
from extract.places.types import Candidate, Entry, PlaceIndex
from extract.types import Place


class Index(PlaceIndex, Protocol):
    """The methods of a gazetteer that its typed names need."""

    @property
    def areas(self) -> Areas:
        """The areas that are no country, division or town."""


class TypedNames:
    """A gazetteer whose names include those of areas; an area comes before the places of its name.

    The names of areas are apart from the gazetteer's, since in a text "the West Coast" may be any.
    """

    def __init__(self, gazetteer: Index) -> None:
        self._gazetteer = gazetteer
        self.candidates = lru_cache(maxsize=5_000)(self._candidates)

    def __contains__(self, key: str) -> bool:
        return bool(self.candidates(key))

    def _candidates(self, key: str) -> tuple[Candidate, ...]:
        """Folded name -> the places and areas that it can mean."""
        listed = self._gazetteer.candidates(key)
        area = self._gazetteer.areas.named(key)
        if area is None or (listed and area.is_compass_part):  # "North Sinai" is a division, no compass part
            return listed
        entry = self._gazetteer.areas.entry(area)
        same = {entry.geonameid} - {0}
        # a region in the gazetteer's rows is the area itself, as texts name it
        others = [c for c in listed if c.entry.kind != REGION and c.entry.geonameid not in same]
        return (Candidate(entry, False), *others)

    @property
    def abbreviations(self) -> Mapping[str, int]:
        """Abbreviation of a division -> its row."""
        return self._gazetteer.abbreviations

    @property
    def entry(self) -> Callable[[int], Entry]:
        """Row -> place."""
        return self._gazetteer.entry

    def typed_names(self, key: str) -> list[Entry]:
        """The places of a folded name that people type and English texts do not use."""
        return self._gazetteer.typed_names(key)

    @property
    def large_names(self) -> list[str]:
        """The folded names of areas, countries, provinces and larger towns."""
        return [*self._gazetteer.large_names, *self._gazetteer.areas.keys]

    def find(self, geonameid: int) -> Entry | None:
        """The place with a geonameid."""
        return self._gazetteer.find(geonameid)

    def nearest(self, lat: float, lon: float) -> Entry | None:
        """The town nearest to a point."""
        return self._gazetteer.nearest(lat, lon)

    def holds(self, area: Entry, entry: Entry) -> bool:
        """Does the area contain the place?"""
        return self._gazetteer.holds(area, entry)

    def place(self, entry: Entry) -> Place:
        """The public value of an entry."""
        return self._gazetteer.place(entry)

    def country_row(self, code: str) -> int:
        """The row of a country by ISO 3166-1 alpha-2 code, -1 if unknown."""
        return self._gazetteer.country_row(code)
