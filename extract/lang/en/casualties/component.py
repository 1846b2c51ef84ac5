"""Component ``tocsin_casualties``: how many people were killed, injured, shot or kidnapped, by the sentence's grammar?

The group of a word in ``data/casualties.toml`` says which argument of it was harmed: its object, its passive subject or
its own subject. ``people_phrases`` then counts the people of that noun phrase. Longer than 400 lines because the rules
for the arguments of verbs, adjectives and nouns call one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec
from spacy.tokens import Doc, Token

from extract.lang.en.casualties import patterns
from extract.lang.en.casualties.acts import by_charges, by_multiple
from extract.lang.en.casualties.attachment_repair import (
    as_clause_subjects,
    first_conjunct_in_title,
    first_conjuncts,
    is_conjunct,
    main_clause_subjects,
    misattached_conjuncts,
    object_antecedent,
    without_stated,
)
from extract.lang.en.casualties.attacker_deaths import mark_attackers_killed
from extract.lang.en.casualties.dedup import deduplicate, is_partitive, mark_parts, reconcile
from extract.lang.en.casualties.earlier_acts import is_by_those_killed, is_earlier_act
from extract.lang.en.casualties.headlines import by_headline, prefer_headline
from extract.lang.en.casualties.injuries import describes_someone_who_died, injury_mentions
from extract.lang.en.lexicon import table, word_set
from extract.lang.en.people_phrases import People, is_aged, is_attacker, is_one_more, people
from extract.nlp.extensions import sentence_at, text_of
from extract.nlp.mentions import UNNUMBERED, CountField, CountGroup, CountMention
from extract.nlp.registration import component
from extract.nlp.token_search import tokens_like

_PASSIVE = frozenset({"nsubjpass", "nsubj:pass"})
_COMPLEMENTS = frozenset({"oprd", "acomp", "ccomp", "xcomp"})
_DOWN = re.compile(r"\s+down\b", re.IGNORECASE)
# "two of those hurt have died": this group, not its number, is meant
_OF_THOSE = re.compile(r"\bof\s+those$", re.IGNORECASE)


@component("tocsin_casualties", requires=["token.dep", "doc._.sentences"], assigns=["doc._.counts"])
def casualties(doc: Doc) -> Doc:
    """Lists every number of people with what happened to them, in the order of the text."""
    found = reconcile(list(by_grammar(doc)), [*by_multiple(doc), *patterns.by_pattern(doc)])
    found = prefer_headline(found, deduplicate(list(by_headline(doc))))
    found += patterns.by_ordinal(doc)
    if not any(m.field is CountField.KILLED for m in found):
        found = [*found, *by_charges(doc)]
    found = [m for m in found if not _OF_THOSE.search(text_of(doc), m.start, m.end) and not _is_shot_down(doc, m)]
    parts = [msgspec.structs.replace(m, part=m.part or is_partitive(doc, m)) for m in deduplicate(found)]
    doc._.counts = sorted(mark_attackers_killed(doc, mark_parts(doc, parts)), key=lambda m: (m.start, m.end))
    return doc


def _is_shot_down(doc: Doc, mention: CountMention) -> bool:
    """Whether an aircraft or missile was shot down: "15 drones were shot down" counts nobody."""
    return mention.field is CountField.SHOT and _DOWN.match(text_of(doc), mention.cue) is not None


def by_grammar(doc: Doc) -> Iterator[CountMention]:
    """Mentions of numbers of people who are arguments of a verb, adjective or noun of harm."""
    verbs, states = _fields("verbs"), _fields("states")
    for token in tokens_like(doc, lower=_cue_words(), lemma=frozenset(verbs)):
        if token.lower_ in states and _is_resultative(token):
            yield from _mentions(token, states[token.lower_], _resultative_objects(token))
            continue
        dead = _described_as_dead(token)
        if dead is not None:
            yield from _mentions(token, "killed", dead)
            continue
        life_losers = _losers_of_life(token)
        if life_losers:
            yield from _mentions(token, "killed", life_losers)
            continue
        harm = _harm_of_noun(token)
        if harm:
            yield from _mentions(token, harm, _complement_of(token))
            continue
        field = verbs.get(token.lemma_.lower()) or _fields("forms").get(token.lower_)
        if field is None or token.pos_ not in ("VERB", "AUX", "NOUN", "ADJ") or _is_irrealis(token):
            continue
        if is_by_those_killed(token):
            continue
        yield from _by_verb(token, field)
    for injury in injury_mentions(doc):
        if not _is_irrealis(injury.word):
            for mention in _mentions(injury.word, injury.field, [injury.who]):
                yield msgspec.structs.replace(mention, cared=injury.cared)


def _by_verb(verb: Token, field: str) -> Iterator[CountMention]:
    """Mentions of the people harmed by a verb of one of the groups of ``data/casualties.toml``."""
    match field:
        case "hurt":
            yield from _mentions(verb, "injured", _subjects(verb) if _has_harm(verb) else [])
        case "died":
            yield from _mentions(verb, "killed", _subjects(verb))
        case "drowned":
            yield from _mentions(verb, "killed", _affected(verb) or _subjects(verb))
        case "fell":
            yield from _mentions(verb, "killed", _subjects(verb) if _to_death(verb) else [])
        case "taken":
            yield from _mentions(verb, "kidnapped", _seized_by_attackers(verb))
        case "captured":
            yield from _mentions(verb, "kidnapped", _captured(verb))
        case "done_to_death":
            yield from _mentions(verb, "killed", _affected(verb) if _to_death(verb) else [])
        case _:
            own = _subjects(verb) if _to_death(verb) else []  # "burned to death"
            yield from _mentions(verb, field, _affected(verb) or own)


def _seized_by_attackers(verb: Token) -> list[Token]:
    """The people seized, if the agent is an attacker: "armed men seized two nuns", "two nuns were seized by gunmen"."""
    agents = _agents(verb)
    if not any(_is_taker(t) for t in agents):
        return []
    nobody = word_set("casualties", "takers", "not_taken")
    return [t for t in _affected(verb) if t not in agents and t.lower_ not in nobody]


def _captured(verb: Token) -> list[Token]:
    """The people captured, without those whose capture is an arrest: "police captured two men", "the suspect was"."""
    if any(t.lower_ in word_set("casualties", "sought", "captors") for t in _agents(verb)):
        return []
    nouns, before = word_set("casualties", "sought", "nouns"), word_set("casualties", "sought", "before")
    people = [t for t in _affected(verb) if t.lower_ not in nouns and not is_attacker(t)]
    return [t for t in people if not any(word.lower_ in before for word in t.lefts)]


def _agents(verb: Token) -> list[Token]:
    """The agents of a verb: its subject, that of the clause it is joined to, or the object of a passive's "by"."""
    clause = verb
    while clause.dep_ in ("conj", "advcl") and not _has_subject(clause):
        clause = clause.head  # "attacked a church, killing two people and taking the pastor"
    agents = [_antecedent(t) for t in clause.lefts if t.dep_ == "nsubj"]
    return agents + [t for by in verb.rights if by.dep_ == "agent" for t in by.rights if t.dep_ == "pobj"]


