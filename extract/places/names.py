"""Which places have a name, as people type it? In any script, by short forms, quarters of towns, and misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec
from rapidfuzz import fuzz

from extract import geo
from extract.lexicon import shared_table
from extract.places import misspelt, quarters
from extract.places.row_layout import CITY, COUNTRY, DISTRICT, PROVINCE, REGION
from extract.places.types import Candidate, Entry, PlaceIndex
from extract.text.normalise import fold, fold_script
from extract.types import Place, Precision

_IN_TOWN_KM = 15.0  # a place this near to the centre of a large town lies in it, where it is not known
_LARGE_TOWN = 100_000


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """How prominent places are (``data/places_typed.toml``, ``weights``)."""

    country: float
    least_country: int
    province: float
    district: float
    region: float
    capital: float
    quarter: float
    variant: float
    alternate: float
    variant_similarity: float
    home: float
    city_share: float
    one_edit: float
    two_edits: float
    first_letter: float


class MisspeltRules(msgspec.Struct, frozen=True, kw_only=True):
    """How long a misspelt name must be (``misspelt``)."""

    one_edit_letters: int
    two_edits_letters: int
    shown: int


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a typed name can mean; the higher the ``score``, the likelier.

    ``entry`` is None for a quarter that the gazetteer does not list. ``usual``: the name is its usual one. ``edits`` is
    the number of letters that were misspelt; ``replaces``: one was another letter.
    """

    place: Place
    score: float
    entry: Entry | None = None
    usual: bool = True
    edits: int = 0
    replaces: bool = False

    @property
    def label(self) -> tuple[str, str | None, str | None, bool]:
        """Equal for two places that a person could not tell apart in a list."""
        place = self.place
        return fold(place.name), place.admin1, place.country, place.precision is Precision.PROVINCE


@cache
def weights() -> Weights:
    """The weights of prominence."""
    return msgspec.convert(shared_table("places_typed")["weights"], Weights)


@cache
def misspelt_rules() -> MisspeltRules:
    """The rules for misspelt names."""
    return msgspec.convert(shared_table("places_typed")["misspelt"], MisspeltRules)


def named(gazetteer: PlaceIndex, name: str, home: frozenset[str] = frozenset(), *, strict: bool = False) -> list[Hit]:
    """The places of a name, or of a name and the areas around it behind commas, the likeliest first.

    ``home`` are the countries (ISO 3166-1 alpha-2) that are likelier than others. ``strict``: without short forms in
    small letters and names of other languages, which may be ordinary words of a sentence.
    """
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if not parts:
        return []
    if len(parts) > 1:
        return _inside(gazetteer, parts[0], parts[1:], home, strict=strict)
    found = _of_name(gazetteer, parts[0], home, strict=strict)
    words = parts[0].split()
    for at in range(len(words) - 1, 0, -1):
        if found:
            break
        found = _inside(gazetteer, " ".join(words[:at]), [" ".join(words[at:])], home, strict=strict)
    return found


def similar(gazetteer: PlaceIndex, name: str, home: frozenset[str] = frozenset(), *, most_edits: int = 2) -> list[Hit]:
    """The places whose names are one or two letters away from a typed one, the likeliest first."""
    first, *areas = [part.strip() for part in name.split(",") if part.strip()] or [""]
    key, rules = fold(first), misspelt_rules()
    if len(key) < rules.one_edit_letters or not key.isascii():
        return []
    near = list(misspelt.one_edit(key, lambda one: one in gazetteer))
    if most_edits > 1 and len(key) >= rules.two_edits_letters:
        near += misspelt.two_edits(key, gazetteer.large_names)
    found = [
        msgspec.structs.replace(hit, score=hit.score * _misspelt_weight(one), edits=one.edits, replaces=one.replaces)
        for one in near
        for hit in _of_key(gazetteer, one.key, home, strict=True)
    ]
    for area in areas:
        outer = _areas(gazetteer, area)
        found = [hit for hit in found if any(_lies_in(gazetteer, hit, one) for one in outer)]
    return _likelier_town(gazetteer, ranked(found))


