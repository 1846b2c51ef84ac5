"""How is the service doing? Counts, sources, delays, damage and its last sign of life, from the store alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.alerts import latency
from bot.alerts.latency import Stage
from bot.alerts.service_notices import ALIVE_WITHIN, ALL_UNSEEN, HEARTBEAT, UNHEARD, UNSEEN
from bot.operations import integrity_sweep
from bot.store import Store, Tx, audit, chats, flags, integrity, outbox, sources, subscriptions, webhooks
from bot.store import counters as counted
from bot.types import HookState, Problem, SourceState
from extract.types import Frozen

# a flag -> what is wrong while it is set
_WRONG = {
    ALL_UNSEEN: "no source answers: nothing is read",
    UNHEARD: "no [telegram] token and no terminal: nobody reads the alerts; set TOCSIN_TELEGRAM_TOKEN",
}


class Health(Frozen, frozen=True, kw_only=True):
    """The state of the service: counts by name, sources, and the last problems; ``audited`` is the audit log's head."""

    totals: dict[str, int]
    alerts: dict[str, int]
    chats: dict[str, int]
    counters: dict[str, int]
    subscriptions: int
    sources: tuple[SourceState, ...]
    problems: tuple[Problem, ...]
    latency: tuple[Stage, ...] = ()
    unseen: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    heartbeat: datetime | None = None
    audited: str = ""
    webhooks: tuple[HookState, ...] = ()

    @property
    def failing(self) -> tuple[SourceState, ...]:
        """The sources whose last read failed."""
        return tuple(state for state in self.sources if state.failures)


def snapshot(tx: Tx, now: datetime) -> Health:
    """The state of everything, from the store alone."""
    return Health(
        totals=counted.totals(tx),
        alerts=outbox.counts(tx),
        chats=chats.counts(tx),
        counters=counted.counters(tx),
        subscriptions=subscriptions.count(tx),
        sources=tuple(sources.listing(tx)),
        problems=tuple(counted.problems(tx)),
        latency=latency.stages(tx, now - timedelta(days=1)),
        unseen=tuple(sorted(flags.with_prefix(tx, UNSEEN))),
        damaged=integrity_sweep.known(tx),
        heartbeat=flags.get(tx, HEARTBEAT),
        audited=str(audit.head(tx)),
        webhooks=tuple(webhooks.states(tx)),
    )


def is_alive(db: Path) -> tuple[bool, str]:
    """Does the service live, read and reach people? And a sentence for people that says so, with what is wrong.

    It lives while the last heartbeat is at most ``ALIVE_WITHIN`` old. It doesn't read while no source answers, and
    reaches nobody while alerts are printed where nobody sees them. A webhook that is paused is said too, but does not
    make it ill: to start it again would not mend another program.

    One from the future is no sign of life: the clock was set back since, and the service would have written another.
    """
    store = Store(db)
    try:
        last, damaged = store.read_sync(flags.get, HEARTBEAT), store.read_sync(integrity_sweep.known)
        paused = [f"the webhook to {one.host} is paused" for one in store.read_sync(webhooks.states) if one.paused]
        wrong = [said for name, said in _WRONG.items() if store.read_sync(flags.get, name)]
    finally:
        store.close()
    also = "".join(
        f"; {said}" for said in (*wrong, *paused, *([f"{len(damaged)} rows are damaged"] if damaged else []))
    )
    if last is None:
        return False, f"no sign of life yet{also}"
    age = datetime.now(UTC) - last
    return abs(age) <= ALIVE_WITHIN and not wrong, f"last sign of life {age.total_seconds():.0f} s ago{also}"


def damaged_rows(db: Path) -> list[str]:
    """The rows whose payload does not match their checksum, as "incidents k3f9"; reads the whole database."""
    store = Store(db)
    try:
        return [f"{one.table} {one.row}" for one in store.read_sync(integrity.damaged_rows)]
    finally:
        store.close()
