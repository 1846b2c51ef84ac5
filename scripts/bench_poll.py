"""What does reading many sources cost? python scripts/bench_poll.py [SOURCES] [SECONDS] [MINUTES]

Reads sources, each once in so many minutes, from a farm of feeds on loopback: of five reads four find nothing new (304)
and one finds an article among thirty. Prints the reads a second, the mean load in cores (the processes that parse
included), how late reads were, and the peak of memory of this process and of the largest other one.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feed_farm
from feed_farm import HOST, ITEMS

from bot.composition import POLL_SECONDS
from bot.config import Fetch
from bot.sources.poll import SourceReader
from bot.store import Store, Tx, sources
from bot.types import Source


def main(number: int = 10_000, seconds: float = 120.0, minutes: float = 10.0) -> None:
    port = feed_farm.start()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "bench.db")
        store.write_sync(_fill, port, number, minutes * 60)
        began, spent = time.monotonic(), _cpu_seconds()
        late = asyncio.run(_read(store, seconds))
        wall = time.monotonic() - began
        store.close()
    load = (_cpu_seconds() - spent) / wall
    reads = len(late)
    late.sort()
    print(f"{reads} reads in {wall:.0f} s, {reads / wall:.1f}/s; wished: {number / (minutes * 60):.1f}/s")
    print(f"load {load:.2f} cores; late by {late[reads // 2]:.1f} s in the middle, {late[-1]:.1f} s at most")
    own, largest = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak {own:.0f} MB, and {largest:.0f} MB in a process that parses")


def _cpu_seconds() -> float:
    """Seconds of all cores that this process and those that it has ended have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _fill(tx: Tx, port: int, number: int, every: float) -> None:
    """Sources that were all read before, due one after the other over the interval."""
    now = datetime.now(UTC)
    for n in range(number):
        url = f"http://{HOST}:{port}/{n}"
        sources.upsert(tx, Source(url=url, name=f"Outlet {n}", every=every), "config", now)
        due = now + timedelta(seconds=every * n / number)
        sources.record_check(tx, url, now=now, next_check=due, items=ITEMS)


async def _read(store: Store, seconds: float) -> list[float]:
    """By how many seconds each read was late."""
    late: list[float] = []
    reader = SourceReader(store, Fetch(allow_hosts=(HOST,)), lambda: datetime.now(UTC))
    record = sources.record_check

    def noted(tx: Tx, url: str, *, now: datetime, next_check: datetime, **rest: object) -> None:
        known = sources.get(tx, url)
        late.append((now - known.next_check).total_seconds() if known else 0.0)
        record(tx, url, now=now, next_check=next_check, **rest)  # type: ignore[arg-type]

    sources.record_check = noted
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await reader.read_due()
        await asyncio.sleep(POLL_SECONDS)
    await reader.settle()
    await reader.close()
    return late


if __name__ == "__main__":
    main(*(float(argument) if "." in argument else int(argument) for argument in sys.argv[1:]))
