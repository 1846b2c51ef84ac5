"""Which filter do the words of /subscribe mean? From text to a parsed filter.

``/subscribe Karachi 50km bombing severe +police -cricket``: in any order places, a radius, kinds or groups of kinds,
the least severity or certainty, how many sources at least, how many a day at most, words that must (+) and must not (-)
occur, sources that don't count (-source:name), and what is left out ("no fire", "but not in Balochistan"). After the
word ``called`` comes its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

import msgspec

from bot.errors import ChatError
from bot.i18n.translate import t
from bot.subscriptions.filters import ALL, EXAMPLE, MAX_KM, ParsedFilter, Places, checked_name
from extract.kinds import Kinds
from extract.lang import ENGLISH
from extract.places.meant import here_phrases
from extract.types import Certainty, Frozen, Severity

MOST_OPTION_WORDS = 5
MOST_CUE_WORDS = 3
CALLED = "called"
SOURCE = "-source:"
CERTAINTIES = {value.value: value for value in (Certainty.OBSERVED, Certainty.LIKELY, Certainty.POSSIBLE)}
SEVERITIES = {value.value: value for value in Severity if value is not Severity.UNKNOWN}
_KM = re.compile(r"(\d+(?:\.\d+)?)km")
_NUMBER = re.compile(r"[+-]\d+(?:\.\d+)?[°º]?")
_SOURCES = re.compile(r"([1-9])\+? ?sources?")
_BUDGET = re.compile(r"(?:(?:max|most|at most) )?([1-9]\d?) ?(?:/ ?day|a day|per day)")
_WORD = re.compile(r'[+-](?:source:)?"[^"]+"|\S+')


class _Read(Frozen, frozen=True, kw_only=True):
    """Some words, read: the options, and the words between them; ``starts_with_kind``: before any name."""

    options: ParsedFilter = ParsedFilter()
    names: tuple[tuple[str, ...], ...] = ()
    starts_with_kind: bool = False


def parse_filter(text: str, kinds: Kinds, places: Places | None = None) -> ParsedFilter:
    """The filter that a person's words mean. With ``places`` a kind's word within a place's name stays in it.

    Raises:
        ChatError: a radius is out of bounds or has no place, or the name is not allowed.
    """
    text, called = _apart_from_name(text)
    knows = places.knows if places is not None else lambda _name: False
    if " " in text and text.casefold() not in _words("everywhere") and knows(text):  # "Battle Creek", "No Name"
        return ParsedFilter(name=text, called=called)
    plain = without_request(text)
    if text.casefold() in ALL or plain.casefold() in ALL:
        return ParsedFilter(called=called, is_everywhere=True)
    tokens, parsed = _tokens(plain), ParsedFilter(called=called)
    for number, part in enumerate(_parts(tokens)):
        read = _read(part, kinds, knows)
        parsed = _with_included(parsed, read) if number == 0 else _with_excluded(parsed, read)
    if parsed.km is not None and not parsed.name:
        raise ChatError(t("A radius needs a place to measure from, as in {example}", example=EXAMPLE))
    return parsed


def without_request(text: str) -> str:
    """The words of a request without "alert me about", "please" and the like."""
    kept, before = " ".join(text.split()), None
    while kept != before:
        before = kept
        for pattern in _patterns("lead_ins"):
            kept = pattern.sub("", kept + " ", count=1).strip() if pattern.match(kept + " ") else kept
        for pattern in _patterns("tails"):
            kept = pattern.sub("", kept).strip()
    return kept


def plain_name(text: str) -> str:
    """A name without the words around it that are no part of it ("from", "in")."""
    return _strip(_tokens(without_request(text)))


def is_end_request(text: str) -> bool:
    """Does a text begin like a request to end a subscription?"""
    return any(pattern.match(text) for pattern in _patterns("endings"))


def is_request(text: str) -> bool:
    """Does a text begin like a request to be alerted, so that it is no question?"""
    return any(pattern.match(text) for pattern in _patterns("requests"))


def _apart_from_name(text: str) -> tuple[str, str]:
    """The text before the word "called", and the name after it; empty if there is none."""
    for found in _WORD.finditer(text):
        if found[0].casefold() == CALLED:
            return text[: found.start()].rstrip(), checked_name(text[found.end() :])
    return text, ""


def _tokens(text: str) -> list[str]:
    """The words of a text; commas are words, and distances are written as "48.3km"."""
    for unit, km in _units():
        text = unit.sub(partial(_in_km, km), text)
    return _WORD.findall(re.sub(r"[,;]", r" \g<0> ", text))


def _in_km(km: float, found: re.Match[str]) -> str:
    """A distance in km: as typed, of another unit rounded, to a whole number from 10 on."""
    size = float(found[1]) * km
    return f"{size:g}km" if km == 1 else f"{round(size) if size >= 10 else round(size, 1):g}km"


def _parts(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words up to the first that leaves something out, then those after each such word."""
    start = at = 0
    while at < len(tokens):
        cue = _cue_length(tokens[at:], _words("excluding"))
        if cue:
            yield tokens[start:at]
            start = at + cue
        at += cue or 1
    yield tokens[start:]


