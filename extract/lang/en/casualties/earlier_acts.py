"""Does a word of harm tell of an earlier act, whose victims are not those of the article's own?"""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from extract.lang.en.lexicon import table, word_set


def is_earlier_act(noun: Token) -> bool:
    """Whether the noun names an earlier act, or one that did not happen.

    "In retaliation for the killing of", "the recent death of", "preparing the assassination of".
    """
    earlier = word_set("casualties", "deeds", "earlier")
    if any(t.lower_ in earlier for t in noun.lefts) or _is_beside_killing(noun):
        return True
    governor = noun.head.head if noun.head.pos_ in ("ADP", "SCONJ") else noun.head
    intended = word_set("casualties", "deeds", "intended")
    if governor.lower_ in intended or any(t.lower_ in intended for t in noun.lefts):
        return True
    return governor.lower_ in word_set("casualties", "deeds", "because_of")


def _is_beside_killing(deed: Token) -> bool:
    """Whether the noun only explains another killing: "strikes kill one after a prisoner's death", "kills suspects in".

    "Kills three suspects in the killing of a trader": the trader died in an earlier act.
    """
    verbs, forms = _groups("verbs"), _groups("forms")
    above = (t for t in deed.ancestors if t.pos_ == "VERB" and t.i < deed.i)
    return any("killed" in (verbs.get(t.lemma_.lower()), forms.get(t.lower_)) for t in above)


def is_by_those_killed(verb: Token) -> bool:
    """Whether the verb says why somebody was killed or wanted, or where somebody else was killed earlier.

    "Killed three men blamed for killing a trader", "shot near where a girl was killed last year".
    """
    if any(t.lower_ in _clause("where") for t in verb.lefts) and verb.head.lower_ in _clause("near"):
        return True
    wanted = word_set("casualties", "deeds", "wanted")
    chain = [t for t in verb.ancestors if t.i < verb.i]
    for i, word in enumerate(chain):
        if word.lower_ in wanted:
            return any(_groups("verbs").get(t.lemma_.lower()) in ("killed", "shot") for t in chain[i + 1 :])
    return False


@cache
def _groups(section: str) -> dict[str, str]:
    """Word -> the group of the section of ``data/casualties.toml`` that lists it."""
    return {word: group for group, words in table("casualties")[section].items() for word in words}


def _clause(key: str) -> frozenset[str]:
    return word_set("casualties", "clauses", key)
