"""In which language is an article written?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.language import Language
from extract.types import Article

# shorter texts may contain no function word ("Blast kills 3 in Lima")
_FEW_WORDS = 30
_MIN_SHARE = 0.06
_WORD = re.compile(r"\w+")


def language_of(article: Article, text: str, languages: Iterable[Language]) -> Language | None:
    """The first of ``languages`` that the article is written in; None if it is in none of them.

    ``text`` is the part of it that is read. The article's language tag, if it has one, must begin with the language's
    code. A text of ``_FEW_WORDS`` words or more must also contain enough of the language's function words.
    """
    tag = article.lang.lower()
    count = len(text.split())
    for language in languages:
        if (not tag or tag.startswith(language.code)) and _is_written_in(language, text, count):
            return language
    return None


def _is_written_in(language: Language, text: str, count: int) -> bool:
    known = language.function_words
    if count < _FEW_WORDS or not known:
        return count > 0
    return sum(map(known.__contains__, _WORD.findall(text.lower()))) >= _MIN_SHARE * count
