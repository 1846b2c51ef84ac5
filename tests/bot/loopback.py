"""A web server on loopback that answers with exactly the bytes it is told, and a resolver that makes names up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence

from aiohttp.abc import AbstractResolver, ResolveResult

Hang = None


def answer(body: bytes | str = b"", status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """The bytes of one HTTP answer; ``length`` states another length than the body's."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data) if length is None else length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def moved(to: str, status: str = "301 Moved Permanently") -> bytes:
    """A redirect."""
    return answer(status=status, Location=to)


class Web:
    """Answers by path; a list is used up one by one, its last answer stays. ``Hang`` never answers."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | list[bytes] | None] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.port = 0
        self.most_at_once = 0
        self._now = 0

    @property
    def root(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        """How many requests there were for a path."""
        return sum(asked == path for asked, _ in self.requests)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        path = head[0].split()[1]
        self.requests.append((path, {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}))
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        page = self.pages.get(path, answer("not here", "404 Not Found"))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        try:
            if page is Hang:
                await reader.read()
            else:
                writer.write(page)
                await writer.drain()
        finally:
            self._now -= 1
            writer.close()


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Web]:
    """A server for the time of a test."""
    web = Web()
    server = await asyncio.start_server(web.handle, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()


class Names(AbstractResolver):
    """Names that stand for what a test says; a list of answers is used up one by one."""

    def __init__(self, known: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._known = {name: list(answers) for name, answers in known.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The next answer."""
        self.asked.append(host)
        answers = self._known[host]
        hosts = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0) for one in hosts
        ]

    async def close(self) -> None:
        """Nothing to close."""
