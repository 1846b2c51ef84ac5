"""Who is injured although no verb of injury says so: taken to hospital, with wounds, in a critical condition, hit?

Each mention has the cue word, the head of the noun phrase and the field: ``injured``, ``killed`` if the sentence goes
on to a death, or ``shot`` if a bullet struck and nothing says with what result.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc, Token

from extract.lang.en.lexicon import table, word_set
from extract.nlp.token_search import tokens_like

_DESCRIBING = frozenset({"relcl", "acl"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass"})
_OBJECTS = frozenset({"dobj", "obj"})


class InjuryMention(NamedTuple):
    """``word`` says that ``field`` happened to ``who``.

    ``cared``: it says where the injured were taken or how they are, so it may be about only some of them.
    """

    word: Token
    field: str
    who: Token
    cared: bool = False


def injury_mentions(doc: Doc) -> Iterator[InjuryMention]:
    """The injuries that no verb of injury mentions, in the order of the text."""
    care = table("casualties")["care"]
    for token in tokens_like(doc, lower=_cue_words()):
        word = token.lower_
        if word in care["hospitals"]:
            yield from _taken_to_hospital(token)
        elif word in word_set("casualties", "nouns", "harm"):
            yield from _with_harm(token)
        elif word in care["conditions"]:
            yield from _in_condition(token)
        elif word in care["at_stake"]:
            yield from _fighting_for_life(token)
        elif word in care["shots"] or word in care["parts"]:
            yield from _struck_by_shots(token)


@cache
def _cue_words() -> frozenset[str]:
    care = table("casualties")["care"]
    words = {w for part in ("hospitals", "conditions", "at_stake", "shots", "parts") for w in care[part]}
    return frozenset(words | word_set("casualties", "nouns", "harm"))


def _taken_to_hospital(hospital: Token) -> Iterator[InjuryMention]:
    """People brought to a hospital: "four people were taken to the hospital", "sent four people to a trauma center"."""
    vague, kinds = (word_set("casualties", "care", part) for part in ("vague_hospitals", "hospital_kinds"))
    if hospital.lower_ in vague and not any(t.lower_ in kinds for t in hospital.lefts):
        return
    verb = _governor(hospital, ("to", "at", "in"))
    if verb is None:
        return
    if verb.lower_ == "with":
        yield from (
            InjuryMention(hospital, "injured", t) for t in verb.subtree if t.dep_ == "nsubj" and t.head.head == verb
        )
    elif _are_left_in_hospital(verb):
        yield InjuryMention(hospital, "injured", verb)
    elif verb.lemma_.lower() in word_set("casualties", "care", "brought") or _are_in_hospital(hospital, verb):
        for head in _affected_by(verb):
            yield InjuryMention(verb, _outcome(verb), head, cared=True)


def _are_in_hospital(hospital: Token, verb: Token) -> bool:
    """Whether people are patients: "eight people are still in hospital", but not "doctors were in the hospital"."""
    return verb.lemma_.lower() == "be" and hospital.head.lower_ == "in" and not any(hospital.lefts)


def _are_left_in_hospital(people: Token) -> bool:
    """Whether "leave" or "with" governs the noun: "left 41 dead and 11 in hospital", "with 14 still in hospital"."""
    if people.pos_ not in ("NUM", "NOUN"):
        return False
    governors = word_set("casualties", "care", "left")
    return people.dep_ in ("pobj", "conj", *_OBJECTS) and people.head.lower_ in governors


def _with_harm(harm: Token) -> Iterator[InjuryMention]:
    """People with wounds: "suffering from a gunshot wound", "treated for burns", "found with wounds to the leg"."""
    holder = _governor(harm, ("with", "from", "for", "of"))
    if holder is None:
        return
    if holder.lower_ in word_set("casualties", "deeds", "killed"):
        return  # "two bodies with bullet wounds"
    deadly = any(t.lower_ in word_set("casualties", "care", "deadly") for t in harm.lefts)
    if holder.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ"):
        treated = harm.head.lower_ == "for" and holder.head.lemma_.lower() in word_set("casualties", "care", "treated")
        if harm.head.lower_ == "with" or (treated and holder.dep_ in _OBJECTS):
            yield InjuryMention(harm, "killed" if deadly else "injured", holder)
        return
    lemma = holder.lemma_.lower()
    if lemma in word_set("casualties", "care", "dying") or harm.head.lower_ == "of":
        return
    is_cue = lemma in word_set("casualties", "care", "treated") | word_set("casualties", "care", "brought")
    if is_cue or harm.head.lower_ == "with":
        for head in _affected_by(holder):
            yield InjuryMention(holder, "killed" if deadly else _outcome(holder), head)


def _in_condition(condition: Token) -> Iterator[InjuryMention]:
    """People in a stated condition: "she is in critical condition", "a man, listed in stable condition"."""
    stated = any(t.lower_ in word_set("casualties", "care", "states_of_health") for t in condition.lefts)
    holder = _governor(condition, ("in",)) if stated else None
    if holder is None:
        return
    if holder.pos_ in ("NOUN", "PROPN", "PRON"):
        yield InjuryMention(condition, "injured", holder, cared=True)
        return
    for head in _affected_by(holder):
        yield InjuryMention(condition, _outcome(holder), head, cared=True)


def _fighting_for_life(life: Token) -> Iterator[InjuryMention]:
    """People who fight for their lives: "left his brother fighting for his life"."""
    fight = _governor(life, ("for",))
    if fight is None or fight.lemma_.lower() not in word_set("casualties", "care", "fight"):
        return
    if any(t.tag_ != "PRP$" for t in life.lefts):
        return  # "for a better life"
    for head in _affected_by(fight):
        yield InjuryMention(fight, _outcome(fight), head, cared=True)


def _struck_by_shots(token: Token) -> Iterator[InjuryMention]:
    """People hit by shots: "hit by gunfire", "struck by a stray bullet", "a shot struck a boy in the neck"."""
    care = table("casualties")["care"]
    if token.dep_ == "pobj":
        verb = token.head.head if token.head.lower_ in ("by", "in") else None
    else:
        verb = token.head if token.dep_ in _SUBJECTS and token.lower_ in care["shots"] else None
    if verb is None or verb.lemma_.lower() not in care["struck"] or any(t.dep_ == "neg" for t in verb.children):
        return
    for head in _affected_by(verb):
        if head is not token and head.head.lower_ != token.lower_:
            yield InjuryMention(verb, "shot", head)


def _governor(token: Token, words: tuple[str, ...]) -> Token | None:
    """The word that a prepositional phrase such as "to the hospital" modifies; None without such a phrase.

    ``words`` are the prepositions that count.
    """
    top = token
    while top.dep_ in ("compound", "conj", "appos", "nmod") and top.head.i != top.i:
        top = top.head
    if top.dep_ not in ("pobj", "obl") or top.head.lower_ not in words:
        return None
    return top.head.head if top.head.head.i != top.head.i else None


def _affected_by(verb: Token) -> list[Token]:
    """The people a verb of care is about: its object, its passive or active subject, or the noun it describes."""
    objects = [t for t in verb.rights if t.dep_ in _OBJECTS]
    if objects:
        return objects
    subjects = [t for t in verb.lefts if t.dep_ in _SUBJECTS]
    if subjects:
        head = subjects[-1]
        relative = head.lower_ in word_set("casualties", "clauses", "relative_subject") and verb.dep_ == "relcl"
        return [verb.head] if relative else [head]
    if verb.dep_ in ("acl", "relcl"):
        return [verb.head]
    if verb.dep_ in ("conj", "xcomp", "advcl") and verb.head.pos_ in ("VERB", "AUX"):
        return _affected_by(verb.head)
    return []


def _outcome(verb: Token) -> str:
    """``killed`` if the sentence goes on to a death ("taken to hospital, where he died"), else ``injured``."""
    died = word_set("casualties", "care", "died")
    return "killed" if any(t.lower_ in died for t in verb.subtree if t.i > verb.i) else "injured"


# ------------------------------------------------------------------ injured people who died later


def is_subject_of_dying(head: Token) -> bool:
    """Whether the noun is the subject of a verb of dying."""
    verb = head.head
    dies = head.dep_ == "nsubj" and verb.lemma_.lower() in table("casualties")["verbs"]["died"]
    return dies and not any(t.dep_ == "neg" for t in verb.children)


def describes_someone_who_died(verb: Token) -> bool:
    """Whether a verb of injury is only in a relative clause about somebody who has died since."""
    return verb.dep_ in _DESCRIBING and is_subject_of_dying(verb.head)
