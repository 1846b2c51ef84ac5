"""What does one chat get of one change, with a sound or not, and why?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from itertools import chain
from urllib.parse import urlsplit

import msgspec

from bot.i18n.translate import mark_in
from bot.types import Reason, Subscription, Term
from extract import track
from extract.felt import FeltArea, felt_area
from extract.geo import distance_km
from extract.kinds import packaged_kinds
from extract.places.containment import Contains, Held
from extract.text.normalise import strip_accents
from extract.types import Action, ArticleRef, Certainty, Change, Frozen, Incident, Place, Precision, Severity

# the reason of a change that undoes a retraction
RESTORED = "restored"
_NOTICES = frozenset({track.CORRECTED, track.DENIED, track.TAKEN_BACK})
# told to every chat that has the card, whatever it asks for now: it saw what no longer stands
_TOLD_AGAIN = _NOTICES | {RESTORED}
PAUSED = Reason(mark_in("reason", "paused"))
# distances below this are said to the kilometre
EXACT_KM = 20
POINTS = frozenset({Precision.SITE, Precision.CITY, Precision.DISTRICT})
NO_POINT = {
    Precision.PROVINCE: mark_in("reason", "only the province is known, no point to measure from"),
    Precision.COUNTRY: mark_in("reason", "only the country is known, no point to measure from"),
}
BELOW = {
    "severity": mark_in("reason", "severity {value} is below {least}"),
    "certainty": mark_in("reason", "certainty {value} is below {least}"),
}
# the texts of an incident's articles
Texts = Callable[[Incident], Iterable[str]]
# latitude, longitude and radius in km of a circle -> a town of each division that it reaches
Reached = Callable[[float, float, float], Iterable[Place]]


def reaches_nothing(_lat: float, _lon: float, _km: float) -> Iterable[Place]:
    """A ``Reached`` that knows no town: a country or division is then felt in only if it holds the epicentre."""
    return ()


class Match(Frozen, frozen=True):
    """Does a subscription ask for an incident? ``why`` names the filter that decided."""

    yes: bool
    why: Reason


class Routing(Frozen, frozen=True):
    """What one chat gets of one change; ``action`` None: nothing."""

    action: Action | None
    silent: bool
    why: Reason


class ChatState(Frozen, frozen=True, kw_only=True):
    """A chat's relation to an incident: has it a card, has it muted it, did its filter match the version before?

    ``acknowledged``: somebody there has acknowledged the incident, and it hasn't become more severe since.
    """

    has_card: bool
    muted: bool = False
    acknowledged: bool = False
    matched_before: bool = True


def route(
    change: Change, incident: Incident, wanted: Match, situation: ChatState, *, loud: Severity = Severity.SEVERE
) -> Routing:
    """What a chat gets. A card is always kept up to date; replies need a filter that matches, or did before."""
    if change.action is None:
        return Routing(None, True, Reason(mark_in("reason", "nothing a reader could see")))
    rumour = incident.facts.certainty is Certainty.UNLIKELY
    silent = situation.muted or rumour or incident.facts.severity.rank < loud.rank
    if situation.has_card:
        if change.action is Action.EDIT:
            return Routing(Action.EDIT, True, Reason(mark_in("reason", "an edit of its card")))
        if change.action is Action.RETRACT or not _TOLD_AGAIN.isdisjoint(change.because):
            why = mark_in("reason", "it was told what is taken back, or no longer is")
            return Routing(change.action, situation.muted, Reason(why))
        if not wanted.yes and not situation.matched_before:
            return Routing(Action.EDIT, True, Reason(mark_in("reason", "it has a card and no longer asks for this")))
        # a chat that already has the card gets a reply to it, never a second card
        why = mark_in("reason", "acknowledged") if situation.acknowledged else mark_in("reason", "it has a card")
        why = mark_in("reason", "muted") if situation.muted else why
        return Routing(Action.REPLY, silent or situation.acknowledged, Reason(why))
    if not wanted.yes:
        return Routing(None, True, wanted.why)
    is_denied = track.DENIED in change.because
    if change.action is Action.RETRACT or is_denied or (_is_notice(change) and situation.matched_before):
        return Routing(None, True, Reason(mark_in("reason", "it was never told")))
    if change.action is Action.EDIT and situation.matched_before:
        return Routing(None, True, Reason(mark_in("reason", "no card, and the change is small")))
    return Routing(Action.NEW, silent, wanted.why)


def _is_notice(change: Change) -> bool:
    return not _NOTICES.isdisjoint(change.because)


def is_paused(subscription: Subscription, now: datetime) -> bool:
    """Is a subscription paused at this time?"""
    return subscription.paused_until is not None and now < subscription.paused_until


def unpaused(subscription: Subscription) -> Subscription:
    """The subscription as if it were not paused."""
    return msgspec.structs.replace(subscription, paused_until=None)


def matches(
    incident: Incident,
    subscription: Subscription,
    *,
    contains: Contains,
    now: datetime,
    texts: Texts = lambda _incident: (),
    reached: Reached = reaches_nothing,
) -> Match:
    """Does this subscription ask for this version of an incident? Its words are looked for in the ``texts`` too.

    A place where an earthquake was probably felt counts as one where it was.
    """
    facts = incident.facts
    if is_paused(subscription, now):
        return Match(False, PAUSED)
    if subscription.ends is not None and now >= subscription.ends:
        return Match(False, Reason(mark_in("reason", "it has ended")))
    if subscription.kinds and kinds_of(incident).isdisjoint(subscription.kinds):
        return Match(False, Reason(mark_in("reason", "kind {kind} is not among those asked for"), {"kind": facts.kind}))
    if facts.kind in subscription.without_kinds:
        return Match(False, Reason(mark_in("reason", "kind {kind} is left out"), {"kind": facts.kind}))
    if facts.severity.rank < subscription.min_severity.rank:
        return Match(False, _below("severity", facts.severity, subscription.min_severity))
    if facts.certainty.rank < subscription.min_certainty.rank:
        return Match(False, _below("certainty", facts.certainty, subscription.min_certainty))
    if incident.origins < subscription.min_origins:
        asked = {"n": incident.origins, "least": subscription.min_origins}
        return Match(False, Reason(mark_in("reason", "{n} of {least} independent sources asked for"), asked))
    if subscription.without_sources and not _has_other_source(incident, subscription.without_sources):
        return Match(False, Reason(mark_in("reason", "told by muted sources only")))
    for area in subscription.without_places:
        if facts.place is not None and is_left_out(facts.place, area, contains):
            return Match(False, Reason(mark_in("reason", "in {place}, which is left out"), {"place": area.name}))
    words = _match_words(incident, subscription, texts)
    if not words.yes:
        return words
    found = _match_place(facts.place, subscription, contains)
    felt = None if found.yes else felt_reason(incident, subscription, contains=contains, reached=reached)
    return Match(True, felt) if felt is not None else found


def felt_reason(
    incident: Incident, subscription: Subscription, *, contains: Contains, reached: Reached
) -> Reason | None:
    """How far from a subscription's place an earthquake was that was probably felt there; None for any other.

    Of a country, division or other area one that was probably felt in a part of it.
    """
    place, area = subscription.place, felt_area(incident.facts)
    if place is None or area is None:
        return None
    is_circle = subscription.km is not None  # around a point, whatever that is the middle of
    if is_circle and _km_between(area, place) > area.km:
        return None
    if not is_circle and not is_felt_in(place, area, contains=contains, reached=reached):
        return None
    if is_circle or _is_point(place):
        near = mark_in("reason", "about {n} km from {place}, probably felt there")
        return Reason(near, {"n": _about(_km_between(area, place)), "place": place.name})
    return Reason(mark_in("reason", "probably felt in parts of {place}"), {"place": place.name})


def why_felt(
    incident: Incident, asked: Iterable[Subscription], *, contains: Contains, reached: Reached
) -> Reason | None:
    """Why an earthquake concerns a chat with these subscriptions, none of whose places holds it; None if one does."""
    place, known = incident.facts.place, list(asked)
    if any(one.place is None or (place is not None and contains(one.place, place)) for one in known):
        return None
    reasons = (felt_reason(incident, one, contains=contains, reached=reached) for one in known)
    return next((one for one in reasons if one is not None), None)


def is_felt_in(place: Place, area: FeltArea, *, contains: Contains, reached: Reached) -> bool:
    """Was an earthquake probably felt in a town, by its point, or in a part of a country, division or other area?"""
    if _is_point(place):
        return _km_between(area, place) <= area.km
    return any(contains(place, town) for town in reached(area.lat, area.lon, area.km))


def _is_point(place: Place) -> bool:
    return place.precision in POINTS and place.lat is not None and place.lon is not None


def _km_between(area: FeltArea, place: Place) -> float:
    if place.lat is None or place.lon is None:
        return math.inf
    return distance_km(area.lat, area.lon, place.lat, place.lon)


def _about(km: float) -> int:
    """A distance as people say it: to ten kilometres, a short one to one."""
    return round(km) if km < EXACT_KM else 10 * round(km / 10)


def _below(what: str, value: StrEnum, least: StrEnum) -> Reason:
    return Reason(BELOW[what], {"value": Term(what, value.value), "least": Term(what, least.value)})


def is_left_out(place: Place, area: Place, contains: Contains) -> bool:
    """Is the place surely within an area that is left out? A place that is not known so exactly is not."""
    return contains(area, place) is Held.SURELY


def _has_other_source(incident: Incident, muted: tuple[str, ...]) -> bool:
    return any(not any(is_source(article, name) for name in muted) for article in incident.articles)


def is_source(article: ArticleRef, name: str) -> bool:
    """Does a typed name mean an article's source? By words of the name that people see, or by its domain."""
    host = (urlsplit(article.url).hostname or "").removeprefix("www.") if "://" in article.url else ""
    wanted = name.casefold().removeprefix("www.")
    shown = (article.source.casefold(), host)
    if any(one and (one == wanted or one.endswith("." + wanted)) for one in shown):
        return True
    squeezed = _word_key(wanted).replace(" ", "")
    labels = {label for one in shown for label in (*one.split("."), _word_key(one).replace(" ", ""))}
    return bool(squeezed) and (squeezed in labels or _word_key(wanted) in _word_key(article.source))


