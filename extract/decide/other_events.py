"""Which sentences and numbers of a text are about its main event (event coreference within one text)?

"On Friday a bomb in Herat killed 12", far down in an article on Saturday's raid in Kandahar, says nothing about the
raid. A sentence is about another event if its day is earlier or its town another one, and nothing in it refers back to
the main event, which is the one of the opening. Aggregate counts, of a whole war or year, belong to no single event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from extract.decide.findings import Findings, PlaceFound, weights
from extract.kinds import Kind
from extract.language import Cue
from extract.nlp.mentions import HARM, CountMention, Reading, Talk, TimeMention
from extract.places import NameRole, distance_km, has_local_press
from extract.text.phrases import Hit
from extract.types import Frozen, Place, Precision

# roles of names that do not say where an event was
_NOT_EVENT_ROLES = (NameRole.DATELINE, NameRole.DEMONYM, NameRole.ORGANISATION, NameRole.HOSPITAL, NameRole.HOME)
_AFTERMATH_TALK = frozenset({Talk.COURT, Talk.ARREST, Talk.AFTERMATH})
_SAYING_REACH = 60  # characters searched for a verb of saying before a time
_ARTICLE_REACH = 8  # characters searched for a definite article before a cue
# the fields of Findings whose values belong to a sentence
_FIELDS = (
    "triggers", "counts", "notes", "times", "places", "weapons", "attackers", "responsibility",
    "status", "victims", "targets", "nouns", "office_holders",
)  # fmt: skip


class EventCue(StrEnum):
    """Which event a sentence is about, by its words: the cue groups of ``cues.toml``, ``events``."""

    SAME_EVENT = "same_event"  # refers back to the main event: "the attack"
    LATER_EVENT = "later_event"  # answers the main event: "in retaliation for the attack"
    NEW_EVENT = "new_event"  # introduces another event: "another attack"
    AGGREGATE = "aggregate"  # a count over years or a whole war


class MainEvent(Frozen, frozen=True, kw_only=True):
    """When and where the main event was by the opening: its first day (ISO, "" where unknown) and its places."""

    day: str
    places: tuple[Place, ...]


def without_other_events(found: Findings, kind: Kind) -> Findings:
    """The findings without aggregate counts and without those about other events.

    All findings for kinds of incident that last for weeks, such as a flood.
    """
    if kind.slug in weights("other_events")["long_lasting"]:
        return found
    found = msgspec.structs.replace(found, counts=tuple(m for m in found.counts if not is_aggregate_count(found, m)))
    others = other_event_sentences(found)
    return keep_sentences(found, set(range(len(found.sentences))) - others) if others else found


def has_only_aggregate_counts(found: Findings) -> bool:
    """Is every count an aggregate one, and every strong trigger beside one: "lightning kills 2,500 people a year"?"""
    harm = [m for m in found.counts if m.field in HARM]
    counted = {m.sentence for m in harm}
    triggered = {t.sentence for t in found.triggers if t.strong}
    return bool(harm) and triggered <= counted and all(is_aggregate_count(found, m) for m in harm)


def keep_sentences(found: Findings, sentences: set[int]) -> Findings:
    """The findings of these sentences only."""
    return msgspec.structs.replace(
        found, **{field: tuple(m for m in getattr(found, field) if m.sentence in sentences) for field in _FIELDS}
    )


def is_aggregate_count(found: Findings, mention: CountMention) -> bool:
    """Is it a count over many events: "more than 2,000 people have died this year"?"""
    if mention.field not in HARM:
        return False
    sentence = found.sentences[mention.sentence]
    first, last = _clause_of(found, mention, sentence.start, sentence.end)
    years = [(h.start, h.end) for h in _cue_hits(found, EventCue.AGGREGATE) if sentence.start <= h.start < sentence.end]
    if any(start < last and first < end for start, end in years):
        return True
    return any(end <= first and not _has_count_between(found, sentence.start, first) for _, end in years)


def _clause_of(found: Findings, mention: CountMention, start: int, end: int) -> tuple[int, int]:
    """Start and end offsets of the clause that contains the number and its verb."""
    cuts = [m.start() for m in found.language.cue(Cue.CLAUSE_BREAK).finditer(found.layout.plain, start, end)]
    first, last = min(mention.start, mention.cue or mention.start), max(mention.end, mention.cue)
    return max([start, *(c for c in cuts if c <= first)]), min([end, *(c for c in cuts if c >= last)])


def _has_count_between(found: Findings, start: int, end: int) -> bool:
    return any(start <= m.start < end for m in found.counts)


def other_event_sentences(found: Findings) -> set[int]:
    """The indices of the sentences after the anchor sentence that are about another event."""
    anchor = _anchor_sentence(found)
    if anchor is None:
        return set()
    event = _main_event(
        found, [i for i, s in enumerate(found.sentences[: anchor + 1]) if s.is_title or i >= found.first_body]
    )
    return {at for at in _event_sentences(found) if at > anchor and _is_about_another_event(found, at, event)}


def _anchor_sentence(found: Findings) -> int | None:
    """The first sentence of the body that is about an event; None where none of the opening is."""
    body = (at for at in _event_sentences(found) if at >= found.first_body and found.is_foreground(at))
    first = min(body, default=None)
    end = found.first_body + weights("other_events")["opening_sentences"]
    return first if first is not None and first < end else None


def _event_sentences(found: Findings) -> set[int]:
    """The indices of the sentences that count harm or have a strong trigger."""
    return {m.sentence for m in found.counts if m.field in HARM} | {t.sentence for t in found.triggers if t.strong}


def _main_event(found: Findings, sentences: list[int]) -> MainEvent:
    """Day and places of the main event by these sentences, the day also by a later one that refers back to it."""
    dated = [t for t in found.times if not t.precision.is_coarse and t.reading is not Reading.WEEK_BEFORE]
    dated = _event_days(found, dated)
    # the day of an opening about an arrest or a trial is that of the arrest or trial
    is_aftermath = any(found.sentences[at].flags & _AFTERMATH_TALK for at in sentences)
    days = [] if is_aftermath else [t.first[:10] for t in dated if t.sentence in sentences]
    if not days:  # "the attack took place on Tuesday"
        later = (t for t in dated if t.sentence > max(sentences))
        days = [t.first[:10] for t in later if has_event_cue(found, t.sentence, EventCue.SAME_EVENT)][:1]
    places = [p.resolved.place for p in _event_places(found) if p.sentence in sentences]
    return MainEvent(day=min(days, default=""), places=tuple(_finest(places)))


def _finest(places: list[Place]) -> list[Place]:
    """The towns, with the provinces if a town has no coordinates; without towns the provinces; else all places."""
    towns = [p for p in places if not p.precision.is_area]
    provinces = [p for p in places if p.precision is Precision.PROVINCE]
    unlisted = any(p.lat is None for p in towns)
    return [*towns, *(provinces if unlisted or not towns else [])] or places


def _is_about_another_event(found: Findings, at: int, event: MainEvent) -> bool:
    """Is a sentence about another event, by its day, its places and its cues?

    Where towns have local press, only if both day and place are others.
    """
    sentence = found.sentences[at]
    earlier, elsewhere = _earlier_days(found, at, event), _places_elsewhere(found, at, event)
    both = bool(earlier and elsewhere)
    if not (earlier or elsewhere) or (any(has_local_press(place) for place in event.places) and not both):
        return False
    if has_event_cue(found, at, EventCue.LATER_EVENT):
        return True
    if has_event_cue(found, at, EventCue.SAME_EVENT):
        return False
    if both or Talk.BACKGROUND in sentence.flags:
        return True
    fronted = found.language.cue(Cue.FRONTED_PHRASE).match(found.layout.plain, sentence.start)
    front_end = max(sentence.start + weights("other_events")["front_chars"], fronted.end() if fronted else 0)
    starts = [*(m.start for m in earlier), *(p.start for p in elsewhere)]
    return any(start <= front_end for start in starts) or bool(
        elsewhere and has_event_cue(found, at, EventCue.NEW_EVENT)
    )


def has_event_cue(found: Findings, at: int, what: EventCue) -> bool:
    """Does the sentence contain a cue of that group? A cue of a new event does not count after a definite article."""
    sentence, plain = found.sentences[at], found.layout.plain
    hits = [h for h in _cue_hits(found, what) if sentence.start <= h.start and h.end <= sentence.end + 1]
    definite = found.language.cue(Cue.DEFINITE_BEFORE)
    return any(
        what != EventCue.NEW_EVENT or not definite.search(plain, max(0, h.start - _ARTICLE_REACH), h.start)
        for h in hits
    )


def _cue_hits(found: Findings, what: EventCue) -> Iterator[Hit[str]]:
    return (hit for hit in found.lexicon.book("cues", "events").find(found.layout.words) if hit.value == what)


def _earlier_days(found: Findings, at: int, event: MainEvent) -> list[TimeMention]:
    """The times that a sentence names, if all of them are before the main event; else []."""
    days = _event_days(found, (t for t in found.times if t.sentence == at and t.reading is Reading.SAID))
    return days if event.day and all(_is_before(t, event.day) for t in days) else []


def _is_before(time: TimeMention, day: str) -> bool:
    """Is a time before the day? "Last week" is, if it starts before the day, even if it contains the day."""
    return (time.first if time.precision.is_coarse else time.last)[:10] < day


def _places_elsewhere(found: Findings, at: int, event: MainEvent) -> list[PlaceFound]:
    """The surely resolved places that a sentence names, if all are away from those of the main event; else []."""
    named = [p for p in _event_places(found) if p.sentence == at and not is_part_of_longer_name(found, p)]
    sure = [p for p in named if p.resolved.confidence >= weights("other_events")["min_confidence"]]
    finest = _finest([p.resolved.place for p in sure])
    away = event.places and all(_is_elsewhere(place, other) for place in finest for other in event.places)
    return sure if away and any(p.resolved.role is NameRole.LOCATIVE for p in named) else []


def is_part_of_longer_name(found: Findings, place: PlaceFound) -> bool:
    """Is the name a part of a longer one, by the capitals after it: "Los Altos Skate Park", "Issa Nagri"?"""
    return (
        not place.resolved.name.isupper()
        and found.language.cue(Cue.LONGER_NAME_BEHIND).match(found.layout.plain, place.end) is not None
    )


def _is_elsewhere(place: Place, other: Place) -> bool:
    """Is a place outside of the area around the other one?"""
    if place.name == other.name:
        return False
    if place.country != other.country:
        return True
    if Precision.COUNTRY in (place.precision, other.precision):
        return False
    if Precision.PROVINCE in (place.precision, other.precision):
        return place.admin1 != other.admin1
    km = distance_km(place, other)
    return km > weights("other_events")["same_area_km"] if km is not None else place.admin1 != other.admin1


def _event_places(found: Findings) -> list[PlaceFound]:
    """The places named in a role that can say where an event was."""
    return [p for p in found.places if p.resolved.role not in _NOT_EVENT_ROLES and p.resolved.place.country]


def _event_days(found: Findings, times: Iterable[TimeMention]) -> list[TimeMention]:
    """These times without those of a statement ("said on Monday")."""
    plain, saying = found.layout.plain, found.language.cue(Cue.SAYING_BEFORE)
    return [t for t in times if not saying.search(plain, max(0, t.start - _SAYING_REACH), t.start)]
