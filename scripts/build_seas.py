"""Build extract/data/areas/seas.json: the polygons of seas, gulfs and straits with the towns on their coasts.

    pip install "shapely>=2.1" && python scripts/build_seas.py

Each sea's outline (``build_seas.toml``) is cut along the coast of the maps' outlines (Natural Earth 1:10m, public
domain), widened by its margin so that ports and beaches lie inside, and simplified to about 5 km.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity

sys.path.insert(0, str(Path(__file__).parent.parent))
from bot.picture.outlines import LAND, coarse

HERE = Path(__file__).parent
OUT = HERE.parent / "extract" / "data" / "areas" / "seas.json"
MARGIN = 20.0  # km
KM_PER_DEGREE = 111.2
SIMPLE = 0.04  # degrees


def main() -> None:
    """Read the outlines, write the polygons, print their size."""
    land = _land()
    seas = tomllib.loads((HERE / "build_seas.toml").read_text(encoding="utf-8"))["sea"]
    out = [_area(sea, land) for sea in seas]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in out)
    OUT.write_text(f'{{"area":[\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {len(out)} seas, {sum(len(one['polygon']) for one in out)} points")


def _land() -> shapely.STRtree:
    rings = coarse().rings
    shapes = [shapely.Polygon(rings.shape(n)) for n in np.flatnonzero(rings.kind == LAND) if len(rings.shape(n)) > 3]
    return shapely.STRtree(shapely.make_valid(shapes))


def _without(ring: shapely.Polygon, land: shapely.STRtree) -> shapely.Geometry:
    """The ring without the land in it."""
    near = land.geometries[land.query(ring)]
    return ring.difference(shapely.union_all(shapely.make_valid(shapely.clip_by_rect(near, *ring.bounds))))


def _area(sea: dict, land: shapely.STRtree) -> dict:
    ring = shapely.Polygon([(lon, lat) for lat, lon in sea["outline"]])
    if not ring.is_valid:
        raise SystemExit(f"the outline of {sea['name']} crosses itself")
    water = ring if sea.get("keeps_land") else _without(ring, land)
    margin = sea.get("margin", MARGIN) / KM_PER_DEGREE
    simple = min(SIMPLE, margin / 3)
    squeeze = np.cos(np.radians(ring.centroid.y))  # a degree of longitude is shorter: widen it as seen on the ground
    wide = shapely.affinity.scale(water, squeeze, 1.0, origin=(0, 0)).buffer(margin)
    grown = shapely.affinity.scale(wide, 1 / squeeze, 1.0, origin=(0, 0))
    biggest = max(shapely.get_parts(grown), key=lambda part: part.area)
    line = shapely.simplify(shapely.Polygon(biggest.exterior), simple).exterior
    points = [[round(lat, 2), round(lon, 2)] for lon, lat in list(line.coords)[:-1]]
    kept = {key: sea[key] for key in ("name", "names", "lat", "lon", "areas") if key in sea}
    if "areas" in kept:
        kept["seas"] = kept.pop("areas")
    return kept | {"is_sea": True, "polygon": points}


if __name__ == "__main__":
    main()
