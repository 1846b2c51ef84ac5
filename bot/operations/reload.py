"""Which of a new configuration's settings apply at once, and which only after a restart?"""

from __future__ import annotations

from typing import Any

from bot.config import Config

# sent messages belong to the bot of this token, and the lease to this database
FIXED = (("telegram", "token"), ("store", "path"))


def merged(running: Config, new: Config) -> tuple[Config, tuple[str, ...]]:
    """The configuration to continue with, and the changed keys that need a restart, as ``[section] key``."""
    kept: list[str] = []
    for section, key in FIXED:
        was: Any = getattr(getattr(running, section), key)
        if getattr(getattr(new, section), key) != was:
            kept.append(f"[{section}] {key}")
            new = new.model_copy(update={section: getattr(new, section).model_copy(update={key: was})})
    return new, tuple(kept)


def changed(running: Config, new: Config) -> tuple[str, ...]:
    """The keys that differ, as ``[section] key``; without their values, since some are secret."""
    found: list[str] = []
    for section in Config.model_fields:
        before, after = getattr(running, section), getattr(new, section)
        if section in ("sources", "webhooks"):
            found += [f"[[{section}]]"] if before != after else []
        else:
            found += [
                f"[{section}] {key}" for key in type(after).model_fields if getattr(before, key) != getattr(after, key)
            ]
    return tuple(found)
