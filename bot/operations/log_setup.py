"""What is logged, and how? One line an event with its pairs, and never a bot token."""

from __future__ import annotations

import logging
import re
import sys

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
        pairs = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line = super().format(record)
        if pairs:
            head, newline, rest = line.partition("\n")
            line = head + "".join(f" {key}={value!r}" for key, value in pairs.items()) + newline + rest
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)


def hide(secret: str) -> None:
    """Also remove this secret, which was made after the start, from the log."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Redacting):
            handler.formatter.hide(secret)


def configure(level: str, *secrets: str) -> None:
    """Log to stderr at this level, with these secrets removed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(tuple(secret for secret in secrets if secret)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
