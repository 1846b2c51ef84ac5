"""The kind "rss": a feed of any format that ``extract.feeds`` reads (RSS, Atom, JSON Feed, CAP, ...), over HTTP."""

from __future__ import annotations

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.sources.kinds import Access, SourceKind
from bot.sources.refresh import is_page
from bot.types import FetchResult, Source, SourceState
from extract.types import ParsedFeed

UNREADABLE = mark("I can't read that address: {why}. Look at it in a browser and try again.")
MAX_NAME = 60


async def fetch(access: Access, state: SourceState) -> FetchResult:
    """The feed's document, unless the server says that it hasn't changed.

    Where the address of a new source is that of a web page, it is the first feed that the page names, which is read
    from then on. A feed that was read before and is a page now stays where it is: the page may be an excuse.
    """
    result = await access.fetch(state.fetch_url, etag=state.etag, last_modified=state.last_modified)
    if result.error or not state.baseline or not is_page(result.body):
        return result
    for link in (await access.alternates(result))[:1]:
        if link.url != result.url and not access.verdict(link.url):
            feed = await access.fetch(link.url)
            if not feed.error and not is_page(feed.body):
                return msgspec.structs.replace(feed, moved_to=feed.moved_to or link.url)
    return result


async def parse(access: Access, result: FetchResult, _source: Source) -> ParsedFeed:
    """The feed's articles."""
    return await access.parse_feed(result)


async def identify(access: Access, url: str) -> Source:
    """The feed at an address, or the one that the web page there names.

    Raises:
        ChatError: it can't be fetched, or there is no feed.
    """
    result = await _fetched(access, url)
    parsed = await access.parse_feed(result)
    if parsed.articles or not parsed.problems:
        return source_of(url, parsed)
    return await _named_by_page(access, result, parsed)


async def _fetched(access: Access, url: str) -> FetchResult:
    result = await access.fetch(url)
    if result.error:
        raise ChatError(t(UNREADABLE, why=result.error))
    return result


async def _named_by_page(access: Access, result: FetchResult, parsed: ParsedFeed) -> Source:
    """The first feed that a web page names; its address is checked like any other."""
    for link in (await access.alternates(result))[:1]:
        if not access.verdict(link.url):
            feed = await access.parse_feed(await _fetched(access, link.url))
            if feed.articles or not feed.problems:
                return source_of(link.url, feed)
    why = parsed.problems[0] if parsed.problems else "nothing in it"
    raise ChatError(t("That is no feed ({why}). Give the address of an RSS, Atom or JSON feed.", why=why))


def source_of(url: str, parsed: ParsedFeed) -> Source:
    """The source at the address of a feed, as the feed itself names it."""
    lang = next((article.lang for article in parsed.articles if article.lang), "en")
    return Source(url=url, name=parsed.title[:MAX_NAME], lang=lang)


KIND = SourceKind(noun="feed", fetch=fetch, parse=parse, recognises=lambda _url: True, identify=identify)
