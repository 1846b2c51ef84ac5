"""Commands about the sources that are read: list, look at, add, remove.

The address of a feed itself is added at once: what it shows then is history and alerts nobody, so that a tap on
"Remove" undoes it before anything was told. Of any other page the feeds are found and shown first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import msgspec

from bot.commands import source_decisions as decisions
from bot.commands.base import Caller, Services
from bot.commands.source_decisions import HISTORY, NO_SOURCE, as_menu, known_words, offer, trial_button
from bot.errors import ChatError
from bot.export.opml import opml
from bot.i18n.translate import mark, t
from bot.render import lists, words
from bot.render import source as source_view
from bot.render import sources as shown
from bot.render.message import Attached, Button, Line, Message, bold, foreign, line, say
from bot.store import Tx, button_payloads, source_reliability, source_silence, source_trials, sources, unread
from bot.types import Candidate, Source, SourceState

# the word after /sources that asks for a file, and the file's name
AS_FILE = "opml"
FILE_NAME = "tocsin-sources.opml"
ALL = "all"
ONLY_ADMINS = mark("Only the service's administrators may do that.")
NOT_LOOKED_AT = mark("I have not looked at them yet: /sources says in a few minutes which of them answer.")
EXPIRED = mark("That choice has expired. Give the address again: /addsource URL")


class _Tap(NamedTuple):
    """A tap on a button under sources that were offered: which of them is meant, and by which token and number."""

    source: Source
    offered: tuple[Source, ...]
    token: str
    number: int


async def sources_(services: Services, caller: Caller, text: str) -> Message:
    """The sources, or all about one of them by its name or address, for the service's administrators with details; or
    all of them as a file."""
    known = await services.store.read(sources.listing)
    wanted = text.strip()
    if wanted.casefold() == AS_FILE:
        made = opml([state.source for state in known], services.clock())
        whole = say(t("{sources}, as other readers of feeds take them.", sources=words.sources(len(known))))
        return msgspec.structs.replace(whole, file=Attached(FILE_NAME, made))
    if wanted:
        known = _named(known, wanted)
        if not known:
            raise ChatError(t("No source has that name. /sources lists them."))
    records = await services.store.read(source_reliability.of, [name for state in known for name in state.source.names])
    silent = await services.store.read(source_silence.silent_since, known) if caller.is_admin else {}
    open_ = [state for state in known if state.is_on_trial or state.paused is not None] if caller.is_admin else []
    trials = {one.source.url: await services.store.read(source_trials.record, one.source.url) for one in open_}
    now = services.clock()
    missed = await services.store.read(unread.a_day, now) if caller.is_admin else {}
    one = known[0] if wanted and len(known) == 1 else None
    if one is not None:
        said = source_view.source(
            one,
            services.names,
            details=caller.is_admin,
            record=lists.record_of(one.source, records),
            silent=silent,
            unread=missed.get(one.source.url, ()),
        )
    else:
        said = lists.sources(
            known, details=caller.is_admin, records=records, silent=silent, trials=trials, unread=missed, now=now
        )
    if not caller.is_admin:
        return said
    return msgspec.structs.replace(said, buttons=await decisions.buttons(services, caller, open_))


def _named(known: Sequence[SourceState], wanted: str) -> list[SourceState]:
    """The sources with this address, name or host; else those whose name has these words in it."""
    word = wanted.casefold()
    exact = [one for one in known if word in {one.source.url.casefold(), *map(str.casefold, one.source.names)}]
    return exact or [one for one in known if word in one.source.name.casefold()]


async def add_source(services: Services, caller: Caller, text: str) -> Message:
    """Find the sources at an address; the address of a feed itself is added at once."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError(t("One address, as in: /addsource https://news.example/feed.xml"))
    if known := await services.store.read(sources.get, url):
        return await decisions.menu(services, known, await offer(services, caller, [known.source]), 0)
    found = await services.finder.find(url)
    if len(found) > 1:
        return shown.choice(found, await offer(services, caller, [one.source for one in found]))
    return await _previewed(services, caller, found[0])


async def add_list(services: Services, caller: Caller, body: bytes) -> Message:
    """What an OPML document would add, with buttons; nothing is added yet."""
    if not caller.is_admin:
        raise ChatError(t(ONLY_ADMINS))
    found = await services.finder.plan(body)
    if not found.new:
        return shown.listed(found, buttons=())
    token = await offer(services, caller, found.new)
    add = Button(t("Add {n}", n=len(found.new)), shown.VERB, f"{token} {ALL} add")
    row = (add, trial_button(services, token, ALL), _button(t("Cancel"), token, "no"))
    return shown.listed(found, buttons=(row,))


