"""How long does an HTTP answer say that it stays fresh? RFC 9111: Cache-Control max-age, else Expires, less Age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

# directives under which an answer has no time that we could wait for
_NEVER_FRESH = frozenset({"no-cache", "no-store"})
_SECONDS = re.compile(r'"?(\d{1,10})"?')


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """How many seconds from now an answer stays fresh; None where it says nothing, or that it is stale at once.

    ``Expires`` counts from the server's own clock (``Date``), without which it says nothing. A repeated Cache-Control
    is read as the first of them.
    """
    directives = _directives(headers.get("Cache-Control", ""))
    if _NEVER_FRESH & directives.keys():
        return None
    lifetime = _seconds(directives["max-age"]) if "max-age" in directives else _until_expiry(headers)
    if lifetime is None:
        return None
    rest = lifetime - (_seconds(headers.get("Age", "").strip()) or 0.0)
    return rest if rest > 0 else None


def _directives(value: str) -> dict[str, str]:
    """The directives of a Cache-Control by name, in lower case; the first of two of one name counts."""
    found: dict[str, str] = {}
    for part in value.split(","):
        name, _, argument = part.strip().partition("=")
        if name:
            found.setdefault(name.strip().lower(), argument.strip())
    return found


def _seconds(value: str) -> float | None:
    match = _SECONDS.fullmatch(value)
    return float(match[1]) if match else None


def _until_expiry(headers: Mapping[str, str]) -> float | None:
    try:
        expires, now = parsedate_to_datetime(headers["Expires"]), parsedate_to_datetime(headers["Date"])
        return (expires - now).total_seconds()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
