"""Each format of structured lists through the service's own reading, also when its documents are damaged or hostile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import NOW, Clock
from loopback import Web, answer

from bot.sources.poll import SourceReader
from bot.store import Store, articles, sources
from bot.types import Source, SourceState

FOLDER = Path(__file__).parents[1] / "extract" / "feeds"
# golden document -> how many articles it has
LISTS = {
    "earthquakes.json": 2,
    "emsc.json": 1,
    "gdacs.xml": 4,
    "cap.xml": 1,
    "cap_nws.xml": 3,
    "cap_nws.json": 2,
    "cap_meteoalarm.xml": 2,
    "reliefweb.json": 3,
    "reliefweb_reports.json": 1,
    "gdelt.json": 2,
    "news_sitemap.xml": 2,
    "mastodon.json": 2,
    "bluesky.json": 1,
    "telegram.html": 2,
}
DAMAGED = {
    "empty": b"",
    "no document": b"Service temporarily unavailable",
    "an excuse": b"<!doctype html><html><head><title>503</title></head><body>Back soon</body></html>",
    "wrong type": json.dumps({"type": 7, "features": "x", "data": None, "items": [1, None]}).encode(),
    "deep": b"[" * 200_000,
    "binary": bytes(range(256)) * 200,
}


async def read(reader: SourceReader, store: Store, clock: Clock, url: str) -> SourceState:
    clock.tick(3 * 3600)
    await reader.read_due()
    await reader.settle()
    state = await store.read(sources.get, url)
    assert state is not None
    return state


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_read_and_a_damaged_one_after_it_is_one_line_and_loses_nothing(
    web: Web, reader: SourceReader, store: Store, clock: Clock, name: str
) -> None:
    good, url = (FOLDER / name).read_bytes(), f"{web.root}/list"
    await store.write(sources.upsert, Source(url=url, kind="rss", every=60), "config", NOW)
    web.pages["/list"] = answer(good)
    state = await read(reader, store, clock, url)
    assert (state.items, state.last_error) == (LISTS[name], "")
    kept = {one.article.id for one in store.read_sync(articles.waiting, 50)}
    assert len(kept) == LISTS[name]
    for what, body in {**DAMAGED, "cut off": good[: len(good) // 3]}.items():
        web.pages["/list"] = answer(body)
        state = await read(reader, store, clock, url)
        assert "\n" not in state.last_error and len(state.last_error) <= 400, what
        assert state.last_error or what == "cut off", what
        assert kept <= {one.article.id for one in store.read_sync(articles.waiting, 50)}, what
    web.pages["/list"] = answer(good)
    state = await read(reader, store, clock, url)
    assert (state.failures, state.last_error) == (0, "")


async def test_what_states_its_facts_keeps_its_own_ids_and_text_whatever_else_the_document_lists(
    web: Web, reader: SourceReader, store: Store, clock: Clock
) -> None:
    document = json.loads((FOLDER / "earthquakes.json").read_bytes())
    quake = document["features"][0]
    document["features"] = [quake | {"id": f"q{n}"} for n in range(5)]  # one title, text and page for all
    url = f"{web.root}/list"
    await store.write(sources.upsert, Source(url=url, kind="rss", every=60, full_text=True), "config", NOW)
    for _ in range(2):  # the second read is not the source's history: pages of teasers would be fetched
        web.pages["/list"] = answer(json.dumps(document))
        await read(reader, store, clock, url)
        quake["properties"]["mag"] += 0.5
    kept = store.read_sync(articles.waiting, 50)
    assert len({one.article.id for one in kept}) == 5
    assert web.count("/list") == len(web.requests) == 2
