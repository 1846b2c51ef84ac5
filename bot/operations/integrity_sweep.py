"""Which rows are damaged? Checks all rows again and again, restores from copies, notifies the admins once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n.translate import in_locale, joined, t
from bot.render.message import Message, say
from bot.store import Store, Tx, chats, counters, flags, integrity, outbox, preferences
from bot.store.codec import dump
from bot.store.integrity import Damage
from bot.types import Alert, Reason
from extract.types import Action, Severity

log = logging.getLogger(__name__)

DAMAGED = "damaged:"
TABLES = tuple(integrity.GUARDED)
# checks a million rows in three hours, a few milliseconds a round
ROWS_A_ROUND = 2_000
MOST_NAMED = 10


@dataclass(kw_only=True)
class Sweep:
    """Checks all rows again and again, ``ROWS_A_ROUND`` at a time. ``admins`` are notified of damaged ones."""

    store: Store
    admins: Callable[[], Iterable[int]]
    clock: Callable[[], datetime]
    _table: int = 0
    _after: int = -1
    _damaged: set[str] = field(default_factory=set)

    async def go_on(self) -> list[Damage]:
        """Check the next rows; returns the damaged ones."""
        table = TABLES[self._table]
        found, last = await self.store.read(integrity.sweep, table, self._after, ROWS_A_ROUND)
        self._damaged |= {one.row for one in found}
        if found:
            await self.store.write(record_damage, found, self.admins(), self.clock())
        if last is None:
            await self.store.write(_clear_mended, table, self._damaged)
            self._table, self._after, self._damaged = (self._table + 1) % len(TABLES), -1, set()
        else:
            self._after = last
        return found


def record_damage(tx: Tx, found: Sequence[Damage], admins: Iterable[int], now: datetime) -> None:
    """Restore damaged rows where possible; count them, and notify the admins of all new ones in one message."""
    known = flags.with_prefix(tx, DAMAGED)
    mended = [one for one in found if integrity.repair(tx, one)]
    lost = [one for one in found if one not in mended and _name(one) not in known]
    for one in lost:
        flags.put(tx, f"{DAMAGED}{_name(one)}", now)
    for one in (*mended, *lost):
        what = "damaged, mended from its copy" if one in mended else "damaged: left out from now on"
        log.error("a damaged row", extra={"table": one.table, "row": one.row, "mended": one in mended})
        counters.count(tx, "damaged_rows")
        counters.problem(tx, _name(one), "store", what, now)
    if mended or lost:
        for admin in admins:
            if chats.is_active(tx, admin):
                with in_locale(preferences.locale(tx, admin, 0)):
                    said = _notice(lost, mended)
                _notify(tx, admin, f"damaged {_name((*lost, *mended)[0])} {now.isoformat()}", said, now)


def known(tx: Tx) -> tuple[str, ...]:
    """The damaged rows that could not be restored, as "incidents k3f9", sorted."""
    return tuple(sorted(flags.with_prefix(tx, DAMAGED)))


def _clear_mended(tx: Tx, table: str, damaged: Iterable[str]) -> None:
    """Forget rows that are no longer damaged: a newer version was written, or a backup restored."""
    for name in flags.with_prefix(tx, f"{DAMAGED}{table} "):
        if name not in damaged:
            flags.clear(tx, f"{DAMAGED}{table} {name}")


def _notice(lost: Sequence[Damage], mended: Sequence[Damage]) -> Message:
    said = [t("The database holds rows that are no longer what was written. Look at the disk.")]
    if mended:
        said.append(t("Mended from their copies: {rows}.", rows=_names(mended)))
    if lost:
        rows = _names(lost)
        said.append(t("Left out from now on: {rows}. A backup from before has them: tocsin restore.", rows=rows))
    return say(*said)


def _names(found: Sequence[Damage]) -> str:
    more = " " + t("and {n} more", n=len(found) - MOST_NAMED) if len(found) > MOST_NAMED else ""
    return joined(_name(one) for one in found[:MOST_NAMED]) + more


def _name(one: Damage) -> str:
    return f"{one.table} {one.row}"


def _notify(tx: Tx, chat: int, key: str, said: Message, now: datetime) -> None:
    notice = Alert(id=0, chat=chat, thread=0, incident=key, version=0, action=Action.NEW, notice=dump(said))
    outbox.enqueue(tx, notice, severity=Severity.SEVERE.rank, why=Reason("about the service"), now=now)
