"""Commands about the sources that are read: list, add, remove."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.render import lists
from bot.render.message import Message, foreign, line, say
from bot.store import source_reliability, source_silence, sources


async def sources_(services: Services, caller: Caller, _text: str) -> Message:
    """The sources; for the service's administrators with details."""
    known = await services.store.read(sources.listing)
    records = await services.store.read(source_reliability.of, [name for state in known for name in state.source.names])
    silent = await services.store.read(source_silence.silent_since, known) if caller.is_admin else {}
    return lists.sources(known, details=caller.is_admin, records=records, silent=silent)


async def add_source(services: Services, _caller: Caller, text: str) -> Message:
    """Check an address and add it as a source."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError(t("One address, as in: /addsource https://news.example/feed.xml"))
    source = await services.add_source(url)
    return say(line(t("Added: "), foreign(source.url)), t("What it shows now is history; what comes next is alerted."))


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Remove a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError(t("That address is no source. /sources lists them."))
    return say(
        line(t("Removed: "), foreign(text.strip())),
        t("A source of the configuration file comes back at the next start."),
    )
