"""Words for what records keep as data: the values of a field before and after a change, reasons."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n import translate
from bot.i18n.translate import tp
from bot.render import words
from bot.render.text import clean
from bot.render.words import Names
from bot.types import Reason, Term
from extract.kinds import Kind
from extract.track.summary import count_words, place_name
from extract.types import (
    CertaintyValue,
    ConflictFieldsValue,
    CountValue,
    Decision,
    FactValue,
    KindValue,
    MagnitudeValue,
    MatchScore,
    PerpetratorsValue,
    PlaceValue,
    ResponsibilityValue,
    SeverityValue,
    StatusValue,
    TextValue,
    TimeValue,
)

REASON_UNITS = 160
# a value from a vocabulary -> the context of its words in the catalogues
_VOCABULARY = {
    ResponsibilityValue: "responsibility",
    StatusValue: "status",
    SeverityValue: "severity",
    CertaintyValue: "certainty",
}


def changed_value(known: FactValue | None, names: Names, limit: int) -> str:
    """A field's value before or after a change, in the current language; empty where it is unknown.

    Names and places stay in English. ``limit`` is the most UTF-16 units that they may take.
    """
    if translate.current().language.is_source:
        return clean(changed_value_in_english(known, names.kinds), limit)
    match known:
        case CountValue(count=number):
            return words.count(number)
        case KindValue(slug=slug):
            return names.kind(slug)
        case TimeValue(when=time):
            return words.start(time)
        case MagnitudeValue(magnitude=magnitude):
            return translate.number(magnitude, 1)
        case ResponsibilityValue() | StatusValue() | SeverityValue() | CertaintyValue():
            return tp(_VOCABULARY[type(known)], changed_value_in_english(known, names.kinds))
        case ConflictFieldsValue(fields=fields):
            return translate.joined(words.in_line(field) for field in fields)
        case _:
            return translate.isolate(clean(changed_value_in_english(known, names.kinds), limit))


def changed_value_in_english(known: FactValue | None, kinds: Mapping[str, Kind]) -> str:
    """A field's value before or after a change as ``explain`` prints it; empty where it is unknown."""
    match known:
        case None:
            return ""
        case CountValue(count=number):
            return count_words(number)
        case KindValue(slug=slug):
            return kinds[slug].label if slug in kinds else slug
        case PlaceValue(place=place):
            return place_name(place)
        case TimeValue(when=time):
            return time.start
        case MagnitudeValue(magnitude=magnitude):
            return f"{magnitude:.1f}"
        case ResponsibilityValue(responsibility=responsibility):
            return responsibility.value.replace("_", " ")
        case StatusValue(status=word) | SeverityValue(severity=word) | CertaintyValue(certainty=word):
            return word.value
        case PerpetratorsValue(names=parts) | ConflictFieldsValue(fields=parts):
            return ", ".join(parts)
        case TextValue(text=text):
            return text
        case int():
            return str(known)


def reason_words(reason: Reason, limit: int | None = None) -> str:
    """A reason in the current language; plain text that its catalogue doesn't have stays as it is.

    ``limit`` is the most UTF-16 units of plain text that is to be cleaned as text of others; None: it is not cleaned.
    """
    message = reason.message if limit is None else clean(reason.message, limit)
    if not reason.values and not translate.is_translated("reason", message):
        return message if translate.current().language.is_source else translate.isolate(message)
    values = {
        name: tp(value.vocabulary, value.word) if isinstance(value, Term) else value
        for name, value in reason.values.items()
    }
    return tp("reason", message, **values)


def decision_reason(decision: Decision) -> str:
    """Why a report belongs to an incident or to none, in the current language; empty where nothing is known."""
    match decision.reason:
        case str(constant):
            return reason_words(Reason(constant), REASON_UNITS)
        case MatchScore(score=None):
            said = tp("reason", "no known incident qualifies")
        case MatchScore(score=score, needed=needed) if decision.action == "merge":
            said = tp("reason", "{score} of {needed} needed", score=f"{score:.2f}", needed=str(needed))
        case MatchScore(score=score, needed=needed):
            said = tp("reason", "the nearest reaches {score} of {needed}", score=f"{score:.2f}", needed=str(needed))
    if decision.reason.probability is None:
        return said
    probability, least = f"{decision.reason.probability:.2f}", str(decision.reason.least)
    return tp(
        "reason",
        "{reason}; and {probability} of {least} needed to start one",
        reason=said,
        probability=probability,
        least=least,
    )
