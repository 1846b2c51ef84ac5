"""Are items in languages that are not read counted by source, so that an operator sees what goes by?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store import Store, unread
from bot.types import Unread

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DHAKA, LIMA = "https://dhaka.example/feed", "https://lima.example/feed"


def _count(store: Store, url: str, lang: str, times: int, at: datetime) -> None:
    for _ in range(times):
        store.write_sync(unread.count, url, lang, at)


def test_the_mean_of_the_days_since_the_first_is_given_by_language(store: Store) -> None:
    _count(store, DHAKA, "bn", 30, NOW - timedelta(1))
    _count(store, DHAKA, "bn", 10, NOW)
    _count(store, DHAKA, "hi", 3, NOW)
    assert store.read_sync(unread.a_day, NOW) == {DHAKA: (Unread(lang="bn", items=20), Unread(lang="hi", items=3))}


def test_what_was_counted_more_than_a_week_ago_is_not_shown_and_after_a_month_forgotten(store: Store) -> None:
    _count(store, DHAKA, "bn", 5, NOW - timedelta(40))
    _count(store, LIMA, "qu", 5, NOW - timedelta(8))
    assert store.read_sync(unread.a_day, NOW) == {}
    _count(store, DHAKA, "bn", 1, NOW)
    assert store.read_sync(lambda tx: tx.rows("SELECT day FROM unread_items WHERE source_url = :url", url=DHAKA)) == [
        {"day": NOW.date().isoformat()}
    ]
