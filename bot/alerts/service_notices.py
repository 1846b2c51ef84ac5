"""What must people be told about the service itself? That it can't see a country, or sees again; that it was down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.i18n.translate import in_locale, t, tn
from bot.render import words
from bot.render.message import Message, moment, say, sentence
from bot.render.words import Names
from bot.store import Tx, chats, flags, outbox, preferences, sources, subscriptions
from bot.store.codec import dump
from bot.types import Alert, SourceState
from extract.types import Action, Severity

HEARTBEAT = "heartbeat"
BLIND = "blind:"
DARK = "dark:"
# the service gives a sign of life every 20 s: without one for so long it is taken for dead
ALIVE = timedelta(minutes=1)
# no source of a country has answered for so long: it can't be seen
BLIND_AFTER = timedelta(minutes=30)
DOWN_AFTER = timedelta(minutes=10)


def beat(tx: Tx, now: datetime) -> None:
    """The service is alive."""
    flags.put(tx, HEARTBEAT, now)


def tell_of_downtime(tx: Tx, admins: Iterable[int], now: datetime) -> bool:
    """At the start: tell the operators for how long the service didn't run, if that was long."""
    last = flags.get(tx, HEARTBEAT)
    beat(tx, now)
    if last is None or now - last < DOWN_AFTER:
        return False
    for admin in admins:
        if chats.is_active(tx, admin):
            _notify(tx, admin, 0, f"down {words.clock(now)}", partial(_was_down, last, now), now=now)
    return True


def _was_down(since: datetime, until: datetime) -> Message:
    return say(
        sentence(
            "I was not running from {since} to {until}, {span}.",
            since=moment(since),
            until=moment(until),
            span=_span(until - since),
        ),
        t("What was published meanwhile is being read now; what is still news is alerted."),
    )


def look_around(tx: Tx, names: Names, now: datetime) -> list[str]:
    """Tell the chats concerned, once, which country can't be seen, and once that it can be again. Those countries."""
    known = sources.listing(tx)
    told = flags.beginning(tx, BLIND)
    dark = _dark_for_long(tx, dark_countries(known), now)
    for country in sorted(dark - set(told)):
        flags.put(tx, f"{BLIND}{country}", now)
        _tell_chats(tx, country, now, partial(_cannot_see, names, country), "blind")
    read = {state.source.country for state in known}
    for country in sorted(set(told) - dark):
        flags.clear(tx, f"{BLIND}{country}")
        if country in read:  # else nobody looks there any more
            _tell_chats(tx, country, now, partial(_sees_again, names, country, now - told[country]), "again")
    return sorted(dark)


def _dark_for_long(tx: Tx, dark: set[str], now: datetime) -> set[str]:
    """Those that have been dark for so long that it is no single read that failed; since when is kept."""
    since = flags.beginning(tx, DARK)
    for country in set(since) - dark:
        flags.clear(tx, f"{DARK}{country}")
    for country in dark - set(since):
        flags.put(tx, f"{DARK}{country}", now)
    return {country for country in dark if now - since.get(country, now) >= BLIND_AFTER}


def dark_countries(known: Sequence[SourceState]) -> set[str]:
    """The countries of which the last read of every source failed, and one at least has ever succeeded."""
    by_country: dict[str, list[SourceState]] = defaultdict(list)
    for state in known:
        if state.source.country:
            by_country[state.source.country].append(state)
    return {
        country
        for country, states in by_country.items()
        if all(state.failures for state in states) and any(state.last_ok for state in states)
    }


def _tell_chats(tx: Tx, country: str, now: datetime, said: Callable[[], Message], what: str) -> None:
    wanted = subscriptions.of_country(tx, country)
    for chat, thread in sorted({(one.chat, one.thread) for one in wanted}):
        _notify(tx, chat, thread, f"{what} {country} {now:%Y-%m-%dT%H:%M:%S}", said, now=now)


def _cannot_see(names: Names, country: str) -> Message:
    return say(
        t("I cannot see {country} at the moment: none of its sources answers.", country=names.country_name(country)),
        t("No alert does not mean that nothing happens there. I will say when I see it again."),
    )


def _sees_again(names: Names, country: str, dark: timedelta) -> Message:
    return say(
        t(
            "I see {country} again, after {span}. What was published meanwhile is being read now.",
            country=names.country_name(country),
            span=_span(dark),
        )
    )


def _notify(tx: Tx, chat: int, thread: int, key: str, said: Callable[[], Message], *, now: datetime) -> None:
    """A message about the service to one chat, in its language."""
    with in_locale(preferences.locale(tx, chat, thread)):
        made = said()
    notice = Alert(
        id=0, chat=chat, thread=thread, incident=key, version=0, action=Action.NEW, silent=True, notice=dump(made)
    )
    outbox.enqueue(tx, notice, severity=Severity.MODERATE.rank, why="about the service", now=now)


def _span(length: timedelta) -> str:
    """ "40 minutes", "5 hours", "3 days": the largest unit that says enough."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return tn("{n} minute", "{n} minutes", minutes)
    hours = round(minutes / 60)
    return tn("{n} hour", "{n} hours", hours) if hours < 48 else tn("{n} day", "{n} days", round(hours / 24))