def _is_taker(token: Token) -> bool:
    armed = token.lower_ in word_set("roles", "arms", "people") and is_attacker(token)
    return armed or token.lower_ in word_set("casualties", "takers", "words")


def _is_resultative(state: Token) -> bool:
    """Whether the state is the result complement of "leave" or "find": "left two men wounded".

    The parser sometimes reads it as "left and wounded".
    """
    if state.head.lower_ not in _clause_words("resultative"):
        return False
    return state.dep_ in (*_COMPLEMENTS, "advcl") or (state.dep_ == "conj" and state.nbor(-1).dep_ != "cc")


def _described_as_dead(token: Token) -> list[Token] | None:
    """The people described as dead: "two men dead", "a boy is dead", "she was pronounced dead".

    None if ``token`` is another word or describes nobody.
    """
    if token.lower_ not in word_set("casualties", "outcomes", "adjectives"):
        return None
    shot = [t for t in token.rights if t.dep_ in ("dobj", "obj")]
    if shot:
        return shot  # "gunmen on a motorcycle shot dead a guard", with "shot" read as a noun
    if token.dep_ in ("amod", "ROOT", "acl", "appos"):
        return _noun_before_state(token)
    if token.dep_ in _COMPLEMENTS and _is_said_to_be(token.head) and not _is_irrealis(token.head):
        return _subjects(token.head)
    if token.dep_ in _COMPLEMENTS and _fields("verbs").get(token.head.lemma_.lower()) == "shot":
        victims = [t for t in token.head.lefts if t.dep_ == "nsubj" and not is_attacker(t)]
        return victims if not _has_object(token.head) else None  # "activist shot dead in Kyiv", a headline's passive
    return None


