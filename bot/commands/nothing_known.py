"""What is said where nothing is known: no all-clear, and when the sources that cover the place were last read."""

from __future__ import annotations

from bot.commands.base import Services
from bot.i18n.translate import mark, t
from bot.questions import coverage
from bot.render import coverage as coverage_words
from bot.store import sources, time_series
from bot.types import Coverage
from extract.types import Place

NOTHING = mark("No incidents are known for that yet.")


async def nothing_known(services: Services, place: Place | None, said: str = "") -> str:
    """The text ``said`` (else that none is known) and what it rests on: the last read of the sources, or a gap."""
    found = await covered(services, place)
    return " ".join(part for part in (said or t(NOTHING), coverage_words.note(found)) if part)


async def covered(services: Services, place: Place | None) -> Coverage | None:
    """The coverage of a place (None: the world) now; None where incidents came without a source."""
    states, since = await services.store.read(lambda tx: (sources.listing(tx), time_series.known_since(tx)))
    return coverage.of_places(states, [place] if place else [], services.extent, has_incidents=since is not None)
