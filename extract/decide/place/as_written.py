"""Under which name does an article in another language tell its place?"""

from __future__ import annotations

from extract.decide.findings import Findings, PlaceFound
from extract.decide.place.finer_name import finer_name_at
from extract.decide.place.inner_of_pair import without_outer
from extract.decide.place.tagged_name import tagged_name_at
from extract.places import Gazetteer
from extract.text.normalise import fold, fold_script

_WORD_CHARS = 12
_SEPARATORS = "«»\"'“”()،,"


def as_written(found: Findings, place: PlaceFound, gazetteer: Gazetteer) -> str:
    """The name of a part of the place by the words around it, else the one that the reading tags, else the mention's.

    In its base form where that is known. The first two can be finer than the place that is known: a quarter of a town.
    Empty for a language without the shared encoder, whose places have the article's name already.
    """
    if not found.language.shares_encoder:
        return ""
    plain = found.layout.plain
    span = finer_name_at(found) or _tagged_at(found, place, gazetteer)
    if span is None or (place.start <= span[0] and span[1] <= place.end):
        span = place.start, place.end  # "Самарской области", of which only the first word is a name's
    name = _without_people(_text(found, span), gazetteer)
    key = fold_script(name)
    form = gazetteer.written_form(key)
    if form is None:
        return gazetteer.likely_base(name, _word_before(plain, span[0]))
    if form == key:
        return name
    bare = name[len(key) - len(form) :]
    if fold_script(bare) == form:
        return bare  # without letters that are joined to its front
    return gazetteer.spelt(name, form) or " ".join(word.capitalize() for word in form.split())


def _tagged_at(found: Findings, place: PlaceFound, gazetteer: Gazetteer) -> tuple[int, int] | None:
    """The tagged name, unless it is that of another place, which was a candidate too."""
    span = tagged_name_at(found, place)
    if span is None:
        return None
    span = without_outer(found, *span, place), span[1]
    if span[0] < place.end and place.start < span[1]:
        return span
    key = fold_script(_text(found, span))
    is_other = gazetteer.written_form(key) is not None or fold(_text(found, span)) in gazetteer
    return None if is_other and fold(_text(found, span)) != fold(place.resolved.name) else span


def _text(found: Findings, span: tuple[int, int]) -> str:
    return found.layout.plain[span[0] : span[1]].strip(_SEPARATORS)


def _word_before(plain: str, at: int) -> str:
    return plain[max(0, at - _WORD_CHARS) : at].strip().rpartition(" ")[2]


def _without_people(name: str, gazetteer: Gazetteer) -> str:
    """The name without words for a people behind it: "Shiraz" of "Iranian Shiraz", where the adjective is behind."""
    words = name.split()
    while len(words) > 1 and words[-1] in gazetteer.demonyms:
        words.pop()
    return " ".join(words)
