"""How does ``export`` write the incidents of a database in a format that other programs read?"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.batch.json_lines import flush
from bot.errors import UsageError
from bot.export import FORMATS
from bot.export.frame import Frame
from bot.incidents import queries
from bot.store import Store, incidents
from extract.kinds import load_kinds
from extract.places import Gazetteer


def export(db: Path, form: str, filters: str) -> None:
    """Write the incidents that match the filters, oldest first (feeds: newest first); all without filters.

    Raises:
        UsageError: there is no such format.
    """
    chosen = FORMATS.get(form)
    if chosen is None:
        raise UsageError(f"no format {form!r}: choose one of {', '.join(FORMATS)}")
    store = Store(db)
    try:
        found = store.read_sync(incidents.everything)
        if filters:
            kinds, gazetteer = load_kinds(), Gazetteer.open()
            wanted = queries.wanted(filters, kinds, gazetteer).filters
            now = datetime.now(UTC)
            found = store.read_sync(queries.among, found, wanted, contains=gazetteer.contains, now=now)
        made = store.read_sync(incidents.version_times, [one.id for one in found])
    finally:
        store.close()
    sys.stdout.buffer.write(chosen.write(found, Frame(made=made)))
    flush()
