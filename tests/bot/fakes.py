"""Simple stand-ins for extraction, tracking and sending: enough to test what is around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from bot.store.subscription_columns import NO_SPOT
from bot.store.subscriptions import Asked
from extract.types import (
    Action,
    Article,
    Change,
    Codes,
    Count,
    CountState,
    CountValue,
    Decision,
    Extraction,
    FieldChange,
    Incident,
    Lifecycle,
    Member,
    News,
    Place,
    Precision,
    Report,
    SearchWindow,
    Severity,
    TimePrecision,
    When,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOLDER = "this process"
PLACES = {
    "Karachi": Place(
        name="Karachi", admin1="Sindh", country="PK", lat=24.86, lon=67.01, precision=Precision.CITY, geonameid=1174872
    ),
    "Lahore": Place(
        name="Lahore", admin1="Punjab", country="PK", lat=31.55, lon=74.34, precision=Precision.CITY, geonameid=1172451
    ),
    "Nairobi": Place(
        name="Nairobi", admin1="Nairobi", country="KE", lat=-1.28, lon=36.82, precision=Precision.CITY, geonameid=184745
    ),
}
KIND_WORDS = {"bomb": "bombing", "explosive": "bombing", "gunmen": "shooting", "quake": "earthquake"}


# what subscriptions to everywhere, of any severity and kind, are looked up by
EVERYWHERE = Asked(
    countries=(), spots=(), wide=(NO_SPOT,), box=None, kinds=("bombing",), severity=Severity.EXTREME.rank
)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def tick(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def report(
    *,
    kind: str = "bombing",
    place: Place | None = PLACES["Karachi"],
    killed: int | None = None,
    day: str = "",
    news: News = News.EVENT,
    severity: Severity = Severity.SEVERE,
) -> Report:
    """A report with only what a test cares for."""
    count = Count() if killed is None else Count(low=killed, high=killed, state=CountState.COUNTED)
    when = When(start=day, end=day, precision=TimePrecision.DAY) if day else None
    return Report(news=news, kind=kind, codes=Codes(), place=place, killed=count, when=when, severity=severity)


def extract(article: Article) -> Extraction:
    """Kind, place and number killed by plain words."""
    text = f"{article.title} {article.text}"
    kind = next((slug for word, slug in KIND_WORDS.items() if word in text.lower()), None)
    place = next((place for name, place in PLACES.items() if name in text), None)
    if kind is None:
        return Extraction(id=article.id, relevant=False)
    number = re.search(r"kills? (\d+)|(\d+) (?:people )?(?:dead|killed)", text)
    killed = int(number[1] or number[2]) if number else None
    return Extraction(id=article.id, relevant=True, reports=(report(kind=kind, place=place, killed=killed),))


def exactly(number: int) -> CountValue:
    """A number of people, as a change keeps it."""
    return CountValue(count=Count(low=number, high=number, state=CountState.COUNTED))


def search_window(report: Report, published: datetime) -> SearchWindow:
    """Same kind, a week around."""
    day = published.date()
    return SearchWindow(kinds=(report.kind,), since=day - timedelta(days=7), until=day + timedelta(days=1))


def decide(member: Member, known: Sequence[Incident]) -> Decision:
    """Same place: the same incident."""
    for incident in known:
        if incident.facts.place == member.report.place:
            return Decision(action="merge", incident=incident.id, reason="same place")
    return Decision(action="new", reason="nothing like it is known")


def fuse(members: Sequence[Member], *, id: str, before: Incident | None, now: datetime) -> Incident:
    """The newest report's facts, all articles."""
    facts = members[-1].report
    number = facts.killed.low
    return Incident(
        id=id,
        version=before.version + 1 if before else 1,
        lifecycle=Lifecycle.DEVELOPING if before else Lifecycle.NEW,
        first_seen=before.first_seen if before else now,
        last_seen=now,
        facts=facts,
        origins=len({member.article.origin for member in members}),
        articles=tuple(member.article for member in members),
        summary=f"{facts.kind}, {number} killed" if number is not None else facts.kind,
    )


def change(before: Incident | None, after: Incident, *, article: str, now: datetime) -> Change:
    """A toll that changes makes a sound, another source does not."""
    base = Change(incident=after.id, version=after.version, at=now, article=article, action=Action.NEW)
    if before is None:
        return base
    if before.facts.killed != after.facts.killed:
        old, new = (CountValue(count=one.facts.killed) for one in (before, after))
        fields = (FieldChange(field="killed", before=old, after=new),)
        return msgspec.structs.replace(base, action=Action.REPLY, because=("killed",), fields=fields)
    return msgspec.structs.replace(base, action=Action.EDIT, because=("articles",))


def origin_of(article: Article, families: Mapping[str, str]) -> str:
    """The source's family or itself."""
    return families.get(article.source, article.source)
