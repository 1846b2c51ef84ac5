"""Which moment does a text begin with? "2026-03-01 18:30", "18:30", "yesterday", "2h ago"; in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"(\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?) ago\b", re.IGNORECASE)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d|today|yesterday)(?![\d-])", re.IGNORECASE)
_CLOCK = re.compile(r"[T ]?(\d{1,2}):(\d\d)(?::\d\d)?(Z| UTC)?\b", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read(text: str, now: datetime) -> tuple[datetime | None, str]:
    """The moment that a text begins with, and the rest of the text; None and the text if it begins with none.

    A day without a time means its end, or now if it isn't over.
    """
    text = text.strip()
    if ago := _AGO.match(text):
        return now - int(ago[1]) * _UNITS[ago[2][0].lower()], text[ago.end() :].strip()
    day, rest = _day(text, now)
    clock = _CLOCK.match(rest)
    if day is None and clock is None:
        return None, text
    start = day or now.replace(hour=0, minute=0, second=0, microsecond=0)
    if clock is None:
        return min(start + timedelta(days=1), now), rest.strip()
    if int(clock[1]) > 23 or int(clock[2]) > 59:
        return None, text
    at = start + timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    return at if day or at <= now else at - timedelta(days=1), rest[clock.end() :].strip()


def _day(text: str, now: datetime) -> tuple[datetime | None, str]:
    found = _DAY.match(text)
    if not found:
        return None, text
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    word = found[1].lower()
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday"), text[found.end() :]
    try:
        return datetime.fromisoformat(word).replace(tzinfo=UTC), text[found.end() :]
    except ValueError:
        return None, text
