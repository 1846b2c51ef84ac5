"""Feeds as they are read twice, and what must come of it: articles, records, and messages to a chat."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from fakes import NOW


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a feed, as its publisher writes it; ``hours`` before now is when it was published, None for no date."""

    title: str
    text: str = ""
    id: str | None = None
    link: str = ""
    hours: float | None = 1.0

    def rss(self) -> str:
        """The item in an RSS document."""
        guid = "" if self.id is None else f"<guid isPermaLink='false'>{escape(self.id)}</guid>"
        link = f"<link>{escape(self.link)}</link>" if self.link else ""
        date = f"<pubDate>{format_datetime(self.published)}</pubDate>" if self.published else ""
        return (
            f"<item><title>{escape(self.title)}</title>{link}{guid}{date}"
            f"<description>{escape(self.text)}</description></item>"
        )

    def atom(self) -> str:
        """The item in an Atom document."""
        ident = "" if self.id is None else f"<id>{escape(self.id)}</id>"
        link = f"<link href='{escape(self.link)}'/>" if self.link else ""
        date = f"<updated>{self.published.isoformat()}</updated>" if self.published else ""
        return (
            f"<entry><title>{escape(self.title)}</title>{ident}{link}{date}"
            f"<content type='text'>{escape(self.text)}</content></entry>"
        )

    def json(self) -> dict[str, str]:
        """The item in a JSON Feed."""
        made = {"title": self.title, "content_text": self.text, "url": self.link}
        if self.id is not None:
            made["id"] = self.id
        if self.published:
            made["date_published"] = self.published.isoformat()
        return made

    @property
    def published(self) -> datetime | None:
        """When it was published."""
        return None if self.hours is None else NOW - timedelta(hours=self.hours)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Items of a feed at two reads, and what must be known afterwards.

    ``sounds`` are first cards and replies, ``edits`` silent edits of a card; None where either is right. With
    ``other`` the second read is that of another feed of the same outlet.
    """

    name: str
    first: tuple[Item, ...]
    second: tuple[Item, ...]
    articles: int
    records: int
    sounds: int
    edits: int | None = None
    form: str = "rss"
    other: bool = False


def document(items: tuple[Item, ...], form: str, site: str = "https://gazette.example/") -> str:
    """A feed document in a format: rss, atom or json."""
    if form == "json":
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "home_page_url": site}
        return json.dumps(feed | {"items": [one.json() for one in items]})
    if form == "atom":
        entries = "".join(one.atom() for one in items)
        return (
            f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Gazette</title>"
            f"<id>{site}</id><link href='{site}'/>{entries}</feed>"
        )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Gazette</title><link>{site}</link>"
        f"{''.join(one.rss() for one in items)}</channel></rss>"
    )
