"""How many people does a noun phrase mention, and who are they?"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from spacy.tokens import Token

from extract.lang.en.lexicon import head_words, table, word_set
from extract.lang.en.number_phrases import ends_with, is_age, number_before, numeric, read_count
from extract.lang.en.numbers import NUMBER_WORDS, times_scale
from extract.nlp.extensions import text_of
from extract.nlp.mentions import counted
from extract.types import Count

_YEAR_OLD = re.compile(r"year-old$")
_PARTITIVE_CHARS = 24  # characters behind a number that are searched for "among them"


class People(NamedTuple):
    """The people a noun phrase mentions: how many, and its character offsets.

    ``number`` None: more than one, but no number is given. ``definite``: "the man", who may have been mentioned before.
    """

    number: Count | None
    start: int
    end: int
    attackers: bool
    definite: bool
    additional: bool
    names: tuple[str, ...]


def people(head: Token) -> People | None:
    """The people mentioned by the noun phrase of ``head`` and its conjuncts; None if it mentions none."""
    parts = [p for p in (_people_of_conjunct(token) for token in _conjuncts(head)) if p is not None]
    if not parts:
        return None
    parts = _without_names_of_first(parts)
    first = parts[0]
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    counts = [p.number for p in parts]
    if counts[0] is not None and (counts[0].low or 0) > 1 and not any(counts[1:]):
        counts = counts[:1]  # "39 patients and hospital workers" are 39 in all
    rest = sum(c.low or 0 for c in counts[1:] if c is not None)
    if head.lower_ in word_set("roles", "anyone", "words") and counts[0] is not None and counts[0].low == rest:
        counts = counts[:1]  # "five people, two women and three men"
    known = [c for c in counts if c is not None]
    total = _sum(known) if len(known) == len(counts) else None
    if total is None and known:
        total = counted(sum(c.low or 0 for c in known) + len(counts) - len(known), None)
    return People(
        number=total,
        start=start,
        end=end,
        attackers=all(p.attackers for p in parts),
        definite=first.definite and len(parts) == 1,
        additional=any(p.additional for p in parts),
        names=tuple(name for p in parts for name in p.names),
    )


def _without_names_of_first(parts: list[People]) -> list[People]:
    """The parts without the names that only repeat the first one: "two men, Ali Khan and Omar Shah, and a boy"."""
    number = parts[0].number
    named = [p for p in parts[1:] if p.names]
    if number is None or number.low != len(named) or len(named) == 1:
        return parts
    return [p for p in parts if p not in named]


def is_person_word(token: Token) -> bool:
    """Whether this token can be the head of a noun phrase for people."""
    lower = token.lower_
    if lower in word_set("roles", "not_people", "heads"):
        return False
    return lower in head_words("people") or lower in head_words("attackers") or _ends_person_word(token)


def _ends_person_word(token: Token) -> bool:
    """Whether the token is part of a compound for a person: "law" in "father-in-law", "by" in "passer-by".

    The parser reads the parts of such a word one by one. "Village head" counts too.
    """
    parts = table("roles")["hyphenated"]
    if token.i > 0 and token.nbor(-1).lower_ in table("roles")["headed"].get(token.lower_, ()):
        return True  # "village head"
    if token.i > 1 and token.nbor(-1).text == "-" and token.nbor(-2).lower_ in parts.get(token.lower_, ()):
        return True
    behind = token.doc[token.i + 1 : token.i + 3]
    return len(behind) > 1 and behind[0].text == "-" and token.lower_ in parts.get(behind[1].lower_, ())


def is_aged(token: Token) -> bool:
    """Whether the token is an age used as a noun: "a 13-year-old"."""
    if _YEAR_OLD.search(token.lower_):
        return True
    return token.lower_ == "old" and token.i > 1 and token.nbor(-2).lower_.startswith(("year", "month"))


def is_one_more(token: Token) -> bool:
    """Whether the token is an ordinal that means one more person: "two were killed and a third was hurt"."""
    return token.lower_ in word_set("roles", "pronouns", "ordinals") and any(t.lower_ == "a" for t in token.lefts)


def is_attacker(token: Token) -> bool:
    """Whether this is a word for attackers, including "hostage-taker" and "armed men"."""
    if token.lower_ in word_set("roles", "attacking", "ends"):
        return _ends_person_word(token)
    if token.lower_ in head_words("attackers"):
        return True
    return token.lower_ in word_set("roles", "arms", "people") and any(
        t.lower_ in word_set("roles", "arms", "words")
        for t in (*token.lefts, *(g for t in token.lefts for g in t.lefts))
    )


@cache
def partitive() -> re.Pattern[str]:
    """The expression for words that make a number part of another, before it ("among them") or after it ("of them")."""
    words = table("casualties")["part_of"]
    return re.compile(rf"\b(?:{'|'.join(words['among'])}|of (?:{'|'.join(words['whole'])}))\b")


def counts_children(text: str, start: int) -> bool:
    """Whether the number at an offset counts somebody's children: "a mother of three"."""
    return ends_with(text[max(0, start - 24) : start].lower(), "children_of")


