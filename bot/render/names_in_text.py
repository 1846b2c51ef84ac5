"""Where does a text name a person, with all parts of the name? And which names does it give to children?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from bot.i18n.translate import t
from extract.lang import ENGLISH
from extract.places import Gazetteer
from extract.text.normalise import fold
from extract.types import Frozen

# offsets of the first character and of the one after the last
Range = tuple[int, int]

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑'’](?![sS]\b)[^\W\d_]+)*")
_BETWEEN = re.compile(r"[ \t\u00a0]+|\.[ \t\u00a0]*")
# a word behind one of these begins a sentence or a line, and has a capital for that
_FULL_STOPS = ".!?:\n"
# the lists of patterns that find other names too
_DOUBTS = ("child_names_unless_place", "child_names_unless_headline")
# above this share of capitals a line is a headline, in which a capital says nothing
_HEADLINE_SHARE = 0.6
# one word of a name, with a capital; and a name in a pattern of the data: one to four of them, particles between
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]*(?:[-'’](?!s\b)[^\W\d_]+)*"
_NAME = f"{_CAPITAL}(?: (?:(?:{{particles}})[ -])?{_CAPITAL}){{{{0,3}}}}"


class _Token(Frozen, frozen=True):
    """A word of a text. ``keys`` are the folded word and the folded parts of a hyphenated one."""

    start: int
    end: int
    word: str
    keys: frozenset[str]
    begins: bool


def ranges(text: str, names: Collection[str], common: Collection[str] = ()) -> list[Range]:
    """Where a text names one of these people: whole names, a given or family name alone, other people of the family.

    In order, without overlaps. Words in ``common`` (folded) count only beside another part of the name. A holder of an
    office who has the family name but another given name is not meant.
    """
    if not names:
        return []
    tokens = _tokens(text)
    headline = _is_headline(tokens)
    found: set[Range] = set()
    for name in names:
        parts = [key for key in (fold(word) for word in _WORD.findall(name)) if key]
        for at, token in enumerate(tokens):
            if parts and _is_part(token, parts):
                run = _run(text, tokens, at, parts, headline=headline)
                if _is_person(tokens, run, parts, common):
                    found.add((tokens[run[0]].start, tokens[run[-1]].end))
    return _merged(found)


def children(texts: Iterable[str]) -> frozenset[str]:
    """The names that texts give to children, as they are written there."""
    return frozenset().union(*map(_children_in, texts))


@lru_cache(maxsize=1_000)
def _children_in(whole: str) -> frozenset[str]:
    found: set[str] = set()
    cue = _child_cue()
    for text in (one for one in whole.split("\n") if cue.search(one)):
        headline = not text.rstrip('"”’ ').endswith((".", "!", "?")) and _is_headline(_tokens(text))
        for pattern, doubt in _child_patterns():
            for match in pattern.finditer(text):
                names = (_without_other_words(name) for name in match.groupdict().values() if name)
                found |= {
                    name
                    for name in names
                    if name and not is_of_many(name) and not _is_doubtful(name, doubt, headline=headline)
                }
    return frozenset(found)


def replaced(text: str, hidden: Sequence[Range], instead: str) -> str:
    """The text with each of these ranges replaced."""
    for start, end in reversed(hidden):
        text = f"{text[:start]}{t(instead)}{text[end:]}"
    return text


def is_place(name: str) -> bool:
    """Is it the name of a place, and does it not begin with a given name?"""
    gazetteer = Gazetteer.open()
    return fold(name) in gazetteer and fold(name.split(maxsplit=1)[0]) not in gazetteer.given


def is_of_many(name: str) -> bool:
    """Is it the name of a force, an office, a club or a group: "Miami Police", "Boko Haram"?"""
    return not set(re.findall(r"\w+", name.casefold())).isdisjoint(rules()["no_person"])


@cache
def rules() -> dict[str, Any]:
    """The rules about names in ``discretion.toml``."""
    return dict(ENGLISH.lexicon.table("discretion")["names"])


def words_filled(pattern: str) -> str:
    """A pattern of the data with its {kin}, {child} and {age} replaced by the words that they stand for."""
    rule = rules()
    for slot, words in (("kin", rule["kin"]), ("child", rule["child_words"]), ("age", rule["age"])):
        pattern = pattern.replace(f"{{{slot}}}", words)
    return pattern


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \t\"'“‘«(")
        keys = frozenset((fold(match[0]), *(fold(part) for part in re.split(r"[-‐‑]", match[0]) if len(part) > 2)))
        begins = not before or before[-1] in _FULL_STOPS
        tokens.append(_Token(match.start(), match.end(), match[0], keys, begins))
    return tokens


def _is_headline(tokens: Sequence[_Token]) -> bool:
    return sum(token.word[0].isupper() for token in tokens) > _HEADLINE_SHARE * len(tokens)


def _is_part(token: _Token, parts: Sequence[str]) -> bool:
    """Is a capitalised word a part of the name, or one half of a hyphenated part?"""
    return token.word[0].isupper() and any(part in token.keys or token.keys & set(part.split()) for part in parts)


def _run(text: str, tokens: Sequence[_Token], at: int, parts: Sequence[str], *, headline: bool) -> list[int]:
    """The words of the whole name around one part of it: positions in ``tokens``, in order."""
    first = last = at
    while first and _joins(text, tokens[first - 1], tokens[first]) and _is_of_name(tokens[first - 1], parts, headline):
        first -= 1
    while (
        last + 1 < len(tokens)
        and _joins(text, tokens[last], tokens[last + 1])
        and _is_of_name(tokens[last + 1], parts, headline)
    ):
        last += 1
    particles = rules()["particles"]
    while first < at and fold(tokens[first].word) in particles and not tokens[first].word[0].isupper():
        first += 1
    while last > at and fold(tokens[last].word) in particles and not tokens[last].word[0].isupper():
        last -= 1
    return list(range(first, last + 1))


def _joins(text: str, left: _Token, right: _Token) -> bool:
    """Do two words stand side by side? A full stop between them only after an initial or a short form such as "Md"."""
    between = text[left.end : right.start]
    if not _BETWEEN.fullmatch(between):
        return False
    return "." not in between or len(left.word) <= 2


def _is_of_name(token: _Token, parts: Sequence[str], headline: bool) -> bool:
    """Can a word beside a part of a name be another part of it?"""
    key = fold(token.word)
    if key in rules()["particles"] or _is_part(token, parts):
        return True
    if not token.word[0].isupper() or key in rules()["no_names"]:
        return False
    if len(token.word) == 1 or key in Gazetteer.open().given or key in rules()["suffixes"]:
        return True
    return not headline and not token.begins


def _is_person(tokens: Sequence[_Token], run: Sequence[int], parts: Sequence[str], common: Collection[str]) -> bool:
    """Does a run of words name the person, or somebody of the family who holds no office?"""
    words = [tokens[at] for at in run]
    own = [token for token in words if _is_part(token, parts)]
    if len({fold(token.word) for token in own}) > 1 or (len(parts) == 1 and len(words) == 1):
        return True
    if all(key in common for token in own for key in token.keys):
        return False
    strangers = [token for token in words if token not in own and _is_distinct(token)]
    if not strangers:
        return True
    before = fold(tokens[run[0] - 1].word) if run[0] else ""
    return _is_part(own[-1], parts[-1:]) and before not in rules()["offices"]


def _is_distinct(token: _Token) -> bool:
    """Does a word tell one bearer of the name from another? Initials, particles and "Jr" do not."""
    key = fold(token.word)
    return len(token.word) > 1 and key not in rules()["particles"] and key not in rules()["suffixes"]


def _merged(found: Iterable[Range]) -> list[Range]:
    kept: list[Range] = []
    for start, end in sorted(found):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


@cache
def _child_cue() -> re.Pattern[str]:
    """Found in every line in which a pattern can be: most lines are not looked at further."""
    return re.compile(words_filled(rules()["child_cue"]), re.IGNORECASE)


@cache
def _child_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns of the data, and for each the list that it stands in."""
    lists = ("child_names", *_DOUBTS)
    return tuple((_compiled(one), name) for name in lists for one in rules()[name])


def _is_doubtful(name: str, doubt: str, *, headline: bool) -> bool:
    """May a pattern of this list have found no name of a person: that of a place, or a headline's other words?"""
    if doubt not in _DOUBTS:
        return False
    given = fold(name.split(maxsplit=1)[0]) in Gazetteer.open().given
    return is_place(name) or (headline and doubt == _DOUBTS[-1] and not given)


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with {kin}, {child} and {age} filled in; each {name} becomes a group of its own."""
    first, *others = words_filled(pattern).split("{name}")
    name = _NAME.format(particles="|".join(rules()["particles"]))
    return re.compile(first + "".join(f"(?P<n{number}>{name}){other}" for number, other in enumerate(others)))


def _without_other_words(name: str) -> str:
    """A name without the words around it that are none; empty if nothing is left, or a holder of an office is meant."""
    rule, demonyms = rules(), Gazetteer.open().demonyms
    words = name.split()
    while words and (fold(words[0]) in rule["no_names"] or words[0] in demonyms):
        if fold(words[0]) in rule["offices"]:
            return ""
        words = words[1:]
    kept = next((at for at, word in enumerate(words) if fold(word) in rule["no_names"]), len(words))
    found = " ".join(words[:kept])
    return found if len(found) > 1 else ""
