"""Component ``tocsin_nouns``: which noun phrases may be participants of the act, and with which features?

The features of each: the head word and its class, what the phrase is subject or object of, the words around it, and the
acts mentioned in its sentence. ``extract/decide/participants/argument_roles.py`` weighs them. Their names are keys of
learned weights.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy import symbols
from spacy.language import Language
from spacy.tokens import Doc

from extract.lang.en.lexicon import head_words, table, type_of_head, word_set
from extract.nlp.extensions import layout_of, sentences_of
from extract.nlp.mentions import NamedMention, NounMention, Trigger

_READ: list[int | str] = ["LOWER", "LEMMA", "DEP", "POS", "TAG", "IDX"]
_NOUNS = frozenset({"NOUN", "PROPN"})
_POS_NAMES = {number: name for name, number in symbols.IDS.items()}
_NOUN_IDS = frozenset(symbols.IDS[pos] for pos in _NOUNS)
_NAME_ID = symbols.IDS["PROPN"]
_MODIFIERS = frozenset({"compound", "nmod", "amod", "nummod", "det", "quantmod", "advmod", "npadvmod", "case", "punct"})
_NAME_PARTS = frozenset({"compound", "nmod", "amod", "poss", "case"})
_NOT_FIRST = frozenset({"DET", "PUNCT", "PRON", "NUM", "ADP", "ADV", "SCONJ", "CCONJ", "PART", "SPACE"})
_COORDINATION = frozenset({"conj", "appos"})
_MAX_LEFT = 6
_NEAR, _FAR = 40, 120


class TokenTable:
    """The attributes of a text's tokens as numbers; strings are only looked up for the tokens asked for."""

    def __init__(self, doc: Doc) -> None:
        self._strings = doc.vocab.strings
        columns = doc.to_array(_READ).T.tolist()
        self._lower, self._lemma, self._dep, self._pos, self._tag, self.start = columns
        self._head: NDArray[np.int64] = doc.to_array("HEAD").astype(np.int64)
        self.size = len(doc)

    def lower(self, i: int) -> str:
        """The token in lower case."""
        return str(self._strings[self._lower[i]])

    def lemma(self, i: int) -> str:
        """A verb's lemma, another token in lower case."""
        return str(self._strings[self._lemma[i]])

    def dep(self, i: int) -> str:
        """The token's dependency label."""
        return str(self._strings[self._dep[i]])

    def pos(self, i: int) -> str:
        """The token's universal part of speech."""
        return str(_POS_NAMES[self._pos[i]])

    def tag(self, i: int) -> str:
        """The token's Penn tag."""
        return str(self._strings[self._tag[i]])

    def head(self, i: int) -> int:
        """The index of the token's head; its own for a root."""
        return i + int(self._head[i])

    def end(self, i: int) -> int:
        """The offset of the token's end."""
        return int(self.start[i]) + len(self.lower(i))

    def heads(self) -> Iterator[int]:
        """The tokens that may be heads of participants: names, and words for people, weapons and targets."""
        known, inside = _heads(), _MODIFIERS
        for i, pos in enumerate(self._pos):
            if pos in _NOUN_IDS and self.dep(i) not in inside and (pos == _NAME_ID or self.lower(i) in known):
                yield i


class Phrase(NamedTuple):
    """Tokens ``first`` to ``head`` of a noun phrase."""

    first: int
    head: int


@Language.component(
    "tocsin_nouns",
    requires=["token.dep", "doc._.triggers", "doc._.counts", "doc._.times", "doc._.weapons", "doc._.attackers"],
    assigns=["doc._.nouns"],
)
def nouns(doc: Doc) -> Doc:
    """Lists the noun phrases that may be participants of the act, in the order of the text."""
    doc._.nouns = list(_mentions(doc))
    return doc


def _mentions(doc: Doc) -> Iterator[NounMention]:
    context = _Context(doc)
    if not context.sentences_with_acts:
        return
    words = TokenTable(doc)
    raw = layout_of(doc).raw
    for i in words.heads():
        at = context.sentence(words.start[i])
        if at not in context.sentences_with_acts:
            continue
        phrase = _phrase(words, i)
        start, end = words.start[_name_start(words, phrase)], words.end(_last_token(words, i))
        if context.is_time(start, end, at):
            continue
        features = (*_phrase_features(words, phrase), *_argument_features(words, i), *context.features(start, end, at))
        yield NounMention(
            name=raw[start:end], start=start, end=end, sentence=at, head=words.lower(i), features=features
        )


