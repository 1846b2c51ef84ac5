"""What does the demo print? Each article, what was extracted from it, the cards, and at the end all cards."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from functools import partial
from pathlib import Path

from rich.panel import Panel

from bot import app
from bot.composition import Terminal
from bot.config import Config, parse
from bot.demo.outlets import Item, Outlets, utc_now
from bot.render.card import card
from bot.render.words import Names
from bot.store import Store, Tx, articles, incidents, outbox
from bot.terminal.screen import Screen
from bot.terminal.show import show
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.track.summary import summary
from extract.types import Extraction

PATIENCE_SECONDS = 30.0
# to read a card; after an article without one; where nobody reads
PAUSE_SECONDS = 3.0
SILENT_SECONDS = 1.5
UNSEEN_SECONDS = 0.3
# an alert waits for its article's lines for so long, at most
TOLD_SECONDS = 5.0
POLL_SECONDS = 0.02
OPEN_STATES = ("pending", "sending", "unknown")


def run() -> int:
    """Run the demo, which ends by itself where standard input is no terminal; returns the exit code."""
    outlets, told = Outlets(utc_now()), asyncio.Event()

    async def once_told() -> None:
        """An alert is shown below the article that it comes from."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), TOLD_SECONDS)

    terminal = Terminal(greets=False, farewell="The demo has ended.", before_alert=once_told)
    screen = terminal.screen
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        config = _config(outlets, Path(folder))
        screen.print("[bold]Tocsin demo[/bold]: invented news from four outlets, served on this machine.")
        screen.print("[dim]Each article, what was understood of it, and the message that follows from it.[/dim]\n")
        play = partial(_play, outlets=outlets, screen=screen, told=told)
        try:
            return app.run(config, companions=(play,), terminal=terminal)
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


async def _play(
    store: Store,
    ended: asyncio.Event,
    stop: asyncio.Event,
    *,
    outlets: Outlets,
    screen: Screen,
    told: asyncio.Event,
) -> None:
    """Publish one article after the other, each when the cards of the one before are shown and were read."""
    await _until_extracted(store, ended, outlets, [item for item in outlets.items if item.step == 0])
    for _ in range(outlets.steps - 1):
        told.clear()
        published = outlets.publish(utc_now())
        for item in published:
            screen.print(f"\n[bold cyan]→ {outlets.names[item.outlet]}[/bold cyan]: {item.title}")
        extractions = await _until_extracted(store, ended, outlets, published)
        for extraction in extractions:
            screen.print(f"  [dim]understood:[/dim] {_extracted_text(extraction)}")
        told.set()
        await _until_delivered(store, ended)
        is_silent = not any(extraction.relevant for extraction in extractions)
        if not await _pause(ended, SILENT_SECONDS if is_silent else PAUSE_SECONDS):
            return
    if screen.has_prompt:
        screen.print("\nThat was the last article. Type /latest, /search fire, /near Multan, /help; Ctrl-D ends.")
        await ended.wait()
        return
    await _last_cards(store, screen)
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


async def _pause(ended: asyncio.Event, seconds: float) -> bool:
    """Wait, so that the card can be read; where nobody sits at the terminal, hardly. False when the service ends."""
    try:
        await asyncio.wait_for(ended.wait(), seconds if sys.stdout.isatty() else UNSEEN_SECONDS)
    except TimeoutError:
        return True
    return False


async def _last_cards(store: Store, screen: Screen) -> None:
    names = Names(load_kinds(), Gazetteer.open().country_name)
    found = await store.read(incidents.everything)
    screen.print(f"\n[bold]{len(found)} incidents at the end[/bold]")
    for incident in found:
        screen.print(Panel(show(card(incident, names)), title=f"card {incident.id}"))
