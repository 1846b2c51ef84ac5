"""Which places does a question name, and which name is not a known place?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from extract.lang.en.lexicon import table, word_set
from extract.places.gazetteer import Gazetteer
from extract.places.row_layout import WORD
from extract.places.search import exact
from extract.query import Spot
from extract.text.normalise import fold
from extract.types import Place, Precision

MAX_TOKENS = 7
MAX_OPTIONS = 8
_TOKEN = re.compile(r"[^\W_][\w.'’-]*|[,&]")


def _words(key: str) -> frozenset[str]:
    return word_set("ask", "where", key)


@cache
def _levels() -> dict[str, tuple[Precision, ...]]:
    return {word: tuple(Precision(value) for value in values) for word, values in table("ask")["levels"].items()}


@cache
def _level_of() -> re.Pattern[str]:
    levels = "|".join(_levels())
    return re.compile(rf"(?:the\s+)?(?:(?P<of>[\w.]+)\s+)?(?P<level>{levels})\s+of\s+", re.IGNORECASE)


class Token(NamedTuple):
    """A word or comma of the question.

    ``taken``: it means something else. ``barred``: it was read already and cannot be in a name.
    """

    text: str
    start: int
    end: int
    taken: bool
    barred: bool

    @property
    def low(self) -> str:
        """The lower-case form without possessive ending."""
        return self.text.lower().removesuffix("'s").removesuffix("’s").rstrip(".")


class Found(NamedTuple):
    """A place named in a question."""

    start: int
    end: int
    spot: Spot


class Whereabouts(NamedTuple):
    """The places of a question, and a name that is no known place, with its start (-1: none)."""

    found: list[Found]
    unknown: str = ""
    at: int = -1


def find(
    text: str,
    gazetteer: Gazetteer,
    *,
    used: Sequence[bool],
    taken: Callable[[int], bool],
    is_filler: Callable[[str], bool],
) -> Whereabouts:
    """The places of a question.

    ``used``: for each offset, whether it has been read already. ``taken``: whether the word at an offset means
    something else, unless it is capitalised as a name. ``is_filler``: whether a word adds no meaning.
    """
    tokens = [
        Token(m[0].rstrip(".-'’") or m[0], m.start(), m.end(), m[0] not in ",&" and taken(m.start()), used[m.start()])
        for m in _TOKEN.finditer(text)
    ]
    is_cased = any(t.text[:1].isupper() for t in tokens[1:])
    out: list[Found] = []
    unknown, at = "", -1
    n = 0
    while n < len(tokens):
        before = _before(tokens, n)
        found = _at(text, tokens, n, gazetteer, is_filler, before=before, is_cased=is_cased, has_found=bool(out))
        if found is not None:
            last, spot = found
            out.append(Found(tokens[n].start, tokens[last].end, spot))
            n = last + 1
            continue
        if (
            not unknown
            and before in _words("firmly")
            and (words := _unknown_name_length(tokens, n, is_filler, is_cased))
        ):
            unknown, at = text[tokens[n].start : tokens[n + words - 1].end], tokens[n].start
            n += words
            continue
        n += 1
    return Whereabouts(_nested(text, out, gazetteer), unknown, at)


def _before(tokens: Sequence[Token], n: int) -> str:
    """The word before a name, without articles."""
    at = n - 1
    while at >= 0 and tokens[at].low in _words("articles"):
        at -= 1
    return tokens[at].low if at >= 0 else ""


def _at(
    text: str,
    tokens: Sequence[Token],
    n: int,
    gazetteer: Gazetteer,
    is_filler: Callable[[str], bool],
    *,
    before: str,
    is_cased: bool,
    has_found: bool,
) -> tuple[int, Spot] | None:
    """The last token and the places of the longest name that begins at token ``n``."""
    first = tokens[n]
    if first.text in ",&" or first.barred or (first.taken and not (is_cased and first.text[:1].isupper() and n)):
        return None
    is_introduced = before in _words("in") or (has_found and before in _words("beside")) or before in _words("alone")
    if (level := _level_of().match(text, first.start)) and (is_introduced or first.low == "the"):
        named = _after_level_word(text, tokens, n, level, gazetteer, is_filler)
        if named is not None:
            return named
    is_word = is_filler(first.low) and not _is_name(first, is_cased)
    if first.low in _words("articles") or (is_word and not is_introduced):
        return None
    for size in range(min(MAX_TOKENS, len(tokens) - n), is_word, -1):
        window = tokens[n : n + size]
        options = _options(window, gazetteer, is_filler, is_cased)
        if not options or not (is_introduced or _needs_no_preposition(window, gazetteer, is_cased, n)):
            continue
        return _before_level_word(text, tokens, n, n + size - 1, options)
    return None


def _after_level_word(
    text: str,
    tokens: Sequence[Token],
    n: int,
    level: re.Match[str],
    gazetteer: Gazetteer,
    is_filler: Callable[[str], bool],
) -> tuple[int, Spot] | None:
    """The places of that level, and in that country, if one is named: "the US state of Georgia"."""
    start = next((i for i in range(n, len(tokens)) if tokens[i].start >= level.end()), None)
    if start is None or start == n:
        return None
    outer = _country_of(level["of"] or "", gazetteer)
    for size in range(min(MAX_TOKENS, len(tokens) - start), 0, -1):
        options = _options(tokens[start : start + size], gazetteer, is_filler, is_cased=False)
        fitting = _of_level(options, level["level"].lower())
        fitting = [p for p in fitting if p.country == outer] if outer else fitting
        if fitting:
            last = start + size - 1
            return last, Spot(said=text[tokens[n].start : tokens[last].end], options=tuple(fitting))
    return None


def _country_of(word: str, gazetteer: Gazetteer) -> str:
    code: str = gazetteer.demonyms.get(word.capitalize(), "")
    if code or word.lower() in ("", "the"):
        return code
    found = exact(gazetteer.typed, word.replace(".", ""), 1)
    return (found[0].country or "") if found and found[0].precision is Precision.COUNTRY else ""


def _before_level_word(
    text: str, tokens: Sequence[Token], n: int, last: int, options: list[Place]
) -> tuple[int, Spot] | None:
    """The places, reduced to the level that the word after the name gives: "New York state"."""
    if last + 1 < len(tokens) and tokens[last + 1].low in _levels():
        fitting = _of_level(options, tokens[last + 1].low)
        if fitting:
            last, options = last + 1, fitting
    return last, Spot(said=text[tokens[n].start : tokens[last].end], options=tuple(options))


def _of_level(options: Sequence[Place], level: str) -> list[Place]:
    wanted = _levels()[level]
    return sorted((p for p in options if p.precision in wanted), key=lambda p: wanted.index(p.precision))


def _options(
    window: Sequence[Token], gazetteer: Gazetteer, is_filler: Callable[[str], bool], is_cased: bool
) -> list[Place]:
    """The places whose name is all of these words together."""
    if window[-1].text in ",&" or window[-1].low in _words("inner"):
        return []
    if any(t.barred or (t.taken and not _is_name(t, is_cased)) for t in window):
        return []
    name = " ".join(t.text.removesuffix("'s").removesuffix("’s") for t in window).replace(" ,", ",")
    if len(window) == 1:
        short = window[0].text.replace(".", "")
        if short.isupper() and short in gazetteer.abbreviations:
            return [gazetteer.place(gazetteer.entry(gazetteer.abbreviations[short]))]
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if not parts or (len(parts) > 1 and fold(parts[0]) not in gazetteer.typed):
        return []
    if any(_has_plain_word(part, is_filler) and fold(part) not in gazetteer.typed for part in parts):
        return []
    found = exact(gazetteer.typed, name, MAX_OPTIONS)
    if found and (found[0].precision is Precision.COUNTRY or gazetteer.areas.of(found[0]) is not None):
        return found
    # "Hamilton, Ohio": the city before Hamilton County
    return sorted(found, key=lambda place: fold(place.name) != fold(parts[0]))


def _has_plain_word(part: str, is_filler: Callable[[str], bool]) -> bool:
    """Whether one of a name's words is also a common word of questions: "in", "new", "city"."""
    words = part.lower().split()
    return len(words) > 1 and any(word in _words("inner") or is_filler(word) for word in words)