def _conjuncts(head: Token) -> list[Token]:
    out = [head]
    if _has_state(head):
        return out
    for child in head.rights:
        in_list = child.dep_ == "conj" and (child.pos_ in ("NOUN", "PROPN", "NUM", "PRON") or is_aged(child))
        if _is_speaker(child):
            continue
        if in_list or (child.dep_ == "appos" and _is_list_item(head, child)):
            out += _conjuncts(child)
        elif child.dep_ == "appos" and _is_singular(head):
            more = _conjuncts(child)[:1] + [t for t in _conjuncts(child)[1:] if _has_own_determiner(t)]
            if not (is_person_word(child) and _begins_list_of_others(child)):
                more = (
                    [t for t in more[1:] if _is_other_person(t) or _continues_list(child, t)]
                    if _is_singular(child)
                    else []
                )
            out += more  # "the mayor, Omar Shah, and his driver", "the mayor, his driver and two guards"
        elif child.dep_ == "appos":
            out += _conjuncts_after_names(head, child)
    return out


def _is_speaker(child: Token) -> bool:
    """Whether a conjunct is really the subject of a verb of saying: "abducted four women, a resident said"."""
    if child.left_edge.i == 0 or child.left_edge.nbor(-1).text != ",":
        return False
    end = child.right_edge.i + 1
    return end < len(child.doc) and child.doc[end].lower_ in word_set("cues", "said", "verbs")


def _has_state(head: Token) -> bool:
    """Whether a state word follows, so that the conjunct is in another state: "16 dead and 40 wounded".

    Also after a noun: "two children dead, six others injured", "two officers stabbed and a man shot dead".
    """
    if head.i + 1 >= len(head.doc):
        return False
    states = table("casualties")["states"]
    return any(head.nbor(1).lower_ in states[field] for field in ("killed", "injured", "shot"))


def _continues_list(name: Token, more: Token) -> bool:
    """Whether a list continues after a name and a comma: "the officer, Mark Shah, and a bystander"."""
    first = more.left_edge
    return name.pos_ == "PROPN" and first.lower_ in ("a", "an") and first.i > 1 and first.nbor(-2).text == ","


def _conjuncts_after_names(head: Token, child: Token) -> list[Token]:
    """The conjuncts after an apposition that names each person counted.

    "A boy" in "two men, Ali Khan and Omar Shah, and a boy".
    """
    number, listed = number_before(head), _conjuncts(child)
    names = [t for t in listed if t.pos_ == "PROPN" and not is_person_word(t)]
    if number is None or number[0].low != len(names) or listed[: len(names)] != names:
        return []
    return [t for t in listed if t not in names and (number_before(t) or _has_article(t))]


def _is_list_item(head: Token, child: Token) -> bool:
    """Whether an apposition is really a further item of a list: "two women, three men".

    Not in "four people, two of them men".
    """
    if not (is_person_word(head) and is_person_word(child)):
        return False
    number, more = number_before(head), number_before(child)
    if _is_partitive(child):
        return False
    if number is None or sum(_low(t) for t in _conjuncts(child)) == number[0].low:
        return False  # "two children, a boy and a girl"
    if head.lower_ in word_set("roles", "anyone", "words"):
        # "19 council members, 11 civilians", but not "five members, two women and three men"
        named = any(t.dep_ in ("compound", "nmod") for t in head.lefts)
        return named and more is not None
    one = child.tag_ == "NN" and any(t.lower_ in ("a", "an") for t in child.lefts)
    return more is not None or (one and (number[0].low or 0) > 1)


