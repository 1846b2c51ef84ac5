"""Which facts does a public warning state: what threatens or happened, where, when, how severe?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TypeVar

from extract.feeds.authorities import table
from extract.feeds.cap_message import CANCEL, Coded, Message
from extract.types import Certainty, Severity, Stage, StatedFacts, Status, Urgency

T = TypeVar("T", Severity, Urgency, Certainty)

_SAME, _AWARENESS_TYPE, _AWARENESS_LEVEL, _VTEC = "same", "awareness_type", "awareness_level", "vtec"
# "/O.NEW.KTSA.TO.W.0035.261130T0812Z-261130T0845Z/": the office, phenomenon, significance and number stay
_VTEC_EVENT = re.compile(r"/[OTEX]\.[A-Z]{3}\.([A-Z]{4}\.[A-Z]{2}\.[A-Z]\.\d{4})\.(\d{2})?\d*T?\d*Z-(\d{2})?")
# codes of counties and zones that begin with a state's postal abbreviation: CAZ310, CAC019
_UGC, _UGC_CODE = "ugc", re.compile(r"([A-Z]{2})[CZ]\d{3}")
_FIPS = ("same", "fips6")
_FIPS_CODE = re.compile(r"\d(\d\d)\d{3}")
_MOST_IDS = 30
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")


def stated_of(message: Message) -> StatedFacts | None:
    """The facts of a message; None where it doesn't say what it warns of, or of a kind that is no incident."""
    kind = _kind(message)
    if kind is None:
        return None
    country, division = _codes_of_area(message)
    is_over, severity = _is_over(message), _value(Severity, message.severity)
    quotes = {"kind": message.event, "place": "; ".join(message.areas), "official": message.severity.capitalize()}
    return StatedFacts(
        kind=kind,
        ids=_ids(message),
        revises=tuple(reversed(message.references)),
        begins=message.begins or message.sent,
        ends=message.ends,
        points=message.points,
        places=message.areas,
        country=country,
        division=division,
        severity=severity,
        level="" if severity is Severity.UNKNOWN else severity.capitalize(),
        urgency=Urgency.PAST if is_over else _value(Urgency, message.urgency),
        certainty=_value(Certainty, message.certainty),
        status=Status.ENDED if is_over else Status.UNKNOWN,
        stage=Stage.ACCOMPLISHED if _has_happened(message) else Stage.THREATENED,
        quotes={field: words for field, words in quotes.items() if words},
    )


def event_id(message: Message) -> str:
    """The id under which an authority keeps sending of one event: the US weather service's own, else the message's."""
    return next(_vtec(message), "") or message.identifier


def _ids(message: Message) -> tuple[str, ...]:
    """The message's id and those of the earlier ones, of the incident, and the US weather service's of the event."""
    sender = message.sender.replace(":", ".")
    messages = [name for name in (message.identifier, *message.references) if name]
    named = [f"{sender}/incidents:{name}" for name in message.incidents] if sender else []
    own = [f"{sender}:{message.identifier}"] if sender and message.identifier else []
    return tuple(dict.fromkeys((*named, *_vtec(message), *own, *(f"cap:{name}" for name in messages))))[:_MOST_IDS]


def _vtec(message: Message) -> Iterator[str]:
    for one in message.parameters:
        found = _VTEC_EVENT.search(one.value) if one.name == _VTEC else None
        if found is not None:
            year = found[2] if found[2] and found[2] != "00" else found[3] or ""
            yield f"vtec:{found[1]}.{year}"


def _kind(message: Message) -> str | None:
    """By codes, which are the same in every language, else by the words of the event."""
    rules = table("cap")
    for name, known in ((_AWARENESS_TYPE, rules["awareness"]), (_SAME, rules["same"])):
        for one in (*message.parameters, *message.event_codes):
            code = one.value.partition(";")[0].strip()
            if one.name == name and code in known:
                return str(known[code])
    return next((kind for pattern, kind in _events() if pattern.search(message.event)), None)


@cache
def _events() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b(?:{words})", re.IGNORECASE), kind) for words, kind in table("cap")["events"])


def _has_happened(message: Message) -> bool:
    rules = table("cap")
    return message.certainty in rules["observed"] or message.urgency in rules["past"]


def _is_over(message: Message) -> bool:
    """Does it say that there is no danger any more, without taking the warning back as an error?"""
    rules = table("cap")
    levels = [one.value.partition(";")[0].strip() for one in message.parameters if one.name == _AWARENESS_LEVEL]
    is_clear = bool(set(message.responses) & set(rules["all_clear"]))
    is_green = bool(levels) and set(levels) <= set(rules["no_danger"])
    return message.type != CANCEL and (message.urgency in rules["past"] or is_clear or is_green)


def _codes_of_area(message: Message) -> tuple[str, str]:
    """The country and first-order division that all codes of the area have in common; "" where they have none."""
    found = {place for code in message.codes for place in _code_places(code)}
    countries, divisions = {country for country, _ in found}, {division for _, division in found}
    country = countries.pop() if len(countries) == 1 else ""
    return country, divisions.pop() if country and len(divisions) == 1 else ""


def _code_places(code: Coded) -> Iterator[tuple[str, str]]:
    """Country and division of each code in a value, which an index separates by spaces."""
    rules = table("cap")
    for value in code.value.split():
        if code.name in rules["country_coded"] and (prefix := _COUNTRY_CODE.match(value)):
            yield rules["country_prefixes"].get(prefix[0], prefix[0]), ""
        elif code.name == _UGC and (state := _UGC_CODE.fullmatch(value)) and state[1] in rules["fips"].values():
            yield "US", f"US.{state[1]}"
        elif code.name in _FIPS and (number := _FIPS_CODE.fullmatch(value)) and number[1] in rules["fips"]:
            yield "US", f"US.{rules['fips'][number[1]]}"


def _value(vocabulary: type[T], word: str) -> T:
    """The value of a vocabulary of CAP; unknown for a word that is not of it."""
    return next((value for value in vocabulary if value == word), vocabulary("unknown"))