def _is_name(token: Token, is_cased: bool) -> bool:
    """Whether the token is capitalised in a question that uses capitals."""
    return is_cased and token.text[:1].isupper()


def _needs_no_preposition(window: Sequence[Token], gazetteer: Gazetteer, is_cased: bool, n: int) -> bool:
    """Whether it can be a place without "in" or the like: capitalised, or no ordinary word ("karachi bombings")."""
    if is_cased and n:
        return window[0].text[:1].isupper()
    key = fold(" ".join(t.text for t in window if t.text != ","))
    if len(window) > 1 and gazetteer.areas.named(key) is not None:  # "west africa this month"
        return True
    return not gazetteer.flags(fold(window[0].text)) & WORD and (key in gazetteer.typed or len(window) > 1)


def _unknown_name_length(tokens: Sequence[Token], n: int, is_filler: Callable[[str], bool], is_cased: bool) -> int:
    """How many words from token ``n`` on look like the name of an unknown place."""
    size = 0
    for token in tokens[n : n + 4]:
        if (
            token.text in ",&"
            or token.taken
            or token.barred
            or (is_filler(token.low) and not _is_name(token, is_cased))
        ):
            break
        if is_cased and not token.text[:1].isupper():
            break
        if token.text[0].isdigit():
            break
        size += 1
    return size


def _nested(text: str, found: list[Found], gazetteer: Gazetteer) -> list[Found]:
    """The places, with "Naples in Italy" as one; an "and" or the like between two keeps them apart."""
    out: list[Found] = []
    for one in found:
        beside = out and _words("beside") & set(text[out[-1].end : one.start].lower().split())
        if out and not beside and (inner := _contained(out[-1], one, gazetteer) or _contained(one, out[-1], gazetteer)):
            out[-1] = inner
        else:
            out.append(one)
    return out


def _contained(inner: Found, outer: Found, gazetteer: Gazetteer) -> Found | None:
    for area in outer.spot.options:
        contained = tuple(p for p in inner.spot.options if p != area and gazetteer.contains(area, p))
        if contained and area.precision in (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT):
            start, end = min(inner.start, outer.start), max(inner.end, outer.end)
            return Found(start, end, Spot(said=f"{inner.spot.said}, {outer.spot.said}", options=contained))
    return None
