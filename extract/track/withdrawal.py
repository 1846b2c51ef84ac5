"""Does a publisher withdraw its article?"""

from __future__ import annotations

import re
from functools import cache

from extract.lang import LANGUAGES
from extract.types import Article

_OPENING = 300


def is_withdrawn(article: Article) -> bool:
    """True if the source says so: by a field of the feed, or in the title or opening of the article's new text."""
    opening = article.text[:_OPENING]
    return article.withdrawn or any(notice.search(article.title) or notice.search(opening) for notice in _notices())


@cache
def _notices() -> list[re.Pattern[str]]:
    lexicons = [language.lexicon for language in LANGUAGES.values()]
    notices = [one for lexicon in lexicons for one in lexicon.section("tracking", "withdrawal").get("notices", ())]
    return [re.compile(notice, re.IGNORECASE) for notice in notices]
