"""How many incidents, when and of which kind? A chart with bars over time, by kind and of people harmed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
from PIL import Image, ImageDraw

from bot.i18n import translate
from bot.i18n.translate import t
from bot.picture import style
from bot.picture.style import Rect
from extract.types import Severity

TOP = Rect(style.MARGIN, style.HEADER + 14, style.WIDTH - style.MARGIN, 420)
LEFT = Rect(style.MARGIN, 434, 560, style.HEIGHT - style.FOOTER - 10)
RIGHT = Rect(600, 434, style.WIDTH - style.MARGIN, style.HEIGHT - style.FOOTER - 10)
AXIS = 44
MOST_KINDS = 8
HATCH = 7
# the band over the time in which nothing was read, and the distance of its stripes
UNREAD: style.Colour = (242, 243, 245)
STRIPE = 14
USUAL_COLOUR = style.SEVERITIES[Severity.SEVERE]


class Bucket(msgspec.Struct, frozen=True):
    """A day, week or month: its incidents, and the people killed and injured, at least."""

    label: str
    incidents: int
    killed: int = 0
    injured: int = 0


class ChartData(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a chart. ``head`` is the title above the bars over time; ``kinds`` are (label, incidents) pairs.

    ``usual`` is the usual number of incidents in one bucket, None where it isn't known. ``killed`` and ``injured`` are
    the texts of the legend. ``unread``: the share of the time, from its beginning, in which nothing was read, 0 to 1;
    ``unread_after``: that at its end.
    """

    buckets: tuple[Bucket, ...]
    head: str
    kinds: tuple[tuple[str, int], ...]
    usual: float | None = None
    killed: str = ""
    injured: str = ""
    unread: float = 0.0
    unread_after: float = 0.0


def chart(figures: ChartData, *, title: str, subtitle: str, note: str) -> bytes:
    """The chart as a PNG, 1200 x 800 pixels."""
    return style.png(picture(figures, title=title, subtitle=subtitle, note=note))


def picture(figures: ChartData, *, title: str, subtitle: str, note: str) -> Image.Image:
    """The chart as an image."""
    image = style.blank_sheet(title, subtitle, note=note, credit="", accent=style.BARS)
    draw = ImageDraw.Draw(image)
    for y in (style.HEADER, style.HEIGHT - style.FOOTER):
        draw.line((0, y, style.WIDTH, y), fill=style.LINE, width=2)
    _over_time(draw, figures)
    _by_kind(draw, figures.kinds)
    _people(draw, figures)
    return image


def ticks(most: float, wanted: int = 4) -> list[int]:
    """Round numbers from 0 to ``most`` or just above it, in steps of 1, 2 or 5 times a power of ten."""
    most = max(1.0, most)
    power = 10 ** math.floor(math.log10(most))
    steps = sorted({max(1, math.ceil(step * power / 10)) for step in (1, 2, 5, 10, 20, 50)})
    step = next((step for step in steps if most / step <= wanted), steps[-1])
    return list(range(0, math.ceil(most / step) * step + 1, step))


def _over_time(draw: ImageDraw.ImageDraw, figures: ChartData) -> None:
    _heading(draw, TOP, figures.head)
    values = [bucket.incidents for bucket in figures.buckets]
    scale = ticks(max([*values, figures.usual or 0]))
    plot = _axes(draw, TOP, scale, [bucket.label for bucket in figures.buckets])
    _unread(draw, plot, figures)
    slot = (plot.right - plot.left) / len(values)
    face = style.font(16, bold=True)
    for number, value in enumerate(values):
        left = plot.left + slot * number
        if value:
            top = _height(plot, scale, value)
            draw.rectangle((left + slot * 0.14, top, left + slot * 0.86, plot.bottom - 1), fill=style.BARS)
    if figures.usual is not None:
        _usual(draw, plot, scale, figures.usual)
    for number, value in enumerate(values):
        if value and style.text_width(f"{value:,}", face) < slot:
            at = (plot.left + slot * (number + 0.5), _height(plot, scale, value) - 4)
            draw.text(
                at, f"{value:,}", font=face, fill=style.TEXT, anchor="mb", stroke_width=3, stroke_fill=style.BACKGROUND
            )


def _unread(draw: ImageDraw.ImageDraw, plot: Rect, figures: ChartData) -> None:
    """Draw striped bands over the time in which nothing was read, so that no bar there doesn't look like none."""
    wide = plot.right - plot.left
    _band(draw, msgspec.structs.replace(plot, right=plot.left + wide * figures.unread), t("nothing read yet"))
    _band(draw, msgspec.structs.replace(plot, left=plot.right - wide * figures.unread_after), t("nothing read"))


def _band(draw: ImageDraw.ImageDraw, area: Rect, text: str) -> None:
    if area.right - area.left < 1:
        return
    draw.rectangle((area.left, area.top, area.right, area.bottom), fill=UNREAD)
    high = area.bottom - area.top
    for x in range(int(area.left - high), int(area.right), STRIPE):
        low, top = max(x, area.left), min(x + high, area.right)
        draw.line((low, area.bottom - (low - x), top, area.bottom - (top - x)), fill=style.LINE, width=1)
    face = style.font(17, bold=True)
    if style.text_width(text, face) + 12 < area.right - area.left:
        at = ((area.left + area.right) / 2, area.top + 20)
        draw.text(at, text, font=face, fill=style.MUTED, anchor="mm", stroke_width=4, stroke_fill=UNREAD)


