"""Why is an incident as severe as it is? The rule that decided, in words of the current language."""

from __future__ import annotations

from bot.i18n import translate
from bot.i18n.translate import mark_in, tp
from bot.render import words
from bot.render.words import Names
from extract.severity import HARM, Assessment, Grounds, assess
from extract.types import Incident, Severity

# from the least severe on, as the steps of a scale are read
_LEVELS = (Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
_RULES = {
    Grounds.KIND: mark_in("severity rule", "usual for this kind of incident as long as no harm is known"),
    Grounds.OFFICIAL: mark_in("severity rule", "the authority that issued the alert says so"),
    Grounds.ONGOING: mark_in("severity rule", "it is going on, and its toll is not known"),
    Grounds.ATTEMPTED: mark_in("severity rule", "nobody was harmed, and it was attempted or foiled only"),
    Grounds.THREATENED: mark_in("severity rule", "nobody was harmed, and it was only threatened"),
}
# GTD's target types that make an act of violence more severe
_HIT = {
    "diplomatic": mark_in("severity rule", "diplomats"),
    "education": mark_in("severity rule", "a school or university"),
    "government": mark_in("severity rule", "holders of office"),
    "media": mark_in("severity rule", "journalists"),
    "medical": mark_in("severity rule", "a hospital or clinic"),
    "religious": mark_in("severity rule", "a place of worship"),
}


def severity_reason(incident: Incident, names: Names) -> str:
    """The severity and the rule behind it; the severity alone if it was set by rules of another version."""
    facts = incident.facts
    level = tp("severity", facts.severity.value)
    kind = names.kinds.get(facts.kind)
    found = assess(kind, facts) if kind else None
    if found is None or found.severity is not facts.severity:
        return level
    return f"{level} · {_reason(found)}"


def _reason(found: Assessment) -> str:
    parts = [tp("severity rule", _RULES[found.grounds]) if found.grounds in _RULES else _number_rule(found)]
    if found.hit:
        who = tp("severity rule", _HIT[found.hit])
        parts.append(tp("severity rule", "one step more severe because of who was hit ({who})", who=who))
    return translate.joined_clauses(parts)


def _number_rule(found: Assessment) -> str:
    """ "8 killed; for this kind: severe from 1 on, extreme from 20 on"."""
    steps = translate.joined(
        tp("severity rule", "{severity} from {n} on", severity=tp("severity", level.value), n=found.steps[level.value])
        for level in _LEVELS
        if found.steps.get(level.value)
    )
    return tp("severity rule", "{number}; for this kind: {steps}", number=_number(found), steps=steps)


def _number(found: Assessment) -> str:
    if found.grounds.value in HARM:
        return words.casualties(found.grounds.value, int(found.number), int(found.number))
    return words.magnitude(found.number)