def kinds_of(incident: Incident) -> frozenset[str]:
    """The kinds that an incident counts as: its own, and that of its weapons."""
    weapons = {one.type for one in incident.facts.weapons if one.type is not None}
    return frozenset(packaged_kinds().counts_as(incident.facts.kind, weapons))


def _match_place(place: Place | None, subscription: Subscription, contains: Contains) -> Match:
    area = subscription.place
    if area is None:
        return Match(True, Reason(mark_in("reason", "everywhere")))
    if place is None:
        return Match(False, Reason(mark_in("reason", "place not known")))
    if subscription.km is not None:
        return _match_circle(place, area, subscription.km)
    if contains(area, place):
        return Match(True, Reason(mark_in("reason", "in {place}"), {"place": area.name}))
    if place.country is not None and area.country is not None and place.country != area.country:
        return Match(False, Reason(mark_in("reason", "not in {place}"), {"place": area.name}))
    return Match(False, Reason(mark_in("reason", "not in {place}, as far as is known"), {"place": area.name}))


def _match_circle(place: Place, centre: Place, km: float) -> Match:
    if place.precision not in POINTS:
        return Match(False, Reason(NO_POINT[place.precision]))
    distance = _distance(place, centre)
    if distance is None and _word_key(place.name) == _word_key(centre.name) and place.country == centre.country:
        return Match(True, Reason(mark_in("reason", "in {place}"), {"place": centre.name}))
    if distance is None:
        return Match(False, Reason(mark_in("reason", "no point to measure from")))
    measured: dict[str, str | float] = {"n": round(distance), "place": centre.name, "km": km}
    return Match(distance <= km, Reason(mark_in("reason", "{n} km from {place}, {km} km asked for"), measured))


