"""Where land, provinces and lakes lie: Natural Earth's shapes, from one small file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
# the file's coordinates are whole numbers of this part of a degree: about 220 m
PER_DEGREE = 500
# degrees, of the coarse shapes
GRID = 0.02
RINGS = LAND, WATER, ISLET = range(3)
LINES = BORDER, PROVINCE_LINE = range(2)

Points = NDArray[np.float32]


class Shapes(msgspec.Struct, frozen=True):
    """Rings or lines, one after the other: ``points`` are (longitude, latitude) in degrees.

    Shape ``n`` is ``points[starts[n]:starts[n + 1]]`` and lies in ``boxes[n]``: west, south, east, north.
    """

    points: Points
    starts: NDArray[np.int64]
    boxes: Points
    kind: NDArray[np.uint8]

    def shape(self, number: int) -> Points:
        """One shape's points."""
        return self.points[self.starts[number] : self.starts[number + 1]]


class Outlines(msgspec.Struct, frozen=True):
    """The world's faces of land, each with its country (alpha-2) and province (geonameid, 0 for none), and borders.

    ``rings`` are in the order in which they are painted: what lies in another comes after it.
    """

    rings: Shapes
    lines: Shapes
    country: NDArray[np.bytes_]
    province: NDArray[np.uint32]


@cache
def outlines() -> Outlines:
    """The outlines that come with this package; read once, 30 ms and 10 MB."""
    with np.load(DATA / "outlines.npz") as file:
        return Outlines(_shapes(file, "ring"), _shapes(file, "line"), file["ring_country"], file["ring_province"])


@cache
def coarse() -> Outlines:
    """The same for maps on which 2 km are no more than a point: on a grid of that size, a third of the points."""
    fine = outlines()
    return msgspec.structs.replace(fine, rings=_on_grid(fine.rings), lines=_on_grid(fine.lines))


def _on_grid(shapes: Shapes) -> Shapes:
    """Neighbours stay neighbours, since a point both have goes to one place."""
    points = np.rint(shapes.points / GRID) * np.float32(GRID)
    part = np.repeat(np.arange(len(shapes.kind)), np.diff(shapes.starts))
    keep = np.ones(len(points), bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1) | (part[1:] != part[:-1])
    starts = np.concatenate(([0], np.cumsum(np.bincount(part[keep], minlength=len(shapes.kind)))))
    return msgspec.structs.replace(shapes, points=points[keep].astype(np.float32), starts=starts)


def packed(name: str, shapes: list[NDArray[np.int32]]) -> dict[str, NDArray[np.generic]]:
    """Shapes as the file holds them: differences from point to point, by bytes, which compresses well."""
    points = np.concatenate(shapes)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int32)).astype("<i4")
    return {
        f"{name}_size": np.array([len(shape) for shape in shapes], np.uint32),
        f"{name}_steps": np.ascontiguousarray(steps.view(np.uint8).reshape(-1, 8).T),
    }


def _shapes(file: np.lib.npyio.NpzFile, name: str) -> Shapes:
    steps = np.ascontiguousarray(file[f"{name}_steps"].T).view("<i4")
    points = (np.cumsum(steps, axis=0) / PER_DEGREE).astype(np.float32)
    starts = np.concatenate(([0], np.cumsum(file[f"{name}_size"], dtype=np.int64)))
    low = np.minimum.reduceat(points, starts[:-1])
    high = np.maximum.reduceat(points, starts[:-1])
    return Shapes(points, starts, np.hstack((low, high)), file[f"{name}_kind"])
