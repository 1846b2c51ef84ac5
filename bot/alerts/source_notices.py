"""Which sources have been failing or silent for long? The admins are told once of each, and once of its return."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.alerts.service_notices import notify
from bot.i18n.translate import t
from bot.render.message import Line, Message, bold, foreign, line, moment, say, sentence
from bot.render.text import clean
from bot.store import Tx, chats, flags, source_silence, sources
from bot.types import SourceState
from extract.types import Frozen

TROUBLED = "source:"
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


def notify_of_troubles(tx: Tx, admins: Iterable[int], now: datetime) -> list[str]:
    """Notify the admins of sources that fail or are silent, and of those that are well again; the former, sorted.

    All that is new goes into one message. A source that was removed is not well again.
    """
    known = {state.source.url: state for state in sources.listing(tx)}
    found, told = troubles(tx, list(known.values()), now), flags.with_prefix(tx, TROUBLED)
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
