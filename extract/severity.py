"""How severe, urgent and certain is an incident, in the values of CAP 1.2, by the rules of ``data/severity.toml``?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from extract.kinds import Kind
from extract.lexicon import shared_table
from extract.types import Certainty, Count, CountState, Effect, Frozen, Report, Severity, Stage, Status, Urgency

# the counts of people that are harm, in the order in which they are named as the reason
HARM = ("killed", "injured", "kidnapped")
_LEVELS = (Severity.EXTREME, Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
_HARMED = frozenset({Effect.KILLED, Effect.INJURED, Effect.KIDNAPPED})
_NEVER = float("inf")


class Grounds(StrEnum):
    """Which rule made an incident as severe as it is; the first five are also fields of a report."""

    KILLED = "killed"
    INJURED = "injured"
    KIDNAPPED = "kidnapped"
    MAGNITUDE = "magnitude"
    OFFICIAL = "official"
    KIND = "kind"
    ONGOING = "ongoing"
    ATTEMPTED = "attempted"
    THREATENED = "threatened"


class Assessment(Frozen, frozen=True, kw_only=True):
    """The severity of an incident, and the rule that decided.

    ``number`` is the number of people, or the magnitude, where such a rule decided, and ``steps`` is then the least
    number for each severity. ``hit`` is the GTD type of the people or the place because of which the incident is one
    step more severe than by that rule; empty if it isn't.
    """

    severity: Severity
    grounds: Grounds
    number: float = 0
    steps: Mapping[str, float] = {}
    hit: str = ""


def assess(kind: Kind, facts: Report) -> Assessment:
    """The severity of an incident of this kind with these facts, and why: the rule that makes it most severe."""
    found = max(_by_each_rule(kind, facts), key=lambda one: one.severity.rank)
    hit, most = _who_was_hit(kind, facts), Severity(shared_table("severity")["hit"]["at_most"])
    if not hit or found.severity.rank >= most.rank:
        return found
    raised = next(level for level in reversed(_LEVELS) if level.rank > found.severity.rank)
    return Assessment(severity=raised, grounds=found.grounds, number=found.number, steps=found.steps, hit=hit)


def severity_of(kind: Kind, facts: Report) -> Severity:
    """The severity of an incident of this kind with these facts."""
    return assess(kind, facts).severity


def urgency_of(kind: Kind, status: Status) -> Urgency:
    """Immediate while it is ongoing; expected for kinds that may continue, such as a storm; else past or unknown."""
    rule = shared_table("severity")["urgency"]
    if status.value in rule["immediate_status"]:
        return Urgency.IMMEDIATE
    if kind.slug in rule["expected_kinds"] and status is not Status.ENDED:
        return Urgency.EXPECTED
    return Urgency.PAST if status in (Status.ENDED, Status.FOILED) else Urgency.UNKNOWN


def certainty_of(probability: float, *, official: bool, origins: int = 1, denied: bool = False) -> Certainty:
    """Observed if an official source or at least two independent origins confirm it, else by the probability alone.

    ``denied``: somebody says that it did not happen, which makes it less certain, whoever says so.
    """
    rule = shared_table("severity")["certainty"]
    if denied:
        known = certainty_of(probability, official=official, origins=origins)
        return min(known, Certainty(rule["denied"]), key=lambda one: one.rank)
    if probability >= rule["observed_if_confirmed"] and (official or origins >= 2):
        return Certainty.OBSERVED
    if probability >= rule["likely"]:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if probability >= rule["possible"] else Certainty.UNLIKELY


def is_denial(report: Report) -> bool:
    """Does a report say that it did not happen: is it unlikely, though its words are those of such an incident?"""
    if report.notice is not None and report.notice.denies:
        return True
    least = shared_table("severity")["certainty"]["possible"]
    return report.certainty is Certainty.UNLIKELY and report.probability >= least


def _by_each_rule(kind: Kind, facts: Report) -> Iterator[Assessment]:
    """What each rule makes of it: those of harm, an authority's word, the magnitude; the kind alone where neither of
    the last two is known.
    """
    rules = shared_table("severity")
    scale = rules["scales"][kind.scale]
    for field in HARM:
        yield from _by_number(Grounds(field), _upper_bound(getattr(facts, field)), scale.get(field, {}))
    declared = facts.official.severity if facts.official is not None else Severity.UNKNOWN
    if declared is not Severity.UNKNOWN:
        yield Assessment(severity=declared, grounds=Grounds.OFFICIAL)
    if facts.magnitude is not None and kind.slug in rules["magnitude"]["kinds"]:
        yield from _by_number(Grounds.MAGNITUDE, facts.magnitude, rules["magnitude"]["least"])
    elif declared is Severity.UNKNOWN:
        yield _by_kind(kind, facts)


def _by_number(grounds: Grounds, number: float, steps: Mapping[str, float]) -> Iterator[Assessment]:
    level = next((one for one in _LEVELS if number >= steps.get(one.value, _NEVER)), None)
    if level is not None:
        yield Assessment(severity=level, grounds=grounds, number=number, steps=steps)


def _by_kind(kind: Kind, facts: Report) -> Assessment:
    """The severity of the kind, as far as the act went."""
    rules = shared_table("severity")
    if facts.stage is Stage.THREATENED:
        return _by_stage(kind, Grounds.THREATENED)
    if facts.stage is Stage.ATTEMPTED or facts.status is Status.FOILED:
        return _by_stage(kind, Grounds.ATTEMPTED)
    if facts.status is Status.ONGOING and kind.slug in rules["ongoing"]["kinds"]:
        return Assessment(severity=Severity(rules["ongoing"]["severity"]), grounds=Grounds.ONGOING)
    return Assessment(severity=kind.severity, grounds=Grounds.KIND)


def _who_was_hit(kind: Kind, facts: Report) -> str:
    """The type of the people harmed, or of the place where people were, that makes the act graver; empty if none."""
    rule = shared_table("severity")["hit"]
    if kind.scale not in rule["scales"]:
        return ""
    people = (one.type for one in facts.victims if one.effect in _HARMED and one.type in rule["victims"])
    is_harm = any(_upper_bound(getattr(facts, field)) for field in HARM)
    places = (one.type for one in facts.targets if is_harm and one.type in rule["targets"])
    return next(people, None) or next(places, None) or ""


def _by_stage(kind: Kind, grounds: Grounds) -> Assessment:
    less = shared_table("severity")["stage"][grounds.value]
    return Assessment(severity=Severity(less.get(kind.severity.value, kind.severity.value)), grounds=grounds)


def _upper_bound(count: Count) -> int:
    """The largest number that a count allows, its lower bound where it has no upper one; 0 where nobody is counted."""
    if count.state is not CountState.COUNTED:
        return 0
    return count.high if count.high is not None else count.low or 0
