"""Component ``tocsin_casualties``: how many people were killed, hurt, shot or taken, by the sentence's grammar.

A word of ``data/casualties.toml`` hands what it says to its object, to the subject of its passive, or to its own
subject, as the group of the word demands; ``nounphrase`` then counts the people of that noun phrase.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Token

from extract.nlp import tolls
from extract.nlp.lexicons import table, word_set
from extract.nlp.mentions import CountMention
from extract.nlp.nounphrase import People, is_aged, people
from extract.nlp.seek import tokens_like
from extract.nlp.state import sentence_at
from extract.nlp.wounded import wounded

_PASSIVE = frozenset({"nsubjpass", "nsubj:pass"})
_LEAVE = frozenset({"left", "leaving", "leaves", "found", "find", "finding"})
_LEFT = frozenset({"oprd", "acomp", "ccomp", "xcomp"})
_INTENT = frozenset({"try", "attempt", "threaten", "want", "plan", "plot", "vow", "order", "intend"})
_MODAL = frozenset({"would", "could", "might", "may", "can", "should", "must"})


@Language.component("tocsin_casualties", requires=["token.dep", "doc._.sentences"], assigns=["doc._.counts"])
def casualties(doc: Doc) -> Doc:
    """Lists every number of people with what happened to them, in the order of the text."""
    found = _reconcile(list(by_grammar(doc)), [*tolls.by_ordinal(doc), *tolls.by_multiple(doc), *tolls.by_pattern(doc)])
    doc._.counts = sorted(_once(found), key=lambda m: (m.start, m.end))
    return doc


def by_grammar(doc: Doc) -> Iterator[CountMention]:
    """Numbers of people that a verb or adjective says something about."""
    verbs, states = _fields("verbs"), _fields("states")
    for token in tokens_like(doc, lower=_telling(), lemma=frozenset(verbs)):
        if token.lower_ in states and token.dep_ in (*_LEFT, "advcl") and token.head.lower_ in _LEAVE:
            yield from _mentions(token, states[token.lower_], _left(token))
            continue
        dead = _dead(token)
        if dead is not None:
            yield from _mentions(token, "killed", dead)
            continue
        deed = _deed(token)
        if deed:
            yield from _mentions(token, deed, _done_to(token))
            continue
        field = verbs.get(token.lemma_.lower())
        if field is None or token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ") or _denied(token):
            continue
        if field == "hurt":
            if not _has_harm(token):
                continue
            yield from _mentions(token, "injured", _subjects(token))
        elif field == "died":
            yield from _mentions(token, "killed", _subjects(token))
        else:
            yield from _mentions(token, field, _affected(token))
    for token, field, head in wounded(doc):
        if not _denied(token):
            yield from _mentions(token, field, [head])


def _dead(token: Token) -> list[Token] | None:
    """Those called dead: "two men dead", "a boy is dead", "she was pronounced dead"; None where the word says else."""
    if token.lower_ not in ("dead", "deceased"):
        return None
    if token.dep_ in ("amod", "ROOT", "acl", "appos"):
        return _before(token)
    if token.dep_ in _LEFT and _is_said_to_be(token.head) and not _denied(token.head):
        return _subjects(token.head)
    return None


def _is_said_to_be(verb: Token) -> bool:
    return verb.lemma_.lower() in word_set("casualties", "dead", "said_to_be")


@cache
def _fields(section: str) -> dict[str, str]:
    """Word -> what it says happened to people."""
    return {word: field for field, words in table("casualties")[section].items() for word in words}


@cache
def _telling() -> frozenset[str]:
    """The states, and the nouns that ``_deed`` knows."""
    deeds = table("casualties")["deeds"]
    return frozenset(
        {*_fields("states"), "dead", *(w for part in ("killed", "kidnapped", "fatal") for w in deeds[part])}
    )


def _mentions(verb: Token, field: str, heads: list[Token]) -> Iterator[CountMention]:
    for head in heads:
        who = people(head)
        if who is not None:
            yield _mention(verb, _outcome(verb, field), who)


def _mention(verb: Token, field: str, who: People) -> CountMention:
    return CountMention(
        field=field,
        count=who.number or tolls.UNNUMBERED,
        start=who.start,
        end=who.end,
        sentence=sentence_at(verb.doc, who.start),
        cue=verb.idx + len(verb),
        group=_group(who),
        names=who.names,
    )


def _group(who: People) -> str:
    if who.attackers:
        return "attacker"
    if who.definite:
        return "definite"
    return "additional" if who.additional else "person"


def _outcome(verb: Token, field: str) -> str:
    """ "Shot" ends in death or injury when a neighbour of the verb says so."""
    if field in ("injured", "shot") and any(
        t.lower_ == "death" for c in verb.children if c.lower_ == "to" for t in c.children
    ):
        return "killed"  # burned, stabbed, shot to death
    if field != "shot" and verb.lemma_.lower() not in word_set("casualties", "dead", "may_kill"):
        return field
    near = [t.lower_ for t in (*verb.children, verb.head, *verb.head.children)]
    if any(word in ("dead", "death", "killed", "fatally", "killing") for word in near):
        return "killed"
    return "injured" if any(word in ("wounded", "injured", "wounding") for word in near) else field


def _affected(verb: Token) -> list[Token]:
    """Those a transitive verb is done to: object, passive subject, or the noun a participle describes."""
    objects = [t for t in verb.rights if t.dep_ in ("dobj", "obj", "oprd") and _can_be_hurt(t)]
    if objects:
        return objects
    passive = [t for t in verb.lefts if t.dep_ in _PASSIVE]
    shared = [
        t for c in verb.rights if c.dep_ == "conj" and c.pos_ == "VERB" for t in c.rights if t.dep_ in ("dobj", "obj")
    ]
    if shared and not passive:
        return shared  # "stabbed and killed a guard"
    if passive:
        return [_antecedent(t) for t in passive]
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod", "relcl"):
        return [verb.head]
    if verb.dep_ in ("conj", "advcl") and verb.head.pos_ in ("VERB", "AUX") and verb.tag_ in ("VBN", "VBD", "VBG"):
        return _affected(verb.head) if verb.dep_ == "conj" else []
    if verb.tag_ in ("VBN", "JJ"):
        return [_antecedent(t) for t in verb.lefts if t.dep_ == "nsubj"]
    return []


def _can_be_hurt(token: Token) -> bool:
    """No adjective ("shot dead"), but "shot a 13-year-old"."""
    return token.lower_ != "dead" and (token.pos_ != "ADJ" or is_aged(token))


def _deed(noun: Token) -> str:
    """ "Murder", "death", "fatal shooting": what the noun says was done, "" where it says nothing."""
    if noun.pos_ not in ("NOUN", "PROPN"):
        return ""
    deeds = table("casualties")["deeds"]
    field = next((f for f in ("killed", "kidnapped") if noun.lower_ in deeds[f]), "")
    if noun.lower_ in deeds["fatal"] and any(t.lower_ in deeds["deadly"] for t in noun.lefts):
        field = "killed"
    return field


def _done_to(noun: Token) -> list[Token]:
    """The murder of whom, or whose death."""
    of = [t for prep in noun.rights if prep.lower_ == "of" for t in prep.rights if t.dep_ == "pobj"]
    return of or [t for t in noun.lefts if t.dep_ == "poss"]


def _before(state: Token) -> list[Token]:
    """ "Two-year-old child dead after ...": the noun in front of a headline's state word."""
    if state.dep_ == "ROOT":
        return [t for t in state.lefts if t.dep_ in ("nsubj", "npadvmod")][-1:]
    return [state.head] if state.head.i < state.i else []


