"""How does ``replay`` run recorded articles through the live pipeline? The clock is each article's time; resumable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
from rich.console import Console
from rich.progress import Progress

from bot.alerts.gate import Rules
from bot.batch.json_lines import Lines, write
from bot.extraction.garbage import keep_models
from bot.incidents import ingest
from bot.store import Store, Tx, incidents, outbox
from extract.extractor import Extractor
from extract.places import Gazetteer
from extract.types import Article
from extract.wire import change_json, read_article

_SEED = "tocsin"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def replay(
    name: str, db: Path, *, alerts_out: Path | None, deliveries_out: Path | None, model: str, strict: bool
) -> int:
    """Replay a file into a database and write the resulting alert decisions; returns how many lines were bad."""
    lines = Lines(name, strict=strict)
    articles = _by_time(list(lines.read(read_article)))
    store = Store(db, durable=False)  # a replay can be resumed
    try:
        _process(store, articles, model)
        if alerts_out is not None:
            _dump(alerts_out, store, _write_changes)
        if deliveries_out is not None:
            _dump(deliveries_out, store, _write_deliveries)
    finally:
        store.close()
    lines.report()
    return lines.bad


def _by_time(articles: list[Article]) -> list[tuple[datetime, Article]]:
    """Each article with its time, oldest first; an article without a time gets that of the one before in the file."""
    timed: list[tuple[datetime, int, Article]] = []
    last = _EPOCH
    for position, article in enumerate(articles):
        last = article.published or last
        timed.append((last, position, article))
    return [(at, article) for at, _, article in sorted(timed, key=lambda row: row[:2])]


def _process(store: Store, articles: list[tuple[datetime, Article]], model: str) -> None:
    waiting = [(at, article) for at, article in articles if not ingest.is_known(store, article.id)]
    if not waiting:
        return
    extractor, gazetteer = Extractor(model), Gazetteer.open()
    keep_models()
    rules, new_id = Rules(contains=gazetteer.contains), ingest.seeded_ids(_SEED)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("replay", total=len(waiting))
        extractions = extractor.extract_all(article for _, article in waiting)
        for (at, article), extraction in zip(waiting, extractions, strict=True):
            timeless = msgspec.structs.replace(extraction, ms=0.0)
            ingest.replay(store, article, timeless, now=at, new_id=new_id, rules=rules)
            progress.advance(task)


def _dump(path: Path, store: Store, fill: Callable[[Tx, IO[bytes]], None]) -> None:
    with path.open("wb") as stream:
        store.read_sync(fill, stream)


def _write_changes(tx: Tx, stream: IO[bytes]) -> None:
    for change in incidents.changes(tx):
        if change.action is not None:
            write(change_json(change), stream)


def _write_deliveries(tx: Tx, stream: IO[bytes]) -> None:
    for alert in outbox.everything(tx):
        row = {"chat": alert.chat, "thread": alert.thread, "incident": alert.incident, "version": alert.version}
        write({**row, "action": alert.action.value, "silent": alert.silent}, stream)
