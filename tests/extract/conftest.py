"""One extractor for all tests of this folder: building it takes a second."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Article, Extractor

PUBLISHED = datetime(2024, 3, 15, 18, 0, tzinfo=UTC)  # a Friday


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor()


def news(text: str, *, title: str = "", published: datetime | None = PUBLISHED, **more: str) -> Article:
    """An article about an invented incident."""
    return Article(id=more.pop("id", "a1"), text=text, title=title, published=published, **more)
