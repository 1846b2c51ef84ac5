"""Which sources are at an address that a person typed? The feed itself, or those that the web page there leads to.

A page leads to the feeds that it names. Where it names none, a few addresses are tried at which sites usually have one.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.sources import feed, kinds
from bot.sources.kinds import Access
from bot.sources.refresh import is_page
from bot.types import Candidate, FetchResult, Source
from extract.types import FeedLink, ParsedFeed

# feeds of a page that are offered; more are seldom of use, and each is a button
MOST_OFFERED = 8
# where sites have a feed that their pages do not name, the most common first: WordPress and Ghost, static sites, news
# sitemaps. Each is one request, so they are few; those of a section stand below its page, the others at the root
BELOW_THE_PAGE = ("feed/", "rss", "feed.xml", "rss.xml")
AT_THE_ROOT = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/news-sitemap.xml")
# feeds of readers' comments, by what their address or title says
_OF_COMMENTS = ("/comments/", "comments feed", "comments on")
NOTHING_FOUND = mark(
    "I found no feed there ({why}). Look on the site for a link that says RSS or Atom, and give me that address."
)


async def find(access: Access, url: str) -> tuple[Candidate, ...]:
    """The sources at an address, whose own verdict is known to be good. One that is ``is_exact`` stands alone.

    Raises:
        ChatError: nothing can be fetched there, or nothing there is a source; the text is for the person.
    """
    kind = kinds.of_address(url)
    if kind != kinds.DEFAULT:
        source = await kinds.load(kind).identify(access, url)
        return (Candidate(source=msgspec.structs.replace(source, kind=kind), is_exact=True),)
    result = await access.fetch(url)
    if result.error:
        raise ChatError(t(feed.UNREADABLE, why=result.error))
    parsed = await access.parse_feed(result)
    if _is_feed(parsed):
        return (Candidate(source=feed.source_of(url, parsed), parsed=parsed, is_exact=True),)
    named = _usable(access, await access.alternates(result), result.url)
    if len(named) > 1:
        return tuple(Candidate(source=Source(url=link.url, name=link.title[: feed.MAX_NAME])) for link in named)
    found = await _first_feed(access, [*(link.url for link in named), *_usual_addresses(access, result)])
    if found is None:
        why = parsed.problems[0] if parsed.problems else "nothing in it"
        raise ChatError(t(NOTHING_FOUND, why=why))
    return (found,)


async def read(access: Access, candidate: Candidate) -> Candidate:
    """The candidate with what its address shows now, as its kind reads it.

    Raises:
        ChatError: it can't be fetched, or is no source; the text is for the person.
    """
    if candidate.parsed is not None:
        return candidate
    source = candidate.source
    kind = kinds.load(source.kind)
    result = await kind.fetch(access, kinds.new_state(source))
    if result.error:
        raise ChatError(t(feed.UNREADABLE, why=result.error))
    parsed = await kind.parse(access, result, source)
    if not _is_feed(parsed):
        raise ChatError(t(NOTHING_FOUND, why=parsed.problems[0]))
    known = feed.source_of(source.url, parsed)
    source = msgspec.structs.replace(source, name=known.name or source.name, lang=known.lang)
    return msgspec.structs.replace(candidate, source=source, parsed=parsed)


def _is_feed(parsed: ParsedFeed) -> bool:
    return bool(parsed.articles) or not parsed.problems


def _usable(access: Access, links: Iterable[FeedLink], page: str) -> list[FeedLink]:
    """The feeds of a page that may be read, each once; those of comments only where there is no other."""
    once: dict[str, FeedLink] = {}
    for link in links:
        if link.url != page and not access.verdict(link.url):
            once.setdefault(link.url, link)
    of_news = [link for link in once.values() if not _is_of_comments(link)]
    return (of_news or list(once.values()))[:MOST_OFFERED]


def _is_of_comments(link: FeedLink) -> bool:
    said = f"{urlsplit(link.url).path} {link.title}".casefold()
    return any(words in said for words in _OF_COMMENTS)


def _usual_addresses(access: Access, result: FetchResult) -> list[str]:
    """Addresses at which the site of a page may have a feed; none where the document is no page."""
    if not is_page(result.body):
        return []
    page = result.url.partition("?")[0]
    is_section = urlsplit(page).path.strip("/") != ""
    below = [urljoin(page.rstrip("/") + "/", name) for name in BELOW_THE_PAGE] if is_section else []
    tried = dict.fromkeys([*below, *(urljoin(page, name) for name in AT_THE_ROOT)])
    return [url for url in tried if not access.verdict(url)]


async def _first_feed(access: Access, urls: Iterable[str]) -> Candidate | None:
    for url in urls:
        result = await access.fetch(url)
        if result.error or is_page(result.body):
            continue
        parsed = await access.parse_feed(result)
        if parsed.articles:
            return Candidate(source=feed.source_of(url, parsed), parsed=parsed)
    return None