def _is_said_to_be(verb: Token) -> bool:
    return verb.lemma_.lower() in word_set("casualties", "dead", "said_to_be")


@cache
def _fields(section: str) -> dict[str, str]:
    """Word -> the group of the section that lists it (what happened to people)."""
    return {word: field for field, words in table("casualties")[section].items() for word in words}


def _clause_words(key: str) -> frozenset[str]:
    return word_set("casualties", "clauses", key)


@cache
def _cue_words() -> frozenset[str]:
    """Every word that ``by_grammar`` looks at: states, irregular forms, and nouns of harm."""
    nouns = table("casualties")["deeds"]
    return frozenset(
        {
            *_fields("states"),
            *_fields("forms"),
            *word_set("casualties", "lives", "nouns"),
            "dead",
            *(w for part in ("killed", "injured", "kidnapped", "fatal") for w in nouns[part]),
        }
    )


def _mentions(verb: Token, field: str, heads: list[Token]) -> Iterator[CountMention]:
    for head in (without_stated(each, verb) for each in heads):
        who = people(head)
        if who is not None and is_conjunct(head, heads):
            who = who._replace(definite=False)  # "Shah, a mayor, and his driver were hurt": two people
        if who is not None and _is_also(verb) and _is_somebody_else(head):
            who = who._replace(definite=False, additional=True)
        if who is not None and not (field == CountField.INJURED and describes_someone_who_died(verb)):
            yield _mention(verb, _outcome(verb, field), who, part=_is_included(head, heads))


def _is_also(verb: Token) -> bool:
    """Whether the verb has "also", "too" or "as well": "a passer-by was also wounded", "the driver died as well"."""
    also = word_set("casualties", "also", "words")
    return any(t.lower_ in also or (t.lower_ == "well" and t.nbor(-1).lower_ == "as") for t in verb.children)


def _is_somebody_else(head: Token) -> bool:
    """Whether the noun introduces a new person ("a guard", "his driver", "the pilot").

    "He" and "the man" may refer to somebody mentioned before.
    """
    if head.pos_ != "NOUN":
        return False
    words = {t.lower_ for t in head.lefts if t.dep_ in ("det", "poss")}
    beside = word_set("casualties", "also", "beside")
    return bool(words & {"a", "an"}) or any(t.tag_ == "PRP$" for t in head.lefts) or head.lower_ in beside


def _is_included(head: Token, heads: list[Token]) -> bool:
    """Whether ``head`` is part of a number mentioned before: "four, including a boy", "killing 21, 17 instantly"."""
    if head.dep_ == "pobj" and head.head.lower_ in _clause_words("including"):
        return True
    if head is heads[0]:
        return False
    apart = head.pos_ == "NUM" and head.left_edge.nbor(-1).text == ","
    anyone = heads[0].lower_ in word_set("roles", "anyone", "words")
    return apart or (anyone and any(t.lower_ in _clause_words("including") for t in heads[0].rights))


