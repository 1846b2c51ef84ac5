"""Which words of a text distinguish its incident from similar ones? Names above all; used for matching only."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from functools import cache, lru_cache
from typing import NamedTuple

from extract.lang import LANGUAGES
from extract.language import Cue, Language
from extract.lexicon import Lexicon
from extract.text.layout import Layout
from extract.text.normalise import strip_accents
from extract.text.phrases import PhraseBook, phrase_book, words_of

_WORD = re.compile(r"[^\W_]{3,}")
_READ = 1800
_READ_FOR_ROADS = 2500
_MOST = 90
_OPENING = 800
# characters of the text that are read, with the title, for what was hit and what is new
_LEAD = 400
NAME_MARK = "^"
AGE_MARK = "@"
ROAD_MARK = "#"
# begins the marks that are about the text as a whole
WHOLE_MARK = "*"
# set if the text is about the aftermath: courts, arrests, funerals. Its times are often those of the aftermath
AFTERMATH = "*aftermath"
# set if the news of the text is that the toll has risen: its day is often that of the count
UPDATE = "*update"
# set if the lead's only date is the date of a statement, not of the event
SAID = "*said"
# set if the lead calls its event one more after another: the second bombing of a day
AGAIN = "+again"
# how far a text's only time can be trusted; a fused record has those marks of the text that its time comes from
MARKS_OF_TIME = (AFTERMATH, UPDATE, SAID)
# classes of places and of people that the lead says were hit: "%where:mosque", "%whom:police"
TARGET_MARK = "%"
_AFTER_NAMES = chr(ord(NAME_MARK) + 1)


def signature(layout: Layout, language: Language) -> tuple[str, ...]:
    """The folded content words of title and opening, sorted.

    Words written as names begin with ``NAME_MARK``, ages of people with ``AGE_MARK``, the last words of names of roads
    with ``ROAD_MARK``, classes of targets with ``TARGET_MARK``.
    """
    text = layout.plain[:_READ]
    found: dict[str, None] = {}
    opening: set[str] = set()
    stop = _stop(language.lexicon)
    for match in _WORD.finditer(text):
        written, start = match.group(), match.start()
        word = word_key(written)
        if match.end() <= _OPENING:
            opening.add(word)
        if word in stop or word.isdigit():
            continue
        if written[0].isupper() and not written.isupper() and _goes_on(text, start):
            word = NAME_MARK + word
        found.setdefault(word)
    title = layout.plain[: layout.title_chars]
    is_aftermath = not _aftermath(language.lexicon).isdisjoint(opening) or _names_victim_or_suspect(title, language)
    aftermath = (AFTERMATH,) if is_aftermath else ()
    ages = {
        AGE_MARK + (m[1] or m[2] or m[3] or m[4]) + ("m" if m[2] else "") for m in language.cue(Cue.AGE).finditer(text)
    }
    roads = {ROAD_MARK + word_key(name) for name in language.place_reader.road_names(layout.plain[:_READ_FOR_ROADS])}
    lead = _of_lead(layout.plain[: layout.title_chars + _LEAD], language)
    return tuple(sorted({*list(found)[:_MOST], *aftermath, *ages, *roads, *lead}))


def _of_lead(lead: str, language: Language) -> set[str]:
    """The marks of the lead: classes of targets, what its news is, and whether its only date is that of a statement."""
    words = words_of(lead, language.forms)
    marks = {TARGET_MARK + hit.value for hit in _targets(language.lexicon).find(words)}
    marks |= {hit.value for hit in _news(language.lexicon).find(words)}
    days = language.cue(Cue.WEEKDAY_IN_FULL).findall(lead)
    if days and len(days) == len(language.cue(Cue.SAID_ON_DAY).findall(lead)):
        marks.add(SAID)
    return marks


def _goes_on(text: str, start: int) -> bool:
    """Is the word inside a sentence, so that a capital letter makes it a name?"""
    return start > 2 and text[start - 1] == " " and text[start - 2] not in '.!?:" '


def cosine(one: frozenset[str], two: frozenset[str]) -> float:
    """The cosine similarity of two sets of words, 0 to 1."""
    return len(one & two) / (len(one) * len(two)) ** 0.5 if one and two else 0.0


class SignatureParts(NamedTuple):
    """The parts of a signature: names, ages, roads, classes of targets and other words, without their marks.

    ``text_marks`` are the marks of the text as a whole: ``AFTERMATH``, ``UPDATE``, ``SAID``, ``AGAIN``.
    """

    names: frozenset[str]
    ages: frozenset[str]
    roads: frozenset[str]
    targets: frozenset[str]
    words: frozenset[str]
    text_marks: frozenset[str]


@lru_cache(maxsize=256)
def signature_parts(words: tuple[str, ...]) -> SignatureParts:
    """The parts of a signature. It is sorted, so the words with one mark are next to each other."""
    begin, end = bisect_left(words, NAME_MARK), bisect_left(words, _AFTER_NAMES)
    names = frozenset([word[1:] for word in words[begin:end]])
    found: dict[str, list[str]] = {ROAD_MARK: [], TARGET_MARK: [], WHOLE_MARK: [], AGAIN[0]: [], AGE_MARK: []}
    plain = list(words[end:])
    for word in words[:begin]:
        found.get(word[0], plain).append(word)
    ages, roads, targets = (
        frozenset([word[1:] for word in found[mark]]) for mark in (AGE_MARK, ROAD_MARK, TARGET_MARK)
    )
    marks = frozenset([*found[WHOLE_MARK], *found[AGAIN[0]]])
    return SignatureParts(names, ages, roads, targets, frozenset(plain) - names, marks)


@lru_cache(maxsize=20_000)
def words_of_name(name: str) -> frozenset[str]:
    """The words of a name that a signature can contain: "Al-Fasher" is found by "fasher"."""
    return frozenset(word for word in map(word_key, _WORD.findall(name)) if word not in _stop_words())


@lru_cache(maxsize=20_000)
def is_aftermath_headline(title: str) -> bool:
    """Is a headline, in any language, about the aftermath of an event: an arrest, a charge, a funeral?"""
    words = {word_key(word) for word in _WORD.findall(title)}
    return any(
        _is_aftermath_in(title, words, language) for language in LANGUAGES.values() if _has_cues(language.lexicon)
    )


@cache
def _has_cues(lexicon: Lexicon) -> bool:
    return bool(lexicon.table("tracking"))


def _is_aftermath_in(title: str, words: Collection[str], language: Language) -> bool:
    if not _aftermath(language.lexicon).isdisjoint(words) or _names_victim_or_suspect(title, language):
        return True
    found = _news(language.lexicon).find(words_of(title, language.forms))
    return any(hit.value == AFTERMATH for hit in found)


def _names_victim_or_suspect(title: str, language: Language) -> bool:
    """Does a headline name who was killed, or who did it?"""
    return next(_namings(language.lexicon).find(words_of(title, language.forms)), None) is not None


def rarity(name: str) -> float:
    """How much a name in two texts says of their being about one event, 0 to 1; 0 for a name in many articles."""
    return _rarities().get(name, 1.0)


def word_key(word: str) -> str:
    """Lower case, without accents."""
    return word.lower() if word.isascii() else strip_accents(word.lower())


@cache
def _stop_words() -> frozenset[str]:
    """The words that say nothing about which incident it is, of all languages."""
    return frozenset().union(*(_stop(language.lexicon) for language in LANGUAGES.values()))


def _stop(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.words("tracking", "stop", "words")


def _aftermath(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.words("tracking", "aftermath", "words")


@cache
def _targets(lexicon: Lexicon) -> PhraseBook[str]:
    sorts = lexicon.table("tracking").get("targets", {})
    return phrase_book({f"{how}:{sort}": phrases for how in sorts for sort, phrases in sorts[how].items()})


@cache
def _news(lexicon: Lexicon) -> PhraseBook[str]:
    sections = {UPDATE: "update", AFTERMATH: "aftermath", AGAIN: "again"}
    return phrase_book({mark: lexicon.section("tracking", name).get("phrases", ()) for mark, name in sections.items()})


@cache
def _namings(lexicon: Lexicon) -> PhraseBook[str]:
    return phrase_book({AFTERMATH: lexicon.section("tracking", "aftermath").get("namings", ())})


@cache
def _rarities() -> dict[str, float]:
    bands = {"common": 0.0, "frequent": 0.5}
    return {
        name: value
        for language in LANGUAGES.values()
        for band, value in bands.items()
        for name in language.lexicon.table("names").get(band, "").split()
    }
