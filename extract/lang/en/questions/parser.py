"""What does a question in English ask for?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

import msgspec

from extract.kinds import Kinds
from extract.lang.en.lexicon import book
from extract.lang.en.questions import conditions, places, time_expressions
from extract.lang.en.questions.vocabulary import Marked, Vocabulary
from extract.places import Gazetteer
from extract.places.search import search
from extract.query import Measure, Query, Reading, Spot, Trouble
from extract.types import Place, Precision

MAX_CHARACTERS = 500
MAX_WORDS = 60
MAX_SUGGESTIONS = 4
_LISTS = (Measure.LIST, Measure.LATEST, Measure.DEADLIEST, Measure.WHERE, Measure.ANY)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "`": "'", "–": "-", "—": "-"})
_NAME = re.compile(r"[^\W\d_][\w.'-]*")
_QUOTED = re.compile(r'"([^"]{2,60})"')


class EnglishQuestionReader:
    """Reads questions. Build one and keep it: it contains the vocabulary of kinds and the gazetteer."""

    def __init__(self, kinds: Kinds, gazetteer: Gazetteer) -> None:
        self._words = Vocabulary(kinds)
        self._gazetteer = gazetteer

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """What a question asks for; ``before`` is the question before, which it may continue."""
        text = _plain(question)
        if len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS:
            return Reading(query=None, trouble=Trouble.LENGTH)
        try:
            return _Question(text, today, self._words, self._gazetteer, before).reading()
        except time_expressions.NoSuchDayError as error:
            return Reading(query=None, trouble=Trouble.DATE, what=str(error))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of a kind or group of kinds -> its plural in an answer."""
        return self._words.labels


def _plain(question: str) -> str:
    """The question in Unicode NFKC with straight quotes, without control characters, with single spaces."""
    flat = unicodedata.normalize("NFKC", question).translate(_QUOTES)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in flat).split())


