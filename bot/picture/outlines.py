"""Where are land, provinces and lakes? Shapes from Natural Earth, in one small file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
# the file's coordinates are integers, this many in a degree: about 220 m each
PER_DEGREE = 500
# the grid of the coarse shapes, in degrees
GRID = 0.02
RINGS = LAND, WATER, ISLET = range(3)
LINES = BORDER, PROVINCE_LINE = range(2)

Points = NDArray[np.float32]


class Shapes(msgspec.Struct, frozen=True):
    """Rings or lines, one after the other: ``points`` are (longitude, latitude) rows in degrees.

    Shape ``n`` is ``points[starts[n]:starts[n + 1]]``; its bounding box ``boxes[n]`` is west, south, east, north.
    """

    points: Points
    starts: NDArray[np.int64]
    boxes: Points
    kind: NDArray[np.uint8]

    def shape(self, number: int) -> Points:
        """The points of one shape."""
        return self.points[self.starts[number] : self.starts[number + 1]]


class Outlines(msgspec.Struct, frozen=True):
    """The world's polygons of land, each with its country (alpha-2) and province (geonameid, 0 for none), and borders.

    ``rings`` are in drawing order: a ring inside another comes after it.
    """

    rings: Shapes
    lines: Shapes
    country: NDArray[np.bytes_]
    province: NDArray[np.uint32]


@cache
def outlines() -> Outlines:
    """The outlines from this package's data file; read once, in 30 ms and 10 MB."""
    with np.load(DATA / "outlines.npz") as file:
        return Outlines(_shapes(file, "ring"), _shapes(file, "line"), file["ring_country"], file["ring_province"])


@cache
def coarse() -> Outlines:
    """The outlines on a grid of about 2 km, with a third of the points, for maps on which 2 km are at most a pixel."""
    fine = outlines()
    return msgspec.structs.replace(fine, rings=_on_grid(fine.rings), lines=_on_grid(fine.lines))


def _on_grid(shapes: Shapes) -> Shapes:
    """Shapes with each point moved to the grid; neighbours keep their common border, since common points move alike."""
    points = np.rint(shapes.points / GRID) * np.float32(GRID)
    part = np.repeat(np.arange(len(shapes.kind)), np.diff(shapes.starts))
    keep = np.ones(len(points), bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1) | (part[1:] != part[:-1])
    starts = np.concatenate(([0], np.cumsum(np.bincount(part[keep], minlength=len(shapes.kind)))))
    return msgspec.structs.replace(shapes, points=points[keep].astype(np.float32), starts=starts)


def encode_shapes(name: str, shapes: list[NDArray[np.int32]]) -> dict[str, NDArray[np.generic]]:
    """Shapes in the file's format: differences from point to point, separated by bytes, which compresses well."""
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
