"""Which noun phrases are arguments of a verb although the parser attached them to another word?

Lists cause most of these errors: the parser gives a verb two subjects for one list, reads the first of two conjuncts as
a clause of its own, or attaches the second object to the verb.
"""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from extract.lang.en.lexicon import table, word_set
from extract.lang.en.people_phrases import is_person_word
from extract.nlp.extensions import sentence_at, sentences_of

_PASSIVE = frozenset({"nsubjpass", "nsubj:pass"})
_NOMINAL = frozenset({"NOUN", "PROPN", "NUM", "PRON"})


def is_conjunct(head: Token, heads: list[Token]) -> bool:
    """Whether ``head`` is in one list with others of ``heads``: "the mayor", "his driver and two guards"."""
    if head is not heads[0]:
        return _is_joined(head)
    return any(_is_joined(t) or any(c.dep_ == "cc" for c in t.rights) for t in heads[1:])


def misattached_conjuncts(verb: Token, last: Token) -> list[Token]:
    """Conjuncts of the object that were attached to the verb: "two" in "killing a colonel and two of his guards"."""
    out: list[Token] = []
    for t in verb.rights:
        if t.dep_ == "conj" and t.i > last.i:
            if t.pos_ not in _NOMINAL or not _is_joined(t) or t.left_edge.lower_ in _states():
                break  # "killed 30 people and wounded scores"
            out.append(t)
    return out


@cache
def _states() -> frozenset[str]:
    return frozenset(word for words in table("casualties")["states"].values() for word in words)


def first_conjuncts(verb: Token) -> list[Token]:
    """The first conjunct of a passive subject that was read as two clauses.

    "Five inmates" in "five inmates and a guard were killed"; empty if the subject was parsed as one list.
    """
    subject = next((t for t in verb.lefts if t.dep_ in _PASSIVE), None)
    first = verb.head
    if subject is None or verb.dep_ != "conj" or first.pos_ not in _NOMINAL or not _is_joined(subject):
        return []
    return [first] if first.i < subject.i else []


def first_conjunct_in_title(last: Token) -> Token:
    """The first conjunct where a headline's participle was attached to the last one, else ``last`` itself.

    "Mayor" in the headline "mayor and two aides killed".
    """
    first = last.head
    if last.dep_ != "conj" or not is_person_word(first) or any(first.lefts):
        return last
    if first.nbor(1).lower_ in _states():
        return last  # "Man dead and boy hurt"
    return first if sentences_of(last.doc)[sentence_at(last.doc, last.idx)].is_title else last


def without_stated(head: Token, cue: Token) -> Token:
    """The conjunct of a noun whose own state stands behind it; the noun itself where the cue is that state.

    "Six" for "rushed" in "two children dead and six rushed to hospital".
    """
    state = head.nbor(1) if head.i + 1 < len(head.doc) else cue
    if state.i == cue.i or state.lower_ not in _states() or cue.i < state.i:
        return head
    return next((t for t in head.rights if t.dep_ == "conj" and t.pos_ in _NOMINAL and t.i < cue.i), head)


def as_clause_subjects(verb: Token) -> list[Token]:
    """Subjects of an "as" clause: "two soldiers" in "Five rebels were killed, as were two soldiers"."""
    return [
        t
        for clause in verb.rights
        if clause.dep_ == "advcl" and clause.lemma_ == "be" and any(t.lower_ == "as" for t in clause.lefts)
        for t in clause.children
        if t.dep_ in ("nsubj", "attr")
    ]


def object_antecedent(verb: Token) -> Token | None:
    """The noun that a relative clause describes, if it is the object of the clause's verb.

    "Workers" in "five workers they abducted" and "five workers whom they abducted".
    """
    if verb.dep_ != "relcl" or not is_person_word(verb.head):
        return None
    agents = [t for t in verb.lefts if t.dep_ == "nsubj"]
    if not agents or any(t.lower_ in word_set("casualties", "clauses", "relative") for t in agents):
        return None
    given = [t for t in verb.children if t.dep_ in ("dobj", "obj")]
    return verb.head if all(t.lower_ in word_set("casualties", "clauses", "relative") for t in given) else None


def main_clause_subjects(verb: Token) -> list[Token]:
    """Subjects of the main clause, which a "being" clause without a subject of its own shares.

    "A gunman" in "a gunman killed two people before being shot dead".
    """
    before = verb.head
    if verb.dep_ != "pcomp" or before.pos_ not in ("ADP", "SCONJ") or before.head.pos_ != "VERB":
        return []
    if not any(t.lower_ == "being" for t in verb.lefts):
        return []
    return [t for t in before.head.lefts if t.dep_ in ("nsubj", *_PASSIVE)]


def _is_joined(head: Token) -> bool:
    first = head.left_edge
    return first.i > 0 and first.nbor(-1).lower_ in word_set("casualties", "clauses", "list_joiners")
