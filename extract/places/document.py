"""All places of one article, found and resolved."""

from __future__ import annotations

from extract.places.gazetteer import Gazetteer
from extract.places.resolve import Hints, resolve
from extract.places.scan import mentions
from extract.places.types import Resolved
from extract.types import Article

MOST_CHARACTERS = 60_000


def places_of(article: Article, gazetteer: Gazetteer, *, hints: Hints | None = None) -> list[Resolved]:
    """The places that an article names, title first, in order; ``where`` tells title from text.

    Only the first 60,000 characters are read.
    """
    texts = {"title": article.title, "text": article.text[:MOST_CHARACTERS]}
    found = mentions(texts["title"], gazetteer, where="title") + mentions(texts["text"], gazetteer)
    return [r for r in resolve(found, texts, gazetteer, hints=hints or hints_of(article, gazetteer)) if r is not None]


def hints_of(article: Article, gazetteer: Gazetteer) -> Hints:
    """What the publisher's domain says: ``example.co.uk`` is British."""
    host = (article.url.split("://")[-1].split("/")[0] or article.source).lower()
    ending = host.rsplit(".", 1)[-1] if "." in host else ""
    code = gazetteer.domains.get(ending, ending.upper() if len(ending) == 2 else "")
    return Hints(country=code if gazetteer.country_row(code) >= 0 else "")
