"""Which place does the encoder's reading of a short item speak for? A teaser has few words to tell namesakes apart."""

from __future__ import annotations

import math
import re
from typing import Literal

from msgspec.structs import replace

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.models.item_encoder import ItemReading
from extract.decide.models.logistic import log_odds
from extract.places import Gazetteer, NameRole, Resolved
from extract.text.normalise import fold

_COMMA = ", "
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
    country = reading.countries.get(mentions[0].resolved.place.country or "", 0.0)
    return float(rule["place"] * log_odds(tag) + rule["country"] * math.log(max(country, rule["country_least"])))


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
    named = [(reading.countries.get(code, 0.0), -m.start(), m, code) for m, code in words if code]
    best = max(named, default=None, key=lambda one: one[:2])
    if best is None or best[0] < weights("item")["demonym_from"]:
        return None
    _, _, match, code = best
    place = gazetteer.place(gazetteer.entry(gazetteer.country_row(code)))
    where: Literal["title", "text"] = "title" if found.layout.in_title(match.start()) else "text"
    shift = 0 if where == "title" else found.layout.shift
    resolved = Resolved(
        where=where,
        start=match.start() - shift,
        end=match.end() - shift,
        name=place.name,
        place=place,
        confidence=best[0],
        role=NameRole.DEMONYM,
    )
    sentence = next((i for i, s in enumerate(found.sentences) if s.start <= match.start() < s.end), found.first_body)
    return PlaceFound(resolved=resolved, start=match.start(), end=match.end(), sentence=sentence)
