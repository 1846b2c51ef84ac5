"""What is logged, and how? One line an event with its pairs, and never a bot token."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal, Protocol

# the form of any bot token, not only of the configured one
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
HIDDEN = "[token]"
# at INFO these log addresses, which contain the token
QUIET_LIBRARIES = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiohttp")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redacting(logging.Formatter):
    """Formats an event as one line with its pairs; secrets are removed from all of it, tracebacks too."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets: set[str] = set()
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """Add a secret; of a bot token also its second half."""
        self._secrets |= {part for part in (secret, secret.partition(":")[2]) if part}

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, without secrets."""
        line = self.written(record)
        for secret in sorted(self._secrets, key=len, reverse=True):  # the whole before its parts
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)

    def written(self, record: logging.LogRecord) -> str:
        """The record as text, with its pairs behind the message."""
        line = super().format(record)
        pairs = _pairs(record)
        if pairs:
            head, newline, rest = line.partition("\n")
            line = head + "".join(f" {key}={value!r}" for key, value in pairs.items()) + newline + rest
        return line


class JsonLines(Redacting):
    """Formats an event as one line of JSON: ``at`` (UTC), level, logger, message, its pairs, any traceback."""

    def written(self, record: logging.LogRecord) -> str:
        """The record as a JSON object; values that are no JSON as text."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        found: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        found |= _pairs(record)
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False, default=str)


def _pairs(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}


def hide(secret: str) -> None:
    """Also remove this secret, which was made after the start, from the log."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Redacting):
            handler.formatter.hide(secret)


class Stream(Protocol):
    """What is logged to."""

    def write(self, text: str, /) -> object:
        """Write whole lines."""

    def flush(self) -> object:
        """Let nothing wait."""


def configure(level: str, *secrets: str, form: Literal["text", "json"] = "text", stream: Stream | None = None) -> None:
    """Log at this level and in this form, to a ``stream`` or else stderr, with these secrets removed."""
    handler = logging.StreamHandler(stream or sys.stderr)
    formatter = JsonLines if form == "json" else Redacting
    handler.setFormatter(formatter(tuple(secret for secret in secrets if secret)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
