"""Other programs hand in articles: with the token only, each once, and a bad line loses no other."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from fakes import NOW

from bot.config import parse
from bot.errors import ConfigError
from bot.operations import push
from bot.store import Store, articles, counters

TOKEN = "a-token-of-some-length"


class Desk:
    """The endpoint, and what it was asked."""

    def __init__(self, port: int, wake: asyncio.Event) -> None:
        self.port, self.wake = port, wake

    async def post(self, body: bytes | str, token: str = f"Bearer {TOKEN}") -> tuple[int, Any]:
        headers = {"Authorization": token} if token else {}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"http://127.0.0.1:{self.port}/articles", data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json(content_type=None) if answer.status != 413 else None


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wake, stop = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(push.serve(store, lambda: NOW, port, TOKEN, wake=wake, stop=stop))
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0)
    yield Desk(port, wake)
    stop.set()
    await task


def line(id: str = "a", **fields: Any) -> str:
    return json.dumps({"id": id, "title": "Blast in Karachi", "text": f"Four killed, {id}.", **fields})


def kept(store: Store) -> list[str]:
    return [one.article.text for one in store.read_sync(articles.waiting, 50)]


async def test_articles_are_kept_and_extraction_is_woken(desk: Desk, store: Store) -> None:
    status, said = await desk.post(f"{line('a')}\n\n{line('b')}\n")
    assert (status, said) == (200, {"new": 2, "revised": 0, "known": 0, "bad": []})
    assert kept(store) == ["Four killed, a.", "Four killed, b."] and desk.wake.is_set()


async def test_what_is_handed_in_again_is_known_and_another_text_revises_it(desk: Desk, store: Store) -> None:
    await desk.post(line("a"))
    desk.wake.clear()
    assert (await desk.post(line("a")))[1]["known"] == 1 and not desk.wake.is_set()
    assert (await desk.post(line("a", text="Four killed, a. The police spoke.")))[1]["revised"] == 1


async def test_two_versions_of_an_article_in_one_request_are_taken_in_their_order(desk: Desk, store: Store) -> None:
    _, said = await desk.post(f"{line('a')}\n{line('a', text='Four killed, a. Later five.')}")
    assert (said["new"], said["revised"]) == (1, 1)


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer ü"]
)
async def test_without_the_token_nothing_is_taken(desk: Desk, store: Store, token: str) -> None:
    status, _ = await desk.post(line(), token)
    assert (status, kept(store)) == (401, [])
    assert store.read_sync(counters.counters)["push_refused"] == 1


async def test_a_bad_line_is_named_and_loses_no_other(desk: Desk, store: Store) -> None:
    status, said = await desk.post(f"{line('a')}\n{{\n[]\n{line('b')}")
    assert (status, said["new"], [one[:6] for one in said["bad"]]) == (200, 2, ["line 2", "line 3"])


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"id": 7, "text": ""}', b'{"id": "", "text": "x"}', b'{"id": "a", "text": ' + b"[" * 90_000],
)
async def test_a_request_without_any_article_is_refused(desk: Desk, store: Store, body: bytes) -> None:
    status, said = await desk.post(body)
    assert (status, said["why"][:7], kept(store)) == (400, "line 1:", [])


async def test_a_request_that_is_too_large_is_refused(desk: Desk, store: Store) -> None:
    assert (await desk.post("\n".join(line(str(n)) for n in range(push.MAX_LINES + 1))))[0] == 413
    assert (await desk.post(b"x" * (push.MAX_BYTES + 1)))[0] == 413
    assert kept(store) == []


async def test_stated_facts_can_be_handed_in(desk: Desk, store: Store) -> None:
    stated = {"kind": "earthquake", "ids": ["mynet:1"], "points": [[24.9, 67.0]], "magnitude": 5.1}
    assert (await desk.post(line("q", stated=stated)))[0] == 200
    [article] = [one.article for one in store.read_sync(articles.waiting, 5)]
    assert article.stated is not None and article.stated.magnitude == 5.1


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ({"port": 8090}, "push.port: articles are taken with a token only"),
        ({"port": 8090, "token": "short"}, "push.token: a token has at least 16 characters"),
    ],
)
def test_a_port_needs_a_token_that_cannot_be_guessed(settings: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse({"push": settings})
    assert str(raised.value).startswith(mistake) and "short" not in str(raised.value)
