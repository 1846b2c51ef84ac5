"""Which offset from UTC does a time zone have that a date names? By abbreviation, name, and the outlet's country."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from extract.types import Frozen

# a host's last part -> the country whose outlets use it, where it isn't the country's own code
_HOSTS = {"UK": "GB"}
# countries whose part of the host outlets anywhere use ("tv", "io")
_ANYWHERE = "AC AI AM BZ CC CO FM GG IO LA LY ME SC SO TO TV WS"


class _Rules(Frozen, frozen=True):
    zones: dict[str, str]
    ambiguous: dict[str, dict[str, str]]
    month_first: frozenset[str]


def country_of(host: str, lang: str) -> str:
    """The country (ISO 3166-1) of an outlet by its host, else by the region of its language; empty if neither tells."""
    last = host.rpartition(".")[2].upper() if "." in host else ""
    if len(last) == 2 and last not in _ANYWHERE.split():
        return "" if last == "EU" else _HOSTS.get(last, last)
    region = lang.replace("_", "-").rpartition("-")[2].upper() if "-" in lang.replace("_", "-") else ""
    return region if len(region) == 2 and region.isalpha() else ""


def is_month_first(country: str) -> bool | None:
    """Do outlets of this country write the month before the day in figures? None where the country isn't known."""
    return country in _rules().month_first if country else None


def is_zone(name: str) -> bool:
    """Is it an abbreviation (in lower case) or name of a zone?"""
    return name in _rules().zones or name in _rules().ambiguous or _zone(name) is not None


def is_ambiguous(name: str) -> bool:
    """Do outlets of several countries mean several zones by this abbreviation?"""
    return name in _rules().ambiguous


def offset_of(name: str, at: datetime, country: str = "") -> timedelta | None:
    """The offset of a named zone at a local time; an ambiguous one's as the country means it, else the most usual.

    None for a name that isn't known.
    """
    meanings = _rules().ambiguous.get(name)
    if meanings is None:
        return _offset(_rules().zones.get(name, name), at)
    meant = next((offset for offset, countries in meanings.items() if country in countries.split()), None)
    return _offset(meant or next(iter(meanings)), at)


def offsets_of(name: str, at: datetime) -> tuple[timedelta, ...]:
    """All that an abbreviation can mean, the most usual first."""
    meanings = _rules().ambiguous.get(name, {_rules().zones.get(name, name): ""})
    return tuple(offset for one in meanings if (offset := _offset(one, at)) is not None)


def _offset(meaning: str, at: datetime) -> timedelta | None:
    if meaning[:1] in "+-" and meaning[1:]:
        hours, minutes = meaning[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return -offset if meaning[0] == "-" else offset
    zone = _zone(meaning)
    return zone.utcoffset(at.replace(tzinfo=None)) if zone else None


@cache
def _zone(name: str) -> ZoneInfo | None:
    """The zone of the IANA database with this name in any case; None where there is none."""
    if "/" not in name or ".." in name:
        return None
    cities = "/".join("_".join(map(str.capitalize, part.split("_"))) for part in name.split("/"))
    try:
        return ZoneInfo(cities)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None


@cache
def _rules() -> _Rules:
    read = tomllib.loads(resources.files("extract.data").joinpath("zones.toml").read_text("utf-8"))
    return _Rules(read["zones"], read["ambiguous"], frozenset(read["month_first"]["countries"]))
