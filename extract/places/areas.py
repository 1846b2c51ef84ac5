"""Which areas do people name that are no country, division or town, and what are they made of?

Continents, sub-regions, islands, disputed and historical regions, metropolitan areas, large cities with their boroughs,
seas: their parts are data, in ``extract/data/areas``, with their sources. "Northern Peru" is made from the country.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from extract.lexicon import shared_table
from extract.places import compass
from extract.places.polygon import Point, Polygon, circle
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.towns import Towns
from extract.places.types import Candidate, Entry
from extract.text.normalise import fold
from extract.types import Place

DATA = Path(__file__).parent.parent / "data" / "areas"
# of an area that is only a polygon, this many of its largest towns stand for it
MOST_TOWNS = 300


class AreaSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An area as its data describe it.

    ``names`` are further names. ``geonameid`` is that of the same thing in GeoNames, such as the city with these
    boroughs; 0 for none. The parts: ``countries`` by ISO 3166-1 alpha-2 code with spaces between, ``divisions`` and
    ``districts`` by country and name ("California > Napa County" where several have the name), other ``areas``, a
    ``polygon`` or ``circle`` (latitude, longitude, radius in km); of these only what lies in the country ``within``, if
    that is given. ``seas`` are areas that count as held where a place is the sea itself; their coasts don't.
    ``is_sea``: it is one.
    """

    name: str
    names: tuple[str, ...] = ()
    geonameid: int = 0
    lat: float | None = None
    lon: float | None = None
    countries: str = ""
    divisions: dict[str, tuple[str, ...]] = {}
    districts: dict[str, tuple[str, ...]] = {}
    areas: tuple[str, ...] = ()
    seas: tuple[str, ...] = ()
    polygon: tuple[Point, ...] = ()
    circle: tuple[float, float, float] | None = None
    within: str = ""
    is_sea: bool = False

    @property
    def polygons(self) -> list[Polygon]:
        """Its own polygon and circle, without those of other areas."""
        rings = [self.polygon] if self.polygon else []
        return [Polygon.of(ring) for ring in (*rings, *([circle(*self.circle)] if self.circle else []))]


