"""Input lines to values and values to output lines: a bad line is reported, counted and skipped."""

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
        """Each line's value in turn; a bad one is told on stderr and skipped.

        Raises:
            UsageError: the file can't be opened, or a line is bad and ``strict`` was asked for.
        """
        with opened(self.name) as stream:
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
                    print(message, file=sys.stderr)  # noqa: T201  the contract's place for it

    def report(self) -> None:
        """Say at the end how many lines were skipped, when any were."""
        if self.bad:
            print(f"{self.bad} bad line{'s' * (self.bad > 1)} skipped", file=sys.stderr)  # noqa: T201


def write(row: dict[str, Any], stream: IO[bytes] | None = None) -> None:
    """One object as one line, on stdout unless told otherwise."""
    out = stream or sys.stdout.buffer
    out.write(_encoder.encode(row) + b"\n")


def flush() -> None:
    """What was written on stdout leaves the process."""
    sys.stdout.buffer.flush()


def opened(name: str) -> IO[bytes]:
    """A file, or standard input for ``-``.

    Raises:
        UsageError: the file can't be opened.
    """
    """An input's bytes.

    Raises:
        UsageError: the file can't be opened.
    """
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}") from error
