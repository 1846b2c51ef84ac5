"""What a message is made of before anybody turns it into HTML, plain text or a terminal's colours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from string import Formatter

import msgspec

from bot.i18n import translate
from extract.types import Frozen

LONGEST_URL = 2048
# a host, and nothing that can't be seen: no spaces, controls, direction marks or halves of letters
_OF_THE_WEB = re.compile(
    r"https?://[^\s/?#\\\"<>]+(?:[/?#][^\s\\\"<>\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]*)?"
)


class Span(Frozen, frozen=True):
    """A run of text in one style; ``url`` makes it a link.

    ``moment`` is the Unix time that the text tells, 0 where it tells none: a client that can shows it by its own clock.
    What ``opens`` an isolate and ``closes`` it again can't turn around what stands beside it, nor be turned.
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
    """Some lines; a ``quote`` is indented and folds away when it is long."""

    lines: tuple[Line, ...]
    quote: bool = False


class Button(Frozen, frozen=True):
    """Something to tap: ``verb`` and ``arg`` name what happens, or ``url`` where it leads.

    ``start`` leads to the bot itself and is what its /start then gets. ``typed`` is what can be typed in its place
    where its label can't.
    """

    label: str
    verb: str = ""
    arg: str = ""
    url: str = ""
    start: str = ""
    typed: str = ""


class Attached(Frozen, frozen=True):
    """A file that goes with a message; a picture is shown as one."""

    name: str
    body: bytes

    @property
    def is_picture(self) -> bool:
        """Is it to be shown rather than saved?"""
        return self.name.endswith(".png")


class Message(Frozen, frozen=True):
    """One message. ``asks`` is the placeholder of an answer that is expected, empty where none is.

    A menu (``is_menu``) takes the place of the menu it was reached from; a toast (``is_toast``) is shown for a
    moment to who tapped, and to nobody else. ``asks_location`` offers to share one. With a
    ``file`` the text is its caption. ``draws`` is an incident whose map is drawn when the message is sent, and is all
    that it says.
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
    return _apart(Span(text, code=True))


def foreign(text: str) -> Span:
    """Words of an article, a name, an address: as they are, in the language that they are in."""
    return _apart(Span(text))


def moment(at: datetime) -> Span:
    """A moment by the chat's clock, which a client can show by its own."""
    return Span(translate.clock(at), moment=int(at.timestamp()))


def link(text: str, url: str) -> Span:
    """A link; plain text where the address isn't one of the web, or one that no honest page has."""
    return _apart(Span(text, url=url if len(url) <= LONGEST_URL and _OF_THE_WEB.fullmatch(url) else ""))


def sentence(message: str, **values: object) -> Line:
    """A message in the current language as a line.

    ``{name}`` in it stands for a span, or for a value as in ``speech.t``.
    """
    spans = {name: value for name, value in values.items() if isinstance(value, Span)}
    spoken = translate.current().language
    holes = {name: f"{{{name}}}" for name in spans}
    words = {name: value for name, value in values.items() if name not in spans}
    template = translate.filled(spoken, spoken.catalogue.gettext(message), {})
    found: list[Span] = []
    for text, name, _, _ in Formatter().parse(template):
        found += [Span(text)] if text else []
        if name in holes:
            found.append(spans[name])
        elif name:
            found.append(Span(translate.filled(spoken, f"{{{name}}}", words)))
    return tuple(found)


def fenced(spans: Sequence[Span]) -> list[Span]:
    """Spans that run on as one foreign text: they stand apart together."""
    first, *rest = spans
    whole = [msgspec.structs.replace(first, opens=True), *rest]
    return [*whole[:-1], msgspec.structs.replace(whole[-1], closes=True)]


def _apart(span: Span) -> Span:
    apart = translate.needs_apart(span.text)
    return msgspec.structs.replace(span, opens=apart, closes=apart) if apart else span


def say(*lines: str | Line, buttons: tuple[tuple[Button, ...], ...] = (), asks: str = "") -> Message:
    """A message of some lines."""
    made = tuple(line(part) if isinstance(part, str) else part for part in lines)
    return Message((Block(made),), buttons, asks)