@cache
def _heads() -> frozenset[str]:
    sections = (head_words(part) for part in ("people", "targets", "weapons", "attackers"))
    return word_set("cast", "naming", "heads").union(*sections)


def _phrase(words: TokenTable, head: int) -> Phrase:
    first = head
    while first > max(0, head - _MAX_LEFT) and words.head(first - 1) in range(first, head + 1):
        if words.dep(first - 1) not in _MODIFIERS | _NAME_PARTS:
            break
        first -= 1
    skip = _skipped()
    while first < head and (
        words.pos(first) in _NOT_FIRST or words.lower(first) in skip or not words.lower(first)[0].isalnum()
    ):
        first += 1
    return Phrase(first, head)


def _name_start(words: TokenTable, phrase: Phrase) -> int:
    """The first token of the name, after the rest of an age: "Jane Roe" in "7-year-old Jane Roe"."""
    first, ages = phrase.first, word_set("cast", "naming", "age")
    if first and (words.lower(first - 1) == "-" or words.pos(first - 1) == "NUM"):
        while first < phrase.head and words.lower(first) in ages:
            first += 1
    return first


def _last_token(words: TokenTable, head: int) -> int:
    """The last token of the name, after "of" if the head alone says little ("members of the Shining Path")."""
    if words.lower(head) not in word_set("cast", "naming", "of_whom"):
        return head
    if head + 1 >= words.size or words.lower(head + 1) != "of":
        return head
    return next((i for i in range(head + 2, min(head + 8, words.size)) if words.head(i) == head + 1), head)


@cache
def _skipped() -> frozenset[str]:
    return word_set("casualties", "additional", "words") | word_set("casualties", "vague", "words")


# ------------------------------------------------------------------ the phrase itself


def _phrase_features(words: TokenTable, phrase: Phrase) -> Iterator[str]:
    head = words.lower(phrase.head)
    yield f"h:{head}"
    yield words.tag(phrase.head)
    yield from _classes(head)
    if words.pos(phrase.head) == "PROPN":
        yield "long_name" if phrase.head - phrase.first else "name"
    for i in range(phrase.first, phrase.head):
        yield f"m:{words.lower(i)}"
    before = phrase.first - 1
    while before >= 0 and words.pos(before) in ("DET", "NUM") and words.head(before) == phrase.head:
        yield "number" if words.pos(before) == "NUM" else f"det:{words.lower(before)}"
        before -= 1
    if before >= 0:
        yield f"before:{words.lower(before)}"
        if before >= 1:
            yield f"before2:{words.lower(before - 1)}_{words.lower(before)}"
    if phrase.head + 1 < words.size:
        yield f"after:{words.lower(phrase.head + 1)}"


@cache
def _classes(head: str) -> tuple[str, ...]:
    out: list[str] = []
    for section in ("people", "targets", "weapons"):
        if head in type_of_head(section):
            out += [section, f"{section}:{type_of_head(section)[head]}"]
    if head in _attackers():
        out.append("attacker")
    return tuple(out)


@cache
def _attackers() -> frozenset[str]:
    return word_set("roles", "attackers", "words")


# ------------------------------------------------------------------ its governor


def _argument_features(words: TokenTable, i: int) -> Iterator[str]:
    """Features of what the phrase is subject, object or complement of."""
    if words.dep(i) in _COORDINATION:
        yield words.dep(i)
    while words.dep(i) in _COORDINATION and words.head(i) != i and words.pos(words.head(i)) in _NOUNS:
        i = words.head(i)
    dep, head = words.dep(i), words.head(i)
    if dep == "pobj" and words.pos(head) in ("ADP", "SCONJ", "PART", "VERB"):
        prep, over = words.lower(head), words.head(head)
        role = "agent" if words.dep(head) == "agent" else prep
        yield f"as:{role}"
        yield from _governor_features(words, role, over)
        if words.pos(over) in _NOUNS:
            top = words.head(over)
            if words.pos(top) in ("VERB", "AUX"):
                yield f"up:{words.dep(over)}>{words.lemma(top)}"
    else:
        yield f"as:{dep}"
        if head != i:
            yield from _governor_features(words, dep, head)


