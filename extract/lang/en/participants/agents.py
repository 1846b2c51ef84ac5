"""Which noun is the agent of an attack, by the sentence's grammar?"""

from __future__ import annotations

from spacy.tokens import Token

from extract.lang.en.lexicon import head_words, word_set
from extract.lang.en.people_phrases import is_attacker

AGENT_LABELS = frozenset({"nsubj", "agent"})
# dependency labels that an agent can have: subject, or object of a passive's "by"
AGENT_POSITIONS = AGENT_LABELS | {"pobj"}


def is_agent(token: Token) -> bool:
    """Whether the token is an attacker in agent position, or a person who is the agent of a verb of attack.

    The verbs are ``deeds`` of ``roles.toml``.
    """
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
