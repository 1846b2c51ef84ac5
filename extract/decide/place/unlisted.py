"""In which country is a place that no gazetteer lists, where an item names no other?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.models.item_encoder import ItemReading
from extract.decide.place.by_reading import NAME
from extract.decide.place.finer_name import finer_name_at
from extract.decide.place.mention import mention_of
from extract.decide.place.tagged_name import tagged_name_at
from extract.places import Gazetteer, NameRole, hints_of


def of_unlisted(found: Findings, gazetteer: Gazetteer) -> PlaceFound | None:
    """The country of a place whose name the item gives, at that name: the one that the encoder is sure of, else the one
    whose people the item names, else the home of the outlet.

    News from abroad names its country; a local quarter is named without. Only for languages that share an encoder.
    """
    if found.reading is None or not found.language.shares_encoder:
        return None
    span = finer_name_at(found) or tagged_name_at(found)
    if span is None:
        return None
    row = gazetteer.country_row(_country(found, found.reading, gazetteer))
    if row < 0:
        return None
    sure = weights("shared_item")["country_of_home"]
    return mention_of(found, gazetteer.place(gazetteer.entry(row)), *span, confidence=sure, role=NameRole.PLAIN)


def _country(found: Findings, reading: ItemReading, gazetteer: Gazetteer) -> str:
    """The code of the country; empty if the item names the people of several."""
    likely = max(reading.countries, key=lambda code: reading.countries[code])
    if reading.countries[likely] >= weights("shared_item")["country_sure"]:
        return likely
    named = {code for m in NAME.finditer(found.layout.plain) if (code := gazetteer.demonyms.get(m.group()))}
    if len(named) > 1:
        return ""
    return named.pop() if named else hints_of(found.article, gazetteer).country
