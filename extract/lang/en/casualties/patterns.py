"""How many people does a text count outside a clause: in headlines ("3 dead"), tolls, lives claimed, charges?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc

from extract.lang.en.casualties.injuries import describes_someone_who_died
from extract.lang.en.casualties.no_people import counts_things
from extract.lang.en.dates import month_names
from extract.lang.en.lexicon import head_words, table, word_set
from extract.lang.en.number_phrases import is_age
from extract.lang.en.numbers import NUMBER_WORDS, VAGUE, read_number
from extract.lang.en.people_phrases import counts_children, is_attacker, partitive, people
from extract.nlp.extensions import sentence_at, sentences_of, text_of
from extract.nlp.mentions import CountField, CountGroup, CountMention, Sentence, counted
from extract.nlp.token_search import sentences_with
from extract.types import Count

_TOTAL_CHARS = 28
_SHARE_CHARS = 32
# an object follows its verb directly, or after one more word: "shot dead a guard"
_OBJECT_DISTANCE = 2
# tags of a verb that can have an object
_FINITE = frozenset({"VBD", "VBP", "VBZ", "VBG", "VBN"})  # "two men stabbed and injured a guard" is read as VBN
_PART_NAME = re.compile(r"(?<!\?P)<([a-z_]+)>")

# words that a number can begin with; ``#`` is any number in digits or exact words
_NUMBERS = frozenset({"#", "half", "between", *VAGUE})
# a pattern that begins with its number is only searched at numbers
_NUMBER_FIRST = ("<n>", "(?<=, )<n>")
_YEARS = re.compile(r"\s+(?:years?|months?|weeks?|days?|hours?|minutes?)\b(?!-|\s+old)", re.IGNORECASE)


# the rest of an age after its number: "67-year-old", "six month olds"
_AGE = re.compile(r"[- ](?:year|month|week|day)s?[- ]old(?P<plural>s)?\b", re.IGNORECASE)


def by_pattern(doc: Doc) -> Iterator[CountMention]:
    """Mentions by the regular expressions of ``data/casualties.toml``, which may repeat what the grammar found."""
    text, sentences = text_of(doc), sentences_of(doc)
    numbered = sentences_with(doc, _NUMBERS)
    sentences_with_words = {
        words: sorted(numbered & sentences_with(doc, words))
        for words in {pattern.words for pattern in _toll_patterns()}
    }
    numbers = {
        at: [m.start() for m in _number_start().finditer(text, sentences[at].start, sentences[at].end)]
        for at in {at for found in sentences_with_words.values() for at in found}
    }
    for pattern in _toll_patterns():
        for at in sentences_with_words[pattern.words]:
            for match in pattern.matches(text, sentences[at], numbers[at]):
                yield from _mention(doc, pattern, match, sentences[at].start)


def _mention(doc: Doc, pattern: _TollPattern, match: re.Match[str], sentence: int) -> Iterator[CountMention]:
    text, at = match.string, match.start("n")
    age = _AGE.match(text, match.end("n"), match.endpos)
    if age is not None and age["plural"]:
        return
    share = _share(text, at)
    if share is not None:
        at = share.start("n")
    count = count_of(share or match, text) if age is None else counted(1, 1)  # "kills 67-year-old woman"
    if (
        count is None
        or _is_part(text, at)
        or _are_agents(doc, match)
        or counts_children(text, at)
        or _is_duration(match)
        or is_age(text, at)
        or counts_things(match)
        or _is_of_injured(match)
    ):
        return
    more, first = (0, at) if pattern.alone else _listed_before(text, sentence, at, match.end())
    yield CountMention(
        field=pattern.field,
        count=counted((count.low or 0) + more, count.high + more if count.high is not None else None),
        start=first,
        end=_end(match) if age is None else age.end(),
        sentence=sentence_at(doc, at),
        total=pattern.total or is_total(text, first),
        cue=match.end(),
        group=_group(match),
    )


def _group(match: re.Match[str]) -> CountGroup:
    if _are_attackers(match):
        return CountGroup.ATTACKER
    return CountGroup.ADDITIONAL if _is_additional(match) else CountGroup.PERSON


def _are_attackers(match: re.Match[str]) -> bool:
    """Whether the last word for people between number and verb means attackers: "Six attackers were killed"."""
    if match.groupdict().get("s") is None or match.start("s") < match.start("n"):
        return False
    said = match.string[match.end("n") : match.start("s")].lower().split()
    who = next((w for w in reversed(said) if w in head_words("people") or w in head_words("attackers")), "")
    return who in head_words("attackers")


def _is_of_injured(match: re.Match[str]) -> bool:
    """Whether the state word is only in the "of" phrase: "two of the injured died"."""
    of = partitive().match(match.string, match.end("n") + 1, match.endpos)
    state = match.groupdict().get("s")
    return of is not None and state is not None and match.start("s") < of.end()


def _share(text: str, at: int) -> re.Match[str] | None:
    """The number (group ``n``) of which the one at an offset is the whole: "100 of" before "the 1,000 people"."""
    return _share_of().search(text, max(0, at - _SHARE_CHARS), at)


@cache
def _share_of() -> re.Pattern[str]:
    before = r"(?:the|its|their|some|about|around|nearly|over)"
    return re.compile(rf"{number_expression()}\s+(?:out\s+)?of\s+{before}?\s*$", re.IGNORECASE)


def _is_duration(match: re.Match[str]) -> bool:
    """Whether the number counts a duration: "with 20 years of service was shot"."""
    return _YEARS.match(match.string, match.end("n"), match.endpos) is not None


def is_total(text: str, at: int) -> bool:
    """Whether the number at an offset is a total: "a total of 12 people"."""
    return _total_of().search(text, max(0, at - _TOTAL_CHARS), at) is not None


@cache
def _total_of() -> re.Pattern[str]:
    words = "|".join(table("casualties")["total_of"]["words"])
    return re.compile(rf"\b(?:{words})(?:\s+at\s+least)?\s+$", re.IGNORECASE)


def _listed_before(text: str, sentence: int, at: int, end: int) -> tuple[int, int]:
    """How many people a list counts before its last item, and where it begins: "4 adults, 1 child shot"."""
    if not text[sentence:at].rstrip().lower().endswith((",", "&", "and")) or partitive().search(text, at, end):
        return 0, at
    one = _single_person().fullmatch(text, sentence, at)
    if one is not None:
        return 1, one.start()
    match = _list().search(text, sentence, at)
    if match is None or match.end() != at:
        return 0, at
    numbers = [read_number([m["n"].lower()]) for m in _list_item().finditer(match.group())]
    return sum(n.value if n is not None else 1 for n in numbers), match.start()


@cache
def _list_item() -> re.Pattern[str]:
    """One item of a list of people: a number and a noun, with the comma or "and" after it."""
    words = "|".join(sorted({*NUMBER_WORDS} - {"half", "many", "zero"}, key=len, reverse=True))
    states = "|".join(sorted({w for row in table("casualties")["states"].values() for w in row}))
    return re.compile(
        rf"\b(?P<n>\d{{1,3}}|an?|{words})\s+(?:(?!(?:{states})\b)[a-z-]+\s+){{0,2}}?(?!(?:{states})\b)"
        rf"(?:{_people_expression()})(?:,?\s+and\s+|,\s*|\s*&\s*)",
        re.IGNORECASE,
    )


@cache
def _single_person() -> re.Pattern[str]:
    """A single person, without an article, that opens a headline: "Police officer, two others killed"."""
    return re.compile(
        rf"(?!\d|(?:{'|'.join(NUMBER_WORDS)})\b)(?:[\w'’-]+\s+){{0,3}}(?!\w+(?:s|men|people)\b)(?:{_people_expression()})"
        rf"(?:,|,?\s+and|\s*&)\s+",
        re.IGNORECASE,
    )


@cache
def _list() -> re.Pattern[str]:
    one = _list_item().pattern.replace("(?P<n>", "(?:")
    return re.compile(rf"(?:{one})+", re.IGNORECASE)


def by_ordinal(doc: Doc) -> Iterator[CountMention]:
    """Totals by an ordinal: "third person dies" means three killed so far."""
    text = text_of(doc)
    words = table("casualties")["ordinals"]["words"]
    for match in _ordinal().finditer(text):
        number = words.index(match["n"].lower()) + 1
        if number > 1:
            yield CountMention(
                field=CountField.KILLED,
                count=counted(number, number),
                start=match.start("n"),
                end=match.end("who"),
                sentence=sentence_at(doc, match.start("n")),
                total=True,
                cue=match.end(),
                also=match["who"].lower().endswith("victim"),
            )


@cache
def _ordinal() -> re.Pattern[str]:
    words = "|".join(table("casualties")["ordinals"]["words"])
    words_between = r"(?:(?!\b(?:that|which|who|left|leaves|leaving)\b)[^.,;:\n]){1,60}?"
    who = rf"(?:{_people_expression()})"
    return re.compile(
        rf"\b(?P<n>{words})\s+(?P<who>(?:[\w-]+\s+)?{who})(?:\s+(?:of|in|from)\s{words_between})?\s+(?:has\s+)?"
        r"(?:dies|died|dead)\b",
        re.IGNORECASE,
    )


def _end(match: re.Match[str]) -> int:
    """The offset after the number and the people it counts, before the word that says what happened to them."""
    state = match.groupdict().get("s")
    if state is None or match.start("s") < match.start("n"):
        return match.end("n")
    return match.start("n") + len(match.string[match.start("n") : match.start("s")].rstrip(" ,"))


def count_of(match: re.Match[str], text: str) -> Count | None:
    said = match["n"].strip()
    words = said.replace(" and ", " ").split()
    spread = re.fullmatch(r"(?:between\s+)?([\w,]+)\s*(?:-|–|to|or|and)\s*([\w,]+)", said, re.IGNORECASE)
    if spread and read_number(words) is None:
        low, high = read_number([spread[1].lower()]), read_number([spread[2].lower()])
        return counted(low.value, high.value) if low and high and low.value < high.value else None
    number = read_number([w.lower() for w in words])
    if (
        number is None
        or number.value > 500_000
        or (number.value > 1900 and number.value < 2100 and "," not in match["n"])
    ):
        return None
    before = text[max(0, match.start("n") - 24) : match.start("n")].lower().rstrip()
    if re.search(r"\b(?:no|any|every)$", before) or _month().search(before):
        return None
    qualifiers = table("casualties")
    if any(before.endswith(" " + w) or before == w for w in qualifiers["at_least"]["words"]) or not number.exact:
        return counted(number.value, None)
    if any(before.endswith(" " + w) for w in qualifiers["at_most"]["words"]):
        return counted(1, number.value)
    return counted(number.value, number.value)


@cache
def _month() -> re.Pattern[str]:
    """A month at the end of a text: a day of the month is no count ("one of five shot on October 27 has died")."""
    names = "|".join(name for names in month_names() for name in names)
    return re.compile(rf"\b(?:{names})\.?$")


def _is_part(text: str, at: int) -> bool:
    """Whether the number is part of another ("seven people, including three children")."""
    before = text[max(0, at - 30) : at].lower()
    return bool(partitive().search(before))


def _are_agents(doc: Doc, match: re.Match[str]) -> bool:
    """Whether the people counted are the agents: "two men shot and wounded a guard".

    Also true if the verb only describes somebody who has died since, who is not counted as injured.
    """
    if match.groupdict().get("s") is None or match.start("s") < match.start("n"):
        return False
    span = doc.char_span(*match.span("s"), alignment_mode="expand")
    if span is None:
        return False
    verb = span.root.head if span.root.dep_ in ("acomp", "oprd") else span.root  # "shot dead a guard"
    if describes_someone_who_died(verb):
        return True
    subject = next((t for t in verb.lefts if t.dep_ == "nsubj"), None)
    if verb.tag_ not in _FINITE or subject is None:
        return False
    verbs = [v for v in (verb, *verb.conjuncts) if v.i >= verb.i]
    objects = [
        t for v in verbs for t in v.rights if t.dep_ in ("dobj", "obj") and t.left_edge.i - v.i <= _OBJECT_DISTANCE
    ]
    return bool(objects) and (is_attacker(subject) or any(people(t) is not None for t in objects))


def _is_additional(match: re.Match[str]) -> bool:
    return _is_additional_in(match.group())


def _is_additional_in(text: str) -> bool:
    return any(word in word_set("casualties", "additional", "words") for word in text.lower().split())


class _TollPattern(NamedTuple):
    """A regular expression with a group ``n`` for the number.

    Only sentences with one of ``words`` can match. ``alone``: people listed before the number are not added to it.
    """

    expression: re.Pattern[str]
    field: CountField
    total: bool
    alone: bool
    words: frozenset[str]
    begins_with_number: bool

    def matches(self, text: str, sentence: Sentence, numbers: list[int]) -> Iterator[re.Match[str]]:
        """The matches within a sentence; ``numbers`` are the offsets at which a number can begin."""
        if not self.begins_with_number:
            yield from self.expression.finditer(text, sentence.start, sentence.end)
            return
        end = 0
        for at in numbers:
            match = self.expression.match(text, at, sentence.end) if at >= end else None
            if match:
                end = match.end()
                yield match


@cache
def _toll_patterns() -> list[_TollPattern]:
    """The patterns of ``data/casualties.toml`` (``tolls``), one for each field of a row."""
    data = table("casualties")
    parts = {"n": number_expression(), "people": _people_expression(), **data["toll_parts"]}
    out: list[_TollPattern] = []
    for row in data["tolls"]:
        for field in row["fields"]:
            said = {"state": data["states"].get(field, ()), "noun": data["nouns_counted"].get(field, ())}
            expression = fill(row["pattern"], {**parts, **{name: "|".join(words) for name, words in said.items()}})
            words = row.get("words") or [w for name in said if f"<{name}>" in row["pattern"] for w in said[name]]
            out.append(
                _TollPattern(
                    expression=re.compile(expression, re.IGNORECASE),
                    field=CountField(field),
                    total=row.get("total", False),
                    alone=row.get("alone", False),
                    words=frozenset(words),
                    begins_with_number=row["pattern"].startswith(_NUMBER_FIRST),
                )
            )
    return out


@cache
def _number_start() -> re.Pattern[str]:
    """A position at which a number can begin."""
    words = "|".join(sorted({*NUMBER_WORDS, *VAGUE}))
    return re.compile(rf"\b(?=\d|(?:half a|a dozen|between|{words})\b)", re.IGNORECASE)


def fill(pattern: str, parts: dict[str, str]) -> str:
    """The pattern with parts in place of each ``<name>``; a part may contain others. ``(?P<n>...)`` is a group."""
    filled = _PART_NAME.sub(lambda m: parts[m[1]], pattern)
    return filled if filled == pattern else fill(filled, parts)


def number_expression() -> str:
    words = "|".join(sorted({*NUMBER_WORDS, *VAGUE} - {"half", "many", "zero"}, key=len, reverse=True))
    one = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{words})(?:[- ](?:{words}))*)"
    return rf"(?P<n>\b(?:between\s+{one}\s+and\s+{one}|half a dozen|a dozen|{one}(?:\s*(?:-|–|to)\s*{one})?))"


def _people_expression() -> str:
    rows = table("roles")["people"].values()
    return "|".join(sorted({w for row in rows for phrase in row for w in phrase.split("|") if " " not in w}))
