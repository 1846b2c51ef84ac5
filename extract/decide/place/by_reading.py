"""Which place does the encoder's reading of a short item speak for? A teaser has few words to tell namesakes apart."""

from __future__ import annotations

import math
import re

from msgspec.structs import replace

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.models.item_encoder import ItemReading
from extract.decide.models.logistic import log_odds
from extract.decide.place.elsewhere import is_beyond_border, only_acts
from extract.decide.place.mention import mention_of
from extract.language import Cue
from extract.places import Gazetteer, NameRole
from extract.places.row_layout import DISTRICT, PROVINCE
from extract.places.types import Entry
from extract.text.normalise import fold
from extract.types import Precision

_COMMA = ", "
_WATER_CHARS = 16
# a word, in Arabic with its vowel points
NAME = re.compile(r"[^\W\d_]+(?:[\u064b-\u0655\u0670]+[^\W\d_]*)*(?:-[^\W\d_]+)?")


def support(found: Findings, reading: ItemReading, mentions: list[PlaceFound]) -> float:
    """What is added to the score of a place with these mentions.

    A share of the log odds that a word of its name, or of the area that follows it ("Reading, Berkshire"), is part of
    the name of the event's place, and one of the logarithm of its country's probability (``data/weights.toml``,
    ``item``).
    """
    rule, tags = weights("item"), reading.tags["place"]
    plain, ends = found.layout.plain, {p.start: p.end for p in found.places}
    spans = [
        (m.start, ends.get(m.end + len(_COMMA), m.end) if plain.startswith(_COMMA, m.end) else m.end) for m in mentions
    ]
    tag = max((p for start, end in spans for at, p in tags.items() if start <= at < end), default=0.5)
    country = country_probability(reading, mentions[0].resolved.place.country or "")
    return float(rule["place"] * log_odds(tag) + rule["country"] * math.log(max(country, rule["country_least"])))


def country_probability(reading: ItemReading, code: str) -> float:
    """The probability of a country; one that the encoder did not learn gets a share of what it is not sure of."""
    unlearned = float(weights("item")["country_unlearned"]) * (1.0 - max(reading.countries.values()))
    return reading.countries.get(code, unlearned)


def plausible(found: Findings, ranked: list[PlaceFound], gazetteer: Gazetteer) -> list[PlaceFound]:
    """The mentions by where the item is by its reading, in their order: a namesake in the country that it is sure of
    takes the place of one elsewhere, and without a namesake the mention is left out.

    "Medea" in "Medea Benjamin" is no town of Algeria. A name that the reading tags as the place's stays, unless it is a
    small town's. A place that by the words only acts or speaks has to be more probable; one across a border, or where
    somebody was going, never stays.
    """
    reading = found.reading
    if reading is None:
        return ranked
    moved = (as_namesake(reading, p, gazetteer) for p in ranked)
    return [p for p in moved if not _is_implausible(found, reading, p, gazetteer)]


def _is_implausible(found: Findings, reading: ItemReading, place: PlaceFound, gazetteer: Gazetteer) -> bool:
    rule = weights("item")
    own, top = country_probability(reading, place.resolved.place.country or ""), max(reading.countries.values())
    if own < rule["implausible_actor"] and own < top and only_acts(found, place, gazetteer):
        return True
    if is_beyond_border(found, place):
        return True
    if tag_of(reading, place) >= rule["tag_from"]:
        is_small = _is_town(place) and _population(place, gazetteer) < rule["small_town"]
        return is_small and own <= float(rule["implausible_small"]) and top >= float(rule["implausible_small_from"])
    return own <= float(rule["implausible"]) and top >= float(rule["implausible_from"])


def tag_of(reading: ItemReading, place: PlaceFound) -> float:
    """The highest probability that a word of the mention is part of the name of the event's place; 0 for none."""
    return max((p for at, p in reading.tags["place"].items() if place.start <= at < place.end), default=0.0)


def _is_town(place: PlaceFound) -> bool:
    return place.resolved.place.precision is Precision.CITY


def _population(place: PlaceFound, gazetteer: Gazetteer) -> int:
    geonameid = place.resolved.place.geonameid
    entry = gazetteer.find(geonameid) if geonameid else None
    return entry.population if entry is not None else 0


