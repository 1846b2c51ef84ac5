"""Which kinds of source are there, and what must a kind provide?

A kind is one file that has a ``SourceKind`` as ``KIND``, and one line in ``MODULES``. ``[[sources]] kind`` in the
configuration names it. ``feed.py`` is the example.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Protocol

from bot.errors import ConfigError
from bot.types import FetchResult, Source, SourceState
from extract.types import FeedLink, Frozen, ParsedFeed

DEFAULT = "rss"
# the value of [[sources]] kind -> the module of the kind; loaded when the first source of the kind is read
MODULES = {
    DEFAULT: "bot.sources.feed",
    "cap": "bot.sources.cap_links",
    "page": "bot.sources.page",
    "telegram": "bot.sources.telegram",
}


class Access(Protocol):
    """What a kind works with. Kinds open no connections and parse no stranger's bytes by themselves."""

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchResult:
        """The document at an address, requested politely and only from the public internet."""

    def verdict(self, url: str) -> str:
        """Why an address must not be connected to; empty where it may."""

    async def parse_feed(self, result: FetchResult) -> ParsedFeed:
        """The articles of a feed of any format, parsed in a process with limits."""

    async def parse_links(self, result: FetchResult, selector: str) -> ParsedFeed:
        """The articles that a page links to where a selector says, parsed in a process with limits."""

    async def parse_linked(self, url: str) -> ParsedFeed | None:
        """What a document contains that never changes, such as an alert; fetched once and then kept for some time.

        None where it can't be fetched now.
        """

    def is_kept(self, url: str) -> bool:
        """Is that document still kept, so that ``parse_linked`` fetches nothing?"""

    async def alternates(self, result: FetchResult) -> tuple[FeedLink, ...]:
        """The feeds that a web page names, found in a process with limits."""


class SourceKind(Frozen, frozen=True, kw_only=True):
    """How the sources of one kind are fetched, parsed and named.

    ``noun`` is what one document is called in a message about an error ("no feed: ...").

    ``fetch`` gets what is new at ``SourceState.fetch_url``; the state has the validators of the last read. A failure
    is a value (``FetchResult.error``), "nothing has changed" is ``status=304``.

    ``parse`` makes articles of what was fetched of a source, newest first. Each has an id that stays the same from read
    to read; a date, a publisher and a language where the document names them. Without articles, ``problems`` says why
    the document can't be read; with neither, there is no news.

    ``recognises`` is whether an address that a person typed is of this kind. ``DEFAULT`` is asked last.

    ``identify`` looks at such an address once: the source with its url, name and language. It raises ChatError where
    there is nothing to read; its text is for the person.
    """

    noun: str
    fetch: Callable[[Access, SourceState], Awaitable[FetchResult]]
    parse: Callable[[Access, FetchResult, Source], Awaitable[ParsedFeed]]
    recognises: Callable[[str], bool]
    identify: Callable[[Access, str], Awaitable[Source]]


def new_state(source: Source) -> SourceState:
    """The state of a source that was never read."""
    return SourceState(source=source, origin="", fetch_url=source.url, next_check=datetime.min.replace(tzinfo=UTC))


def load(name: str) -> SourceKind:
    """The kind of this name.

    Raises:
        ConfigError: there is none.
    """
    if name not in MODULES:
        raise ConfigError(f'there is no kind "{name}" of source: {", ".join(sorted(MODULES))}')
    kind: SourceKind = import_module(MODULES[name]).KIND
    return kind


def of_address(url: str) -> str:
    """The name of the kind that recognises an address that a person typed."""
    others = (name for name in MODULES if name != DEFAULT)
    return next((name for name in others if load(name).recognises(url)), DEFAULT)
