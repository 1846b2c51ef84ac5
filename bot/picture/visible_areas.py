"""Which countries and provinces are visible on a map, how large, and where in each is most room for its name?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.picture import outlines
from bot.picture.clip import visible_shapes
from bot.picture.projection import Local, World

# the picture is looked at in squares of this many pixels
CELL = 6
# smaller lakes belong to the land around them; in squares
LEAST_WATER = 8
NOWHERE = -1

Grid = NDArray[np.int32]


class VisibleArea(msgspec.Struct, frozen=True):
    """The visible part of a country (alpha-2; ``province`` 0) or province (geonameid), in pixels of the picture.

    ``x``, ``y``: the point farthest from its edges; ``room``: that distance; ``size``: the side of a square as large.
    """

    country: str
    province: int
    x: float
    y: float
    room: float
    size: float


class VisibleAreas(msgspec.Struct, frozen=True):
    """All visible countries and provinces, the largest first; ``grid``: the number of each cell's polygon of land."""

    countries: tuple[VisibleArea, ...]
    provinces: tuple[VisibleArea, ...]
    grid: Grid

    def country_at(self, x: float, y: float) -> str:
        """The country (alpha-2) at a pixel; empty for water and beyond the edges."""
        row, column = int(y // CELL), int(x // CELL)
        if (
            not (0 <= row < self.grid.shape[0] and 0 <= column < self.grid.shape[1])
            or self.grid[row, column] == NOWHERE
        ):
            return ""
        return _index().countries[int(_index().country_of[self.grid[row, column]])][0]


class _Index(msgspec.Struct, frozen=True):
    """For each polygon the number of its country and province, and for these their codes and geonameids."""

    country_of: Grid
    province_of: Grid
    countries: tuple[tuple[str, int], ...]
    provinces: tuple[tuple[str, int], ...]


@lru_cache(maxsize=4)
def visible_areas(view: Local | World) -> VisibleAreas:
    """The countries and provinces on a map with this projection."""
    world = outlines.coarse()
    small = msgspec.structs.replace(view, width=view.width // CELL, height=view.height // CELL)
    if isinstance(small, Local):
        small = msgspec.structs.replace(small, km_per_px=small.km_per_px * CELL)
    rings = _ring_grid(small, world)
    index = _index()
    return VisibleAreas(
        countries=_areas(np.where(rings == NOWHERE, NOWHERE, index.country_of[rings]), index.countries),
        provinces=_areas(np.where(rings == NOWHERE, NOWHERE, index.province_of[rings]), index.provinces),
        grid=rings,
    )


@cache
def _index() -> _Index:
    world = outlines.coarse()
    codes, country_of = np.unique(world.country, return_inverse=True)
    ids, first, province_of = np.unique(world.province, return_index=True, return_inverse=True)
    return _Index(
        country_of=country_of.astype(np.int32),
        province_of=np.where(world.province > 0, province_of, NOWHERE).astype(np.int32),
        countries=tuple((code.decode(), 0) for code in codes.tolist()),
        provinces=tuple(
            (world.country[ring].decode(), number) for number, ring in zip(ids.tolist(), first, strict=True)
        ),
    )


def _ring_grid(small: Local | World, world: outlines.Outlines) -> Grid:
    """The number of the polygon of land in each cell, ``NOWHERE`` for water."""
    image = Image.new("I", (small.width, small.height), NOWHERE)
    draw = ImageDraw.Draw(image)
    kinds = (outlines.LAND, outlines.WATER)
    for number, points in visible_shapes(world.rings, small, closed=True, kinds=kinds):
        is_water = world.rings.kind[number] == outlines.WATER
        if len(points) >= 3 and (not is_water or np.ptp(points, axis=0).max() >= LEAST_WATER):
            draw.polygon(points.ravel().tolist(), fill=NOWHERE if is_water else number)
    return np.asarray(image, np.int32)


def _areas(grid: Grid, names: Sequence[tuple[str, int]]) -> tuple[VisibleArea, ...]:
    depth = _depths(grid)
    flat, deep = grid.ravel(), depth.ravel()
    order = np.lexsort((-deep, flat))
    numbers, first, sizes = np.unique(flat[order], return_index=True, return_counts=True)
    found = []
    for number, at, size in zip(numbers.tolist(), order[first].tolist(), sizes.tolist(), strict=True):
        if number != NOWHERE:
            y, x = divmod(at, grid.shape[1])
            room, side = float(deep[at]) * CELL, float(np.sqrt(size)) * CELL
            country, province = names[number]
            found.append(VisibleArea(country, province, (x + 0.5) * CELL, (y + 0.5) * CELL, room, side))
    return tuple(sorted(found, key=lambda one: -one.size))


def _depths(grid: Grid) -> NDArray[np.int16]:
    """The distance of each cell from the edge of its area or of the picture, in cells."""
    depth = np.zeros(grid.shape, np.int16)
    left = np.pad(grid != NOWHERE, 1)
    around = np.pad(grid, 1, constant_values=NOWHERE)
    same = left.copy()
    shifts = ((0, 1), (0, -1), (1, 0), (-1, 0))
    for down, right in shifts:
        same &= np.roll(around, (down, right), (0, 1)) == around
    while left.any():
        depth += left[1:-1, 1:-1]
        inner = left & same
        for down, right in shifts:
            inner &= np.roll(left, (down, right), (0, 1))
        left = inner
    return depth