class _Question:
    """One question while it is read: each step marks the words it understands as used."""

    def __init__(self, text: str, today: date, words: Vocabulary, gazetteer: Gazetteer, before: Query | None) -> None:
        self.text = text
        self.today = today
        self.vocabulary = words
        self.gazetteer = gazetteer
        self.before = before
        self.used = [False] * len(text)
        found = time_expressions.find(text, today)
        self.periods = tuple(period for _, _, period in found)
        for start, end, _ in found:
            self._use(start, end)
        self.names = tuple(self._named())
        self.actors = tuple(self._actors())
        self.marked = Marked(text, self.used, words)
        self.spots, self.unknown = self._places()
        if before is None and self.spots and any(one.place.country == "US" for one in self.spots):
            self.periods = tuple(period for _, _, period in time_expressions.find(text, today, month_first=True))

    # -------------------------------------------------------------- the query

    def reading(self) -> Reading:
        """The query, or the reason why it cannot be answered."""
        asked = conditions.asked(self.marked)
        kinds = self.marked.kinds()
        words = tuple(self._settings())
        compare = self.marked.has("compare") and max(len(self.spots), len(self.periods)) > 1
        if compare and asked.measure in _LISTS:
            asked = conditions.compared(asked)
        query = Query(
            measure=asked.measure,
            label=kinds.label,
            kinds=kinds.slugs,
            also=kinds.also,
            weapons=kinds.weapons,
            places=self.spots,
            periods=self.periods,
            actors=self.actors,
            conditions=asked.conditions,
            words=words,
            names=self.names,
            compare=compare,
            order=asked.order,
            by=asked.by,
            unread=tuple(self._unread()),
        )
        follows = self.before is not None and self._follows(query, asked)
        if follows and self.before is not None:
            query = self._continued(query, self.before, asked)
        return self._checked(query, asked, follows=follows)

    def _checked(self, query: Query, asked: conditions.Asked, *, follows: bool) -> Reading:
        if self.unknown:
            nearest = query if query.is_about_something else None
            return Reading(
                query=nearest, trouble=Trouble.PLACE, what=self.unknown, meant=self._suggestions(self.unknown)
            )
        plain = msgspec.structs.replace(query, unread=())
        known = bool(query.is_about_something or asked.is_of_incidents)
        if self.marked.is_foreign(self.spots, self.periods):
            return Reading(query=None, trouble=Trouble.LANGUAGE)
        if asked.beyond is not None and not (asked.measure is Measure.COUNT and asked.beyond is Trouble.FUTURE):
            return Reading(query=plain if known else None, trouble=asked.beyond)
        if asked.thing:
            return Reading(query=plain if query.is_about_something else None, trouble=Trouble.THING, what=asked.thing)
        has_subject = bool(query.kinds or query.actors or query.names or query.conditions or query.words or follows)
        if not known or (query.unread and not has_subject and not asked.is_of_incidents):
            what = " ".join(query.unread[:3])
            nearest = plain if query.places or query.periods else None
            return Reading(query=nearest, trouble=Trouble.NOTHING, what=what)
        return Reading(query=query, follows=follows)

    def _suggestions(self, name: str) -> tuple[Place, ...]:
        return tuple(search(self.gazetteer, name, MAX_SUGGESTIONS))

    # -------------------------------------------------------------- follow-up questions

    def _follows(self, query: Query, asked: conditions.Asked) -> bool:
        """Whether it continues the question before: "and in Lahore?", "how many were killed there?", "last year?"."""
        if not self.marked.tokens:
            return False
        begins = self.marked.begins("follow")
        refers = self.marked.refers()
        parts = bool(query.kinds or query.places or query.periods or query.conditions or query.actors or query.names)
        is_fragment = not asked.said and len(self.marked.tokens) <= 6 and not query.kinds
        is_bare = asked.said and not query.kinds and not query.places and not query.periods and not query.unread
        return bool((begins and (parts or asked.said)) or refers or (is_fragment and parts) or is_bare)

    def _continued(self, query: Query, before: Query, asked: conditions.Asked) -> Query:
        """The query, with what this question leaves out taken from the one before."""
        kept = {
            name: getattr(query, name) or getattr(before, name)
            for name in ("places", "periods", "actors", "words", "names")
        }
        if not query.kinds:
            kept |= {name: getattr(before, name) for name in ("kinds", "also", "weapons", "label")}
        conditions = query.conditions or (() if asked.said else before.conditions)
        measure = query.measure if asked.said else before.measure
        return msgspec.structs.replace(query, **kept, conditions=conditions, measure=measure)

    # -------------------------------------------------------------- parts

    def _use(self, start: int, end: int) -> None:
        for at in range(start, min(end, len(self.used))):
            self.used[at] = True

    def _named(self) -> Iterator[str]:
        """Names of people: after "involving", "named" and the like, and in quotation marks."""
        for quoted in _QUOTED.finditer(self.text):
            if not any(self.used[quoted.start() : quoted.end()]):
                self._use(quoted.start(), quoted.end())
                yield quoted[1]
        for hit in book("ask", "naming").find(self.vocabulary.words_of(self.text)):
            at = hit.end
            parts: list[str] = []
            while (word := _NAME.match(self.text, at + 1)) and self.text[at : at + 1] in (" ", ""):
                if self.used[word.start()] or not self._is_personal(word[0], is_next=bool(parts)):
                    break
                parts.append(word[0].rstrip(".'-"))
                at = word.end()
            if parts:
                self._use(hit.start, at)
                yield " ".join(parts).removesuffix("'s")

    def _is_personal(self, word: str, *, is_next: bool) -> bool:
        if word[:1].isupper():
            return True
        is_cased = any(c.isupper() for c in self.text[1:])
        return not is_cased and not is_next and self.vocabulary.is_unknown(word)

    def _actors(self) -> Iterator[str]:
        seen: set[str] = set()
        for hit in book("groups", "names").find(self.vocabulary.words_of(self.text)):
            if not any(self.used[hit.start : hit.end]) and self._is_group(self.text[hit.start : hit.end]):
                self._use(hit.start, hit.end)
                if hit.value not in seen:
                    seen.add(hit.value)
                    yield hit.value

    def _is_group(self, said: str) -> bool:
        """Whether a group's name is meant: short names in lower case can be other words ("mend", "sl")."""
        return len(said) > 4 or not said.islower() or said in ("isis", "farc")

    def _places(self) -> tuple[tuple[Spot, ...], str]:
        found = places.find(
            self.text,
            self.gazetteer,
            used=self.used,
            taken=self.marked.means_more,
            is_filler=self.vocabulary.is_filler,
        )
        for one in found.found:
            self._use(one.start, one.end)
            self.marked.forget(one.start, one.end)
        if found.unknown:
            self._use(found.at, found.at + len(found.unknown))
        spots = tuple(dict.fromkeys(one.spot for one in found.found))
        return spots or tuple(self._demonyms()), found.unknown

    def _demonyms(self) -> Iterator[Spot]:
        """The countries of demonyms ("Nigerian"), for questions that name no place."""
        for token in self.marked.tokens:
            code = self.gazetteer.demonyms.get(token.text.capitalize(), "")
            row = self.gazetteer.country_row(code) if code else -1
            if row >= 0 and not self.used[token.start]:
                self._use(token.start, token.end)
                place = self.gazetteer.place(self.gazetteer.entry(row))
                if place.precision is Precision.COUNTRY:
                    yield Spot(said=token.text, options=(place,))

    def _settings(self) -> Iterator[str]:
        """Words that a record must contain: where and against whom."""
        seen: set[str] = set()
        for hit in self.marked.hits("settings"):
            if hit.sense.value not in seen and not any(self.used[hit.start : hit.end]):
                seen.add(hit.sense.value)
                self._use(hit.start, hit.end)
                yield hit.sense.value
        for token in self.marked.qualifiers():
            if not self.used[token.start]:
                self._use(token.start, token.end)
                yield token.text

    def _unread(self) -> Iterator[str]:
        for token in self.marked.tokens:
            if not self.used[token.start] and not self.marked.is_read(token):
                yield token.text