def _cue_length(tokens: Sequence[str], cues: frozenset[str]) -> int:
    """How many of the first words are one of the cues; 0 if none are."""
    for count in range(min(MOST_CUE_WORDS, len(tokens)), 0, -1):
        if " ".join(tokens[:count]).casefold() in cues:
            return count
    return 0


# ------------------------------------------------------------------ options and names


def _read(tokens: Sequence[str], kinds: Kinds, knows: Callable[[str], bool]) -> _Read:
    """The options among some words, wherever they stand; the words between them are names."""
    parsed = ParsedFilter()
    names: list[tuple[str, ...]] = []
    current: list[str] = []
    starts_with_kind, at = False, 0
    while at < len(tokens):
        found = _option_at(tokens, at, kinds, knows)
        if found is None:
            current.append(tokens[at])
            at += 1
            continue
        option, count = found
        starts_with_kind = starts_with_kind or bool(option.kinds and not _stripped([*names, current]))
        parsed, at = _add(parsed, option), at + count
        names.append(tuple(current))
        current = []
    names.append(tuple(current))
    return _Read(options=parsed, names=tuple(names), starts_with_kind=starts_with_kind)


def _option_at(
    tokens: Sequence[str], at: int, kinds: Kinds, knows: Callable[[str], bool]
) -> tuple[ParsedFilter, int] | None:
    """The longest option that begins at a word, and its number of words; None if none does."""
    for count in range(min(MOST_OPTION_WORDS, len(tokens) - at), 0, -1):
        option = _option(" ".join(tokens[at : at + count]), kinds)
        if option is not None and not (option.kinds and _is_in_name(tokens, at, count, knows)):
            return option, count
    word = tokens[at]
    misspelt = kinds.find_similar(word) if word.isalpha() and not knows(word) else ()
    return (ParsedFilter(kinds=misspelt), 1) if misspelt else None


def _is_in_name(tokens: Sequence[str], at: int, count: int, knows: Callable[[str], bool]) -> bool:
    """Are the words part of the name of a place, as in "Battle Creek"?"""
    starts = range(max(0, at - 2), at + 1)
    ends = range(at + count, min(len(tokens), at + count + 2) + 1)
    windows = (tokens[start:end] for start in starts for end in ends if end - start > count)
    return any(knows(" ".join(words)) for words in windows if "," not in words and not _joins(words))


def _joins(words: Sequence[str]) -> bool:
    return any(word.casefold() in _words("connecting") for word in (words[0], words[-1]))


def _option(text: str, kinds: Kinds) -> ParsedFilter | None:
    """The filter of one option; None if the text is none."""
    word = text.casefold()
    radius = _KM.fullmatch(word)
    if radius:
        return ParsedFilter(km=_kilometres(float(radius[1])))
    if word.startswith(SOURCE) and len(word) > len(SOURCE):
        plain = _is_one_term(text[len(SOURCE) :])
        return ParsedFilter(without_sources=(word.removeprefix(SOURCE).strip('"'),)) if plain else None
    if len(text) > 1 and text[0] in "+-" and not _NUMBER.fullmatch(text):
        term = text[1:].strip('"')
        plain = _is_one_term(text[1:])
        return (
            (ParsedFilter(words=(term,)) if text[0] == "+" else ParsedFilter(without=(term,)))
            if plain and term
            else None
        )
    if word in SEVERITIES:
        return ParsedFilter(min_severity=SEVERITIES[word])
    if word in CERTAINTIES:
        return ParsedFilter(min_certainty=CERTAINTIES[word])
    if many := _SOURCES.fullmatch(word):
        return ParsedFilter(min_origins=int(many[1]))
    if budget := _BUDGET.fullmatch(word):
        return ParsedFilter(most_a_day=int(budget[1]))
    if word in _words("anything"):
        return ParsedFilter()
    found = kinds.find(text)
    return ParsedFilter(kinds=found) if found else None


