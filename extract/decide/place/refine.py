"""Does the text put the act nearer than the place that fits best: in a town of the province that its title names?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound
from extract.decide.kind import KindChoice
from extract.decide.place.cues import FINENESS, OPENING, act_sentences, is_located, same_place, stands_before
from extract.language import Cue
from extract.places import Gazetteer, has_local_press
from extract.types import Precision

_TOWNS = (Precision.CITY, Precision.DISTRICT)


def nearer(
    found: Findings,
    best: PlaceFound,
    options: list[PlaceFound],
    scores: dict[int, float],
    choice: KindChoice | None,
    gazetteer: Gazetteer,
) -> PlaceFound:
    """The town inside that the text says it was in; ``best`` where it says nothing of the sort.

    Towns that have papers of their own are named plainly.
    """
    if has_local_press(best.resolved.place):
        return best
    last = found.first_body + OPENING
    told = [
        p for p in options if p.sentence < last and p.resolved.place.precision in _TOWNS and not same_place(p, best)
    ]
    said = [p for p in told if stands_before(found, p, Cue.TOOK_PLACE_BEFORE) and _is_inside(p, best)]
    if not said:
        area = _namesake(found, best, options, choice)
        if area is None:
            return best
        acts = act_sentences(found, choice)
        said = [
            p
            for p in told
            if p.sentence in acts and is_located(found, p) and gazetteer.contains(area.resolved.place, p.resolved.place)
        ]
    return max(said, key=lambda p: (scores[id(p)], -p.start), default=best)


def _is_inside(place: PlaceFound, best: PlaceFound) -> bool:
    """Is it a finer place of the same division?"""
    inner, outer = place.resolved.place, best.resolved.place
    same = inner.country == outer.country and outer.admin1 in (None, inner.admin1)
    return same and FINENESS[inner.precision] > FINENESS[outer.precision]


def _namesake(
    found: Findings, best: PlaceFound, options: list[PlaceFound], choice: KindChoice | None
) -> PlaceFound | None:
    """ "Kaduna State" of the act's sentences, where "Kaduna" is only named by the title and means that state."""
    own = [p for p in options if same_place(p, best)]
    if best.resolved.place.precision not in _TOWNS or not all(found.sentences[p.sentence].is_title for p in own):
        return None
    acts = act_sentences(found, choice)
    name = best.resolved.name.casefold()
    return next(
        (
            p
            for p in options
            if p.sentence in acts
            and p.resolved.place.precision is Precision.PROVINCE
            and p.resolved.place.country == best.resolved.place.country
            and name in (p.resolved.place.name.casefold(), p.resolved.name.casefold().split()[0])
        ),
        None,
    )
