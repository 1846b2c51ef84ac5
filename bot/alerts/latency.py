"""How long did first cards take from publication to the chat, stage by stage, and is the objective met?

The admins are told once when it is missed, with the stage that took most of the time, and once when it is met again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.alerts.service_notices import notify
from bot.i18n.translate import mark, t
from bot.render import words
from bot.render.message import Message, say
from bot.store import Tx, chats, counters, flags
from extract.types import Frozen

MISSED = "latency objective missed"
# what the objective is compared with: the first cards of this time, if there are enough
WINDOW = timedelta(hours=1)
LEAST_CARDS = 5
WHOLE = "published to sent"
STAGES = {
    "published to read": mark("Published to read"),
    "read to decided": mark("Read to decided"),
    "decided to sent": mark("Decided to sent"),
    WHOLE: mark("Published to sent"),
}


class Stage(Frozen, frozen=True, kw_only=True):
    """How long one stage took, in seconds, at the 50th and 95th percentile of ``cards`` first cards."""

    name: str
    p50: float
    p95: float
    cards: int


def stages(tx: Tx, since: datetime) -> tuple[Stage, ...]:
    """The percentiles of each stage since a time, and of the whole time from publication to sending, which is last."""
    taken = counters.latencies(tx, since)
    columns = {
        "published to read": [wait for wait, _, _ in taken if wait is not None],
        "read to decided": [read for _, read, _ in taken],
        "decided to sent": [sent for _, _, sent in taken],
        WHOLE: [wait + read + sent for wait, read, sent in taken if wait is not None],
    }
    return tuple(
        Stage(name=name, p50=percentile(values, 0.5), p95=percentile(values, 0.95), cards=len(values))
        for name, values in columns.items()
        if values
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, max(0, math.ceil(share * len(ranked)) - 1))], 3)


def notify_of_objective(tx: Tx, admins: Iterable[int], objective: float, now: datetime) -> bool:
    """Notify the admins where 95 of 100 first cards took longer than ``objective`` seconds; is it missed now?

    0 is no objective. Fewer than ``LEAST_CARDS`` in the last hour change nothing.
    """
    if not objective:
        flags.clear(tx, MISSED)
        return False
    found = {stage.name: stage for stage in stages(tx, now - WINDOW)}
    since = flags.get(tx, MISSED)
    whole = found.get(WHOLE)
    if whole is None or whole.cards < LEAST_CARDS:
        return since is not None
    is_missed = whole.p95 > objective
    if is_missed and since is None:
        flags.put(tx, MISSED, now)
        slowest = max((stage for stage in found.values() if stage.name != WHOLE), key=lambda stage: stage.p95)
        _tell(tx, admins, partial(_missed, whole, slowest, objective), "late", now)
    elif not is_missed and since is not None:
        flags.clear(tx, MISSED)
        _tell(tx, admins, partial(_met, whole, now - since), "in time", now)
    return is_missed


def _tell(tx: Tx, admins: Iterable[int], make: partial[Message], what: str, now: datetime) -> None:
    for admin in admins:
        if chats.is_active(tx, admin):
            notify(tx, admin, 0, f"{what} {now.isoformat()}", make, now=now)


def _missed(whole: Stage, slowest: Stage, objective: float) -> Message:
    return say(
        t(
            "Alerts come late: 95 of 100 of the last hour's {n} first cards came within {span} of publication, and not"
            " within {wanted}.",
            n=whole.cards,
            span=words.span(timedelta(seconds=whole.p95)),
            wanted=words.span(timedelta(seconds=objective)),
        ),
        t(
            "Most of it: {stage}, {span}.",
            stage=t(STAGES[slowest.name]),
            span=words.span(timedelta(seconds=slowest.p95)),
        ),
    )


def _met(whole: Stage, late: timedelta) -> Message:
    return say(
        t(
            "Alerts are in time again, after {late}: 95 of 100 come within {span} of publication.",
            late=words.span(late),
            span=words.span(timedelta(seconds=whole.p95)),
        )
    )
