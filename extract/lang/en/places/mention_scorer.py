"""Is this name a place here, and in which role? By a sum of features of the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from extract.lang.en.lexicon import table
from extract.lang.en.places.cue_words import Words, load
from extract.places.gazetteer import Gazetteer
from extract.places.reading import Part, Span
from extract.places.row_layout import COUNTRY, GIVEN, SURNAME, WORD
from extract.places.tokens import Tokens
from extract.places.types import Mention, NameRole

_DATELINE = re.compile(r"(?:,?[ \t]+[^\n]{0,40}?)?[ \t]*(?:\([^)\n]{2,60}\)[ \t]*)?(?:--|—|–|-[ \t])")
_HOME = re.compile(r"\b\d{1,3},?[ \t]+(?:both |all |who lives |who lived )?(?:of|from|in)[ \t]+\Z")
_JOINED = ("-", "–", "/")
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”•*|]")


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The weight of each feature for or against a place, in log odds (``data/places.toml``, ``scores``)."""

    multiword: float
    dateline: float
    home: float
    word: float
    alone_in: float
    given: float
    surname: float
    stop: float
    soft: float
    strong: float
    before: float
    after: float
    level: float
    person: float
    person_in: float
    capitals_word: float
    shouted: float
    title: float
    given_before: float
    capital_before: float
    organisation_of: float
    road: float
    other: float
    capital_after: float
    given_here: float
    country_pair: float


@cache
def standard_scores() -> Scores:
    """The scores of ``data/places.toml``."""
    return msgspec.convert(table("places")["scores"], Scores)


