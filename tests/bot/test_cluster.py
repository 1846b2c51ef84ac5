"""Articles can be read on a Dask cluster: workers that die, join, leave or differ cost no article and repeat none."""

import asyncio
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster

from bot import app, composition
from bot.config import parse
from bot.errors import ClusterUnavailable, ConfigError
from bot.extraction import cluster_executor
from bot.extraction.cluster_executor import ClusterExecutor, cluster_extractor
from bot.extraction.executor import BatchExtractor
from bot.extraction.local_executor import local_extractor
from bot.extraction.worker import Failed
from extract.types import Article, Extraction


def read(batch):
    return tuple(Extraction(id=article.id, relevant=False) for article in batch)


def read_or_die(folder, batch):
    """In a worker: the first to read an article that says so dies; "always" kills every worker, "hangs" never ends."""
    for article in batch:
        mark = folder / f"killed-{article.id}"
        if "always" in article.text or ("kills" in article.text and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "hangs" in article.text:
            time.sleep(600)
    return read(batch)


def articles(*texts):
    return [Article(id=str(number), text=text) for number, text in enumerate(texts)]


def cluster_of(workers, **options):
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50, **options
    )


@pytest.fixture(scope="module")
def cluster():
    with cluster_of(2) as running:
        yield running


@pytest.fixture
def reader(cluster):
    made = []

    def make(work=read, batch=2, timeout=60.0, address=None):
        executor = partial(ClusterExecutor, address or cluster.scheduler_address)
        made.append(BatchExtractor(executor, work, timeout=timeout, batch=batch))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ids(results):
    return [one.id for one in results if isinstance(one, Extraction)]


async def test_results_are_in_order_and_each_article_is_read_once(reader):
    found = reader()
    results = await found.extract(articles(*"abcdefghi"))
    assert ids(results) == list("012345678")
    assert found.articles_at_once == 4  # two workers, two at a time


async def test_a_worker_that_dies_costs_nothing(reader, tmp_path):
    results = await reader(partial(read_or_die, tmp_path)).extract(articles("a", "kills", "c", "d", "kills", "f"))
    assert ids(results) == list("012345")


async def test_an_article_that_kills_every_worker_is_set_aside_alone(reader, tmp_path):
    results = await reader(partial(read_or_die, tmp_path)).extract(articles("a", "always", "c"))
    assert ids(results) == ["0", "2"]
    assert results[1] == Failed("killed the worker")


async def test_an_article_that_hangs_is_set_aside_alone(reader, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.extraction.executor.START_SECONDS", 12.0)
    results = await reader(partial(read_or_die, tmp_path), timeout=0.5, batch=1).extract(articles("hangs", "b"))
    assert results[0] == Failed("took too long")
    assert ids(results) == ["1"]


async def test_workers_that_join_and_leave_are_used_and_missed_by_nobody(reader):
    with cluster_of(1) as small:
        found = reader(address=small.scheduler_address, batch=1)
        assert ids(await found.extract(articles("a"))) == ["0"]
        small.scale(2)
        await asyncio.to_thread(small.wait_for_workers, 2)
        assert ids(await found.extract(articles("a", "b", "c"))) == ["0", "1", "2"]
        assert found.articles_at_once == 2
        small.scale(1)
        assert ids(await found.extract(articles("a", "b", "c"))) == ["0", "1", "2"]


async def test_without_workers_articles_wait_and_are_not_set_aside(reader, monkeypatch):
    monkeypatch.setattr(cluster_executor, "WORKERS_SECONDS", 0.5)
    with cluster_of(0) as empty, pytest.raises(ClusterUnavailable, match="has no workers"):
        await reader(address=empty.scheduler_address).extract(articles("a"))


async def test_articles_under_way_wait_when_the_last_worker_is_gone(reader, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_executor, "LOOK_SECONDS", 0.3)
    monkeypatch.setattr(cluster_executor, "WORKERS_SECONDS", 0.5)
    with cluster_of(1) as small:
        found = reader(partial(read_or_die, tmp_path), address=small.scheduler_address)
        reading = asyncio.create_task(found.extract(articles("hangs")))
        await asyncio.sleep(3)
        small.scale(0)
        with pytest.raises(ClusterUnavailable):
            await asyncio.wait_for(reading, 30)


async def test_a_scheduler_that_starts_again_is_used_again(reader, monkeypatch):
    monkeypatch.setattr(cluster_executor, "CONNECT_SECONDS", 2.0)
    first = cluster_of(1)
    address = first.scheduler_address
    found = reader(address=address)
    assert ids(await found.extract(articles("a"))) == ["0"]
    await asyncio.to_thread(first.close)
    with pytest.raises(ClusterUnavailable, match="does not answer"):
        await asyncio.wait_for(found.extract(articles("a")), 60)
    with cluster_of(1, scheduler_port=int(address.rpartition(":")[2])):
        assert ids(await found.extract(articles("a", "b"))) == ["0", "1"]


async def test_another_version_of_the_code_is_refused_in_one_line(reader, monkeypatch):
    monkeypatch.setattr(cluster_executor, "fingerprint", lambda: "another")
    with pytest.raises(ClusterUnavailable, match="another version of Tocsin's code or models: install the same"):
        await reader().extract(articles("a"))


async def test_what_is_read_on_a_cluster_is_what_is_read_here(cluster):
    told = [
        Article(id="1", title="Bomb kills 5 in Quetta", text="A bomb killed five people in Quetta, police said."),
        Article(id="2", title="Council meets", text="The council of Quetta met."),
        Article(id="3", title="Gunmen shoot 3 in Kano", text="Three people were shot dead in Kano on Friday."),
    ]
    here = local_extractor(model="", workers=1, timeout=60.0, batch=8)
    there = cluster_extractor(cluster.scheduler_address, model="", timeout=60.0, batch=8)
    try:
        found, same = await here.extract(told), await there.extract(told)
    finally:
        here.close()
        there.close()
    assert [one.reports for one in same] == [one.reports for one in found]
    assert sum(bool(one.reports) for one in same) == 2


def test_an_address_that_is_none_is_a_mistake():
    assert parse({"extract": {"cluster": "tcp://10.0.0.5:8786"}}).extract.cluster == "tcp://10.0.0.5:8786"
    with pytest.raises(ConfigError, match="tcp://host:8786"):
        parse({"extract": {"cluster": "10.0.0.5"}})


def test_the_fingerprint_is_that_of_all_files(monkeypatch):
    from bot.extraction import fingerprint

    first = fingerprint.fingerprint.__wrapped__()
    assert first == fingerprint.fingerprint.__wrapped__()
    read_bytes = Path.read_bytes

    def other(path):
        return read_bytes(path) + (b" " if path.name == "kinds.toml" else b"")

    monkeypatch.setattr(Path, "read_bytes", other)
    assert fingerprint.fingerprint.__wrapped__() != first


def test_a_cluster_without_its_package_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "bot.extraction.cluster_executor", None)
    with pytest.raises(ConfigError, match=r"pip install tocsin\[cluster\]"):
        composition._extractor(parse({"extract": {"cluster": "tcp://host:8786"}}))


def test_a_table_that_is_none_does_not_hide_the_other_mistakes(tmp_path):
    assert app.missing_on_machine({"extract": 3, "store": {"path": str(tmp_path / "no" / "x.db")}})[0].startswith(
        "store.path"
    )
