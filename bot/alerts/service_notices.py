"""Which notices about the service itself are due? It was down; it can't see a country; a subscription ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import msgspec

from bot.i18n.translate import in_locale, t
from bot.render import lists, words
from bot.render.message import Button, Message, bold, line, moment, say, sentence
from bot.render.words import Names
from bot.store import Tx, chats, flags, outbox, preferences, sources, subscriptions
from bot.store.codec import dump
from bot.types import Alert, Reason, SourceState, Subscription
from extract.places.containment import ExtentOf, no_extent
from extract.types import Action, Severity

HEARTBEAT = "heartbeat"
UNSEEN = "blind:"
UNANSWERING = "dark:"
# set while none of all sources answers
ALL_UNSEEN = "no source answers"
# set while alerts are printed and there is no terminal
UNHEARD = "alerts reach nobody"
# the service writes a heartbeat every 20 s; it counts as alive if the last one is at most this old
ALIVE_WITHIN = timedelta(minutes=1)
# a country is unseen once none of its sources has answered for this long
UNSEEN_AFTER = timedelta(minutes=30)
DOWN_AFTER = timedelta(minutes=10)
# a subscription that ends by itself is announced this long before
ENDING_WITHIN = timedelta(days=1)


def record_heartbeat(tx: Tx, now: datetime) -> None:
    """Record that the service is alive."""
    flags.put(tx, HEARTBEAT, now)


def record_hearing(tx: Tx, *, is_heard: bool, now: datetime) -> None:
    """Record whether alerts can reach anybody: over Telegram, or in a terminal."""
    if is_heard:
        flags.clear(tx, UNHEARD)
    else:
        flags.put(tx, UNHEARD, now)


def notify_of_downtime(tx: Tx, admins: Iterable[int], now: datetime) -> bool:
    """At the start: notify the admins if the service was down for ``DOWN_AFTER`` or longer; true if it was."""
    last = flags.get(tx, HEARTBEAT)
    record_heartbeat(tx, now)
    if last is None or now - last < DOWN_AFTER:
        return False
    for admin in admins:
        if chats.is_active(tx, admin):
            notify(tx, admin, 0, f"down {words.clock(now)}", partial(_downtime_message, last, now), now=now)
    return True


def _downtime_message(since: datetime, until: datetime) -> Message:
    return say(
        sentence(
            "I was not running from {since} to {until}, {span}.",
            since=moment(since),
            until=moment(until),
            span=words.span(until - since),
        ),
        t("What was published meanwhile is being read now; what is still news is alerted."),
    )


def notify_of_unseen(tx: Tx, names: Names, now: datetime, extent: ExtentOf = no_extent) -> list[str]:
    """Notify chats once when a country they ask about can't be seen, and once when it can be again.

    ``extent`` gives the countries of an area that a chat asks about. Returns the countries that can't be seen, sorted.
    """
    known = sources.listing(tx)
    _notify_of_all_unseen(tx, known, now)
    announced = flags.with_prefix(tx, UNSEEN)
    unanswering = _unanswering_for_long(tx, unanswering_countries(known), now)
    for country in sorted(unanswering - set(announced)):
        flags.put(tx, f"{UNSEEN}{country}", now)
        notice = _Notice("blind", partial(_unseen_message, names, country))
        _notify_chats(tx, country, now, notice, extent)
    read = {state.source.country for state in known}
    for country in sorted(set(announced) - unanswering):
        flags.clear(tx, f"{UNSEEN}{country}")
        if country in read:  # else it has no sources any more
            notice = _Notice("again", partial(_seen_again_message, names, country, now - announced[country]))
            _notify_chats(tx, country, now, notice, extent)
    return sorted(unanswering)


def _notify_of_all_unseen(tx: Tx, known: Sequence[SourceState], now: datetime) -> None:
    """Notify chats once when no source at all has answered for ``UNSEEN_AFTER``, and once when one does again.

    It concerns those that ask for everywhere, and all where a source is of no country alone; who asks about a country
    that can't be seen is told of that instead. Sources that were never read make nobody blind.
    """
    read = [state.last_ok for state in known if state.last_ok is not None]
    is_unseen = bool(read) and all(state.failures for state in known) and now - max(read) >= UNSEEN_AFTER
    since = flags.get(tx, ALL_UNSEEN)
    if is_unseen and since is None:
        flags.put(tx, ALL_UNSEEN, now)
        what, make = "all blind", _all_unseen_message
    elif since is not None and any(not state.failures for state in known):
        flags.clear(tx, ALL_UNSEEN)
        what, make = "all again", partial(_all_seen_again_message, now - since)
    else:
        return
    countries = unanswering_countries(known) | flags.with_prefix(tx, UNSEEN).keys()
    told = {(one.chat, one.thread) for country in countries for one in subscriptions.of_country(tx, country)}
    is_global = any(not state.source.country for state in known)
    for chat, thread in subscriptions.addresses(tx, only_everywhere=not is_global):
        if (chat, thread) not in told:
            notify(tx, chat, thread, f"{what} {now:%Y-%m-%dT%H:%M:%S}", make, now=now)


def _unanswering_for_long(tx: Tx, unanswering: set[str], now: datetime) -> set[str]:
    """Those that haven't answered for ``UNSEEN_AFTER``; records since when each has not."""
    since = flags.with_prefix(tx, UNANSWERING)
    for country in set(since) - unanswering:
        flags.clear(tx, f"{UNANSWERING}{country}")
    for country in unanswering:
        if since.get(country, now + UNSEEN_AFTER) > now:  # new, or the clock was set back since
            flags.put(tx, f"{UNANSWERING}{country}", now)
    return {country for country in unanswering if now - since.get(country, now) >= UNSEEN_AFTER}


