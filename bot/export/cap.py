"""What is an incident as a Common Alerting Protocol message (OASIS CAP 1.2)? An Alert, later an Update, or a Cancel."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

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


def alert(incident: Incident, *, sender: str = SENDER) -> etree._Element:
    """The CAP message of an incident's newest version; it references those of earlier ones, at most 50."""
    root = etree.Element("alert", nsmap={None: NAMESPACE})
    kind = _message_type(incident)
    _add(root, "identifier", f"{incident.id}.{incident.version}")
    _add(root, "sender", sender)
    _add(root, "sent", _moment(incident.last_seen))
    _add(root, "status", "Actual")
    _add(root, "msgType", kind)
    _add(root, "scope", "Public")
    if kind != "Alert":
        first = max(1, incident.version - _MOST_REFERENCES)
        earlier = (f"{sender},{incident.id}.{n},{_moment(incident.first_seen)}" for n in range(first, incident.version))
        _add(root, "references", " ".join(earlier))
    _add(root, "incidents", incident.id)
    _info(etree.SubElement(root, "info"), incident)
    return root


def document(incident: Incident, *, sender: str = SENDER) -> bytes:
    """The CAP message as an XML document."""
    made: bytes = etree.tostring(
        alert(incident, sender=sender), xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return made


def _message_type(incident: Incident) -> str:
    if incident.lifecycle is Lifecycle.RETRACTED:
        return "Cancel"
    return "Alert" if incident.version == 1 else "Update"


def _info(info: etree._Element, incident: Incident) -> None:
    facts = incident.facts
    kind = load_kinds()[facts.kind]
    _add(info, "language", "en-US")
    _add(info, "category", facts.codes.cap if facts.codes.cap in CATEGORIES else "Other")
    _add(info, "event", kind.label)
    if facts.status is Status.ENDED:
        _add(info, "responseType", "AllClear")
    _add(info, "urgency", facts.urgency.value.capitalize())
    _add(info, "severity", facts.severity.value.capitalize())
    _add(info, "certainty", facts.certainty.value.capitalize())
    if facts.when is not None:
        _add(info, "onset", _moment(datetime.combine(facts.when.first_day, datetime.min.time(), UTC)))
    _add(info, "headline", incident.summary[:160])
    _add(info, "description", _description(incident))
    web = next((article.url for article in incident.articles if article.url.startswith(("http://", "https://"))), "")
    if web:
        _add(info, "web", web)
    for field in _COUNTS:
        said = count_words(getattr(facts, field))
        if said:
            parameter = etree.SubElement(info, "parameter")
            _add(parameter, "valueName", field)
            _add(parameter, "value", said)
    _area(info, facts.place)


def _description(incident: Incident) -> str:
    parts = [incident.summary]
    parts += [f"Sources: {', '.join(dict.fromkeys(a.source for a in incident.articles if a.source))}."]
    parts += [f"Sources disagree on: {', '.join(c.field for c in incident.conflicts)}."] if incident.conflicts else []
    return " ".join(parts)


def _area(info: etree._Element, place: Place | None) -> None:
    area = etree.SubElement(info, "area")
    _add(area, "areaDesc", place_name(place) if place else "not known")
    if place and place.lat is not None and place.lon is not None and place.precision in RADIUS_KM:
        _add(area, "circle", f"{place.lat:.4f},{place.lon:.4f} {RADIUS_KM[place.precision]}")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = "".join(c for c in text if c in "\n\t" or ord(c) >= 32)


def _moment(at: datetime) -> str:
    """A time in CAP's format: the offset in hours and minutes, and no fraction of seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
