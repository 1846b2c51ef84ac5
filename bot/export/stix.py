"""What are incidents as a STIX 2.1 bundle? For platforms that exchange threat intelligence (OASIS, 10 June 2021).

An incident is an ``incident`` object with an extension, since the standard leaves that object's own fields open. Beside
it stand its place (``location``), each article (``observed-data`` of a ``url``), and relationships to both. Ids are
UUIDs made of what an object is, so that the same incident has the same id in every bundle; ``modified`` is when its
version was made, and one that was taken back or merged is ``revoked``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from bot.export.cap import RADIUS_KM
from bot.export.frame import PLAIN, Frame, told_title
from extract.kinds import load_kinds
from extract.types import ArticleRef, Incident, Lifecycle, Place
from extract.wire import incident_json

SPEC = "2.1"
OURS = uuid5(NAMESPACE_URL, "urn:tocsin:stix")
# the namespace of observables' ids, section 2.9 of the standard
OBSERVABLES = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
# objects that are no news themselves: this program, its extension, outlets and places
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
# fields of an incident in the extension, as in JSON Lines
_FIELDS = (
    "version", "lifecycle", "kind", "codes", "news", "stage", "status", "severity", "urgency", "certainty",
    "probability", "place", "when", "killed", "injured", "kidnapped", "attackers", "killed_attackers", "magnitude",
    "responsibility", "origins", "conflicts",
)  # fmt: skip
_MOST_ARTICLES = 100


def bundle(found: Iterable[Incident], frame: Frame = PLAIN) -> bytes:
    """A bundle of all objects of some incidents, each object once; one without incidents has no objects."""
    objects: dict[str, dict[str, Any]] = {}
    for incident in found:
        for one in (_tocsin(), _extension(), *_of_incident(incident, frame)):
            objects.setdefault(one["id"], one)
    versions = sorted(f"{one['id']} {one.get('modified', '')}" for one in objects.values())
    whole: dict[str, Any] = {"type": "bundle", "id": _id("bundle", "\n".join(versions))}
    if objects:  # the standard has no empty list
        whole["objects"] = list(objects.values())
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _of_incident(incident: Incident, frame: Frame) -> Iterator[dict[str, Any]]:
    main = _incident(incident, frame)
    yield main
    place = incident.facts.place
    if place is not None and (location := _location(place)) is not None:
        yield location
        yield _relationship(main, "located-at", location)
    for article in incident.articles[-_MOST_ARTICLES:]:
        if not _is_of_the_web(article):
            continue
        address, outlet = _url(article), _outlet(article)
        seen = _observed(article, address, incident)
        yield from (outlet, address, seen, _relationship(main, "related-to", seen))


def _incident(incident: Incident, frame: Frame) -> dict[str, Any]:
    first, last = frame.changed(incident, 1), frame.changed(incident)
    full = incident_json(incident)
    page = frame.page(incident)
    return {
        "type": "incident",
        "spec_version": SPEC,
        "id": _id("incident", incident.id),
        "created_by_ref": _tocsin()["id"],
        "created": _moment(min(first, last)),
        "modified": _moment(last),
        **({"revoked": True} if incident.lifecycle is Lifecycle.RETRACTED or incident.merged_into else {}),
        "name": told_title(incident) or load_kinds()[incident.facts.kind].label,
        "labels": [incident.facts.kind],
        "confidence": round(100 * incident.facts.probability),
        "lang": "en",
        "external_references": [
            {"source_name": "tocsin", "external_id": incident.id, **({"url": page} if page else {})},
            *({"source_name": _name(one), "url": one.url} for one in incident.articles if _is_of_the_web(one)),
        ],
        "extensions": {
            _extension()["id"]: {
                "extension_type": "property-extension",
                **{field: full[field] for field in _FIELDS if full.get(field) is not None},
            }
        },
    }


def _location(place: Place) -> dict[str, Any] | None:
    """The place; None where it has neither a country nor a point. An area has no point, since none of it is meant."""
    radius = RADIUS_KM.get(place.precision)
    fields: dict[str, Any] = {}
    if place.country:
        fields["country"] = place.country
    if place.admin1:
        fields["administrative_area"] = place.admin1
    has_point = place.lat is not None and place.lon is not None
    if has_point and (radius is not None or not place.country):
        fields |= {"latitude": place.lat, "longitude": place.lon}
        fields |= {"precision": 1000.0 * radius} if radius is not None else {}
    if not ("country" in fields or "latitude" in fields):
        return None
    key = place.geonameid or f"{place.name}|{place.admin1}|{place.country}|{place.precision}"
    return _constant("location", f"location {key}", {"name": place.name, **fields})


def _outlet(article: ArticleRef) -> dict[str, Any]:
    name = _name(article)
    return _constant("identity", f"outlet {name.casefold()}", {"name": name, "identity_class": "organization"})


def _url(article: ArticleRef) -> dict[str, Any]:
    made = uuid5(OBSERVABLES, json.dumps({"value": article.url}, ensure_ascii=False, separators=(",", ":")))
    return {"type": "url", "spec_version": SPEC, "id": f"url--{made}", "value": article.url}


def _observed(article: ArticleRef, address: dict[str, Any], incident: Incident) -> dict[str, Any]:
    at = _moment(article.published_by or incident.first_seen)
    return {
        "type": "observed-data",
        "spec_version": SPEC,
        "id": _id("observed-data", f"{article.id} {article.url}"),
        "created_by_ref": _outlet(article)["id"],
        "created": at,
        "modified": at,
        "first_observed": at,
        "last_observed": at,
        "number_observed": 1,
        "object_refs": [address["id"]],
    }


def _relationship(source: dict[str, Any], kind: str, target: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "relationship",
        "spec_version": SPEC,
        "id": _id("relationship", f"{source['id']} {kind} {target['id']}"),
        "created_by_ref": _tocsin()["id"],
        "created": source["created"],
        "modified": source["modified"],
        **({"revoked": True} if source.get("revoked") else {}),
        "relationship_type": kind,
        "source_ref": source["id"],
        "target_ref": target["id"],
    }


def _tocsin() -> dict[str, Any]:
    described = "Reads news feeds and keeps one record per incident, fused by rules from what outlets report."
    return _constant("identity", "tocsin", {"name": "Tocsin", "identity_class": "system", "description": described})


def _extension() -> dict[str, Any]:
    schema = "The fields of an incident as `tocsin export --format jsonl` prints them, without evidence and articles."
    return _constant(
        "extension-definition",
        "extension",
        {
            "created_by_ref": _tocsin()["id"],
            "name": "Tocsin incident",
            "schema": schema,
            "version": "1.0.0",
            "extension_types": ["property-extension"],
        },
    )


def _constant(kind: str, key: str, fields: dict[str, Any]) -> dict[str, Any]:
    """An object that stays as it is."""
    at = _moment(_ALWAYS)
    return {"type": kind, "spec_version": SPEC, "id": _id(kind, key), "created": at, "modified": at, **fields}


def _is_of_the_web(article: ArticleRef) -> bool:
    return article.url.startswith(("http://", "https://"))


def _name(article: ArticleRef) -> str:
    return article.source or urlsplit(article.url).hostname or "a source"


def _id(kind: str, key: str) -> str:
    return f"{kind}--{uuid5(OURS, f'{kind} {key}')}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
