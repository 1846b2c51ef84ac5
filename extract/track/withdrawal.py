"""Does a publisher withdraw its article?"""

from __future__ import annotations

from extract.lang import LANGUAGES
from extract.notice_wording import is_retraction
from extract.types import Article


def is_withdrawn(article: Article) -> bool:
    """True if the source says so: by a field of the feed, or in the title or opening of the article's new text."""
    return article.withdrawn or any(is_retraction(article, language.lexicon) for language in LANGUAGES.values())
