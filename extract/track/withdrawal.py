"""Does a publisher take its article back?"""

from __future__ import annotations

import re
from functools import cache

from extract.lang import LANGUAGES
from extract.types import Article

_OPENING = 300


def is_withdrawn(article: Article) -> bool:
    """True where the source says so: by the feed's own sign, or in the title or opening of the article's new text."""
    opening = article.text[:_OPENING]
    return article.withdrawn or any(say.search(article.title) or say.search(opening) for say in _notices())


@cache
def _notices() -> list[re.Pattern[str]]:
    lexicons = [language.lexicon for language in LANGUAGES.values()]
    notices = [one for lexicon in lexicons for one in lexicon.section("tracking", "withdrawal").get("notices", ())]
    return [re.compile(notice, re.IGNORECASE) for notice in notices]
