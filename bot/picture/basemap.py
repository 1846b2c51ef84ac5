"""What does a map show below everything else? Sea, land, lakes, provinces and borders."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.picture import outlines, style
from bot.picture.clip import visible_shapes
from bot.picture.projection import Local, Points, World
from bot.picture.style import Colour
from bot.picture.visible_areas import VisibleAreas, visible_areas

# supersampling: everything is drawn this many times larger and then reduced, which smooths its edges
SCALE = 2
# above this many kilometres for each pixel (of the larger picture) borders of provinces are left out, but for the
# countries whose provinces have a median side of so many pixels; above the second one those too
PROVINCES_UP_TO, LARGE_PROVINCES_UP_TO = 1.6, 5.5
LARGE_PROVINCE_PX = 28.0
# above this one the coarse outlines are used, since the finest look the same
FINE_UP_TO = 1.9
# above this one the line along a coast is left out, since it costs more time than it shows
COASTS_UP_TO = 1.3

Paint = Callable[[str, int], Colour]


def draw_basemap(projection: Local | World, width: int, height: int, paint: Paint) -> Image.Image:
    """The base map as an image ``SCALE`` times as large as ``width`` x ``height``; ``projection`` is of that size too.

    ``paint`` gives the colour of a polygon of land from its country (alpha-2) and province (geonameid).
    """
    world = outlines.outlines() if projection.km_per_px < FINE_UP_TO else outlines.coarse()
    image = Image.new("RGB", (width * SCALE, height * SCALE), style.SEA)
    draw = ImageDraw.Draw(image)
    shown = visible_shapes(world.rings, projection, closed=True, kinds=outlines.RINGS, least_px=1.5 * SCALE)
    faces = [(number, _flat(points)) for number, points in shown]
    for number, flat in faces if projection.km_per_px < COASTS_UP_TO else ():
        if len(flat) >= 6 and world.rings.kind[number] != outlines.WATER:
            draw.line((*flat, *flat[:2]), fill=style.COAST, width=2 * SCALE)
    for number, flat in faces:
        kind = world.rings.kind[number]
        colour = paint(world.country[number].decode(), int(world.province[number]))
        if len(flat) >= 6:
            draw.polygon(
                flat, fill=style.SEA if kind == outlines.WATER else style.LAND if kind == outlines.ISLET else colour
            )
        elif kind == outlines.LAND:
            draw.point(flat, fill=colour)
    is_near = projection.km_per_px < PROVINCES_UP_TO
    kinds = outlines.LINES if projection.km_per_px < LARGE_PROVINCES_UP_TO else (outlines.BORDER,)
    areas = visible_areas(projection) if kinds == outlines.LINES and not is_near else None
    divided = with_large_provinces(areas) if areas else frozenset()
    for number, points in visible_shapes(world.lines, projection, closed=False, kinds=kinds):
        is_border = world.lines.kind[number] == outlines.BORDER
        if areas and not is_border and areas.country_at(*points[len(points) // 2].tolist()) not in divided:
            continue
        colour, wide = (style.BORDER, 2 * SCALE if is_near else SCALE) if is_border else (style.PROVINCE, SCALE)
        draw.line(_flat(points), fill=colour, width=wide)
    return image


def with_large_provinces(areas: VisibleAreas) -> frozenset[str]:
    """The countries (alpha-2) whose provinces are large enough on the map that their borders don't crowd it."""
    sizes: dict[str, list[float]] = {}
    for one in areas.provinces:
        sizes.setdefault(one.country, []).append(one.size)
    least = LARGE_PROVINCE_PX * SCALE
    return frozenset(country for country, found in sizes.items() if len(found) > 1 and median(found) >= least)


def country_points(country: str) -> Points | None:
    """The outlines of a country's main parts, which a map of it must show, as (longitude, latitude) rows."""
    world = outlines.outlines()
    mine = np.flatnonzero((world.country == country.encode()) & (world.rings.kind == outlines.LAND))
    return _main_parts(mine)


def province_points(province: int) -> Points | None:
    """The outlines of a province's main parts, by its geonameid, as (longitude, latitude) rows."""
    world = outlines.outlines()
    mine = (world.province == province) & (world.rings.kind == outlines.LAND)
    return _main_parts(np.flatnonzero(mine)) if province else None


def _main_parts(numbers: NDArray[np.int64]) -> Points | None:
    """The points of the largest polygons that make up nine tenths of the area, largest first; None without any."""
    if not len(numbers):
        return None
    rings = outlines.outlines().rings
    boxes = rings.boxes[numbers].astype(np.float64)
    sizes = (
        (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) * np.cos(np.radians(boxes[:, [1, 3]].mean(axis=1)))
    )
    order = np.argsort(-sizes)
    upto = int(np.searchsorted(np.cumsum(sizes[order]), 0.9 * sizes.sum())) + 1
    return np.concatenate([rings.shape(int(numbers[n])) for n in order[:upto]]).astype(np.float64)


def _flat(points: Points) -> list[float]:
    flat: list[float] = points.ravel().tolist()
    return flat
