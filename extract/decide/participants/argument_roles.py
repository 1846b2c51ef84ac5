"""Which role does each person or thing that an article names have in the event (semantic role labelling)?

Mentions of one person or thing are one candidate; its features are those of all its mentions. Weights learned from
annotated news articles (``scripts/train_roles.py``) give the probability of each role.
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
_OPENING_BRACKETS = ("[", "(")
_MAX_GAP = 8  # characters between a name and its abbreviation
# prefixes of the features that are also combined with the kind of incident
_BY_KIND = ("h:", "people", "targets", "weapons", "attacker", "group")
_MAX_TIMES = 4  # more mentions count as this many


class ArgumentRole(StrEnum):
    """The role of a person or thing in the event; the values are the slots of MUC-4."""

    PERPETRATOR = "perp_ind"
    ORGANIZATION = "perp_org"
    TARGET = "targets"
    VICTIM = "victims"
    WEAPON = "instrument"


class Candidate(Frozen, frozen=True, kw_only=True):
    """One person or thing: its mentions in the order of the text, and the longest of them.

    ``place``: the precision of the place, if a mention is nothing more than the name of one; else "".
    """

    mentions: tuple[NounMention, ...]
    fullest: NounMention
    place: str = ""


class ScoredCandidate(Frozen, frozen=True, kw_only=True):
    """A candidate with the probability of each role."""

    candidate: Candidate
    probabilities: dict[ArgumentRole, float]


def scored_candidates(found: Findings, choice: KindChoice | None) -> list[ScoredCandidate]:
    """Every candidate with the probability of each role, in the order of the text; [] where the language has no
    weights."""
    named = candidates(found)
    if not named:
        return []
    model = linear(found.lexicon, "roles")
    if model is None:
        return []
    roles = [ArgumentRole(role) for role in model.roles]
    rows = model.probabilities([features(candidate, choice) for candidate in named]).tolist()
    return [
        ScoredCandidate(candidate=candidate, probabilities=dict(zip(roles, row, strict=True)))
        for candidate, row in zip(named, rows, strict=True)
    ]


def candidates(found: Findings) -> list[Candidate]:
    """The noun phrases of the text, grouped by the person or thing that they name."""
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


def features(candidate: Candidate, choice: KindChoice | None) -> set[str]:
    """Names of a candidate's features: those of its mentions, also combined with the kind of incident, its number of
    mentions, and the precision of the place that it names."""
    out = set().union(*(mention.features for mention in candidate.mentions))
    if choice is not None:
        out |= {f"{choice.by_triggers}&{feature}" for feature in out if feature.startswith(_BY_KIND)}
        out.add(f"kind:{choice.by_triggers}")
    if candidate.place:
        out |= {"place", f"place:{candidate.place}"}
    out.add(f"times:{min(_MAX_TIMES, len(candidate.mentions))}")
    return out


class _Groups:
    """Groups of mentions that name the same person or thing.

    Two do so if they have the same head and one contains all words of the other. A proper name also does if its words
    are a part of a longer proper name.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.all: list[list[NounMention]] = []
        self._by_head: dict[str, list[tuple[frozenset[str], list[NounMention]]]] = {}
        self._by_word: dict[str, list[tuple[frozenset[str], list[NounMention]]]] = {}

    def add(self, mention: NounMention, *, proper: bool) -> list[NounMention]:
        """Adds the mention to the group that names the same, or to a new one, and returns the group."""
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
        """Adds the mention to a group."""
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
    """Is the mention an abbreviation in brackets directly after its name: "National Liberation Army [ELN]"?"""
    if not 0 <= mention.start - before.end < _MAX_GAP:
        return False
    between = found.layout.plain[before.end : mention.start].strip()
    return between in _OPENING_BRACKETS


def _fullest(mentions: Sequence[NounMention]) -> NounMention:
    """The longest mention, the first of equally long ones."""
    return max(mentions, key=lambda m: (m.end - m.start, -m.start))


def _stem(word: str) -> str:
    """The word without a plural "s"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