def scored(tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
    """The names of a text as mentions, with score, role and order, in the order of the spans."""
    return _Scorer(tokens, gazetteer, load(), standard_scores()).score_all(spans, where)


class _Scorer:
    """Scores the names of one text."""

    def __init__(self, tokens: Tokens, gazetteer: Gazetteer, words: Words, scores: Scores) -> None:
        self.scores = scores
        self.tokens = tokens
        self.gazetteer = gazetteer
        self.words = words
        self.people = _people(tokens, gazetteer, words)
        self.taken: set[int] = set()

    def score_all(self, spans: Sequence[Span], where: Part) -> list[Mention]:
        self.taken = {i for first, end, _ in spans for i in range(first, end)}
        return [self._mention(first, end, key, where) for first, end, key in spans]

    def _mention(self, first: int, end: int, key: str, where: Part) -> Mention:
        tokens, gazetteer = self.tokens, self.gazetteer
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        name = tokens.text[start:stop]
        people = name.title() if name.isupper() and len(name) > 3 else name
        if people in gazetteer.demonyms:
            return Mention(where=where, start=start, end=stop, name=name, key=key, role=NameRole.DEMONYM,
                           country=gazetteer.demonyms[people])  # fmt: skip
        if tokens.text[stop : stop + 1] == "$":
            return Mention(where=where, start=start, end=stop, name=name, key=key, score=-99.0)
        row = -1
        dotted = tokens.text[stop : stop + 1] == "."
        if name in gazetteer.standing or (dotted and name + "." in gazetteer.standing):
            row = gazetteer.standing.get(name, -1) if name in gazetteer.standing else gazetteer.standing[name + "."]
            if name not in gazetteer.standing:
                stop, name = stop + 1, name + "."
        elif name in gazetteer.abbreviations and self._after_comma(first) and key not in ("us",):
            row = gazetteer.abbreviations[name]
        elif end - first == 1 and ((len(key) <= 2 and key not in self.words.acronyms) or (key not in gazetteer)):
            return Mention(where=where, start=start, end=stop, name=name, key=key, score=-99.0)
        if self._names_water(first, end):
            return Mention(where=where, start=start, end=stop, name=name, key=key, score=-99.0)
        level = self._level(first, end)
        stop = self._with_generic(end, stop, level)
        name = tokens.text[start:stop]
        role = self._role(first, end)
        score = 6.0 if row >= 0 else self._score(first, end, key, role)
        return Mention(
            where=where,
            start=start,
            end=stop,
            name=name,
            key=key,
            role=role,
            score=score,
            order=1 if self._is_state_before_noun(key, end) else self._order(level),
            full_key=f"{key} {level}" if level in self.words.in_names else "",
            row=row,
        )

    def _names_water(self, first: int, end: int) -> bool:
        """Whether the name is that of a sea or the word for one: "Azov" in "Sea of Azov", "Gulf" in "Gulf of Aden"."""
        words, waters = self.tokens.folded, self.words.waters
        if end - first == 1 and words[first] in waters and words[end : end + 1] == ["of"]:
            return True
        return first > 1 and words[first - 1] == "of" and words[first - 2] in waters

    def _is_state_before_noun(self, key: str, end: int) -> bool:
        """Whether the name of a country stands where its adjective would: "Georgia woman" is from the state."""
        after, gap = self._after(end)
        return gap == " " and key in self.words.state_before_noun and after in self.words.people

    def _order(self, level: str) -> int:
        """1 for a word of first-order divisions, 2 for one of second-order divisions, 0 for any other."""
        if level in self.words.first_order:
            return 1
        return 2 if level in self.words.second_order else 0

    # -------------------------------------------------------------- features

    def _score(self, first: int, end: int, key: str, role: NameRole) -> float:
        words, tokens, scores = self.words, self.tokens, self.scores
        single = end - first == 1
        before, gap = self._before(first)
        starts = self._starts(first, before, gap)
        is_placed = not starts and gap.strip() == "" and before in words.strong
        score = 0.0 if single else scores.multiword
        score += {NameRole.DATELINE: scores.dateline, NameRole.HOME: scores.home}.get(role, 0.0)
        score += self._name_itself(key, single)
        if is_placed:
            score += scores.strong
        elif not starts and gap.strip() == "" and before in words.before:
            score += scores.before
        score += self._word_after(first, end)
        headline = self._headline(first, end)
        if is_placed and before in words.alone and not headline and not tokens.upper and self._ends_here(end):
            score += scores.alone_in * self._is_ambiguous(key)
        if self._is_pair(first, end):
            score += scores.country_pair
        elif not headline:
            score += self._neighbours(first, end, before, gap, starts)
        if single and key in self.people and role is not NameRole.DATELINE:
            score += scores.person_in if is_placed else scores.person
        written = tokens.text[tokens.starts[first] : tokens.ends[end - 1]]
        if not tokens.upper and written.isupper() and len(key) > 3 and role is not NameRole.DATELINE and not headline:
            score += scores.shouted
        return score

    def _is_ambiguous(self, key: str) -> bool:
        """Whether the name is also an ordinary word or a given name."""
        return bool(self.gazetteer.flags(key) & (WORD | GIVEN)) and key not in self.words.stop

    def _ends_here(self, end: int) -> bool:
        """Whether no capitalised word follows: "in Liberty on Sunday", not "in Liberty Hall"."""
        return end >= len(self.tokens.starts) or not self.tokens.capital[end] or self._after(end)[1] != " "

    def _name_itself(self, key: str, single: bool) -> float:
        """The score of the name itself, which may also be an ordinary word or a person's name."""
        words, scores = self.words, self.scores
        if key in words.acronyms:
            return 0.0
        flags = self.gazetteer.flags(key)
        score = scores.word * bool(flags & WORD)
        if single:
            score += scores.given * bool(flags & GIVEN) + scores.surname * bool(flags & SURNAME)
            score += scores.capitals_word * bool(flags & WORD and self.tokens.upper)
        if key in words.stop:
            return score + scores.stop
        return score + scores.soft * (key in words.soft)

    def _word_after(self, first: int, end: int) -> float:
        """The score of the words after it: "Lahore police", "Swat district"."""
        after, gap = self._after(end)
        score = 0.0
        if gap in (" ", "'s ", "’s ") and (after in self.words.organisation or after in self.words.people):
            score += self.scores.after
        return score + (self.scores.level if self._level(first, end) else 0.0)

    def _starts(self, first: int, before: str, gap: str) -> bool:
        """Whether a sentence starts here; not at "Ivins" in "Dr. Ivins" or "Moore" in "J. Moore"."""
        if first == 0:
            return True
        if gap == ". " and (before in self.words.title or len(before) == 1):
            return False
        return bool(_SENTENCE_END.search(gap))

    def _neighbours(self, first: int, end: int, before: str, gap: str, starts: bool) -> float:
        """The score of capitalised words next to the name, which may be part of a longer name."""
        score = 0.0 if starts or first == 0 else self._word_before(first, before, gap)
        after, gap_after = self._after(end)
        words, tokens, scores = self.words, self.tokens, self.scores
        if gap_after == " " and tokens.capital[end] and not tokens.upper:
            given = end - first == 1 and self.gazetteer.flags(tokens.folded[first]) & GIVEN
            if after in words.road:
                score += scores.road
            elif after in words.other:
                score += scores.other
            elif after in words.generic or after in words.organisation or after in words.hospital:
                score += 0.0
            elif given:
                score += scores.given_here
            elif end not in self.taken:
                score += scores.capital_after
        elif gap_after == "-" and end < len(tokens.starts) and tokens.capital[end]:
            score += scores.capital_after
        return score

    def _is_pair(self, first: int, end: int) -> bool:
        """Whether it is one of two countries that a dash joins: "the Turkey-Syria earthquake"."""
        tokens = self.tokens
        behind = end < len(tokens.starts) and tokens.gaps[end - 1] in _JOINED and self._is_country(end)
        before = first > 0 and tokens.gaps[first - 1] in _JOINED and self._is_country(first - 1)
        return (behind or before) and self._is_country(first)

    def _is_country(self, at: int) -> bool:
        """Whether the word is the usual name of a country."""
        known = self.gazetteer.candidates(self.tokens.folded[at]) if self.tokens.capital[at] else ()
        return any(c.entry.kind == COUNTRY and not c.alternate for c in known)

    def _word_before(self, first: int, before: str, gap: str) -> float:
        words, tokens, scores = self.words, self.tokens, self.scores
        if gap not in (" ", ". ", "-", "\n"):
            return 0.0
        named = tokens.capital[first - 1]
        if gap == "-" and tokens.ends[first - 1] - tokens.starts[first - 1] <= 3:  # "R-Florence", "D-Houston"
            return 0.5
        if before in words.title and (named or before in ("officer", "officers")):
            return scores.title
        if before == "of" and first > 1 and tokens.folded[first - 2] in words.organisation_of:
            return scores.organisation_of
        if not named or tokens.upper or first - 1 in self.taken or before in words.connectors or before in words.before:
            return 0.0
        if before in self.gazetteer.given or len(before) == 1:
            return scores.given_before
        if (
            first > 1
            and tokens.gaps[first - 2] in (" ", ". ")
            and tokens.folded[first - 2] in self.gazetteer.given
            and tokens.capital[first - 2]
        ):
            return scores.given_before
        return 0.0 if before in words.container else scores.capital_before

    def _headline(self, first: int, end: int) -> bool:
        """Whether most longer words around it are capitalised, so that capitals mean nothing."""
        tokens = self.tokens
        around = [i for i in (*range(max(0, first - 5), first), *range(end, min(len(tokens.starts), end + 5)))
                  if tokens.ends[i] - tokens.starts[i] > 3]  # fmt: skip
        return len(around) >= 4 and sum(tokens.capital[i] for i in around) >= 0.85 * len(around)

    # -------------------------------------------------------------- roles

    def _role(self, first: int, end: int) -> NameRole:
        words, tokens = self.words, self.tokens
        after, gap_after = self._after(end)
        before, gap_before = self._before(first)
        if self._dateline(first, end):
            return NameRole.DATELINE
        if gap_after in (" ", ". ") and end < len(tokens.starts) and after in words.road and (tokens.capital[end]):
            return NameRole.ROAD
        if gap_after in (" ", "'s ", "’s "):
            near = {tokens.folded[i] for i in range(end, min(end + 3, len(tokens.starts))) if tokens.capital[i]} | {
                after
            }
            if near & words.hospital:
                return NameRole.HOSPITAL
            if after in words.organisation:
                return NameRole.ORGANISATION
        if _HOME.search(tokens.text[max(0, tokens.starts[first] - 30) : tokens.starts[first]]):
            return NameRole.HOME
        if gap_before.strip() == "" and before in words.strong:
            return NameRole.LOCATIVE
        return NameRole.PLAIN

    def _dateline(self, first: int, end: int) -> bool:
        """Whether it is a dateline: at the start of a paragraph, in capitals or before "(AP) —"."""
        tokens = self.tokens
        if first and not re.search(r"\n[ \t?*]*\Z", tokens.gaps[first - 1]):
            after_city = first - 1 in self.taken and tokens.gaps[first - 1].strip() == ","
            if not after_city or self._paragraph_words(first) > 4:
                return False
        line = tokens.text[tokens.ends[end - 1] : tokens.ends[end - 1] + 110]
        shouted = tokens.text[tokens.starts[first] : tokens.ends[end - 1]].isupper()
        if shouted and not tokens.upper and line.startswith(": "):
            return True  # "QUETTA: At least"
        return bool(_DATELINE.match(line)) and (shouted or "(" in line[:70] or line[:6].strip()[:1] in "-–—")

    def _paragraph_words(self, first: int) -> int:
        start = self.tokens.text.rfind("\n", 0, self.tokens.starts[first])
        return len(self.tokens.text[start + 1 : self.tokens.starts[first]].split())

    def _level(self, first: int, end: int) -> str:
        words, tokens = self.words, self.tokens
        after, gap = self._after(end)
        if gap in (" ", "\n") and after in words.generic:
            follows = tokens.folded[end + 1] if end + 1 < len(tokens.starts) and tokens.joined(end) else ""
            if not (tokens.capital[end] and follows in words.not_generic):
                return after
        if (
            first > 1
            and tokens.folded[first - 1] == "of"
            and tokens.folded[first - 2] in words.generic | {"city", "town", "village"}
        ):
            return tokens.folded[first - 2]
        if first > 0 and tokens.gaps[first - 1] == " " and tokens.folded[first - 1] in ("county", "province", "co"):
            return tokens.folded[first - 1]
        return ""

    def _with_generic(self, end: int, stop: int, level: str) -> int:
        """The end of the name: "Swat District" is one name, "Swat district" a name and a word."""
        tokens = self.tokens
        if (
            level
            and end < len(tokens.starts)
            and tokens.folded[end] == level
            and tokens.capital[end]
            and not tokens.upper
        ):
            return tokens.ends[end]
        return stop

    # -------------------------------------------------------------- neighbours

    def _before(self, first: int) -> tuple[str, str]:
        if first == 0:
            return "", self.tokens.text[: self.tokens.starts[0]] or "\n"
        return self.tokens.folded[first - 1], self.tokens.gaps[first - 1]

    def _after(self, end: int) -> tuple[str, str]:
        if end >= len(self.tokens.starts):
            return "", "\n"
        gap = self.tokens.gaps[end - 1]
        if gap in ("'", "’") and self.tokens.folded[end] == "s" and end + 1 < len(self.tokens.starts):
            return self.tokens.folded[end + 1], gap + "s" + self.tokens.gaps[end]
        return self.tokens.folded[end], gap

    def _after_comma(self, first: int) -> bool:
        tokens = self.tokens
        if not first or first - 1 not in self.taken:
            return False
        if tokens.upper and tokens.text[tokens.starts[first] : tokens.ends[first]] in self.gazetteer.guarded:
            return False
        gap = tokens.gaps[first - 1]
        word = tokens.text[tokens.starts[first] : tokens.ends[first]]
        if gap in (", ", ",", ",\n"):
            return True
        return gap == " " and word.isupper() and word not in self.gazetteer.guarded and not tokens.upper


def _people(tokens: Tokens, gazetteer: Gazetteer, words: Words) -> frozenset[str]:
    """Folded last words of people's names in the text: those after a title or a given name."""
    found: set[str] = set()
    for i in range(1, len(tokens.starts)):
        if not tokens.capital[i] or not tokens.capital[i - 1] or not tokens.joined(i - 1):
            continue
        before = tokens.folded[i - 1]
        named = before in gazetteer.given and not (i > 1 and tokens.folded[i - 2] in words.strong)
        initial = len(before) == 1 and i > 1 and tokens.folded[i - 2] in gazetteer.given
        if (named or initial or before in words.title) and tokens.folded[i] not in words.generic | words.road:
            found.add(tokens.folded[i])
    return frozenset(found)