def _is_partitive(child: Token) -> bool:
    """Whether an apposition is part of the people before it: "19 members, 11 civilians among them"."""
    behind = text_of(child.doc)[child.idx + len(child) :][:_PARTITIVE_CHARS]
    return (
        any(t.lower_ in ("them", "whom") for t in child.subtree) or partitive().match(behind.lstrip(" ,")) is not None
    )


def _low(token: Token) -> int:
    found = number_before(token)
    return (found[0].low or 0) if found else 1


def _is_singular(token: Token) -> bool:
    """Whether the token is a singular noun or a name, so that its apposition is the same person."""
    return token.tag_ in ("NN", "NNP") and number_before(token) is None and not _looks_plural(token.lower_)


def _begins_list_of_others(child: Token) -> bool:
    """Whether an apposition begins a list of other people: "his driver and two guards"."""
    return any(t.dep_ == "conj" for t in child.rights) and _is_other_person(child)


def _is_other_person(token: Token) -> bool:
    """Whether the noun is somebody else than the one before: "his driver", "two guards".

    Not in "the governor's driver".
    """
    return number_before(token) is not None or any(t.dep_ == "poss" and t.tag_ == "PRP$" for t in token.lefts)


def _has_own_determiner(token: Token) -> bool:
    """Whether a conjunct has a determiner or number of its own, or is a name.

    "A guard" in "his driver and a guard", not "cousin" in "the driver and cousin".
    """
    return token.pos_ in ("PROPN", "PRON") or number_before(token) is not None or _has_article(token)


def _has_article(token: Token) -> bool:
    return any(t.dep_ in ("det", "poss", "nummod") for t in token.lefts)


def _people_of_conjunct(head: Token) -> People | None:
    """The people of one conjunct."""
    if is_one_more(head):
        return _people(head, counted(1, 1), head.left_edge.idx)._replace(additional=True)
    if numeric(head) and (head.pos_ in ("NUM", "NOUN", "PRON", "ADJ", "DET") or head.lower_ in NUMBER_WORDS):
        return _by_number(head)  # "Eleven have died" is read as a name
    many = _multiplied_scale(head)
    if many is not None:
        return many
    if head.pos_ == "PRON" or head.lower_ in ("another", "both"):
        return _by_pronoun(head)
    size = table("roles")["group_sizes"].get(head.lower_)
    if size is not None:
        return _people(head, counted(size, size), head.idx)
    if head.lower_ in word_set("roles", "group_nouns", "words"):
        of = next((g for t in head.rights if t.lower_ == "of" for g in t.rights if numeric(g)), None)
        found = read_count(of) if of is not None else None
        if found is None and head.lower_ in word_set("roles", "group_nouns", "counted") and number_before(head):
            return _by_noun(head)
        return _people(head, found[0], head.idx, end=found[2]) if found else None
    if is_person_word(head) or (head.lower_ == "more" and number_before(head)):
        return _by_noun(head)
    if is_aged(head):
        return _people(head, counted(1, 1), head.left_edge.idx)
    if head.tag_ == "NNS" and head.lower_ not in word_set("roles", "not_people", "heads") and number_before(head):
        return _by_noun(head)
    if _is_name(head) and not number_before(head):
        start = min([head.idx, *(t.idx for t in head.lefts if t.dep_ == "compound")])
        return _people(head, counted(1, 1), start, names=(text_of(head.doc)[start : head.idx + len(head)],))
    return None


def _multiplied_scale(head: Token) -> People | None:
    """The people of "tens of thousands" where "tens" is the head."""
    scale = next((g for t in head.rights if t.lower_ == "of" for g in t.rights), None)
    times = times_scale(head.lower_, scale.lower_) if scale is not None else None
    if scale is None or times is None:
        return None
    return _people(head, counted(times, None), head.idx, end=scale.idx + len(scale))


def _is_name(head: Token) -> bool:
    """Whether the token is a name, also one tagged as a common noun: "Akimov, a journalist, was hurt"."""
    if not head.text[:1].isupper():
        return False
    if head.pos_ == "PROPN" and head.tag_ == "NNP":
        return True
    return head.tag_ == "NN" and any(t.dep_ == "appos" and is_person_word(t) and _is_singular(t) for t in head.rights)


