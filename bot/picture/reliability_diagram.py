"""Does what we say hold as often as we say? A reliability diagram: the share that stood over the stated probability."""

from __future__ import annotations

import msgspec
from PIL import Image, ImageDraw

from bot.i18n import translate
from bot.i18n.translate import t
from bot.picture import style
from bot.picture.style import Rect

PLOT = Rect(110, style.HEADER + 34, 690, style.HEIGHT - style.FOOTER - 74)
TABLE = Rect(760, style.HEADER + 34, style.WIDTH - style.MARGIN, style.HEIGHT - style.FOOTER - 74)
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
DASH, GAP = 10, 7
# the radius of a point in pixels, of the fewest and of the most incidents
SMALLEST, LARGEST = 5.0, 17.0


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One bin: the mean probability that was stated, the share that stood, its interval (all 0 to 1), and how many."""

    said: float
    stood: float
    low: float
    high: float
    n: int


class DiagramData(msgspec.Struct, frozen=True, kw_only=True):
    """The points of the diagram, and a table of (label, value) beside it with its heading."""

    points: tuple[Point, ...]
    head: str
    rows: tuple[tuple[str, str], ...]


def diagram(figures: DiagramData, *, title: str, subtitle: str, note: str) -> bytes:
    """The diagram as a PNG, 1200 x 800 pixels."""
    image = style.blank_sheet(title, subtitle, note=note, credit="", accent=style.BARS)
    draw = ImageDraw.Draw(image)
    for y in (style.HEADER, style.HEIGHT - style.FOOTER):
        draw.line((0, y, style.WIDTH, y), fill=style.LINE, width=2)
    _axes(draw)
    most = max((point.n for point in figures.points), default=1)
    for point in figures.points:
        _point(image, point, most)
    _table(draw, figures)
    return style.png(image)


def _axes(draw: ImageDraw.ImageDraw) -> None:
    """Draw the axes in percent, their names, and the diagonal on which what is said and what stood are equal."""
    face, bold = style.font(17), style.font(18, bold=True)
    for value in TICKS:
        x, y = _at(value, value)
        draw.line((PLOT.left, y, PLOT.right, y), fill=style.LINE, width=1)
        draw.line((x, PLOT.top, x, PLOT.bottom), fill=style.LINE, width=1)
        said = translate.percent(value)
        draw.text((PLOT.left - 12, y), said, font=face, fill=style.MUTED, anchor="rm")
        draw.text((x, PLOT.bottom + 10), said, font=face, fill=style.MUTED, anchor="mt")
    _diagonal(draw)
    draw.text((PLOT.left, PLOT.top - 8), t("of these stood"), font=bold, fill=style.TEXT, anchor="ls")
    middle = (PLOT.left + PLOT.right) / 2
    draw.text((middle, PLOT.bottom + 40), t("probability at the first report"), font=bold, fill=style.TEXT, anchor="mt")


def _diagonal(draw: ImageDraw.ImageDraw) -> None:
    (left, bottom), (right, top) = _at(0, 0), _at(1, 1)
    length = ((right - left) ** 2 + (bottom - top) ** 2) ** 0.5
    for start in range(0, int(length), DASH + GAP):
        first, last = start / length, min(1.0, (start + DASH) / length)
        draw.line((*_at(first, first), *_at(last, last)), fill=style.MUTED, width=2)


def _point(image: Image.Image, point: Point, most: int) -> None:
    """Draw a bin: its interval as a bar, a point as large as it has incidents, and their number."""
    draw = ImageDraw.Draw(image)
    x, y = _at(point.said, point.stood)
    _, low = _at(point.said, point.low)
    _, high = _at(point.said, point.high)
    draw.line((x, high, x, low), fill=style.BARS, width=3)
    for end in (high, low):
        draw.line((x - 7, end, x + 7, end), fill=style.BARS, width=3)
    radius = SMALLEST + (LARGEST - SMALLEST) * (point.n / most) ** 0.5
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=style.BARS)
    is_right = x + radius + 80 > PLOT.right
    at = (x - radius - 8, y) if is_right else (x + radius + 8, y)
    draw.text(
        at,
        translate.number(point.n),
        font=style.font(17, bold=True),
        fill=style.TEXT,
        anchor="rm" if is_right else "lm",
        stroke_width=3,
        stroke_fill=style.BACKGROUND,
    )


def _table(draw: ImageDraw.ImageDraw, figures: DiagramData) -> None:
    face, bold = style.font(19), style.font(21, bold=True)
    draw.text((TABLE.left, TABLE.top), figures.head, font=bold, fill=style.TEXT, anchor="lt")
    y = TABLE.top + 44
    for label, value in figures.rows:
        wide = TABLE.right - TABLE.left - style.text_width(value, face) - 16
        draw.text((TABLE.left, y), style.truncated(label, face, wide), font=face, fill=style.TEXT, anchor="lt")
        draw.text((TABLE.right, y), value, font=face, fill=style.TEXT, anchor="rt")
        y += 38


def _at(x: float, y: float) -> tuple[float, float]:
    """The pixel of two shares."""
    return PLOT.left + (PLOT.right - PLOT.left) * x, PLOT.bottom - (PLOT.bottom - PLOT.top) * y
