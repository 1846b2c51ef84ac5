"""The moment a person names."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.questions import moments

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "rest"),
    [
        ("2026-03-01 18:30 Karachi", datetime(2026, 3, 1, 18, 30, tzinfo=UTC), "Karachi"),
        ("2026-03-01T18:30Z", datetime(2026, 3, 1, 18, 30, tzinfo=UTC), ""),
        ("2026-03-01 3kx9m2pa", datetime(2026, 3, 2, tzinfo=UTC), "3kx9m2pa"),
        ("yesterday 07:00", datetime(2026, 3, 1, 7, tzinfo=UTC), ""),
        ("yesterday Lahore", datetime(2026, 3, 2, tzinfo=UTC), "Lahore"),
        ("today", NOW, ""),
        ("11:15", datetime(2026, 3, 2, 11, 15, tzinfo=UTC), ""),
        ("23:00 shooting", datetime(2026, 3, 1, 23, tzinfo=UTC), "shooting"),
        ("2h ago Karachi", NOW - timedelta(hours=2), "Karachi"),
        ("3 days ago", NOW - timedelta(days=3), ""),
    ],
)
def test_moments(text, at, rest):
    assert moments.read(text, NOW) == (at, rest)


@pytest.mark.parametrize("text", ["", "Karachi", "2026-13-01", "25:00", "ago", "12 people", "3 people ago"])
def test_what_is_no_moment_is_left_alone(text):
    assert moments.read(text, NOW) == (None, text.strip())
