"""Which places does a text name? A gazetteer of the world, and names resolved to it. No network, no clock, no spaCy.

``Gazetteer.open()`` maps the data files of the package into memory (the class describes their layout).
``places_of(article, gazetteer, reader)`` finds and resolves all places of an article, with the ``reader`` of its
language; its two steps are ``mentions`` (named entity recognition) and ``resolve`` (disambiguation).
"""

from extract.places.candidates import Hints, Weights
from extract.places.disambiguate import resolve
from extract.places.gazetteer import Gazetteer, distance_km
from extract.places.linker import hints_of, places_of
from extract.places.local_press import has_local_press
from extract.places.reading import PlaceReader
from extract.places.recogniser import mentions
from extract.places.types import Candidate, Entry, Mention, NameRole, Resolved

__all__ = [
    "Candidate",
    "Entry",
    "Gazetteer",
    "Hints",
    "Mention",
    "NameRole",
    "PlaceReader",
    "Resolved",
    "Weights",
    "distance_km",
    "has_local_press",
    "hints_of",
    "mentions",
    "places_of",
    "resolve",
]
