"""What does the demo print? Each article, what was extracted from it, the cards, and at the end all cards."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from bot import app
from bot.config import Config, parse
from bot.demo.outlets import Item, Outlets, utc_now
from bot.render.card import card
from bot.render.words import Names
from bot.store import Store, Tx, articles, incidents, outbox
from bot.terminal.show import show
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.track.summary import summary
from extract.types import Extraction

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 1.5
POLL_SECONDS = 0.02
OPEN_STATES = ("pending", "sending", "unknown")


def run() -> int:
    """Run the demo, which ends by itself where standard input is no terminal; returns the exit code."""
    console = Console()
    outlets = Outlets(utc_now())
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        config = _config(outlets, Path(folder))
        console.print("[bold]Tocsin demo[/bold]: invented news from four outlets, served on this machine.\n")
        try:
            return app.run(config, companions=(partial(_play, outlets=outlets, console=console),))
        finally:
            outlets.close()


def _config(outlets: Outlets, folder: Path) -> Config:
    sources = [
        {"url": outlets.url(outlet), "name": name, "family": outlet, "every": 1.0, "tier": 2}
        for outlet, name in outlets.names.items()
    ]
    return parse(
        {
            "store": {"path": folder / "demo.db"},
            "fetch": {"allow_hosts": ["127.0.0.1"]},
            "log": {"level": "error"},
            "telegram": {"token": ""},
            "sources": sources,
        }
    )


async def _play(store: Store, ended: asyncio.Event, stop: asyncio.Event, *, outlets: Outlets, console: Console) -> None:
    """Publish one step after the other, each when the articles of the one before are extracted."""
    await _until_extracted(store, ended, outlets, [item for item in outlets.items if item.step == 0])
    for _ in range(outlets.steps - 1):
        published = outlets.publish(utc_now())
        for item in published:
            console.print(f"\n[bold cyan]→ {outlets.names[item.outlet]}[/bold cyan]: {item.title}")
        for extraction in await _until_extracted(store, ended, outlets, published):
            console.print(f"  [dim]understood:[/dim] {_extracted_text(extraction)}")
        await _until_delivered(store, ended)
        if not await _pause(ended):
            return
    if sys.stdin.isatty():
        console.print("\nThat was the last article. Type /latest, /search fire, /near Multan, /help; Ctrl-C ends.")
        await ended.wait()
        return
    await _last_cards(store, console)
    stop.set()


async def _until_extracted(store: Store, ended: asyncio.Event, outlets: Outlets, items: list[Item]) -> list[Extraction]:
    """The extractions of these items once all are done, or those that are done after ``PATIENCE_SECONDS``."""
    refs = [articles.reference(outlets.url(item.outlet), item.link) for item in items]
    waited = 0.0
    while not ended.is_set():
        found = await store.read(_extractions, refs)
        if len(found) == len(refs) or waited > PATIENCE_SECONDS:
            return found
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    return []


async def _until_delivered(store: Store, ended: asyncio.Event) -> None:
    """Wait until no alert is open: a chat is written to once a second, and the next article waits for the cards."""
    waited = 0.0
    while not ended.is_set() and waited < PATIENCE_SECONDS:
        counts = await store.read(outbox.counts)
        if not any(counts.get(state) for state in OPEN_STATES):
            return
        await asyncio.sleep(POLL_SECONDS)
        waited += POLL_SECONDS


def _extractions(tx: Tx, refs: list[str]) -> list[Extraction]:
    found = [articles.extraction(tx, ref) for ref in refs]
    return [one for one in found if one is not None]


def _extracted_text(extraction: Extraction) -> str:
    if not extraction.reports:
        return "no incident: silent"
    if not extraction.relevant:
        return "no new act; it can add to one that is known"
    return " · ".join(summary(report) for report in extraction.reports)


async def _pause(ended: asyncio.Event) -> bool:
    """Wait ``PAUSE_SECONDS``, to read the card; False when the service ends."""
    try:
        await asyncio.wait_for(ended.wait(), PAUSE_SECONDS)
    except TimeoutError:
        return True
    return False


async def _last_cards(store: Store, console: Console) -> None:
    names = Names(load_kinds(), Gazetteer.open().country_name)
    found = await store.read(incidents.everything)
    console.print(f"\n[bold]{len(found)} incidents at the end[/bold]")
    for incident in found:
        console.print(Panel(show(card(incident, names)), title=f"card {incident.id}"))
