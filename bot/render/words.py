"""Values in words of the current language: counts, places, times, states; unknown is never shown as zero."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.i18n import translate
from bot.i18n.translate import mark, mark_in, mark_many, t, tn, tnp, tp
from bot.render.text import clean
from bot.types import Source
from extract.kinds import Kind, packaged_kinds
from extract.publishers import Publisher, StateMedia
from extract.track import SourceReliability
from extract.types import (
    ArticleRef,
    Count,
    CountState,
    Incident,
    Lifecycle,
    Place,
    Report,
    Responsibility,
    Severity,
    Status,
    TimePrecision,
    When,
)

COUNT_FIELDS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
LABELS = {
    "killed": mark_in("label", "Killed"),
    "injured": mark_in("label", "Injured"),
    "kidnapped": mark_in("label", "Kidnapped"),
    "attackers": mark_in("label", "Attackers"),
    "killed_attackers": mark_in("label", "Attackers killed"),
    "magnitude": mark_in("label", "Magnitude"),
    "kind": mark_in("label", "Kind"),
    "place": mark_in("label", "Place"),
    "when": mark_in("label", "Time"),
    "status": mark_in("label", "Status"),
    "severity": mark_in("label", "Severity"),
    "urgency": mark_in("label", "Urgency"),
    "certainty": mark_in("label", "Certainty"),
    "responsibility": mark_in("label", "Responsibility"),
    "perpetrators": mark_in("label", "Perpetrators"),
    "weapons": mark_in("label", "Means"),
    "targets": mark_in("label", "Targets"),
    "victims": mark_in("label", "Victims"),
    "stage": mark_in("label", "Stage"),
    "lifecycle": mark_in("label", "Record"),
    "denied": mark_in("label", "Denied"),
    "corrected": mark_in("label", "Corrected"),
    "taken_back": mark_in("label", "Taken back"),
    "articles": mark_in("label", "Articles"),
    "origins": mark_in("label", "Independent sources"),
    "sources": mark_in("label", "Articles"),
    "conflicts": mark_in("label", "Disagreement"),
    "first_report": mark_in("label", "First report"),
    "retracted": mark_in("label", "Taken back"),
    "restored": mark_in("label", "No longer taken back"),
    "merged": mark_in("label", "Merged with another record"),
    "split": mark_in("label", "Split from another record"),
}
STATUSES = {
    Status.ONGOING: mark_in("status", "Ongoing"),
    Status.ENDED: mark_in("status", "Over"),
    Status.FOILED: mark_in("status", "Foiled"),
    Status.UNKNOWN: "",
}
LIFECYCLES = {
    Lifecycle.NEW: mark_in("lifecycle", "first report"),
    Lifecycle.DEVELOPING: mark_in("lifecycle", "developing"),
    Lifecycle.STABLE: mark_in("lifecycle", "stable, no news since {day}"),
    Lifecycle.CLOSED: mark_in("lifecycle", "closed, no news since {day}"),
    Lifecycle.RETRACTED: "",
}
RESPONSIBILITY = {
    Responsibility.NONE_REPORTED: mark_in("responsibility", "nobody has claimed it"),
    Responsibility.SUSPECTED: mark_in("responsibility", "suspected"),
    Responsibility.CLAIMED: mark_in("responsibility", "claimed"),
    Responsibility.CONFIRMED: mark_in("responsibility", "confirmed"),
    Responsibility.DENIED: mark_in("responsibility", "denied"),
    Responsibility.COMPETING: mark_in("responsibility", "competing claims"),
}
NOWHERE = mark("place not known")
# countries whose towns are told apart by their state
WITH_PROVINCE = frozenset({"US"})
# the name of a subscription's area around a shared location
SHARED_PLACE = mark("the place you shared")
LIKELIHOODS = (
    (0.95, mark_in("likelihood", "almost certain")),
    (0.80, mark_in("likelihood", "very likely")),
    (0.55, mark_in("likelihood", "likely")),
    (0.45, mark_in("likelihood", "roughly even chance")),
    (0.20, mark_in("likelihood", "unlikely")),
    (0.05, mark_in("likelihood", "very unlikely")),
    (0.0, mark_in("likelihood", "almost no chance")),
)


STATE_MEDIA = {
    StateMedia.YES: mark_in("outlet", "state media"),
    StateMedia.PUBLIC_SERVICE: mark_in("outlet", "public-service media"),
    StateMedia.NO: "",
    StateMedia.UNKNOWN: "",
}
CASUALTIES = {
    "killed": mark_many("people", "{n} killed", "{n} killed"),
    "injured": mark_many("people", "{n} injured", "{n} injured"),
    "kidnapped": mark_many("people", "{n} kidnapped", "{n} kidnapped"),
}
# values of the vocabularies in ``extract.types`` (CAP, MUC-4 and our own), marked for the catalogues
VALUES = (
    mark_in("severity", "extreme"),
    mark_in("severity", "severe"),
    mark_in("severity", "moderate"),
    mark_in("severity", "minor"),
    mark_in("severity", "unknown"),
    mark_in("certainty", "observed"),
    mark_in("certainty", "likely"),
    mark_in("certainty", "possible"),
    mark_in("certainty", "unlikely"),
    mark_in("certainty", "unknown"),
    mark_in("stage", "accomplished"),
    mark_in("stage", "attempted"),
    mark_in("stage", "threatened"),
    mark_in("status", "ongoing"),
    mark_in("status", "ended"),
    mark_in("status", "foiled"),
    mark_in("status", "unknown"),
    mark_in("responsibility", "none reported"),
    mark_in("responsibility", "not mentioned"),
    mark_in("responsibility", "competing"),
    mark_in("action", "new"),
    mark_in("action", "reply"),
    mark_in("action", "edit"),
    mark_in("action", "retract"),
    mark_in("decision", "new"),
    mark_in("decision", "merge"),
    mark_in("decision", "drop"),
)


@dataclass(frozen=True)
class Names:
    """The names of kinds, countries and places: ``kinds`` by slug, ``country``: ISO code -> English name."""

    kinds: Mapping[str, Kind]
    country: Callable[[str], str | None]

    def kind(self, slug: str) -> str:
        """The name of a kind."""
        known = self.kinds.get(slug)
        return tp("kind", known.label) if known else slug.replace("_", " ")

    def group(self, slugs: Collection[str]) -> str:
        """The name of the group of kinds that these are, or of the kind that holds them; empty if they are none."""
        known = packaged_kinds()
        name = known.named(slugs) if len(slugs) > 1 else ""
        if not name:
            return ""
        return tp("kinds", known.wide[name].label if name in known.wide else known[name].plural)

    def country_name(self, code: str | None) -> str:
        """The name of a country in the current language, the code if it has none; empty for no code."""
        if not code:
            return ""
        translated = None if translate.current().language.is_source else translate.country(code)
        return translated or self.country(code) or code

    def place(self, place: Place | None) -> str:
        """A place with its country: "Karachi, Pakistan"; with its state where towns share names: "Salem, Oregon, …"."""
        if place is None:
            return t(NOWHERE)
        if place.country in WITH_PROVINCE:
            return self.long_place(place)
        country = "" if _names_country(place, self.country) else self.country_name(place.country)
        return _joined_places(_place_name(place), country)

    def long_place(self, place: Place) -> str:
        """A place with its province: "Gainesville, Florida, United States"."""
        country = "" if _names_country(place, self.country) else self.country_name(place.country)
        return _joined_places(_place_name(place), clean(place.admin1 or "", 80), country)

    def typed(self, place: Place) -> str:
        """A place as it can be typed in a command, in any language: the names of the gazetteer, which are English."""
        country = (self.country(place.country) or place.country) if place.country else ""
        return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1 or "", country) if part))


def _names_country(place: Place, country: Callable[[str], str | None]) -> bool:
    """Is the place an area whose name has its country's in it, as "Northern Nigeria"?"""
    name = country(place.country) if place.country and place.precision.is_area and place.geonameid is None else None
    return name is not None and place.name != name and name in place.name


