"""Workers that die, hang or raise cost one article, never the batch."""

import asyncio
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from bot.extraction.executor import Failed, Workers, _one
from extract.types import Article, Extraction


class Pool:
    """An executor in which some articles kill the worker and some are never finished."""

    made = 0

    def __init__(self):
        type(self).made += 1
        self.broken = False

    def submit(self, work, batch):
        future = Future()
        if any("kills" in one.text for one in batch):
            self.broken = True
        if self.broken:
            future.set_exception(BrokenProcessPool("a child process terminated abruptly"))
        elif not any("hangs" in one.text for one in batch):
            future.set_result(work(batch))
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        self.broken = True


def read(batch):
    return tuple(Extraction(id=one.id, relevant=False) for one in batch)


def articles(*texts):
    return [Article(id=str(number), text=text) for number, text in enumerate(texts)]


def workers(timeout=60.0, batch=8):
    Pool.made = 0
    return Workers(Pool, read, timeout=timeout, batch=batch)


async def test_results_come_in_order():
    results = await workers(batch=2).extract(articles("a", "b", "c", "d", "e"))
    assert [one.id for one in results] == ["0", "1", "2", "3", "4"]
    assert Pool.made == 1


async def test_the_article_that_kills_the_worker_is_set_aside_alone():
    results = await workers().extract(articles("a", "b", "kills", "d", "e"))
    assert [isinstance(one, Failed) for one in results] == [False, False, True, False, False]
    assert results[2] == Failed("killed the worker")


async def test_the_article_that_hangs_is_set_aside_alone(monkeypatch):
    monkeypatch.setattr("bot.extraction.executor.START_SECONDS", 0.0)
    results = await workers(timeout=0.01).extract(articles("a", "hangs", "c"))
    assert results[1] == Failed("took too long")
    assert [one.id for one in (results[0], results[2])] == ["0", "2"]


async def test_an_article_that_raises_is_a_failure_of_its_own():
    def broken(article):
        raise RecursionError("too deep")

    assert _one(broken, articles("a")[0]) == Failed("RecursionError: too deep")


async def test_stopping_in_mid_batch_sets_nothing_aside():
    pool = workers()
    waiting = asyncio.create_task(pool.extract(articles("hangs")))
    await asyncio.sleep(0)
    waiting.cancel()
    done, _ = await asyncio.wait([waiting])
    assert done.pop().cancelled()