def unanswering_countries(known: Sequence[SourceState]) -> set[str]:
    """The countries where the last read of every source failed, and at least one source was read before."""
    by_country: dict[str, list[SourceState]] = defaultdict(list)
    for state in known:
        if state.source.country:
            by_country[state.source.country].append(state)
    return {
        country
        for country, states in by_country.items()
        if all(state.failures for state in states) and any(state.last_ok for state in states)
    }


class _Notice(NamedTuple):
    """The word of a notice's key, and what makes its message."""

    what: str
    make: Callable[[], Message]


def _notify_chats(tx: Tx, country: str, now: datetime, notice: _Notice, extent: ExtentOf) -> None:
    """Notify the chats that ask about the country, a place in it or an area that reaches into it."""
    wanted = [*subscriptions.of_country(tx, country), *_reaching(subscriptions.of_areas(tx), country, extent)]
    for chat, thread in sorted({(one.chat, one.thread) for one in wanted}):
        notify(tx, chat, thread, f"{notice.what} {country} {now:%Y-%m-%dT%H:%M:%S}", notice.make, now=now)


def _reaching(found: Iterable[Subscription], country: str, extent: ExtentOf) -> Iterator[Subscription]:
    for one in found:
        reach = extent(one.place) if one.place else None
        if reach is not None and country in (*reach.whole, *reach.partial):
            yield one


def notify_of_ending(tx: Tx, names: Names, now: datetime) -> int:
    """Notify chats, once each, of subscriptions that end by themselves within a day; returns how many end."""
    found = subscriptions.ending(tx, now, now + ENDING_WITHIN)
    for one in found:
        if one.ends is not None:
            key = f"ends {one.id} {one.ends:%Y-%m-%dT%H:%M:%S}"
            notify(tx, one.chat, one.thread, key, partial(_ending_message, names, one, one.ends), now=now)
    return len(found)


def _ending_message(names: Names, wanted: Subscription, ends: datetime) -> Message:
    return say(
        sentence("This subscription ends by itself on {at}, and its place is deleted:", at=moment(ends)),
        line(bold(lists.subscription(msgspec.structs.replace(wanted, ends=None), names))),
        t("Then nothing more comes from there. With the button it goes on, or share your location again."),
        buttons=((Button(t("Another 30 days"), "sub", f"{wanted.id} renew"),),),
    )


def _unseen_message(names: Names, country: str) -> Message:
    return say(
        t("I cannot see {country} at the moment: none of its sources answers.", country=names.country_name(country)),
        t("No alert does not mean that nothing happens there. I will say when I see it again."),
    )


def _seen_again_message(names: Names, country: str, unanswering: timedelta) -> Message:
    return say(
        t(
            "I see {country} again, after {span}. What was published meanwhile is being read now.",
            country=names.country_name(country),
            span=words.span(unanswering),
        )
    )


def _all_unseen_message() -> Message:
    return say(
        t("I cannot see anything at the moment: none of the sources answers."),
        t("No alert does not mean that nothing happens. I will say when one answers again."),
    )


def _all_seen_again_message(unanswering: timedelta) -> Message:
    return say(
        t(
            "Sources answer again, after {span}. What was published meanwhile is being read now.",
            span=words.span(unanswering),
        )
    )


def notify(tx: Tx, chat: int, thread: int, key: str, make: Callable[[], Message], *, now: datetime) -> None:
    """Enqueue a notice to one chat; ``make`` makes the message, in the chat's language."""
    with in_locale(preferences.locale(tx, chat, thread)):
        made = make()
    notice = Alert(
        id=0, chat=chat, thread=thread, incident=key, version=0, action=Action.NEW, silent=True, notice=dump(made)
    )
    outbox.enqueue(tx, notice, severity=Severity.MODERATE.rank, why=Reason("about the service"), now=now)
