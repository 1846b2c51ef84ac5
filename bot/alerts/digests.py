"""What goes into a digest? What a chat's digest or quiet hours deferred, and first cards that waited too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.alerts import quiet_hours
from bot.alerts.routing import matches
from bot.i18n.translate import in_locale, joined, mark, t
from bot.render import lists
from bot.render.message import Message, moment, sentence
from bot.render.words import Names
from bot.store import Tx, articles, backlog, deferred, incidents, outbox, preferences, subscriptions
from bot.store.codec import dump
from bot.types import Alert, Deferral, DeferralReason, Preferences, Reason, Rhythm, Subscription
from extract.places.containment import Contains, by_names
from extract.types import Action, Incident, Lifecycle, Severity

GATHERED = (DeferralReason.DIGEST, DeferralReason.QUIET)
PAGE = 20
AWAY = mark("While I could not write to you")
QUIET = mark("While it was quiet")
DIGEST = mark("Digest")
COVERS = mark("{what}, {start} to {end}")
PERIODS = {Rhythm.HOURLY: timedelta(hours=1), Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKLY: timedelta(weeks=1)}
# at least this many first cards that have waited this long are sent as one list
BACKLOG_AFTER = timedelta(hours=1)
BACKLOG_LEAST = 6


def make_due(tx: Tx, names: Names, now: datetime, contains: Contains = by_names) -> int:
    """Enqueue the digests that are due; returns how many chats were due."""
    due = preferences.due(tx, now)
    for chat, thread, chosen in due:
        _make(tx, chat, thread, chosen, names=names, now=now, contains=contains)
    return len(due)


def plan_again(tx: Tx, now: datetime) -> None:
    """Plan the next digest of each chat again, after the clock was moved; none comes later than it was planned."""
    for chat, thread, chosen, planned in preferences.planned(tx):
        wanted = quiet_hours.next_digest(chosen, now)
        if wanted is not None and wanted < planned:
            preferences.put(tx, chat, thread, chosen, wanted)


def gather_backlog(tx: Tx, names: Names, now: datetime, contains: Contains = by_names) -> int:
    """Replace first cards that have waited too long for one chat by one list; returns for how many chats."""
    late = backlog.waiting(tx, now - BACKLOG_AFTER, least=BACKLOG_LEAST)
    for (chat, thread), waiting in late.items():
        backlog.drop_listed(tx, chat, thread, waiting.incidents, now=now)
        found = _live(tx, waiting.incidents)
        _send(tx, chat, thread, AWAY, found, since=waiting.since, names=names, now=now, contains=contains)
    return len(late)


def gathered(tx: Tx, chat: int, thread: int, names: Names, *, now: datetime, contains: Contains) -> Message | None:
    """The digest of what has been gathered for a chat so far; None if that is nothing."""
    waiting = deferred.of(tx, chat, thread, *GATHERED)
    found = _live(tx, [one.incident for one in waiting])
    if not found:
        return None
    asked = names_of_matching(tx, found, subscriptions.of_chat(tx, chat, thread), contains=contains, now=now)
    since = waiting[0].at
    title = sentence("So far, since {start}", start=moment(since))
    return lists.digest(title, found[:PAGE], len(found), names, asked, since=since)


def names_of_matching(
    tx: Tx, found: Sequence[Incident], mine: Sequence[Subscription], *, contains: Contains, now: datetime
) -> dict[str, str]:
    """Incident id -> the names of the chat's subscriptions that ask for it, in words; only where there is one."""
    named, texts = [one for one in mine if one.name], partial(articles.bodies, tx)
    asked = {
        incident.id: joined(
            lists.called(one) for one in named if matches(incident, one, contains=contains, now=now, texts=texts).yes
        )
        for incident in (found if named else ())
    }
    return {incident: said for incident, said in asked.items() if said}


def _make(
    tx: Tx, chat: int, thread: int, chosen: Preferences, *, names: Names, now: datetime, contains: Contains
) -> None:
    preferences.put(tx, chat, thread, chosen, quiet_hours.next_digest(chosen, now))
    waiting = deferred.of(tx, chat, thread, *GATHERED)
    deferred.remove(tx, chat, thread, *GATHERED)
    about = QUIET if chosen.digest is Rhythm.AT_ONCE else DIGEST
    found, since = _live(tx, [one.incident for one in waiting]), covered_since(chosen, waiting, now)
    _send(tx, chat, thread, about, found, since=since, names=names, now=now, contains=contains)


def covered_since(chosen: Preferences, waiting: Sequence[Deferral], now: datetime) -> datetime:
    """The beginning of what a digest that is due now covers: its period, or since the first that it lists was deferred.

    After quiet hours, and after a time in which none could be made, it is the latter.
    """
    period = PERIODS.get(chosen.digest, timedelta())
    return min([now - period, *(one.at for one in waiting)])


def _send(
    tx: Tx,
    chat: int,
    thread: int,
    about: str,
    found: Sequence[Incident],
    *,
    since: datetime,
    names: Names,
    now: datetime,
    contains: Contains = by_names,
) -> None:
    """Enqueue a list of all these incidents, in pages; only the first page makes a sound, outside of quiet hours."""
    quiet = quiet_hours.is_quiet(preferences.get(tx, chat, thread), now)
    mine = subscriptions.of_chat(tx, chat, thread)
    locale = preferences.locale(tx, chat, thread)
    for page, start in enumerate(range(0, len(found), PAGE), 1):
        with in_locale(locale):
            title = sentence(COVERS, what=t(about), start=moment(since), end=moment(now))
            shown = found[start : start + PAGE]
            asked = names_of_matching(tx, shown, mine, contains=contains, now=now)
            said = lists.digest(title, shown, len(found), names, asked, since=since)
        notice = Alert(
            id=0,
            chat=chat,
            thread=thread,
            incident=f"{about} {now:%Y-%m-%dT%H:%M:%S} {page}",
            version=0,
            action=Action.NEW,
            silent=page > 1 or quiet,
            notice=dump(said),
        )
        outbox.enqueue(tx, notice, severity=Severity.MODERATE.rank, why=Reason(about), now=now)


def _live(tx: Tx, ids: Sequence[str]) -> list[Incident]:
    """These incidents, the most severe first; without retracted ones, and merged ones as what they are part of now."""
    known = [incidents.resolve(tx, one) for one in dict.fromkeys(ids)]
    live = {one.id: one for one in known if one is not None and one.lifecycle is not Lifecycle.RETRACTED}
    return sorted(live.values(), key=lambda one: (-one.facts.severity.rank, one.first_seen))
