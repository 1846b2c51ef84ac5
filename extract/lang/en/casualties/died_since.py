"""Who of those told of as hurt has died since: "two people who were injured on Monday have died"?"""

from __future__ import annotations

from spacy.tokens import Token

from extract.lang.en.lexicon import table

_DESCRIBING = frozenset({"relcl", "acl"})


def died_since(head: Token) -> bool:
    """Is the noun the subject of dying?"""
    verb = head.head
    dies = head.dep_ == "nsubj" and verb.lemma_.lower() in table("casualties")["verbs"]["died"]
    return dies and not any(t.dep_ == "neg" for t in verb.children)


def hurt_before(verb: Token) -> bool:
    """Does a verb of hurting only describe somebody who has died since?"""
    return verb.dep_ in _DESCRIBING and died_since(verb.head)
