"""For which independent publisher does an article count? Reprints of one wire are one origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from extract.track.rules import rules
from extract.types import Article

_OPENING = 220
_CLOSING = 160


def origin_of(article: Article, families: Mapping[str, str]) -> str:
    """The wire that the article credits, else the publisher's family, else the publisher, else the article itself.

    ``families`` maps a source's domain or name to its owner.
    """
    wire = _wire(article.text)
    if wire:
        return wire
    source = article.source.strip().lower()
    return (
        families.get(article.source) or families.get(source) or source.removeprefix("www.") or f"article:{article.id}"
    )


def _wire(text: str) -> str | None:
    """The agency named in a credit: "(AP)", "KARACHI (Reuters) -", "Copyright 2020 Associated Press"."""
    opening, closing = text[:_OPENING], text[-_CLOSING:]
    for wire, credit, copyright_line in _credits():
        if credit.search(opening) or copyright_line.search(closing):
            return wire
    return None


@cache
def _credits() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    return [
        (
            wire,
            re.compile(
                rf"\((?:{names})\)|^[A-Z][\w ,.]{{2,50}}[-–—:]\s*(?:{names})\b|\bBy (?:the )?(?:{names})\b",
                re.IGNORECASE,
            ),
            re.compile(rf"(?:copyright|©|\(c\))[^.\n]{{0,30}}(?:{names})|\((?:{names})\)\s*$", re.IGNORECASE),
        )
        for wire, names in rules("origins")["wires"].items()
    ]
