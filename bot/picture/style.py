"""What do all pictures have in common? Colours, fonts, text that fits a width, and a sheet with head and foot."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFont

from extract.types import Severity

FONTS = Path(__file__).parent / "data"
WIDTH, HEIGHT = 1200, 800
HEADER, FOOTER = 96, 44
MARGIN = 24

Colour = tuple[int, int, int]
TEXT: Colour = (33, 37, 43)
MUTED: Colour = (96, 103, 112)
BACKGROUND: Colour = (255, 255, 255)
LINE: Colour = (203, 208, 214)
SEA: Colour = (205, 222, 234)
LAND: Colour = (233, 230, 222)
FOCUS_LAND: Colour = (250, 246, 232)
PROVINCE: Colour = (214, 208, 194)
BORDER: Colour = (151, 141, 122)
COAST: Colour = (140, 168, 188)
RING: Colour = (26, 95, 180)
BARS: Colour = (52, 101, 164)
# the colours of Okabe and Ito, which colour-blind people can distinguish, darkened for a light background; the word is
# always written too
SEVERITIES: dict[Severity, Colour] = {
    Severity.EXTREME: (136, 14, 79),
    Severity.SEVERE: (200, 50, 20),
    Severity.MODERATE: (204, 121, 10),
    Severity.MINOR: (0, 114, 142),
    Severity.UNKNOWN: (90, 96, 105),
}

Font = ImageFont.FreeTypeFont


class Rect(msgspec.Struct, frozen=True):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rect) -> bool:
        """Do two rectangles have more than an edge in common?"""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def lies_in(self, other: Rect) -> bool:
        """Is the whole rectangle within the other?"""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@cache
def font(size: int, *, bold: bool = False) -> Font:
    """The typeface of all pictures in a size in pixels."""
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, face: Font) -> float:
    """The width of a text in pixels."""
    return face.getlength(text)


def truncated(text: str, face: Font, width: float) -> str:
    """A text, cut with an ellipsis where it is wider than ``width`` pixels."""
    if text_width(text, face) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if text_width(text[:middle].rstrip() + "…", face) <= width else (low, middle - 1)
    return text[:low].rstrip() + "…"


def blank_sheet(title: str, subtitle: str, *, note: str, credit: str, accent: Colour) -> Image.Image:
    """An image with title and subtitle above, and note and credit below; the middle is empty for the caller."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 10, HEADER), fill=accent)
    wide = WIDTH - 2 * MARGIN
    head, below, small = font(32, bold=True), font(23), font(16)
    draw.text((MARGIN, 12), truncated(title, head, wide), font=head, fill=TEXT)
    draw.text((MARGIN, 55), truncated(subtitle, below, wide), font=below, fill=MUTED)
    side = text_width(credit, small)
    draw.text((WIDTH - MARGIN - side, HEIGHT - FOOTER + 14), credit, font=small, fill=MUTED)
    said = font(19)
    draw.text((MARGIN, HEIGHT - FOOTER + 10), truncated(note, said, wide - side - MARGIN), font=said, fill=TEXT)
    return image


def png(image: Image.Image) -> bytes:
    """The picture as a PNG file."""
    out = io.BytesIO()
    image.convert("RGB").quantize(160, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        out, "PNG", compress_level=7
    )
    return out.getvalue()


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """A mix of two colours with ``share`` (0 to 1) of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue
