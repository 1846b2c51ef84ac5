"""The server of feeds and pages in a test, with a few incidents that happened."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer
from multidict import CIMultiDictProxy

from bot.web import server
from extract.places import Gazetteer


class Browser:
    """Asks the server."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session, self.base = session, base

    async def get(self, path: str, **headers: str) -> tuple[int, str, CIMultiDictProxy[str]]:
        """The status, the body and the headers of an answer; redirects are not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(f"{self.base}{path}", headers=named, allow_redirects=False) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), answer.headers

    async def bytes(self, path: str) -> bytes:
        async with self.session.get(f"{self.base}{path}") as answer:
            return await answer.read()


@asynccontextmanager
async def browsing(services: Any, url: str = "https://alerts.example.org/t") -> AsyncIterator[Browser]:
    """A browser on the server of these services, which has the real gazetteer."""
    gazetteer = Gazetteer.open()
    known = dataclasses.replace(services, places=gazetteer, contains=gazetteer.contains, extent=gazetteer.extent)
    site = TestServer(server.application(known, 8092, url))
    await site.start_server()
    try:
        async with aiohttp.ClientSession() as session:
            yield Browser(session, str(site.make_url("")).rstrip("/"))
    finally:
        await site.close()