def _is_one_term(text: str) -> bool:
    """Is it one word, or several in quotation marks?"""
    return " " not in text or (text[0] == text[-1] == '"' and text.count('"') == 2)


def _kilometres(km: float) -> float:
    if not 0 < km <= MAX_KM:
        raise ChatError(t("A radius lies between 1 and {km} km.", km=MAX_KM))
    return km


def _add(parsed: ParsedFilter, more: ParsedFilter) -> ParsedFilter:
    return msgspec.structs.replace(
        parsed,
        km=more.km if more.km is not None else parsed.km,
        kinds=tuple(dict.fromkeys((*parsed.kinds, *more.kinds))),
        min_severity=more.min_severity if more.min_severity is not Severity.UNKNOWN else parsed.min_severity,
        words=(*parsed.words, *more.words),
        without=(*parsed.without, *more.without),
        min_certainty=max(more.min_certainty, parsed.min_certainty, key=lambda one: one.rank),
        min_origins=max(more.min_origins, parsed.min_origins),
        without_sources=(*parsed.without_sources, *more.without_sources),
        most_a_day=more.most_a_day if more.most_a_day is not None else parsed.most_a_day,
    )


# ------------------------------------------------------------------ what is in, what is out


def _with_included(parsed: ParsedFilter, read: _Read) -> ParsedFilter:
    name = ", ".join(_stripped(read.names))
    is_near = any(_cue_length(words[at:], _words("near")) for words in read.names for at in range(len(words)))
    is_everywhere = name.casefold() in _words("everywhere")
    if is_everywhere:
        name = ""
    return msgspec.structs.replace(
        _add(parsed, read.options), name=name, near=is_near and bool(name), is_everywhere=is_everywhere
    )


def _with_excluded(parsed: ParsedFilter, read: _Read) -> ParsedFilter:
    """What is left out: the kinds, if they stand first, else the places; the rest is meant as if it stood before."""
    added = _add(parsed, msgspec.structs.replace(read.options, kinds=()))
    names = _stripped(read.names)
    if not read.starts_with_kind:
        kinds = tuple(dict.fromkeys((*added.kinds, *read.options.kinds)))
        return msgspec.structs.replace(added, kinds=kinds, without_names=(*added.without_names, *names))
    without = tuple(dict.fromkeys((*added.without_kinds, *read.options.kinds)))
    inside = any(words and words[0].casefold() in _words("inside") for words in read.names)
    if names and (inside or not added.name):
        name = ", ".join((*filter(None, (added.name,)), *names))
        return msgspec.structs.replace(added, without_kinds=without, name=name)
    return msgspec.structs.replace(added, without_kinds=without, without_names=(*added.without_names, *names))


def _stripped(names: Sequence[Sequence[str]]) -> list[str]:
    """The names without commas and connecting words at their ends; those of which nothing is left are left out."""
    return [name for words in names if (name := _strip(list(words)))]


def _strip(words: list[str]) -> str:
    if " ".join(words).casefold() in here_phrases():
        return " ".join(words)
    loose = _words("connecting") | {",", ";", ".", "-", ":", "&"}
    while words and words[0].casefold() in loose and not (len(words) > 1 and _is_article(words)):
        words = words[1:]
    while words and words[-1].casefold() in loose:
        words = words[:-1]
    return " ".join(words).replace(" ,", ",").replace(" ;", ";")


def _is_article(words: Sequence[str]) -> bool:
    """Is the first word the article of a name ("The Gambia", "The Hague")?"""
    return words[0].casefold() == "the" and words[1][:1].isupper()


# ------------------------------------------------------------------ data


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in ENGLISH.lexicon.table("requests")["words"][key])


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    ends = "" if key != "tails" else "$"
    patterns = ENGLISH.lexicon.table("requests")[key]["patterns"]
    return tuple(re.compile(f"(?:{pattern}){ends}", re.IGNORECASE) for pattern in patterns)


@cache
def _units() -> tuple[tuple[re.Pattern[str], float], ...]:
    table = ENGLISH.lexicon.table("requests")["distances"]
    return tuple(
        (re.compile(rf"(\d+(?:\.\d+)?)[ -]?(?:{unit})\b(?!-)", re.IGNORECASE), km) for unit, km in table.items()
    )