def label(field: str) -> str:
    """The name of a field, with a capital letter."""
    known = LABELS.get(field)
    return tp("label", known) if known else field.replace("_", " ").capitalize()


def in_line(field: str) -> str:
    """The name of a field within a sentence."""
    return label(field).lower()


def count(value: Count) -> str:
    """A count of people: "at least 4", "8 to 10", "none", "not yet known"; empty if no article mentions it."""
    if value.state is CountState.NOT_YET_KNOWN:
        return tp("number", "not yet known")
    if value.state is CountState.NONE:
        return tp("number", "none")
    if value.state is CountState.NOT_MENTIONED or (value.low is None and value.high is None):
        return ""
    return interval(value.low, value.high)


def likelihood(probability: float) -> str:
    """A probability in the terms of Intelligence Community Directive 203, table of likelihoods."""
    return tp("likelihood", next(term for least, term in LIKELIHOODS if probability >= least))


def interval(low: int | None, high: int | None) -> str:
    """A number between two bounds: "4", "at least 4", "at most 7", "8 to 10"; None is an open bound."""
    if high is None:
        return t("at least {n}", n=low or 0)
    if low is None:
        return t("at most {n}", n=high)
    return translate.number(low) if low == high else t("{low} to {high}", low=low, high=high)


day = translate.day
clock = translate.clock


