"""The kind "page": a web page without a feed; the links that ``[[sources]] links`` selects are its articles.

Each has the link's words as its title; with ``full_text`` the page behind it is read.
"""

from __future__ import annotations

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.sources.kinds import Access, SourceKind
from bot.types import FetchResult, Source, SourceState
from extract.types import ParsedFeed

NEEDS_SELECTOR = mark("A page without a feed needs a selector for its links: an admin puts it into the configuration.")


async def fetch(access: Access, state: SourceState) -> FetchResult:
    """The page, unless the server says that it hasn't changed."""
    return await access.fetch(state.fetch_url, etag=state.etag, last_modified=state.last_modified)


async def parse(access: Access, result: FetchResult, source: Source) -> ParsedFeed:
    """The articles that the page links to."""
    return await access.parse_links(result, source.links)


async def identify(_access: Access, _url: str) -> Source:
    """Nothing: in chat no selector can be given.

    Raises:
        ChatError: always.
    """
    raise ChatError(t(NEEDS_SELECTOR))


KIND = SourceKind(noun="list of links", fetch=fetch, parse=parse, recognises=lambda _url: False, identify=identify)
