"""How does an administrator find a source and see what it would have told, before it is added?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.sources import preview
from bot.types import Candidate, ListPlan, Preview, Source
from extract.types import ParsedFeed


class Reader(Protocol):
    """What looks at addresses: ``bot.sources.poll.SourceReader``."""

    async def find(self, url: str) -> tuple[Candidate, ...]:
        """The sources that an address leads to."""

    async def look(self, candidate: Candidate) -> Candidate:
        """The candidate with what it shows now."""

    async def plan(self, body: bytes) -> ListPlan:
        """What to do with the feeds of an OPML document."""


@dataclass(frozen=True, kw_only=True)
class SourceFinder:
    """Finds sources by ``reader`` and extracts what they show by ``extractor``; ``wake`` lets new ones be read now."""

    reader: Reader
    extractor: preview.Aside
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    async def find(self, url: str) -> tuple[Candidate, ...]:
        """The sources that an address leads to.

        Raises:
            ChatError: there is nothing to read; the text is for the person.
        """
        return await self.reader.find(url)

    async def preview(self, candidate: Candidate) -> tuple[Source, Preview]:
        """The source as its own document names it, and what it would have told.

        Raises:
            ChatError: it can't be read; the text is for the person.
        """
        found = await self.reader.look(candidate)
        told = await preview.look(found.source, found.parsed or ParsedFeed(), self.extractor, self.clock())
        return found.source, told

    async def plan(self, body: bytes) -> ListPlan:
        """What to do with the feeds of an OPML document.

        Raises:
            ChatError: it can't be read; the text is for the person.
        """
        return await self.reader.plan(body)

    def read_now(self) -> None:
        """Let what was just added be read at once."""
        self.wake()
