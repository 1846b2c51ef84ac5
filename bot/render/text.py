"""Telegram HTML or plain text of a message: always escaped, cleaned and within Telegram's limits.

Telegram counts the UTF-16 units of a text after it has parsed the markup, so the parts are cut before any markup is
written. Control characters and bidirectional controls are removed from text of others, which could use them to make a
message look different from what it says. Pairs of isolates within one part are kept, and a part that has to be isolated
gets its own pair outside its markup.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from bot.i18n.translate import BIDI, FSI, PDI, balanced
from bot.render.message import Block, Line, Message, Span

MAX_UNITS = 4096
# Telegram ignores entities (links, bold text ...) after the hundredth
MAX_ENTITIES = 95
ELLIPSIS = "…"
# Telegram's format of a date and time: long date, short time, in the style of the client
MOMENT = "Dt"
# Unicode categories of characters that are removed: controls, surrogates, private use, unassigned, separators of lines
_REMOVED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# text of which clients make a link by themselves: a title with "/forget_me" in it must not become a command to tap
_AUTOMATIC_LINK = re.compile(r"(?<![\w/])[/@](?=[A-Za-z0-9_])|\b(?:tg|ton|tonsite):(?=//)", re.IGNORECASE)
# invisible, and ends a link that a client would make
WORD_JOINER = "\u2060"
BOUNDARY = 10


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def clean(text: str, limit: int = 500) -> str:
    """Text of others as one line that is safe to show, at most ``limit`` UTF-16 units long."""
    spaced = " ".join(text[: limit * 4].split())
    kept = "".join(c for c in spaced if c not in BIDI and unicodedata.category(c) not in _REMOVED)
    return cut(_AUTOMATIC_LINK.sub(lambda found: found[0] + WORD_JOINER, kept.strip()), limit)


def break_link(left: str, right: str) -> str:
    """The left one of two adjacent texts of others, changed so that clients make no link across the boundary."""
    is_link = left and right and _AUTOMATIC_LINK.search(left[-BOUNDARY:] + right[:BOUNDARY])
    return left + WORD_JOINER if is_link else left


def cut(text: str, limit: int) -> str:
    """The beginning of a text within ``limit`` UTF-16 units, with an ellipsis if it was cut."""
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
    """The message within Telegram's limits: text over ``limit`` is cut, entities over ``MAX_ENTITIES`` lost."""
    left, entities = limit, 0
    blocks: list[Block] = []
    for block in message.blocks:
        lines: list[Line] = []
        entities += block.quote
        for spans in block.lines:
            kept: list[Span] = []
            left -= 1 if lines or blocks else 0
            for span in spans:
                isolates = span.opens + span.closes
                shown = _shown(span, max(0, left - isolates))
                left -= units(shown) + isolates
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
    """The message in Telegram's HTML; with ``local_times`` clients show times in their own time zone."""
    return "\n".join(_block_html(block, local_times) for block in fit(message).blocks)


def plain(message: Message, limit: int = MAX_UNITS) -> str:
    """The message without markup; the address of a link follows its text."""
    safe = fit(message, limit)
    lines = ["".join(_plain_span(span) for span in spans) for block in safe.blocks for spans in block.lines]
    return cut("\n".join(lines), limit)


def visible(message: Message) -> str:
    """The text that a person sees after Telegram has parsed the markup."""
    return "\n".join(
        "".join(isolated(span, span.text) for span in spans) for block in message.blocks for spans in block.lines
    )


def _shown(span: Span, left: int) -> str:
    safe = "".join(c for c in balanced(span.text) if c == "\n" or unicodedata.category(c) not in _REMOVED)
    return cut(safe, left)


def isolated(span: Span, shown: str) -> str:
    """A span's text between its isolates, if it has any."""
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
    return isolated(span, out)


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
    return f"{isolated(span, span.text)} ({span.url})" if span.url else isolated(span, span.text)
