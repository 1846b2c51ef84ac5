"""Documents of structured sources and news items, taken through parsing, keeping, extraction and tracking, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bot.alerts.gate import Rules
from bot.incidents import ingest
from bot.sources.normalise import normalised
from bot.store import Store, articles, incidents
from bot.types import Source
from extract import Extractor
from extract.feeds import parse
from extract.types import Action, Article, Change, Incident

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
RULES = Rules(contains=lambda _area, _place: False)


class Desk:
    """A store and an extractor; what is given to it is read at ``now``."""

    def __init__(self, folder: Path, extractor: Extractor, now: datetime = NOW) -> None:
        self.store = Store(folder / "desk.db")
        self.extractor = extractor
        self.now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def read(self, document: str | bytes, url: str = "https://authority.example/feed") -> list[Change]:
        """One read of a source: the changes that it made."""
        body = document.encode() if isinstance(document, str) else document
        return self.take(parse(body, base_url=url).articles, url)

    def news(self, title: str, text: str, source: str = "daily.example", at: datetime | None = None) -> list[Change]:
        """One item of a news feed."""
        url = f"https://{source}/{len(title)}-{abs(hash(title))}"
        item = Article(id=url, url=url, title=title, text=text, source=source, published=at or self.now, lang="en")
        return self.take([item], f"https://{source}/feed")

    def take(self, found: Sequence[Article], url: str) -> list[Change]:
        """Keep the articles and commit what is new among them."""
        for article in normalised(found, Source(url=url), self.now):
            self.store.write_sync(articles.add, url, article, self.now, baseline=False)
        changes: list[Change] = []
        for stored in self.store.read_sync(articles.waiting, 100):
            extraction = self.extractor.extract(stored.article)
            new_id = ingest.seeded_ids("structured")
            changes += self.store.write_sync(
                ingest.commit, stored, extraction, now=self.now, new_id=new_id, rules=RULES
            )
        return changes

    def records(self) -> list[Incident]:
        """All incidents, the latest first."""
        return list(self.store.read_sync(incidents.latest))


def actions(changes: Sequence[Change]) -> list[Action | None]:
    """What each change asks for."""
    return [change.action for change in changes]
