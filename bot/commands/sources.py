"""Commands about the sources that are read: list, look at, add, remove.

The address of a feed itself is added at once: what it shows then is history and alerts nobody, so that a tap on
"Remove" undoes it before anything was told. Of any other page the feeds are found and shown first.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.export.opml import opml
from bot.i18n.translate import mark, t
from bot.render import lists, words
from bot.render import sources as shown
from bot.render.message import Attached, Button, Line, Message, bold, foreign, line, say
from bot.render.text import clean
from bot.store import Tx, button_payloads, source_reliability, source_silence, sources
from bot.types import Candidate, Source

# the word after /sources that asks for a file, and the file's name
AS_FILE = "opml"
FILE_NAME = "tocsin-sources.opml"
ONLY_ADMINS = mark("Only the service's administrators may do that.")
NOT_LOOKED_AT = mark("I have not looked at them yet: /sources says in a few minutes which of them answer.")
EXPIRED = mark("That choice has expired. Give the address again: /addsource URL")
HISTORY = mark("What it shows now is history; what comes next is alerted.")


async def sources_(services: Services, caller: Caller, text: str) -> Message:
    """The sources, for the service's administrators with details; or all of them as a file."""
    known = await services.store.read(sources.listing)
    if text.strip().casefold() == AS_FILE:
        made = opml([state.source for state in known], services.clock())
        said = t("{sources}, as other readers of feeds take them.", sources=words.sources(len(known)))
        return msgspec.structs.replace(say(said), file=Attached(FILE_NAME, made))
    records = await services.store.read(source_reliability.of, [name for state in known for name in state.source.names])
    silent = await services.store.read(source_silence.silent_since, known) if caller.is_admin else {}
    return lists.sources(known, details=caller.is_admin, records=records, silent=silent)


async def add_source(services: Services, caller: Caller, text: str) -> Message:
    """Find the sources at an address; the address of a feed itself is added at once."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError(t("One address, as in: /addsource https://news.example/feed.xml"))
    if known := await services.store.read(sources.get, url):
        raise ChatError(_known_words(known.source))
    found = await services.finder.find(url)
    if len(found) > 1:
        return shown.choice(found, await _offer(services, caller, [one.source for one in found]))
    return await _previewed(services, caller, found[0])


async def add_list(services: Services, caller: Caller, body: bytes) -> Message:
    """What an OPML document would add, with buttons; nothing is added yet."""
    if not caller.is_admin:
        raise ChatError(t(ONLY_ADMINS))
    found = await services.finder.plan(body)
    if not found.new:
        return shown.listed(found, buttons=())
    token = await _offer(services, caller, found.new)
    row = (Button(t("Add {n}", n=len(found.new)), shown.VERB, f"{token} all add"), _button(t("Cancel"), token, "no"))
    return shown.listed(found, buttons=(row,))


async def tapped(services: Services, caller: Caller, arg: str) -> Message:
    """A button under a source that was found: look at it, add it, remove it again, or leave it."""
    token, _, rest = arg.partition(" ")
    number, _, word = rest.partition(" ")
    offered = await services.store.read(button_payloads.get_sources, token, caller.chat)
    if number == "all" and offered:
        return await _add_all(services, offered)
    if not number.isdecimal() or int(number) >= len(offered):
        raise ChatError(t(EXPIRED))
    source = offered[int(number)]
    match word:
        case "look":
            return _as_menu(await _previewed(services, caller, Candidate(source=source)))
        case "add":
            await _add(services, source)
            return _as_menu(say(line(t("Added: "), foreign(source.url)), t(HISTORY)))
        case "remove":
            if not await services.store.write(sources.remove, source.url):
                raise ChatError(t("That address is no source. /sources lists them."))
            return _as_menu(say(line(t("Removed: "), foreign(source.url))))
        case _ if len(offered) > 1:
            return _as_menu(say(t("Nothing was added.")))
        case _:
            return _as_menu(say(line(t("Not added: "), foreign(source.url))))


async def _add_all(services: Services, offered: Sequence[Source]) -> Message:
    added = await services.store.write(sources.add_new, offered, services.clock())
    services.finder.read_now()
    return _as_menu(say(line(bold(t("Added: ")), words.sources(added)), t(HISTORY), t(NOT_LOOKED_AT)))


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Remove a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError(t("That address is no source. /sources lists them."))
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
        raise ChatError(_known_words(known.source))
    token, now = await _offer(services, caller, [source]), services.clock()
    if candidate.is_exact:
        intro: Line = line(bold(t("Added: ")), t(HISTORY))
        row: tuple[Button, ...] = (_button(t("Remove"), token, "remove"),)
    else:
        intro = line(bold(t("Found, and not added yet:")))
        row = (_button(t("Add"), token, "add"), _button(t("Cancel"), token, "no"))
    return shown.preview(source, told, now, intro=intro, buttons=(row,))


def _button(label: str, token: str, word: str) -> Button:
    return Button(label, shown.VERB, f"{token} 0 {word}")


async def _offer(services: Services, caller: Caller, found: Sequence[Source]) -> str:
    """The token under which the buttons find these sources again."""
    token = button_payloads.SOURCES + secrets.token_urlsafe(9)
    await services.store.write(button_payloads.put_sources, token, caller.chat, tuple(found), services.clock())
    return token


async def _add(services: Services, source: Source) -> None:
    if known := await services.store.write(_add_new, services, source):
        raise ChatError(_known_words(known))
    services.finder.read_now()


def _add_new(tx: Tx, services: Services, source: Source) -> Source | None:
    """Add a source; one that is known under its address stays as it is and is returned."""
    known = sources.get(tx, source.url)
    if known is not None:
        return known.source
    sources.upsert(tx, source, "chat", services.clock())
    return None


def _known_words(source: Source) -> str:
    return t("That is a source already: {url}. /sources says how it is doing.", url=clean(source.url, 200))


def _as_menu(message: Message) -> Message:
    return msgspec.structs.replace(message, is_menu=True)
