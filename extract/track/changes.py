"""What changed between two versions of an incident, and does it matter enough to make a sound?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from extract.lexicon import priors
from extract.track.rules import all_kinds, rules
from extract.track.summary import count_words, place_name
from extract.types import (
    Action,
    Change,
    Count,
    CountState,
    FieldChange,
    Incident,
    Lifecycle,
    Precision,
    Report,
    Responsibility,
)

_RANK = (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT, Precision.CITY, Precision.SITE)


def change(before: Incident | None, after: Incident, *, article: str, now: datetime) -> Change:
    """The step from ``before`` to ``after``: its fields in words, and the action that the weightiest asks for."""
    if before is None:
        return Change(
            incident=after.id,
            version=after.version,
            at=now,
            article=article,
            action=Action.NEW,
            because=("first_report",),
        )
    if after.lifecycle is Lifecycle.RETRACTED and before.lifecycle is not Lifecycle.RETRACTED:
        return Change(
            incident=after.id,
            version=after.version,
            at=now,
            article=article,
            action=Action.RETRACT,
            because=("retracted",),
        )
    fields = tuple(_differences(before, after))
    material = tuple(f.field for f in fields if _is_material(f.field, before.facts, after.facts))
    always = set(rules("change")["always"]) & set(material) or _is_correction(before.facts, after.facts)
    quiet = material and (after.lifecycle is Lifecycle.RETRACTED or (not always and _told_often(before.replies, now)))
    action = Action.REPLY if material and not quiet else Action.EDIT if fields else None
    because = material or tuple(f.field for f in fields)
    return Change(
        incident=after.id, version=after.version, at=now, article=article, action=action, because=because, fields=fields
    )


def _is_correction(before: Report, after: Report) -> bool:
    """Does a toll fall? Whoever was told the higher one is told so."""
    old, new = before.killed, after.killed
    counted = old.state is CountState.COUNTED and new.state is CountState.COUNTED
    return counted and new.high is not None and new.high < (old.low or 0)


def _told_often(replies: tuple[datetime, ...], now: datetime) -> bool:
    """Has an incident made as many sounds lately as it may?"""
    return any(
        sum(now - at < timedelta(hours=limit["hours"]) for at in replies) >= limit["most"]
        for limit in rules("change")["reply_limits"]
    )


def _differences(before: Incident, after: Incident) -> list[FieldChange]:
    views: dict[str, Callable[[Incident], str]] = {
        "kind": lambda i: all_kinds()[i.facts.kind].label,
        "place": lambda i: place_name(i.facts.place) if i.facts.place else "",
        "when": lambda i: i.facts.when.start if i.facts.when else "",
        **{f: _count_view(f) for f in ("killed", "injured", "kidnapped", "attackers", "killed_attackers")},
        "responsibility": lambda i: _responsibility(i.facts),
        "perpetrators": lambda i: ", ".join(p.name for p in i.facts.perpetrators if p.type == "organization"),
        "status": lambda i: i.facts.status.value,
        "severity": lambda i: i.facts.severity.value,
        "certainty": lambda i: i.facts.certainty.value,
        "conflicts": lambda i: ", ".join(c.field for c in i.conflicts),
        "sources": lambda i: str(len(i.articles)),
    }
    return [
        FieldChange(field=field, before=view(before), after=view(after))
        for field, view in views.items()
        if view(before) != view(after)
    ]


def _count_view(field: str) -> Callable[[Incident], str]:
    return lambda incident: count_words(getattr(incident.facts, field))


def _responsibility(facts: Report) -> str:
    return "" if facts.responsibility is Responsibility.NOT_MENTIONED else facts.responsibility.value.replace("_", " ")


def _is_material(field: str, before: Report, after: Report) -> bool:
    rule = rules("change")
    if field not in rule["material"]:
        return False
    match field:
        case "killed" | "kidnapped":
            return _outside(getattr(before, field), getattr(after, field))
        case "injured":
            return _outside(before.injured, after.injured) and _weighty(before.injured, after.injured)
        case "severity":
            return after.severity.rank > before.severity.rank
        case "kind":
            step = priors()[after.kind] - priors()[before.kind]
            return step >= rule["material_kind_step"] and before.kind not in ("shooting", "armed_assault", "attack")
        case "status":
            return after.status.value in rule["material_status"] and before.status.value == "ongoing"
        case "responsibility":
            return after.responsibility.value in rule["material_responsibility"]
        case "place":
            return _finer(before, after)
    return False


def _outside(old: Count, new: Count) -> bool:
    """Has the number left what was said before? From unknown to a number it has."""
    if new.state is not CountState.COUNTED:
        return False
    if old.state is not CountState.COUNTED:
        return bool(new.low)
    return (new.low or 0) > (old.low or 0) or (new.high is not None and new.high < (old.low or 0))


def _weighty(old: Count, new: Count) -> bool:
    rule = rules("change")
    step = abs((new.low or 0) - (old.low or 0))
    return bool(step >= max(rule["injured_least"], rule["injured_share"] * (old.low or 0)))


def _finer(before: Report, after: Report) -> bool:
    if after.place is None:
        return False
    if before.place is None:
        return True
    coarse = before.place.precision.value in rules("change")["material_place"]
    return coarse and _RANK.index(after.place.precision) > _RANK.index(before.place.precision)
