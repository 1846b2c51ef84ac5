"""Does every area hold a town, and does every town lie in its country, division, continent and sub-region?

    python scripts/check_areas.py [--people 50000]

Goes through all towns of at least so many people and all areas, in about two minutes. Prints what is amiss, and the
areas without a town of that size; exit 1 if a town is held by too little or an area holds no town at all.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from extract.places import Gazetteer
from extract.places.row_layout import CITY
from extract.places.towns import Towns
from extract.types import Place
from tests.extract.test_areas import CONTINENTS, SUB_REGIONS


def main() -> None:
    """Check all, print what is amiss."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    least = parser.parse_args().people
    gazetteer = Gazetteer.open()
    table = gazetteer.table
    rows = np.flatnonzero((table["kind"] & 7 == CITY) & (table["population"] >= least)).tolist()
    towns = [gazetteer.place(gazetteer.entry(row)) for row in rows]
    areas = {name: _place(gazetteer, name) for name in gazetteer.areas.specs}
    held: Counter[str] = Counter()
    amiss = 0
    for row, town in zip(rows, towns, strict=True):
        entry = gazetteer.entry(row)
        above = [gazetteer.country_row(entry.country), *([entry.admin1] if entry.admin1 >= 0 else [])]
        mine = {name for name, area in areas.items() if gazetteer.contains(area, town)}
        held.update(mine)
        problems = [
            *(f"not in {place.name}" for place in map(gazetteer.place, map(gazetteer.entry, above))
              if not gazetteer.contains(place, town)),
            *(["in no continent"] if mine.isdisjoint(CONTINENTS) else []),
            *(["in no sub-region"] if mine.isdisjoint(SUB_REGIONS) else []),
        ]  # fmt: skip
        amiss += bool(problems)
        for problem in problems:
            print(f"{town.name}, {town.country}: {problem}")
    for name in sorted(set(areas) - set(held)):
        smaller = _has_town(gazetteer, name)
        amiss += not smaller
        print(f"{name}: no town of {least:,} people" + ("" if smaller else ", and no smaller one"))
    print(f"{len(towns):,} towns, {len(areas)} areas, {amiss} amiss")
    sys.exit(1 if amiss else 0)


def _place(gazetteer: Gazetteer, name: str) -> Place:
    return gazetteer.place(gazetteer.areas.entry(gazetteer.areas.area(name)))


def _has_town(gazetteer: Gazetteer, name: str) -> bool:
    towns, area = Towns(gazetteer.table), gazetteer.areas.area(name)
    parts = gazetteer.areas.parts(area)
    is_part = area.is_sea or any(part.kind == CITY or towns.bounds(part) for part in parts)
    return is_part or any(len(towns.within(one)) for one in area.polygons)


if __name__ == "__main__":
    main()
