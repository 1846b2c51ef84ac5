"""Quiet hours, digests and budgets: what comes, when, with what sound."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.quiet_hours import NotificationDecision, decide_notification, is_quiet, next_digest
from bot.types import DeferralReason, Preferences, Rhythm
from extract.types import Action, Severity

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = Preferences(quiet=("22:00", "07:00"), zone="Asia/Karachi")
DAILY = Preferences(digest=Rhythm.DAILY, digest_at="08:00", zone="Asia/Karachi")


def heard(chosen, action=Action.NEW, severity=Severity.SEVERE, *, now=NOW, over=False, silent=False):
    return decide_notification(action, severity, chosen, silent=silent, loud=Severity.SEVERE, over=over, now=now)


@pytest.mark.parametrize(("hour", "quiet"), [(16, False), (17, True), (23, True), (1, True), (2, False), (12, False)])
def test_quiet_hours_lie_over_midnight_in_the_chats_own_zone(hour, quiet):
    assert is_quiet(NIGHT, NOW.replace(hour=hour)) is quiet


@pytest.mark.parametrize(("hour", "quiet"), [(7, False), (8, True), (12, True), (13, False)])
def test_quiet_hours_within_a_day(hour, quiet):
    assert is_quiet(Preferences(quiet=("13:00", "18:00"), zone="Asia/Karachi"), NOW.replace(hour=hour)) is quiet


NIGHTLY = NOW.replace(hour=20)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (heard(Preferences()), NotificationDecision(Action.NEW, False)),
        (heard(NIGHT, now=NIGHTLY), NotificationDecision(Action.NEW, True, DeferralReason.QUIET)),
        (heard(NIGHT, Action.REPLY, now=NIGHTLY), NotificationDecision(Action.REPLY, True, DeferralReason.QUIET)),
        (heard(NIGHT, now=NIGHTLY, silent=True), NotificationDecision(Action.NEW, True)),
        (heard(NIGHT, severity=Severity.EXTREME, now=NIGHTLY), NotificationDecision(Action.NEW, False)),
        (heard(NIGHT, Action.RETRACT, now=NIGHTLY), NotificationDecision(Action.RETRACT, False)),
        (heard(DAILY, severity=Severity.MODERATE), NotificationDecision(None, True, DeferralReason.DIGEST)),
        (heard(DAILY, severity=Severity.SEVERE), NotificationDecision(Action.NEW, False)),
        (heard(DAILY, Action.REPLY, Severity.MODERATE), NotificationDecision(Action.REPLY, False)),
        (heard(Preferences(), over=True), NotificationDecision(None, True, DeferralReason.BUDGET)),
        (heard(Preferences(), severity=Severity.EXTREME, over=True), NotificationDecision(Action.NEW, False)),
    ],
)
def test_what_becomes_of_a_message(what, expected):
    assert what == expected


@pytest.mark.parametrize(
    ("chosen", "at"),
    [
        (Preferences(), None),
        (NIGHT, datetime(2026, 3, 3, 2, 0, tzinfo=UTC)),
        (DAILY, datetime(2026, 3, 3, 3, 0, tzinfo=UTC)),
        (Preferences(digest=Rhythm.HOURLY), datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),
        # a Monday: the next one is a week off, a Wednesday two days
        (Preferences(digest=Rhythm.WEEKLY, digest_day=0), datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        (Preferences(digest=Rhythm.WEEKLY, digest_day=2), datetime(2026, 3, 4, 8, 0, tzinfo=UTC)),
        # the clocks go forward in the night of 29 March
        (Preferences(digest=Rhythm.DAILY, zone="Europe/Berlin"), datetime(2026, 3, 3, 7, 0, tzinfo=UTC)),
    ],
)
def test_when_the_gathered_message_is_due(chosen, at):
    assert next_digest(chosen, NOW) == at


@given(
    st.integers(0, 3652 * 24 * 60),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Europe/Berlin", "Pacific/Apia"]),
    st.times(),
    st.sampled_from([Rhythm.HOURLY, Rhythm.DAILY, Rhythm.WEEKLY]),
)
def test_a_round_is_always_ahead_and_never_further_than_its_rhythm(minutes, zone, clock, rhythm):
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = next_digest(Preferences(zone=zone, digest=rhythm, digest_at=f"{clock:%H:%M}", digest_day=3), now)
    longest = {Rhythm.HOURLY: timedelta(hours=1), Rhythm.DAILY: timedelta(hours=26), Rhythm.WEEKLY: timedelta(days=8)}
    assert due is not None and now < due <= now + longest[rhythm]
