"""The parts of a message, independent of the form in which it is shown: HTML, plain text or a terminal's colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from string import Formatter

import msgspec

from bot.i18n import translate
from extract.types import Frozen

LONGEST_URL = 2048
# a host and visible characters: no spaces, controls, bidirectional marks or lone surrogates
_OF_THE_WEB = re.compile(
    r"https?://[^\s/?#\\\"<>]+(?:[/?#][^\s\\\"<>\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]*)?"
)


class Span(Frozen, frozen=True):
    """A run of text in one style; ``url`` makes it a link.

    ``moment`` is the Unix time that the text states, 0 if none: clients that support it show it in their own time zone.
    ``opens`` and ``closes``: a directional isolate begins before the span, or ends after it, so that its text and the
    text around it can't change each other's order.
    """

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    spoiler: bool = False
    url: str = ""
    moment: int = 0
    opens: bool = False
    closes: bool = False


Line = tuple[Span, ...]


class Block(Frozen, frozen=True):
    """Some lines; a ``quote`` is indented, and collapsed if it is long."""

    lines: tuple[Line, ...]
    quote: bool = False


class Button(Frozen, frozen=True):
    """A button: ``verb`` and ``arg`` name the action, or ``url`` the page that it opens.

    ``start`` opens a private chat with the bot and is the argument of its /start. ``typed`` is the text to type instead
    of tapping, if that is not the label.
    """

    label: str
    verb: str = ""
    arg: str = ""
    url: str = ""
    start: str = ""
    typed: str = ""


class Attached(Frozen, frozen=True):
    """A file sent with a message; a picture is shown as a picture."""

    name: str
    body: bytes

    @property
    def is_picture(self) -> bool:
        """Is it to be shown rather than saved?"""
        return self.name.endswith(".png")


class Message(Frozen, frozen=True):
    """One message. ``asks`` is the placeholder of the input field if an answer is expected, else empty.

    A menu (``is_menu``) replaces the menu from which it was opened; a toast (``is_toast``) is shown for a few seconds
    to the person who tapped, and to nobody else. ``asks_location`` offers to share a location. With a ``file`` the text
    is its caption. ``draws`` is the id of an incident whose map is drawn when the message is sent; the message then has
    no other content.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: str = ""
    is_menu: bool = False
    is_toast: bool = False
    asks_location: bool = False
    file: Attached | None = None
    draws: str = ""


def line(*parts: str | Span) -> Line:
    """A line of plain and styled parts."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def bold(text: str) -> Span:
    """Bold text."""
    return Span(text, bold=True)


def italic(text: str) -> Span:
    """Italic text."""
    return Span(text, italic=True)


def code(text: str) -> Span:
    """Text to copy."""
    return _isolated(Span(text, code=True))


def foreign(text: str) -> Span:
    """Text that is not translated (words of an article, a name, an address), isolated where needed."""
    return _isolated(Span(text))


def moment(at: datetime) -> Span:
    """A time in the time zone of the chat, which a client can show in its own."""
    return Span(translate.clock(at), moment=int(at.timestamp()))


def link(text: str, url: str) -> Span:
    """A link; plain text if the address is not an http(s) address, is too long or has invisible characters."""
    return _isolated(Span(text, url=url if len(url) <= LONGEST_URL and _OF_THE_WEB.fullmatch(url) else ""))


def sentence(message: str, **values: object) -> Line:
    """A message in the current language as a line.

    ``{name}`` in it is replaced by a span, or by a value as in ``translate.t``.
    """
    spans = {name: value for name, value in values.items() if isinstance(value, Span)}
    language = translate.current().language
    words = {name: value for name, value in values.items() if name not in spans}
    template = translate.filled(language, language.catalogue.gettext(message), {})
    found: list[Span] = []
    for text, name, _, _ in Formatter().parse(template):
        found += [Span(text)] if text else []
        if name in spans:
            found.append(spans[name])
        elif name:
            found.append(Span(translate.filled(language, f"{{{name}}}", words)))
    return tuple(found)


def isolated_together(spans: Sequence[Span]) -> list[Span]:
    """Spans that are parts of one text in another language, in one isolate."""
    first, *rest = spans
    whole = [msgspec.structs.replace(first, opens=True), *rest]
    return [*whole[:-1], msgspec.structs.replace(whole[-1], closes=True)]


def _isolated(span: Span) -> Span:
    return msgspec.structs.replace(span, opens=True, closes=True) if translate.needs_isolate(span.text) else span


def say(*lines: str | Line, buttons: tuple[tuple[Button, ...], ...] = (), asks: str = "") -> Message:
    """A message of these lines."""
    made = tuple(line(part) if isinstance(part, str) else part for part in lines)
    return Message((Block(made),), buttons, asks)
