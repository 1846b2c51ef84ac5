"""How is Python kept from scanning the models for garbage again and again? It takes a twentieth of the time."""

from __future__ import annotations

import gc

# the garbage collector runs after this many new objects; Python's default of 700 makes it run all the time, and hardly
# any objects of an extraction are garbage
NEW_OBJECTS = 50_000


def keep_models() -> None:
    """Exempts all that is loaded by now from garbage collection, and lets that run seldom in this process."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
