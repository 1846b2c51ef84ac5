"""Articles for the tests of this folder: about invented incidents in real places."""

from __future__ import annotations

from datetime import UTC, datetime

from extract import Article

PUBLISHED = datetime(2024, 3, 15, 18, 0, tzinfo=UTC)  # a Friday


def news(text: str, *, title: str = "", published: datetime | None = PUBLISHED, **more: str) -> Article:
    """An article about an invented incident."""
    return Article(id=more.pop("id", "a1"), text=text, title=title, published=published, **more)
