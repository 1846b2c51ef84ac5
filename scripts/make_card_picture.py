"""Draw docs/card.png: the demo's news through the real extraction, tracking and rendering, as a chat shows it.

    python scripts/make_card_picture.py [docs/card.png]

Needs Pillow (in the dev extra) and DejaVu Sans, which most systems have; Pillow's own font is the fallback.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from bot.alerts import gate
from bot.demo.outlets import Outlets
from bot.incidents import ingest
from bot.render.card import card
from bot.render.message import Button, Line, Message, Span
from bot.render.text import fit
from bot.render.update import update
from bot.render.words import Names
from bot.store import Store, incidents
from bot.types import Version
from extract import Article, Extractor, load_kinds
from extract.places import Gazetteer
from extract.types import Action, Incident

OUT = Path(__file__).parents[1] / "docs" / "card.png"
NOW = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)  # a Friday
SHOWN = "bus terminal"  # the words in a title that select the incident to draw

SCALE = 2  # drawn at twice the displayed width, for high-resolution screens
WIDTH = 720
MARGIN, PAD, GAP, RADIUS = 18, 16, 10, 14
SIZE, LEADING, QUOTE = 15, 22, 32
BACKGROUND, BUBBLE, KEY = "#dfe7ee", "#ffffff", "#c3d2df"
INK, FAINT, LINK = "#16202a", "#5b6b7a", "#1f6fb2"
FACES = {
    (False, False): "DejaVuSans.ttf",
    (True, False): "DejaVuSans-Bold.ttf",
    (False, True): "DejaVuSans-Oblique.ttf",
    (True, True): "DejaVuSans-BoldOblique.ttf",
}

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Word(NamedTuple):
    """A word in one style, with its position in a bubble."""

    x: float
    y: float
    text: str
    span: Span


class Bubble(NamedTuple):
    """One message with its layout: its words, the first line of the message it replies to, its buttons, its sizes."""

    words: list[Word]
    quoted: list[Word]
    keys: tuple[tuple[Button, ...], ...]
    width: float
    bottom: float
    height: float


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    names = Names(load_kinds(), Gazetteer.open().country_name)
    versions = _versions()
    loud = [version for version in versions if version.change.action is Action.REPLY][-1]
    messages = [
        card(versions[-1].incident, names),
        update(loud.incident, loud.change, names),
    ]
    out.parent.mkdir(exist_ok=True)
    _picture(messages).quantize(64).save(out, optimize=True)
    print(out)


def _versions() -> list[Version]:
    """The versions of the incident to draw, after the demo's news has been processed."""
    outlets = Outlets(NOW)
    extractor, gazetteer = Extractor(), Gazetteer.open()
    rules = gate.Rules(contains=gazetteer.contains)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "picture.db")
        try:
            for number, item in enumerate(outlets.items):
                at = NOW + timedelta(minutes=number)
                name = outlets.names[item.outlet]
                article = Article(
                    id=item.link, url=item.link, source=name, title=item.title, text=item.text, published=at
                )
                extraction = extractor.extract(article)
                ingest.replay(store, article, extraction, now=at, new_id=ingest.seeded_ids("demo"), rules=rules)
            return store.read_sync(incidents.versions, _drawn(store.read_sync(incidents.everything)).id)
        finally:
            store.close()
            outlets.close()


def _drawn(found: list[Incident]) -> Incident:
    told = [one for one in found if any(SHOWN in article.title for article in one.articles)]
    return max(told, key=lambda incident: len(incident.articles))


