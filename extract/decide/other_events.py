"""What does a text tell of its own act, and what of another one, or of years of them?

"On Friday a bomb in Herat killed 12" far down in an article on Saturday's raid in Kandahar fills in nothing of the
raid. A sentence tells of another act where its day is an earlier one, or its town another one, and nothing in it goes
back to the act of the opening; numbers of a whole war or year are of no act at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from extract.decide.findings import Findings, PlaceFound, weights
from extract.kinds import Kind
from extract.language import Cue
from extract.nlp.mentions import HARM, CountMention, Reading, Talk, TimeMention
from extract.places import NameRole, distance_km, has_local_press
from extract.text.phrases import Hit
from extract.types import Frozen, Place, Precision, TimePrecision

_COARSE = (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)
_AREAS = (Precision.COUNTRY, Precision.PROVINCE)
_NO_SCENE = (NameRole.DATELINE, NameRole.DEMONYM, NameRole.ORGANISATION, NameRole.HOSPITAL, NameRole.HOME)
_LATER = frozenset({Talk.COURT, Talk.ARREST, Talk.AFTERMATH})
_BEHIND = 60
_BEFORE = 8
# what belongs to a sentence
_PARTS = (
    "triggers", "counts", "notes", "times", "places", "weapons", "actors", "responsibility",
    "status", "victims", "targets", "nouns", "prominent",
)  # fmt: skip


class EventCue(StrEnum):
    """What words say of which act a sentence is about: the cue groups of ``cues.toml``, ``own``."""

    BACK = "back"  # goes back to the act of the opening: "the attack"
    AFTER = "after"  # something else happened later
    NEW = "new"  # introduces an act: "another attack"
    YEARS = "years"  # counts over years or a whole war


class Scene(Frozen, frozen=True, kw_only=True):
    """Where and when the opening says that the act was: the first of its days, and its places."""

    day: str
    places: tuple[Place, ...]


def own_act(found: Findings, kind: Kind) -> Findings:
    """The findings without those of other acts and of years of violence; all of them where such an act goes on for
    months."""
    if kind.slug in weights("own")["of_seasons"]:
        return found
    found = msgspec.structs.replace(found, counts=tuple(m for m in found.counts if not is_of_years(found, m)))
    others = other_acts(found)
    return keeping(found, set(range(len(found.sentences))) - others) if others else found


def only_of_years(found: Findings) -> bool:
    """Is all it tells of acts in numbers of years: "lightning kills 2,500 people a year"?"""
    harm = [m for m in found.counts if m.field in HARM]
    told = {m.sentence for m in harm}
    acts = {t.sentence for t in found.triggers if t.strong}
    return bool(harm) and acts <= told and all(is_of_years(found, m) for m in harm)


def keeping(found: Findings, sentences: set[int]) -> Findings:
    """The findings of these sentences alone."""
    return msgspec.structs.replace(
        found, **{part: tuple(m for m in getattr(found, part) if m.sentence in sentences) for part in _PARTS}
    )


def is_of_years(found: Findings, mention: CountMention) -> bool:
    """ "More than 2,000 people have died this year": the number of no single act."""
    if mention.field not in HARM:
        return False
    sentence = found.sentences[mention.sentence]
    first, last = _piece(found, mention, sentence.start, sentence.end)
    years = [(h.start, h.end) for h in _hits(found, EventCue.YEARS) if sentence.start <= h.start < sentence.end]
    if any(start < last and first < end for start, end in years):
        return True
    return any(end <= first and not _is_told_between(found, sentence.start, first) for _, end in years)


def _piece(found: Findings, mention: CountMention, start: int, end: int) -> tuple[int, int]:
    """From where to where the part of the sentence goes that holds the number and its verb."""
    cuts = [m.start() for m in found.language.cue(Cue.CLAUSE_BREAK).finditer(found.layout.plain, start, end)]
    first, last = min(mention.start, mention.cue or mention.start), max(mention.end, mention.cue)
    return max([start, *(c for c in cuts if c <= first)]), min([end, *(c for c in cuts if c >= last)])


def _is_told_between(found: Findings, start: int, end: int) -> bool:
    return any(start <= m.start < end for m in found.counts)


def other_acts(found: Findings) -> set[int]:
    """The indices of the sentences behind the opening that tell of another act."""
    anchor = _anchor(found)
    if anchor is None:
        return set()
    scene = _scene(
        found, [i for i, s in enumerate(found.sentences[: anchor + 1]) if s.is_title or i >= found.first_body]
    )
    telling = {m.sentence for m in found.counts if m.field in HARM} | {t.sentence for t in found.triggers if t.strong}
    return {at for at in telling if at > anchor and _is_another(found, at, scene)}


def _anchor(found: Findings) -> int | None:
    """The first sentence of the body that tells of the act; None where the opening doesn't."""
    told = {m.sentence for m in found.counts if m.field in HARM} | {t.sentence for t in found.triggers if t.strong}
    first = min((at for at in told if at >= found.first_body and found.is_foreground(at)), default=None)
    reach = found.first_body + weights("own")["reach"]
    return first if first is not None and first < reach else None


