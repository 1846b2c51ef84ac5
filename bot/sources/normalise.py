"""How must the articles of any source look before they are kept? Each with its own id, publisher, language and date."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from bot.sources.dates import dated
from bot.types import Source
from extract import track
from extract.text.addresses import canonical_url, is_id
from extract.types import Article

# so many articles of one document with one id are compared with a further one, the latest ones
MOST_COMPARED = 20


def normalised(
    found: Sequence[Article], source: Source, now: datetime, leads: Sequence[int] = ()
) -> tuple[Article, ...]:
    """A source's articles as they are kept, in their order; those without title and text are left out.

    ``leads``: of the source's clock (``bot.sources.dates``).
    """
    named = with_source_name(with_unique_ids(found), source.name)
    return tuple(with_language(article, source.lang) for article in dated(named, source, leads, now))


def with_unique_ids(found: Sequence[Article]) -> Sequence[Article]:
    """Articles that have a title or text, each with an id of its own.

    Some feeds give all articles the same id, none ("N/A") or an address of the whole site: then the article's own
    address counts, or where several share that too, its title and day, and where several of one title share those, its
    text. Of several versions of one article the first is kept. The ids of those that state their facts are trusted.
    """
    told = [article for article in found if article.title or article.text]
    stated = {article.id: article for article in reversed(told) if article.stated is not None}
    if stated:
        words = [article for article in told if article.stated is None]
        return [*reversed(stated.values()), *with_unique_ids(words)]
    ids, links = _times(told, lambda one: one.id), _times(told, lambda one: canonical_url(one.url))
    by_id: dict[str, list[Article]] = {}
    for article in told:
        known = by_id.setdefault(_own_id(article, ids, links), [])
        if not any(track.is_same_page(one, article) for one in known[-MOST_COMPARED:]):
            known.append(article)
    return [
        msgspec.structs.replace(article, id=unique if len(alike) == 1 else _digest(f"{unique}\n{article.text}"))
        for unique, alike in by_id.items()
        for article in alike
    ]


def _own_id(article: Article, ids: Counter[str], links: Counter[str]) -> str:
    link = canonical_url(article.url)
    if is_id(article.id) and ids[article.id] == 1:
        return article.id
    if link and links[link] == 1:
        return article.url
    day = f"{article.published:%Y-%m-%d}" if article.published else ""
    return _digest(f"{' '.join(article.title.casefold().split()) or article.text}\n{day}")


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _times(found: Sequence[Article], value: Callable[[Article], str]) -> Counter[str]:
    """How many different stories, by their titles or else texts, have each value."""
    return Counter(name for name, _ in {(value(one), one.title.casefold() or one.text) for one in found})


def with_source_name(found: Sequence[Article], name: str) -> Sequence[Article]:
    """Articles with the source's name as their publisher, unless the source collects those of several publishers."""
    if not name or len({article.source for article in found}) > 1:
        return found
    return [msgspec.structs.replace(article, source=name) for article in found]


def with_page(article: Article, page: Article, source: Source, now: datetime) -> Article:
    """The article with the text of its page where that is longer, and with its date where it has none itself."""
    text = page.text.removeprefix(article.title).lstrip()
    if len(text) > len(article.text):
        article = msgspec.structs.replace(article, text=text)
    return with_date_of(article, *dated([page], source, (), now))


def with_date_of(article: Article, other: Article) -> Article:
    """The article with the date of another form of it, where it has none itself."""
    if article.published is not None:
        return article
    return msgspec.structs.replace(article, published=other.published, published_day_only=other.published_day_only)


def with_language(article: Article, lang: str) -> Article:
    """The article in the language of its source (BCP 47) where it names none itself."""
    return article if article.lang or not lang else msgspec.structs.replace(article, lang=lang)
