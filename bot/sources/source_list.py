"""What becomes of each feed in a list that somebody hands in? It is new, a source already, named twice, or not read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.sources import kinds
from bot.sources.feed import MAX_NAME
from bot.types import ListPlan, RefusedFeed, Source
from extract.types import FeedLink

UNKNOWN_TIER = 4


def plan(links: Iterable[FeedLink], *, known: Iterable[str], verdict: Callable[[str], str], every: float) -> ListPlan:
    """What to add of some feeds, with ``every`` in seconds; nothing is fetched.

    ``known`` are the addresses of the sources that there are. ``verdict`` says why an address is not read.
    """
    seen, is_known = set[str](), frozenset(known)
    new: list[Source] = []
    refused: list[RefusedFeed] = []
    there = repeated = 0
    for link in links:
        url = link.url.partition("#")[0]
        if url in seen:
            repeated += 1
        elif url in is_known:
            there += 1
        elif why := verdict(url):
            refused.append(RefusedFeed(url=url, why=why))
        else:
            new.append(new_source(url, every=every, name=link.title, lang=link.lang))
        seen.add(url)
    return ListPlan(new=tuple(new), known=there, repeated=repeated, refused=tuple(refused))


def new_source(url: str, *, every: float, name: str = "", lang: str = "") -> Source:
    """The source of an address that nobody has looked at yet, of the kind that recognises it."""
    kind = kinds.of_address(url)
    return Source(url=url, kind=kind, name=name[:MAX_NAME], lang=lang or "en", every=every, tier=UNKNOWN_TIER)
