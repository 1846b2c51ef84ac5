"""What can an administrator decide about a source that is on trial, or paused? To keep it, or to go on with it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.alerts import source_notices
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render import sources as shown
from bot.render import words
from bot.render.message import Button, Message, foreign, line, say
from bot.render.text import clean
from bot.store import Tx, button_payloads, flags, source_trials, sources
from bot.types import Source, SourceState

# sources under /sources that have a button each
MOST_BUTTONS = 10
NO_SOURCE = mark("That address is no source. /sources lists them.")
HISTORY = mark("What it shows now is history; what comes next is alerted.")


async def offer(services: Services, caller: Caller, found: Sequence[Source]) -> str:
    """The token under which the buttons find these sources again."""
    token = button_payloads.SOURCES + secrets.token_urlsafe(9)
    await services.store.write(button_payloads.put_sources, token, caller.chat, tuple(found), services.clock())
    return token


async def buttons(services: Services, caller: Caller, states: Sequence[SourceState]) -> shown.Buttons:
    """A button for each of the first sources that are on trial or paused, to its menu."""
    if not states:
        return ()
    asked = states[:MOST_BUTTONS]
    token = await offer(services, caller, [state.source for state in asked])
    return tuple((Button(_label(state), shown.VERB, f"{token} {number} menu"),) for number, state in enumerate(asked))


def _label(state: SourceState) -> str:
    name = clean(state.source.name or state.source.url, 40)
    return t("Paused: {name}", name=name) if state.paused is not None else t("On trial: {name}", name=name)


async def menu(services: Services, state: SourceState, token: str, number: int) -> Message:
    """What can be decided about a known source.

    Raises:
        ChatError: nothing can, since it is neither on trial nor paused.
    """
    if state.paused is not None:
        return shown.paused_menu(state, token=token, number=number)
    if not state.is_on_trial:
        raise ChatError(known_words(state.source))
    told = await services.store.read(source_trials.record, state.source.url)
    return shown.trial_menu(state, told, services.clock(), trial=services.trial, at=f"{token} {number}")


def trial_button(services: Services, token: str, number: int | str) -> Button:
    """The button that puts a source on trial."""
    label = t("On trial, {span}", span=words.span(services.trial))
    return Button(label, shown.VERB, f"{token} {number} trial")


async def put_on_trial(services: Services, source: Source, *, is_new: bool) -> Message:
    """Put a source on trial, or prolong its trial; with ``is_new`` it is added if it is no source yet."""
    now = services.clock()
    ends = now + services.trial
    if not await services.store.write(_start_trial, source, ends, now, is_new=is_new):
        raise ChatError(t(NO_SOURCE))
    services.finder.read_now()
    return say(line(t("On trial: "), foreign(source.url)), trial_words(ends))


async def keep(services: Services, source: Source) -> Message:
    """End the trial of a source: it alerts from now on."""
    if not await services.store.write(_keep, source.url):
        raise ChatError(t("That source is on no trial. /sources says how it is doing."))
    return say(line(t("Kept: "), foreign(source.url)), t("What is new in it is alerted from now on."))


async def resume(services: Services, source: Source) -> Message:
    """Read a paused source again."""
    if not await services.store.write(_resume, source.url, services.clock()):
        raise ChatError(t("That source is not paused. /sources says how it is doing."))
    services.finder.read_now()
    return say(line(t("Read again: "), foreign(source.url)))


def trial_words(ends: datetime) -> str:
    """What it means that a source is on trial until a time."""
    return t(
        "Until {at} it is read and counted, and starts no alert; then I ask you. /sources says how it is doing.",
        at=words.clock(ends),
    )


def known_words(source: Source) -> str:
    """That an address is one of a source."""
    return t("That is a source already: {url}. /sources says how it is doing.", url=clean(source.url, 200))


def as_menu(message: Message) -> Message:
    """The message, to be shown in the place of the one whose button was tapped."""
    return msgspec.structs.replace(message, is_menu=True)


def _start_trial(tx: Tx, source: Source, ends: datetime, now: datetime, *, is_new: bool) -> bool:
    if sources.get(tx, source.url) is None:
        if not is_new:
            return False
        sources.upsert(tx, source, "chat", now)
    sources.start_trial(tx, source.url, ends, now)
    flags.clear(tx, f"{source_notices.ON_TRIAL}{source.url}")
    return True


def _keep(tx: Tx, url: str) -> bool:
    flags.clear(tx, f"{source_notices.ON_TRIAL}{url}")
    return sources.keep(tx, url)


def _resume(tx: Tx, url: str, now: datetime) -> bool:
    """A source that is read again is in no trouble yet: if it goes on failing, that is told anew."""
    flags.clear(tx, f"{source_notices.TROUBLED}{url}")
    return sources.resume(tx, url, now)