def days(first: date, last: date) -> str:
    """17 Feb 2023, or 17 Feb 2023 to 19 Feb 2023."""
    return day(first) if first == last else between(first, last)


def between(first: date, last: date) -> str:
    """17 Feb 2023 to 19 Feb 2023."""
    return t("{first} to {last}", first=day(first), last=day(last))


def when(value: When | None, *, this_year: int | None = None) -> str:
    """The time of the act, as precise as it is known; empty for None. A day of ``this_year`` is given without it."""
    if value is None:
        return ""
    if value.precision is TimePrecision.YEAR:
        return str(value.first_day.year)
    if value.precision is TimePrecision.MONTH:
        return translate.month(value.first_day)
    written = translate.day_of_year if value.last_day.year == value.first_day.year == this_year else day
    first, last = written(value.first_day), written(value.last_day)
    clock_time = value.start[11:16]
    if clock_time and value.precision is TimePrecision.HOUR:
        return t("{day}, about {time} local time", day=first, time=clock_time)
    if clock_time and value.precision is TimePrecision.MINUTE:
        return t("{day}, {time} local time", day=first, time=clock_time)
    return first if first == last else t("{first} to {last}", first=first, last=last)


def start(value: When) -> str:
    """The first day, with the time of day if ``value.start`` has one."""
    first = day(value.first_day)
    return t("{day}, {time} local time", day=first, time=value.start[11:16]) if len(value.start) >= 16 else first


def status(value: Status) -> str:
    """Is it still going on: "ongoing", "over", "foiled"; empty if that isn't known."""
    return tp("status", STATUSES[value]).lower() if STATUSES[value] else ""


def lifecycle(incident: Incident) -> str:
    """How far a record has grown, with the day of its newest report once it rests; empty of one that is taken back."""
    known = LIFECYCLES[incident.lifecycle]
    return tp("lifecycle", known, day=day(translate.local_day(incident.last_seen))) if known else ""


def severity(value: Severity) -> str:
    """The first word of a card; empty if the severity is unknown."""
    return "" if value is Severity.UNKNOWN else tp("severity", value.value).upper()


def denied(incident: Incident) -> str:
    """Who denies that it happened; empty if nobody does."""
    said = [notice for notice in incident.notices if notice.denies]
    if not said or incident.lifecycle is Lifecycle.RETRACTED:
        return ""
    by = clean(said[-1].by, 60)
    return t("denied by {name}", name=translate.isolate(by)) if by else t("denied")


