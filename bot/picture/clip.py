"""Which shapes are visible in a projection, and where in the picture are their points?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.picture.outlines import Shapes
from bot.picture.projection import KM_PER_DEGREE, Box, Points, Projection

# the largest distance in degrees between two points, so that a line straight in degrees is drawn as a curve
STEP = 2.0
TURNS = (-360.0, 0.0, 360.0)


def visible_shapes(
    shapes: Shapes, projection: Projection, *, closed: bool, kinds: Sequence[int], least_px: float = 1.0
) -> Iterator[tuple[int, Points]]:
    """Each visible shape of these kinds: its number and its points in pixels, in order of the numbers.

    Shapes smaller than ``least_px`` are left out. ``closed`` shapes are rings and stay rings where they are clipped at
    the edge of the window.
    """
    window = projection.window
    wanted, least = np.isin(shapes.kind, kinds), least_px * projection.km_per_px / KM_PER_DEGREE
    found: list[tuple[int, Points]] = []
    for turn in TURNS:
        for number in np.flatnonzero(wanted & _in_view(shapes, window, turn, least)).tolist():
            points = shapes.shape(number) + np.array((turn, 0.0))
            if closed and not _contains(window, shapes.boxes[number], turn):
                points = _clip_ring(points, window)
                # closed again, so that its last side is drawn as a curve too
                points = np.vstack((points, points[:1]))
            if len(points) > 1:
                found.append((number, points))
    if not found:
        return
    found.sort(key=lambda pair: pair[0])
    part = np.repeat(np.arange(len(found)), [len(points) for _, points in found])
    points, part = _densify(np.concatenate([points for _, points in found]), part)
    pixels = np.rint(projection.project(points))
    keep = np.ones(len(pixels), bool)
    keep[1:] = (pixels[1:, 0] != pixels[:-1, 0]) | (pixels[1:, 1] != pixels[:-1, 1]) | (part[1:] != part[:-1])
    pixels, part = pixels[keep], part[keep]
    for (number, _), one in zip(found, np.split(pixels, np.flatnonzero(np.diff(part)) + 1), strict=True):
        yield number, one


def _in_view(shapes: Shapes, window: Box, turn: float, least: float) -> NDArray[np.bool_]:
    boxes = shapes.boxes
    west, south, east, north = boxes[:, 0] + turn, boxes[:, 1], boxes[:, 2] + turn, boxes[:, 3]
    large = (east - west >= least) | (north - south >= least)
    inside = (west <= window.east) & (east >= window.west) & (south <= window.north) & (north >= window.south)
    found: NDArray[np.bool_] = large & inside
    return found


def _contains(window: Box, box: NDArray[np.float32], turn: float) -> bool:
    west, south, east, north = box.tolist()
    in_width = window.west <= west + turn and east + turn <= window.east
    return bool(in_width and window.south <= south and north <= window.north)


def _clip_ring(ring: Points, window: Box) -> Points:
    """The part of a ring inside the window, by the Sutherland-Hodgman algorithm."""
    for axis, bound, sign in ((0, window.west, 1), (0, window.east, -1), (1, window.south, 1), (1, window.north, -1)):
        depth = sign * (ring[:, axis] - bound)
        inside = depth >= 0
        if inside.all():
            continue
        if not inside.any():
            return ring[:0]
        after, depth2 = np.roll(ring, -1, axis=0), np.roll(depth, -1)
        crosses = inside != np.roll(inside, -1)
        share = depth[crosses] / (depth[crosses] - depth2[crosses])
        kept = inside.astype(np.int64) + crosses
        ends = np.cumsum(kept)
        out = np.empty((int(ends[-1]), 2))
        out[ends[inside] - kept[inside]] = ring[inside]
        out[ends[crosses] - 1] = ring[crosses] + share[:, None] * (after[crosses] - ring[crosses])
        ring = out
    return ring


def _densify(points: Points, part: NDArray[np.int64]) -> tuple[Points, NDArray[np.int64]]:
    """The points with further ones inserted between neighbours of one part that are more than ``STEP`` apart."""
    apart = np.abs(np.diff(points, axis=0))
    steps = np.maximum(apart[:, 0], apart[:, 1])
    far = np.flatnonzero((steps > STEP) & (part[1:] == part[:-1]))
    if not len(far):
        return points, part
    more = np.ceil(steps[far] / STEP).astype(np.int64) - 1
    at = np.repeat(far, more)
    share = (np.arange(len(at)) - np.repeat(np.cumsum(more) - more, more) + 1) / np.repeat(more + 1, more)
    between = points[at] + share[:, None] * (points[at + 1] - points[at])
    return np.insert(points, at + 1, between, axis=0), np.insert(part, at + 1, part[at])