def _picture(messages: list[Message]) -> Image.Image:
    """An image of bubbles, one below the other, each with its buttons; those after the first are replies to it."""
    bubbles = [_bubble(message, messages[0] if number else None) for number, message in enumerate(messages)]
    height = sum(bubble.height for bubble in bubbles) + GAP * (len(bubbles) - 1) + 2 * MARGIN
    image = Image.new("RGB", (WIDTH * SCALE, int(height * SCALE)), BACKGROUND)
    draw = ImageDraw.Draw(image)
    y = float(MARGIN)
    for bubble in bubbles:
        _box(draw, MARGIN, y, MARGIN + bubble.width, y + bubble.bottom, BUBBLE)
        if bubble.quoted:
            draw.rectangle(_corners(MARGIN + PAD, y + PAD, MARGIN + PAD + 3, y + PAD + LEADING), fill=LINK)
        _write(draw, bubble.quoted, MARGIN + PAD + 12, y + PAD)
        _write(draw, bubble.words, MARGIN + PAD, y + PAD + QUOTE * bool(bubble.quoted))
        _keys(draw, bubble.keys, y + bubble.bottom + 6)
        y += bubble.height + GAP
    return image


def _bubble(message: Message, answered: Message | None) -> Bubble:
    words, high = _lay_out(message, WIDTH - 2 * MARGIN - 2 * PAD)
    first = "".join(span.text for span in answered.blocks[0].lines[0]) if answered else ""
    quoted = [Word(0, 0, first, Span(first, italic=True))] if first else []
    widest = max(word.x + _length(word.text, word.span) for word in (*words, *quoted))
    wide = WIDTH - 2 * MARGIN if message.buttons else widest + 12 * bool(quoted) + 2 * PAD
    bottom = high + 2 * PAD + QUOTE * bool(quoted)
    return Bubble(words, quoted, message.buttons, wide, bottom, bottom + 42 * len(message.buttons))


def _lay_out(message: Message, width: float) -> tuple[list[Word], float]:
    """The position of each word, with lines broken at ``width``; and the height of the text."""
    words: list[Word] = []
    y = 0.0
    for block in fit(message).blocks:
        for spans in block.lines:
            more, y = _break(spans, y, width)
            words += more
            y += LEADING + 3
    return words, y - 3


def _break(spans: Line, y: float, width: float) -> tuple[list[Word], float]:
    words: list[Word] = []
    x = 0.0
    for span in spans:
        for text in _runs(span.text):
            long = _length(text.rstrip(), span)
            if x and x + long > width:
                x, y = 0.0, y + LEADING
            words.append(Word(x, y, text, span))
            x += _length(text, span)
    return words, y


def _runs(text: str) -> list[str]:
    """The words of a text, each with the space after it."""
    parts = text.split(" ")
    return [part + " " for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _write(draw: ImageDraw.ImageDraw, words: list[Word], x: float, y: float) -> None:
    for word in words:
        ink = LINK if word.span.url else FAINT if word.span.italic or word.span.strike else INK
        left, top = (x + word.x) * SCALE, (y + word.y) * SCALE
        draw.text((left, top), word.text, font=_font(word.span.bold, word.span.italic), fill=ink)
        if word.span.strike:
            middle, long = top + SIZE * SCALE * 0.68, _length(word.text, word.span) * SCALE
            draw.line((left, middle, left + long, middle), fill=ink, width=SCALE)


def _keys(draw: ImageDraw.ImageDraw, rows: tuple[tuple[Button, ...], ...], y: float) -> None:
    """Draw the buttons as Telegram shows them below a message."""
    for row in rows:
        wide = (WIDTH - 2 * MARGIN - 6 * (len(row) - 1)) / len(row)
        for number, button in enumerate(row):
            left = MARGIN + number * (wide + 6)
            _box(draw, left, y, left + wide, y + 36, KEY)
            x = left + (wide - _length(button.label, Span(""))) / 2
            draw.text((x * SCALE, (y + 9) * SCALE), button.label, font=_font(False, False), fill=INK)
        y += 42


def _box(draw: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, fill: str) -> None:
    draw.rounded_rectangle(_corners(left, top, right, bottom), RADIUS * SCALE, fill=fill)


def _corners(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * SCALE, top * SCALE, right * SCALE, bottom * SCALE


def _length(text: str, span: Span) -> float:
    return _font(span.bold, span.italic).getlength(text) / SCALE


@cache
def _font(bold: bool, italic: bool) -> Font:
    try:
        return ImageFont.truetype(FACES[bold, italic], SIZE * SCALE)
    except OSError:
        return ImageFont.load_default(SIZE * SCALE)


if __name__ == "__main__":
    main()
