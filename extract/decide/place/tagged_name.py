"""Which words does the encoder's reading find to be the name of the event's place?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.place.by_reading import runs


def tagged_name_at(found: Findings, place: PlaceFound | None = None) -> tuple[int, int] | None:
    """The offsets of the run of words with the highest probability of a name, None where it is too low.

    Beside a mention of a ``place`` a run without a word of it needs to be surer, as it can be of another place.
    """
    reading = found.reading
    if reading is None:
        return None
    tags = reading.tags["place"]
    best = max(tags, key=lambda at: tags[at], default=None)
    if best is None or tags[best] < weights("item")["tag_from"]:
        return None
    least = weights("item")["tag_beside"]
    for run in runs(found, [at for at, p in sorted(tags.items()) if p >= least]):
        start, end = run[0][0], run[-1][1]
        if start <= best < end:
            end = _end_of_name(found, run, best)
            is_of_it = place is None or (start < place.end and place.start < end)
            return (start, end) if is_of_it or tags[best] >= weights("shared_item")["name_tag"] else None
    return None


def _end_of_name(found: Findings, run: list[tuple[int, int]], best: int) -> int:
    """Where the name ends that a run begins with: before the next one, of an area ("Зуевка Кировской области")."""
    begun = [p.start for p in found.places if max(run[0][0], best) < p.start < run[-1][1]]
    return next(end for start, end in reversed(run) if not begun or start < min(begun))
