"""Extraction outside the loop: in worker processes that may die, hang or be replaced.

Behind ``concurrent.futures.Executor``: a batch goes to a worker; where the worker dies or hangs, it is replaced
and the batch is tried again in halves, until the one article that kills it is alone and is set aside.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from functools import partial

from extract.types import Article, Extraction, Frozen

log = logging.getLogger(__name__)

START_SECONDS = 60.0


class Failed(Frozen, frozen=True):
    """An article that the extractor can't read, and why."""

    why: str


Result = Extraction | Failed
Work = Callable[[tuple[Article, ...]], tuple[Result, ...]]


class Workers:
    """Hands articles to an executor and mends it when it breaks.

    ``make`` builds the executor (anew after each break), ``work`` runs in it.
    """

    def __init__(self, make: Callable[[], Executor], work: Work, *, timeout: float, batch: int) -> None:
        self._make = make
        self._work = work
        self._timeout = timeout
        self._batch = batch
        self._executor: Executor | None = None
        self._is_warm = False

    async def extract(self, articles: Sequence[Article]) -> list[Result]:
        """One result an article, in order."""
        results: list[Result] = []
        for start in range(0, len(articles), self._batch):
            results += await self._run(tuple(articles[start : start + self._batch]))
        return results

    def warm_up(self) -> None:
        """Start a worker now, so that the first article needn't wait for the models."""
        if self._executor is None:
            self._executor = self._make()
        self._executor.submit(self._work, ())

    def close(self) -> None:
        """End the workers at once; what they were reading is read again after the next start."""
        if self._executor is not None:
            _end(self._executor)
            self._executor = None

    async def _run(self, batch: tuple[Article, ...]) -> list[Result]:
        if self._executor is None:
            self._executor = self._make()
        start = 0.0 if self._is_warm else START_SECONDS
        try:
            future = asyncio.wrap_future(self._executor.submit(self._work, batch))
            async with asyncio.timeout(start + self._timeout * len(batch)):
                done = await future
        except (BrokenExecutor, TimeoutError) as error:
            return await self._halves(batch, error)
        self._is_warm = True
        return list(done)

    async def _halves(self, batch: tuple[Article, ...], error: Exception) -> list[Result]:
        why = "took too long" if isinstance(error, TimeoutError) else "killed the worker"
        log.warning("extraction broke", extra={"articles": len(batch), "why": why})
        self.close()
        self._is_warm = False
        if len(batch) == 1:
            return [Failed(why)]
        middle = len(batch) // 2
        return [*await self._run(batch[:middle]), *await self._run(batch[middle:])]


def local(*, model: str, workers: int, timeout: float, batch: int) -> Workers:
    """Workers as processes of this machine, each with its own extractor."""
    context = multiprocessing.get_context("spawn")
    make = partial(ProcessPoolExecutor, workers, mp_context=context, initializer=_prepare)
    return Workers(make, partial(_extract, model), timeout=timeout, batch=batch)


def _prepare() -> None:
    """In the new process: leave Ctrl-C to the parent, and end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _extract(model: str, batch: tuple[Article, ...]) -> tuple[Result, ...]:
    """In the worker: read each article; one that raises is set aside alone."""
    from bot.extraction.worker import extractor  # noqa: PLC0415  loads the models, only ever in a worker

    read = extractor(model)
    return tuple(_one(read, article) for article in batch)


def _one(read: Callable[[Article], Extraction], article: Article) -> Result:
    try:
        return read(article)
    except Exception as error:  # whatever one article does to the extractor, the others go on
        return Failed(f"{type(error).__name__}: {error}"[:300])


def _end(executor: Executor) -> None:
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with contextlib.suppress(OSError, ValueError):
            process.kill()
