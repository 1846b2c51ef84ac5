"""When a source is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.schedule import Pace, after_failure, after_success

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PACE = Pace(every=600.0, floor=60.0)
MIDDLE = 0.5  # a chance of one half moves nothing


def seconds(at: datetime) -> float:
    return (at - NOW).total_seconds()


def test_quiet_read_waits_for_the_wished_interval() -> None:
    assert seconds(after_success(NOW, PACE, jitter=MIDDLE)) == 600


def test_news_brings_the_next_read_forward() -> None:
    assert seconds(after_success(NOW, PACE, jitter=MIDDLE, came=3)) == 300


def test_source_without_news_for_days_is_read_less_often() -> None:
    old = NOW - timedelta(days=5)
    assert seconds(after_success(NOW, PACE, jitter=MIDDLE, newest=old)) == 1200


def test_wish_of_the_feed_is_kept_within_bounds() -> None:
    assert seconds(after_success(NOW, PACE, jitter=MIDDLE, ttl=900)) == 900
    assert seconds(after_success(NOW, PACE, jitter=MIDDLE, ttl=86_400)) == 1200


def test_interval_under_the_floor_is_kept_for_our_own_hosts_only() -> None:
    assert seconds(after_success(NOW, Pace(every=2.0, floor=60.0), jitter=MIDDLE)) == 60
    assert seconds(after_success(NOW, Pace(every=2.0, floor=60.0, is_exact=True), jitter=1.0, came=5)) == 2


@pytest.mark.parametrize(("failures", "expected"), [(1, 600), (2, 1200), (3, 2400), (4, 4800), (5, 4800)])
def test_failures_double_the_interval_up_to_eight(failures: int, expected: float) -> None:
    assert seconds(after_failure(NOW, PACE, failures=failures, jitter=0.0)) == expected


def test_lasting_failure_backs_off_for_hours() -> None:
    assert seconds(after_failure(NOW, PACE, failures=50, jitter=0.0)) == 6 * 3600


def test_wish_to_be_left_alone_is_kept_within_bounds() -> None:
    assert seconds(after_failure(NOW, PACE, failures=1, jitter=0.0, retry_after=900)) == 900
    assert seconds(after_failure(NOW, PACE, failures=1, jitter=0.0, retry_after=1e9)) == 4800


@given(
    every=st.floats(0.5, 86_400),
    failures=st.integers(1, 5),
    jitter=st.floats(0, 1),
    retry_after=st.none() | st.floats(0, 1e7),
)
def test_first_failures_are_tried_again_within_the_promise(
    every: float, failures: int, jitter: float, retry_after: float | None
) -> None:
    pace = Pace(every=every, floor=1.0, is_exact=True)
    at = after_failure(NOW, pace, failures=failures, jitter=jitter, retry_after=retry_after)
    assert 0 < seconds(at) <= max(8 * every, 30) + 1e-3


@given(jitter=st.floats(0, 1), came=st.integers(0, 9), ttl=st.none() | st.floats(0, 1e6))
def test_no_strange_host_is_read_more_often_than_the_floor(jitter: float, came: int, ttl: float | None) -> None:
    assert seconds(after_success(NOW, Pace(every=1.0, floor=60.0), jitter=jitter, came=came, ttl=ttl)) >= 60
