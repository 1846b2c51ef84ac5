"""When does a chat want to hear of something? Its quiet hours, its digest's next time, its budget."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.types import HeldFor, Preferences, Rhythm
from extract.types import Action, Frozen, Severity

BREAKS_THROUGH = Severity.EXTREME


class Hearing(Frozen, frozen=True):
    """What becomes of one message to one chat; ``held`` says why it isn't sent, or is sent without a sound."""

    action: Action | None
    silent: bool
    held: HeldFor | None = None


def hearing(
    action: Action, severity: Severity, chosen: Preferences, *, silent: bool, loud: Severity, over: bool, now: datetime
) -> Hearing:
    """What a chat that has chosen so gets of a message that is due now.

    ``over``: as many first cards as it wants in a day have come already. What is extreme always comes with its sound.
    """
    if severity.rank >= BREAKS_THROUGH.rank or action in (Action.EDIT, Action.RETRACT):
        return Hearing(action, silent)
    if action is Action.NEW and chosen.digest is not Rhythm.AT_ONCE and severity.rank < loud.rank:
        return Hearing(None, True, HeldFor.DIGEST)
    if action is Action.NEW and over:
        return Hearing(None, True, HeldFor.BUDGET)
    if is_quiet(chosen, now) and not silent:
        return Hearing(action, True, HeldFor.QUIET)
    return Hearing(action, silent)


def is_quiet(chosen: Preferences, now: datetime) -> bool:
    """Do a chat's quiet hours hold? They may lie over midnight."""
    if chosen.quiet is None:
        return False
    start, end = (time.fromisoformat(text) for text in chosen.quiet)
    local = now.astimezone(ZoneInfo(chosen.zone)).time()
    return start <= local < end if start <= end else local >= start or local < end


def next_round(chosen: Preferences, now: datetime) -> datetime | None:
    """When the next gathered message is due; None where none ever is.

    The digest holds what came in the quiet hours too; without a digest, that is told when they end.
    """
    if chosen.digest is Rhythm.AT_ONCE:
        return _next(chosen, chosen.quiet[1], now) if chosen.quiet else None
    return _next_digest(chosen, now)


def _next_digest(chosen: Preferences, now: datetime) -> datetime:
    if chosen.digest is Rhythm.HOURLY:
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    at = _next(chosen, chosen.digest_at, now)
    while chosen.digest is Rhythm.WEEKLY and at.astimezone(ZoneInfo(chosen.zone)).weekday() != chosen.digest_day:
        at = _next(chosen, chosen.digest_at, at)
    return at


def _next(chosen: Preferences, text: str, now: datetime) -> datetime:
    """The next time that the clocks of the chat's zone show this, after now."""
    zone = ZoneInfo(chosen.zone)
    day = now.astimezone(zone).date()
    at = datetime.combine(day, time.fromisoformat(text), zone)
    while at.astimezone(UTC) <= now:
        day += timedelta(days=1)
        at = datetime.combine(day, time.fromisoformat(text), zone)
    return at.astimezone(UTC)
