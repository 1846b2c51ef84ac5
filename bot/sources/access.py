"""What do kinds of source fetch and parse with? The guarded fetch and the parse worker, behind one small interface."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.config import Fetch
from bot.errors import BlockedAddress
from bot.sources import address_guard
from bot.sources.fetch import Fetcher
from bot.sources.parse_worker import ParseWorker
from bot.types import FetchResult
from extract.types import Article, FeedLink, FeedList, ParsedFeed

T = TypeVar("T")

# documents behind links that are kept, a few kB each
MOST_LINKED = 1_000
_OK = 200


class GuardedAccess:
    """``bot.sources.kinds.Access`` for the service: bounded requests, and parsing in a process that can be killed."""

    def __init__(self, settings: Fetch, *, fetcher: Fetcher | None = None) -> None:
        self._settings = settings
        self._fetcher = fetcher or Fetcher(settings)
        self._parser = ParseWorker()
        # the oldest first
        self._linked: dict[str, ParsedFeed] = {}
        # the worker takes one document at a time, so one thread waits for it and no other work loses its thread
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parse")

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchResult:
        """``Fetcher.fetch``."""
        return await self._fetcher.fetch(url, etag=etag, last_modified=last_modified)

    def verdict(self, url: str) -> str:
        """Why an address must not be connected to; empty where it may."""
        return address_guard.verdict(url, self._settings.allow_hosts)

    def is_allowed_host(self, url: str) -> bool:
        """Is the address's host one of ``[fetch] allow_hosts``: one of the operator's own?"""
        try:
            return address_guard.check(url, self._settings.allow_hosts).is_allowed
        except BlockedAddress:
            return False

    async def parse_feed(self, result: FetchResult) -> ParsedFeed:
        """``ParseWorker.parse`` for a document that was fetched."""
        return await self._in_thread(
            partial(
                self._parser.parse,
                result.body,
                base_url=result.url,
                content_type=result.content_type,
                max_items=self._settings.max_items,
            )
        )

    async def parse_links(self, result: FetchResult, selector: str) -> ParsedFeed:
        """``ParseWorker.parse_links`` for a page that was fetched."""
        work = partial(self._parser.parse_links, result.body, selector, base_url=result.url)
        return await self._in_thread(partial(work, max_items=self._settings.max_items))

    async def parse_linked(self, url: str) -> ParsedFeed | None:
        """What a document contains that never changes; fetched once and then kept for some time. None if it can't be
        fetched now, or its address must not be connected to."""
        if url not in self._linked:
            result = await self.fetch(url)
            if result.error or result.status != _OK:
                return None
            self._linked[url] = await self.parse_feed(result)
            while len(self._linked) > MOST_LINKED:
                del self._linked[next(iter(self._linked))]
        return self._linked[url]

    def is_kept(self, url: str) -> bool:
        """Does ``parse_linked`` know that document?"""
        return url in self._linked

    async def alternates(self, result: FetchResult) -> tuple[FeedLink, ...]:
        """``ParseWorker.alternates`` for a page that was fetched."""
        return await self._in_thread(partial(self._parser.alternates, result.body, base_url=result.url))

    async def feeds_of(self, body: bytes) -> FeedList:
        """``ParseWorker.feeds_of`` for a list of feeds that a person gave."""
        return await self._in_thread(partial(self._parser.feeds_of, body))

    async def article_of(self, result: FetchResult) -> Article:
        """``ParseWorker.article_of`` for a page that was fetched."""
        return await self._in_thread(partial(self._parser.article_of, result.body, url=result.url))

    async def close(self) -> None:
        """End the parse worker and close every connection."""
        self._parser.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
        await self._fetcher.close()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
