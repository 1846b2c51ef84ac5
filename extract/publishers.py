"""Who publishes an article: which outlet is it, who owns it, and is it state media?

The facts are ``data/publishers_outlets.toml``. They say which outlets are of one family or one state, and so no
independent sources of each other (``track.origins``); they fill in what the configuration of a source leaves open; and
they are shown in /sources and on cards.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from extract.types import Frozen

_TIERS = (1, 2, 3)


class StateMedia(StrEnum):
    """Does a government own or pay for it? ``data/publishers_outlets.toml`` defines each."""

    YES = "yes"
    PUBLIC_SERVICE = "public-service"
    NO = "no"
    UNKNOWN = "unknown"


class Publisher(Frozen, frozen=True, kw_only=True):
    """An outlet. ``family`` is its owner's short name, ``owner`` the whole one; both can be checked in ``checked``.

    ``state`` is the country (ISO 3166-1) whose state media it is, empty if it is none. ``tier`` is 1 (agencies) to 3
    (local), ``zone`` an IANA time zone, ``lang`` a BCP 47 tag. ``gathers``: it passes on articles of other publishers.
    """

    name: str
    family: str
    owner: str
    checked: str
    tier: int
    country: str
    zone: str
    lang: str
    hosts: tuple[str, ...]
    also: tuple[str, ...] = ()
    state_media: StateMedia = StateMedia.UNKNOWN
    state: str = ""
    gathers: bool = False

    @property
    def origin(self) -> str:
        """The independent publisher that it counts for: its family, or the state whose media it is."""
        return _state_origin(self.state) or self.family


class PublisherDataError(ValueError):
    """The table of publishers has mistakes; the text names all of them."""


class Publishers(NamedTuple):
    """Publishers by host and by name (in lower case), states by the families that are their media, and collectors.

    ``collectors`` are the hosts at which articles of many publishers are read.
    """

    by_host: Mapping[str, Publisher]
    by_name: Mapping[str, Publisher]
    states: Mapping[str, str]
    collectors: frozenset[str]

    def find(self, source: str, url: str = "") -> Publisher | None:
        """The publisher of an article by its address, else by its source, a host or name; None if it isn't known.

        A name counts only where the address tells nothing: two outlets can have one name.
        """
        host, name = _host(url), source.strip().casefold()
        found = self.of_host(host)
        if found is not None and not found.gathers:
            return found
        if host and found is None and not self._collects(host):
            return None
        named = self.by_name.get(name) or (self.of_host(name) if "." in name else None)
        return named or found

    def of_host(self, host: str) -> Publisher | None:
        """The publisher at a host or one above it: ``www.example.org`` is of ``example.org``."""
        return next((self.by_host[one] for one in _and_above(host) if one in self.by_host), None)

    def origin_of_family(self, family: str) -> str:
        """The independent publisher that a family counts for: itself, or the state whose media it is."""
        return _state_origin(self.states.get(family, "")) or family

    def _collects(self, host: str) -> bool:
        return any(one in self.collectors for one in _and_above(host))


@cache
def packaged_publishers() -> Publishers:
    """The publishers that come with the package."""
    return read_publishers(resources.files("extract.data").joinpath("publishers_outlets.toml").read_text("utf-8"))


def read_publishers(text: str) -> Publishers:
    """The publishers of a table in TOML.

    Raises:
        PublisherDataError: it has mistakes; all of them are named.
    """
    table = tomllib.loads(text)
    sources: Mapping[str, str] = table.get("sources", {})
    found, amiss = _outlets(table.get("family", {}), sources)
    amiss += [f"{host} is a host of {n} outlets" for host, n in _twice(host for one in found for host in one.hosts)]
    amiss += [
        f"{name!r} is the name of {n} outlets" for name, n in _twice(name for one in found for name in _names(one))
    ]
    amiss += [mistake for one in found for mistake in _mistakes(one)]
    if amiss:
        raise PublisherDataError("\n".join(amiss))
    return Publishers(
        by_host={host: one for one in found for host in one.hosts},
        by_name={name: one for one in found for name in _names(one)},
        states={one.family: one.state for one in found if one.state},
        collectors=frozenset(table.get("collectors", {}).get("hosts", ())),
    )


def _outlets(families: Mapping[str, Any], sources: Mapping[str, str]) -> tuple[list[Publisher], list[str]]:
    """Each outlet with what its family says of all of them, and the mistakes found on the way."""
    found: list[Publisher] = []
    amiss: list[str] = []
    for slug, family in families.items():
        shared = {key: value for key, value in family.items() if key not in ("name", "note", "from", "outlets")}
        shared |= {"family": slug, "owner": family.get("name"), "checked": sources.get(family.get("from", ""))}
        if shared["checked"] is None:
            amiss.append(f"{slug}: {family.get('from')!r} is none of [sources]")
        if shared.get("state_media") == StateMedia.YES:
            shared["state"] = family.get("country")
        if not family.get("outlets"):
            amiss.append(f"{slug}: a family has outlets")
        for outlet in family.get("outlets", ()):
            try:
                found.append(msgspec.convert(shared | outlet, type=_Strict))
            except msgspec.ValidationError as error:
                amiss.append(f"{slug}, {outlet.get('name')!r}: {error}")
    return found, amiss


class _Strict(Publisher, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A publisher as the table gives it, where a misspelt key is a mistake."""


def _mistakes(one: Publisher) -> Iterator[str]:
    if one.tier not in _TIERS:
        yield f"{one.name}: tier {one.tier} is none of {_TIERS}"
    if one.state and one.tier == 1:
        yield f"{one.name}: state media is of tier 2 at best"
    if not one.hosts:
        yield f"{one.name}: has no host"
    yield from (f"{one.name}: {host!r} is no host" for host in one.hosts if _host(f"//{host}") != host)
    if not (len(one.country) == 2 and one.country.isalpha() and one.country.isupper()):
        yield f"{one.name}: {one.country!r} is no code of a country"
    try:
        ZoneInfo(one.zone)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        yield f"{one.name}: {one.zone!r} is no time zone"


def _names(one: Publisher) -> list[str]:
    return [name.casefold() for name in dict.fromkeys((one.name, *one.also))]


def _twice(values: Iterator[str]) -> Iterator[tuple[str, int]]:
    return ((value, n) for value, n in Counter(values).items() if n > 1)


def _state_origin(state: str) -> str:
    return f"state:{state.lower()}" if state else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:  # "Invalid IPv6 URL": not an address
        return ""


def _and_above(host: str) -> Iterator[str]:
    """A host and those above it, the nearest first."""
    rest = host.removeprefix("www.")
    while "." in rest:
        yield rest
        rest = rest.partition(".")[2]
