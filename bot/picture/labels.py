"""Which names are written on a map, and where? The most important first, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from PIL import ImageDraw

from bot.picture import style
from bot.picture.style import Colour, Rect

GAP = 6
HALO = 3
RESERVED = 12


class LabelRequest(msgspec.Struct, frozen=True):
    """A name to write at a point of the picture, if there is room; ``dot`` is the radius of the dot there, 0 for none.

    Without a dot the name is centred on the point, with one it is beside it. ``is_drawn``: the dot is drawn already.
    ``room``: how many pixels above and below the point a name without a dot may be moved.
    """

    text: str
    x: float
    y: float
    size: int = 18
    bold: bool = False
    dot: float = 3.0
    colour: Colour = style.TEXT
    capital: bool = False
    gap: float = GAP
    is_drawn: bool = False
    room: float = 0.0


class Label(msgspec.Struct, frozen=True):
    """A name with its rectangle."""

    request: LabelRequest
    box: Rect


def place_labels(
    requests: Iterable[LabelRequest], frame: Rect, occupied: Sequence[Rect] = (), most: int = 40
) -> list[Label]:
    """The names that have room in the frame, in the given order, without overlap with others or with ``occupied``."""
    placed: list[Label] = []
    full = list(occupied)
    requests = list(requests)
    # the dots of the first names are reserved, so that no long name hides a large town
    first = {n: _dot_box(request) for n, request in enumerate(requests[:RESERVED]) if request.dot}
    for number, request in enumerate(requests):
        if len(placed) >= most:
            break
        dot_box, others = _dot_box(request), [one for n, one in first.items() if n != number]
        if not dot_box.lies_in(frame) or (request.dot and not request.is_drawn and not _is_free(dot_box, full)):
            continue
        box = next((one for one in _places(request) if one.lies_in(frame) and _is_free(one, full + others)), None)
        if box is not None:
            placed.append(Label(request, box))
            full += [box, dot_box] if request.dot else [box]
    return placed


def draw_labels(draw: ImageDraw.ImageDraw, labels: Iterable[Label], halo: Colour = style.FOCUS_LAND) -> None:
    """Draw the names with their dots."""
    for label in labels:
        request, face = label.request, style.font(label.request.size, bold=label.request.bold)
        if request.dot and not request.is_drawn:
            box = _dot_box(request)
            shape = draw.rectangle if request.capital else draw.ellipse
            shape((box.left, box.top, box.right, box.bottom), fill=request.colour, outline=halo)
        draw.text(
            (label.box.left, label.box.top),
            request.text,
            font=face,
            fill=request.colour,
            stroke_width=HALO,
            stroke_fill=halo,
            anchor="la",
        )


def _dot_box(request: LabelRequest) -> Rect:
    return Rect(request.x - request.dot, request.y - request.dot, request.x + request.dot, request.y + request.dot)


def _is_free(box: Rect, occupied: Sequence[Rect]) -> bool:
    return not any(box.overlaps(other) for other in occupied)


def _places(request: LabelRequest) -> Iterator[Rect]:
    """The candidate rectangles of a name: right of its dot, left, above, below; without a dot, on its point."""
    face = style.font(request.size, bold=request.bold)
    wide, high = style.text_width(request.text, face) + 2 * HALO, request.size * 1.25
    off = request.dot + request.gap
    if not request.dot:
        # only the bold name, the map's subject, has alternatives
        rows = (0.0, *(sign * row for row in range(1, int(request.room / high)) for sign in (1, -1)))
        for down in (-0.5, 1.0, -2.0) if request.bold else [row - 0.5 for row in rows]:
            yield _at(request.x - wide / 2, request.y + down * high, wide, high)
        return
    yield _at(request.x + off, request.y - high / 2, wide, high)
    yield _at(request.x - off - wide, request.y - high / 2, wide, high)
    yield _at(request.x - wide / 2, request.y - off - high, wide, high)
    yield _at(request.x - wide / 2, request.y + off, wide, high)


def _at(left: float, top: float, wide: float, high: float) -> Rect:
    return Rect(left, top, left + wide, top + high)
