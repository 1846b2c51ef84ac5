"""Which place does the encoder's reading of a short item speak for? A teaser has few words to tell namesakes apart."""

from __future__ import annotations

import math
import re

from msgspec.structs import replace

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.models.item_encoder import ItemReading
from extract.decide.models.logistic import log_odds
from extract.decide.place.mention import mention_of
from extract.language import Cue
from extract.places import Gazetteer, NameRole
from extract.places.row_layout import DISTRICT
from extract.text.normalise import fold

_COMMA = ", "
_WATER_CHARS = 16
_NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


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
    country = _country(reading, mentions[0].resolved.place.country or "")
    return float(rule["place"] * log_odds(tag) + rule["country"] * math.log(max(country, rule["country_least"])))


def _country(reading: ItemReading, code: str) -> float:
    """The probability of a country; one that the encoder did not learn gets a share of what it is not sure of."""
    unlearned = float(weights("item")["country_unlearned"]) * (1.0 - max(reading.countries.values()))
    return reading.countries.get(code, unlearned)


def as_namesake(reading: ItemReading, best: PlaceFound, gazetteer: Gazetteer) -> PlaceFound:
    """The largest place of the same name in the country that the reading is sure of, where it is sure that ``best``
    isn't in its own; else ``best``."""
    rule, place = weights("item"), best.resolved.place
    country = max(reading.countries, key=lambda code: reading.countries[code])
    own = reading.countries.get(place.country or "", 0.0)
    if country == place.country or own > rule["namesake_own"] or reading.countries[country] < rule["namesake_from"]:
        return best
    entries = [c.entry for c in gazetteer.candidates(fold(best.resolved.name)) if c.entry.country == country]
    if not entries:
        return best
    largest = max(entries, key=lambda entry: entry.population)
    return replace(best, resolved=replace(best.resolved, place=gazetteer.place(largest)))


def of_demonym(found: Findings, gazetteer: Gazetteer) -> PlaceFound | None:
    """The country whose people the item names, where the reading finds that it happened there: "Swiss bar"."""
    reading = found.reading
    if reading is None:
        return None
    words = ((m, gazetteer.demonyms.get(m.group())) for m in _NAME.finditer(found.layout.plain))
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
    for words in _runs(found, [at for at, p in sorted(tags.items()) if p >= least]):
        for start, end in ((words[i][0], words[j - 1][1]) for j in range(len(words), 0, -1) for i in range(j)):
            water = found.language.cue(Cue.WATER_BEFORE).search(found.layout.plain, max(0, start - _WATER_CHARS), start)
            if water or found.layout.plain[start:end] in gazetteer.demonyms:
                continue  # "Gulf of Oman"
            named = [c for c in gazetteer.candidates(fold(found.layout.plain[start:end])) if c.entry.country]
            if named and not _is_road(found, end):
                usual = [c.entry for c in named if not c.alternate] or [c.entry for c in named]
                usual = [e for e in usual if e.kind != DISTRICT] or usual  # "Dallas" is rather the city than the county
                best = max(usual, key=lambda e: _country(reading, e.country) * (e.population + 1))
                if _country(reading, best.country) > weights("item")["namesake_own"]:
                    sure = tags[words[0][0]]
                    return mention_of(found, gazetteer.place(best), start, end, confidence=sure, role=NameRole.PLAIN)
    return None


def _is_road(found: Findings, end: int) -> bool:
    """Is the next word one of roads: "Oxford Street"?"""
    behind = _NAME.match(found.layout.plain, end + 1)
    return behind is not None and behind.group().lower() in found.lexicon.words("places", "after", "road")


def _runs(found: Findings, starts: list[int]) -> list[list[tuple[int, int]]]:
    """The words with a capital that begin at these offsets, as (start, end), those beside each other in one list."""
    out: list[list[tuple[int, int]]] = []
    for at in starts:
        word = _NAME.match(found.layout.plain, at)
        if word is None or not word.group()[0].isupper():
            continue
        if out and found.layout.plain[out[-1][-1][1] : at] == " ":
            out[-1].append(word.span())
        else:
            out.append([word.span()])
    return out