def _mention(verb: Token, field: str, who: People, *, part: bool = False) -> CountMention:
    return CountMention(
        part=part,
        field=CountField(field),
        count=who.number or UNNUMBERED,
        start=who.start,
        end=who.end,
        sentence=sentence_at(verb.doc, who.start),
        total=patterns.is_total(text_of(verb.doc), who.start) or _is_in_which_clause(verb),
        cue=verb.idx + len(verb),
        group=_group(who),
        names=who.names,
        also=_is_also(verb),
        by_attackers=field == CountField.KILLED and any(is_attacker(t) for t in _agents(verb)),
    )


def _is_in_which_clause(verb: Token) -> bool:
    """Whether the verb is in an "in which" clause, which counts everybody: "the attack, in which 15 people died".

    Not in "after an offensive in which 15 died", which is about an earlier act.
    """
    if verb.head.head.lower_ in word_set("casualties", "deeds", "before"):
        return False
    return verb.dep_ == "relcl" and any(
        t.lower_ == "which" and t.dep_ == "pobj" and t.head.lower_ == "in" for c in verb.lefts for t in c.rights
    )


def _group(who: People) -> CountGroup:
    if who.attackers:
        return CountGroup.ATTACKER
    if who.definite:
        return CountGroup.DEFINITE
    return CountGroup.ADDITIONAL if who.additional else CountGroup.PERSON


def _outcome(verb: Token, field: str) -> str:
    """The field, changed to ``killed`` or ``injured`` if words next to the verb say how a shooting ended."""
    if field in (CountField.INJURED, CountField.SHOT) and _to_death(verb):
        return CountField.KILLED  # burned, stabbed, shot to death
    if field != CountField.SHOT and verb.lemma_.lower() not in word_set("casualties", "dead", "may_kill"):
        return field
    above = () if verb.dep_ == "conj" and _has_subject(verb) else (verb.head, *verb.head.children)
    beside = (*verb.children, *above, *verb.doc[verb.i + 1 : verb.i + 2])
    own = _has_object(verb)  # "killed six and stabbed 12", "shot five, killing two", but not "shot and killed two"
    near = [t.lower_ for t in beside if not (own and _has_object(t)) and not (t.dep_ == "conj" and _has_subject(t))]
    if not word_set("casualties", "outcomes", "killed").isdisjoint(near):
        return CountField.KILLED
    return field if word_set("casualties", "outcomes", "injured").isdisjoint(near) else CountField.INJURED


def _has_subject(verb: Token) -> bool:
    """Whether the verb has a subject of its own, so that it does not share that of the verb it is joined to.

    "A guard was shot and a robber was killed".
    """
    return any(t.dep_ in ("nsubj", *_PASSIVE) for t in verb.lefts)


def _has_object(token: Token) -> bool:
    """Whether a verb has an object of its own other than "them"."""
    return token.pos_ == "VERB" and any(t.dep_ in ("dobj", "obj") and t.lower_ != "them" for t in token.rights)


def _to_death(verb: Token) -> bool:
    """Whether the verb has "to death" or the like: "stoned a man to death", "fell to their deaths", "burned alive"."""
    if verb.lemma_.lower() in word_set("casualties", "dead", "alive") and any(t.lower_ == "alive" for t in verb.rights):
        return True
    return any(
        t.lower_ in word_set("casualties", "outcomes", "nouns")
        for c in verb.rights
        if c.lower_ == "to"
        for t in c.rights
    )


