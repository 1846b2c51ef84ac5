"""A farm of feeds on loopback, for measurements: of five reads of a feed one finds an article, the others find none."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from aiohttp import web

HOST = "127.0.0.1"
ITEMS = 30
# of so many reads of a feed one finds something new
NEWS_EVERY = 5

# the feed's number and that of its newest article -> its title and text
Writer = Callable[[int, int], tuple[str, str]]


def council(feed: int, number: int) -> tuple[str, str]:
    """An article that tells of no incident."""
    return (
        f"Council of town {feed} meets for the {number}. time",
        f"The councillors of town {feed} talked about roads, schools and the budget.",
    )


def start(write: Writer = council) -> int:
    """Start the farm in a process that ends with this one; returns its port. Feed n is at ``/n``."""
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=_run, args=(theirs, write), daemon=True).start()
    return int(ours.recv())


def _run(answer: Connection, write: Writer) -> None:
    asyncio.run(_serve(answer, write))


async def _serve(answer: Connection, write: Writer) -> None:
    reads: dict[int, int] = {}

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        count = reads[number] = reads.get(number, number) + 1
        if count % NEWS_EVERY:
            return web.Response(status=304)
        body, headers = document(number, count, write), {"ETag": f'"{count}"'}
        return web.Response(body=body, content_type="application/rss+xml", headers=headers)

    application = web.Application()
    application.router.add_get(r"/{number:\d+}", feed)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    answer.send(runner.addresses[0][1])
    await asyncio.Event().wait()


def document(feed: int, count: int, write: Writer) -> bytes:
    """The feed as RSS; its newest article has the number ``count`` and is of this moment, the others an hour apart."""
    now, items = datetime.now(UTC), ""
    for age in range(ITEMS):
        title, text = write(feed, count) if age == 0 else council(feed, count - age)
        at = now - timedelta(hours=age)
        items += (
            f"<item><title>{title}</title><guid>{feed}-{count - age}</guid><description>{text}</description>"
            f"<link>https://outlet{feed}.example/{count - age}</link>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        )
    return f'<rss version="2.0"><channel><title>Outlet {feed}</title>{items}</channel></rss>'.encode()
