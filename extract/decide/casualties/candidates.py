"""Which numbers could be the count of the killed or injured, and what are the features of each?

A text gives many: the title's, each sentence's, the number of people mentioned one by one, those shot less those
killed. Every number is one candidate, with the mentions as evidence and the features from which a forest scores it
(``scripts/train_counts.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from extract.decide.casualties.by_rules import means_one
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.nlp.mentions import CountField, CountGroup, CountMention, SpeakerKind, Talk
from extract.types import Count, Frozen

MAX_VALUE = 60  # larger numbers are no candidates: the rules decide
_OTHER = {CountField.KILLED: CountField.INJURED, CountField.INJURED: CountField.KILLED}
_GROUPS = tuple(CountGroup)
# the fields of the mentions from which the count of a field can be derived
_BASES = {"killed": ("killed",), "injured": ("injured", "shot")}


class Candidate(Frozen, frozen=True, kw_only=True):
    """A number of people, the ways in which it was derived, and the mentions it comes from (in the first way)."""

    value: int
    mentions: tuple[CountMention, ...]
    ways: frozenset[str]


def candidates(found: Findings, field: str, ruled: Mapping[str, Count]) -> list[Candidate]:
    """Every number that may be the count of a field, in ascending order; 0 is always one.

    ``ruled`` are the counts by the rules.
    """
    ways: dict[int, set[str]] = defaultdict(set)
    mentions_of: dict[int, tuple[CountMention, ...]] = {}

    def add(way: str, value: int, mentions: Sequence[CountMention] = ()) -> None:
        if 0 <= value <= MAX_VALUE:
            ways[value].add(way)
            if mentions:
                mentions_of.setdefault(value, tuple(mentions))

    add("nobody", 0)
    rule = ruled.get(field)
    add("rule", (rule.low or 0) if rule is not None else 0)
    dead = (ruled[CountField.KILLED].low or 0) if CountField.KILLED in ruled else 0
    for base in _BASES[field]:
        mentions = [m for m in found.counts if m.field == base and found.is_foreground(m.sentence)]
        people = [m for m in mentions if m.group is not CountGroup.ATTACKER]
        for name, numbers in (("all", mentions), ("people", people)):
            for in_sentence in _by_sentence(numbers).values():
                new = [m for m in in_sentence if m.group is not CountGroup.DEFINITE] or in_sentence[:1]
                add(f"{base}_{name}_sentence", _sum(new), new)
                add(f"{base}_{name}_sentence_less_dead", _sum(new) - dead, new)
            new = [m for m in numbers if m.group is not CountGroup.DEFINITE]
            add(f"{base}_{name}_one_by_one", _sum(new), new)
            add(f"{base}_{name}_named", len({n for m in numbers for n in m.names}), numbers)
        for mention in mentions:
            add(f"{base}_total" if mention.total else f"{base}_mention", mention.count.low or 0, [mention])
    attackers = [
        m
        for m in found.counts
        if m.field is CountField.KILLED and m.group is CountGroup.ATTACKER and found.is_foreground(m.sentence)
    ]
    if field == CountField.KILLED and rule is not None and attackers:
        add("rule_and_attacker", (rule.low or 0) + 1, attackers)
    return [Candidate(value=v, mentions=mentions_of.get(v, ()), ways=frozenset(ways[v])) for v in sorted(ways)]


def features(
    found: Findings, field: str, numbers: Sequence[Candidate], ruled: Mapping[str, Count], choice: KindChoice | None
) -> list[dict[str, float]]:
    """The features of each candidate: where and how it is mentioned, how it was derived, and those of the text."""
    text = _text_features(found, numbers, ruled, choice)
    sums = [
        _sum([m for m in in_sentence if m.group is not CountGroup.DEFINITE] or in_sentence[:1])
        for in_sentence in _by_sentence_of(found, field)
    ]
    mentioned: dict[tuple[str, int], list[CountMention]] = defaultdict(list)
    for mention in found.counts:
        mentioned[mention.field, mention.count.low or 0].append(mention)
    return [_own_features(found, field, c, ruled, mentioned) | _sentence_features(c, sums) | text for c in numbers]


def _own_features(
    found: Findings,
    field: str,
    candidate: Candidate,
    ruled: Mapping[str, Count],
    mentioned: Mapping[tuple[str, int], list[CountMention]],
) -> dict[str, float]:
    rule, other = ruled.get(field), ruled.get(_OTHER[CountField(field)])
    out: dict[str, float] = {f"way_{way}": 1.0 for way in candidate.ways}
    out |= {
        "value": candidate.value,
        "over_rule": candidate.value - ((rule.low or 0) if rule is not None else 0),
        "over_other": candidate.value - ((other.low or 0) if other is not None else 0),
    }
    for base in (*_BASES[field], *_BASES[_OTHER[CountField(field)]]):
        same = mentioned.get((base, candidate.value))
        if not same:
            continue
        depths = [max(-1, m.sentence - found.first_body) for m in same]
        out |= {
            f"{base}_times": len(same),
            f"{base}_depth": min(depths) + 2,
            f"{base}_title": float(any(found.sentences[m.sentence].is_title for m in same)),
            f"{base}_official": float(any(_is_official(found, m.sentence) for m in same)),
            f"{base}_untold": float(not any(found.is_foreground(m.sentence) for m in same)),
            f"{base}_total_said": float(any(m.total for m in same)),
            f"{base}_part": float(all(m.part for m in same)),
            f"{base}_open": float(all(m.count.high is None for m in same)),
            f"{base}_written": float(any(_is_written(found, m) for m in same)),
        }
        for group in _GROUPS:
            out[f"{base}_{group}"] = float(any(m.group == group for m in same))
    return out


def _sentence_features(candidate: Candidate, sums: Sequence[int]) -> dict[str, float]:
    """How many sentences give this number, and is it the number of the first sentence, or the largest?"""
    return {
        "sentences": sums.count(candidate.value),
        "first_sentence": float(bool(sums) and sums[0] == candidate.value),
        "largest_sentence": float(bool(sums) and max(sums) == candidate.value),
    }


def _text_features(
    found: Findings, numbers: Sequence[Candidate], ruled: Mapping[str, Count], choice: KindChoice | None
) -> dict[str, float]:
    """Features of the text, the same for all candidates: the trees combine them with a candidate's own."""
    out: dict[str, float] = {"options": len(numbers)}
    for name in ("killed", "injured", "killed_attackers"):
        out[f"rule_{name}"] = (ruled[name].low or 0) if name in ruled else -1
    for base in ("killed", "injured", "shot"):
        in_sentence = [m for m in found.counts if m.field == base]
        out[f"text_{base}"] = len(in_sentence)
        out[f"text_{base}_title"] = float(any(found.sentences[m.sentence].is_title for m in in_sentence))
        out[f"text_{base}_most"] = max((m.count.low or 0 for m in in_sentence), default=0)
        out[f"text_{base}_names"] = len({n for m in in_sentence for n in m.names})
        out[f"text_{base}_attacker"] = sum(m.group is CountGroup.ATTACKER for m in in_sentence)
    opening = found.opening(2)
    out["court_story"] = float(any(Talk.COURT in s.flags for s in opening))
    out["courts"] = len(found.court)
    if choice is not None:
        out[f"kind_{choice.kind}"] = 1.0
    return out


def _by_sentence_of(found: Findings, field: str) -> list[list[CountMention]]:
    return list(
        _by_sentence([m for m in found.counts if m.field == field and found.is_foreground(m.sentence)]).values()
    )


def _by_sentence(mentions: Sequence[CountMention]) -> dict[int, list[CountMention]]:
    out: dict[int, list[CountMention]] = defaultdict(list)
    for mention in mentions:
        out[mention.sentence].append(mention)
    return out


def _sum(mentions: Sequence[CountMention]) -> int:
    return sum(m.count.low or 0 for m in mentions)


def _is_official(found: Findings, sentence: int) -> bool:
    speaker = found.speaker(sentence)
    return speaker is not None and speaker.kind is SpeakerKind.OFFICIAL


def _is_written(found: Findings, mention: CountMention) -> bool:
    """Does the mention contain a number, rather than "a man"?"""
    words = found.layout.plain[mention.start : mention.end].lower().split()
    return mention.count.low != 1 or (bool(words) and means_one(found, words[0]))
