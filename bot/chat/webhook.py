"""How are updates received by webhook? An HTTP server behind a TLS proxy, open to requests with the right secret.

An update is confirmed to Telegram once it is written; Telegram repeats it otherwise. The secret is given to Telegram
when the webhook is set and is in a header of every request.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.chat.backoff import retry_until_done, sleep
from bot.chat.inbox import ALLOWED, Intake
from bot.errors import StoreError
from bot.store import Store, counters

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
# many times the size of the longest update
MAX_BYTES = 1024 * 1024
BODY_SECONDS = 10.0
# Telegram keeps each chat's updates in order, whatever the number of connections
CONNECTIONS = 8
LISTEN_AGAIN_SECONDS = 5.0
COUNT_SECONDS = 5.0
REFUSED = "webhook_refused"
UNREADABLE = "webhook_unreadable"
MALFORMED = "webhook_malformed"


def new_secret() -> SecretStr:
    """A new secret for this process: each start sets its own at Telegram, so none is stored."""
    return SecretStr(secrets.token_urlsafe(32))


@dataclass(kw_only=True)
class Webhook:
    """Receives the updates that Telegram sends to ``url``, which a proxy forwards to ``host`` and ``port``."""

    bot: Bot
    intake: Intake
    store: Store
    url: str
    host: str
    port: int
    secret: SecretStr = field(default_factory=new_secret)
    _counted: dict[str, int] = field(default_factory=dict)

    async def receive(self, stop: asyncio.Event) -> None:
        """Listen, set the webhook, and receive updates until ``stop``; the webhook stays set for the next start."""
        async with AsyncExitStack() as stack:
            runner = self.runner()
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await self._listen(runner, stop)
            await retry_until_done(self._set_webhook, stop)
            while not stop.is_set():
                await sleep(stop, COUNT_SECONDS)
                await self._write_counts()

    def runner(self) -> web.AppRunner:
        """The server with one route for any path, since proxies rewrite them; a refused body isn't read to the end."""
        app = web.Application(client_max_size=MAX_BYTES)
        app.add_routes([web.route("*", "/{path:.*}", self._handle)])
        return web.AppRunner(
            app,
            access_log=None,
            logger=_counting_logger(partial(self._count, MALFORMED)),
            lingering_time=0,
            auto_decompress=False,
            shutdown_timeout=1.0,
        )

    async def _handle(self, request: web.Request) -> web.Response:
        """Handle one request: its body is read only after its secret has been checked."""
        if not self._is_from_telegram(request):
            self._count(REFUSED)
            return _closing_response(401)
        if request.method != "POST":
            self._count(UNREADABLE)
            return _closing_response(405)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return _closing_response(408)
        update = self._read(body)
        if update is None:
            self._count(UNREADABLE)
            return _closing_response(400)
        try:
            await self.intake.keep([update])
        except StoreError as error:
            log.warning("updates can't be kept", extra={"why": str(error)})
            return _closing_response(503)
        except Exception as error:
            log.exception("updates can't be kept", extra={"error": type(error).__name__})
            return _closing_response(500)
        return web.Response()

    def _is_from_telegram(self, request: web.Request) -> bool:
        given = request.headers.getall(HEADER, [])
        known = self.secret.get_secret_value()
        return len(given) == 1 and hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), known.encode())

    def _read(self, body: bytes) -> Update | None:
        """The update in a request's body; None where there is none. Unknown fields are ignored."""
        try:
            data: Any = json.loads(body)
            return Update.de_json(data, self.bot) if isinstance(data["update_id"], int) else None
        except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TelegramError, TypeError,
                ValueError) as error:  # fmt: skip
            log.warning("an update can't be read", extra={"error": type(error).__name__})
            return None

    async def _listen(self, runner: web.AppRunner, stop: asyncio.Event) -> None:
        """Listen at the port, and retry while it is taken: a process that is ending may still have it."""
        while not stop.is_set():
            try:
                await web.TCPSite(runner, self.host, self.port).start()
                return
            except OSError as error:
                log.error(
                    "no webhook yet: look at [telegram] webhook_listen",
                    extra={"host": self.host, "port": self.port, "why": error.strerror or str(error)},
                )
                await sleep(stop, LISTEN_AGAIN_SECONDS)

    async def _set_webhook(self) -> None:
        await self.bot.set_webhook(
            self.url,
            max_connections=CONNECTIONS,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
            secret_token=self.secret.get_secret_value(),
        )
        log.info("webhook set", extra={"port": self.port})

    def _count(self, name: str) -> None:
        """Count in memory, for ``_write_counts``: requests of strangers must not cause writes to the database."""
        self._counted[name] = self._counted.get(name, 0) + 1

    async def _write_counts(self) -> None:
        counted, self._counted = self._counted, {}
        for name, times in counted.items():
            log.warning("requests to the webhook turned away", extra={"reason": name, "times": times})
            try:
                await self.store.write(counters.count, name, times)
            except StoreError as error:
                log.warning("can't be counted", extra={"why": str(error)})


class _CountingHandler(logging.Handler):
    """Counts log records and writes nothing: requests of strangers must not fill the log, nor put text into it."""

    def __init__(self, count: Callable[[], None]) -> None:
        super().__init__()
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002  the record itself isn't used
        self._count()


def _counting_logger(count: Callable[[], None]) -> logging.Logger:
    """A logger for the HTTP server's warnings of malformed requests; errors of our own code are logged elsewhere."""
    logger = logging.Logger("webhook", logging.WARNING)
    logger.addHandler(_CountingHandler(count))
    return logger


def _closing_response(status: int) -> web.Response:
    """A response after which the connection is closed, with the rest of the request unread."""
    answer = web.Response(status=status)
    answer.force_close()
    return answer
