"""For which independent publisher does an article count? Reprints of one wire are one origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from extract.track.rules import rules
from extract.types import Article

_OPENING = 220
_CLOSING = 160


def origin_of(article: Article, families: Mapping[str, str]) -> str:
    """The wire that the article credits, else the publisher's family, else the publisher, else the article itself.

    ``families`` maps a source's domain or name to its owner; an opening that credits one of these sources by name
    counts as that source's.
    """
    wire = _wire(article.text) or _known_source(article.text, families)
    if wire:
        return wire
    source = article.source.strip().lower()
    return (
        families.get(article.source) or families.get(source) or source.removeprefix("www.") or f"article:{article.id}"
    )


def _wire(text: str) -> str | None:
    """The agency named in a credit: "(AP)", "KARACHI (Reuters) -", "Reuters reported that", "Copyright 2020 AFP"."""
    opening, closing = text[:_OPENING], text[-_CLOSING:]
    for wire, credit, copyright_line in _credits():
        if credit.search(opening) or copyright_line.search(closing):
            return wire
    return None


def _known_source(text: str, families: Mapping[str, str]) -> str | None:
    """The owner of a known source that the opening credits: "(Meridian Wire)", "Meridian Wire reported"."""
    opening = text[:_OPENING]
    for name, owner in families.items():
        if name.lower() in opening.lower() and _credit(re.escape(name)).search(opening):
            return owner
    return None


@cache
def _credits() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    return [
        (
            wire,
            _credit(names),
            re.compile(rf"(?:copyright|©|\(c\))[^.\n]{{0,30}}(?:{names})|\((?:{names})\)\s*$", re.IGNORECASE),
        )
        for wire, names in rules("origins")["wires"].items()
    ]


@lru_cache(maxsize=4096)
def _credit(names: str) -> re.Pattern[str]:
    """One of these names (alternatives of a pattern) as the source of what follows or precedes it."""
    verbs = "|".join(rules("origins")["reporting"])
    return re.compile(
        rf"\((?:{names})\)|^[A-Z][\w ,.]{{2,50}}[-–—:]\s*(?:{names})\b|\bBy (?:the )?(?:{names})\b"
        rf"|\b(?:{names})(?: news agency)? (?:has )?(?:{verbs})\b|\baccording to (?:the )?(?:{names})\b",
        re.IGNORECASE,
    )