def as_namesake(reading: ItemReading, best: PlaceFound, gazetteer: Gazetteer) -> PlaceFound:
    """The largest place of the same name in the country that the reading is sure of, where it is sure that ``best``
    isn't in its own; else ``best``.

    For "East London" and "North Wales" also the place that the name is a part of. A place that the gazetteer doesn't
    list has its country from other names, and gets that of the reading.
    """
    rule, place = weights("item"), best.resolved.place
    country = max(reading.countries, key=lambda code: reading.countries[code])
    own = reading.countries.get(place.country or "", 0.0)
    is_sure = best.resolved.confidence >= rule["namesake_confidence"]
    least = rule["namesake_from"] if is_sure else rule["namesake_doubted_from"]
    if country == place.country or own > rule["namesake_own"] or reading.countries[country] < least:
        return best
    if place.geonameid is None and place.lat is None:
        return replace(best, resolved=replace(best.resolved, place=replace(place, country=country, admin1=None)))
    name = fold(best.resolved.name)
    entries = _entries(name, country, gazetteer) or _entries(name.partition(" ")[2], country, gazetteer)
    if place.precision is Precision.COUNTRY:
        entries = [entry for entry in entries if entry.kind == PROVINCE]
    if not entries:
        return best
    largest = max(entries, key=lambda entry: entry.population)
    return replace(best, resolved=replace(best.resolved, place=gazetteer.place(largest)))


def _entries(name: str, country: str, gazetteer: Gazetteer) -> list[Entry]:
    """The places of a folded name in a country."""
    return [c.entry for c in gazetteer.candidates(name) if c.entry.country == country] if name else []


def of_demonym(found: Findings, gazetteer: Gazetteer) -> PlaceFound | None:
    """The country whose people the item names, where the reading finds that it happened there: "Swiss bar"."""
    reading = found.reading
    if reading is None:
        return None
    words = ((m, gazetteer.demonyms.get(m.group())) for m in NAME.finditer(found.layout.plain))
    named = [(_demonym_weight(reading, code), -m.start(), m, code) for m, code in words if code]
    best = max(named, default=None, key=lambda one: one[:2])
    if best is None or best[0] < weights("item")["demonym_from"]:
        return None
    _, _, match, code = best
    entry = gazetteer.entry(gazetteer.country_row(code))
    return mention_of(
        found, gazetteer.place(entry), match.start(), match.end(), confidence=best[0], role=NameRole.DEMONYM
    )


def _demonym_weight(reading: ItemReading, code: str) -> float:
    """The probability of the country; one that the encoder did not learn has what it is not sure of otherwise."""
    return reading.countries.get(code, 1.0 - max(reading.countries.values()))


def of_tag(found: Findings, gazetteer: Gazetteer) -> PlaceFound | None:
    """The place whose name the reading tags as that of the event, where the words around it left it out.

    "Dallas Police Department hit": of all places of the name, the one with the highest product of population and
    probability of its country.
    """
    reading = found.reading
    if reading is None:
        return None
    tags, least = reading.tags["place"], weights("item")["tag_from"]
    for words in runs(found, [at for at, p in sorted(tags.items()) if p >= least]):
        for start, end in ((words[i][0], words[j - 1][1]) for j in range(len(words), 0, -1) for i in range(j)):
            water = found.language.cue(Cue.WATER_BEFORE).search(found.layout.plain, max(0, start - _WATER_CHARS), start)
            if water or found.layout.plain[start:end] in gazetteer.demonyms:
                continue  # "Gulf of Oman"
            if any(p.start <= start < p.end and p.resolved.place.country for p in found.places):
                continue  # it was left out
            named = [c for c in gazetteer.candidates(fold(found.layout.plain[start:end])) if c.entry.country]
            if named and not _is_road(found, end):
                usual = [c.entry for c in named if not c.alternate] or [c.entry for c in named]
                usual = [e for e in usual if e.kind != DISTRICT] or usual  # "Dallas" is rather the city than the county
                best = max(usual, key=lambda e: country_probability(reading, e.country) * (e.population + 1))
                if country_probability(reading, best.country) > weights("item")["namesake_own"]:
                    sure = tags[words[0][0]]
                    return mention_of(found, gazetteer.place(best), start, end, confidence=sure, role=NameRole.PLAIN)
    return None


def _is_road(found: Findings, end: int) -> bool:
    """Is the next word one of roads: "Oxford Street"?"""
    behind = NAME.match(found.layout.plain, end + 1)
    return behind is not None and behind.group().lower() in found.lexicon.words("places", "after", "road")


def runs(found: Findings, starts: list[int]) -> list[list[tuple[int, int]]]:
    """The words without a small first letter that begin at these offsets, as (start, end).

    Those beside each other are in one list.
    """
    out: list[list[tuple[int, int]]] = []
    for at in starts:
        word = NAME.match(found.layout.plain, at)
        if word is None or word.group()[0].islower():
            continue
        if out and found.layout.plain[out[-1][-1][1] : at] == " ":
            out[-1].append(word.span())
        else:
            out.append([word.span()])
    return out
