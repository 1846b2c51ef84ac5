"""What is an incident as a Common Alerting Protocol message (OASIS CAP 1.2)? An Alert, later an Update, or a Cancel."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from bot.export.frame import PLAIN, Frame
from bot.export.xml_text import add, serialised
from extract.kinds import load_kinds
from extract.track.summary import count_words, place_name
from extract.types import Incident, Lifecycle, Place, Precision, Status

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER = "tocsin"
# radius in km of the circle around a place's point, by precision
RADIUS_KM = {Precision.SITE: 1, Precision.DISTRICT: 5, Precision.CITY: 15}
CATEGORIES = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE")
_COUNTS = ("killed", "injured", "kidnapped", "attackers")
_MOST_REFERENCES = 50


def alert(incident: Incident, frame: Frame = PLAIN) -> etree._Element:
    """The CAP message of an incident's newest version; it references those of earlier ones, at most 50."""
    root = etree.Element("alert", nsmap={None: NAMESPACE})
    kind = _message_type(incident)
    add(root, "identifier", f"{incident.id}.{incident.version}")
    add(root, "sender", SENDER)
    add(root, "sent", _moment(frame.changed(incident)))
    add(root, "status", "Actual")
    add(root, "msgType", kind)
    add(root, "scope", "Public")
    if incident.merged_into:
        add(root, "note", f"One with {incident.merged_into}")
    if kind != "Alert":
        first = max(1, incident.version - _MOST_REFERENCES)
        earlier = [
            f"{SENDER},{incident.id}.{n},{_moment(frame.changed(incident, n))}" for n in range(first, incident.version)
        ]
        if earlier:  # an incident can be taken back in its first version
            add(root, "references", " ".join(earlier))
    add(root, "incidents", incident.id)
    _info(etree.SubElement(root, "info"), incident, frame)
    return root


def document(incident: Incident, frame: Frame = PLAIN) -> bytes:
    """The CAP message as an XML document."""
    return serialised(alert(incident, frame))


def _message_type(incident: Incident) -> str:
    if incident.lifecycle is Lifecycle.RETRACTED or incident.merged_into:
        return "Cancel"
    return "Alert" if incident.version == 1 else "Update"


def _info(info: etree._Element, incident: Incident, frame: Frame) -> None:
    facts = incident.facts
    kind = load_kinds()[facts.kind]
    add(info, "language", "en-US")
    add(info, "category", facts.codes.cap if facts.codes.cap in CATEGORIES else "Other")
    add(info, "event", kind.label)
    if facts.status is Status.ENDED:
        add(info, "responseType", "AllClear")
    add(info, "urgency", facts.urgency.value.capitalize())
    add(info, "severity", facts.severity.value.capitalize())
    add(info, "certainty", facts.certainty.value.capitalize())
    if facts.when is not None:
        add(info, "onset", _moment(datetime.combine(facts.when.first_day, datetime.min.time(), UTC)))
    add(info, "headline", incident.summary[:160])
    add(info, "description", _description(incident))
    articles = (article.url for article in incident.articles if article.url.startswith(("http://", "https://")))
    web = frame.page(incident) or next(articles, "")
    if web:
        add(info, "web", web)
    for field in _COUNTS:
        said = count_words(getattr(facts, field))
        if said:
            parameter = etree.SubElement(info, "parameter")
            add(parameter, "valueName", field)
            add(parameter, "value", said)
    _area(info, facts.place)


def _description(incident: Incident) -> str:
    parts = [incident.summary]
    parts += [f"Sources: {', '.join(dict.fromkeys(a.source for a in incident.articles if a.source))}."]
    parts += [f"Sources disagree on: {', '.join(c.field for c in incident.conflicts)}."] if incident.conflicts else []
    return " ".join(parts)


def _area(info: etree._Element, place: Place | None) -> None:
    area = etree.SubElement(info, "area")
    add(area, "areaDesc", place_name(place) if place else "not known")
    if place and place.lat is not None and place.lon is not None and place.precision in RADIUS_KM:
        add(area, "circle", f"{place.lat:.4f},{place.lon:.4f} {RADIUS_KM[place.precision]}")


def _moment(at: datetime) -> str:
    """A time in CAP's format: the offset in hours and minutes, and no fraction of seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
