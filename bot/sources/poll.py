"""Use case: read the sources that are due, and keep what they published.

Each source is read by a task of its own, so that a slow one delays no other. A read ends in one transaction: new
articles, validators, and when to look again. A read that failed says nothing about the world.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.config import Fetch
from bot.errors import ChatError, ConfigError, StoreError
from bot.i18n.translate import mark, t
from bot.source_facts import with_facts
from bot.sources import discovery, kinds, schedule, source_list
from bot.sources.access import GuardedAccess
from bot.sources.dates import leads_of, with_leads
from bot.sources.fetch import Fetcher
from bot.sources.normalise import normalised, with_date_of, with_page
from bot.sources.schedule import Pace
from bot.sources.source_list import UNKNOWN_TIER
from bot.store import Store, Tx, articles, counters, sources
from bot.types import Candidate, FetchResult, ListPlan, Source, SourceState
from extract.types import Article, Frozen, ParsedFeed

log = logging.getLogger(__name__)

NO_LIST = mark("I can't take that list of feeds: {why}.")
TOO_SLOW = mark("That site answers too slowly to look for its feeds. Give me the address of the feed itself.")
REFUSED = mark("I don't read that address: {why}. Give the public web address of a feed.")

# reads under way at once; the fetcher limits how many of them have a connection
MAX_READS = 64
# a text shorter than this is a teaser: the article's page has more
TEASER = 400
# pages fetched in one read of a source
MAX_PAGES = 10
# how long a person waits until what an address leads to is found; between two requests to one host is a second
LOOK_SECONDS = 25.0
# what is new so long after the last read may be hours old, and says nothing about the source's clock
LONG_SINCE = timedelta(hours=1)
# while reads fail at the address that a source has moved to, each read of this number is made at its own address
OLD_ADDRESS_EVERY = 5


class NewArticles(Frozen, frozen=True, kw_only=True):
    """How many articles of one read are new, and how many are revisions of known ones."""

    new: int = 0
    revised: int = 0


class SourceReader:
    """Reads sources, each as its kind does, and stores what one of them published in one transaction.

    ``clock`` gives the time, ``ticks`` a monotonic time in seconds, by which a source is due too (``bot.due``),
    ``chance`` a number from 0 to 1 that spreads the reads.
    """

    def __init__(
        self,
        store: Store,
        settings: Fetch,
        clock: Callable[[], datetime],
        *,
        fetcher: Fetcher | None = None,
        chance: Callable[[], float] = random.random,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._chance = chance
        self._ticks = ticks
        # source -> when it is due by ``ticks``
        self._planned: dict[str, float] = {}
        self._access = GuardedAccess(settings, fetcher=fetcher)
        self._reads: dict[str, asyncio.Task[None]] = {}
        self._has_news = False

    async def read_due(self) -> bool:
        """Start to read what is due. True if new articles came since the last call."""
        ticks = self._ticks()
        overdue = [url for url, at in self._planned.items() if at <= ticks]
        due = await self._store.read(sources.due, self._clock(), MAX_READS + len(self._reads), overdue=overdue)
        for state in due:
            url = state.source.url
            if url not in self._reads and len(self._reads) < MAX_READS:
                task = asyncio.create_task(self._read(state))
                self._reads[url] = task
                self._planned.pop(url, None)
                task.add_done_callback(partial(self._ended, url))
        news, self._has_news = self._has_news, False
        return news

    async def settle(self) -> None:
        """Wait until every read under way has ended."""
        while self._reads:
            await asyncio.wait(list(self._reads.values()))

    async def find(self, url: str) -> tuple[Candidate, ...]:
        """The sources that an address leads to that a person typed; looks at it now.

        Raises:
            ChatError: there is nothing to read; the text is for the person.
        """
        url = url.strip()
        if refused := self._access.verdict(url):
            raise ChatError(t(REFUSED, why=refused))
        return await self._looked_at(lambda: discovery.find(self._access, url))

    async def look(self, candidate: Candidate) -> Candidate:
        """The candidate with what it shows now.

        Raises:
            ChatError: it can't be fetched, or is no source; the text is for the person.
        """
        (found,) = await self._looked_at(lambda: self._one(candidate))
        return found

    async def plan(self, body: bytes) -> ListPlan:
        """What to do with the feeds of an OPML document.

        Raises:
            ChatError: it can't be read; the text is for the person.
        """
        listed = await self._access.feeds_of(body)
        if listed.problem:
            raise ChatError(t(NO_LIST, why=listed.problem))
        known = await self._store.read(sources.addresses)
        return source_list.plan(listed.links, known=known, verdict=self._access.verdict, every=self._settings.every)

    async def _one(self, candidate: Candidate) -> tuple[Candidate, ...]:
        return (await discovery.read(self._access, candidate),)

    async def _looked_at(self, look: Callable[[], Awaitable[tuple[Candidate, ...]]]) -> tuple[Candidate, ...]:
        """What ``look`` finds in time, as sources that are read as often as any that a person adds."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await look()
        except TimeoutError as error:
            raise ChatError(t(TOO_SLOW)) from error
        every = self._settings.every
        sources_ = [_as_added(one.source, every) for one in found]
        return tuple(msgspec.structs.replace(one, source=new) for one, new in zip(found, sources_, strict=True))

    async def close(self) -> None:
        """Cancel what is under way and close connections; nothing is lost, since it is still due."""
        under_way = list(self._reads.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._access.close()

    # ------------------------------------------------------------------ one read

    async def _read(self, state: SourceState) -> None:
        state = _where_to_read(state)
        try:
            kind = kinds.load(state.source.kind)
        except ConfigError as error:  # added by another version
            await self._failed(state, FetchResult(url=state.fetch_url), str(error))
            return
        result = await kind.fetch(self._access, state)
        if result.error:
            await self._failed(state, result, result.error)
        elif result.status == 304:
            await self._store.write(self._record, state, result, ParsedFeed(), items=None)
        else:
            parsed = await kind.parse(self._access, result, state.source)
            if not parsed.articles and parsed.problems:
                await self._failed(state, result, f"no {kind.noun}: {parsed.problems[0]}")
            else:
                await self._keep(state, result, parsed)

    async def _keep(self, state: SourceState, result: FetchResult, parsed: ParsedFeed) -> None:
        found = normalised(parsed.articles, state.source, self._clock(), state.leads)
        if state.source.full_text and not state.baseline:
            found = await self._with_full_text(state.source, found)
        items = len(parsed.articles)
        parsed = msgspec.structs.replace(parsed, articles=found)
        came = await self._store.write(self._record, state, result, parsed, items=items)
        self._has_news = self._has_news or came.new + came.revised > 0
        log.debug("read", extra={"source": state.source.url, "articles": len(found), "new": came.new})

    def _record(
        self, tx: Tx, state: SourceState, result: FetchResult, parsed: ParsedFeed, *, items: int | None
    ) -> NewArticles:
        """T1: new articles, validators, and when to look again, in one transaction.

        ``items`` is how many articles the document has; None for a 304.
        """
        url, now = state.source.url, self._clock()
        current = sources.get(tx, url)
        if current is None:  # removed while it was read
            return NewArticles()
        came, leads = _add(tx, state, parsed.articles, now, on_trial=current.is_on_trial)
        has_document = items is not None
        dates = [article.published for article in parsed.articles if article.published]
        next_check = schedule.after_success(
            now,
            self._pace(state),
            jitter=self._chance(),
            came=0 if state.baseline else came.new,
            newest=max(dates, default=None),
            ttl=max(parsed.ttl_seconds or 0.0, result.fresh_for or 0.0),
        )
        self._plan(url, next_check - now)
        sources.record_check(
            tx,
            url,
            now=now,
            next_check=next_check,
            etag=result.etag if has_document else result.etag or state.etag,
            last_modified=result.last_modified if has_document else result.last_modified or state.last_modified,
            items=items,
            moved_to=result.moved_to or state.fetch_url,
            leads=with_leads(state.leads, leads) if leads else None,
        )
        _count(tx, came, parsed, has_document=has_document)
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
        self._plan(state.source.url, next_check - now)
        sources.record_check(tx, state.source.url, now=now, next_check=next_check, error=why)

    def _plan(self, url: str, after: timedelta) -> None:
        self._planned[url] = self._ticks() + after.total_seconds()

    def _pace(self, state: SourceState) -> Pace:
        is_exact = self._access.is_allowed_host(state.fetch_url)
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
        """The articles; teasers and undated ones with text and date of their pages, at most ``MAX_PAGES`` a read.

        A teaser whose page was read before is left out.
        """
        kept: list[Article] = []
        pages = 0
        for article in found:
            is_teaser = len(article.text) < TEASER
            if article.stated is not None or not article.url or not (is_teaser or article.published is None):
                kept.append(article)
                continue
            known = await self._store.read(articles.kept_as, source.url, article)
            if known is None:
                pages += 1
                kept.append(await self._full(source, article) if pages <= MAX_PAGES else article)
            elif not is_teaser:  # a teaser whose page was read before would look like a revision
                kept.append(with_date_of(article, known))
        return tuple(kept)

    async def _full(self, source: Source, article: Article) -> Article:
        result = await self._access.fetch(article.url)
        if result.error or result.status != 200:
            log.info("page failed", extra={"url": article.url, "why": result.error})
            return article
        return with_page(article, await self._access.article_of(result), source, self._clock())


def _where_to_read(state: SourceState) -> SourceState:
    """The state to read with: if the source moved and keeps failing, some reads go to its own address."""
    if state.fetch_url == state.source.url or (state.failures + 1) % OLD_ADDRESS_EVERY:
        return state
    return msgspec.structs.replace(state, fetch_url=state.source.url, etag="", last_modified="")


def _add(
    tx: Tx, state: SourceState, found: Sequence[Article], now: datetime, *, on_trial: bool
) -> tuple[NewArticles, list[int]]:
    """Keep the articles, oldest first: sources begin with the newest, and alerts go out in the order of the news.

    Also returns how far the clocks of what is just new lead ours, in minutes.
    """
    oldest_first = list(reversed(found))
    oldest_first.sort(key=lambda article: article.published or now)
    settled = [msgspec.structs.replace(article, open_date=None) for article in oldest_first]
    url, ids = state.source.url, frozenset(article.id for article in found)
    add = partial(articles.add, tx, url, now=now, baseline=state.baseline, beside=ids, on_trial=on_trial)
    outcomes = [add(one) for one in settled]
    came = NewArticles(new=outcomes.count("new"), revised=outcomes.count("revised"))
    is_late = state.baseline or state.last_ok is None or now - state.last_ok > LONG_SINCE
    new = [article for article, outcome in zip(oldest_first, outcomes, strict=True) if outcome == "new"]
    return came, [] if is_late else leads_of(new, now)


def _count(tx: Tx, came: NewArticles, parsed: ParsedFeed, *, has_document: bool) -> None:
    counts = {
        "reads": 1,
        "reads_unchanged": int(not has_document),
        "articles_new": came.new,
        "articles_revised": came.revised,
        "feed_problems": len(parsed.problems),
    }
    for name, by in counts.items():
        if by:
            counters.count(tx, name, by)


def _as_added(source: Source, every: float) -> Source:
    """A source as a person adds it: read as often as any other, with what is known of its publisher."""
    given = {"lang"} if source.lang != Source(url=source.url).lang else set()
    return with_facts(msgspec.structs.replace(source, every=every, tier=UNKNOWN_TIER), given)