def _usual(draw: ImageDraw.ImageDraw, plot: Rect, scale: Sequence[int], usual: float) -> None:
    """Draw a dashed line at the usual number, and its label."""
    y = _height(plot, scale, usual)
    for x in range(int(plot.left), int(plot.right), 16):
        draw.line((x, y, min(x + 9, plot.right), y), fill=USUAL_COLOUR, width=3)
    text = t("- - usual: {n}", n=translate.number(usual, 0 if usual >= 10 else 1))
    draw.text((plot.right, plot.top - 24), text, font=style.font(17, bold=True), fill=USUAL_COLOUR, anchor="rb")


def _by_kind(draw: ImageDraw.ImageDraw, kinds: Sequence[tuple[str, int]]) -> None:
    _heading(draw, LEFT, t("By kind"))
    shown = list(kinds[:MOST_KINDS])
    rest = sum(number for _, number in kinds[MOST_KINDS:])
    shown += [(t("others"), rest)] if rest else []
    most = max((number for _, number in shown), default=1)
    face, small = style.font(17), style.font(17, bold=True)
    wide, top = 190, LEFT.top + 38
    step = min(36.0, (LEFT.bottom - top) / max(1, len(shown)))
    for number, (label, value) in enumerate(shown):
        y = top + step * (number + 0.5)
        draw.text(
            (LEFT.left + wide - 10, y), style.truncated(label, face, wide - 14), font=face, fill=style.TEXT, anchor="rm"
        )
        end = LEFT.left + wide + (LEFT.right - LEFT.left - wide - 60) * value / most
        draw.rectangle((LEFT.left + wide, y - step * 0.32, end, y + step * 0.32), fill=style.BARS)
        draw.text((end + 8, y), str(value), font=small, fill=style.TEXT, anchor="lm")


def _people(draw: ImageDraw.ImageDraw, figures: ChartData) -> None:
    _heading(draw, RIGHT, t("Killed and injured, at least"))
    killed, injured = style.SEVERITIES[Severity.SEVERE], style.SEVERITIES[Severity.MODERATE]
    face, x, y = style.font(17), RIGHT.left, RIGHT.top + 34
    for text, colour, is_filled in ((figures.killed, killed, True), (figures.injured, injured, False)):
        _bar(draw, Rect(x, y, x + 18, y + 16), colour, is_filled=is_filled)
        draw.text((x + 26, y + 8), text, font=face, fill=style.TEXT, anchor="lm")
        x += 26 + style.text_width(text, face) + 28
    buckets = figures.buckets
    scale = ticks(max(max(bucket.killed, bucket.injured) for bucket in buckets), 3)
    below = Rect(RIGHT.left, RIGHT.top + 36, RIGHT.right, RIGHT.bottom)
    plot = _axes(draw, below, scale, [bucket.label for bucket in buckets])
    _unread(draw, plot, figures)
    slot = (plot.right - plot.left) / len(buckets)
    for number, bucket in enumerate(buckets):
        left = plot.left + slot * number
        pairs = ((bucket.killed, killed, 0.1, True), (bucket.injured, injured, 0.5, False))
        for value, colour, start, is_filled in pairs:
            if value:
                box = Rect(
                    left + slot * start, _height(plot, scale, value), left + slot * (start + 0.4), plot.bottom - 1
                )
                _bar(draw, box, colour, is_filled=is_filled)


def _bar(draw: ImageDraw.ImageDraw, box: Rect, colour: style.Colour, *, is_filled: bool) -> None:
    """Draw a bar, filled or striped, so that the two can be distinguished without their colours."""
    corners = (box.left, box.top, box.right, box.bottom)
    if is_filled:
        draw.rectangle(corners, fill=colour)
        return
    draw.rectangle(corners, fill=style.BACKGROUND, outline=colour, width=2 if box.right - box.left > 8 else 1)
    for y in range(int(box.bottom) - HATCH, int(box.top), -HATCH):
        draw.line((box.left, y, box.right, y), fill=colour, width=2)


def _heading(draw: ImageDraw.ImageDraw, panel: Rect, text: str) -> None:
    draw.text((panel.left, panel.top), text, font=style.font(21, bold=True), fill=style.TEXT)


def _axes(draw: ImageDraw.ImageDraw, panel: Rect, scale: Sequence[int], names: Sequence[str]) -> Rect:
    """Draw lines at the tick values, and below as many names as have room; returns the rectangle for the bars."""
    plot = Rect(panel.left + AXIS, panel.top + 46, panel.right, panel.bottom - 30)
    face = style.font(15)
    for value in scale:
        y = _height(plot, scale, value)
        draw.line((plot.left, y, plot.right, y), fill=style.LINE, width=1)
        draw.text((plot.left - 8, y), f"{value:,}", font=face, fill=style.MUTED, anchor="rm")
    slot = (plot.right - plot.left) / len(names)
    every = max(1, math.ceil((max(style.text_width(name, face) for name in names) + 12) / slot))
    last = len(names) - 1
    for number in range(last % every, len(names), every):
        x = plot.left + slot * (number + 0.5)
        half = style.text_width(names[number], face) / 2
        draw.text((min(x, plot.right - half), plot.bottom + 8), names[number], font=face, fill=style.MUTED, anchor="ma")
    return plot


def _height(plot: Rect, scale: Sequence[int], value: float) -> float:
    """The y coordinate of a value; a bar of any value above 0 is at least two pixels high."""
    height = (plot.bottom - plot.top) * value / scale[-1]
    return plot.bottom - (max(2.0, height) if value else 0.0)
