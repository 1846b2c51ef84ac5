"""Telegram HTML and plain text from a message: escaped, cleaned and within the limit by construction.

Telegram counts a text in UTF-16 units after it has parsed the markup, so the budget is kept on the parts, before any
markup is written. Foreign text loses control and direction characters, which could make a message lie; isolates that
are opened and closed within one part stay, and a part that is to stand apart gets a pair of its own outside its markup.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from bot.i18n.translate import BIDI, FSI, PDI, tidy
from bot.render.message import Block, Line, Message, Span

MAX_UNITS = 4096
# Telegram drops entities after the hundredth
MAX_ENTITIES = 95
ELLIPSIS = "…"
# Telegram's date-time format: a short time and a long date, the client's own
MOMENT = "Dt"
_DROPPED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# what clients make a link of by themselves: a title with "/forget_me" in it must not be a tap away from doing that
_SELF_MADE = re.compile(r"(?<![\w/])[/@](?=[A-Za-z0-9_])|\b(?:tg|ton|tonsite):(?=//)", re.IGNORECASE)
# joins without a sign, and ends what clients look for
WORD_JOINER = "\u2060"
SEAM = 10


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def clean(text: str, limit: int = 500) -> str:
    """Foreign text as one line that is safe to show, at most ``limit`` UTF-16 units long."""
    spaced = " ".join(text[: limit * 4].split())
    kept = "".join(c for c in spaced if c not in BIDI and unicodedata.category(c) not in _DROPPED)
    return cut(_SELF_MADE.sub(lambda found: found[0] + WORD_JOINER, kept.strip()), limit)


def ended(left: str, right: str) -> str:
    """The left of two parts of foreign text that stand side by side, so that clients make no link across the seam."""
    is_made = left and right and _SELF_MADE.search(left[-SEAM:] + right[:SEAM])
    return left + WORD_JOINER if is_made else left


def cut(text: str, limit: int) -> str:
    """The beginning of a text within ``limit`` units, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    used, end, opened = 1, 0, 0
    for char in text:
        deeper = opened + (char == FSI) - (char == PDI and opened > 0)
        used += units(char)
        if used + deeper > limit:
            break
        opened = deeper
        end += 1
    return text[:end].rstrip() + ELLIPSIS + PDI * opened if limit > 0 else ""


def fit(message: Message, limit: int = MAX_UNITS) -> Message:
    """The message within Telegram's limits: cut at the end where it is too long."""
    left, entities = limit, 0
    blocks: list[Block] = []
    for block in message.blocks:
        lines: list[Line] = []
        entities += block.quote
        for spans in block.lines:
            kept: list[Span] = []
            left -= 1 if lines or blocks else 0
            for span in spans:
                fence = span.opens + span.closes
                shown = _shown(span, max(0, left - fence))
                left -= units(shown) + fence
                entities += sum(1 for _ in _tags(span)) + bool(span.url) + bool(span.moment)
                if shown:
                    whole = msgspec.structs.replace(span, text=shown)
                    kept.append(
                        whole if entities <= MAX_ENTITIES else Span(shown, opens=span.opens, closes=span.closes)
                    )
            if left >= 0:
                lines.append(tuple(kept))
        if any(lines):
            blocks.append(Block(tuple(lines), block.quote))
    return msgspec.structs.replace(message, blocks=tuple(blocks))


def html(message: Message, *, local_times: bool = False) -> str:
    """The message in Telegram's HTML; with ``local_times`` its clients show moments by their own clocks."""
    return "\n".join(_block_html(block, local_times) for block in fit(message).blocks)


def plain(message: Message, limit: int = MAX_UNITS) -> str:
    """The message without markup; links are written out behind their words."""
    safe = fit(message, limit)
    lines = ["".join(_plain_span(span) for span in spans) for block in safe.blocks for spans in block.lines]
    return cut("\n".join(lines), limit)


def visible(message: Message) -> str:
    """The text a person sees once Telegram has parsed the markup."""
    return "\n".join(
        "".join(kept_apart(span, span.text) for span in spans) for block in message.blocks for spans in block.lines
    )


def _shown(span: Span, left: int) -> str:
    safe = "".join(c for c in tidy(span.text) if c == "\n" or unicodedata.category(c) not in _DROPPED)
    return cut(safe, left)


def kept_apart(span: Span, shown: str) -> str:
    """A span's text between the marks that keep it apart, where it needs them."""
    return f"{FSI * span.opens}{shown}{PDI * span.closes}" if shown else shown


def _block_html(block: Block, local_times: bool) -> str:
    body = "\n".join("".join(_span_html(span, local_times) for span in spans) for spans in block.lines)
    return f"<blockquote expandable>{body}</blockquote>" if block.quote else body


def _span_html(span: Span, local_times: bool) -> str:
    out = _html.escape(span.text, quote=False)
    if span.moment and local_times:
        out = f'<tg-time unix="{span.moment}" format="{MOMENT}">{out}</tg-time>'
    for tag in _tags(span):
        out = f"<{tag}>{out}</{tag}>"
    if span.url:
        out = f'<a href="{_html.escape(span.url)}">{out}</a>'
    return kept_apart(span, out)


def _tags(span: Span) -> Iterator[str]:
    if span.code:
        yield "code"
        return
    if span.bold:
        yield "b"
    if span.italic:
        yield "i"
    if span.strike:
        yield "s"
    if span.spoiler:
        yield "tg-spoiler"


def _plain_span(span: Span) -> str:
    return f"{kept_apart(span, span.text)} ({span.url})" if span.url else kept_apart(span, span.text)