def _distance(place: Place, other: Place) -> float | None:
    if place.lat is None or place.lon is None or other.lat is None or other.lon is None:
        return None
    return distance_km(place.lat, place.lon, other.lat, other.lon)


def _match_words(incident: Incident, subscription: Subscription, texts: Texts) -> Match:
    """Words that must not occur are looked for in the record and the titles only: a text mentions much beside."""
    if not subscription.words and not subscription.without:
        return Match(True, Reason(""))
    text = " ".join(_words_of(incident))
    for word in subscription.without:
        if _has_word(text, word):
            return Match(False, Reason(mark_in("reason", "holds the word “{word}”"), {"word": word}))
    if subscription.words and not _has_any(subscription.words, text, map(_word_key, texts(incident))):
        return Match(False, Reason(mark_in("reason", "holds none of the words asked for")))
    return Match(True, Reason(""))


def _words_of(incident: Incident) -> Iterable[str]:
    """The texts of a record that a subscription's words are looked for in, each as " word word "."""
    facts = incident.facts
    named = [*facts.perpetrators, *facts.targets, *facts.victims, *facts.weapons]
    texts = [incident.summary, facts.kind.replace("_", " "), *(article.title for article in incident.articles)]
    texts += [str(msgspec.structs.asdict(one)["name"]) for one in named]
    texts += [quote.quote for quotes in facts.evidence.values() for quote in quotes]
    return (_word_key(text) for text in texts)


def _has_any(words: Iterable[str], text: str, more: Iterable[str]) -> bool:
    return any(_has_word(one, word) for one in chain((text,), more) for word in words)


def _has_word(text: str, word: str) -> bool:
    """Does a word of the text begin so? "bomb" finds "bombing", "car" doesn't find "scar"."""
    return f" {_word_key(word).strip()}" in text


def _word_key(text: str) -> str:
    return " " + " ".join("".join(c if c.isalnum() else " " for c in strip_accents(text.casefold())).split()) + " "
