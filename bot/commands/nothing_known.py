"""What is said where nothing is known: no all-clear, and when the sources that cover the place were last read."""

from __future__ import annotations

from bot.commands.base import Services
from bot.i18n.translate import mark, t
from bot.questions import coverage
from bot.render import coverage as coverage_words
from bot.store import sources
from extract.types import Place

NOTHING = mark("No incidents are known for that yet.")


async def nothing_known(services: Services, place: Place | None, said: str = "") -> str:
    """The text ``said`` (else that none is known) and what it rests on: the last read of the sources, or a gap."""
    states = await services.store.read(sources.listing)
    found = coverage.of_places(states, [place] if place else [], services.extent)
    return " ".join(part for part in (said or t(NOTHING), coverage_words.note(found)) if part)
