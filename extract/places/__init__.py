"""Places: a gazetteer of the world, and names in a text resolved to it. No network, no clock, no spaCy.

``Gazetteer.open()`` maps the data that comes with the package (its class says how they are laid out).
``places_of(article, gazetteer)`` is the whole chain; ``mentions`` and ``resolve`` are its two steps.
"""

from extract.places.candidates import Hints, Weights
from extract.places.disambiguate import resolve
from extract.places.gazetteer import Candidate, Entry, Gazetteer, distance_km
from extract.places.linker import hints_of, places_of
from extract.places.recogniser import mentions
from extract.places.types import Mention, Resolved, Role

__all__ = [
    "Candidate",
    "Entry",
    "Gazetteer",
    "Hints",
    "Mention",
    "Resolved",
    "Role",
    "Weights",
    "distance_km",
    "hints_of",
    "mentions",
    "places_of",
    "resolve",
]
