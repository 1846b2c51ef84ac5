"""How long an answer says that it stays fresh."""

from __future__ import annotations

import pytest

from bot.sources.freshness import fresh_for

NOW = "Mon, 02 Mar 2026 10:00:00 GMT"
IN_TEN_MINUTES = "Mon, 02 Mar 2026 10:10:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache-Control": "max-age=600"}, 600.0),
        ({"Cache-Control": "public, Max-Age = 600, must-revalidate"}, 600.0),
        ({"Cache-Control": 'max-age="600"'}, 600.0),
        ({"Cache-Control": "max-age=600", "Age": "200"}, 400.0),
        ({"Cache-Control": "max-age=600", "Age": "600"}, None),
        ({"Cache-Control": "max-age=0", "Expires": IN_TEN_MINUTES, "Date": NOW}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store", "Expires": IN_TEN_MINUTES, "Date": NOW}, None),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Expires": IN_TEN_MINUTES, "Date": NOW}, 600.0),
        ({"Expires": IN_TEN_MINUTES, "Date": NOW, "Age": "60"}, 540.0),
        ({"Expires": IN_TEN_MINUTES}, None),
        ({"Expires": "0", "Date": NOW}, None),
        ({"Expires": NOW, "Date": IN_TEN_MINUTES}, None),
        ({}, None),
    ],
)
def test_freshness_is_read_from_the_headers(headers: dict[str, str], expected: float | None) -> None:
    assert fresh_for(headers) == expected