def _governor_features(words: TokenTable, role: str, head: int) -> Iterator[str]:
    word = words.lemma(head) if words.pos(head) in ("VERB", "AUX") else words.lower(head)
    yield f"{role}>{word}"
    for kind in _verb_classes().get(word, ()):
        yield f"{role}>{kind}"


@cache
def _verb_classes() -> dict[str, tuple[str, ...]]:
    """Verb or noun -> the kinds of harm it means, by the lists of the other components."""
    out: dict[str, list[str]] = {}
    for field, verbs in table("casualties")["verbs"].items():
        for verb in verbs:
            out.setdefault(verb, []).append(field.upper())
    for field, heads in table("casualties")["deeds"].items():
        for noun in heads:
            out.setdefault(noun, []).append(field.upper())
    for verb in word_set("roles", "deeds", "verbs"):
        out.setdefault(verb, []).append("DEED")
    return {word: tuple(fields) for word, fields in out.items()}


# ------------------------------------------------------------------ its context


class _Context:
    """What the other components found, by sentence."""

    def __init__(self, doc: Doc) -> None:
        self._sentences = sentences_of(doc)
        self._starts = [s.start for s in self._sentences]
        self._first = next((i for i, s in enumerate(self._sentences) if not s.is_title), 0)
        self._triggers: dict[int, list[Trigger]] = {}
        for trigger in doc._.triggers:
            self._triggers.setdefault(trigger.sentence, []).append(trigger)
        found: list[tuple[str, NamedMention]] = [(f"w:{m.role}", m) for m in doc._.weapons]
        found += [(f"actor:{m.role}", m) for m in doc._.attackers]
        found += [(f"target:{m.role}", m) for m in doc._.targets]
        found += [("group", m) for m in doc._.groups]
        found += [(f"group:{m.type}", m) for m in doc._.groups]
        found += [("victim", m) for m in doc._.victims]
        found += [("speaker", m) for m in doc._.speakers if m is not None]
        found += [(f"count:{m.field}", m) for m in doc._.counts]
        self._found: dict[int, list[tuple[str, NamedMention]]] = {}
        for feature, mention in found:
            self._found.setdefault(self.sentence(mention.start), []).append((feature, mention))
        self._claims: dict[int, set[str]] = {}
        for claim in doc._.responsibility:
            self._claims.setdefault(claim.sentence, set()).add(claim.type)
        self._times: dict[int, list[tuple[int, int]]] = {}
        for time in doc._.times:
            self._times.setdefault(time.sentence, []).append((time.start, time.end))
        self.sentences_with_acts = {*self._triggers, *self._claims, *(m.sentence for m in doc._.counts)}
        self._of_sentence: dict[int, tuple[str, ...]] = {}

    def sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def is_time(self, start: int, end: int, at: int) -> bool:
        """Whether the phrase is part of a time expression."""
        return any(s < end and start < e for s, e in self._times.get(at, ()))

    def features(self, start: int, end: int, at: int) -> Iterator[str]:
        if at not in self._of_sentence:
            self._of_sentence[at] = tuple(self._sentence_features(at))
        yield from self._of_sentence[at]
        for feature, mention in self._found.get(at, ()):
            if mention.start < end and start < mention.end:
                yield feature
        strong = [t for t in self._triggers.get(at, ()) if t.strong]
        if strong:
            nearest = min(strong, key=lambda t: max(t.start - end, start - t.end))
            gap = max(nearest.start - end, start - nearest.end)
            side = "after" if start >= nearest.end else "before" if end <= nearest.start else "in"
            yield f"act_{side}"
            yield f"act_{side}:{nearest.kind}"
            yield f"act_{'near' if gap < _NEAR else 'off' if gap < _FAR else 'far'}"

    def _sentence_features(self, at: int) -> Iterator[str]:
        sentence = self._sentences[at]
        index = at - self._first
        yield "title" if sentence.is_title else f"sentence{min(index, 3) if index < 4 else 4 + (index > 7)}"
        yield from (f"talk:{flag}" for flag in sentence.flags)
        yield from (f"claim:{claim}" for claim in self._claims.get(at, ()))
        triggers = self._triggers.get(at, ())
        yield "act" if any(t.strong for t in triggers) else "hint" if triggers else "no_act"
        yield from {f"act:{t.kind}" for t in triggers if t.strong}
