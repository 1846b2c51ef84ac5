"""How many incidents does a question ask for, and by what are they ranked: "the deadliest", "top 3", "5 latest"?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import read_number
from extract.lang.en.questions.vocabulary import Mark, Marked
from extract.query import Measure, Rank

# how many "the deadliest attacks" are, and the most that can be asked for
SEVERAL, MOST = 5, 50
_BY_HARM: dict[str, Rank] = {
    "killed": "killed",
    "injured": "injured",
    "kidnapped": "kidnapped",
    "casualties": "casualties",
}


class Ranking(NamedTuple):
    """By what incidents, places or times are ranked; how many of them are asked for (0: all), or only the ``nth``."""

    rank: Rank = ""
    limit: int = 0
    nth: int = 0


def ranked(marked: Marked, measure: Measure, effects: Sequence[Mark], kinds: Sequence[str]) -> Ranking:
    """The ranking of a question; none where it asks for all incidents."""
    superlative = next(iter(marked.hits("measures", "deadliest")), None)
    if measure in (Measure.WHERE, Measure.TREND):
        most = superlative is not None or marked.has_word(word_set("ask", "ranks", "most"))
        rank: Rank = _by_harm(effects) or ("killed" if superlative and not _is_most(marked, superlative) else "count")
        number = next((n for m in marked.hits("measures", "where") if (n := _number(marked, m))), 0)
        return Ranking(rank, number or _number(marked, superlative) or 1) if most else Ranking()
    if measure is Measure.DEADLIEST and superlative is not None:
        if marked.hits("measures", "latest") and marked.tokens[superlative.first].text == "top":
            return Ranking("newest", _number(marked, superlative))
        rank = _by_harm(effects) or "killed"
        if kinds and set(kinds) <= word_set("ask", "ranks", "by_magnitude") and not effects:
            rank = "magnitude"
        before = marked.tokens[superlative.first - 1].text if superlative.first else ""
        if nth := table("ask")["ranks"]["nth"].get(before, 0):
            return Ranking(rank, nth, nth)
        return Ranking(rank, _number(marked, superlative) or _of_noun(marked, superlative))
    return _by_time(marked, measure)


def _by_time(marked: Marked, measure: Measure) -> Ranking:
    """ "The last attack", "5 most recent incidents", "the first bombing"."""
    if measure not in (Measure.LATEST, Measure.LIST):
        return Ranking()
    for mark in (*marked.hits("order"), *marked.hits("measures", "latest")):
        if mark.sense.value == "latest" and marked.tokens[mark.last].text not in word_set("ask", "ranks", "latest"):
            continue
        rank: Rank = "oldest" if mark.sense.value == "first" else "newest"
        number = _number(marked, mark)
        if number or ((noun := _noun_behind(marked, mark)) is not None and not _is_plural(marked, noun)):
            return Ranking(rank, number or 1)
    top = _number(marked, None)
    return Ranking("newest", top) if top else Ranking()


def _by_harm(effects: Sequence[Mark]) -> Rank:
    return next((_BY_HARM[e.sense.value] for e in effects if e.sense.value in _BY_HARM), "")


def _is_most(marked: Marked, superlative: Mark) -> bool:
    return marked.tokens[superlative.first].text in word_set("ask", "ranks", "most")


def _number(marked: Marked, mark: Mark | None) -> int:
    """The number beside a superlative or after "top"; 0 if there is none."""
    places = [n + 1 for n, token in enumerate(marked.tokens) if token.text == "top"]
    if mark is not None:
        places += [mark.first - 1, mark.last + 1, *range(mark.first, mark.last)]
    for at in places:
        if 0 <= at < len(marked.tokens):
            number = read_number([marked.tokens[at].text])
            if number is not None and number.exact and 0 < number.value <= MOST:
                return int(number.value)
    return SEVERAL if any(token.text == "top" for token in marked.tokens) else 0


def _of_noun(marked: Marked, superlative: Mark) -> int:
    """1 for "the deadliest attack", several for "the deadliest attacks"."""
    noun = _noun_behind(marked, superlative) or next(iter([*marked.hits("kind"), *_counted(marked)]), None)
    return SEVERAL if noun is not None and _is_plural(marked, noun) else 1


def _noun_behind(marked: Marked, mark: Mark) -> Mark | None:
    """The kind or the word for incidents right after a superlative, with at most one word between."""
    nouns = [noun for noun in [*marked.hits("kind"), *_counted(marked)] if 0 < noun.first - mark.last <= 2]
    return min(nouns, key=lambda noun: noun.first, default=None)


def _counted(marked: Marked) -> list[Mark]:
    return marked.hits("counted", "incidents")


def _is_plural(marked: Marked, noun: Mark) -> bool:
    text = marked.tokens[noun.last].text
    return text.endswith("s") and text not in word_set("ask", "ranks", "no_plurals")
