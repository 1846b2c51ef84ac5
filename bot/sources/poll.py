"""Use case: read the sources that are due, and keep what they published.

Each source is read by a task of its own, so that one that is slow delays no other. A read ends in one
transaction: new articles, validators, and when to look again. A read that failed says nothing about the world.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import msgspec

from bot.config import Fetch
from bot.errors import BlockedAddress, ChatError, StoreError
from bot.i18n.translate import mark, t
from bot.sources import address_guard, schedule
from bot.sources.fetch import Fetcher
from bot.sources.parse_worker import ParseWorker
from bot.sources.schedule import Pace
from bot.store import Store, Tx, articles, counters, sources
from bot.types import FetchResult, Source, SourceState
from extract.types import Article, Frozen, ParsedFeed

log = logging.getLogger(__name__)

REFUSED = mark("I don't read that address: {why}. Give the public web address of a feed.")
UNREADABLE = mark("I can't read that address: {why}. Look at it in a browser and try again.")

T = TypeVar("T")

# reads under way at once; how many of them have a connection is the fetcher's business
MAX_READS = 64
# a text this short is a teaser: the page says more
TEASER = 400
MAX_PAGES = 10
# a date further ahead than this is a mistake; a bare date may be that of an earlier time zone
AHEAD = timedelta(hours=1)
AHEAD_DAY_ONLY = timedelta(hours=26)
UNKNOWN_TIER = 4
# of so many reads that fail where a source has moved to, the last goes to its own address
OLD_ADDRESS_EVERY = 5


class Came(Frozen, frozen=True, kw_only=True):
    """How many articles of one read were new to us, and how many said something else than before."""

    new: int = 0
    revised: int = 0


class Reader:
    """Reads sources: fetches, parses, and stores in one transaction a source.

    ``clock`` gives the time, ``chance`` a number from 0 to 1 that spreads the reads.
    """

    def __init__(
        self,
        store: Store,
        settings: Fetch,
        clock: Callable[[], datetime],
        *,
        fetcher: Fetcher | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._chance = chance
        self._fetcher = fetcher or Fetcher(settings)
        self._parser = ParseWorker()
        # the worker takes one document at a time; its thread is not taken from others
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parse")
        self._reads: dict[str, asyncio.Task[None]] = {}
        self._has_news = False

    async def read_due(self) -> bool:
        """Begin to read what is due; whether new articles came since the last call."""
        due = await self._store.read(sources.due, self._clock(), MAX_READS + len(self._reads))
        for state in due:
            url = state.source.url
            if url not in self._reads and len(self._reads) < MAX_READS:
                task = asyncio.create_task(self._read(state))
                self._reads[url] = task
                task.add_done_callback(partial(self._ended, url))
        news, self._has_news = self._has_news, False
        return news

    async def settle(self) -> None:
        """Wait until every read under way has ended."""
        while self._reads:
            await asyncio.wait(list(self._reads.values()))

    async def check(self, url: str) -> Source:
        """Look at an address that a person gave, once; the source it would make.

        Raises:
            ChatError: it can't be read or is no feed; says how to mend it.
        """
        url = url.strip()
        refused = address_guard.verdict(url, self._settings.allow_hosts)
        if refused:
            raise ChatError(t(REFUSED, why=refused))
        result = await self._fetched(url)
        parsed = await self._parse(result)
        if parsed.articles or not parsed.problems:
            return self._source(url, parsed)
        return await self._named_by_page(result, parsed)

    async def close(self) -> None:
        """Give up what is under way and close connections; nothing is lost, since it is still due."""
        under_way = list(self._reads.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        self._parser.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
        await self._fetcher.close()

    # ------------------------------------------------------------------ one read

    async def _read(self, state: SourceState) -> None:
        state = _at_its_own_address(state)
        result = await self._fetcher.fetch(state.fetch_url, etag=state.etag, last_modified=state.last_modified)
        if result.error:
            await self._failed(state, result, result.error)
        elif result.status == 304:
            await self._store.write(self._record, state, result, ParsedFeed(), shown=None)
        else:
            await self._parsed(state, result, await self._parse(result))

    async def _parsed(self, state: SourceState, result: FetchResult, parsed: ParsedFeed) -> None:
        if not parsed.articles and parsed.problems:
            await self._failed(state, result, f"no feed: {parsed.problems[0]}")
            return
        now = self._clock()
        found = tuple(_dated(article, now) for article in _named(state.source, _told_apart(parsed.articles)))
        if state.source.full_text and not state.baseline:
            found = await self._with_full_text(state.source, found)
        shown = len(parsed.articles)
        parsed = msgspec.structs.replace(parsed, articles=found)
        came = await self._store.write(self._record, state, result, parsed, shown=shown)
        self._has_news = self._has_news or came.new + came.revised > 0
        log.debug("read", extra={"source": state.source.url, "articles": len(found), "new": came.new})

    def _record(
        self, tx: Tx, state: SourceState, result: FetchResult, parsed: ParsedFeed, *, shown: int | None
    ) -> Came:
        """T1: what came, the validators, and the next look, in one transaction; ``shown`` None for a 304."""
        url, now = state.source.url, self._clock()
        if sources.get(tx, url) is None:  # removed while it was read
            return Came()
        came = _add(tx, state, parsed.articles, now)
        read_anew = shown is not None
        dates = [article.published for article in parsed.articles if article.published]
        sources.record_check(
            tx,
            url,
            now=now,
            next_check=schedule.after_success(
                now,
                self._pace(state),
                jitter=self._chance(),
                came=0 if state.baseline else came.new,
                newest=max(dates, default=None),
                ttl=parsed.ttl_seconds,
            ),
            etag=result.etag if read_anew else result.etag or state.etag,
            last_modified=result.last_modified if read_anew else result.last_modified or state.last_modified,
            items=shown,
            moved_to=result.moved_to or state.fetch_url,
        )
        _count(tx, came, parsed, read_anew=read_anew)
        return came

    async def _failed(self, state: SourceState, result: FetchResult, why: str) -> None:
        log.info("source failed", extra={"source": state.source.url, "why": why, "failures": state.failures + 1})
        await self._store.write(self._record_failure, state, result, why, self._clock())

    def _record_failure(self, tx: Tx, state: SourceState, result: FetchResult, why: str, now: datetime) -> None:
        counters.count(tx, "reads_failed")
        next_check = schedule.after_failure(
            now,
            self._pace(state),
            failures=state.failures + 1,
            jitter=self._chance(),
            retry_after=result.retry_after,
        )
        sources.record_check(tx, state.source.url, now=now, next_check=next_check, error=why)

    def _pace(self, state: SourceState) -> Pace:
        try:
            is_exact = address_guard.check(state.fetch_url, self._settings.allow_hosts).is_allowed
        except BlockedAddress:
            is_exact = False
        return Pace(every=state.source.every, floor=self._settings.floor, is_exact=is_exact)

    def _ended(self, url: str, task: asyncio.Task[None]) -> None:
        self._reads.pop(url, None)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StoreError):
            log.error("read can't be kept", extra={"source": url, "why": str(error)})
        elif error is not None:  # a bug in one read must not end the others
            log.error("read broke", extra={"source": url}, exc_info=error)

    # ------------------------------------------------------------------ full text

    async def _with_full_text(self, source: Source, found: Sequence[Article]) -> tuple[Article, ...]:
        """Teasers replaced by their pages' text, a bounded number a read; known teasers are left out."""
        kept: list[Article] = []
        pages = 0
        for article in found:
            if len(article.text) >= TEASER or not article.url:
                kept.append(article)
                continue
            known = await self._store.read(articles.get, articles.reference(source.url, article.id))
            if known is not None and known.article.title == article.title:
                continue  # its page was read; the teaser would look like a revision of it
            pages += 1
            kept.append(await self._full(article) if pages <= MAX_PAGES else article)
        return tuple(kept)

    async def _full(self, article: Article) -> Article:
        result = await self._fetcher.fetch(article.url)
        if result.error or result.status != 200:
            log.info("page failed", extra={"url": article.url, "why": result.error})
            return article
        text = await self._in_thread(partial(self._parser.full_text, result.body, url=result.url))
        text = text.removeprefix(article.title).lstrip()
        return msgspec.structs.replace(article, text=text) if len(text) > len(article.text) else article

    # ------------------------------------------------------------------ a new source

    async def _fetched(self, url: str) -> FetchResult:
        result = await self._fetcher.fetch(url)
        if result.error:
            raise ChatError(t(UNREADABLE, why=result.error))
        return result

    async def _named_by_page(self, result: FetchResult, parsed: ParsedFeed) -> Source:
        """The feed that a web page names, checked like any address."""
        links = await self._in_thread(partial(self._parser.alternates, result.body, base_url=result.url))
        for link in links[:1]:
            if not address_guard.verdict(link, self._settings.allow_hosts):
                feed = await self._parse(await self._fetched(link))
                if feed.articles or not feed.problems:
                    return self._source(link, feed)
        why = parsed.problems[0] if parsed.problems else "nothing in it"
        raise ChatError(t("That is no feed ({why}). Give the address of an RSS, Atom or JSON feed.", why=why))

    def _source(self, url: str, parsed: ParsedFeed) -> Source:
        lang = next((article.lang for article in parsed.articles if article.lang), "en")
        return Source(url=url, every=self._settings.every, name=parsed.title[:60], tier=UNKNOWN_TIER, lang=lang)

    # ------------------------------------------------------------------ parsing

    async def _parse(self, result: FetchResult) -> ParsedFeed:
        return await self._in_thread(
            partial(
                self._parser.parse,
                result.body,
                base_url=result.url,
                content_type=result.content_type,
                max_items=self._settings.max_items,
            )
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _at_its_own_address(state: SourceState) -> SourceState:
    """A source that moved and then kept failing is now and then looked for where it was."""
    if state.fetch_url == state.source.url or (state.failures + 1) % OLD_ADDRESS_EVERY:
        return state
    return msgspec.structs.replace(state, fetch_url=state.source.url, etag="", last_modified="")


def _named(source: Source, found: Sequence[Article]) -> Sequence[Article]:
    """Articles under the source's name, unless it collects those of several publishers."""
    if not source.name or len({article.source for article in found}) > 1:
        return found
    return [msgspec.structs.replace(article, source=source.name) for article in found]


def _told_apart(found: Sequence[Article]) -> Sequence[Article]:
    """Articles that say something, each under an id of its own: some feeds give one id to all they show."""
    times = Counter(article.id for article in found)
    told = {
        article.url if times[article.id] > 1 and article.url else article.id: article
        for article in reversed(found)
        if article.title or article.text
    }
    return [msgspec.structs.replace(article, id=name) for name, article in reversed(told.items())]


def _dated(article: Article, now: datetime) -> Article:
    """Without a date that lies ahead: it is a mistake, and what was meant is not known."""
    if article.published is None:
        return article
    ahead = AHEAD_DAY_ONLY if article.published_day_only else AHEAD
    if article.published <= now + ahead:
        return article
    return msgspec.structs.replace(article, published=None, published_day_only=False)


def _add(tx: Tx, state: SourceState, found: Sequence[Article], now: datetime) -> Came:
    """Keep the articles, oldest first: feeds begin with the newest, and news is told in order."""
    oldest_first = list(reversed(found))
    oldest_first.sort(key=lambda article: article.published or now)
    outcomes = [articles.add(tx, state.source.url, article, now, baseline=state.baseline) for article in oldest_first]
    return Came(new=outcomes.count("new"), revised=outcomes.count("revised"))


def _count(tx: Tx, came: Came, parsed: ParsedFeed, *, read_anew: bool) -> None:
    counts = {
        "reads": 1,
        "reads_unchanged": int(not read_anew),
        "articles_new": came.new,
        "articles_revised": came.revised,
        "feed_problems": len(parsed.problems),
    }
    for name, by in counts.items():
        if by:
            counters.count(tx, name, by)
