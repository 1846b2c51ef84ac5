"""Which webhooks are paused since they keep failing? The admins are told once of each, and once when it works again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from bot.alerts.service_notices import notify
from bot.i18n.translate import t
from bot.render.message import Line, Message, bold, foreign, line, moment, say, sentence
from bot.render.text import clean
from bot.store import Tx, chats, flags, webhooks
from bot.types import HookState

PAUSED = "webhook:"


def notify_of_pauses(tx: Tx, admins: Iterable[int], names: Mapping[str, str], now: datetime) -> list[str]:
    """Notify the admins of webhooks that were paused, and of those that work again; the paused ones, sorted.

    ``names`` are what each configured webhook is called, by its address: an address may hold a secret.
    """
    paused = {one.hook: one for one in webhooks.states(tx) if one.paused is not None and one.hook in names}
    told = flags.with_prefix(tx, PAUSED)
    new = [paused[hook] for hook in sorted(paused.keys() - told.keys())]
    over = sorted(told.keys() - paused.keys())
    for one in new:
        flags.put(tx, f"{PAUSED}{one.hook}", now)
    for hook in over:
        flags.clear(tx, f"{PAUSED}{hook}")
    well = [hook for hook in over if hook in names]
    if new or well:
        for admin in admins:
            if chats.is_active(tx, admin):
                notify(tx, admin, 0, f"webhooks {now.isoformat()}", partial(_message, new, well, names), now=now)
    return sorted(paused)


def _message(new: Iterable[HookState], well: Iterable[str], names: Mapping[str, str]) -> Message:
    lines: list[Line] = []
    for one in new:
        lines.append(line(bold(t("A webhook is paused: ")), foreign(clean(names[one.hook], 100))))
        since = one.since or one.paused
        if since is not None:
            why = clean(one.why, 120)
            lines.append(sentence("failing since {at}: {why}", at=moment(since), why=why))
        lines.append(line(t("What it is to be sent waits. It is tried now and then, and all of it follows.")))
    lines += [line(bold(t("A webhook works again: ")), foreign(clean(names[hook], 100))) for hook in well]
    return say(*lines)
