"""Which words around a name show that it is a place, a person or an organisation? Read from ``data/places.toml``."""

from __future__ import annotations

from functools import cache

import msgspec

from extract.lang.en.lexicon import table


class Words(msgspec.Struct, frozen=True):
    """Sets of folded words; comments in the file say what each is."""

    stop: frozenset[str]
    soft: frozenset[str]
    before: frozenset[str]
    strong: frozenset[str]
    alone: frozenset[str]
    container: frozenset[str]
    title: frozenset[str]
    organisation: frozenset[str]
    people: frozenset[str]
    hospital: frozenset[str]
    road: frozenset[str]
    other: frozenset[str]
    generic: frozenset[str]
    first_order: frozenset[str]
    second_order: frozenset[str]
    skip: frozenset[str]
    organisation_of: frozenset[str]
    acronyms: frozenset[str]
    in_names: frozenset[str]
    connectors: frozenset[str]
    not_generic: frozenset[str]
    waters: frozenset[str]
    state_before_noun: frozenset[str]
    road_ends: frozenset[str]
    road_leads: frozenset[str]
    road_nots: frozenset[str]
    road_sides: frozenset[str]
    unlisted_leads: frozenset[str]
    unlisted_levels: frozenset[str]
    unlisted_not: frozenset[str]
    unlisted_parts: frozenset[str]
    unlisted_small: frozenset[str]


@cache
def load() -> Words:
    """The word lists, read once."""
    data = table("places")
    soft = frozenset(data["stop"]["soft"])
    before, after = data["before"], data["after"]
    return Words(
        stop=frozenset(data["stop"]["words"]) - soft,
        soft=soft,
        before=frozenset(before["in"]),
        strong=frozenset(before["strong"]),
        alone=frozenset(before["alone"]),
        container=frozenset(before["container"]),
        title=frozenset(before["title"]),
        organisation=frozenset(after["organisation"]),
        people=frozenset(after["people"]),
        hospital=frozenset(after["hospital"]),
        road=frozenset(after["road"]),
        other=frozenset(after["other"]),
        generic=frozenset(after["generic"]),
        first_order=frozenset(data["first_order"]["words"]),
        second_order=frozenset(data["second_order"]["words"]),
        skip=frozenset(data["skip"]["phrases"]),
        organisation_of=frozenset(data["organisation_of"]["words"]),
        acronyms=frozenset(data["acronyms"]["words"]),
        in_names=frozenset(data["in_names"]["words"]),
        connectors=frozenset(data["connectors"]["words"]),
        not_generic=frozenset(after["not_generic"]),
        waters=frozenset(data["waters"]["words"]),
        state_before_noun=frozenset(data["state_before_noun"]["words"]),
        road_ends=frozenset(data["roads"]["ends"]),
        road_leads=frozenset(data["roads"]["leads"]),
        road_nots=frozenset(data["roads"]["nots"]),
        road_sides=frozenset(data["roads"]["sides"]),
        unlisted_leads=frozenset(data["unlisted"]["leads"]),
        unlisted_levels=frozenset(data["unlisted"]["levels"]),
        unlisted_not=frozenset(data["unlisted"]["not"]),
        unlisted_parts=frozenset(data["unlisted"]["parts"]),
        unlisted_small=frozenset(data["unlisted"]["small"]),
    )
