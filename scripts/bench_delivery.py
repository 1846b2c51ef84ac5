"""How long until an alert has reached all chats, within Telegram's limits? python scripts/bench_delivery.py [CHATS ...]

Sends the alert of one incident to private chats through a Bot API on loopback (tests/bot/bot_api.py), which has
Telegram's limits and a slow network: each request and each answer takes up to the given time. Prints the seconds
between the first message and the last as they arrived, how many were refused, and the most in any second. Exit 1 if
one was refused or a chat got nothing. ``--base-url`` and ``--token`` measure with another server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bot")]

from bot_api import TOKEN  # noqa: E402
from fakes import PLACES, report  # noqa: E402
from talking import NAMES  # noqa: E402

from bot.alerts.delivery import Deliverer  # noqa: E402
from bot.alerts.rate_limits import Limiter  # noqa: E402
from bot.alerts.turns import Turns  # noqa: E402
from bot.chat.connect import Connection  # noqa: E402
from bot.config import parse  # noqa: E402
from bot.store import Store, Tx, chats, incidents, lease, outbox  # noqa: E402
from bot.types import Alert, Reason  # noqa: E402
from extract.types import Action, Change, Incident, Lifecycle  # noqa: E402

HOLDER = "bench"
SERVER = ROOT / "tests" / "bot" / "bot_api.py"
FIRST_CHAT = 1_000


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


async def send_to_all(number: int, base_url: str, token: str) -> float:
    """Send one incident's card to so many chats; the seconds until the outbox was empty."""
    config = parse({"telegram": {"token": token, "base_url": base_url}})
    turns = Turns(Limiter(per_second=config.alerts.per_second, since=time.monotonic() - 1.0))
    line = Connection(config.telegram, turns)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "tocsin.db")
        store.write_sync(lease.take, HOLDER, now())
        store.write_sync(_make_due, number)
        deliverer = Deliverer(
            store=store, sender=line.sender, names=NAMES, holder=HOLDER, clock=now, turns=turns,
            slots=config.alerts.senders,
        )  # fmt: skip
        stop, begun = asyncio.Event(), time.monotonic()
        running = asyncio.create_task(deliverer.run(stop))
        while store.read_sync(outbox.counts).keys() & {"pending", "sending", "unknown"}:
            await store.write(lease.take, HOLDER, now())
            await asyncio.sleep(0.2)
        taken = time.monotonic() - begun
        stop.set()
        deliverer.wake.set()
        await running
        await line.close()
        store.close()
    return taken


def _make_due(tx: Tx, number: int) -> None:
    facts = report(place=PLACES["Karachi"], killed=4, day="2026-03-02")
    known = Incident(
        id="bench234", version=1, lifecycle=Lifecycle.NEW, first_seen=now(), last_seen=now(), facts=facts, origins=1,
        articles=(), summary="bombing, 4 killed",
    )  # fmt: skip
    change = Change(incident=known.id, version=1, at=now(), article="a", action=Action.NEW)
    incidents.save(tx, known, change, announced=True)
    for chat in range(FIRST_CHAT, FIRST_CHAT + number):
        chats.touch(tx, chat, "private", now())
        alert = Alert(id=0, chat=chat, thread=0, incident=known.id, version=1, action=Action.NEW, change=change)
        outbox.enqueue(tx, alert, severity=3, why=Reason(""), now=now())


def _with_own_server(number: int, delay: float, back: float) -> bool:
    server = subprocess.Popen([sys.executable, str(SERVER), str(delay), str(back)], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline()) if server.stdout else 0
        taken = asyncio.run(send_to_all(number, f"http://127.0.0.1:{port}/bot", TOKEN))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/counts") as answer:
            counts = json.load(answer)
    finally:
        server.terminate()
        server.wait(5)
    print(f"{number} chats in {taken:.1f} s:", ", ".join(f"{name} {value}" for name, value in counts.items()))
    return counts["refused"] == 0 and counts["chats"] == number


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("chats", nargs="*", type=int, default=[200, 1000])
    asked.add_argument("--delay", type=float, default=0.15, help="seconds until a request arrives, at most")
    asked.add_argument("--back", type=float, default=0.15, help="seconds until its answer arrives, at most")
    asked.add_argument("--base-url", help="another server, which counts by itself")
    asked.add_argument("--token", default=TOKEN)
    given = asked.parse_args()
    if given.base_url:
        for number in given.chats:
            print(f"{number} chats in {asyncio.run(send_to_all(number, given.base_url, given.token)):.1f} s")
        return 0
    return int(sum(_with_own_server(number, given.delay, given.back) for number in given.chats) < len(given.chats))


if __name__ == "__main__":
    sys.exit(main())
