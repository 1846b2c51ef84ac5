"""What does a message of the Common Alerting Protocol say, in whole or as an index lists it? (OASIS CAP 1.2, also 1.1)

An index in Atom or RSS has the same elements beside those of the entry, some under other spellings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from lxml import etree

from extract.feeds.authorities import table
from extract.feeds.dates import moment
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, one_line
from extract.feeds.xml import children, text_of

NAMESPACE = b"urn:oasis:names:tc:emergency:cap:"
# the only status of a real warning, beside Exercise, System, Test and Draft
ACTUAL = "actual"
ALERT, UPDATE, CANCEL = "alert", "update", "cancel"
# for everybody; Restricted and Private are not
PUBLIC = "public"
_ENGLISH = "en"
# how one element is spelt by CAP and by MeteoAlarm's index
_MESSAGE_TYPE = ("msgType", "message_type")
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_KM_PER_DEGREE = 111.2


class Coded(NamedTuple):
    """A value of a list that the name says: an area's code, an event's, a parameter. The name is in lower case."""

    name: str
    value: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message; what it does not say is empty. ``points`` are corners of its areas, ``areas`` their names.

    ``status``, ``type``, ``scope`` and the vocabularies are in lower case. ``references`` are identifiers of earlier
    messages, in the order given; ``incidents`` the sender's names of the incident.
    """

    identifier: str
    sender: str
    status: str
    type: str
    scope: str
    references: tuple[str, ...]
    incidents: tuple[str, ...]
    event: str
    severity: str
    urgency: str
    certainty: str
    responses: tuple[str, ...]
    sent: datetime | None
    begins: datetime | None
    ends: datetime | None
    areas: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    codes: tuple[Coded, ...]
    event_codes: tuple[Coded, ...]
    parameters: tuple[Coded, ...]


def message_of(alert: etree._Element, info: etree._Element) -> Message:
    """The message of an alert by one of its ``info`` elements; in an index both are the entry."""
    areas = list(children(info, "area")) or [info]
    rules = table("cap")
    kind = next((text for name in _MESSAGE_TYPE if (text := text_of(alert, name))), "")
    points = tuple(point for area in areas for point in _points(area))
    return Message(
        identifier=clean(text_of(alert, "identifier"))[:MAX_NAME],
        sender=one_line(text_of(alert, "sender"), MAX_SOURCE),
        status=text_of(alert, "status").lower(),
        type=kind.lower(),
        scope=text_of(alert, "scope").lower(),
        references=_references(text_of(alert, "references")),
        incidents=tuple(one_line(text_of(alert, "incidents"), MAX_NAME).split()[:5]),
        event=one_line(text_of(info, "event"), MAX_SOURCE),
        severity=text_of(info, "severity").lower(),
        urgency=text_of(info, "urgency").lower(),
        certainty=_certainty(text_of(info, "certainty").lower()),
        responses=tuple("".join(one.itertext()).strip().lower() for one in children(info, "responseType")),
        sent=moment(text_of(alert, "sent")),
        begins=moment(text_of(info, "onset")) or moment(text_of(info, "effective")),
        ends=moment(text_of(info, "expires")),
        areas=_area_names(areas)[: rules["areas"]],
        points=thinned(points, rules["corners"]),
        codes=tuple(code for area in areas for one in children(area, "geocode") for code in _coded(one))[:200],
        event_codes=tuple(code for one in children(info, "eventCode") for code in _coded(one))[:20],
        parameters=tuple(code for one in children(info, "parameter") for code in _coded(one))[:50],
    )


def info_of(alert: etree._Element) -> etree._Element:
    """The first ``info`` in English, else the first; the alert itself where it has none."""
    infos = list(children(alert, "info"))
    english = (one for one in infos if text_of(one, "language").lower().startswith(_ENGLISH))
    return next(english, infos[0] if infos else alert)


def is_real(message: Message) -> bool:
    """Is it a public warning, or takes one back? Not an exercise, a test or an acknowledgement."""
    is_kind = message.type in ("", ALERT, UPDATE, CANCEL)
    return message.status in ("", ACTUAL) and is_kind and message.scope in ("", PUBLIC)


def thinned(points: Sequence[tuple[float, float]], most: int) -> tuple[tuple[float, float], ...]:
    """At most so many of the points, evenly taken; a ring's last corner, which repeats its first, is left out."""
    kept = list(dict.fromkeys(points))
    return tuple(kept[:: max(1, -(-len(kept) // most))])


def _certainty(word: str) -> str:
    return str(table("cap")["certainty"].get(word, word))


def _references(text: str) -> tuple[str, ...]:
    """The identifiers in "sender,identifier,sent sender,identifier,sent"."""
    parts = (one.split(",") for one in text[: MAX_NAME * 10].split())
    return tuple(clean(one[1])[:MAX_NAME] for one in parts if len(one) == 3 and one[1])


def _area_names(areas: Sequence[etree._Element]) -> tuple[str, ...]:
    texts = (one_line("".join(one.itertext())) for area in areas for one in children(area, "areaDesc"))
    names = (name.strip() for text in texts for name in text.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def _coded(element: etree._Element) -> Iterator[Coded]:
    """The values of an element with ``valueName`` and ``value``, of which an index may put several in one."""
    names = ["".join(one.itertext()).strip().lower() for one in children(element, "valueName")]
    values = ["".join(one.itertext()).strip() for one in children(element, "value")]
    for name, value in zip(names, values, strict=False):
        yield Coded(one_line(name, MAX_SOURCE), one_line(value, MAX_SOURCE * 5))


def _points(area: etree._Element) -> Iterator[tuple[float, float]]:
    """The corners of the polygons, and the northern, eastern, southern and western ends of the circles."""
    for polygon in children(area, "polygon"):
        yield from _pairs("".join(polygon.itertext()))
    for circle in children(area, "circle"):
        text = "".join(circle.itertext()).split()
        middle = list(_pairs(text[0])) if text else []
        radius = _number(text[1]) if len(text) > 1 else None
        if middle:
            yield from _ends(middle[0], (radius or 0.0) / _KM_PER_DEGREE)


def _ends(middle: tuple[float, float], degrees: float) -> Iterator[tuple[float, float]]:
    lat, lon = middle
    if degrees <= 0:
        yield middle
        return
    reach = min(degrees, 60.0)
    for north, east in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        yield max(-90.0, min(90.0, lat + north * reach)), (lon + east * reach + 180) % 360 - 180


def _pairs(text: str) -> Iterator[tuple[float, float]]:
    for found in _PAIR.finditer(text[:200_000]):
        lat, lon = _number(found[1]), _number(found[2])
        if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180:
            yield lat, lon


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None  # also excludes NaN and infinity
