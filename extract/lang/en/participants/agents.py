"""Who does one of the deeds to others, by the sentence's grammar?"""

from __future__ import annotations

from spacy.tokens import Token

from extract.lang.en.lexicon import head_words, word_set
from extract.lang.en.people_phrases import is_attacker

AGENT_LABELS = frozenset({"nsubj", "agent"})
# what a doer can be in its sentence: subject, or behind the "by" of a passive
AGENT_POSITIONS = AGENT_LABELS | {"pobj"}


def is_agent(token: Token) -> bool:
    """An attacker who does something, or anyone who does one of the deeds to others."""
    agent = token.dep_ == "pobj" and token.head.dep_ == "agent"
    if token.dep_ not in AGENT_LABELS and not agent:
        return False
    if is_attacker(token):
        return True
    verb = token.head.head if agent else token.head
    if verb.lemma_ not in word_set("roles", "deeds", "verbs") or token.lower_ in word_set(
        "roles", "deeds", "not_doers"
    ):
        return False
    return token.lower_ in head_words("people") or (token.pos_ == "PROPN" and agent)
