"""Which numbers could be the count of the dead or the hurt, and what speaks for each of them?

A text gives many: the headline's, each sentence's, people told of one by one, those shot less those dead. Every number
is one candidate, with the mentions it rests on and the signs by which a forest judges it (``scripts/train_counts.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from extract.decide.casualties.by_rules import means_one
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.nlp.mentions import CountField, CountGroup, CountMention, SpeakerKind, Talk
from extract.types import Count, Frozen

MOST = 60  # larger numbers are left to the rules
_OTHER = {CountField.KILLED: CountField.INJURED, CountField.INJURED: CountField.KILLED}
_GROUPS = ("person", "definite", "additional", "attacker")
_BASES = {"killed": ("killed",), "injured": ("injured", "shot")}


class Option(Frozen, frozen=True, kw_only=True):
    """A number of people, the ways it was come by, and the mentions it rests on (of the first way)."""

    value: int
    mentions: tuple[CountMention, ...]
    ways: frozenset[str]


def options(found: Findings, field: str, ruled: Mapping[str, Count]) -> list[Option]:
    """Every number that may count a field, ``ruled`` being what the rules say; nobody (0) is always one."""
    ways: dict[int, set[str]] = defaultdict(set)
    rests: dict[int, tuple[CountMention, ...]] = {}

    def add(way: str, value: int, mentions: Sequence[CountMention] = ()) -> None:
        if 0 <= value <= MOST:
            ways[value].add(way)
            if mentions:
                rests.setdefault(value, tuple(mentions))

    add("nobody", 0)
    rule = ruled.get(field)
    add("rule", (rule.low or 0) if rule is not None else 0)
    dead = (ruled[CountField.KILLED].low or 0) if CountField.KILLED in ruled else 0
    for base in _BASES[field]:
        mentions = [m for m in found.counts if m.field == base and found.is_foreground(m.sentence)]
        people = [m for m in mentions if m.group is not CountGroup.ATTACKER]
        for name, some in (("all", mentions), ("people", people)):
            for here in _by_sentence(some).values():
                fresh = [m for m in here if m.group is not CountGroup.DEFINITE] or here[:1]
                add(f"{base}_{name}_sentence", _sum(fresh), fresh)
                add(f"{base}_{name}_sentence_less_dead", _sum(fresh) - dead, fresh)
            fresh = [m for m in some if m.group is not CountGroup.DEFINITE]
            add(f"{base}_{name}_one_by_one", _sum(fresh), fresh)
            add(f"{base}_{name}_named", len({n for m in some for n in m.names}), some)
        for mention in mentions:
            add(f"{base}_total" if mention.total else f"{base}_mention", mention.count.low or 0, [mention])
    attackers = [
        m
        for m in found.counts
        if m.field is CountField.KILLED and m.group is CountGroup.ATTACKER and found.is_foreground(m.sentence)
    ]
    if field == CountField.KILLED and rule is not None and attackers:
        add("rule_and_attacker", (rule.low or 0) + 1, attackers)
    return [Option(value=v, mentions=rests.get(v, ()), ways=frozenset(ways[v])) for v in sorted(ways)]


def signs(
    found: Findings, field: str, some: Sequence[Option], ruled: Mapping[str, Count], choice: KindChoice | None
) -> list[dict[str, float]]:
    """What is known of each option: where and how it is told, how it was come by, and the text it stands in."""
    text = _of_text(found, some, ruled, choice)
    sums = [
        _sum([m for m in here if m.group is not CountGroup.DEFINITE] or here[:1]) for here in _sentences(found, field)
    ]
    told: dict[tuple[str, int], list[CountMention]] = defaultdict(list)
    for mention in found.counts:
        told[mention.field, mention.count.low or 0].append(mention)
    return [_of_option(found, field, option, ruled, told) | _of_sentences(option, sums) | text for option in some]


def _of_option(
    found: Findings,
    field: str,
    option: Option,
    ruled: Mapping[str, Count],
    told: Mapping[tuple[str, int], list[CountMention]],
) -> dict[str, float]:
    rule, other = ruled.get(field), ruled.get(_OTHER[CountField(field)])
    out: dict[str, float] = {f"way_{way}": 1.0 for way in option.ways}
    out |= {
        "value": option.value,
        "over_rule": option.value - ((rule.low or 0) if rule is not None else 0),
        "over_other": option.value - ((other.low or 0) if other is not None else 0),
    }
    for base in (*_BASES[field], *_BASES[_OTHER[CountField(field)]]):
        same = told.get((base, option.value))
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


def _of_sentences(option: Option, sums: Sequence[int]) -> dict[str, float]:
    """How many sentences tell so many, and does the first, does the one that tells most?"""
    return {
        "sentences": sums.count(option.value),
        "first_sentence": float(bool(sums) and sums[0] == option.value),
        "largest_sentence": float(bool(sums) and max(sums) == option.value),
    }


def _of_text(
    found: Findings, some: Sequence[Option], ruled: Mapping[str, Count], choice: KindChoice | None
) -> dict[str, float]:
    """Signs that all options share: the trees weigh them together with an option's own."""
    out: dict[str, float] = {"options": len(some)}
    for name in ("killed", "injured", "killed_attackers"):
        out[f"rule_{name}"] = (ruled[name].low or 0) if name in ruled else -1
    for base in ("killed", "injured", "shot"):
        here = [m for m in found.counts if m.field == base]
        out[f"text_{base}"] = len(here)
        out[f"text_{base}_title"] = float(any(found.sentences[m.sentence].is_title for m in here))
        out[f"text_{base}_most"] = max((m.count.low or 0 for m in here), default=0)
        out[f"text_{base}_names"] = len({n for m in here for n in m.names})
        out[f"text_{base}_attacker"] = sum(m.group is CountGroup.ATTACKER for m in here)
    opening = found.opening(2)
    out["court_story"] = float(any(Talk.COURT in s.flags for s in opening))
    out["courts"] = len(found.court)
    if choice is not None:
        out[f"kind_{choice.kind}"] = 1.0
    return out


def _sentences(found: Findings, field: str) -> list[list[CountMention]]:
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
    """Is a number written there, rather than "a man"?"""
    words = found.layout.plain[mention.start : mention.end].lower().split()
    return mention.count.low != 1 or (bool(words) and means_one(found, words[0]))
