"""The whole service in a process of its own: killed while it posts, it posts again, and its pages are there."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web as http
from aiohttp.test_utils import TestServer
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, told.").decode()
TOKEN = "a-token-of-some-length"
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Service:
    """``tocsin run`` with a webhook, a port for articles and one for pages."""

    def __init__(self, folder: Path, receiver: str) -> None:
        self.push, self.web = free_port(), free_port()
        self.file, self.log = folder / "config.toml", folder / "log"
        self.receiver, self.folder = receiver, folder
        self.write("Pakistan")
        self.start()

    def write(self, words: str) -> None:
        self.file.write_text(
            f'[store]\npath = "{self.folder / "t.db"}"\n[push]\nport = {self.push}\ntoken = "{TOKEN}"\n'
            f'[web]\nport = {self.web}\n[[webhooks]]\nurl = "{self.receiver}"\nsecret = "{SECRET}"\n'
            f'filter = "{words}"\nallow_private = true\n'
        )

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", str(self.file)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def logs(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while text not in self.log.read_text():  # noqa: ASYNC110  another process writes it
                await asyncio.sleep(0.05)

    async def hand_in(self, name: str, title: str, text: str) -> None:
        now = datetime.now(UTC)
        article = {"id": name, "title": title, "text": text.format(day=f"{now:%A}"), "published": now.isoformat(),
                   "source": "post.example", "url": f"https://post.example/{name}"}  # fmt: skip
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.post(
                        f"http://127.0.0.1:{self.push}/articles",
                        data=json.dumps(article),
                        headers={"Authorization": f"Bearer {TOKEN}"},
                    ) as answer:
                        assert answer.status == 200
                        return
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)

    async def page(self, path: str) -> str:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.web}{path}") as answer:
            return await answer.text()


@pytest.fixture
def services() -> Iterator[list[Service]]:
    made: list[Service] = []
    yield made
    for one in made:
        one.kill()


async def test_killed_while_it_posts_it_posts_again_with_the_same_id(tmp_path: Path, services: list[Service]) -> None:
    got: list[tuple[str, dict[str, Any]]] = []
    more = asyncio.Event()
    is_stuck = True

    async def take(request: http.Request) -> http.Response:
        body = await request.read()
        got.append((request.headers["webhook-id"], Webhook(SECRET).verify(body, dict(request.headers))))
        more.set()
        if is_stuck:
            await asyncio.sleep(PATIENCE)
        return http.Response(status=204)

    async def until(number: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(got) < number:
                more.clear()
                await more.wait()

    app = http.Application()
    app.router.add_post("/hook", take)
    server = TestServer(app)
    await server.start_server()
    service = Service(tmp_path, str(server.make_url("/hook")))
    services.append(service)
    told = "QUETTA: A bomb blast killed four people and injured 11 others at a market in Quetta on {day}, police said."
    await service.hand_in("a", "Bomb blast kills four at Quetta market", told)
    await until(1)
    service.kill()
    is_stuck = False
    service.start()
    await service.hand_in("b", "Fire in Nairobi warehouse kills two", "NAIROBI: A fire at a warehouse in Nairobi killed "
                          "two people on {day}, the fire brigade said.")  # fmt: skip
    later = (
        "QUETTA: The toll of the bomb blast at a market in Quetta on {day} rose to seven dead, hospital officials said."
    )
    await until(2)
    await service.hand_in("c", "Toll of Quetta market blast rises to seven", later)
    await until(3)
    (first, one), (again, same), (other, changed) = got
    assert first == again != other and one == same
    assert [told["type"] for told in (one, changed)] == ["incident.new", "incident.updated"]
    name = one["data"]["incident"]["id"]
    assert changed["data"]["incident"]["id"] == name and "Nairobi" not in json.dumps([one, changed])
    assert "Quetta, Pakistan" in await service.page(f"/incident/{name}")
    # a filter that can't be read changes nothing
    service.write("Springfield")
    service.process.send_signal(signal.SIGHUP)
    await service.logs("the configuration stays as it was")
    assert "webhooks[0].filter: “Springfield” can be several places" in service.log.read_text()
    assert "whsec_" not in service.log.read_text()
    await server.close()
