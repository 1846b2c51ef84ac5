"""Commands about the sources that are read: list, add, remove."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.render import lists
from bot.render import source as source_view
from bot.render.message import Message, foreign, line, say
from bot.store import source_reliability, source_silence, sources
from bot.types import SourceState


async def sources_(services: Services, caller: Caller, text: str) -> Message:
    """The sources, or all about one of them by its name or address; for the service's administrators with details."""
    known = await services.store.read(sources.listing)
    wanted = text.strip()
    if wanted:
        known = _named(known, wanted)
        if not known:
            raise ChatError(t("No source has that name. /sources lists them."))
    records = await services.store.read(source_reliability.of, [name for state in known for name in state.source.names])
    silent = await services.store.read(source_silence.silent_since, known) if caller.is_admin else {}
    if wanted and len(known) == 1:
        record = lists.record_of(known[0].source, records)
        return source_view.source(known[0], services.names, details=caller.is_admin, record=record, silent=silent)
    return lists.sources(known, details=caller.is_admin, records=records, silent=silent)


def _named(known: Sequence[SourceState], wanted: str) -> list[SourceState]:
    """The sources with this address, name or host; else those whose name has these words in it."""
    word = wanted.casefold()
    exact = [one for one in known if word in {one.source.url.casefold(), *map(str.casefold, one.source.names)}]
    return exact or [one for one in known if word in one.source.name.casefold()]


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
