"""When does a chat get a message, and with a sound? By its quiet hours, its digest and its limit a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.types import DeferralReason, Preferences, Rhythm
from extract.types import Action, Frozen, Severity

BREAKS_THROUGH = Severity.EXTREME


class NotificationDecision(Frozen, frozen=True):
    """What becomes of one message to one chat; ``action`` None: it isn't sent now.

    ``deferral`` says why it isn't sent, or why it is sent without a sound.
    """

    action: Action | None
    silent: bool
    deferral: DeferralReason | None = None


def decide_notification(
    action: Action, severity: Severity, chosen: Preferences, *, silent: bool, loud: Severity, over: bool, now: datetime
) -> NotificationDecision:
    """What becomes of a message that is due now, by the chat's preferences.

    ``over``: the chat has already had as many first cards today as it wants. Incidents as severe as ``BREAKS_THROUGH``
    are never deferred.
    """
    if severity.rank >= BREAKS_THROUGH.rank or action in (Action.EDIT, Action.RETRACT):
        return NotificationDecision(action, silent)
    if action is Action.NEW and chosen.digest is not Rhythm.AT_ONCE and severity.rank < loud.rank:
        return NotificationDecision(None, True, DeferralReason.DIGEST)
    if action is Action.NEW and over:
        return NotificationDecision(None, True, DeferralReason.BUDGET)
    if is_quiet(chosen, now) and not silent:
        return NotificationDecision(action, True, DeferralReason.QUIET)
    return NotificationDecision(action, silent)


def is_quiet(chosen: Preferences, now: datetime) -> bool:
    """Is it now within a chat's quiet hours? They may include midnight."""
    if chosen.quiet is None:
        return False
    start, end = (time.fromisoformat(text) for text in chosen.quiet)
    local = now.astimezone(ZoneInfo(chosen.zone)).time()
    return start <= local < end if start <= end else local >= start or local < end


def next_digest(chosen: Preferences, now: datetime) -> datetime | None:
    """When the chat's next digest is due, in UTC; None if it gets none.

    A digest also lists what came during quiet hours; without one, that list is sent when they end.
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
    """The next time after now at which clocks in the chat's zone show ``text`` ("08:00"), in UTC."""
    zone = ZoneInfo(chosen.zone)
    day = now.astimezone(zone).date()
    at = datetime.combine(day, time.fromisoformat(text), zone)
    while at.astimezone(UTC) <= now:
        day += timedelta(days=1)
        at = datetime.combine(day, time.fromisoformat(text), zone)
    return at.astimezone(UTC)
