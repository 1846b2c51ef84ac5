"""Which words of a text may be names of places (named entity recognition by gazetteer)?"""

from __future__ import annotations

from extract.places.gazetteer import Gazetteer
from extract.places.reading import NameWords, Part, PlaceReader, Span
from extract.places.tokens import Tokens, tokenise
from extract.places.types import Mention

_MAX_WORDS = 6  # of one name


def mentions(text: str, gazetteer: Gazetteer, reader: PlaceReader, *, where: Part = "text") -> list[Mention]:
    """Every name in the text that is in the gazetteer, in order, without overlap, and every demonym.

    Not all are places: ``resolve`` decides that.
    """
    tokens = tokenise(text, reader.token_rules)
    return reader.scored(tokens, gazetteer, _spans(tokens, gazetteer, reader.name_words), where)


def _spans(tokens: Tokens, gazetteer: Gazetteer, words: NameWords) -> list[Span]:
    """The longest names that start with a capital, left to right."""
    found: list[Span] = []
    i, count = 0, len(tokens.starts)
    while i < count:
        if not (tokens.capital[i] or words.is_caseless):
            i += 1
            continue
        end, key = _longest(tokens, i, gazetteer, words)
        if end > 0:
            found.append((i, end, key))
            i = end
        else:
            i += max(1, -end)
    return found


def _longest(tokens: Tokens, i: int, gazetteer: Gazetteer, words: NameWords) -> tuple[int, str]:
    """End and key of the longest name that starts at a word; (0, "") for none.

    (-n, "") for a phrase of n words that is never a place.
    """
    key = tokens.folded[i]
    keys = [key]
    last = i
    while tokens.joined(last) and last + 1 - i < _MAX_WORDS:
        if words.is_caseless and key not in words.opens_skip and not gazetteer.may_begin_name(key):
            break  # without capitals, every word of a text is looked up
        last += 1
        folded = tokens.folded[last]
        if not (tokens.capital[last] or words.is_caseless or folded in words.connectors or folded in words.ends):
            break
        key = f"{key} {tokens.folded[last]}"
        keys.append(key)
    for size in range(len(keys), 0, -1):
        end = i + size
        if not (tokens.capital[end - 1] or words.is_caseless or tokens.folded[end - 1] in words.ends):
            continue
        if keys[size - 1] in words.skip:
            return -size, ""
        if keys[size - 1] in gazetteer or (size <= 2 and _is_listed_form(tokens, i, end, gazetteer)):
            if size == 1 and _is_unlikely(tokens, i, gazetteer, words):
                return 0, ""
            return end, keys[size - 1]
    return 0, ""


def _is_listed_form(tokens: Tokens, i: int, end: int, gazetteer: Gazetteer) -> bool:
    """Are the words, as written, a demonym or an abbreviation of a division?"""
    word = tokens.text[tokens.starts[i] : tokens.ends[end - 1]]
    if word.isupper() and word.title() in gazetteer.demonyms:
        return True
    return word in gazetteer.demonyms or word in gazetteer.abbreviations or word in gazetteer.standing


def _is_unlikely(tokens: Tokens, i: int, gazetteer: Gazetteer, words: NameWords) -> bool:
    """Is the word a short one that is no known acronym or abbreviation?"""
    key = tokens.folded[i]
    word = tokens.text[tokens.starts[i] : tokens.ends[i]]
    if word in gazetteer.abbreviations or word in gazetteer.standing or word in gazetteer.demonyms:
        return False
    if len(key) <= 2 or key in words.acronyms:
        return not (word.isupper() and key in words.acronyms and not tokens.upper) and not (
            tokens.upper and word in words.in_capitals
        )
    return False
