"""In which language is an article written?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache

from extract.language import Language
from extract.types import Article

# shorter texts may contain no function word ("Blast kills 3 in Lima")
_FEW_WORDS = 30
_MIN_SHARE = 0.06
# of a text whose tag names another language: its share of function words, at least, and how many times that of the tag
_SURE_SHARE = 0.12
_TIMES = 2.0
_SURE_WORDS = 8
_LEAST_KNOWN = 2  # words of another language than the first that a short text without a tag must contain
_LETTER = 0.04  # what a letter that only this language has adds to its share, for each word of the text ...
_MOST_LETTERS = 3  # ... that has one, at most so many times its share of such words
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "Latn": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "Cyrl": re.compile(r"[\u0400-\u04ff]"),
    "Arab": re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
}
_SHARE_OF_SCRIPT = 0.5
_NAMED_CHARS = 200
# scripts (the first word of their letters' Unicode names) in which news of one language alone is written, or mostly
_OF_SCRIPT = {
    "BENGALI": "bn", "GURMUKHI": "pa", "GUJARATI": "gu", "ORIYA": "or", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn",
    "MALAYALAM": "ml", "SINHALA": "si", "THAI": "th", "LAO": "lo", "MYANMAR": "my", "KHMER": "km", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "HEBREW": "he", "GREEK": "el", "ETHIOPIC": "am", "HANGUL": "ko",
    "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "DEVANAGARI": "hi", "TIBETAN": "bo", "THAANA": "dv",
}  # fmt: skip


def language_of(article: Article, text: str, languages: Iterable[Language]) -> Language | None:
    """The one of ``languages`` that the article is written in; None if it is in none of them.

    ``text`` is the part of it that is read. Only languages of its script are possible. The article's language tag is a
    hint: it decides for short texts, and for longer ones unless the function words speak for another language. Without
    a tag, function words and letters decide, and the first language for a text that has none.
    """
    words = _WORD.findall(text.lower())
    if not words:
        return None
    script = script_of(text)
    possible = [language for language in languages if _script(language) == script]
    tag = article.lang.lower().replace("_", "-").partition("-")[0]
    tagged = next((language for language in possible if language.code == tag), None)
    if tagged is not None and len(possible) == 1:
        return tagged if _is_written_in(tagged, words) else None
    shares = {language.code: _share(language, words) for language in possible}
    best = max(possible, key=lambda language: shares[language.code], default=None)
    if best is None:
        return None
    if tag:
        own = shares.get(tag, 0.0)
        is_other = _word_share(best, words) >= max(_SURE_SHARE, _TIMES * own) and len(words) >= _SURE_WORDS
        best = best if is_other else tagged
        return best if best is not None and _is_written_in(best, words) else None
    if (
        len(words) < _FEW_WORDS
        and len(_known(best).intersection(words)) < _LEAST_KNOWN
        and not _own_letters(best, words)
    ):
        return possible[0]  # one word says little: "as" is English and Portuguese
    if not shares[best.code]:
        return None
    return best if _is_written_in(best, words) else None


def unread_language(article: Article, read: Collection[str]) -> str:
    """The BCP 47 subtag of the language of an article that is in none of those ``read``; "und" where it isn't known.

    It is that of the script, where news in one language alone is written in it, else that of the article's tag, which
    says nothing where it names one that is read. Empty for a text without letters, which is in no language.
    """
    text = f"{article.title} {article.text[:_NAMED_CHARS]}"
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return ""
    scripts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in letters)
    script = scripts.most_common(1)[0][0]
    tag = article.lang.lower().replace("_", "-").partition("-")[0]
    return _OF_SCRIPT.get(script) or (tag if tag and tag not in read else "und")


def script_of(text: str) -> str:
    """ISO 15924 code of the script that most letters of a text are in; "" for one that no language here uses."""
    letters = sum(map(str.isalpha, text))
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    best = max(counts, key=lambda script: counts[script])
    return best if letters and counts[best] >= _SHARE_OF_SCRIPT * letters else ""


@cache
def _script(language: Language) -> str:
    """The script of a language: that of its function words; Latin for one that lists none."""
    return script_of(" ".join(language.function_words)) or "Latn"


def _share(language: Language, words: list[str]) -> float:
    """The share of words that are function or number words of the language, and more for letters that only it has."""
    return _word_share(language, words) + min(_MOST_LETTERS, _own_letters(language, words)) * _LETTER


def _word_share(language: Language, words: list[str]) -> float:
    return sum(map(_known(language).__contains__, words)) / len(words)


def _own_letters(language: Language, words: list[str]) -> int:
    """How many words have a letter that only this language has."""
    letters = _letters(language)
    return sum(1 for word in words if not letters.isdisjoint(word)) if letters else 0


@cache
def _known(language: Language) -> frozenset[str]:
    return language.function_words.union(language.numbers.words)


@cache
def _letters(language: Language) -> frozenset[str]:
    return frozenset("".join(language.lexicon.words("detect", "letters", "own")))


def _is_written_in(language: Language, words: list[str]) -> bool:
    """Has a text of some length enough function words of the language?"""
    known = language.function_words
    if len(words) < _FEW_WORDS or not known:
        return True
    return _word_share(language, words) >= _MIN_SHARE
