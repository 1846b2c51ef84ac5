"""What are the values in finding places: gazetteer entries, mentions in a text, and the places they are resolved to?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

from extract.types import Place


class Entry(msgspec.Struct, frozen=True):
    """One place of the gazetteer. ``kind`` is an index into ``row_layout.KINDS``.

    ``admin1`` and ``admin2`` are the rows of its first- and second-order division, -1 for none; ``zone`` is the number
    of its time zone.
    """

    row: int
    name: str
    kind: int
    country: str
    lat: float | None
    lon: float | None
    population: int
    admin1: int
    admin2: int
    geonameid: int
    capital: bool
    zone: int


class Candidate(msgspec.Struct, frozen=True):
    """A place that a name can mean; ``alternate`` if the name is not its usual one."""

    entry: Entry
    alternate: bool


class PlaceIndex(Protocol):
    """The methods of a gazetteer that a search by name needs."""

    @property
    def abbreviations(self) -> Mapping[str, int]:
        """Abbreviation of a division -> its row."""

    @property
    def candidates(self) -> Callable[[str], tuple[Candidate, ...]]:
        """Folded name -> the places that it can mean, best known first."""

    @property
    def entry(self) -> Callable[[int], Entry]:
        """Row -> place."""

    @property
    def large_names(self) -> list[str]:
        """The folded names of countries, provinces and larger towns."""

    def __contains__(self, key: str) -> bool:
        """Is it the folded name of a place?"""

    def typed_names(self, key: str) -> list[Entry]:
        """The places of a folded name that people type and English texts do not use."""

    def find(self, geonameid: int) -> Entry | None:
        """The place with a geonameid."""

    def nearest(self, lat: float, lon: float) -> Entry | None:
        """The town nearest to a point."""

    def holds(self, area: Entry, entry: Entry) -> bool:
        """Does the area contain the place?"""

    def place(self, entry: Entry) -> Place:
        """The public value of a row."""

    def country_row(self, code: str) -> int:
        """The row of a country by ISO 3166-1 alpha-2 code, -1 if unknown."""


class NameRole(StrEnum):
    """The role of a name in its sentence, by the words around it."""

    DATELINE = "dateline"
    LOCATIVE = "locative"  # "in Karachi", "near Lahore"
    CONTAINER = "container"  # "Florida" in "Gainesville, Florida"
    ORGANISATION = "organisation"  # "Lahore police said"
    HOME = "home"  # "John Doe, 31, of Springfield"
    HOSPITAL = "hospital"  # "Springfield General Hospital"
    ROAD = "road"  # "Springfield Avenue"
    DEMONYM = "demonym"  # "Pakistani": suggests a country, but is no place name
    PLAIN = "plain"


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A name in a text that may be a place: ``name == text[start:end]`` of the title or the text.

    ``key`` is its folded form, without a generic word; ``full_key`` the form with it, where that may also be a name
    ("swat district"). ``score`` is the evidence that it is a place, in log odds (below 0: it is none). ``order`` is the
    level of a generic word beside it: 1 for a first-order division ("province"), 2 for a second-order one, 0 for none.
    ``row`` is the row of the division for an abbreviation, which can mean no other place; else -1. ``country`` is the
    country code of a demonym.
    """

    where: Literal["title", "text"] = "text"
    start: int
    end: int
    name: str
    key: str
    role: NameRole = NameRole.PLAIN
    score: float = 0.0
    order: int = 0
    full_key: str = ""
    row: int = -1
    country: str = ""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A place name in a text, and the place: ``name == text[start:end]``.

    ``place.name`` is the gazetteer's spelling. A road or site without known coordinates has ``lat`` None and the
    province and country of the place in which it lies. ``confidence`` is 0 to 1.
    """

    where: Literal["title", "text"] = "text"
    start: int
    end: int
    name: str
    place: Place
    confidence: float
    role: NameRole = NameRole.PLAIN
