"""What of an incident can a chat mute? Itself, or all incidents of its kind, its place or its only source."""

from __future__ import annotations

from enum import StrEnum

from extract.types import Incident


class MuteScope(StrEnum):
    """What a mute covers besides one incident; as people type it and as its key begins."""

    KIND = "kind"
    PLACE = "place"
    SOURCE = "source"


def key(scope: MuteScope, value: str | int) -> str:
    """The stored key of a mute: ``kind:bombing``, ``place:1174872``, ``source:daily news``."""
    return f"{scope}:{value}"


def keys_of(incident: Incident) -> list[str]:
    """The keys of all mutes that cover an incident; one of a source only if all its articles come from there."""
    facts = incident.facts
    keys = [incident.id, key(MuteScope.KIND, facts.kind)]
    if facts.place is not None and facts.place.geonameid is not None:
        keys.append(key(MuteScope.PLACE, facts.place.geonameid))
    sources = {article.source.casefold() for article in incident.articles if article.source}
    return keys + ([key(MuteScope.SOURCE, sources.pop())] if len(sources) == 1 else [])
