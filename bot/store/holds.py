"""How long must a bot wait before it sends again? Kept for each bot, so that a restart does not end the wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.due import remaining as remaining_until
from bot.store import flags
from bot.store.db import Tx

SINCE, UNTIL = "held since ", "held until "


def put(tx: Tx, bot: str, *, now: datetime, seconds: float) -> None:
    """Keep that the bot with this id must wait for so many seconds from now."""
    flags.put(tx, f"{SINCE}{bot}", now)
    flags.put(tx, f"{UNTIL}{bot}", now + timedelta(seconds=seconds))


def remaining(tx: Tx, bot: str, *, now: datetime) -> float:
    """The seconds that the bot with this id must still wait; 0 if it needn't."""
    since, until = flags.get(tx, f"{SINCE}{bot}"), flags.get(tx, f"{UNTIL}{bot}")
    if since is None or until is None:
        return 0.0
    return remaining_until(since, until, now).total_seconds()
