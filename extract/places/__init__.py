"""Places: a gazetteer of the world, and names in a text resolved to it. No network, no clock, no spaCy.

``Gazetteer.open()`` maps the data that comes with the package (its class says how they are laid out).
``places_of(article, gazetteer, reader)`` is the whole chain, ``reader`` being the part of the article's language;
``mentions`` and ``resolve`` are its two steps.
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
