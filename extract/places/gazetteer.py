"""Which places exist: which have a name, which area has a code, which contain others, which city is nearest?"""

from __future__ import annotations

import math
import tomllib
from copy import copy
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from extract import geo
from extract.places.areas import Areas
from extract.places.containment import Containment, Contains, ExtentOf
from extract.places.meant import Meant, meant
from extract.places.row_layout import ALTERNATE, CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.search import search
from extract.places.towns import Division, Towns
from extract.places.typed import TypedNames
from extract.places.types import Candidate, Entry
from extract.places.written import WrittenNames
from extract.text.normalise import fold, fold_script
from extract.types import Place, Precision

DATA = Path(__file__).parent.parent / "data"
PRECISIONS = (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT, Precision.CITY, Precision.PROVINCE)
_LARGE = 50_000  # people of a place of which a name with a joined ending may be
MOST_CANDIDATES = 120  # of one name
_AS_IT_IS = 20  # a name that is a place's as it is written is that of one with so many times the people in a base form
_IN_COUNTRY = ", "  # between the English name of a place and its country, in a language's list of names
_AS_AN_ENDING = 0.99  # ... and of one with as many people where it ends like a form


class Gazetteer:
    """Names, divisions and coordinates of the world's places of at least 500 people; read-only, memory-mapped files.

    Opening takes a few milliseconds, and only the pages that are read take memory. Files of the folder:
    ``names.marisa``: the folded names; the number of a name in it is its index in the next two.
    ``starts.npy``: where the rows of a name begin in ``refs.npy``, in which the best known place comes first and the
    top bit marks an alternate name. ``flags.npy``: the bits of a name (``row_layout.WORD`` and so on).
    ``rows.npy``: the places (``row_layout.ROW``). ``names.npy``: their names in UTF-8. ``zones.txt``: time zones.
    ``given.marisa``: given names of people. ``typed.marisa``: further names that people type, with geonameids.
    ``large.txt``: the folded names of countries, provinces and larger towns, which misspelt names are compared with.
    """

    def __init__(self, folder: Path) -> None:
        self._keys = marisa_trie.Trie()
        self._keys.mmap(str(folder / "names.marisa"))
        self.given = marisa_trie.Trie()
        self.given.mmap(str(folder / "given.marisa"))
        self._rows: NDArray[Any] = np.load(folder / "rows.npy", mmap_mode="r")
        self._ids: NDArray[np.uint32] = np.ascontiguousarray(self._rows["geonameid"])
        self._names: NDArray[np.uint8] = np.load(folder / "names.npy", mmap_mode="r")
        self._starts: NDArray[np.uint32] = np.load(folder / "starts.npy", mmap_mode="r")
        self._refs: NDArray[np.uint32] = np.load(folder / "refs.npy", mmap_mode="r")
        self._flags: NDArray[np.uint8] = np.load(folder / "flags.npy", mmap_mode="r")
        self._zones = (folder / "zones.txt").read_text(encoding="utf-8").split("\n")
        names = tomllib.loads((DATA / "places_names.toml").read_text(encoding="utf-8"))
        self._countries = self._load_countries()
        self._divisions: dict[str, int] = {}
        self._row_of = lru_cache(maxsize=5_000)(self._find_row)
        self._reached = lru_cache(maxsize=50)(self._towns_reached)
        self.abbreviations = self._load_codes(names["abbreviations"])
        self.standing = self._load_codes(names["standing"])
        self.city_states = {
            self._division_row(code): row
            for code, geonameid in names["city_states"].items()
            if (row := self._row_of(geonameid)) is not None
        }
        self.short_names = frozenset((*self.abbreviations, *self.standing, *names["nicknames"]["words"]))
        self.guarded = frozenset(names["guarded"]["words"])
        self.demonyms = {word: code for code, words in names["demonyms"].items() for word in words}
        self.domains: dict[str, str] = names["domains"]
        self._typed, self._large = folder / "typed.marisa", folder / "large.txt"
        self.entry = lru_cache(maxsize=30_000)(self._entry)
        self.candidates = lru_cache(maxsize=5_000)(self._candidates)
        self.written_form = lru_cache(maxsize=5_000)(self._written_form)
        self.may_begin_name = self._may_begin_name
        self._written: WrittenNames | None = None
        self._division_at = lru_cache(maxsize=5_000)(self._nearest_division)

    @classmethod
    def open(cls, path: Path | str | None = None) -> Gazetteer:
        """The gazetteer in a folder; without one, that of this package, which is opened once per process."""
        return cls(Path(path)) if path else _packaged()

    # -------------------------------------------------------------- lookup

    def written_by(self, names: WrittenNames) -> Gazetteer:
        """The same places under the names that a language writes beside those that English texts use."""
        other = copy(self)
        other._written = names
        other.demonyms = names.demonyms
        other.candidates = lru_cache(maxsize=5_000)(other._written_candidates)
        other.written_form = lru_cache(maxsize=5_000)(other._written_form)
        other.may_begin_name = lru_cache(maxsize=50_000)(other._may_begin_name)
        return other

    def __contains__(self, key: str) -> bool:
        return key in self._keys if self._written is None else bool(self.candidates(key))

    def _may_begin_name(self, key: str) -> bool:
        """Do these folded words begin a longer name, in any of the forms that the language writes?"""
        if self._written is None:
            return _has_longer(self._keys, f"{key} ")
        beginnings = [f"{form} " for form in self._written.forms(key)]
        if _has_longer(self._keys, beginnings[0]) or not self._written.beginnings.isdisjoint(beginnings):
            return True
        return any(_has_longer(self._typed_trie, beginning) for beginning in beginnings)

    def flags(self, key: str) -> int:
        """The bits ``row_layout.WORD``, ``GIVEN`` and ``SURNAME`` of a folded name."""
        number: int = self._keys.get(key, -1)
        return int(self._flags[number]) if number >= 0 else 0

    def _candidates(self, key: str) -> tuple[Candidate, ...]:
        number: int = self._keys.get(key, -1)
        if number < 0:
            return ()
        start, end = int(self._starts[number]), int(self._starts[number + 1])
        refs = self._refs[start : min(end, start + MOST_CANDIDATES)].tolist()
        return tuple(Candidate(self.entry(ref & ~ALTERNATE), bool(ref & ALTERNATE)) for ref in refs)

    def _written_candidates(self, key: str) -> tuple[Candidate, ...]:
        """The places of a name as the language writes it; in Latin letters also those of the English name."""
        listed = self._written.listed_as.get(key) if self._written is not None else None
        found = {} if listed is not None else {c.entry.row: c for c in self._candidates(key)}
        form = self.written_form(key)
        if form is not None:
            for entry in self._entries_written(form):
                found.setdefault(entry.row, Candidate(entry, False))
        return tuple(sorted(found.values(), key=lambda c: -c.entry.population))

    def _written_form(self, key: str) -> str | None:
        """The folded base form of a name as the language writes it, None where it is no place's: of several the one of
        the largest place, the name itself before others."""
        if self._written is not None and key.isascii() and key in self._keys:
            return key  # "Aydın" is no form of another name
        best: tuple[float, str] | None = None
        for form in self._written.forms(key) if self._written is not None else iter((key,)):
            entries = self._entries_written(form)
            people: float = max((entry.population for entry in entries), default=-1) + 1
            if self._written is not None and form == fold_script(key):
                people *= _AS_AN_ENDING if self._written.is_oblique(form) else _AS_IT_IS
            if people and (best is None or people > best[0]):
                best = people, form
        return best[1] if best is not None else None

    def spelt(self, name: str, form: str) -> str | None:
        """The folded base form of a name with the name's letters and capitals, None where the language has no rule."""
        return self._written.spelt(name, form) if self._written is not None else None

    def likely_base(self, name: str, before: str) -> str:
        """What the base form of a name in no list most likely is, behind the word ``before``; else the name."""
        return self._written.likely_base(name, before) if self._written is not None else name

    def _entries_written(self, form: str) -> list[Entry]:
        if self._written is None:
            return self.typed_names(form)
        code, listed = self._written.countries.get(form, ""), self._written.listed_as.get(form, form)
        row = self.country_row(code) if code else self.division(listed)
        if row >= 0:
            return [self.entry(row)]
        if listed.isdigit():
            only = self.find(int(listed))
            return [] if only is None else [only]
        if _IN_COUNTRY in listed:
            return self._entries_listed(listed)
        key = fold_script(listed)
        found = self.typed_names(key) or self.typed_names(key.translate(self._written.respelling))
        return found or [c.entry for c in self._candidates(form) if not c.alternate and c.entry.population >= _LARGE]

    def _entries_listed(self, place: str) -> list[Entry]:
        """The places of an English name with its country: "Daska, PK"."""
        name, _, country = place.rpartition(_IN_COUNTRY)
        return [c.entry for c in self._candidates(fold(name)) if c.entry.country == country]

    def _entry(self, row: int) -> Entry:
        """The place of a row; a city's district of which the lists have no town gets a share of its people."""
        geonameid, lat, lon, population, admin1, admin2, at, zone, country, size, kind = self._rows[row].item()
        name = self._names[at : at + size].tobytes().decode()
        known = not math.isnan(lat)
        if kind & 7 == DISTRICT and not known and admin1 in self._boroughs:
            lat, lon, population = self._boroughs[admin1]
            known = True
        return Entry(
            row, name, kind & 7, country.decode(), round(lat, 5) if known else None, round(lon, 5) if known else None,
            population, admin1, admin2, geonameid, bool(kind & 8), zone,
        )  # fmt: skip

    def place(self, entry: Entry) -> Place:
        """The public value of an entry; ``admin1`` is the English name of its first-order division."""
        division = self.entry(entry.admin1).name if entry.admin1 >= 0 else None
        return Place(
            name=entry.name,
            admin1=entry.name if entry.kind == PROVINCE else division,
            country=entry.country or None,
            lat=entry.lat,
            lon=entry.lon,
            precision=PRECISIONS[entry.kind] if entry.country else Precision.COUNTRY,
            geonameid=entry.geonameid or None,
        )

    @property
    def table(self) -> NDArray[Any]:
        """All places as ``row_layout.ROW``, read-only and memory-mapped; ``Entry.row`` is an index into it."""
        return self._rows

    def find(self, geonameid: int) -> Entry | None:
        """The place with a geonameid, None where there is none."""
        row = self._row_of(geonameid)
        return self.entry(row) if row is not None else None

    def country_row(self, code: str) -> int:
        """The row of a country by ISO 3166-1 alpha-2 code, -1 if unknown."""
        return self._countries.get(code, -1)

    def country_name(self, code: str) -> str | None:
        """ "Pakistan" for "PK"."""
        row = self._countries.get(code.upper(), -1)
        return self.entry(row).name if row >= 0 else None

    def typed_names(self, key: str) -> list[Entry]:
        """The places of a folded name that people type and English texts do not use: other scripts and languages."""
        found = (self.find(geonameid) for (geonameid,) in self._typed_trie.get(key, ()))
        return [entry for entry in found if entry is not None]

    def search(self, name: str, limit: int = 8) -> list[Place]:
        """Places by a name that a person typed ("Karachi", "Gainesville, Florida", "springfield il"), best first."""
        return search(self.typed, name, limit)

    def meant(
        self, text: str, *, home: frozenset[str] = frozenset(), km: float | None = None, near: bool = False
    ) -> Meant:
        """The places that a person means by some words; see ``extract.places.meant.meant``."""
        return meant(self.typed, text, home=home, km=km, near=near)

    def knows(self, name: str) -> bool:
        """Is it the name of a place, as it is spelt?"""
        return fold(name) in self.typed

    # -------------------------------------------------------------- geography

    @cached_property
    def contains(self) -> Contains:
        """(area, place) -> how surely the area holds the place; a place holds itself."""
        return self._containment.held

    @cached_property
    def extent(self) -> ExtentOf:
        """Area -> where its places can be; None for a country, a division, or a town without boroughs of its own."""
        return self._containment.extent

    @cached_property
    def areas(self) -> Areas:
        """The areas that are no country, division or town: continents, islands, seas, metropolitan areas."""
        return Areas(self, self._towns)

    @cached_property
    def typed(self) -> TypedNames:
        """The names that a person can type: those of places and of areas."""
        return TypedNames(self)

    def division_at(self, country: str, lat: float, lon: float) -> Division:
        """The divisions of a country that a point lies in, by the nearest town; -1 where it has none nearby."""
        return self._division_at(country, lat, lon)

    def holds(self, area: Entry, entry: Entry) -> bool:
        """``contains`` for entries."""
        if area.row == entry.row:
            return True
        if area.kind == COUNTRY:
            return area.country == entry.country
        if area.kind == PROVINCE:
            return self._admin1(entry) == area.row
        if area.kind == DISTRICT:
            return entry.admin2 == area.row
        return area.kind == REGION and bool(self.contains(self.place(area), self.place(entry)))

    def _nearest_division(self, country: str, lat: float, lon: float) -> Division:
        return self._towns.division_at(country, lat, lon)

    def _admin1(self, entry: Entry) -> int:
        """The row of its first-order division, of a town without one that of the nearest town; -1 for none."""
        if entry.admin1 >= 0 or entry.kind != CITY or entry.lat is None or entry.lon is None:
            return entry.admin1
        return self.division_at(entry.country, entry.lat, entry.lon).admin1

    @cached_property
    def _boroughs(self) -> dict[int, tuple[float, float, int]]:
        """Of each division that a large city fills: the city's point, and its people divided by its districts."""
        found = {}
        for spec in self.areas.specs.values():
            row = self._row_of(spec.geonameid) if spec.geonameid and spec.divisions else None
            if row is None or self._rows["kind"][row] & 7 != CITY:
                continue
            city, admin1 = self._rows[row], int(self._rows["admin1"][row])
            districts = int(np.count_nonzero((self._rows["kind"] & 7 == DISTRICT) & (self._rows["admin1"] == admin1)))
            found[admin1] = float(city["lat"]), float(city["lon"]), int(city["population"]) // max(1, districts)
        return found

    @cached_property
    def _containment(self) -> Containment:
        return Containment(self)

    @cached_property
    def _towns(self) -> Towns:
        return Towns(self._rows)

    def timezone(self, place: Place) -> str | None:
        """The IANA time zone of a place, for an area that of most of its people; None where unknown."""
        row = self._row_of(place.geonameid) if place.geonameid else None
        if row is None:
            return None
        return self._zones[self.entry(row).zone] or None

    def nearest(self, lat: float, lon: float) -> Entry | None:
        """The town nearest to a point; None if there is none within some 300 km."""
        row = self._towns.nearest(lat, lon)
        return self.entry(row) if row >= 0 else None

    def reached(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        """A town of each division that a circle reaches, that which is nearest to its centre, the nearest first."""
        return self._reached(lat, lon, km)

    def _towns_reached(self, lat: float, lon: float, km: float) -> tuple[Place, ...]:
        return tuple(self.place(self.entry(int(row))) for row in self._towns.one_per_division(lat, lon, km))

    def division(self, code: str) -> int:
        """The row of a division by its code ("US.FL"), -1 if unknown; only divisions with an abbreviation have one."""
        return self._divisions.get(code, -1)

    # -------------------------------------------------------------- opening

    @cached_property
    def large_names(self) -> list[str]:
        """The folded names of countries, provinces and larger towns, in alphabetical order."""
        return self._large.read_text(encoding="utf-8").split("\n") if self._large.exists() else []

    @cached_property
    def _typed_trie(self) -> marisa_trie.RecordTrie:
        trie = marisa_trie.RecordTrie("<I")
        if self._typed.exists():
            trie.mmap(str(self._typed))
        return trie

    def _find_row(self, geonameid: int) -> int | None:
        at = int(np.searchsorted(self._ids, geonameid, sorter=self._by_id))
        row = int(self._by_id[at]) if at < len(self._by_id) else -1
        return row if row >= 0 and int(self._ids[row]) == geonameid else None

    @cached_property
    def _by_id(self) -> NDArray[np.int64]:
        """Rows in ascending order of geonameid; of several rows with one id the first counts."""
        return np.argsort(self._ids, kind="stable")

    def _load_countries(self) -> dict[str, int]:
        head = self._rows[:300]
        return {code.decode(): i for i, code in enumerate(head["country"]) if head["kind"][i] & 7 == COUNTRY}

    def _load_codes(self, words: dict[str, list[str]]) -> dict[str, int]:
        """Abbreviation -> row of its division; ``words`` has the spellings by code ("US.FL")."""
        out: dict[str, int] = {}
        for code, spellings in words.items():
            row = self._division_row(code)
            if row >= 0:
                self._divisions[code] = row
                out |= dict.fromkeys(spellings, row)
        return out

    def _division_row(self, code: str) -> int:
        number: int = self._keys.get(fold(code.replace(".", " ")), -1)
        return int(self._refs[int(self._starts[number])]) & ~ALTERNATE if number >= 0 else -1


def _has_longer(names: marisa_trie.Trie | marisa_trie.RecordTrie, beginning: str) -> bool:
    return next(iter(names.iterkeys(beginning)), None) is not None


@cache
def _packaged() -> Gazetteer:
    return Gazetteer(DATA / "gazetteer")


def distance_km(a: Place, b: Place) -> float | None:
    """Kilometres between two places, None if either has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return geo.distance_km(a.lat, a.lon, b.lat, b.lon)
