"""Component ``tocsin_attacker_deaths``: how many attackers died of their own act, besides the people the text counts?

"In addition to the two assailants", and bombers who blew themselves up. The number of people killed includes the
attackers (the convention of GTD and GVA), unless the text says that its own number already includes them.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Token

from extract.lang.en.lexicon import head_words, table, word_set
from extract.lang.en.numbers import NUMBER_WORDS, read_number
from extract.nlp.extensions import sentence_at, sentences_of, span_at, text_of, words_of_doc
from extract.nlp.mentions import CountField, CountGroup, CountMention, counted

_HARMED = frozenset({CountField.KILLED, CountField.INJURED, CountField.SHOT})
_LOOK_BACK = 40
_MAX_ATTACKERS = 1000


@Language.component("tocsin_attacker_deaths", requires=["doc._.counts"], assigns=["doc._.counts"])
def attacker_deaths(doc: Doc) -> Doc:
    """Adds a mention of field ``own_deaths`` for each match of a pattern; ``part`` if the toll includes them."""
    text = text_of(doc)
    spans = _sentences_of_attackers(doc)
    found = [
        CountMention(
            field=CountField.ATTACKER_DEATHS,
            count=counted(number, number),
            start=match.start("who"),
            end=match.end("who"),
            sentence=sentence_at(doc, match.start()),
            part=name == "included",
            total=name == "besides",
            cue=match.end(),
            group=CountGroup.ATTACKER,
        )
        for name, regex in _patterns().items()
        for start, end in spans
        for match in regex.finditer(text, start, end)
        for number in [_number(match, doc)]
    ]
    found = [m for m in found if not m.total or _adds_to_killed(doc, m)]
    if _lone_bomber_survived(doc, text, found):
        found = [m for m in found if m.total or m.part]
    doc._.counts = sorted([*_with_suicides(doc, text), *found], key=lambda m: (m.start, m.end))
    return doc


def _adds_to_killed(doc: Doc, besides: CountMention) -> bool:
    """Whether an "in addition to" mention adds to the people killed, not only to the injured.

    "In addition to the attacker, 12 were wounded": the attacker was wounded too, and nobody died.
    """
    counts: list[CountMention] = doc._.counts
    here = {m.field for m in counts if m.sentence == besides.sentence}
    return CountField.KILLED in here or CountField.INJURED not in here


def _lone_bomber_survived(doc: Doc, text: str, found: list[CountMention]) -> bool:
    """Whether a single suicide bomber survived: the explosives did not go off, or the bomber was caught."""
    alone = [m for m in found if not (m.total or m.part)]
    if (
        not alone
        or any(m.count.low != 1 for m in alone)
        or not any(t.kind == "suicide_bombing" for t in doc._.triggers)
    ):
        return False
    if any(m.field is CountField.KILLED and m.group is not CountGroup.ATTACKER for m in doc._.counts):
        return False  # the explosives went off
    survived, died = _survival()
    return survived.search(text) is not None and died.search(text) is None


def _with_suicides(doc: Doc, text: str) -> list[CountMention]:
    """The counts, with people who killed others and then themselves as attackers who died.

    A suicide without other victims is not an attack, so it adds no attacker.
    """
    counts: list[CountMention] = doc._.counts
    if not any(m.field is CountField.KILLED and _is_victim(m, text) for m in counts):
        return counts
    suicides = [
        CountMention(
            field=CountField.KILLED,
            count=counted(1, 1),
            start=match.start("who"),
            end=match.end("who"),
            sentence=sentence_at(doc, match.start()),
            cue=match.end(),
            group=CountGroup.ATTACKER,
        )
        for regex in _self_patterns()
        for match in regex.finditer(text)
        if not _only_tried().search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
    ]
    kept = [_without(m, [own for own in suicides if m.start < own.end and own.start < m.end]) for m in counts]
    return [*(m for m in kept if m is not None), *suicides]


def _is_victim(mention: CountMention, text: str) -> bool:
    """Whether the mention counts others than the attacker: people, or "his wife"."""
    if mention.group is CountGroup.DEFINITE:
        return text[mention.start : mention.end].lower().split()[0] in word_set("casualties", "also", "whose")
    return mention.group in (CountGroup.PERSON, CountGroup.ADDITIONAL)


def _without(mention: CountMention, suicides: list[CountMention]) -> CountMention | None:
    """The mention without the attackers whom it counts along with the victims ("a teacher and himself").

    None if nobody else is left. The attackers have mentions of their own.
    """
    if not suicides:
        return mention
    low, high = mention.count.low or 0, mention.count.high
    if low <= len(suicides) or mention.start >= suicides[0].start:
        return None
    others = counted(low - len(suicides), None if high is None else high - len(suicides))
    return msgspec.structs.replace(mention, count=others, end=suicides[0].start)


def _number(match: re.Match[str], doc: Doc) -> int:
    """The number given; else 1 for a singular; else the number of attackers in the text, at least 2."""
    said = read_number([match["n"].lower()]) if match.groupdict().get("n") else None
    if said is not None and said.value < _MAX_ATTACKERS:  # "in December 2021 when gunmen ..."
        return max(1, said.value)
    if not match["who"].lower().endswith(("s", "men")):
        return 1
    counts: list[CountMention] = doc._.counts
    return max([2, *(m.count.low or 0 for m in counts if m.field is CountField.ATTACKERS)])


def _sentences_of_attackers(doc: Doc) -> list[tuple[int, int]]:
    """Offsets of the sentences with a word for attackers: the patterns are slow and only searched there."""
    words = words_of_doc(doc)
    named = [words[i].start for who in head_words("attackers") & words.positions.keys() for i in words.positions[who]]
    sentences = [sentences_of(doc)[at] for at in sorted({sentence_at(doc, start) for start in named})]
    return [(s.start, s.end) for s in sentences]


@cache
def _self_patterns() -> list[re.Pattern[str]]:
    rows = table("casualties")["self_deaths"].items()
    return [re.compile(pattern, re.IGNORECASE) for name, pattern in rows if name != "not_behind"]


@cache
def _only_tried() -> re.Pattern[str]:
    return re.compile(table("casualties")["self_deaths"]["not_behind"], re.IGNORECASE)


@cache
def _survival() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = table("casualties")["own_survival"]
    attackers = "|".join(sorted(head_words("attackers"), key=len, reverse=True))
    survived, died = (rows[name].replace("<who>", rf"\b(?:{attackers})") for name in ("survived", "died"))
    return re.compile(survived, re.IGNORECASE), re.compile(died, re.IGNORECASE)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    attackers = "|".join(sorted(head_words("attackers"), key=len, reverse=True))
    number = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
    parts = {"who": rf"(?:(?P<n>{number}|\d+)\s+)?(?:[\w-]+\s+){{0,2}}?(?P<who>{attackers})\b"}
    return {
        name: re.compile(pattern.replace("<who>", parts["who"]), re.IGNORECASE)
        for name, pattern in table("casualties")["own_deaths"].items()
    }


# ------------------------------------------------------------------ attackers among the people killed


def mark_attackers_killed(doc: Doc, found: list[CountMention]) -> list[CountMention]:
    """The mentions, with the group ``ATTACKER`` where the person killed is an attacker.

    An attacker is a "he" or "she" whom police or soldiers killed after others were harmed in the same sentence, or the
    driver of a car bomb.
    """
    return [
        msgspec.structs.replace(m, group=CountGroup.ATTACKER)
        if _is_attacker_killed(doc, m, found) or _is_bomb_driver(doc, m)
        else m
        for m in found
    ]


def _is_bomb_driver(doc: Doc, mention: CountMention) -> bool:
    """Whether the mention is the driver of a car bomb ("the driver also died"); not "his driver"."""
    if not mention.also or mention.field is not CountField.KILLED or mention.count.low != 1:
        return False
    bombs = word_set("casualties", "also", "bombs_driven")
    if text_of(doc)[mention.start : mention.end].lower() not in word_set("casualties", "also", "drivers"):
        return False
    return any(t.strong and t.kind in bombs for t in doc._.triggers)


def _is_attacker_killed(doc: Doc, mention: CountMention, found: list[CountMention]) -> bool:
    if (
        mention.field is not CountField.KILLED
        or mention.group is not CountGroup.DEFINITE
        or not _others_harmed_before(mention, found)
    ):
        return False
    span = span_at(doc, mention.start, mention.end)
    return (
        span is not None
        and span.root.lower_ in word_set("casualties", "clauses", "pronouns")
        and (_is_by_guards(span.root) or _is_in_before_clause(span.root))
    )


def _others_harmed_before(mention: CountMention, found: list[CountMention]) -> bool:
    others = [m for m in found if m.field in _HARMED and m.group in (CountGroup.PERSON, CountGroup.ADDITIONAL)]
    return any(m.sentence == mention.sentence and m.end <= mention.start for m in others)


def _is_in_before_clause(pronoun: Token) -> bool:
    """Whether the pronoun is in a "before" clause: "killed four relatives before villagers killed him"."""
    return any(t.dep_ == "mark" and t.lower_ == "before" for t in pronoun.head.lefts)


def _is_by_guards(pronoun: Token) -> bool:
    """Whether police or soldiers (``guards`` of ``roles.toml``) are the agent of the pronoun's verb."""
    verb = pronoun.head
    agents = [t for t in verb.lefts if t.dep_ == "nsubj" and t.i != pronoun.i]
    agents += [t for by in verb.rights if by.dep_ == "agent" for t in by.rights if t.dep_ == "pobj"]
    return any(t.lower_ in word_set("roles", "guards", "words") for t in agents)