def responsibility(facts: Report) -> str:
    """Who is held responsible; empty if no article mentions it."""
    known = RESPONSIBILITY.get(facts.responsibility, "")
    groups = [one for one in facts.perpetrators if one.type == "organization"]
    names = translate.joined(translate.isolate(clean(perpetrator.name, 60)) for perpetrator in groups[:4])
    if not known:
        return ""
    phrase = tp("responsibility", known)
    if facts.responsibility is Responsibility.NONE_REPORTED or not names:
        return phrase
    if facts.responsibility in (Responsibility.CLAIMED, Responsibility.DENIED):
        return t("{claimed} by {names}", claimed=phrase, names=names)
    return f"{phrase}: {names}"


def outlet(article: ArticleRef) -> str:
    """The name of an article's publisher, or else the host of its address."""
    return clean(article.source, 60) or clean(_host(article.url), 60) or t("a source")


def state_media(value: StateMedia) -> str:
    """Is an outlet state media or public-service media; empty if it is neither, or that isn't known."""
    return tp("outlet", STATE_MEDIA[value]) if STATE_MEDIA[value] else ""


def standing(source: Source | None, known: Publisher | None) -> list[str]:
    """An outlet's tier and owner, by the source that is read, else by what is known of it; and is it state media?

    An owner of the outlet's own name is not said.
    """
    tier = source.tier if source else known.tier if known else None
    family = source.family if source else known.family if known else ""
    owner = known.owner if known is not None and known.family == family else family
    if known is not None and _bare(owner) in {_bare(source.name if source else known.name), _bare(known.name)}:
        owner = ""
    return [
        *([t("tier {n}", n=tier)] if tier is not None else []),
        *([t("of {family}", family=translate.isolate(clean(owner, 60)))] if owner else []),
        *([state_media(known.state_media)] if known is not None and state_media(known.state_media) else []),
    ]


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.removeprefix("www.")
    except ValueError:
        return ""


def incidents(n: int) -> str:
    """1 incident, 2 incidents."""
    return tn("{n} incident", "{n} incidents", n)


def articles(n: int) -> str:
    """1 article, 2 articles."""
    return tn("{n} article", "{n} articles", n)


def independent(n: int) -> str:
    """1 independent source, 2 independent sources."""
    return tn("{n} independent source", "{n} independent sources", n)


def casualties(field: str, low: int | None, high: int | None) -> str:
    """ "At least 4 killed": a number of people between ``low`` and ``high``, None is an open bound."""
    return people(CASUALTIES[field], low, high)


def people(forms: tuple[str, str], low: int | None, high: int | None) -> str:
    """A number of people in marked forms of a message, with the plural form for the last number in the text."""
    return tnp("people", forms, high if high is not None else low or 0, n=interval(low, high))


def magnitude(value: float) -> str:
    """The magnitude of an earthquake: "magnitude 7.3"."""
    return t("magnitude {n}", n=translate.number(value, 1))


def sources(n: int) -> str:
    """1 source, 2 sources."""
    return tn("{n} source", "{n} sources", n)


def span(length: timedelta) -> str:
    """ "40 minutes", "5 hours", "3 days": in the largest unit that is exact enough."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return tn("{n} minute", "{n} minutes", minutes)
    hours = round(minutes / 60)
    return tn("{n} hour", "{n} hours", hours) if hours < 48 else tn("{n} day", "{n} days", round(hours / 24))


def reliability(source: SourceReliability) -> str:
    """ "Often first, 17 of 24 first numbers stood"; empty where too little is known of a source."""
    first = t("often first") if source.is_often_first else ""
    stood = tn(
        "{stood} of {n} first number stood",
        "{stood} of {n} first numbers stood",
        source.numbers_checked,
        stood=source.numbers_confirmed,
    )
    return translate.joined(part for part in (first, stood if source.has_enough_numbers else "") if part)


def _place_name(place: Place) -> str:
    return t(SHARED_PLACE) if place.name == SHARED_PLACE else clean(place.name, 80)


def _joined_places(*parts: str) -> str:
    return translate.joined(translate.isolate(part) for part in dict.fromkeys(part for part in parts if part))
