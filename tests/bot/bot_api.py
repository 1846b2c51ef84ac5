"""A Bot API over HTTP on loopback, with Telegram's limits and a slow network; python tests/bot/bot_api.py [DELAY [BACK]]

A request arrives up to DELAY seconds after it was sent, its answer up to BACK seconds after that. Over thirty messages
in any second, over twenty a minute into a group, or two within a second into a private chat are answered 429.
Run as a program, it prints its port, and ``GET /counts`` answers what it counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import sys
import time
import urllib.parse
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
UNAUTHORIZED: dict[str, Any] = {"ok": False, "error_code": 401, "description": "Unauthorized"}
PER_SECOND = 30
GROUP_PER_MINUTE = 20


@dataclass(frozen=True)
class Call:
    """One request as it arrived, in monotonic seconds, and whether it was accepted."""

    at: float
    method: str
    chat: int | None
    text: str
    accepted: bool


@dataclass
class BotApi:
    """The server. ``refuse`` may give the seconds to wait for a request: it is answered 429, whatever the limits.
    ``confirmed``: the last update that was asked not to be shown again."""

    delay: float = 0.0
    back: float = 0.0
    refuse: Callable[[str, int | None], float | None] = lambda _method, _chat: None
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    calls: list[Call] = field(default_factory=list)
    early: int = 0
    confirmed: int = 0
    updates: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _until: dict[int | None, float] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def base_url(self) -> str:
        """What ``[telegram] base_url`` is set to."""
        return f"http://127.0.0.1:{self.port}/bot"

    def messages(self) -> list[Call]:
        """The messages that were accepted, in order."""
        return [one for one in self.calls if one.accepted and one.method.startswith(("send", "edit"))]

    def refused(self) -> list[Call]:
        """The requests that were answered 429."""
        return [one for one in self.calls if not one.accepted]

    async def until(self, condition: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait until a condition on what arrived holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                self.arrived.clear()
                await self.arrived.wait()

    def counts(self) -> dict[str, float]:
        """How many were accepted and refused, how many came before the time was over, and how long it took."""
        times = [one.at for one in self.messages()]
        return {
            "messages": len(times),
            "refused": len(self.refused()),
            "early": self.early,
            "chats": len({one.chat for one in self.messages()}),
            "seconds": round(max(times) - min(times), 2) if times else 0.0,
            "most in a second": most_within(times, 1.0),
        }

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, any number of requests."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                size = next(
                    (int(line[15:]) for line in head.lower().split("\r\n") if line[:15] == "content-length:"), 0
                )
                body = await reader.readexactly(size)
                method = head.split()[1].rpartition("/")[2]
                status, answer = (401, UNAUTHORIZED)
                if f"/bot{TOKEN}/" in head.split()[1] or method == "counts":
                    status, answer = await self._answer(method, _fields(head, body))
                data = json.dumps(answer).encode()
                writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
                await writer.drain()
        writer.close()

    async def _answer(self, method: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if method == "counts":
            return 200, self.counts()
        await asyncio.sleep(self.chance.random() * self.delay)
        chat = int(fields["chat_id"]) if fields.get("chat_id") else None
        wait = self._wait(method, chat, time.monotonic())
        said = fields.get("text") or fields.get("caption") or ""
        self.calls.append(Call(time.monotonic(), method, chat, said, wait is None))
        self.arrived.set()
        result = await self._result(method, chat, fields) if wait is None else None
        await asyncio.sleep(self.chance.random() * self.back)
        if wait is None:
            return 200, {"ok": True, "result": result}
        asked = {"error_code": 429, "description": f"Too Many Requests: retry after {wait}"}
        return 429, {"ok": False, **asked, "parameters": {"retry_after": wait}}

    def _wait(self, method: str, chat: int | None, now: float) -> int | None:
        """The whole seconds that the server asks to wait; None if it accepts the request."""
        told = self.refuse(method, chat)
        if told is not None:
            return int(told)
        if not method.startswith(("send", "edit")) or method == "sendChatAction":
            return None
        for scope in (None, chat):
            if self._until.get(scope, 0.0) > now:
                self.early += 1
                return max(1, round(self._until[scope] - now + 0.5))
        sent = self.messages()
        here = [one.at for one in sent if one.chat == chat]
        if sum(one.at > now - 1.0 for one in sent) >= PER_SECOND:
            return self._close(None, now, 2)
        if chat is not None and chat < 0 and sum(at > now - 60.0 for at in here) >= GROUP_PER_MINUTE:
            return self._close(chat, now, 30)
        if chat is not None and chat > 0 and here and here[-1] > now - 1.0:
            return self._close(chat, now, 2)
        return None

    def _close(self, scope: int | None, now: float, seconds: int) -> int:
        self._until[scope] = now + seconds
        return seconds

    async def _result(self, method: str, chat: int | None, fields: dict[str, str]) -> Any:
        if method == "getMe":
            return {"id": 123456, "is_bot": True, "first_name": "Tocsin", "username": "tocsin_bot"}
        if method == "getUpdates":
            first = int(fields.get("offset") or 0)
            self.confirmed = max(self.confirmed, first - 1)
            found = [one for one in self.updates if one["update_id"] >= first]
            await asyncio.sleep(0 if found else 0.2)
            return found
        if not method.startswith(("send", "edit")):
            return True
        number = int(fields.get("message_id") or next(self._numbers))
        kind = "private" if (chat or 0) > 0 else "supergroup"
        return {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": kind, "title": "x"}}


def most_within(times: list[float], seconds: float) -> int:
    """The most of these times that lie within any span of so many seconds."""
    ordered, first, most = sorted(times), 0, 0
    for number, at in enumerate(ordered):
        while ordered[first] <= at - seconds:
            first += 1
        most = max(most, number - first + 1)
    return most


def _fields(head: str, body: bytes) -> dict[str, str]:
    """The parameters of a request, from a form or from the small parts of a multipart body."""
    boundary = head.partition("boundary=")[2].partition("\r\n")[0].strip('"')
    if not boundary:
        return dict(urllib.parse.parse_qsl(body.decode()))
    found: dict[str, str] = defaultdict(str)
    for part in body.split(b"--" + boundary.encode()):
        start, _, value = part.partition(b"\r\n\r\n")
        name = start.decode("latin-1").partition('name="')[2].partition('"')[0]
        if name and b"filename=" not in start:
            found[name] = value.rstrip(b"\r\n").decode()
    return found


@contextlib.asynccontextmanager
async def serving(api: BotApi | None = None) -> AsyncIterator[BotApi]:
    """A server for the time of a test."""
    api = api or BotApi()
    server = await asyncio.start_server(api.handle, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()


async def _serve(delay: float = 0.0, back: float = 0.0) -> None:
    async with serving(BotApi(delay=delay, back=back, chance=random.Random())) as api:
        print(api.port, flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*(float(argument) for argument in sys.argv[1:])))
