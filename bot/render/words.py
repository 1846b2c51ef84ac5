"""How values read: numbers with what isn't known, places, days, states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from bot.render.text import clean
from extract.kinds import Kind
from extract.types import (
    ArticleRef,
    Count,
    CountState,
    Place,
    Precision,
    Report,
    Responsibility,
    Severity,
    Status,
    TimePrecision,
    When,
)

COUNT_FIELDS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
LABELS = {
    "killed": "Killed",
    "injured": "Injured",
    "kidnapped": "Kidnapped",
    "attackers": "Attackers",
    "killed_attackers": "Attackers killed",
    "kind": "Kind",
    "place": "Place",
    "when": "Time",
    "status": "Status",
    "severity": "Severity",
    "urgency": "Urgency",
    "certainty": "Certainty",
    "responsibility": "Responsibility",
    "perpetrators": "Perpetrators",
    "weapons": "Means",
    "targets": "Targets",
    "victims": "Victims",
    "stage": "Stage",
    "lifecycle": "Record",
    "articles": "Sources",
    "origins": "Independent sources",
    "sources": "Sources",
    "conflicts": "Disagreement",
    "first_report": "First report",
    "retracted": "Taken back",
    "restored": "No longer taken back",
    "merged": "Merged with another record",
    "split": "Split from another record",
}
STATUSES = {Status.ONGOING: "Ongoing", Status.ENDED: "Over", Status.FOILED: "Foiled", Status.UNKNOWN: ""}
RESPONSIBILITY = {
    Responsibility.NONE_REPORTED: "nobody has claimed it",
    Responsibility.SUSPECTED: "suspected",
    Responsibility.CLAIMED: "claimed",
    Responsibility.CONFIRMED: "confirmed",
    Responsibility.DENIED: "denied",
    Responsibility.COMPETING: "competing claims",
}
AREA = {Precision.PROVINCE: " (somewhere in the province)", Precision.COUNTRY: " (somewhere in the country)"}
NOWHERE = "place not known"
LIKELIHOODS = (
    (0.95, "almost certain"),
    (0.80, "very likely"),
    (0.55, "likely"),
    (0.45, "roughly even chance"),
    (0.20, "unlikely"),
    (0.05, "very unlikely"),
    (0.0, "almost no chance"),
)


@dataclass(frozen=True)
class Names:
    """What slugs and codes are called: ``kinds`` by slug, ``country`` from an ISO code."""

    kinds: Mapping[str, Kind]
    country: Callable[[str], str | None]

    def kind(self, slug: str) -> str:
        """A kind as a person reads it."""
        known = self.kinds.get(slug)
        return known.label if known else slug.replace("_", " ")

    def icon(self, slug: str) -> str:
        """A kind's picture, decoration only."""
        known = self.kinds.get(slug)
        return known.icon if known else ""

    def place(self, place: Place | None) -> str:
        """A place in one line: "Karachi, Pakistan"."""
        if place is None:
            return NOWHERE
        country = (self.country(place.country) or place.country) if place.country else ""
        return ", ".join(dict.fromkeys(part for part in (clean(place.name, 80), country) if part))

    def long_place(self, place: Place) -> str:
        """A place with its province: "Gainesville, Florida, United States"."""
        country = (self.country(place.country) or place.country) if place.country else ""
        return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1 or "", country) if part))


def label(field: str) -> str:
    """What a field is called."""
    return LABELS.get(field, field.replace("_", " ").capitalize())


def count(value: Count) -> str:
    """A number as it is known: "at least 4", "8 to 10", "none", "not yet known"; empty where nobody mentions it."""
    if value.state is CountState.NOT_YET_KNOWN:
        return "not yet known"
    if value.state is CountState.NONE:
        return "none"
    if value.state is CountState.NOT_MENTIONED or (value.low is None and value.high is None):
        return ""
    return interval(value.low, value.high)


def likelihood(probability: float) -> str:
    """A probability in the words of Intelligence Community Directive 203, table of likelihoods."""
    return next(said for least, said in LIKELIHOODS if probability >= least)


def interval(low: int | None, high: int | None) -> str:
    """The bounds of a number in words."""
    if high is None:
        return f"at least {low}"
    if low is None:
        return f"at most {high}"
    return str(low) if low == high else f"{low} to {high}"


def day(value: date) -> str:
    """17 Feb 2023."""
    return f"{value.day} {value:%b %Y}"


def when(value: When | None) -> str:
    """The time of the act as finely as it is known; empty where it isn't."""
    if value is None:
        return ""
    if value.precision is TimePrecision.YEAR:
        return str(value.first_day.year)
    if value.precision is TimePrecision.MONTH:
        return f"{value.first_day:%b %Y}"
    if value.precision in (TimePrecision.HOUR, TimePrecision.MINUTE) and len(value.start) >= 16:
        return f"{day(value.first_day)}, {value.start[11:16]} local time"
    if value.first_day == value.last_day:
        return day(value.first_day)
    return f"{day(value.first_day)} to {day(value.last_day)}"


def clock(at: datetime) -> str:
    """A moment for people: 17 Feb 2023, 19:40 UTC."""
    return f"{day(at.date())}, {at.astimezone(UTC):%H:%M} UTC"


def severity(value: Severity) -> str:
    """The word that opens a card; empty where the severity isn't known."""
    return "" if value is Severity.UNKNOWN else value.value.upper()


def responsibility(facts: Report) -> str:
    """Who is said to have done it; empty where nobody says anything."""
    phrase = RESPONSIBILITY.get(facts.responsibility, "")
    groups = [one for one in facts.perpetrators if one.type == "organization"]
    names = ", ".join(clean(perpetrator.name, 60) for perpetrator in groups[:4])
    if not phrase or facts.responsibility is Responsibility.NONE_REPORTED:
        return phrase
    joint = " by " if facts.responsibility in (Responsibility.CLAIMED, Responsibility.DENIED) else ": "
    return f"{phrase}{joint}{names}" if names else phrase


def outlet(article: ArticleRef) -> str:
    """What an article's publisher is called."""
    return clean(article.source, 60) or urlsplit(article.url).netloc.removeprefix("www.") or "a source"


def plural(n: int, one: str, many: str = "") -> str:
    """1 source, 2 sources."""
    return f"{n} {one if n == 1 else many or one + 's'}"
