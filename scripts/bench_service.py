"""How soon is news at a phone, what does the whole service take? python scripts/bench_service.py [SOURCES] [SECONDS]

Runs ``tocsin run`` with sources of ten minutes on a farm of feeds on loopback and a Bot API there, and three chats that
ask for everything. Now and then an article tells of a bombing in a town of its own. Prints the seconds from the end of
the fetch to the answer of the Bot API for all first cards, and the mean load and the memory of all its processes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import feed_farm
import numpy as np
from feed_farm import HOST, ITEMS

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bot")]

from bot_api import TOKEN  # noqa: E402

from bot.alerts import latency  # noqa: E402
from bot.store import Store, Tx, chats, counters, sources, subscriptions  # noqa: E402
from bot.types import Source, Subscription  # noqa: E402
from extract.places import Gazetteer  # noqa: E402
from extract.places.row_layout import CITY  # noqa: E402

EVERY = 600.0
CHATS = (1_001, 1_002, 1_003)
SERVER = ROOT / "tests" / "bot" / "bot_api.py"
TICKS = os.sysconf("SC_CLK_TCK")


def main(number: int = 10_000, seconds: int = 120) -> None:
    write = partial(_article, _towns())
    port = feed_farm.start(write)
    api = subprocess.Popen([sys.executable, str(SERVER)], stdout=subprocess.PIPE, text=True)
    assert api.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        store = Store(path)
        urls = [f"http://{HOST}:{port}/{n}" for n in range(number)]
        store.write_sync(_fill, urls)
        store.close()
        config = Path(folder) / "config.toml"
        config.write_text(_config(path, int(api.stdout.readline()), urls))
        config.chmod(0o600)
        service = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--config", str(config)], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            load, memory = _watch(service.pid, seconds)
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(30)
            api.terminate()
        store = Store(path)
        taken = store.read_sync(counters.latencies, datetime.now(UTC) - timedelta(hours=1))
        store.close()
    spans = [read + sent for _, read, sent in taken]
    print(f"{number} sources, {seconds} s: load {load:.2f} cores, {memory:.0f} MB in all processes at most")
    if spans:
        half, most = (latency.percentile(spans, share) for share in (0.5, 0.95))
        print(f"fetched to accepted: {half:.2f} s in the middle, {most:.2f} s at the 95th percentile of {len(spans)}")


def _towns() -> list[str]:
    """Names of large towns with their countries."""
    gazetteer = Gazetteer.open()
    table = gazetteer.table
    rows = np.flatnonzero((table["kind"] & 7 == CITY) & (table["population"] >= 200_000))
    places = [gazetteer.place(gazetteer.entry(int(row))) for row in rows]
    return [f"{place.name}, {gazetteer.country_name(place.country)}" for place in places if place.country]


def _article(towns: list[str], feed: int, number: int) -> tuple[str, str]:
    """One newest article in ten tells of an incident, of a town of its own."""
    if number % (10 * feed_farm.NEWS_EVERY):
        return feed_farm.council(feed, number)
    town = towns[(feed * 31 + number) % len(towns)]
    return f"Bomb kills {feed % 7 + 2} in {town}", f"A bomb exploded at a market in {town} today, police said."


def _fill(tx: Tx, urls: list[str]) -> None:
    now = datetime.now(UTC)
    for n, url in enumerate(urls):
        sources.upsert(tx, Source(url=url, every=EVERY), "config", now)
        due = now + timedelta(seconds=15 + EVERY * n / len(urls))
        sources.record_check(tx, url, now=now, next_check=due, items=ITEMS)
    for chat in CHATS:
        chats.touch(tx, chat, "private", now)
        subscriptions.add(tx, Subscription(chat=chat), now)


def _config(path: Path, api: int, urls: list[str]) -> str:
    listed = "".join(f'[[sources]]\nurl = "{url}"\nevery = "{EVERY:.0f}s"\n' for url in urls)
    telegram = f'[telegram]\ntoken = "{TOKEN}"\nbase_url = "http://{HOST}:{api}/bot"\n'
    return f'{telegram}[store]\npath = "{path}"\n[fetch]\nallow_hosts = ["{HOST}"]\n{listed}'


def _watch(pid: int, seconds: float) -> tuple[float, float]:
    """The mean load in cores and the most memory in MB of a process and its children."""
    memory, began, first = 0.0, time.monotonic(), 0.0
    while (passed := time.monotonic() - began) < seconds:
        time.sleep(1.0)
        family = [pid, *_children(pid)]
        memory = max(memory, sum(map(_megabytes, family)))
        if not first and passed > 15:  # started by now
            first, since = _cpu_seconds(family), time.monotonic()
    return (_cpu_seconds([pid, *_children(pid)]) - first) / (time.monotonic() - since), memory


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    found = [int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()]
    return [*found, *(one for child in found for one in _children(child))]


def _megabytes(pid: int) -> float:
    """The proportional share of memory: pages that processes have in common count once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def _cpu_seconds(pids: list[int]) -> float:
    """Seconds of all cores that these processes, and those that they have ended, have used."""
    used = 0
    for pid in pids:
        cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += sum(map(int, cells[11:15]))
    return used / TICKS


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
