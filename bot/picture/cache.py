"""Has this picture been drawn already? A picture for a thousand chats is drawn once, in a thread."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

# how many pictures are kept; each has about 200 kB
KEPT = 32


@dataclass(kw_only=True)
class Pictures:
    """The latest pictures, by a key of everything that they show."""

    kept: int = KEPT
    _tasks: OrderedDict[Hashable, asyncio.Task[bytes]] = field(default_factory=OrderedDict)

    async def get(self, shows: Hashable, draw: Callable[[], bytes]) -> bytes:
        """The picture with this key; drawn in a thread, unless it was or is being drawn. A failure is not kept."""
        known = self._tasks.get(shows)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            known = asyncio.create_task(asyncio.to_thread(draw))
            self._tasks[shows] = known
        self._tasks.move_to_end(shows)
        while len(self._tasks) > self.kept:
            self._tasks.popitem(last=False)
        # one caller's cancellation must not cancel the drawing for the others
        return await asyncio.shield(known)
