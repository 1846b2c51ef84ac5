"""How long until a tapped button is answered while extraction runs at full load? python scripts/bench_taps.py [TAPS]

Runs the bot with the tests' fake of Telegram while worker processes extract and commit articles. A tap is timed from
the update's arrival to the request that ends the button's spinner. Prints the 50th and 95th percentile in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bot")]

from fakes import PLACES  # noqa: E402
from talking import NAMES, TOKEN, Finder, Places, Wire, tap  # noqa: E402
from telegram import Bot, Update  # noqa: E402

from bot.alerts.gate import Rules  # noqa: E402
from bot.chat.handle import Chatting  # noqa: E402
from bot.chat.inbox import Intake  # noqa: E402
from bot.chat.sender import TelegramSender  # noqa: E402
from bot.commands import Services  # noqa: E402
from bot.config import Config  # noqa: E402
from bot.extraction.executor import BatchExtractor  # noqa: E402
from bot.extraction.local_executor import local_extractor  # noqa: E402
from bot.incidents import intake  # noqa: E402
from bot.store import Store, articles, chats, incidents, lease, subscriptions  # noqa: E402
from bot.types import Subscription  # noqa: E402
from extract.kinds import load_kinds  # noqa: E402
from extract.places.containment import by_names  # noqa: E402
from extract.types import Article, Incident  # noqa: E402

HOLDER = "bench"
LONGEST_SECONDS = 30.0
STORY = (
    "A bomb exploded at a market in {place} on Monday, killing {n} people and injuring {m} others, police said. "
    "No group has claimed responsibility. Witnesses told reporters that a man had left a bag beside a stall. "
)
VERBS = (
    "ev:{id}",
    "why:{id}",
    "card:{id}",
    "map:{id}",
    "mute:{id}",
    "ack:{id}",
    "subs:",
    "wrong:{id}",
    "follow:{id}",
    "maps:",
)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


async def measure(taps: int, folder: Path, *, processes: int = 2, load: int = 2_000) -> list[float]:
    """The seconds until each tap was answered."""
    store = Store(folder / "tocsin.db")
    store.write_sync(lease.take, HOLDER, now())
    extractor = local_extractor(model=Config().extract.model, workers=processes, timeout=60.0, batch=8)
    reading: asyncio.Task[None] | None = None
    try:
        _put(store, load)
        await intake.work_off(store, extractor, Rules(), limit=16, clock=now)  # starts the worker processes
        known = store.read_sync(incidents.latest, limit=1)[0]
        reading = asyncio.create_task(_read_on(store, extractor))
        return await _tap(store, known, taps)
    finally:
        if reading is not None:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        extractor.close()
        store.close()


def percentile(values: Sequence[float], share: float) -> float:
    """The percentile of values by the nearest-rank method; ``share`` is 0 to 1."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _put(store: Store, load: int) -> None:
    def put(tx: Any) -> None:
        for n in range(load):
            place = list(PLACES)[n % len(PLACES)]
            text = STORY.format(place=place, n=3 + n % 7, m=10 + n % 9) * 6
            told = Article(
                id=f"x{n}", title=f"Bomb kills {3 + n % 7} in {place}", text=text, url=f"https://post.example/{n}",
                published=now(), source="post.example",
            )  # fmt: skip
            articles.add(tx, "", told, now(), baseline=False)

    store.write_sync(put)


async def _read_on(store: Store, extractor: BatchExtractor) -> None:
    while await intake.work_off(store, extractor, Rules(), limit=16, clock=now):
        pass


async def _tap(store: Store, known: Incident, taps: int) -> list[float]:
    wire = _Timed()
    bot = Bot(TOKEN, request=wire, get_updates_request=wire)
    await bot.initialize()
    chatting = Chatting(
        services=_services(store),
        sender=TelegramSender(bot),
        admins=frozenset(),
    )
    intake = Intake(bot=bot, chatting=chatting, store=store, holder=HOLDER)
    begun: dict[str, float] = {}
    for n in range(taps):
        chat = 10_000 + n
        await store.write(chats.touch, chat, "private", now())
        await store.write(subscriptions.add, Subscription(chat=chat, place=PLACES["Karachi"]), now())
        update = tap(VERBS[n % len(VERBS)].format(id=known.id), user=chat)
        update["update_id"], update["callback_query"]["id"] = n + 1, str(n)
        await store.write(lease.take, HOLDER, now())
        begun[str(n)] = time.perf_counter()
        await intake.keep([Update.de_json(update, bot)])
        async with asyncio.timeout(LONGEST_SECONDS):
            await wire.ended[str(n)].wait()
    await intake._finish()
    return [wire.answered[one] - at for one, at in begun.items()]


class _Timed(Wire):
    """A fake of Telegram that records the time at which each tap was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: dict[str, float] = {}
        self.ended: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def do_request(self, url: str, method: str, request_data: Any = None, **timeouts: Any) -> tuple[int, bytes]:
        if url.endswith("/answerCallbackQuery"):
            tapped = request_data.parameters["callback_query_id"]
            self.answered.setdefault(tapped, time.perf_counter())
            self.ended[tapped].set()
        if url.endswith(("/sendPhoto", "/sendDocument")):
            sent = {"message_id": 77, "date": 1, "chat": {"id": 1, "type": "private"}}
            return 200, json.dumps({"ok": True, "result": sent}).encode()
        return await super().do_request(url, method, request_data, **timeouts)


def _services(store: Store) -> Services:
    return Services(
        store=store,
        kinds=load_kinds(),
        places=Places(),
        contains=by_names,
        names=NAMES,
        clock=now,
        finder=Finder(),
    )


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("taps", nargs="?", type=int, default=200)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(measure(given.taps, Path(folder)))
    p50, p95 = (round(percentile(taken, share) * 1000) for share in (0.5, 0.95))
    print(f"{len(taken)} taps answered, p50 {p50} ms, p95 {p95} ms, longest {round(max(taken) * 1000)} ms")
    return int(p95 > 100)


if __name__ == "__main__":
    sys.exit(main())
