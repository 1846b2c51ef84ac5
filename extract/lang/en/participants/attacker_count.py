"""Component ``tocsin_attackers``: how many attackers does the text mention?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from extract.lang.en.lexicon import head_words, word_set
from extract.lang.en.number_phrases import number_before
from extract.lang.en.participants.agents import AGENT_POSITIONS, is_agent
from extract.lang.en.people_phrases import is_attacker, people
from extract.nlp.extensions import sentence_at
from extract.nlp.mentions import CountField, CountGroup, CountMention
from extract.nlp.token_search import tokens_like

_ARGUMENT_LABELS = frozenset({"nsubj", "attr", "conj", "ROOT", "appos"})


@Language.component("tocsin_attackers", requires=["token.dep", "doc._.counts"], assigns=["doc._.counts"])
def attackers(doc: Doc) -> Doc:
    """Adds the numbers of attackers to the document's counts."""
    doc._.counts = sorted([*doc._.counts, *_counts(doc)], key=lambda m: (m.start, m.end))
    return doc


def _counts(doc: Doc) -> Iterator[CountMention]:
    for token in tokens_like(doc, dep=AGENT_POSITIONS, lower=_attackers()):
        by_act = is_agent(token) and token.pos_ != "PROPN"
        if token.lower_ in word_set("roles", "not_attacking", "nouns") or not (
            by_act or (is_attacker(token) and _is_argument(token))
        ):
            continue
        who = people(token)
        if who is None or who.number is None or (number_before(token) is None and who.definite):
            continue
        if not is_attacker(token) and any(m.start < who.end and who.start < m.end for m in doc._.counts):
            continue  # people who were harmed are not the attackers
        yield CountMention(
            field=CountField.ATTACKERS,
            count=who.number,
            start=who.start,
            end=who.end,
            sentence=sentence_at(doc, who.start),
            group=CountGroup.ATTACKER,
        )


@cache
def _attackers() -> frozenset[str]:
    """Every word for which ``is_attacker`` can be true."""
    return head_words("attackers") | word_set("roles", "arms", "people")


def _is_argument(token: Token) -> bool:
    """Whether the word is the agent of an act, or what "there were", and not the object of an arrest or the like."""
    if token.dep_ == "pobj":
        return token.head.dep_ == "agent" or token.head.lower_ in ("by", "of")
    return token.dep_ in _ARGUMENT_LABELS and token.head.lemma_.lower() not in word_set(
        "roles", "not_attacking", "verbs"
    )
