"""Which of the people and things that an article names did it, were it done to, were hit, were used?

All mentions of one person or thing are one candidate; its signs are those of all its mentions, and weights learned from
news articles with known answers (``scripts/train_roles.py``) say how probable each role is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.models.logistic import linear
from extract.lexicon import Lexicon
from extract.nlp.mentions import NounMention
from extract.types import Frozen

_WORD = re.compile(r"[^\W_]+")
_PROPER = frozenset({"NNP", "NNPS"})
_OPENING = ("[", "(")
_BESIDE = 8
_BY_KIND = ("h:", "people", "targets", "weapons", "attacker", "group")
_MOST_TIMES = 4


class ArgumentRole(StrEnum):
    """What part someone or something has in the act; MUC-4's slots."""

    PERPETRATOR = "perp_ind"
    ORGANIZATION = "perp_org"
    TARGET = "targets"
    VICTIM = "victims"
    WEAPON = "instrument"


class Candidate(Frozen, frozen=True, kw_only=True):
    """One person or thing: its mentions in the order of the text, and the fullest of them.

    ``place``: the precision of the place that one of the mentions names and nothing more, "" where none does.
    """

    mentions: tuple[NounMention, ...]
    fullest: NounMention
    place: str = ""


class Part(Frozen, frozen=True, kw_only=True):
    """A candidate with the probability of each role."""

    candidate: Candidate
    chances: dict[ArgumentRole, float]


def parts_of(found: Findings, choice: KindChoice | None) -> list[Part]:
    """Every person or thing named, with how probably it has which role in the act; in the order of the text."""
    options = candidates(found)
    if not options:
        return []
    model = linear(found.lexicon, "roles")
    if model is None:
        return []
    roles = [ArgumentRole(role) for role in model.roles]
    chances = model.probabilities([signs(option, choice) for option in options]).tolist()
    return [
        Part(candidate=option, chances=dict(zip(roles, row, strict=True)))
        for option, row in zip(options, chances, strict=True)
    ]


def candidates(found: Findings) -> list[Candidate]:
    """The noun phrases, those that name the same put together."""
    groups = _Groups(found.lexicon)
    last: list[NounMention] = []
    for mention in found.nouns:
        proper = not _PROPER.isdisjoint(mention.features)
        if last and proper and _is_abbreviated(found, last[-1], mention):
            groups.join(mention, last, proper=proper)
        else:
            last = groups.add(mention, proper=proper)
    places = {p.end: p for p in found.places}
    return [
        Candidate(
            mentions=tuple(g),
            fullest=_fullest(g),
            place=next(
                (_precision(places[m.end]) for m in g if m.end in places and places[m.end].start <= m.start), ""
            ),
        )
        for g in groups.all
    ]


def signs(candidate: Candidate, choice: KindChoice | None) -> set[str]:
    """What is known of a candidate: of any of its mentions, how often it is named, and by the kind of act."""
    out = set().union(*(mention.features for mention in candidate.mentions))
    if choice is not None:
        out |= {f"{choice.kind}&{sign}" for sign in out if sign.startswith(_BY_KIND)}
        out.add(f"kind:{choice.kind}")
    if candidate.place:
        out |= {"place", f"place:{candidate.place}"}
    out.add(f"times:{min(_MOST_TIMES, len(candidate.mentions))}")
    return out


class _Groups:
    """Mentions that name the same: one name holds the other, with one head; a part of a full name is that name."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.all: list[list[NounMention]] = []
        self._by_head: dict[str, list[tuple[frozenset[str], list[NounMention]]]] = {}
        self._by_word: dict[str, list[tuple[frozenset[str], list[NounMention]]]] = {}

    def add(self, mention: NounMention, *, proper: bool) -> list[NounMention]:
        """Puts the mention to those that name the same, and returns them."""
        words, head = _words(mention.name, self._lexicon), _stem(mention.head)
        group = next((g for other, g in self._by_head.get(head, ()) if words <= other or other <= words), None)
        if group is None and proper:
            group = next((g for other, g in self._by_word.get(head, ()) if words <= other), None)
        if group is None:
            group = []
            self.all.append(group)
        self.join(mention, group, proper=proper)
        return group

    def join(self, mention: NounMention, group: list[NounMention], *, proper: bool) -> None:
        """Puts the mention to a group of those found so far."""
        words = _words(mention.name, self._lexicon)
        group.append(mention)
        self._by_head.setdefault(_stem(mention.head), []).append((words, group))
        for word in words if proper else ():
            self._by_word.setdefault(word, []).append((words, group))


def _precision(place: PlaceFound) -> str:
    return place.resolved.place.precision.value


@lru_cache(maxsize=20_000)
def _words(name: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(_stem(w) for w in _WORD.findall(name.lower())) - lexicon.words("cast", "naming", "empty")


def _is_abbreviated(found: Findings, before: NounMention, mention: NounMention) -> bool:
    """ "National Liberation Army [ELN]": a name and its short form set behind it."""
    if not 0 <= mention.start - before.end < _BESIDE:
        return False
    between = found.layout.plain[before.end : mention.start].strip()
    return between in _OPENING


def _fullest(mentions: Sequence[NounMention]) -> NounMention:
    return max(mentions, key=lambda m: (m.end - m.start, -m.start))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
