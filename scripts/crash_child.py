"""One run of a small service that is killed at a named point: python scripts/crash_child.py DB LOG POINT NTH

The store, ingestion and delivery are the real ones; articles are generated, extraction is a simple rule, and the log
replaces Telegram: the messages in it were accepted. Exit 0 when there is nothing left to do.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import config
from bot.alerts import fanout, gate
from bot.alerts.delivery import Deliverer
from bot.alerts.outcome import Outcome, Outgoing, Sent
from bot.incidents import ingest
from bot.operations import reload
from bot.render import text
from bot.render.card import REPEAT_NOTE
from bot.render.words import Names
from bot.store import Store, Tx, articles, chats, incidents, lease, outbox, schema, sources, subscriptions
from bot.types import StoredArticle, Subscription
from extract.kinds import load_kinds
from extract.types import (
    Article,
    Codes,
    Count,
    CountState,
    Extraction,
    News,
    Place,
    Precision,
    Report,
    Severity,
    TimePrecision,
    When,
)

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
POINTS = (
    "migration", "during config reload", "after fetch", "after parse", "mid-insert", "mid-commit", "after commit",
    "after claim", "during send", "after accept", "before record", "backup",
)  # fmt: skip
CHATS = (1, 2, 3)
# a fan-out with one chat in each part: a crash between two parts must not lose the alerts of the other chats
RULES = gate.Rules(batch=1)
TOWNS = 8


class Death:
    """Kills this process with SIGKILL the n-th time that a point is passed."""

    def __init__(self, point: str, nth: int) -> None:
        self._point, self._left = point, nth

    def at(self, point: str) -> None:
        """Record that a point is passed; kills the process if it is the n-th time."""
        if point == self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A wrapper of a function that passes the point after each call."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            self.at(point)
            return result

        return wrapped


class Telegram:
    """A fake of Telegram that accepts every message and writes it to the log."""

    def __init__(self, log: Path, death: Death) -> None:
        self._log, self._death = log, death

    async def is_reachable(self) -> bool:
        """Always true."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Accept one message: it counts as accepted once its line is on the disk."""
        self._death.at("during send")
        said = text.plain(outgoing.message)
        row = {
            "chat": outgoing.chat,
            "edit": outgoing.edits,
            "first": said.splitlines()[0],
            "again": REPEAT_NOTE in said,
        }
        with self._log.open("a") as stream:
            stream.write(json.dumps(row) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        self._death.at("after accept")
        return Sent(outgoing.edits or time.time_ns() % 2**31)


def main(db: str, log: str, point: str, nth: str) -> None:
    death = Death(point, int(nth))
    schema._run = death.after("migration", schema._run)
    store = Store(Path(db))
    incidents.record_decision = death.after("mid-commit", incidents.record_decision)
    articles._digest = death.after("mid-insert", articles._digest)
    sources.upsert = death.after("during config reload", sources.upsert)
    holder = f"child {os.getpid()}"
    store.write_sync(lease.take, holder, START, gone=frozenset({store.read_sync(lease.holder)}))
    store.write_sync(_prepare)
    while store.write_sync(fanout.continue_fan_out, RULES):
        pass
    _read(store, death)
    _understand(store, death)
    store.backup(Path(f"{db}.copy-{os.getpid()}"))
    death.at("backup")
    asyncio.run(_deliver(store, Path(log), holder, death, Path(f"{db}.toml")))
    store.close()


def _prepare(tx: Tx) -> None:
    outbox.recover(tx)
    for chat in CHATS:
        chats.touch(tx, chat, "private", START)
        if not subscriptions.of_chat(tx, chat):
            subscriptions.add(tx, Subscription(chat=chat), START)


def _read(store: Store, death: Death) -> None:
    for town in range(TOWNS):
        for source in ("post", "wire"):
            death.at("after fetch")
            said = Article(
                id=f"{source}{town}", title=f"Blast in Town {town}", text=f"{source} tells of {town}", published=START
            )
            death.at("after parse")
            store.write_sync(articles.add, "", said, START, baseline=False)


def _understand(store: Store, death: Death) -> None:
    for stored in store.read_sync(articles.waiting, 1000):
        store.write_sync(
            ingest.commit,
            stored,
            _extract(stored),
            now=START,
            new_id=ingest.seeded_ids("crash"),
            rules=RULES,
        )
        death.at("after commit")
        while store.write_sync(fanout.continue_fan_out, RULES):
            death.at("after commit")


def _extract(stored: StoredArticle) -> Extraction:
    town = int(stored.article.id[4:])
    place = Place(
        name=f"Town {town}", country="PK", lat=25.0 + town, lon=67.0, precision=Precision.CITY, geonameid=town + 1
    )
    toll = Count(low=4, high=4, state=CountState.COUNTED)
    when = When(start="2026-03-02", end="2026-03-02", precision=TimePrecision.DAY)
    told = Report(
        news=News.EVENT, kind="bombing", codes=Codes(), place=place, when=when, killed=toll, probability=0.9,
        severity=Severity.SEVERE,
    )  # fmt: skip
    return Extraction(id=stored.article.id, relevant=True, reports=(told,))


def _reload(store: Store, file: Path, running: config.Config, turn: int) -> config.Config:
    """Write a file with other sources and limits, and apply it while alerts are being sent."""
    urls = "".join(f'[[sources]]\nurl = "https://{name}.example/{turn % 3}"\n' for name in ("post", "wire"))
    file.write_text(f"[alerts]\nsenders = {turn % 4 + 1}\n{urls}", "utf-8")
    new, _ = reload.merged(running, config.load(file))
    store.write_sync(_take_over, new)
    found = {state.source.url for state in store.read_sync(sources.listing)}
    if found != {source.url for source in new.sources}:
        raise SystemExit(f"half a configuration holds: {found}")
    return new


def _take_over(tx: Tx, settings: config.Config) -> None:
    sources.sync(tx, settings.source_list(), START)
    outbox.recover(tx)


async def _deliver(store: Store, log: Path, holder: str, death: Death, file: Path) -> None:
    settings = config.Config()
    names = Names(load_kinds(), {}.get)
    later = START + timedelta(seconds=1)
    deliverer = Deliverer(
        store=store, sender=Telegram(log, death), names=names, holder=holder, clock=lambda: later, slots=4,
    )  # fmt: skip
    while True:
        store.write_sync(lease.take, holder, later)
        claimed = store.write_sync(outbox.claim, holder=holder, now=later, limit=4, busy=())
        if not claimed:
            return
        death.at("after claim")
        settings = _reload(store, file, settings, claimed[0].id)
        for alert in claimed:
            written = store.write

            async def write(fn: Any, *args: Any, _written: Any = written, **kwargs: Any) -> Any:
                death.at("before record")
                return await _written(fn, *args, **kwargs)

            store.write = write  # type: ignore[method-assign]
            await deliverer.deliver(alert)
            store.write = written  # type: ignore[method-assign]
        later += timedelta(seconds=5)


if __name__ == "__main__":
    main(*sys.argv[1:])