def _left(state: Token) -> list[Token]:
    """ "Left three passengers dead": those before the state word."""
    own = [] if state.dep_ == "advcl" else [t for t in state.lefts if t.dep_ == "nsubj"]
    objects = [t for t in state.head.rights if t.dep_ in ("dobj", "obj") and t.i < state.i]
    told = [t.i for t in state.doc[: state.i] if t.lower_ in _fields("states") and objects and t.i > objects[-1].i]
    if own or not told:
        return own or objects
    return [t for t in objects[-1].subtree if t.i > told[-1] and t.dep_ == "conj"][:1]  # "one dead and three hurt"


def _subjects(verb: Token) -> list[Token]:
    """Those who die or suffer: the verb's own subject, or that of the verb it is joined to."""
    own = [t for t in verb.lefts if t.dep_ in ("nsubj", *_PASSIVE)]
    if own:
        return [_antecedent(t) for t in own]
    if verb.lemma_.lower() == "be" and verb.dep_ == "relcl":
        return [verb.head]
    if verb.dep_ in ("acl", "relcl"):
        return [verb.head]
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return _subjects(verb.head) or _affected(verb.head)
    return []


def _antecedent(token: Token) -> Token:
    """ "a man who was killed": the noun behind a relative pronoun."""
    if token.lower_ in ("who", "that", "which", "whom") and token.head.dep_ == "relcl":
        return token.head.head
    return token


def _has_harm(verb: Token) -> bool:
    harm = word_set("casualties", "nouns", "harm")
    return any(t.lemma_.lower() in harm for t in verb.rights if t.dep_ in ("dobj", "obj"))


def _denied(verb: Token) -> bool:
    """Negated, asked for or only possible: nobody was hurt by it."""
    children = [t.lower_ for t in verb.children]
    if any(t.dep_ == "neg" for t in verb.children) or any(word in _MODAL for word in children):
        return True
    to = any(t.lower_ == "to" and t.dep_ == "aux" for t in verb.children)
    return to and verb.head.lemma_.lower() in _INTENT


def _reconcile(grammar: list[CountMention], patterns: list[CountMention]) -> list[CountMention]:
    """Where both read one word: the grammar's wider noun phrase, else the number that stands beside the word."""
    for pattern in patterns:
        rivals = [g for g in grammar if g.cue == pattern.cue]
        if any(_overlap(g, pattern) for g in rivals):
            continue
        grammar = [g for g in grammar if g not in rivals]
        grammar.append(pattern)
    return grammar


def _overlap(one: CountMention, two: CountMention) -> bool:
    return one.start < two.end and two.start < one.end


def _once(found: list[CountMention]) -> list[CountMention]:
    """One mention a field and number, the longer or more telling first."""
    out: list[CountMention] = []
    for mention in sorted(found, key=lambda m: (m.total, m.end - m.start), reverse=True):
        if not any(m.field == mention.field and _overlap(m, mention) for m in out):
            out.append(mention)
    return out
