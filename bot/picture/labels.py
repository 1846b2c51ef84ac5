"""Which names are written on a map, and where? The most important first, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from PIL import ImageDraw

from bot.picture import style
from bot.picture.style import Colour, Rect

GAP = 6
HALO = 3
FIRST = 12


class Wish(msgspec.Struct, frozen=True):
    """A name to write at a point of the picture, if there is room; ``dot`` is the radius of the dot there, 0 for none.

    Without a dot the name is centred on the point, with one it is beside it. ``is_marked``: the dot is drawn already.
    """

    text: str
    x: float
    y: float
    size: int = 18
    bold: bool = False
    dot: float = 3.0
    colour: Colour = style.INK
    capital: bool = False
    gap: float = GAP
    is_marked: bool = False


class Label(msgspec.Struct, frozen=True):
    """A name with its rectangle."""

    wish: Wish
    box: Rect


def laid_out(wishes: Iterable[Wish], frame: Rect, taken: Sequence[Rect] = (), most: int = 40) -> list[Label]:
    """The names that have room in the frame, in the given order, without overlap with each other or with ``taken``."""
    placed: list[Label] = []
    full = list(taken)
    wishes = list(wishes)
    # the dots of the first names are reserved, so that no long name hides a large town
    first = {n: _mark(wish) for n, wish in enumerate(wishes[:FIRST]) if wish.dot}
    for number, wish in enumerate(wishes):
        if len(placed) >= most:
            break
        mark, others = _mark(wish), [one for n, one in first.items() if n != number]
        if not mark.lies_in(frame) or (wish.dot and not wish.is_marked and not _is_free(mark, full)):
            continue
        box = next((one for one in _places(wish) if one.lies_in(frame) and _is_free(one, full + others)), None)
        if box is not None:
            placed.append(Label(wish, box))
            full += [box, mark] if wish.dot else [box]
    return placed


def write(draw: ImageDraw.ImageDraw, labels: Iterable[Label], halo: Colour = style.HOME) -> None:
    """Draw the names with their dots."""
    for label in labels:
        wish, face = label.wish, style.font(label.wish.size, bold=label.wish.bold)
        if wish.dot and not wish.is_marked:
            corners = (wish.x - wish.dot, wish.y - wish.dot, wish.x + wish.dot, wish.y + wish.dot)
            shape = draw.rectangle if wish.capital else draw.ellipse
            shape(corners, fill=wish.colour, outline=halo)
        draw.text(
            (label.box.left, label.box.top),
            wish.text,
            font=face,
            fill=wish.colour,
            stroke_width=HALO,
            stroke_fill=halo,
            anchor="la",
        )


def _mark(wish: Wish) -> Rect:
    return Rect(wish.x - wish.dot, wish.y - wish.dot, wish.x + wish.dot, wish.y + wish.dot)


def _is_free(box: Rect, taken: Sequence[Rect]) -> bool:
    return not any(box.overlaps(other) for other in taken)


def _places(wish: Wish) -> Iterator[Rect]:
    """The candidate rectangles of a name: right of its dot, left, above, below; without a dot, on its point."""
    face = style.font(wish.size, bold=wish.bold)
    wide, high = style.length(wish.text, face) + 2 * HALO, wish.size * 1.25
    off = wish.dot + wish.gap
    if not wish.dot:
        # only the bold name, the map's subject, has alternatives
        for down in (-0.5, 1.0, -2.0) if wish.bold else (-0.5,):
            yield _at(wish.x - wide / 2, wish.y + down * high, wide, high)
        return
    yield _at(wish.x + off, wish.y - high / 2, wide, high)
    yield _at(wish.x - off - wide, wish.y - high / 2, wide, high)
    yield _at(wish.x - wide / 2, wish.y - off - high, wide, high)
    yield _at(wish.x - wide / 2, wish.y + off, wide, high)


def _at(left: float, top: float, wide: float, high: float) -> Rect:
    return Rect(left, top, left + wide, top + high)
