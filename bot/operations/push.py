"""How do other programs of this machine hand in articles? JSON Lines over HTTP, on the loopback address, with a token.

``POST /articles`` with ``Authorization: Bearer TOKEN`` and one article a line, in the shape that ``extract`` reads.
What is answered with 200 is kept; everything else is not.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web

from bot.sources.normalise import normalised
from bot.store import Store, Tx, articles, counters
from bot.types import Source
from extract.types import Article, Frozen
from extract.wire import BadLineError, read_article

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
# what is handed in belongs to this source, which nobody reads
SOURCE = "push"
MAX_BYTES = 10 * 1024 * 1024
# lines of one request; they are kept in one transaction
MAX_LINES = 2_000
MAX_BAD_LINES = 20


class Handed(Frozen, frozen=True, kw_only=True):
    """The articles of a request, and which lines were none and why: "line 3: ..."."""

    articles: tuple[Article, ...] = ()
    bad: tuple[str, ...] = ()


async def serve(
    store: Store, clock: Callable[[], datetime], port: int, token: str, *, wake: asyncio.Event, stop: asyncio.Event
) -> None:
    """Take articles until ``stop`` is set; ``wake`` is set when some are new, so that they are extracted at once.

    Raises:
        OSError: the port is taken.
    """

    async def take(request: web.Request) -> web.Response:
        if not _is_allowed(request.headers.get("Authorization", ""), token):
            await store.write(counters.count, "push_refused")
            return web.json_response({"why": "the token is missing or wrong"}, status=401)
        handed = read_lines(await request.read())
        if handed is None:
            return web.json_response({"why": f"more than {MAX_LINES} lines: send them in parts"}, status=413)
        if handed.bad and not handed.articles:
            return web.json_response({"why": handed.bad[0]}, status=400)
        outcomes = await store.write(keep, handed.articles, clock())
        if set(outcomes) & {"new", "revised"}:
            wake.set()
        counts = {name: outcomes.count(name) for name in ("new", "revised", "known")}
        return web.json_response({**counts, "bad": list(handed.bad)})

    app = web.Application(client_max_size=MAX_BYTES)
    app.add_routes([web.post("/articles", take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        log.info("articles can be handed in", extra={"port": port})
        await stop.wait()
    finally:
        await runner.cleanup()


def read_lines(body: bytes) -> Handed | None:
    """The articles of a request's body; None where it has too many lines. Blank lines don't count."""
    lines = [(number, line) for number, line in enumerate(body.splitlines(), 1) if line.strip()]
    if len(lines) > MAX_LINES:
        return None
    found: list[Article] = []
    bad: list[str] = []
    for number, line in lines:
        try:
            found.append(read_article(line))
        except BadLineError as error:
            bad.append(f"line {number}: {error}"[:300])
    return Handed(articles=tuple(found), bad=tuple(bad[:MAX_BAD_LINES]))


def keep(tx: Tx, found: Sequence[Article], now: datetime) -> list[str]:
    """Keep articles that were handed in, in their order; returns whether each is new, revised or known."""
    source = Source(url=SOURCE)
    kept = [one for article in found for one in normalised([article], source, now)]
    ids = frozenset(one.id for one in kept)
    outcomes: list[str] = [articles.add(tx, SOURCE, one, now, baseline=False, beside=ids) for one in kept]
    for name in ("new", "revised"):
        if number := outcomes.count(name):
            counters.count(tx, f"articles_{name}", number)
    return outcomes


def _is_allowed(header: str, token: str) -> bool:
    scheme, _, given = header.partition(" ")
    is_token = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return scheme.lower() == "bearer" and is_token