def _by_number(head: Token) -> People | None:
    """The people of a number that is itself the head of the noun phrase: "three were killed"."""
    found = read_count(head)
    if found is None or _is_age(head) or _counts_things(head) or _is_no_one(head):
        return None
    if counts_children(text_of(head.doc), found[1]):
        return None
    of = next((g for t in head.rights if t.lower_ == "of" for g in t.rights), None)
    who = _people(head, found[0], found[1], end=found[2])
    are_attackers = of is not None and (is_attacker(of) or (of.lower_ == "them" and _is_by_guards(head)))
    return who._replace(attackers=True) if are_attackers else who


def _is_by_guards(head: Token) -> bool:
    """Whether soldiers or police are the subject and attackers were mentioned before them in the sentence.

    "Insurgents attacked a base, and soldiers killed 12 of them".
    """
    guards = word_set("roles", "guards", "words")
    agents = [t for t in head.head.lefts if t.dep_ == "nsubj" and t.lower_ in guards]
    return bool(agents) and any(is_attacker(t) for t in head.doc[head.sent.start : agents[0].i])


def _by_pronoun(head: Token) -> People | None:
    if head.lower_ in word_set("roles", "pronouns", "one"):
        return _people(head, counted(1, 1), head.idx)
    if head.lower_ == "both":
        return _people(head, counted(2, 2), head.idx)._replace(definite=True)
    if head.lower_ in word_set("roles", "pronouns", "definite"):
        return _people(head, counted(1, 1), head.idx)._replace(definite=True)
    return None


def _by_noun(head: Token) -> People:
    """The people of a noun: its number, else 1 for a singular, else more than one without a number."""
    found = number_before(head)
    if found:
        return _people(head, found[0], found[1])
    if any(t.lower_ == "both" for t in head.lefts):
        return _people(head, counted(2, 2), head.left_edge.idx)
    if head.tag_ in ("NN", "NNP") and not _looks_plural(head.lower_):
        own = [t for t in head.lefts if t.dep_ in ("det", "amod", "compound") or t.tag_ == "PRP$"]
        return _people(head, counted(1, 1), min([head.idx, *(t.idx for t in own)]))
    return _people(head, None, head.idx)


def _looks_plural(word: str) -> bool:
    """Whether a word looks like a plural, which a headline's "Gunmen" does although it is tagged as a name."""
    return word.endswith("men") or (word.endswith("s") and not word.endswith("ss"))


def _people(
    head: Token, number: Count | None, start: int, *, end: int | None = None, names: tuple[str, ...] = ()
) -> People:
    return People(
        number=number,
        start=start,
        end=end if end is not None else head.idx + len(head),
        attackers=is_attacker(head),
        definite=any(t.lower_ in word_set("roles", "determiners", "definite") for t in head.lefts),
        additional=any(t.lower_ in word_set("casualties", "additional", "words") for t in (*head.lefts, head)),
        names=names,
    )


def _is_no_one(token: Token) -> bool:
    return token.i > 0 and token.lower_ == "one" and token.nbor(-1).lower_ in ("no", "any", "every")


def _is_age(token: Token) -> bool:
    """Whether a bare number between commas or after "aged" is an age: "Smith, 22, was killed", "two boys aged 14"."""
    before = token.nbor(-1) if token.i > 0 else None
    if before is not None and before.lower_ in word_set("roles", "determiners", "aged"):
        return True
    if before is not None and before.text.endswith(("-", "–")):
        return is_age(token.doc.text, token.idx)  # "aged 11-15"
    after = token.nbor(1) if token.i + 1 < len(token.doc) else None
    return before is not None and before.text == "," and after is not None and after.text in (",", ".", ";", "of")


def _counts_things(token: Token) -> bool:
    of = next((g for t in token.rights if t.lower_ == "of" for g in t.rights), None)
    return of is not None and of.lower_ in word_set("roles", "not_people", "heads")


def _sum(counts: list[Count]) -> Count:
    low = sum(c.low or 0 for c in counts)
    high = None if any(c.high is None for c in counts) else sum(c.high or 0 for c in counts)
    return counted(low, high)
