"""How are sources written to an OPML document, and added from one, on the command line?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.batch.json_lines import flush, write
from bot.config import Config
from bot.errors import UsageError
from bot.export.opml import opml
from bot.sources import source_list
from bot.sources.address_guard import verdict
from bot.sources.parse_worker import ParseWorker
from bot.store import Store, sources
from extract.feeds.opml import MAX_BYTES


def export_sources(db: Path) -> None:
    """Write every source of a database to standard output, as OPML."""
    store = Store(db)
    try:
        known = store.read_sync(sources.listing)
    finally:
        store.close()
    sys.stdout.buffer.write(opml([state.source for state in known], datetime.now(UTC)))
    sys.stdout.buffer.flush()


def import_sources(file: str, db: Path, config: Config, *, is_on_trial: bool = False) -> None:
    """Add the feeds of an OPML document to a database; a service that serves it begins to read them at once.

    ``is_on_trial``: each is on trial for ``[fetch] trial``.

    Raises:
        UsageError: the file can't be read, or is no OPML.
    """
    with ParseWorker() as worker:
        listed = worker.feeds_of(_bytes_of(file))
    if listed.problem:
        raise UsageError(f"{file}: {listed.problem}")
    store = Store(db)
    try:
        known = store.read_sync(sources.addresses)
        found = source_list.plan(
            listed.links,
            known=known,
            verdict=lambda url: verdict(url, config.fetch.allow_hosts),
            every=config.fetch.every,
        )
        now = datetime.now(UTC)
        ends = now + timedelta(seconds=config.fetch.trial) if is_on_trial else None
        added = store.write_sync(sources.add_new, found.new, now, trial_ends=ends)
    finally:
        store.close()
    said = {"added": added, "known": found.known, "repeated": found.repeated}
    write({**said, "refused": msgspec.to_builtins(found.refused)})
    flush()


def _bytes_of(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
