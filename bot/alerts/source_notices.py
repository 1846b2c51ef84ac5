"""Which sources have been failing or silent for long, or have ended their trial? The admins are told once of each.

They are told of a source's return too, and asked what is to become of one whose trial is over.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.alerts.service_notices import notify
from bot.i18n.translate import t
from bot.render.message import Button, Line, Message, bold, foreign, line, moment, say, sentence
from bot.render.sources import VERB, trial_menu
from bot.render.text import clean
from bot.store import Tx, button_payloads, chats, flags, source_silence, source_trials, sources
from bot.types import Source, SourceState
from extract.types import Frozen

TROUBLED = "source:"
ON_TRIAL = "trial:"
# a source counts as failing after this many failures in a row, if it has not answered for this long
LEAST_FAILURES = 3
FAILING_FOR = timedelta(hours=2)
MOST_NAMED = 20


class Trouble(Frozen, frozen=True, kw_only=True):
    """A source that fails or is silent. ``since``: its last good read or last new article; None: it never answered."""

    state: SourceState
    since: datetime | None
    is_silent: bool = False


def troubles(tx: Tx, known: Sequence[SourceState], now: datetime) -> dict[str, Trouble]:
    """The sources that have been failing or silent for long, by their addresses."""
    silent = source_silence.silent_since(tx, known)
    found = {
        state.source.url: Trouble(state=state, since=state.last_ok)
        for state in known
        if state.failures >= LEAST_FAILURES and (state.last_ok is None or now - state.last_ok >= FAILING_FOR)
    }
    for state in known:
        if (url := state.source.url) in silent:
            found[url] = Trouble(state=state, since=silent[url], is_silent=True)
    return found


def notify_of_troubles(
    tx: Tx, admins: Iterable[int], now: datetime, *, pause_after: timedelta = timedelta()
) -> list[str]:
    """Notify the admins of sources that fail or are silent, and of those that are well again; the former, sorted.

    All that is new goes into one message. A source that was removed is not well again. One that goes on failing for
    ``pause_after`` (zero: for ever) after the admins were told is paused, and they are told that too.
    """
    known = {state.source.url: state for state in sources.listing(tx)}
    found, told = troubles(tx, list(known.values()), now), flags.with_prefix(tx, TROUBLED)
    if pause_after:
        failing = [one for url, one in found.items() if url in told and now - told[url] >= pause_after]
        _pause(tx, [one.state for one in failing if not one.is_silent and one.state.paused is None], admins, now)
    new = [found[url] for url in sorted(found.keys() - told.keys())]
    # one that fails for less than FAILING_FOR is neither in trouble nor well
    over = sorted(url for url in told.keys() - found.keys() if url not in known or not known[url].failures)
    for one in new:
        flags.put(tx, f"{TROUBLED}{one.state.source.url}", now)
    for url in over:
        flags.clear(tx, f"{TROUBLED}{url}")
    well = [known[url] for url in over if url in known]
    if new or well:
        for admin in admins:
            if chats.is_active(tx, admin):
                notify(tx, admin, 0, f"sources {now.isoformat()}", partial(_message, new, well), now=now)
    return sorted(found)


def _pause(tx: Tx, failing: Sequence[SourceState], admins: Iterable[int], now: datetime) -> None:
    """Read these sources no more, and tell the admins once, with a button to read each again."""
    for state in failing:
        sources.pause(tx, state.source.url, now)
    for admin in admins if failing else ():
        if chats.is_active(tx, admin):
            token = _token(tx, admin, [state.source for state in failing], now)
            notify(tx, admin, 0, f"paused {now.isoformat()}", partial(_paused_message, failing, token), now=now)


def _paused_message(failing: Sequence[SourceState], token: str) -> Message:
    lines = [line(bold(t("I no longer read these sources, since they have failed for very long:")))]
    lines += [
        line(*_name(state), " · ", *in_words(Trouble(state=state, since=state.last_ok)))
        for state in failing[:MOST_NAMED]
    ]
    labels = [
        t("Read again: {name}", name=clean(state.source.name or state.source.url, 40)) for state in failing[:MOST_NAMED]
    ]
    rows = tuple((Button(label, VERB, f"{token} {number} resume"),) for number, label in enumerate(labels))
    return say(
        *lines, t("A tap, or /addsource with its address, has one read again; /rmsource removes it."), buttons=rows
    )


def notify_of_ended_trials(tx: Tx, admins: Iterable[int], now: datetime, trial: timedelta) -> list[str]:
    """Ask the admins once about each source whose trial is over; returns the addresses of those, sorted.

    Until they decide, it stays on trial.
    """
    over = [state for state in sources.listing(tx) if state.trial_ends is not None and state.trial_ends <= now]
    asked = flags.with_prefix(tx, ON_TRIAL)
    for state in over:
        url = state.source.url
        if url in asked:
            continue
        flags.put(tx, f"{ON_TRIAL}{url}", now)
        told = source_trials.record(tx, url)
        for admin in admins:
            if chats.is_active(tx, admin):
                token = _token(tx, admin, [state.source], now)
                make = partial(trial_menu, state, told, now, trial=trial, at=f"{token} 0")
                notify(tx, admin, 0, f"trial {url} {now.isoformat()}", make, now=now)
    return sorted(state.source.url for state in over)


def _token(tx: Tx, chat: int, offered: Sequence[Source], now: datetime) -> str:
    """The token under which the buttons of a message find these sources again."""
    token = button_payloads.SOURCES + secrets.token_urlsafe(9)
    button_payloads.put_sources(tx, token, chat, tuple(offered), now)
    return token


def _message(new: Sequence[Trouble], well: Sequence[SourceState]) -> Message:
    lines: list[Line] = []
    if new:
        lines.append(line(bold(t("Sources that bring nothing:"))))
        lines += [line(*_name(one.state), " · ", *in_words(one)) for one in new[:MOST_NAMED]]
    if well:
        lines.append(line(bold(t("Sources that are well again:"))))
        lines += [_name(state) for state in well[:MOST_NAMED]]
    hidden = max(0, len(new) - MOST_NAMED) + max(0, len(well) - MOST_NAMED)
    more = (t("and {n} more", n=hidden),) if hidden else ()
    return say(*lines, *more, t("All of them: /sources"))


def in_words(trouble: Trouble) -> Line:
    """ "failing since 2 March 10:00: HTTP 503", "nothing new since 2 March 10:00"."""
    if trouble.since is None:
        return line(t("has never answered: {why}", why=clean(trouble.state.last_error, 120)))
    if trouble.is_silent:
        return sentence("nothing new since {at}, far longer than usual", at=moment(trouble.since))
    why = clean(trouble.state.last_error, 120)
    return sentence("failing since {at}: {why}", at=moment(trouble.since), why=why)


def _name(state: SourceState) -> Line:
    return line(foreign(clean(state.source.names[0] if state.source.names else state.source.url, 100)))
