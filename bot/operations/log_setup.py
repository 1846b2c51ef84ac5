"""What is logged, and what never is: one line an event, and no bot token anywhere."""

from __future__ import annotations

import logging
import re
import sys

# a bot token's shape, in case another one than ours gets near a log
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
HIDDEN = "[token]"
# these write addresses, and so the token, at INFO
LOUD_LIBRARIES = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiohttp")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redacting(logging.Formatter):
    """One line an event with its pairs; secrets are cut out of everything, tracebacks too."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets: set[str] = set()
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """One more secret; of a bot token, its second half too."""
        self._secrets |= {part for part in (secret, secret.partition(":")[2]) if part}

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        pairs = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line = super().format(record)
        if pairs:
            head, newline, rest = line.partition("\n")
            line = head + "".join(f" {key}={value!r}" for key, value in pairs.items()) + newline + rest
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)


def hide(secret: str) -> None:
    """Cut a secret that was made after the start out of the log as well."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, Redacting):
            handler.formatter.hide(secret)


def start(level: str, *secrets: str) -> None:
    """Log to stderr at this level, without these secrets."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(tuple(secret for secret in secrets if secret)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in LOUD_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