def ranked(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in order of their score; of those that read the same only the first."""
    seen: dict[tuple[str, str | None, str | None, bool], Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.score):
        seen.setdefault(hit.label, hit)
    return list(seen.values())


def _of_name(gazetteer: PlaceIndex, name: str, home: frozenset[str], *, strict: bool = False) -> list[Hit]:
    """The places of one name without areas around it: a short form that means one place, or all that have the name."""
    short = _short_forms().get(_short_key(name)) if not strict or name.isupper() else None
    if short is not None and _short_key(short) != _short_key(name):
        return named(gazetteer, short, home)[:1]
    if _is_latin(name):
        hits = [*_of_key(gazetteer, fold(name), home, strict=strict)]
        hits += () if strict else _of_code(gazetteer, name, home)
    else:
        hits = [*_of_key(gazetteer, fold_script(name), home)]
    return _likelier_town(gazetteer, ranked(hits))


def _of_key(gazetteer: PlaceIndex, key: str, home: frozenset[str], *, strict: bool = False) -> Iterator[Hit]:
    listed = gazetteer.candidates(key)
    yield from (_hit(gazetteer, candidate, key, home) for candidate in listed)
    if strict:
        return
    is_taken = any(not one.alternate or fold(one.entry.name).startswith(key + " ") for one in listed)
    for other in gazetteer.typed_names(key):
        # a country's name in another language only where no place is called so: Marawi is a town, and Malawi in Shona
        if not (is_taken and other.kind == COUNTRY and key.isascii()):
            yield _hit(gazetteer, Candidate(other, key.isascii()), key, home)
    for entry, place, town in quarters.of(gazetteer, key):
        score = prominence(town) * weights().quarter * _home_weight(town, home)
        yield Hit(place=place, score=score, entry=entry)


def _of_code(gazetteer: PlaceIndex, name: str, home: frozenset[str]) -> Iterator[Hit]:
    """The country and the divisions of a code ("TX", "PK")."""
    code = name.replace(".", "").strip()
    if len(code) == 2 and code.isalpha():
        rows = {gazetteer.country_row(code.upper()), gazetteer.abbreviations.get(code.upper(), -1)} - {-1}
        for row in sorted(rows):
            yield _hit(gazetteer, Candidate(gazetteer.entry(row), False), "", home)


def _hit(gazetteer: PlaceIndex, candidate: Candidate, key: str, home: frozenset[str]) -> Hit:
    entry, place = candidate.entry, gazetteer.place(candidate.entry)
    score = prominence(entry) * _name_weight(candidate, key) * _home_weight(entry, home)
    return Hit(place=place, score=score, entry=entry, usual=not candidate.alternate)


def prominence(entry: Entry) -> float:
    """The people of a place, times factors for kinds of place and capitals."""
    by = weights()
    if entry.kind == COUNTRY:
        return max(entry.population, by.least_country) * by.country
    kind = {PROVINCE: by.province, DISTRICT: by.district, REGION: by.region}.get(entry.kind, 1.0)
    return (entry.population + 100) * kind * (by.capital if entry.capital else 1.0)


def _home_weight(entry: Entry, home: frozenset[str]) -> float:
    """How much likelier a place in one of the home countries is; the more countries there are, the less each says."""
    return max(1.0, weights().home / len(home) ** 2) if entry.country in home else 1.0


def _name_weight(candidate: Candidate, key: str) -> float:
    """How usual a name is for a place: less where it is not the usual one, most of all where it is unlike that."""
    if not candidate.alternate:
        return 1.0
    usual, by = fold(candidate.entry.name), weights()
    is_like = fuzz.ratio(usual, key) >= by.variant_similarity or usual.startswith(key + " ")
    return by.variant if is_like else by.alternate


def _misspelt_weight(near: misspelt.Near) -> float:
    by = weights()
    return (by.one_edit if near.edits == 1 else by.two_edits) * (by.first_letter if near.changes_first else 1.0)


def _likelier_town(gazetteer: PlaceIndex, hits: list[Hit]) -> list[Hit]:
    """The hits with a town before the province of its name, where many of the province's people live in it."""
    first = hits[0].entry if hits else None
    if first is None or first.kind not in (PROVINCE, DISTRICT):
        return hits
    town = next((hit for hit in hits[1:] if hit.entry is not None and _is_main_town(gazetteer, hit, first)), None)
    if town is None:
        return hits
    moved = msgspec.structs.replace(town, score=hits[0].score)
    return [moved, *(hit for hit in hits if hit is not town)]


def _is_main_town(gazetteer: PlaceIndex, hit: Hit, area: Entry) -> bool:
    entry = hit.entry
    if entry is None or entry.kind != CITY or not gazetteer.holds(area, entry):
        return False
    return entry.population >= weights().city_share * area.population


# ------------------------------------------------------------------ inside areas


def _inside(
    gazetteer: PlaceIndex, name: str, areas: Sequence[str], home: frozenset[str], *, strict: bool = False
) -> list[Hit]:
    """The places of a name that lie in every area named after it."""
    kept = _of_name(gazetteer, name, home, strict=strict)
    for area in areas:
        outer = _areas(gazetteer, area)
        kept = [hit for hit in kept if any(_lies_in(gazetteer, hit, one) for one in outer)]
    return _likelier_town(gazetteer, kept)


def _areas(gazetteer: PlaceIndex, name: str) -> list[Entry]:
    """What can stand behind the comma: countries, provinces, districts, towns, an abbreviation or a country's code."""
    found: list[Entry] = []
    for spelling in {name.replace(".", "").strip(), name.replace(".", "").strip().upper()}:
        if spelling in gazetteer.abbreviations:
            found.append(gazetteer.entry(gazetteer.abbreviations[spelling]))
    hits = _of_name(gazetteer, name, frozenset())
    return [*found, *(hit.entry for hit in hits if hit.entry is not None)]


def _lies_in(gazetteer: PlaceIndex, hit: Hit, area: Entry) -> bool:
    if hit.entry is None:
        return _is_quarter_in(gazetteer, hit.place, area)
    if area.row == hit.entry.row:
        return False
    if area.kind == CITY:
        return hit.entry.kind == CITY and _is_quarter_in(gazetteer, hit.place, area)
    return (area.kind == REGION or area.kind < hit.entry.kind) and gazetteer.holds(area, hit.entry)


def _is_quarter_in(gazetteer: PlaceIndex, place: Place, area: Entry) -> bool:
    """Does a quarter lie in a town or area? By the town that is listed with it, else by the distance."""
    town = quarters.town_of(gazetteer, place)
    if town is not None and (area.kind != CITY or town.row == area.row):
        return gazetteer.holds(area, town)
    if place.lat is None or place.lon is None or area.lat is None or area.lon is None or area.kind != CITY:
        return False
    is_near = geo.distance_km(place.lat, place.lon, area.lat, area.lon) <= _IN_TOWN_KM
    return is_near and area.population >= _LARGE_TOWN


# ------------------------------------------------------------------ keys


@cache
def _short_forms() -> Mapping[str, str]:
    forms: Mapping[str, str] = shared_table("places_typed")["short"]
    return forms


def _short_key(name: str) -> str:
    return " ".join(name.casefold().replace(".", " " if len(name) > 8 else "").split())


def _is_latin(name: str) -> bool:
    return all(ord(char) < 0x370 or 0x1E00 <= ord(char) < 0x1F00 for char in name if char.isalpha())
