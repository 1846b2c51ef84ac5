"""How are JSON Lines read and written? A bad input line is reported, counted and skipped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from bot.errors import UsageError
from extract.wire import BadLineError

T = TypeVar("T")

STDIN = "-"
_encoder = msgspec.json.Encoder()


class Lines:
    """The lines of one input; ``bad`` counts those that couldn't be read."""

    def __init__(self, name: str, *, strict: bool = False) -> None:
        self.name = name
        self.strict = strict
        self.bad = 0

    def read(self, parse: Callable[[bytes], T]) -> Iterator[T]:
        """The value of each line in turn; a bad line is reported on stderr and skipped.

        Raises:
            UsageError: the file can't be opened, or a line is bad and ``strict`` was asked for.
        """
        with open_input(self.name) as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    yield parse(line)
                except BadLineError as error:
                    self.bad += 1
                    where = "stdin" if self.name == STDIN else self.name
                    message = f"{where}, line {number}: {error}"
                    if self.strict:
                        raise UsageError(message) from error
                    print(message, file=sys.stderr)  # noqa: T201  stdout is for results

    def report(self) -> None:
        """Print to stderr how many lines were skipped, if any were."""
        if self.bad:
            print(f"{self.bad} bad line{'s' * (self.bad > 1)} skipped", file=sys.stderr)  # noqa: T201


def write(row: dict[str, Any], stream: IO[bytes] | None = None) -> None:
    """Write one object as one line, to ``stream`` or else to stdout."""
    out = stream or sys.stdout.buffer
    out.write(_encoder.encode(row) + b"\n")


def flush() -> None:
    """Flush stdout."""
    sys.stdout.buffer.flush()


def open_input(name: str) -> IO[bytes]:
    """An open binary stream of a file, or of standard input for ``-``.

    Raises:
        UsageError: the file can't be opened.
    """
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
