"""Where on a terminal do alerts, answers and the line that is typed stand? What is shown goes above the prompt."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TextIO

from rich.console import Console

PROMPT = "tocsin> "
# to the line's beginning, and away with what stands there
_ERASE = "\r\x1b[K"
_NO_BRACKETED_PASTE = "\x1b[?2004l"


class Printer(Protocol):
    """Shows text: a ``Screen`` or rich's console."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Show objects as rich does."""


class LineEditor(Protocol):
    """Reads one line with editing and a history: the standard library's readline."""

    def read(self, prompt: str) -> str:
        """The next line; raises EOFError at the end of the input."""

    def typed(self) -> str:
        """What is typed of the line so far."""


class Above:
    """Writes whole lines to a stream, within a context that makes room for them."""

    def __init__(self, stream: TextIO, room: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
        self._stream = stream
        self._room = room

    def write(self, text: str) -> int:
        """Write lines."""
        with self._room():
            written = self._stream.write(text)
            self._stream.flush()
        return written

    def flush(self) -> None:
        """Nothing waits."""


class Screen:
    """A terminal with a prompt, or without an ``editor`` a plain output."""

    def __init__(self, console: Console, editor: LineEditor | None = None) -> None:
        self._console = console
        self._editor = editor
        self._is_reading = False

    @property
    def has_prompt(self) -> bool:
        """Does somebody type at it?"""
        return self._editor is not None

    def print(self, *objects: Any, **options: Any) -> None:
        """Show objects; a line that is being typed is put below them again."""
        with self._above_prompt():
            self._console.print(*objects, **options)

    def above(self, stream: TextIO) -> Above:
        """A stream for whole lines, which stand above the prompt too: the log's."""
        return Above(stream, self._above_prompt)

    def read(self) -> str:
        """The next line that is typed, in a thread of its own; raises EOFError at the end of the input."""
        if self._editor is None:
            raise EOFError
        self._is_reading = True
        try:
            return self._editor.read(PROMPT)
        finally:
            self._is_reading = False

    @contextlib.contextmanager
    def _above_prompt(self) -> Iterator[None]:
        if self._editor is None or not self._is_reading:
            yield
            return
        out = self._console.file
        out.write(_ERASE)
        out.flush()
        yield
        out.write(PROMPT + self._editor.typed())
        out.flush()

    def end(self, said: str) -> None:
        """Say one line, if there is one, in the place of the prompt."""
        if self._editor is not None:
            self._console.file.write(_NO_BRACKETED_PASTE + _ERASE)
        if said:
            self._console.print(said, highlight=False)


class _Readline:
    """The line editor of the standard library; ``restore`` gives the terminal back as it was."""

    def __init__(self, source: TextIO) -> None:
        import readline  # noqa: PLC0415  not on every system
        import termios  # noqa: PLC0415

        self._buffer = readline.get_line_buffer
        self._put_back = termios.tcsetattr
        self._when = termios.TCSADRAIN
        self._number = source.fileno()
        self._looks = termios.tcgetattr(self._number)

    def read(self, prompt: str) -> str:
        """See ``LineEditor``."""
        return input(prompt)

    def typed(self) -> str:
        """See ``LineEditor``."""
        return self._buffer()

    def restore(self) -> None:
        """Let the terminal show what is typed again, as it did before the first line was read."""
        with contextlib.suppress(Exception):
            self._put_back(self._number, self._when, self._looks)


class StandardScreen(Screen):
    """Standard output, with a prompt where somebody sits at both ends."""

    def __init__(self) -> None:
        self._readline: _Readline | None = None
        if is_attended():
            with contextlib.suppress(ImportError, OSError):
                self._readline = _Readline(sys.stdin)
        super().__init__(Console(), self._readline)

    def end(self, said: str) -> None:
        """Give the terminal back as it was, and say the line."""
        if self._readline is not None:
            self._readline.restore()
        super().end(said)


def is_attended() -> bool:
    """Does somebody sit at the terminal, who reads and types?"""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
