"""Batches are extracted side by side; workers that die, hang or raise cost one article, never the batch."""

import asyncio
import gc
import os
import signal
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction.executor import BatchExtractor
from bot.extraction.garbage import NEW_OBJECTS, keep_models
from bot.extraction.local_executor import LocalExecutor
from bot.extraction.worker import Failed, results_of
from extract.types import Article, Extraction


class ToyExecutor:
    """Workers in which some articles kill their worker and some are never finished; batches end last one first."""

    def __init__(self, log, workers):
        self.workers = workers
        self._log = log
        self._under_way = []
        self._is_broken = False
        log.append("made")

    def submit(self, work, batch):
        if self._is_broken:
            raise BrokenProcessPool
        future = Future()
        self._under_way.append((future, work, batch))
        self._log.append(len(self._under_way))
        asyncio.get_running_loop().call_soon(self._finish)
        return future

    def close(self):
        self._is_broken = True

    def _finish(self):
        batches, self._under_way = self._under_way[::-1], []
        self._is_broken = self._is_broken or any(says("kills", batch) for _, _, batch in batches)
        for future, work, batch in batches:
            if future.cancelled():
                continue
            if self._is_broken:
                future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
            elif not says("hangs", batch):
                future.set_result(work(batch))


def says(word, batch):
    return any(word in article.text for article in batch)


def read(batch):
    return tuple(Extraction(id=article.id, relevant=False) for article in batch)


def articles(*texts):
    return [Article(id=str(number), text=text) for number, text in enumerate(texts)]


@pytest.fixture
def log():
    return []


def extractor(log, *, workers=1, timeout=60.0, batch=8):
    return BatchExtractor(partial(ToyExecutor, log, workers), read, timeout=timeout, batch=batch)


def failed(results):
    return {number: result.why for number, result in enumerate(results) if isinstance(result, Failed)}


async def test_one_worker_reads_one_batch_after_the_other(log):
    results = await extractor(log, batch=2).extract(articles("a", "b", "c", "d", "e"))
    assert [one.id for one in results] == ["0", "1", "2", "3", "4"]
    assert log == ["made", 1, 1, 1]


async def test_batches_are_under_way_side_by_side_and_their_results_in_order(log):
    results = await extractor(log, workers=3, batch=2).extract(articles(*"abcdefghijkl"))
    assert [one.id for one in results] == [str(number) for number in range(12)]
    assert log == ["made", 1, 2, 3, 1, 2, 3]


async def test_as_many_articles_as_keep_every_worker_busy(log):
    assert extractor(log, workers=3, batch=8).articles_at_once == 24


async def test_every_worker_is_started_before_the_first_article(log):
    extractor(log, workers=2).warm_up()
    assert log == ["made", 1, 2]


@pytest.mark.parametrize("workers", [1, 2])
async def test_the_article_that_kills_the_worker_is_set_aside_alone(log, workers):
    results = await extractor(log, workers=workers).extract(articles("a", "b", "kills", "d", "e"))
    assert failed(results) == {2: "killed the worker"}
    assert [one.id for one in results if isinstance(one, Extraction)] == ["0", "1", "3", "4"]


@pytest.mark.parametrize("workers", [1, 2])
async def test_the_article_that_hangs_is_set_aside_alone(log, monkeypatch, workers):
    monkeypatch.setattr("bot.extraction.executor.START_SECONDS", 0.0)
    results = await extractor(log, workers=workers, timeout=0.05, batch=2).extract(articles("a", "hangs", "c", "d"))
    assert failed(results) == {1: "took too long"}
    assert [one.id for one in results if isinstance(one, Extraction)] == ["0", "2", "3"]


async def test_what_was_lost_with_another_batch_is_read_with_nothing_else_under_way(log):
    results = await extractor(log, workers=3, batch=1).extract(articles("a", "kills", "c", "d", "e", "f"))
    assert failed(results) == {1: "killed the worker"}
    assert log == ["made", 1, 2, 3, "made", 1, 1, "made", 1, 1, 2, 3]


@given(st.lists(st.sampled_from(["fine", "fine", "fine", "kills"]), max_size=30), st.integers(1, 4), st.integers(1, 5))
def test_only_what_kills_the_worker_fails_however_many_are_under_way(texts, workers, batch):
    results = asyncio.run(extractor([], workers=workers, batch=batch).extract(articles(*texts)))
    assert set(failed(results)) == {number for number, text in enumerate(texts) if text == "kills"}
    assert all(result.id == str(number) for number, result in enumerate(results) if isinstance(result, Extraction))


async def test_a_worker_that_died_while_idle_costs_no_article(log):
    pool = extractor(log)
    await pool.extract(articles("a"))
    pool._executor.close()
    assert failed(await pool.extract(articles("b"))) == {}


async def test_an_error_of_the_executor_itself_is_raised(log):
    def broken(batch):
        raise AssertionError

    class Raising(ToyExecutor):
        def submit(self, work, batch):
            future = Future()
            future.set_exception(OSError("no network"))
            return future

    pool = BatchExtractor(partial(Raising, log, 2), broken, timeout=60.0, batch=1)
    with pytest.raises(OSError, match="no network"):
        await pool.extract(articles("a", "b"))


async def test_stopping_in_mid_batch_sets_nothing_aside(log):
    waiting = asyncio.create_task(extractor(log).extract(articles("hangs")))
    await asyncio.sleep(0)
    waiting.cancel()
    done, _ = await asyncio.wait([waiting])
    assert done.pop().cancelled()


# ------------------------------------------------------------------ in the worker


def test_a_batch_is_read_in_one_call():
    calls = []

    def extract_all(batch):
        calls.append(len(batch))
        return iter(read(batch))

    assert [one.id for one in results_of(extract_all, tuple(articles("a", "b", "c")))] == ["0", "1", "2"]
    assert calls == [3]


def test_an_article_that_raises_is_a_failure_of_its_own():
    def extract_all(batch):
        for article in batch:
            if article.text == "deep":
                raise RecursionError("too deep")
            yield Extraction(id=article.id, relevant=False)

    results = results_of(extract_all, tuple(articles("a", "deep", "c")))
    assert [one.id for one in results if isinstance(one, Extraction)] == ["0", "2"]
    assert results[1] == Failed("RecursionError: too deep")


# ------------------------------------------------------------------ processes of this machine


def read_or_die(batch):
    """In a process: reads as ``read`` does, and is killed by some articles."""
    if says("kills", batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return read(batch)


async def test_processes_that_die_are_replaced_and_the_others_articles_survive():
    pool = BatchExtractor(partial(LocalExecutor, 2), read_or_die, timeout=60.0, batch=1)
    try:
        results = await pool.extract(articles("a", "kills", "c"))
    finally:
        pool.close()
    assert failed(results) == {1: "killed the worker"}
    assert [one.id for one in results if isinstance(one, Extraction)] == ["0", "2"]


def test_what_is_loaded_is_not_scanned_for_garbage_again():
    before = gc.get_threshold()
    try:
        keep_models()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] == NEW_OBJECTS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
