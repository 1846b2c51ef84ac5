"""Where does a text name places? Every candidate name, with the evidence for and against."""

from __future__ import annotations

from extract.places.gazetteer import Gazetteer
from extract.places.reading import NameWords, Part, PlaceReader, Span
from extract.places.tokens import Tokens, tokenise
from extract.places.types import Mention

LONGEST = 6


def mentions(text: str, gazetteer: Gazetteer, reader: PlaceReader, *, where: Part = "text") -> list[Mention]:
    """Every name in the text that the gazetteer knows, in order, without overlap; demonyms included.

    Nothing is decided yet: ``resolve`` drops what is no place.
    """
    tokens = tokenise(text, reader.token_rules)
    return reader.scored(tokens, gazetteer, _spans(tokens, gazetteer, reader.name_words), where)


def _spans(tokens: Tokens, gazetteer: Gazetteer, words: NameWords) -> list[Span]:
    """First and last-plus-one word and the key of each longest match, left to right."""
    found: list[Span] = []
    i, count = 0, len(tokens.starts)
    while i < count:
        if not tokens.capital[i]:
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
    """End and key of the longest name that starts at a word; (0, "") for none."""
    key = tokens.folded[i]
    keys = [key]
    last = i
    while tokens.joined(last) and last + 1 - i < LONGEST:
        last += 1
        if not tokens.capital[last] and tokens.folded[last] not in words.connectors:
            break
        key = f"{key} {tokens.folded[last]}"
        keys.append(key)
    for size in range(len(keys), 0, -1):
        end = i + size
        if not tokens.capital[end - 1]:
            continue
        if keys[size - 1] in words.skip:
            return -size, ""
        if keys[size - 1] in gazetteer or (size <= 2 and _special(tokens, i, end, gazetteer)):
            if size == 1 and _unlikely(tokens, i, gazetteer, words):
                return 0, ""
            return end, keys[size - 1]
    return 0, ""


def _special(tokens: Tokens, i: int, end: int, gazetteer: Gazetteer) -> bool:
    word = tokens.text[tokens.starts[i] : tokens.ends[end - 1]]
    if word.isupper() and word.title() in gazetteer.demonyms:
        return True
    return word in gazetteer.demonyms or word in gazetteer.abbreviations or word in gazetteer.standing


def _unlikely(tokens: Tokens, i: int, gazetteer: Gazetteer, words: NameWords) -> bool:
    """One short or lower-case-looking word that is no name."""
    key = tokens.folded[i]
    word = tokens.text[tokens.starts[i] : tokens.ends[i]]
    if word in gazetteer.abbreviations or word in gazetteer.standing or word in gazetteer.demonyms:
        return False
    if len(key) <= 2 or key in words.acronyms:
        return not (word.isupper() and key in words.acronyms and not tokens.upper) and not (
            tokens.upper and word in words.in_capitals
        )
    return False
