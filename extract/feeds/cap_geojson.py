"""Which public warnings does the US weather service list as GeoJSON? (api.weather.gov/alerts/active, CAP in JSON)"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from extract.feeds.addresses import absolute, host
from extract.feeds.authorities import table
from extract.feeds.cap_facts import event_id, stated_of
from extract.feeds.cap_message import CANCEL, Coded, Message, is_real, thinned
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.feature_collection import Feature, is_collection, properties_of, read_features
from extract.feeds.json_values import list_of, number_of, object_of, text_of
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, one_line, paragraphs
from extract.types import Article, ParsedFeed

# the type of its features, and a property that only alerts have
_MARKS = (b'"wx:alert"', b'"messagetype"')


def recognises(document: Document) -> bool:
    """Is it a GeoJSON collection of alerts?"""
    return is_collection(document) and any(mark in document.head for mark in _MARKS)


def read(document: Document) -> ParsedFeed:
    """One article per alert; exercises, tests and acknowledgements are left out."""
    return read_features(document, partial(_article, base=document.base_url), "an alert to the public")


def _article(feature: Feature, base: str) -> Article | None:
    facts = properties_of(feature)
    message = _message(feature, facts)
    if not message.identifier or not is_real(message):
        return None
    areas = "; ".join(message.areas)
    parts = (text_of(facts, "description"), areas, text_of(facts, "instruction"))
    link = absolute(text_of(facts, "@id") or text_of(feature, "id"), base)
    return Article(
        id=event_id(message),
        title=one_line(text_of(facts, "headline") or message.event),
        text="\n\n".join(text for text in map(paragraphs, parts) if text),
        url=link,
        published=message.sent,
        source=one_line(text_of(facts, "senderName"), MAX_SOURCE) or host(link) or message.sender,
        lang="en",
        revises=message.references[0] if message.references else "",
        withdrawn=message.type == CANCEL,
        stated=stated_of(message),
    )


def _message(feature: Feature, facts: Feature) -> Message:
    names = (one_line(name) for name in text_of(facts, "areaDesc").split(";"))
    references = (clean(text_of(one, "identifier"))[:MAX_NAME] for one in list_of(facts, "references"))
    return Message(
        identifier=clean(text_of(facts, "id"))[:MAX_NAME],
        sender=one_line(text_of(facts, "sender"), MAX_SOURCE),
        status=text_of(facts, "status").lower(),
        type=text_of(facts, "messageType").lower(),
        scope=text_of(facts, "scope").lower(),
        references=tuple(name for name in references if name),
        incidents=(),
        event=one_line(text_of(facts, "event"), MAX_SOURCE),
        severity=text_of(facts, "severity").lower(),
        urgency=text_of(facts, "urgency").lower(),
        certainty=text_of(facts, "certainty").lower(),
        responses=(text_of(facts, "response").lower(),),
        sent=moment(text_of(facts, "sent")),
        begins=moment(text_of(facts, "onset")) or moment(text_of(facts, "effective")),
        ends=moment(text_of(facts, "ends")) or moment(text_of(facts, "expires")),
        areas=tuple(dict.fromkeys(name for name in names if name))[: table("cap")["areas"]],
        points=thinned(tuple(_corners(object_of(feature, "geometry").get("coordinates"))), table("cap")["corners"]),
        codes=_coded(object_of(facts, "geocode")),
        event_codes=_coded(object_of(facts, "eventCode")),
        parameters=_coded(object_of(facts, "parameters")),
    )


def _coded(values: Feature) -> tuple[Coded, ...]:
    """The lists of values under each name."""
    found = (
        Coded(one_line(name, MAX_SOURCE).lower(), one_line(value, MAX_SOURCE * 5))
        for name in list(values)[:100]
        for value in list_of(values, name)[:200]
        if isinstance(value, str)
    )
    return tuple(found)[:400]


def _corners(value: object, depth: int = 0) -> Iterator[tuple[float, float]]:
    """The positions of a polygon or of several, at whatever depth they are, as latitude and longitude."""
    if not isinstance(value, list) or depth > 4:
        return
    numbers = [number_of(one) for one in value[:2]]
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        if abs(numbers[1]) <= 90 and abs(numbers[0]) <= 180:
            yield numbers[1], numbers[0]
        return
    for one in value[:5_000]:
        yield from _corners(one, depth + 1)
