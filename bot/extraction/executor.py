"""How are many articles extracted at once, by workers that may die or hang? In batches, side by side, order kept.

``BatchExtractor`` hands batches to an ``Executor`` (processes of this machine, or workers on others) and makes a new
one when it breaks. A batch that was lost is read again, in halves, until the one article that kills its worker is
found and set aside. No article is set aside unless it was the only one under way: when a worker dies, it is not known
which batch killed it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from typing import Protocol, TypeVar

from bot.errors import ClusterUnavailable
from bot.extraction.worker import Batch, Failed, Result, Work
from extract.types import Article

log = logging.getLogger(__name__)

# a worker that has read nothing yet may take this long in addition, to start and to load the models
START_SECONDS = 60.0
EACH_SECONDS = 1.0
KILLED = Failed("killed the worker")
TOO_LONG = Failed("took too long")

T = TypeVar("T")


class Executor(Protocol):
    """Where batches are read: workers on this machine or on others.

    ``workers`` is how many batches can be under way at once.
    """

    workers: int

    def submit(self, work: Work, batch: Batch) -> Future[tuple[Result, ...]]:
        """Let a worker do ``work(batch)``. The future fails with ``BrokenExecutor`` where the batch is lost.

        Raises:
            BrokenExecutor: the executor broke earlier; this batch was not begun.
        """

    def close(self) -> None:
        """End the workers at once, whatever they do. Futures under way need not be completed."""


class BatchExtractor:
    """Extracts articles in batches of at most ``batch``, as many side by side as the executor has workers.

    ``make`` builds the executor, and another one after each break; ``work`` runs in its workers. An article may take
    ``timeout`` seconds, a batch ``EACH_SECONDS`` more for each of its articles: nearly all take a few milliseconds.
    """

    def __init__(self, make: Callable[[], Executor], work: Work, *, timeout: float, batch: int) -> None:
        self._make = make
        self._work = work
        self._timeout = timeout
        self._batch = batch
        self._executor: Executor | None = None
        self._has_read = False
        # one caller at a time has batches under way, so that it is known whose article killed a worker
        self._turn = asyncio.Lock()

    @property
    def articles_at_once(self) -> int:
        """How many articles keep every worker busy."""
        return self._running().workers * self._batch

    async def extract(self, articles: Sequence[Article]) -> list[Result]:
        """One result per article, in order.

        Raises:
            ClusterUnavailable: there is nobody to read them now.
        """
        results: list[Result] = []
        for group in _parts(tuple(articles), self.articles_at_once):
            batches = _parts(group, self._batch)
            async with self._turn:
                for batch, found in zip(batches, await self._side_by_side(batches), strict=True):
                    results += await self._again(batch, found) if isinstance(found, Failed) else found
        return results

    async def extract_aside(self, articles: Batch, *, wait: float, seconds: float) -> tuple[Result, ...]:
        """A few articles that are no news, read between two groups of ``extract``; they may take ``seconds``.

        They are read once: where the batch is lost, each of them has failed.

        Raises:
            TimeoutError: their turn did not come within ``wait`` seconds.
            ClusterUnavailable: there is nobody to read them now.
        """
        async with asyncio.timeout(wait):
            await self._turn.acquire()
        try:
            is_warm = self._has_read and self._running().workers == 1
            [found] = await self._side_by_side([articles], seconds=(0.0 if is_warm else START_SECONDS) + seconds)
        finally:
            self._turn.release()
        return (found,) * len(articles) if isinstance(found, Failed) else found

    def warm_up(self) -> None:
        """Start the workers now, so that the first articles needn't wait for the models."""
        for _ in range(self._running().workers):
            self._submit(())

    def close(self) -> None:
        """End the workers at once; what they were reading is read again after the next start."""
        if self._executor is not None:
            self._executor.close()
            self._executor = None
            self._has_read = False

    async def _side_by_side(
        self, batches: Sequence[Batch], *, seconds: float | None = None
    ) -> list[tuple[Result, ...] | Failed]:
        """Each batch's results, or why it was lost. The executor is closed if one was: what else was under way is
        lost with it."""
        futures = [asyncio.wrap_future(self._submit(batch)) for batch in batches]
        try:
            done, late = await asyncio.wait(
                futures, timeout=seconds or self._seconds(max(map(len, batches))), return_when=asyncio.FIRST_EXCEPTION
            )
        finally:
            for future in futures:
                future.cancel()
        try:
            found = {future: _results(future) for future in done}
        except ClusterUnavailable:
            self.close()
            raise
        is_broken = KILLED in found.values()
        found |= dict.fromkeys(late, KILLED if is_broken else TOO_LONG)
        for future, batch in zip(futures, batches, strict=True):
            lost = found[future]
            if isinstance(lost, Failed):
                log.warning("extraction broke", extra={"articles": len(batch), "why": lost.why})
        if is_broken or late:
            self.close()
        else:
            self._has_read = True
        return [found[future] for future in futures]

    async def _again(self, batch: Batch, lost: Failed) -> Sequence[Result]:
        """A batch that was lost. It is known to be to blame if there is one worker, or if it is the one that hung;
        even then an article is set aside only after it was read alone."""
        if self._running().workers == 1 or (lost == TOO_LONG and len(batch) > 1):
            return await self._in_halves(batch, lost)
        return await self._alone(batch)

    async def _alone(self, batch: Batch) -> Sequence[Result]:
        """A batch read with nothing else under way: if it is lost, it is to blame."""
        [found] = await self._side_by_side([batch])
        return await self._in_halves(batch, found) if isinstance(found, Failed) else found

    async def _in_halves(self, batch: Batch, lost: Failed) -> Sequence[Result]:
        if len(batch) == 1:
            return [lost]
        middle = len(batch) // 2
        return [*await self._alone(batch[:middle]), *await self._alone(batch[middle:])]

    def _seconds(self, articles: int) -> float:
        """How long a batch of ``articles`` articles may take; with several workers, as if each still had to start."""
        is_warm = self._has_read and self._running().workers == 1
        return (0.0 if is_warm else START_SECONDS) + self._timeout + EACH_SECONDS * articles

    def _submit(self, batch: Batch) -> Future[tuple[Result, ...]]:
        try:
            return self._running().submit(self._work, batch)
        except BrokenExecutor:  # a worker died while idle, or because of another batch: this one was not begun
            self.close()
            return self._running().submit(self._work, batch)

    def _running(self) -> Executor:
        if self._executor is None:
            self._executor = self._make()
        return self._executor


def _results(future: asyncio.Future[tuple[Result, ...]]) -> tuple[Result, ...] | Failed:
    """What a future that is done brought: a batch's results, or that the batch was lost."""
    try:
        return future.result()
    except BrokenExecutor:
        return KILLED


def _parts(whole: tuple[T, ...], size: int) -> list[tuple[T, ...]]:
    return [whole[start : start + size] for start in range(0, len(whole), size)]
