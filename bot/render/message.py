"""What a message is made of before anybody turns it into HTML, plain text or a terminal's colours."""

from __future__ import annotations

from extract.types import Frozen


class Span(Frozen, frozen=True):
    """A run of text in one style; ``url`` makes it a link."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    spoiler: bool = False
    url: str = ""


Line = tuple[Span, ...]


class Block(Frozen, frozen=True):
    """Some lines; a ``quote`` is indented and folds away when it is long."""

    lines: tuple[Line, ...]
    quote: bool = False


class Button(Frozen, frozen=True):
    """Something to tap: ``verb`` and ``arg`` name what happens, or ``url`` where it leads.

    ``start`` leads to the bot itself and is what its /start then gets.
    """

    label: str
    verb: str = ""
    arg: str = ""
    url: str = ""
    start: str = ""


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

    A menu (``is_menu``) takes the place of the menu it was reached from. ``asks_location`` offers to share one. With a
    ``file`` the text is its caption.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks: str = ""
    is_menu: bool = False
    asks_location: bool = False
    file: Attached | None = None


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
    return Span(text, code=True)


def link(text: str, url: str) -> Span:
    """A link; plain text where the address isn't one of the web."""
    return Span(text, url=url) if url.startswith(("https://", "http://")) else Span(text)


def say(*lines: str | Line, buttons: tuple[tuple[Button, ...], ...] = (), asks: str = "") -> Message:
    """A message of some lines."""
    made = tuple(line(part) if isinstance(part, str) else part for part in lines)
    return Message((Block(made),), buttons, asks)