def _affected(verb: Token) -> list[Token]:
    """The people affected by a transitive verb: its object, passive subject, or the noun a participle describes."""
    objects = [t for t in verb.rights if t.dep_ in ("dobj", "obj", "oprd") and _can_be_object(t) and t.lower_ != "them"]
    if objects:
        return [*objects, *misattached_conjuncts(verb, objects[-1]), *_along_with_objects(verb)]
    whom = object_antecedent(verb)
    if whom is not None:
        return [whom]
    passive = [*first_conjuncts(verb), *(t for t in verb.lefts if t.dep_ in _PASSIVE)]
    shared = [
        t for c in verb.rights if c.dep_ == "conj" and c.pos_ == "VERB" for t in c.rights if t.dep_ in ("dobj", "obj")
    ]
    if shared and not passive:
        return shared  # "stabbed and killed a guard"
    if passive:
        return [*(_antecedent(t) for t in passive), *_along_with_objects(verb), *as_clause_subjects(verb)]
    if verb.tag_ == "VBN" and verb.dep_ in ("acl", "amod", "relcl"):
        return [first_conjunct_in_title(verb.head)]
    own = [t for t in verb.lefts if t.dep_ == "nsubj"]
    if own and verb.dep_ == "conj" and verb.tag_ != "VBG" and _is_passive(verb.head):
        return own  # "two boys were killed and their father injured", "two officers stabbed and man shot dead"
    if verb.dep_ in ("conj", "advcl") and verb.head.pos_ in ("VERB", "AUX") and verb.tag_ in ("VBN", "VBD", "VBG"):
        # "were shot and killed" shares the subject before it; "killed 30 people and wounded 40 more" has its own object
        them = any(t.dep_ in ("dobj", "obj") and t.lower_ == "them" for t in verb.rights)
        return [t for t in _affected(verb.head) if them or t.i < verb.head.i] if verb.dep_ == "conj" else []
    if verb.dep_ == "pcomp":
        return main_clause_subjects(verb)
    if verb.tag_ in ("VBN", "JJ") or _is_headline_passive(verb):
        return [_antecedent(t) for t in verb.lefts if t.dep_ == "nsubj"]
    return []


def _is_headline_passive(verb: Token) -> bool:
    """Whether a past tense without an object is a headline's passive: "Man shot in garden", "Boy stabbed on bus"."""
    if verb.tag_ != "VBD" or verb.i + 1 >= len(verb.doc) or any(is_attacker(t) for t in verb.lefts):
        return False
    return verb.nbor(1).lower_ in _clause_words("behind_passive")


def _is_passive(verb: Token) -> bool:
    """Whether the verb is a passive, or a headline's participle, which has no form of "be"."""
    return verb.tag_ == "VBN" or any(t.dep_ in _PASSIVE for t in verb.lefts)


def _along_with_objects(verb: Token) -> list[Token]:
    """Objects of "along with" or "together with": "his son" in "was killed along with his son"."""
    return [
        t
        for first in verb.rights
        for prep in (first, *first.rights)
        if prep.lower_ == "with" and prep.nbor(-1).lower_ in _clause_words("accompanied")
        for t in prep.rights
        if t.dep_ == "pobj"
    ]


def _can_be_object(token: Token) -> bool:
    """Whether a token can be the object of harm: no adjective ("shot dead"), but "shot a 13-year-old" and "a third"."""
    return token.lower_ != "dead" and (token.pos_ != "ADJ" or is_aged(token) or is_one_more(token))


def _losers_of_life(noun: Token) -> list[Token]:
    """The people who lost their lives, or whose lives an act took; ``noun`` is "life", "lives" or the like."""
    verb = noun.head
    if (
        noun.lower_ not in word_set("casualties", "lives", "nouns")
        or noun.dep_ not in ("dobj", "obj")
        or _is_irrealis(verb)
    ):
        return []
    if verb.lemma_.lower() in word_set("casualties", "lives", "lost"):
        return _subjects(verb)
    taken = verb.lemma_.lower() in word_set("casualties", "lives", "taken")
    return _complement_of(noun) if taken and not any(t.lower_ == "own" for t in noun.lefts) else []