async def tapped(services: Services, caller: Caller, arg: str) -> Message:
    """A button under sources that were offered: what its last word says is done with the one of its number."""
    token, _, rest = arg.partition(" ")
    number, _, word = rest.partition(" ")
    offered = await services.store.read(button_payloads.get_sources, token, caller.chat)
    if number == ALL and offered:
        return await _add_all(services, offered, is_on_trial=word == "trial")
    if not number.isdecimal() or int(number) >= len(offered) or word not in _WORDS:
        raise ChatError(t(EXPIRED))
    tap = _Tap(source=offered[int(number)], offered=offered, token=token, number=int(number))
    return as_menu(await _WORDS[word](services, caller, tap))


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Remove a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError(t(NO_SOURCE))
    return say(
        line(t("Removed: "), foreign(text.strip())),
        t("A source of the configuration file comes back at the next start."),
    )


async def _previewed(services: Services, caller: Caller, candidate: Candidate) -> Message:
    """What a source would have told. One whose own address was given is read from now on; else it is asked for."""
    if candidate.is_exact:  # before the preview: whatever that takes, the source is read
        await _add(services, candidate.source)
    source, told = await services.finder.preview(candidate)
    if known := None if candidate.is_exact else await services.store.read(sources.get, source.url):
        raise ChatError(known_words(known.source))
    token, now = await offer(services, caller, [source]), services.clock()
    trial = trial_button(services, token, 0)
    if candidate.is_exact:
        intro: Line = line(bold(t("Added: ")), t(HISTORY))
        row: tuple[Button, ...] = (trial, _button(t("Remove"), token, "remove"))
    else:
        intro = line(bold(t("Found, and not added yet:")))
        row = (_button(t("Add"), token, "add"), trial, _button(t("Cancel"), token, "no"))
    return shown.preview(source, told, now, intro=intro, buttons=(row,))


def _button(label: str, token: str, word: str) -> Button:
    return Button(label, shown.VERB, f"{token} 0 {word}")


async def _add(services: Services, source: Source) -> None:
    if known := await services.store.write(_add_new, services, source):
        raise ChatError(known_words(known))
    services.finder.read_now()


def _add_new(tx: Tx, services: Services, source: Source) -> Source | None:
    """Add a source; one that is known under its address stays as it is and is returned."""
    known = sources.get(tx, source.url)
    if known is not None:
        return known.source
    sources.upsert(tx, source, "chat", services.clock())
    return None


async def _add_all(services: Services, offered: Sequence[Source], *, is_on_trial: bool) -> Message:
    now = services.clock()
    ends = now + services.trial if is_on_trial else None
    added = await services.store.write(sources.add_new, offered, now, trial_ends=ends)
    services.finder.read_now()
    what = decisions.trial_words(ends) if ends is not None else t(HISTORY)
    return as_menu(say(line(bold(t("Added: ")), words.sources(added)), what, t(NOT_LOOKED_AT)))


# ------------------------------------------------------------------ what a button's last word does


async def _look(services: Services, caller: Caller, tap: _Tap) -> Message:
    return await _previewed(services, caller, Candidate(source=tap.source))


async def _added(services: Services, _caller: Caller, tap: _Tap) -> Message:
    await _add(services, tap.source)
    return say(line(t("Added: "), foreign(tap.source.url)), t(HISTORY))


async def _left(_services: Services, _caller: Caller, tap: _Tap) -> Message:
    if len(tap.offered) > 1:
        return say(t("Nothing was added."))
    return say(line(t("Not added: "), foreign(tap.source.url)))


async def _removed(services: Services, _caller: Caller, tap: _Tap) -> Message:
    if not await services.store.write(sources.remove, tap.source.url):
        raise ChatError(t(NO_SOURCE))
    return say(line(t("Removed: "), foreign(tap.source.url)))


async def _menu(services: Services, _caller: Caller, tap: _Tap) -> Message:
    known = await services.store.read(sources.get, tap.source.url)
    if known is None:
        raise ChatError(t(NO_SOURCE))
    return await decisions.menu(services, known, tap.token, tap.number)


async def _on_trial(services: Services, _caller: Caller, tap: _Tap) -> Message:
    return await decisions.put_on_trial(services, tap.source, is_new=True)


async def _longer(services: Services, _caller: Caller, tap: _Tap) -> Message:
    return await decisions.put_on_trial(services, tap.source, is_new=False)


async def _kept(services: Services, _caller: Caller, tap: _Tap) -> Message:
    return await decisions.keep(services, tap.source)


async def _resumed(services: Services, _caller: Caller, tap: _Tap) -> Message:
    return await decisions.resume(services, tap.source)


_WORDS: dict[str, Callable[[Services, Caller, _Tap], Awaitable[Message]]] = {
    "look": _look,
    "add": _added,
    "no": _left,
    "remove": _removed,
    "menu": _menu,
    "trial": _on_trial,
    "longer": _longer,
    "keep": _kept,
    "resume": _resumed,
}
