"""Component ``tocsin_office_holders``: was the holder of an office the target, by name or office?

GTD calls an attack on "one or more specific, prominent individuals" an assassination, whatever it was done with. Here
it is an office ("the governor", "Shah, a judge,") whose holder was hit or escaped, or whose home or car was hit.
"""

from __future__ import annotations

from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from extract.lang.en.lexicon import word_set
from extract.lang.en.number_phrases import number_before
from extract.lang.en.people_phrases import is_attacker
from extract.nlp.extensions import layout_of, sentence_at, sentences_of
from extract.nlp.mentions import MentionRole, NamedMention
from extract.nlp.token_search import tokens_like

_PASSIVE = frozenset({"nsubjpass", "nsubj:pass"})
_OBJECTS = frozenset({"dobj", "obj"})
_MODIFIERS = frozenset({"compound", "nmod", "amod"})
_SENTENCES = 3


@Language.component(
    "tocsin_office_holders", requires=["token.dep", "doc._.sentences"], assigns=["doc._.office_holders"]
)
def office_holders(doc: Doc) -> Doc:
    """Lists the holders of offices who were hit or targeted, by the title or the first sentences of the body."""
    end = _opening_end(doc)
    raw = layout_of(doc).raw
    doc._.office_holders = [
        NamedMention(
            name=raw[office.idx : office.idx + len(office)],
            type="office",
            start=office.idx,
            end=office.idx + len(office),
            sentence=sentence_at(doc, office.idx),
            role=role,
        )
        for office in tokens_like(doc, lower=_offices())
        if office.idx < end and (role := _role(office))
    ]
    return doc


@cache
def _offices() -> frozenset[str]:
    return word_set("roles", "offices", "words")


def _opening_end(doc: Doc) -> int:
    """The offset at which the title and the first ``_SENTENCES`` sentences of the body end."""
    sentences = sentences_of(doc)
    titles = sum(s.is_title for s in sentences)
    return sentences[min(len(sentences), titles + _SENTENCES) - 1].end


def _role(office: Token) -> MentionRole:
    """Whether the holder was the target, or only the home or car; ``NONE`` for anyone else."""
    holder = _holder(office) if office.tag_ in ("NN", "NNP", "JJ") and number_before(office) is None else None
    if holder is None:
        return MentionRole.NONE
    if _is_target(holder):
        return MentionRole.OFFICE_HOLDER
    return MentionRole.OFFICE_HOLDER_HOME if _is_home_or_car(_possession(holder)) else MentionRole.NONE


def _holder(office: Token) -> Token | None:
    """The person's name in "Shah, a judge" and "Judge Omar Shah", else the office itself; None in "head constable"."""
    token = office
    while token.dep_ in ("appos", *_MODIFIERS) and token.head.pos_ in ("PROPN", "NOUN"):
        if token.dep_ in _MODIFIERS and token.head.pos_ == "NOUN" and token.head.lower_ not in _offices():
            return None
        token = token.head
    return token


def _is_target(person: Token) -> bool:
    """Whether the person was hit, missed or fired at."""
    verb, governor = person.head, person.head.head
    if person.dep_ in (*_PASSIVE, *_OBJECTS):
        return verb.lemma_.lower() in _words("hit")
    if person.dep_ == "nsubj":
        return verb.lemma_.lower() in _words("escape") or any(t.lower_ in _words("unharmed") for t in verb.rights)
    if person.dep_ == "conj":
        return verb.i != person.i and _is_target(verb)
    if person.dep_ != "pobj":
        return False
    if verb.lower_ in word_set("casualties", "clauses", "including"):
        return not is_attacker(governor) and governor.dep_ in _PASSIVE and governor.head.lemma_.lower() in _words("hit")
    return verb.lower_ in ("on", "at", "upon") and (
        governor.lemma_.lower() in _words("fire") or governor.lower_ == "fire"
    )


def _possession(person: Token) -> Token:
    """What belongs to the person: "the minister's car", "the home of a judge"."""
    return person.head.head if person.dep_ == "pobj" else person.head


def _is_home_or_car(thing: Token) -> bool:
    """Whether it is a home or car, and not only a landmark: "100 metres from the minister's residence"."""
    return thing.lower_ in _words("belongings") and not (thing.dep_ == "pobj" and thing.head.lower_ in _words("beside"))


def _words(key: str) -> frozenset[str]:
    return word_set("roles", "offices", key)
