"""Which parts has one question: times, names, actors, places, kinds, victims, and what is left out?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from extract.lang.en.lexicon import book, word_set
from extract.lang.en.questions import (
    conditions,
    context,
    exclusions,
    foreign,
    people,
    places,
    ranking,
    spelling,
    time_expressions,
    victims,
)
from extract.lang.en.questions.exclusions import Cue, Part
from extract.lang.en.questions.vocabulary import Mark, Marked, Vocabulary
from extract.places import Gazetteer
from extract.places.search import exact
from extract.query import (
    LeftOut,
    Measure,
    Query,
    Reading,
    Respelling,
    Spot,
    Trouble,
)
from extract.text.normalise import fold
from extract.types import Precision

MAX_SUGGESTIONS = 4
_MORE = r"(?:(?:of|at|above|over|least|more|than|greater|stronger|exceeding)\s+|[>≥]=?\s*)*"
_MAGNITUDE = re.compile(
    rf"\b{_MORE}(?:magnitudes?|mag\.?)\s+{_MORE}(\d(?:\.\d)?)\+?(?:\s+(?:or|and)\s+(?:more|above|over|stronger|higher))?"
    rf"|\bquakes?\s+{_MORE}(\d(?:\.\d)?)\b(?!\s*(?:people|dead|killed|injured|wounded|deaths|times))"
    r"|\bearthquakes?\s+(?:over|above|of|stronger\s+than|at\s+least)\s+(\d(?:\.\d)?)\b"
    r"(?!\s*(?:people|dead|killed|injured|wounded|deaths|times))"
    rf"|\bm(\d(?:\.\d)?)\+|\b(?:stronger|bigger|larger|higher)\s+than\s+(\d(?:\.\d)?)\b",
    re.IGNORECASE,
)
_LISTS = (Measure.LIST, Measure.LATEST, Measure.DEADLIEST, Measure.WHERE, Measure.ANY)


class Question:
    """One question while it is read: each step marks the words it understands as used."""

    def __init__(
        self, text: str, today: date, words: Vocabulary, gazetteer: Gazetteer, *, respelt: tuple[Respelling, ...] = ()
    ) -> None:
        self.text = text
        self.today = today
        self.vocabulary = words
        self.gazetteer = gazetteer
        self.respelt = respelt
        self.used = [False] * len(text)
        self.actors = list(self._actors())
        finder = people.NameFinder(text, self.used, words, gazetteer)
        self.names = [self._taken(one) for one in finder.introduced()]
        self.periods = time_expressions.find(text, today)
        for start, end, _ in self.periods:
            self._use(start, end)
        self.magnitude = self._magnitude()
        self.names += [self._taken(one) for one in finder.mentioned(self._is_place)]
        self.marked = Marked(text, self.used, words)
        self.spots, self.unknown = self._places()
        if any(one.spot.place.country == "US" for one in self.spots):
            self.periods = time_expressions.find(text, today, month_first=True)
        self.asked = conditions.asked(self.marked)
        self.hits = victims.find(self.marked, self.asked.effects, words)
        self.settings = list(self._settings())
        self.cues = self._cues()

    # -------------------------------------------------------------- the query

    def reading(self, before: Query | None) -> Reading:
        """The query, or the reason why it cannot be answered; what it leaves open is taken from the question before."""
        query = self._query()
        words = self.vocabulary.words_of(self.text)
        if before is None or not words:
            return self._checked(query)
        opens_with_cue = bool(self.cues) and self.cues[0].start == words[0].start
        wording = context.Wording(self.marked, words[0].text, self.asked.said, opens_with_cue)
        continued = context.continued(query, wording, before)
        if continued is None:
            return self._checked(query)
        return self._checked(continued[0], taken=continued[1], alone=query)

    def _query(self) -> Query:
        left_out = self._left_out()
        gone = [part for cue in self.cues for part in cue.parts]
        asked, kinds = self.asked, self.marked.kinds([m for m in self.marked.hits("kind") if _is_in(m, gone)])
        spots = tuple(dict.fromkeys(one.spot for one in self.spots if not _is_in(one, gone)))
        periods = tuple(period for start, end, period in self.periods if not _is_in(Part(start, end, "period"), gone))
        compare = self.marked.has("compare") and max(len(spots), len(periods)) > 1
        order = ranking.ranked(self.marked, asked.measure, asked.effects, kinds.slugs)
        if compare and asked.measure in _LISTS:
            asked = conditions.compared(asked)
        measure = asked.measure
        if self._asks_for_none(left_out, kinds.slugs):
            measure = Measure.ANY
            kinds, left_out = left_out.kinds, msgspec.structs.replace(left_out, kinds=kinds)
        return Query(
            measure=measure,
            label=kinds.label,
            kinds=kinds.slugs,
            also=kinds.also,
            weapons=kinds.weapons,
            places=spots,
            periods=periods,
            actors=tuple(
                dict.fromkeys(name for start, end, name in self.actors if not _is_in(Part(start, end, "actor"), gone))
            ),
            conditions=asked.conditions,
            hits=tuple(dict.fromkeys(hit for mark, hit in self.hits.hits if not _is_in(mark, gone))),
            words=tuple(
                dict.fromkeys(word for start, end, word in self.settings if not _is_in(Part(start, end, "word"), gone))
            ),
            names=tuple(dict.fromkeys(one.name for one in self.names if not _is_in(one, gone))),
            name_part=next((one.part for one in self.names if one.part), ""),
            without=left_out,
            compare=compare,
            order=asked.order,
            by=asked.by,
            rank=order.rank,
            limit=order.limit,
            nth=order.nth,
            magnitude=self.magnitude,
            respelt=self.respelt,
            unread=tuple(self._unread()),
        )

    def _checked(self, query: Query, *, taken: tuple[str, ...] = (), alone: Query | None = None) -> Reading:
        asked = self.asked
        if self.unknown:
            nearest = query if query.is_about_something else None
            meant = spelling.similar_places(self.gazetteer, self.unknown, MAX_SUGGESTIONS)
            return Reading(query=nearest, trouble=Trouble.PLACE, what=self.unknown, meant=meant)
        plain = msgspec.structs.replace(query, unread=())
        known = bool(query.is_about_something or asked.is_of_incidents)
        if self.is_foreign:
            return Reading(query=None, trouble=Trouble.LANGUAGE)
        if asked.beyond is Trouble.SAFETY:
            return Reading(query=context.recent(plain, self.today) if query.places else None, trouble=asked.beyond)
        if asked.beyond is not None and not (asked.measure is Measure.COUNT and asked.beyond is Trouble.FUTURE):
            return Reading(query=plain if known else None, trouble=asked.beyond)
        if lost := next((cue.lost for cue in self.cues if cue.lost), ""):
            return Reading(query=plain if query.is_about_something else None, trouble=Trouble.NEGATION, what=lost)
        if asked.thing:
            return Reading(query=plain if query.is_about_something else None, trouble=Trouble.THING, what=asked.thing)
        if not known or (query.unread and not query.has_subject and not taken and not asked.is_of_incidents):
            what = " ".join(query.unread[:3])
            nearest = plain if query.places or query.periods else None
            return Reading(query=nearest, trouble=Trouble.NOTHING, what=what)
        return Reading(query=query, taken=taken, alone=alone)

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language."""
        said = {word.text for one in self.spots for word in self.vocabulary.words_of(one.spot.said)}
        rest = [token for token in self.marked.tokens if token.text not in said and not self.used[token.start]]
        return foreign.is_foreign(rest, sum(map(self.marked.is_read, rest)))

    def _asks_for_none(self, left_out: LeftOut, kinds: Sequence[str]) -> bool:
        """ "No bombings in Karachi?" asks whether there were any; "no fires, only attacks" leaves them out."""
        if not left_out.kinds.slugs or kinds:
            return False
        opening = exclusions.words_in(self.vocabulary.words_of(self.text), 0, self.cues[0].end)
        if not word_set("ask", "leave_out", "asking").issuperset(word.text for word in opening):
            return False
        return not self.marked.has_word(word_set("ask", "leave_out", "else"))

    # -------------------------------------------------------------- what is left out

    def _cues(self) -> list[Cue]:
        """The words that leave something out; they and what they leave out have no other meaning."""
        words = self.vocabulary.words_of(self.text)
        phrases = self.marked.hits("number")
        found = exclusions.find(
            words,
            list(self._parts()),
            lambda start, end: any(
                m.start <= start and end <= m.end and m.end - m.start > end - start for m in phrases
            ),
        )
        for cue in found:
            self._use(cue.start, cue.end)
            for part in cue.parts:
                self._use(part.start, part.end)
            for start, end in ((cue.start, cue.end), *((part.start, part.end) for part in cue.parts)):
                self.marked.forget(start, end, keep="kind")
        if found:
            self.asked = conditions.asked(self.marked)
        return found

    def _parts(self) -> Iterator[Part]:
        """All that the question names, for the words that leave it out."""
        yield from (Part(mark.start, mark.end, "kind") for mark in self.marked.hits("kind"))
        yield from (Part(one.start, one.end, "place") for one in self.spots)
        yield from (Part(start, end, "period") for start, end, _ in self.periods)
        yield from (Part(start, end, "actor") for start, end, _ in self.actors)
        yield from (Part(start, end, "word") for start, end, _ in self.settings)
        yield from (Part(mark.start, mark.end, "hit") for mark, _ in self.hits.hits)
        yield from (Part(one.start, one.end, "name") for one in self.names)
        kinds = {(mark.start, mark.end) for mark in self.marked.hits("kind")}
        harm = [*self.asked.effects, *self.marked.hits("conditions")]
        yield from (Part(m.start, m.end, "effect") for m in harm if (m.start, m.end) not in kinds)

    def _left_out(self) -> LeftOut:
        gone = [part for cue in self.cues for part in cue.parts]
        kinds = [mark for mark in self.marked.hits("kind") if _is_in(mark, gone)]
        return LeftOut(
            kinds=self.marked.kinds_of_marks(kinds),
            places=tuple(one.spot for one in self.spots if _is_in(one, gone)),
            periods=tuple(period for start, end, period in self.periods if _is_in(Part(start, end, "period"), gone)),
            actors=tuple(name for start, end, name in self.actors if _is_in(Part(start, end, "actor"), gone)),
            words=tuple(word for start, end, word in self.settings if _is_in(Part(start, end, "word"), gone)),
            hits=tuple(hit for mark, hit in self.hits.hits if _is_in(mark, gone)),
            names=tuple(one.name for one in self.names if _is_in(one, gone)),
        )

    # -------------------------------------------------------------- parts

    def _use(self, start: int, end: int) -> None:
        for at in range(start, min(end, len(self.used))):
            self.used[at] = True

    def _taken(self, one: people.Named) -> people.Named:
        self._use(one.start, one.end)
        return one

    def _magnitude(self) -> float:
        """The least magnitude of the earthquakes that are asked for, 0 if none is given."""
        match = _MAGNITUDE.search(self.text)
        if match is None or any(self.used[match.start() : match.end()]):
            return 0.0
        number = next(n for n, one in enumerate(match.groups(), 1) if one)
        self._use(match.start(number), match.end(number))
        return float(match[number])

    def _actors(self) -> Iterator[tuple[int, int, str]]:
        for hit in book("groups", "names").find(self.vocabulary.words_of(self.text)):
            if not any(self.used[hit.start : hit.end]) and self._is_group(self.text[hit.start : hit.end]):
                self._use(hit.start, hit.end)
                yield hit.start, hit.end, hit.value

    @staticmethod
    def _is_group(said: str) -> bool:
        """Whether a group's name is meant: short names in lower case can be other words ("mend", "sl")."""
        return len(said) > 4 or not said.islower() or said in ("isis", "farc")

    def _is_place(self, name: str) -> bool:
        """Whether a whole name is that of a place, or surely a misspelt one."""
        return bool(exact(self.gazetteer, name, 1)) or self._guess(name) is not None

    def _guess(self, name: str) -> Spot | None:
        """The place that a misspelt name surely means, with others of a similar name."""
        similar = spelling.similar_places(self.gazetteer, name, MAX_SUGGESTIONS)
        sure = spelling.sure_place(self.gazetteer, name, similar)
        if sure is None:
            return None
        return Spot(said=name, options=(sure, *(place for place in similar if place != sure)))

    def _places(self) -> tuple[list[places.Found], str]:
        found = places.find(
            self.text,
            self.gazetteer,
            used=self.used,
            taken=self.marked.means_more,
            is_filler=self.vocabulary.is_filler,
        )
        spots, unknown = list(found.found), found.unknown
        if unknown and (guessed := self._guess(unknown)):
            spots.append(self._respelt(found.at, found.at + len(unknown), guessed))
            unknown = ""
        for n, one in enumerate(spots):
            self._use(one.start, one.end)
            self.marked.forget(one.start, one.end)
            if (better := spelling.likelier(self.gazetteer, one.spot.said, one.spot.place)) is not None:
                doubted = Spot(said=one.spot.said, options=(better, *one.spot.options))
                spots[n] = self._respelt(one.start, one.end, doubted)
        if unknown:
            self._use(found.at, found.at + len(unknown))
        spots = sorted(spots) or list(self._misspelt()) or list(self._demonyms())
        return spots, unknown

    def _misspelt(self) -> Iterator[places.Found]:
        """A misspelt place without a preposition ("Lahor shooting"), where no other place is named."""
        for token in self.marked.tokens:
            if not self.used[token.start] and not self.marked.is_read(token):
                said = self.text[token.start : token.end]
                if (guessed := self._guess(said)) is not None:
                    self._use(token.start, token.end)
                    yield self._respelt(token.start, token.end, guessed)
                    return

    def _respelt(self, start: int, end: int, guessed: Spot) -> places.Found:
        if fold(guessed.said) != fold(guessed.place.name):
            self.respelt = (*self.respelt, Respelling(said=guessed.said, read=guessed.place.name))
        return places.Found(start, end, guessed)

    def _demonyms(self) -> Iterator[places.Found]:
        """The countries of demonyms ("Nigerian"), for questions that name no place."""
        for token in self.marked.tokens:
            code = self.gazetteer.demonyms.get(token.text.capitalize(), "")
            row = self.gazetteer.country_row(code) if code else -1
            if row >= 0 and not self.used[token.start]:
                self._use(token.start, token.end)
                place = self.gazetteer.place(self.gazetteer.entry(row))
                if place.precision is Precision.COUNTRY:
                    yield places.Found(token.start, token.end, Spot(said=token.text, options=(place,)))

    def _settings(self) -> Iterator[tuple[int, int, str]]:
        """Words that a record must contain: where and against whom."""
        for hit in self.marked.hits("settings"):
            if not any(self.used[hit.start : hit.end]):
                self._use(hit.start, hit.end)
                yield hit.start, hit.end, hit.sense.value
        for mark, word in self.hits.words:
            if not any(self.used[mark.start : mark.end]):
                self._use(mark.start, mark.end)
                yield mark.start, mark.end, word
        for token in self.marked.qualifiers():
            if not self.used[token.start]:
                self._use(token.start, token.end)
                yield token.start, token.end, token.text

    def _unread(self) -> Iterator[str]:
        for token in self.marked.tokens:
            if not self.used[token.start] and not self.marked.is_read(token):
                yield token.text


def _is_in(one: Part | Mark | places.Found | people.Named, parts: Iterable[Part]) -> bool:
    """Whether it stands where one of the parts does."""
    return any(part.start <= one.start and one.end <= part.end for part in parts)
