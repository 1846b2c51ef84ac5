"""Which values does a correction give, and which does it call wrong? "17, not 19", "in Sokoto, not in Kano"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from extract.decide.findings import Findings, PlaceFound
from extract.lexicon import Lexicon
from extract.notice_wording import filled
from extract.types import Count, CountState, Place, Quote

COUNTS = ("killed", "injured", "kidnapped")
# the other fields of a report that a correction can give
PLACE, KIND = "place", "kind"
# the topic of a note that is about numbers
_COUNTED = "counts"
_NO_COUNT = Count(state=CountState.NONE)
_LARGEST = 100_000
_NEAR = 24
Span = tuple[int, int]


class CorrectedValues(NamedTuple):
    """What a correction gives anew.

    ``counts``: field -> number and its quote. ``place`` and ``kind``: None where they aren't corrected. ``was``: the
    numbers called wrong. ``fields``: the names of all corrected fields. ``by_outlet``: the outlet calls its own words
    wrong.
    """

    counts: dict[str, tuple[Count, Quote]]
    place: PlaceFound | None
    place_quote: Quote | None
    kind: str | None
    was: tuple[int, ...]
    fields: tuple[str, ...]
    by_outlet: bool


class _Wording(NamedTuple):
    wrong: tuple[re.Pattern[str], ...]
    contrast: re.Pattern[str]
    outlet: tuple[re.Pattern[str], ...]
    until: re.Pattern[str]
    goes_on: tuple[re.Pattern[str], ...]
    fields: dict[str, re.Pattern[str]]
    none: dict[str, re.Pattern[str]]
    topics: dict[str, re.Pattern[str]]
    no_count_behind: re.Pattern[str]
    no_count_before: re.Pattern[str]


class _Number(NamedTuple):
    value: int
    start: int
    end: int


def values_of(found: Findings, spans: Sequence[Span]) -> CorrectedValues:
    """The values in ``spans`` of the laid-out text, the sentences of the notice."""
    wording, plain = _wording(found.lexicon), found.layout.plain
    spans = [(start, min(end, len(plain))) for start, end in spans if start < len(plain)]
    wrong = [one for span in spans for one in _wrong(plain, span, wording)]
    counts, was = _counts(found, spans, wrong, wording)
    place, kind = _place(found, spans, wrong), _kind(found, spans, wrong, wording)
    fields = [*counts, *((PLACE,) if place else ()), *((KIND,) if kind else ())]
    by_outlet = any(p.search(plain, *span) for p in wording.outlet for span in spans)
    quote = found.layout.quote(place.start, place.end) if place else None
    return CorrectedValues(counts, place, quote, kind, was, tuple(fields), by_outlet)


def is_contrast(found: Findings, span: Span) -> bool:
    """Does a sentence set a right value against a wrong one?"""
    return bool(_wrong(found.layout.plain, span, _wording(found.lexicon)))


def topics_of(found: Findings, text: str) -> tuple[str, ...]:
    """The fields that a note is about which gives no value itself: the story that it belongs to gives them."""
    topics = _wording(found.lexicon).topics
    is_about = {name for name, pattern in topics.items() if pattern.search(text)}
    return (*(COUNTS if _COUNTED in is_about else ()), *((PLACE,) if PLACE in is_about else ()))


def _wrong(plain: str, span: Span, wording: _Wording) -> list[Span]:
    """The parts of a span in which values are wrong."""
    out = []
    for cue in wording.wrong:
        for match in cue.finditer(plain, *span):
            start = match.end()
            for going_on in wording.goes_on:
                longer = going_on.search(plain, match.start(), span[1])
                stop = wording.until.search(plain, start, span[1])
                if longer and (stop is None or longer.start() <= stop.start()):
                    start = max(start, longer.end())
            end = wording.until.search(plain, start, span[1])
            out.append((match.start(), end.start() if end else span[1]))
    return out


def _is_in(start: int, spans: Sequence[Span]) -> bool:
    return any(first <= start < last for first, last in spans)


# ------------------------------------------------------------------ numbers


def _counts(
    found: Findings, spans: Sequence[Span], wrong: Sequence[Span], wording: _Wording
) -> tuple[dict[str, tuple[Count, Quote]], tuple[int, ...]]:
    """Field -> the number given anew, and the numbers called wrong."""
    numbers = _numbers(found, spans, wording)
    old = [one for one in numbers if _is_in(one.start, wrong)]
    new = [one for one in numbers if not _is_in(one.start, wrong) and one.value not in {n.value for n in old}]
    plain, out = found.layout.plain, {}
    for one in old:
        near = sorted(new, key=lambda n: abs(n.start - one.start))[:1]
        field = _field(plain, (one, *near), spans, wording)
        if field and near and field not in out:
            count = Count(low=near[0].value, high=near[0].value, state=CountState.COUNTED)
            out[field] = (count, found.layout.quote(near[0].start, near[0].end))
    for field, pattern in wording.none.items():
        said = [m for span in spans for m in pattern.finditer(plain, *span) if not _is_in(m.start(), wrong)]
        if said and field not in out:
            out[field] = (_NO_COUNT, found.layout.quote(said[0].start(), said[0].end()))
    return out, tuple(one.value for one in old)


def _numbers(found: Findings, spans: Sequence[Span], wording: _Wording) -> list[_Number]:
    """The numbers of people in the spans: none of days, hours, ages or scores."""
    out, plain, words = [], found.layout.plain, found.layout.words
    for word in words:
        if not _is_in(word.start, spans) or not words.is_number(word.text):
            continue
        value = found.language.numbers.read([word.text])
        if value is None or not 0 < value.value < _LARGEST:
            continue
        if wording.no_count_behind.search(plain[word.end : word.end + _NEAR]):
            continue
        if wording.no_count_before.search(plain[max(0, word.start - _NEAR) : word.start]):
            continue
        out.append(_Number(value.value, word.start, word.end))
    return out


def _field(plain: str, numbers: Sequence[_Number], spans: Sequence[Span], wording: _Wording) -> str:
    """The field whose words stand nearest to one of the numbers, within the notice; empty where there is none."""
    best: tuple[int, str] | None = None
    for field, pattern in wording.fields.items():
        for span in spans:
            for match in pattern.finditer(plain, *span):
                distance = min(min(abs(match.start() - n.end), abs(n.start - match.end())) for n in numbers)
                best = min(best, (distance, field)) if best else (distance, field)
    return best[1] if best else ""


# ------------------------------------------------------------------ place and kind


def _place(found: Findings, spans: Sequence[Span], wrong: Sequence[Span]) -> PlaceFound | None:
    """The one town or site given instead of another."""
    named = [p for p in found.places if _is_in(p.start, spans) and not p.resolved.place.precision.is_area]
    old = {_key(p.resolved.place) for p in named if _is_in(p.start, wrong)}
    new = [p for p in named if not _is_in(p.start, wrong) and _key(p.resolved.place) not in old]
    return new[0] if old and len({_key(p.resolved.place) for p in new}) == 1 else None


def _key(place: Place) -> tuple[int | None, str]:
    return place.geonameid, place.name


def _kind(found: Findings, spans: Sequence[Span], wrong: Sequence[Span], wording: _Wording) -> str | None:
    """The kind given in contrast to another: "a gas explosion, not a bomb"."""
    plain = found.layout.plain
    contrasted = [one for one in wrong if wording.contrast.match(plain, one[0])]
    named = [t for t in found.triggers if _is_in(t.start, spans)]
    old = {t.kind for t in named if _is_in(t.start, contrasted)}
    new = [t.kind for t in named if not _is_in(t.start, wrong) and t.kind not in old]
    return new[-1] if old and new else None


# ------------------------------------------------------------------ the wording of a language


@cache
def _wording(lexicon: Lexicon) -> _Wording:
    wrong, parts = lexicon.section("notices", "wrong"), lexicon.section("notices", "parts")
    fields, none = lexicon.section("notices", "fields"), lexicon.section("notices", "none")
    topics, no_count = lexicon.section("notices", "topics"), lexicon.section("notices", "no_count")
    never = "(?!)"
    return _Wording(
        wrong=tuple(_compiled(cue, parts) for cue in (wrong.get("contrast", never), *wrong.get("cues", ()))),
        contrast=_compiled(wrong.get("contrast", never), parts),
        outlet=tuple(_compiled(cue, parts) for cue in wrong.get("cues", ())),
        until=_compiled(wrong.get("until", never), parts),
        goes_on=tuple(_compiled(one, parts) for one in wrong.get("goes_on", ())),
        fields={field: _compiled(fields.get(field, never), parts) for field in COUNTS},
        none={field: _compiled(none.get(field, never), parts) for field in COUNTS},
        topics={name: _compiled(pattern, parts) for name, pattern in topics.items()},
        no_count_behind=_compiled(no_count.get("behind", never), parts),
        no_count_before=_compiled(no_count.get("before", never), parts),
    )


def _compiled(pattern: str, parts: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(filled(pattern, parts), re.IGNORECASE)
