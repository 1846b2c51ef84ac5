"""What flows through the search for places: the gazetteer's entries, names in a text, places they are resolved to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

from extract.types import Place


class Entry(msgspec.Struct, frozen=True):
    """One place of the gazetteer. ``kind`` indexes ``rows.KINDS``; ``admin1`` and ``admin2`` are rows, -1 for none."""

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
    """A place that a name can mean; ``alternate`` if the name is not its usual English one."""

    entry: Entry
    alternate: bool


class PlaceIndex(Protocol):
    """What a search by name needs of a gazetteer."""

    @property
    def abbreviations(self) -> Mapping[str, int]:
        """Short form of a division -> its row."""

    @property
    def candidates(self) -> Callable[[str], tuple[Candidate, ...]]:
        """Folded name -> the places that it can mean, best known first."""

    @property
    def entry(self) -> Callable[[int], Entry]:
        """Row -> place."""

    def keys(self, prefix: str) -> list[str]:
        """All folded names that begin so."""

    def holds(self, area: Entry, entry: Entry) -> bool:
        """Does the area contain the place?"""

    def place(self, entry: Entry) -> Place:
        """The public value of a row."""

    def country_row(self, code: str) -> int:
        """The row of a country by ISO 3166-1 alpha-2 code, -1 if unknown."""


class NameRole(StrEnum):
    """What a name does in its sentence, as far as the words around it tell."""

    DATELINE = "dateline"
    LOCATIVE = "locative"  # "in Karachi", "near Lahore"
    CONTAINER = "container"  # "Florida" in "Gainesville, Florida"
    ORGANISATION = "organisation"  # "Lahore police said"
    HOME = "home"  # "John Doe, 31, of Springfield"
    HOSPITAL = "hospital"  # "Springfield General Hospital"
    ROAD = "road"  # "Springfield Avenue"
    DEMONYM = "demonym"  # "Pakistani": a hint, no place name
    PLAIN = "plain"


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A name in a text that may be a place: ``name == text[start:end]`` of the title or the text.

    ``key`` is its folded form, without a generic word; ``full_key`` the form with one where that may be a name of
    its own ("swat district"). ``score`` sums the evidence for (above 0) and against a place. ``order`` is what a
    generic word beside it says: 1 for a first-order division ("province"), 2 for a second-order one, 0 for neither.
    ``row`` is set where the name stands for one division only (an abbreviation). ``country`` is set for demonyms.
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

    ``place.name`` is the gazetteer's spelling. A road or site without coordinates of its own has ``lat`` None and the
    division and country of the place it lies in.
    """

    where: Literal["title", "text"] = "text"
    start: int
    end: int
    name: str
    place: Place
    confidence: float
    role: NameRole = NameRole.PLAIN
