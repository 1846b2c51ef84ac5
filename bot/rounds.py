"""What was gathered for a chat, told in one message: its digest, and what came while it wanted no sound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import hours
from bot.render import lists, words
from bot.render.message import Message
from bot.render.words import Names
from bot.store import Tx, alerts, held, incidents, preferences
from bot.store.codec import dump
from bot.types import Alert, HeldFor, Preferences, Rhythm
from extract.types import Action, Incident, Lifecycle, Severity

ROUND = (HeldFor.DIGEST, HeldFor.QUIET)


def make_due(tx: Tx, names: Names, now: datetime) -> int:
    """Put the gathered messages that are due into the outbox. How many chats were looked at."""
    due = preferences.due(tx, now)
    for chat, thread, chosen in due:
        _make(tx, chat, thread, chosen, names=names, now=now)
    return len(due)


def gathered(tx: Tx, chat: int, thread: int, names: Names) -> Message | None:
    """What has been gathered for a chat so far; None where there is nothing."""
    found = _held(tx, chat, thread)
    return _told(found, "So far", names) if found else None


def _make(tx: Tx, chat: int, thread: int, chosen: Preferences, *, names: Names, now: datetime) -> None:
    preferences.put(tx, chat, thread, chosen, hours.next_round(chosen, now))
    found = _held(tx, chat, thread)
    held.release(tx, chat, thread, *ROUND)
    if not found:
        return
    title = "While it was quiet" if chosen.digest is Rhythm.AT_ONCE else f"Digest, {words.clock(now)}"
    most = max(one.facts.severity.rank for one in found)
    notice = Alert(
        id=0,
        chat=chat,
        thread=thread,
        incident=f"round {now:%Y-%m-%dT%H:%M}",
        version=0,
        action=Action.NEW,
        notice=dump(_told(found, title, names)),
    )
    alerts.enqueue(tx, notice, severity=min(most, Severity.MODERATE.rank), why=title, now=now)


def _held(tx: Tx, chat: int, thread: int) -> list[Incident]:
    """The incidents that wait, the most severe first; what has been taken back or merged is no news."""
    ids = dict.fromkeys(one.incident for one in held.of(tx, chat, thread, *ROUND))
    known = [incidents.resolve(tx, one) for one in ids]
    live = {one.id: one for one in known if one is not None and one.lifecycle is not Lifecycle.RETRACTED}
    return sorted(live.values(), key=lambda one: (-one.facts.severity.rank, one.first_seen))


def _told(found: Sequence[Incident], title: str, names: Names) -> Message:
    return lists.incidents(f"{title}: {words.plural(len(found), 'incident')}", found, names, nothing="")
