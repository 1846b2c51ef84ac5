"""Under which name does an article in another language tell its place?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.place.by_reading import runs
from extract.places import Gazetteer
from extract.text.normalise import fold_script

_SEPARATORS = "«»\"'“”()،,"


def as_written(found: Findings, place: PlaceFound, gazetteer: Gazetteer) -> str:
    """The words that the reading tags as the place's name, else the mention's, in their base form where that is known.

    The tagged name can be finer than the place that is known: a quarter of a town. Empty for a language without the
    shared encoder, whose places have the article's name already.
    """
    if not found.language.shares_encoder:
        return ""
    name = _tagged(found) or found.layout.plain[place.start : place.end]
    key = fold_script(name)
    form = gazetteer.written_form(key)
    if form is None or form == key:
        return name
    return " ".join(word.capitalize() for word in form.split())


def _tagged(found: Findings) -> str:
    """The first run of words that the reading finds to be the place's name; empty if there is none."""
    reading = found.reading
    if reading is None:
        return ""
    tags = reading.tags["place"]
    best = max(tags, key=lambda at: tags[at], default=None)
    if best is None or tags[best] < weights("item")["tag_from"]:
        return ""
    least = weights("item")["tag_beside"]
    for run in runs(found, [at for at, p in sorted(tags.items()) if p >= least]):
        if run[0][0] <= best < run[-1][1]:
            return found.layout.plain[run[0][0] : run[-1][1]].strip(_SEPARATORS)
    return ""