def _harm_of_noun(noun: Token) -> str:
    """The field of a noun of harm ("murder", "death", "fatal shooting"); "" for every other noun."""
    if noun.pos_ not in ("NOUN", "PROPN"):
        return ""
    nouns = table("casualties")["deeds"]
    if is_earlier_act(noun):
        return ""
    field = next((f for f in ("killed", "injured", "kidnapped") if noun.lower_ in nouns[f]), "")
    if noun.lower_ in nouns["fatal"] and any(t.lower_ in nouns["deadly"] for t in noun.lefts):
        field = "killed"
    return field


def _complement_of(noun: Token) -> list[Token]:
    """The people in the noun's "of" phrase ("the murder of"), else its possessives ("his death")."""
    of = [t for prep in noun.rights if prep.lower_ == "of" for t in prep.rights if t.dep_ == "pobj"]
    return of or [t for t in noun.lefts if t.dep_ == "poss"]


def _noun_before_state(state: Token) -> list[Token]:
    """The noun in front of a headline's state word: "Two-year-old child dead after ..."."""
    if state.dep_ == "ROOT":
        return [t for t in state.lefts if t.dep_ in ("nsubj", "npadvmod")][-1:]
    return [state.head] if state.head.i < state.i else []


def _resultative_objects(state: Token) -> list[Token]:
    """The people in the state that "leave" or "find" results in: "left three passengers dead"."""
    own = [] if state.dep_ == "advcl" else [t for t in state.lefts if t.dep_ == "nsubj"]
    objects = [t for t in state.head.rights if t.dep_ in ("dobj", "obj") and t.i < state.i]
    if not own and not objects and not any(t.lower_ in ("is", "are") for t in state.head.lefts):
        return [t for t in state.head.lefts if t.dep_ in _PASSIVE]  # "they were found stabbed", but no summary's "is"
    states_before = [
        t.i for t in state.doc[: state.i] if t.lower_ in _fields("states") and objects and t.i > objects[-1].i
    ]
    if own or not states_before:
        return own or objects
    return [t for t in objects[-1].subtree if t.i > states_before[-1] and t.dep_ == "conj"][
        :1
    ]  # "one dead and three hurt"


def _subjects(verb: Token) -> list[Token]:
    """The people who die or suffer: the verb's own subject, or that of the verb it is joined to."""
    own = [t for t in verb.lefts if t.dep_ in ("nsubj", *_PASSIVE)]
    if own:
        return [_antecedent(t) for t in own]
    if verb.lemma_.lower() == "be" and verb.dep_ == "relcl":
        return [verb.head]
    if verb.dep_ in ("acl", "relcl"):
        return [verb.head]
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        return _subjects(verb.head) or _affected(verb.head)
    if verb.dep_ == "xcomp" and verb.head.lemma_.lower() in word_set("casualties", "dead", "thought_to"):
        return _subjects(verb.head)  # "30 people are feared to have died"
    return []


def _antecedent(token: Token) -> Token:
    """The noun that a relative pronoun refers to ("a man who was killed"); any other token itself."""
    if token.lower_ in _clause_words("relative") and token.head.dep_ == "relcl":
        return token.head.head
    return token


def _has_harm(verb: Token) -> bool:
    harm = word_set("casualties", "nouns", "harm")
    return any(t.lemma_.lower() in harm for t in verb.rights if t.dep_ in ("dobj", "obj"))


def _is_irrealis(verb: Token) -> bool:
    """Whether the verb is negated, modal or only intended, so that it harmed nobody."""
    children = [t.lower_ for t in verb.children]
    if any(t.dep_ == "neg" for t in verb.children) or any(word in _clause_words("modal") for word in children):
        return True
    if any(word in _clause_words("almost") for word in children):
        return True
    to = any(t.lower_ == "to" and t.dep_ == "aux" for t in verb.children)
    return to and verb.head.lemma_.lower() in _clause_words("intent")
