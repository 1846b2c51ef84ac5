"""In which language is an article written?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from extract.language import Language
from extract.types import Article

# shorter texts may contain no function word ("Blast kills 3 in Lima")
_FEW_WORDS = 30
_MIN_SHARE = 0.06


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
    expression = _function_words(language)
    if count < _FEW_WORDS or expression is None:
        return count > 0
    return len(expression.findall(text)) >= _MIN_SHARE * count


@cache
def _function_words(language: Language) -> re.Pattern[str] | None:
    words = "|".join(sorted(language.function_words))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None