class Box(NamedTuple):
    """A box in degrees."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box | None:
        """The smallest box around all of them; None for none."""
        if not boxes:
            return None
        return cls(
            min(one.south for one in boxes), min(one.west for one in boxes),
            max(one.north for one in boxes), max(one.east for one in boxes),
        )  # fmt: skip


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """An area with all its parts, those of other areas included; divisions and districts are rows of the gazetteer.

    ``partial`` are the countries of which it holds a part. ``within`` is the country that its polygons are cut to, and
    ``within_division`` the row of the division. ``is_compass_part``: it is made from the country or division.
    """

    name: str
    geonameid: int = 0
    countries: frozenset[str] = frozenset()
    divisions: frozenset[int] = frozenset()
    districts: frozenset[int] = frozenset()
    polygons: tuple[Polygon, ...] = ()
    seas: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()
    within: str = ""
    within_division: int = -1
    is_compass_part: bool = False
    is_sea: bool = False

    @property
    def country(self) -> str:
        """The code of the only country that it has a part in; empty where it has several or none."""
        touched = self.countries | self.partial
        return next(iter(touched)) if len(touched) == 1 else ""

    def in_polygon(self, lat: float | None, lon: float | None) -> bool:
        """Is the point in one of its polygons?"""
        return lat is not None and lon is not None and any(one.contains(lat, lon) for one in self.polygons)


class Index(Protocol):
    """The methods of a gazetteer that areas are made with."""

    @property
    def candidates(self) -> Callable[[str], tuple[Candidate, ...]]:
        """Folded name -> the places that it can mean, best known first."""

    @property
    def entry(self) -> Callable[[int], Entry]:
        """Row -> place."""

    def find(self, geonameid: int) -> Entry | None:
        """The place with a geonameid, None where there is none."""

    def country_row(self, code: str) -> int:
        """The row of a country by ISO 3166-1 alpha-2 code, -1 if unknown."""


class UnknownPartError(ValueError):
    """An area's data name a part that the gazetteer doesn't have."""


class Areas:
    """All areas, by name and by geonameid; each is put together when it is first asked for."""

    def __init__(self, index: Index, towns: Towns, specs: Iterable[AreaSpec] | None = None) -> None:
        self._index = index
        self._towns = towns
        self.specs = {spec.name: spec for spec in (packaged() if specs is None else specs)}
        self.area = cache(self._area)
        self.named = lru_cache(maxsize=2_000)(self._named)
        self.entry = lru_cache(maxsize=2_000)(self._entry)
        self.box = lru_cache(maxsize=2_000)(self._box)

    @property
    def keys(self) -> Iterable[str]:
        """The folded names of all areas but the cities, which the gazetteer has."""
        return self._by_key.keys()

    def of(self, place: Place) -> Area | None:
        """The area that a place is, None where it is a country, a division, or a town without boroughs of its own."""
        if place.geonameid:
            name = self._by_id.get(place.geonameid)
            return self.area(name) if name else None
        if not place.precision.is_area or place.admin1 == place.name:
            return None
        return self.named(fold(place.name))

    def parts(self, area: Area) -> list[Entry]:
        """The countries, divisions and districts of an area; where it has none, the largest towns in its polygons."""
        rows = [*(self._index.country_row(code) for code in sorted(area.countries)), *area.divisions, *area.districts]
        rows = [row for row in rows if row >= 0]
        for one in () if rows else area.polygons:
            rows += self._towns.within(one)[:MOST_TOWNS].tolist()
        found = [self._index.entry(row) for row in rows]
        if area.within:
            found = [one for one in found if one.country == area.within]
        return [one for one in found if area.within_division in (-1, one.admin1)]

    # -------------------------------------------------------------- making

    @cached_property
    def _by_key(self) -> dict[str, str]:
        article = re.compile(shared_table("places")["typed"]["article"])
        names: dict[str, str] = {}
        for spec in self.specs.values():
            city = self._index.find(spec.geonameid) if spec.geonameid else None
            if city is not None and city.kind == CITY:
                continue
            for name in (spec.name, *spec.names):
                names.setdefault(fold(article.sub("", name)), spec.name)
                names.setdefault(fold(name), spec.name)
        return names

    @cached_property
    def _by_id(self) -> Mapping[int, str]:
        return {spec.geonameid: spec.name for spec in self.specs.values() if spec.geonameid}

    def _named(self, key: str) -> Area | None:
        """The area with a folded name, or the compass part of a country or division; None if there is none."""
        name = self._by_key.get(key)
        if name is not None:
            return self.area(name)
        part = compass.read(key)
        return self._compass_part(key, part) if part else None

    def _compass_part(self, key: str, part: compass.Part) -> Area | None:
        found = [c.entry for c in self._index.candidates(part.whole) if c.entry.kind in (COUNTRY, PROVINCE)]
        if not found:
            return None
        whole = max(found, key=lambda entry: (entry.kind == COUNTRY, entry.population))
        bounds = self._towns.bounds(whole)
        if bounds is None:
            return None
        polygon = Polygon.of(compass.ring(part, compass.Bounds(*bounds)))
        name = " ".join(word.title() for word in key.split())
        return Area(
            name=name,
            polygons=(polygon,),
            partial=frozenset((whole.country,)),
            within=whole.country,
            within_division=whole.row if whole.kind == PROVINCE else -1,
            is_compass_part=True,
        )

    def _area(self, name: str) -> Area:
        spec = self.specs[name]
        inner = [self.area(part) for part in spec.areas]
        # a sea has the parts of its parts; a region has only what is listed, not the Gulf of Aden with the Arabian Sea
        seas = [self.area(part) for part in spec.seas] if spec.is_sea else []
        countries = frozenset(spec.countries.split()).union(*(one.countries for one in inner))
        divisions = frozenset(self._rows(spec.divisions, PROVINCE)).union(*(one.divisions for one in inner))
        districts = frozenset(self._rows(spec.districts, DISTRICT)).union(*(one.districts for one in inner))
        polygons = spec.polygons
        partial = {self._index.entry(row).country for row in (*divisions, *districts)}
        if spec.within and polygons:
            partial.add(spec.within)
        else:
            partial = partial.union(*(self._towns.countries(self._towns.within(one)) for one in polygons))
        return Area(
            name=name,
            geonameid=spec.geonameid,
            countries=countries,
            divisions=divisions,
            districts=districts,
            polygons=(*polygons, *(polygon for one in inner for polygon in one.polygons)),
            within=spec.within,
            seas=frozenset((*spec.seas, *spec.areas)).union(*(one.seas for one in (*inner, *seas))),
            is_sea=spec.is_sea,
            partial=frozenset(partial.union(*(one.partial for one in inner)) - countries),
        )

    def _rows(self, parts: Mapping[str, tuple[str, ...]], kind: int) -> Iterator[int]:
        """The rows of divisions or districts by country and name.

        Raises:
            UnknownPartError: there is none of that name.
        """
        for country, names in parts.items():
            for said in names:
                outer, _, name = said.rpartition(" > ")
                found = [
                    entry.row
                    for entry in (candidate.entry for candidate in self._index.candidates(fold(name)))
                    if entry.kind == kind and entry.country == country and self._is_in(entry, outer)
                    if fold(entry.name) == fold(name)
                ]
                if not found:
                    raise UnknownPartError(f"{country}/{said}")
                yield from found

    def _is_in(self, entry: Entry, division: str) -> bool:
        return not division or (entry.admin1 >= 0 and fold(self._index.entry(entry.admin1).name) == fold(division))

    def _entry(self, area: Area) -> Entry:
        """The area as an entry: the people of its parts, and the centre that is given, else that of its parts."""
        spec = self.specs.get(area.name)
        parts = self.parts(area)
        centre = (spec.lat, spec.lon) if spec and spec.lat is not None else self._centre(area, parts)
        people = sum(part.population for part in parts)
        if not area.countries and not area.divisions and not area.districts and not area.within:
            people = sum(self._towns.people(self._towns.within(one)) for one in area.polygons)
        zones = {part.zone: 0 for part in parts}
        for part in parts:
            zones[part.zone] += part.population
        return Entry(
            row=-2,
            name=area.name,
            kind=REGION,
            country=area.country,
            lat=centre[0],
            lon=centre[1],
            population=people,
            admin1=-1,
            admin2=-1,
            geonameid=area.geonameid,
            capital=False,
            zone=max(zones, key=lambda zone: zones[zone], default=0),
        )

    def _centre(self, area: Area, parts: list[Entry]) -> tuple[float | None, float | None]:
        """The middle of the polygons, else of the parts' centres."""
        points: list[Point] = [(part.lat, part.lon) for part in parts if part.lat is not None and part.lon is not None]
        if area.polygons and not area.countries and not area.divisions:
            points = [point for one in area.polygons for point in one.points]
        return self._towns.middle(points)

    def _box(self, area: Area) -> Box | None:
        """The box of an area's districts and polygons, which are parts of divisions; None where it has none."""
        boxes = [Box(one.south, one.west, one.north, one.east) for one in area.polygons]
        boxes += [Box(*bounds) for row in area.districts if (bounds := self._towns.bounds(self._index.entry(row)))]
        return Box.around(boxes)


@cache
def packaged() -> tuple[AreaSpec, ...]:
    """The areas of this package's data files."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8"))["area"] for path in sorted(DATA.glob("*.toml"))]
    tables += [json.loads(path.read_text(encoding="utf-8"))["area"] for path in sorted(DATA.glob("*.json"))]
    return tuple(msgspec.convert(area, AreaSpec) for table in tables for area in table)
