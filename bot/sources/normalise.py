"""How must the articles of any source look before they are kept? Each with its own id, publisher, language and date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.types import Source
from extract.types import Article

# a date further in the future than this is a mistake; a date without an hour may be that of a time zone ahead of UTC
AHEAD = timedelta(hours=1)
AHEAD_DAY_ONLY = timedelta(hours=26)


def normalised(found: Sequence[Article], source: Source, now: datetime) -> tuple[Article, ...]:
    """A source's articles as they are kept, in their order; those without title and text are left out."""
    named = with_source_name(with_unique_ids(found), source.name)
    return tuple(with_language(without_future_date(article, now), source.lang) for article in named)


def with_unique_ids(found: Sequence[Article]) -> Sequence[Article]:
    """Articles that have a title or text, each with an id of its own: some feeds give all articles the same id."""
    times = Counter(article.id for article in found)
    by_id = {
        article.url if times[article.id] > 1 and article.url else article.id: article
        for article in reversed(found)
        if article.title or article.text
    }
    return [msgspec.structs.replace(article, id=unique) for unique, article in reversed(by_id.items())]


def with_source_name(found: Sequence[Article], name: str) -> Sequence[Article]:
    """Articles with the source's name as their publisher, unless the source collects those of several publishers."""
    if not name or len({article.source for article in found}) > 1:
        return found
    return [msgspec.structs.replace(article, source=name) for article in found]


def without_future_date(article: Article, now: datetime) -> Article:
    """The article without a date that lies in the future: it is a mistake, and the right date is not known."""
    if article.published is None:
        return article
    ahead = AHEAD_DAY_ONLY if article.published_day_only else AHEAD
    if article.published <= now + ahead:
        return article
    return msgspec.structs.replace(article, published=None, published_day_only=False)


def with_language(article: Article, lang: str) -> Article:
    """The article in the language of its source (BCP 47) where it names none itself."""
    return article if article.lang or not lang else msgspec.structs.replace(article, lang=lang)
