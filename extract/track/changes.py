"""What changed between two versions of an incident, and does it matter enough to make a sound?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from extract.track.rules import all_kinds, rules
from extract.track.summary import place_name
from extract.types import (
    Action,
    Certainty,
    CertaintyValue,
    Change,
    ConflictFieldsValue,
    Count,
    CountState,
    CountValue,
    FactValue,
    FieldChange,
    Incident,
    KindValue,
    Lifecycle,
    MagnitudeValue,
    Manner,
    PerpetratorsValue,
    PlaceValue,
    Precision,
    Report,
    Responsibility,
    ResponsibilityValue,
    SeverityValue,
    Status,
    StatusValue,
    TimeValue,
)

# what a change is because of, besides the names of fields: the words of a notice among the reports
DENIED = "denied"
CORRECTED = "corrected"
TAKEN_BACK = "taken_back"
_RANK = (Precision.COUNTRY, Precision.PROVINCE, Precision.DISTRICT, Precision.CITY, Precision.SITE)


def change(before: Incident | None, after: Incident, *, article: str, now: datetime) -> Change:
    """The change from ``before`` to ``after``: the values that differ, and the action that they call for."""
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
    noticed = _noticed(before, after, fields)
    material = (*noticed, *(field for field in material if field not in noticed))
    always = noticed or set(rules("change")["always"]) & set(material) or _is_correction(before.facts, after.facts)
    quiet = material and (
        after.lifecycle is Lifecycle.RETRACTED or (not always and _is_over_reply_limit(before.replies, now))
    )
    action = Action.REPLY if material and not quiet else Action.EDIT if fields else None
    because = material or tuple(f.field for f in fields)
    return Change(
        incident=after.id, version=after.version, at=now, article=article, action=action, because=because, fields=fields
    )


def _noticed(before: Incident, after: Incident, fields: tuple[FieldChange, ...]) -> tuple[str, ...]:
    """Why a new notice makes a sound: the act is denied, or a value that stood is corrected; () if neither."""
    new = [notice for notice in after.notices if notice not in before.notices]
    changed = {one.field for one in fields}
    if any(notice.denies for notice in new):
        return (DENIED, *(["certainty"] if "certainty" in changed else []))
    if any(notice.manner is Manner.RETRACTION for notice in new):
        return (TAKEN_BACK,)
    told = [f for f in rules("change")["correctable"] if f in changed]
    return (CORRECTED, *told) if told and any(n.manner is not Manner.DENIAL for n in new) else ()


def _is_correction(before: Report, after: Report) -> bool:
    """Does the number of killed fall? Chats that were told the higher number are told so."""
    old, new = before.killed, after.killed
    counted = old.state is CountState.COUNTED and new.state is CountState.COUNTED
    return counted and new.high is not None and new.high < (old.low or 0)


def _is_over_reply_limit(replies: tuple[datetime, ...], now: datetime) -> bool:
    """Has the incident reached one of the limits of replies with a sound?"""
    return any(
        sum(now - at < timedelta(hours=limit["hours"]) for at in replies) >= limit["most"]
        for limit in rules("change")["reply_limits"]
    )


def _differences(before: Incident, after: Incident) -> list[FieldChange]:
    """The fields whose values differ, in the order of ``_VALUES``."""
    values = ((field, value(before), value(after)) for field, value in _VALUES.items())
    return [
        FieldChange(field=field, before=old, after=new)
        for field, old, new in values
        if _compared(old) != _compared(new)
    ]


def _compared(value: FactValue | None) -> object:
    """The part of a value that makes a change: the name of a place, the start of a time, the whole of any other."""
    match value:
        case PlaceValue(place=place):
            return place_name(place)
        case TimeValue(when=when):
            return when.start
        case _:
            return value


def _count(field: str) -> Callable[[Incident], CountValue | None]:
    """The function that reads a count of people; None where no article mentions it."""

    def read(incident: Incident) -> CountValue | None:
        count: Count = getattr(incident.facts, field)
        if count.state is CountState.NOT_MENTIONED:
            return None
        return CountValue(count=count if count.state is CountState.COUNTED else Count(state=count.state))

    return read


def _place(incident: Incident) -> PlaceValue | None:
    place = incident.facts.place
    return PlaceValue(place=place) if place else None


def _time(incident: Incident) -> TimeValue | None:
    when = incident.facts.when
    return TimeValue(when=when) if when else None


def _magnitude(incident: Incident) -> MagnitudeValue | None:
    magnitude = incident.facts.magnitude
    return None if magnitude is None else MagnitudeValue(magnitude=magnitude)


def _responsibility(incident: Incident) -> ResponsibilityValue | None:
    known = incident.facts.responsibility
    return None if known is Responsibility.NOT_MENTIONED else ResponsibilityValue(responsibility=known)


def _perpetrators(incident: Incident) -> PerpetratorsValue | None:
    names = tuple(p.name for p in incident.facts.perpetrators if p.type == "organization")
    return PerpetratorsValue(names=names) if names else None


def _conflicts(incident: Incident) -> ConflictFieldsValue | None:
    fields = tuple(conflict.field for conflict in incident.conflicts)
    return ConflictFieldsValue(fields=fields) if fields else None


# a field whose changes are recorded -> its value, None where it is unknown; in the order in which changes are listed
_VALUES: dict[str, Callable[[Incident], FactValue | None]] = {
    "kind": lambda i: KindValue(slug=i.facts.kind),
    "place": _place,
    "when": _time,
    "magnitude": _magnitude,
    **{field: _count(field) for field in ("killed", "injured", "kidnapped", "attackers", "killed_attackers")},
    "responsibility": _responsibility,
    "perpetrators": _perpetrators,
    "status": lambda i: StatusValue(status=i.facts.status),
    "severity": lambda i: SeverityValue(severity=i.facts.severity),
    "certainty": lambda i: CertaintyValue(certainty=i.facts.certainty),
    "conflicts": _conflicts,
    "sources": lambda i: len(i.articles),
}


def _is_material(field: str, before: Report, after: Report) -> bool:
    is_material = _MATERIAL.get(field)
    return is_material is not None and field in rules("change")["material"] and is_material(before, after)


def _is_other_count(field: str) -> Callable[[Report, Report], bool]:
    """The function that compares a count of people before and after."""
    return lambda before, after: _outside(getattr(before, field), getattr(after, field))


def _is_other_injured(before: Report, after: Report) -> bool:
    return _outside(before.injured, after.injured) and _weighty(before.injured, after.injured)


def _is_more_severe(before: Report, after: Report) -> bool:
    return after.severity.rank > before.severity.rank


def _is_revised(before: Report, after: Report) -> bool:
    """Is the magnitude another one, by enough to matter? One that was not known before is in the card alone."""
    if before.magnitude is None or after.magnitude is None:
        return False
    return bool(round(abs(after.magnitude - before.magnitude), 2) >= rules("change")["material_magnitude"])


def _is_more_specific(before: Report, after: Report) -> bool:
    rule = rules("change")
    step = all_kinds()[after.kind].specificity - all_kinds()[before.kind].specificity
    return step >= rule["material_kind_step"] and before.kind not in rule["general_kinds"]


def _is_over(before: Report, after: Report) -> bool:
    return before.status is Status.ONGOING and after.status.value in rules("change")["material_status"]


def _is_claimed(_before: Report, after: Report) -> bool:
    return after.responsibility.value in rules("change")["material_responsibility"]


def _outside(old: Count, new: Count) -> bool:
    """Is the new number outside the range given before? A number that was unknown before is."""
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


def _is_doubted(before: Report, after: Report) -> bool:
    """Is what was told now thought not to have happened, or the other way round?"""
    return (before.certainty is Certainty.UNLIKELY) is not (after.certainty is Certainty.UNLIKELY)


# a field whose change can make a sound -> does it, from the facts before to those after?
_MATERIAL: dict[str, Callable[[Report, Report], bool]] = {
    "killed": _is_other_count("killed"),
    "kidnapped": _is_other_count("kidnapped"),
    "injured": _is_other_injured,
    "severity": _is_more_severe,
    "magnitude": _is_revised,
    "kind": _is_more_specific,
    "status": _is_over,
    "responsibility": _is_claimed,
    "place": _finer,
    "certainty": _is_doubted,
}
