"""Waiting articles are committed in the order they came, the next ones being read meanwhile; none is lost or held up."""

import asyncio
import itertools
from types import SimpleNamespace

import pytest
from fakes import NOW, extract
from test_ingest import IDS, RULES, news

from bot import composition
from bot.errors import ClusterUnavailable, StoreError
from bot.extraction.worker import Failed
from bot.incidents import ingest, intake
from bot.incidents.intake import work_off
from bot.store import articles, counters, incidents
from extract.types import Extraction

pytestmark = pytest.mark.usefixtures("simple_tracking")


class Reader:
    """Notes what it begins to read; titles that contain "Bomb" are reports."""

    def __init__(self, log, fails_at=None):
        self.log, self.fails_at, self.calls = log, fails_at, itertools.count(1)

    async def extract(self, batch):
        self.log.append([one.title for one in batch])
        if next(self.calls) == self.fails_at:
            raise ClusterUnavailable("nobody is there")
        await asyncio.sleep(0)
        return [
            Failed("killed the worker")
            if "cursed" in one.title
            else extract(one)
            if "Bomb" in one.title
            else Extraction(id=one.id, relevant=False)
            for one in batch
        ]


def wait(store, *titles):
    for n, title in enumerate(titles):
        store.write_sync(articles.add, "", news(f"k{n}", title), NOW, baseline=False)


def left(store):
    return len(store.read_sync(articles.waiting, 100))


async def work(store, reader, limit=2, **kw):
    return await work_off(store, reader, RULES, limit=limit, clock=lambda: NOW, new_id=IDS, **kw)


async def test_the_next_are_read_while_these_are_written(store, monkeypatch):
    log = []
    commit = ingest.commit
    monkeypatch.setattr(
        intake, "commit", lambda tx, stored, *a, **k: (log.append(stored.article.title), commit(tx, stored, *a, **k))[1]
    )
    wait(store, "a", "b", "c", "d", "e")
    assert await work(store, Reader(log)) == 5
    assert left(store) == 0
    assert [one for one in log if isinstance(one, str)] == ["a", "b", "c", "d", "e"]
    assert log.index(["c", "d"]) <= log.index("b") < log.index(["e"]) <= log.index("d")


async def test_what_comes_meanwhile_is_read_too(store):
    reader, log = Reader([]), []
    wait(store, "a")

    def committed():
        log.append(1)
        if len(log) == 1:
            store.write_sync(articles.add, "", news("late", "b"), NOW, baseline=False)

    assert await work(store, reader, committed=committed) + await work(store, reader, committed=committed) == 2
    assert reader.log == [["a"], ["b"]]


async def test_reports_are_committed_alone_and_others_together(store):
    calls = []
    wait(store, "a", "b", "Bomb kills 4 in Karachi", "c", "cursed", "d")
    assert await work(store, Reader([]), limit=10, committed=lambda: calls.append(1)) == 6
    assert len(calls) == 5  # a b | Bomb | c | cursed | d
    totals = store.read_sync(counters.totals)
    assert (totals["done"], totals["failed"], totals["incidents"]) == (5, 1, 1)


async def test_a_bug_met_by_one_of_many_sets_that_one_aside(store, monkeypatch):
    commit = ingest.commit

    def broken(tx, stored, *args, **kw):
        if stored.article.title == "b":
            raise ZeroDivisionError
        return commit(tx, stored, *args, **kw)

    monkeypatch.setattr(intake, "commit", broken)
    wait(store, "a", "b", "c")
    assert await work(store, Reader([]), limit=10) == 3
    totals = store.read_sync(counters.totals)
    assert (totals["done"], totals["failed"]) == (2, 1)


async def test_where_nobody_reads_articles_wait(store):
    wait(store, "a", "Bomb kills 4 in Karachi", "c")
    with pytest.raises(ClusterUnavailable):
        await work(store, Reader([], fails_at=2))
    assert left(store) == 1
    assert len(store.read_sync(incidents.latest)) == 1
    with pytest.raises(ClusterUnavailable):
        await work(store, Reader([], fails_at=1))
    assert left(store) == 1
    assert await work(store, Reader([])) == 1


async def test_a_database_that_fails_ends_what_is_under_way(store, monkeypatch):
    def locked(*_args, **_kw):
        raise StoreError("is locked")

    wait(store, "a", "b", "c")
    monkeypatch.setattr(intake, "commit", locked)
    with pytest.raises(StoreError):
        await work(store, Reader([]), limit=1)
    assert left(store) == 3
    assert len(asyncio.all_tasks()) == 1


async def test_that_nobody_reads_is_said_once_and_everything_else_goes_on(store, caplog):
    class Nobody:
        articles_at_once = 8

        async def extract(self, batch):
            raise ClusterUnavailable("the cluster at tcp://host:8786 has no workers: start dask worker tcp://host:8786")

    deliverer = SimpleNamespace(wake=asyncio.Event())
    wait(store, "a")
    loops = composition._reading(store, reader=None, extractor=Nobody(), rules=RULES, deliverer=deliverer)
    extracting = loops[1][1]
    assert [await extracting.work() for _ in range(3)] == [False] * 3
    assert [problem.what for problem in store.read_sync(counters.problems)] == [
        "the cluster at tcp://host:8786 has no workers: start dask worker tcp://host:8786"
    ]
    assert sum(record.message == "articles wait" for record in caplog.records) == 1
    assert left(store) == 1
