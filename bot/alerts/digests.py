"""What was gathered for a chat, told in one list: its digest, its quiet hours, and what could not be sent in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.alerts import quiet_hours
from bot.alerts.fanout import same_place_only
from bot.alerts.routing import Holds, matches
from bot.i18n.translate import in_locale, joined, mark, t
from bot.render import lists
from bot.render.message import Message, line, moment, sentence
from bot.render.words import Names
from bot.store import Tx, deferred, incidents, outbox, preferences, subscriptions
from bot.store.codec import dump
from bot.types import Alert, HeldFor, Preferences, Rhythm, Subscription
from extract.types import Action, Incident, Lifecycle, Severity

ROUND = (HeldFor.DIGEST, HeldFor.QUIET)
PAGE = 20
AWAY = mark("While I could not write to you")
QUIET = mark("While it was quiet")
DIGEST = mark("Digest, {at}")
# first cards that have waited so long are no longer fresh: so many of them at once would be a flood
BACKLOG_AFTER = timedelta(hours=1)
BACKLOG_LEAST = 6


def make_due(tx: Tx, names: Names, now: datetime, holds: Holds = same_place_only) -> int:
    """Put the gathered messages that are due into the outbox. How many chats were looked at."""
    due = preferences.due(tx, now)
    for chat, thread, chosen in due:
        _make(tx, chat, thread, chosen, names=names, now=now, holds=holds)
    return len(due)


def gather_backlog(tx: Tx, names: Names, now: datetime, holds: Holds = same_place_only) -> int:
    """First cards that have waited too long, where many wait for one chat, become one list. How many chats."""
    late = outbox.backlog(tx, now - BACKLOG_AFTER, least=BACKLOG_LEAST)
    for (chat, thread), ids in late.items():
        outbox.gather(tx, chat, thread, ids, now=now)
        found = _live(tx, ids)
        _send(tx, chat, thread, AWAY, found, names=names, now=now, holds=holds)
    return len(late)


def gathered(tx: Tx, chat: int, thread: int, names: Names, *, now: datetime, holds: Holds) -> Message | None:
    """What has been gathered for a chat so far; None where there is nothing."""
    found = _held(tx, chat, thread)
    asked = asked_by(found, subscriptions.of_chat(tx, chat, thread), holds=holds, now=now)
    return lists.digest(line(t("So far")), found[:PAGE], len(found), names, asked) if found else None


def asked_by(found: Sequence[Incident], mine: Sequence[Subscription], *, holds: Holds, now: datetime) -> dict[str, str]:
    """Which of a chat's named subscriptions ask for each incident, in words; nothing where none of them does."""
    named = [one for one in mine if one.name]
    asked = {
        incident.id: joined(lists.called(one) for one in named if matches(incident, one, holds=holds, now=now).yes)
        for incident in (found if named else ())
    }
    return {incident: said for incident, said in asked.items() if said}


def _make(tx: Tx, chat: int, thread: int, chosen: Preferences, *, names: Names, now: datetime, holds: Holds) -> None:
    preferences.put(tx, chat, thread, chosen, quiet_hours.next_round(chosen, now))
    found = _held(tx, chat, thread)
    deferred.release(tx, chat, thread, *ROUND)
    about = QUIET if chosen.digest is Rhythm.AT_ONCE else DIGEST
    _send(tx, chat, thread, about, found, names=names, now=now, holds=holds)


def _send(
    tx: Tx,
    chat: int,
    thread: int,
    about: str,
    found: Sequence[Incident],
    *,
    names: Names,
    now: datetime,
    holds: Holds = same_place_only,
) -> None:
    """Every incident is listed, on as many pages as that takes; the first makes a sound, outside of quiet hours."""
    quiet = quiet_hours.is_quiet(preferences.get(tx, chat, thread), now)
    mine = subscriptions.of_chat(tx, chat, thread)
    locale, key = preferences.locale(tx, chat, thread), about.partition(",")[0]
    for page, start in enumerate(range(0, len(found), PAGE), 1):
        with in_locale(locale):
            title = sentence(about, at=moment(now))
            shown = found[start : start + PAGE]
            asked = asked_by(shown, mine, holds=holds, now=now)
            said = lists.digest(title, shown, len(found), names, asked)
        notice = Alert(
            id=0,
            chat=chat,
            thread=thread,
            incident=f"{key} {now:%Y-%m-%dT%H:%M:%S} {page}",
            version=0,
            action=Action.NEW,
            silent=page > 1 or quiet,
            notice=dump(said),
        )
        outbox.enqueue(tx, notice, severity=Severity.MODERATE.rank, why=key, now=now)


def _held(tx: Tx, chat: int, thread: int) -> list[Incident]:
    return _live(tx, [one.incident for one in deferred.of(tx, chat, thread, *ROUND)])


def _live(tx: Tx, ids: Sequence[str]) -> list[Incident]:
    """These incidents, the most severe first; what has been taken back or merged is no news."""
    known = [incidents.resolve(tx, one) for one in dict.fromkeys(ids)]
    live = {one.id: one for one in known if one is not None and one.lifecycle is not Lifecycle.RETRACTED}
    return sorted(live.values(), key=lambda one: (-one.facts.severity.rank, one.first_seen))