def _scene(found: Findings, sentences: list[int]) -> Scene:
    dated = [t for t in _days(found) if t.precision not in _COARSE and t.reading is not Reading.WEEK_BEFORE]
    of_law = any(found.sentences[at].flags & _LATER for at in sentences)  # then the day is that of an arrest
    days = [] if of_law else [t.first[:10] for t in dated if t.sentence in sentences]
    if not days:  # "the attack took place on Tuesday"
        days = [t.first[:10] for t in dated if t.sentence > max(sentences) and says(found, t.sentence, EventCue.BACK)][
            :1
        ]
    places = [p.resolved.place for p in _places(found) if p.sentence in sentences]
    return Scene(day=min(days, default=""), places=tuple(_finest(places)))


def _finest(places: list[Place]) -> list[Place]:
    """The towns, with the provinces where a town is on no map; else the provinces; else all."""
    towns = [p for p in places if p.precision not in _AREAS]
    provinces = [p for p in places if p.precision is Precision.PROVINCE]
    unlisted = any(p.lat is None for p in towns)
    return [*towns, *(provinces if unlisted or not towns else [])] or places


def _is_another(found: Findings, at: int, scene: Scene) -> bool:
    sentence = found.sentences[at]
    earlier, elsewhere = _earlier(found, at, scene), _elsewhere(found, at, scene)
    both = bool(earlier and elsewhere)
    if not (earlier or elsewhere) or (any(has_local_press(place) for place in scene.places) and not both):
        return False
    if says(found, at, EventCue.AFTER):
        return True
    if says(found, at, EventCue.BACK):
        return False
    if both or Talk.BACKGROUND in sentence.flags:
        return True
    front = found.language.cue(Cue.FRONTED_PHRASE).match(found.layout.plain, sentence.start)
    fore = max(sentence.start + weights("own")["front"], front.end() if front else 0)
    starts = [*(m.start for m in earlier), *(p.start for p in elsewhere)]
    return any(start <= fore for start in starts) or bool(elsewhere and says(found, at, EventCue.NEW))


def says(found: Findings, at: int, what: EventCue) -> bool:
    """Does the sentence have an expression of that sort, and no article before it that would turn it round?"""
    sentence, plain = found.sentences[at], found.layout.plain
    hits = [h for h in _hits(found, what) if sentence.start <= h.start and h.end <= sentence.end + 1]
    definite = found.language.cue(Cue.DEFINITE_BEFORE)
    return any(what != EventCue.NEW or not definite.search(plain, max(0, h.start - _BEFORE), h.start) for h in hits)


def _hits(found: Findings, what: EventCue) -> Iterator[Hit[str]]:
    return (hit for hit in found.lexicon.book("cues", "own").find(found.layout.words) if hit.value == what)


def _earlier(found: Findings, at: int, scene: Scene) -> list[TimeMention]:
    """The days named there, where all of them lie before the act's."""
    days = [t for t in _days(found) if t.sentence == at and t.reading is Reading.SAID]
    return days if scene.day and all(_lies_before(t, scene.day) for t in days) else []


def _lies_before(time: TimeMention, day: str) -> bool:
    """ "Last week" is another time than a day that the text names, though its end may hold it."""
    return (time.first if time.precision in _COARSE else time.last)[:10] < day


def _elsewhere(found: Findings, at: int, scene: Scene) -> list[PlaceFound]:
    """The places named there, where all of them lie away from the act's."""
    named = [p for p in _places(found) if p.sentence == at and not goes_on(found, p)]
    sure = [p for p in named if p.resolved.confidence >= weights("own")["sure"]]
    finest = _finest([p.resolved.place for p in sure])
    away = scene.places and all(_is_away(place, other) for place in finest for other in scene.places)
    return sure if away and any(p.resolved.role is NameRole.LOCATIVE for p in named) else []


def goes_on(found: Findings, place: PlaceFound) -> bool:
    """ "Los Altos Skate Park", "Issa Nagri": the name is a part of a longer one, as far as capitals tell."""
    return (
        not place.resolved.name.isupper()
        and found.language.cue(Cue.LONGER_NAME_BEHIND).match(found.layout.plain, place.end) is not None
    )


def _is_away(place: Place, other: Place) -> bool:
    if place.name == other.name:
        return False
    if place.country != other.country:
        return True
    if Precision.COUNTRY in (place.precision, other.precision):
        return False
    if Precision.PROVINCE in (place.precision, other.precision):
        return place.admin1 != other.admin1
    km = distance_km(place, other)
    return km > weights("own")["km"] if km is not None else place.admin1 != other.admin1


def _places(found: Findings) -> list[PlaceFound]:
    return [p for p in found.places if p.resolved.role not in _NO_SCENE and p.resolved.place.country]


def _days(found: Findings) -> list[TimeMention]:
    """The times named, but for those at which somebody said something."""
    plain, saying = found.layout.plain, found.language.cue(Cue.SAYING_BEFORE)
    return [t for t in found.times if not saying.search(plain, max(0, t.start - _BEHIND), t.start)]
