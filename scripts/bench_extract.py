"""What do workers gain? python scripts/bench_extract.py ARTICLES.jsonl [--workers 1 2] [--cluster] [--batch 64]

Extracts articles with so many processes of this machine, or so many workers of a Dask cluster that is started here, and
prints articles a second for each number, the models loaded. Then it ingests what was found and prints what an article
costs the single writer, and from both what clusters of up to 64 workers would reach.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.alerts.gate import Rules
from bot.cli import THREADS
from bot.extraction.executor import BatchExtractor
from bot.extraction.local_executor import local_extractor
from bot.extraction.worker import Failed, Result
from bot.incidents import ingest
from bot.store import Store
from extract.types import Article, Extraction
from extract.wire import read_article

SIMULATED = (1, 2, 4, 8, 16, 32, 64)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("articles", type=Path)
    asked.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    asked.add_argument("--cluster", action="store_true")
    asked.add_argument("--batch", type=int, default=64)
    given = asked.parse_args()
    for name in THREADS:  # workers inherit it, as in the service
        os.environ.setdefault(name, "1")
    articles = [read_article(line) for line in given.articles.read_text("utf-8").splitlines() if line.strip()]
    rates: dict[int, float] = {}
    results: list[Result] = []
    for workers in given.workers:
        found, rates[workers] = asyncio.run(_measured(articles, workers, given.batch, cluster=given.cluster))
        if results and found != results:
            print("the results differ from those of another number of workers")
        results = found
        gain = f", {rates[workers] / rates[given.workers[0]]:.2f} times" if workers != given.workers[0] else ""
        print(f"{workers} workers: {rates[workers]:.0f} articles a second{gain}")
    writer = _writer_seconds(articles, results)
    print(f"the writer: {1000 * writer:.2f} ms an article, {1 / writer:.0f} a second")
    alone = rates[given.workers[0]] / given.workers[0]
    shown = ", ".join(f"{n}: {min(n * alone, 1 / writer):.0f}" for n in SIMULATED)
    print(f"workers and articles a second, if nothing else is in the way: {shown}")


async def _measured(
    articles: Sequence[Article], workers: int, batch: int, *, cluster: bool
) -> tuple[list[Result], float]:
    """The extractions without their times, and articles a second with the models loaded."""
    if not cluster:
        return await _timed(local_extractor(model="", workers=workers, timeout=60.0, batch=batch), articles)
    from distributed import LocalCluster  # noqa: PLC0415  an optional dependency

    from bot.extraction.cluster_executor import cluster_extractor  # noqa: PLC0415

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as running:
        return await _timed(cluster_extractor(running.scheduler_address, model="", timeout=60.0, batch=batch), articles)


async def _timed(extractor: BatchExtractor, articles: Sequence[Article]) -> tuple[list[Result], float]:
    try:
        for _ in range(4):  # the models of every worker
            await extractor.extract(articles[: extractor.articles_at_once])
        began = time.perf_counter()
        found = await extractor.extract(articles)
        taken = time.perf_counter() - began
    finally:
        extractor.close()
    return [
        one if isinstance(one, Failed) else Extraction(id=one.id, relevant=one.relevant, reports=one.reports)
        for one in found
    ], len(articles) / taken


def _writer_seconds(articles: Sequence[Article], results: Sequence[Result]) -> float:
    """How long one article takes in the transactions of a database on disk."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "bench.db")
        ids = ingest.seeded_ids("bench")
        began = time.perf_counter()
        for article, result in zip(articles, results, strict=True):
            if isinstance(result, Extraction):
                at = article.published or datetime.now(UTC)
                ingest.replay(store, article, result, now=at, new_id=ids, rules=Rules())
        taken = time.perf_counter() - began
        store.close()
    return taken / len(articles)


if __name__ == "__main__":
    main()
