"""Which report do the facts make that a document states in fields?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from extract.kinds import Kinds
from extract.lexicon import shared_table
from extract.places import Gazetteer
from extract.severity import certainty_of, severity_of, urgency_of
from extract.stated.place import place_of
from extract.types import (
    Article,
    Certainty,
    Claim,
    Count,
    CountState,
    News,
    Official,
    Quote,
    Report,
    Stage,
    StatedFacts,
    Status,
    TimePrecision,
    Urgency,
    When,
)

# of a text without a title, as the quote for what it says nowhere in so many words
_OPENING_CHARS = 200


def stated_report(article: Article, kinds: Kinds, gazetteer: Gazetteer) -> Report | None:
    """The report of an article that states its facts; None if it states none, or a kind that is not known."""
    stated = article.stated
    if stated is None or stated.kind not in kinds:
        return None
    kind = kinds[stated.kind]
    found = place_of(stated, gazetteer)
    probability: float = shared_table("authorities")["report"]["probability"]
    report = Report(
        news=News.EVENT,
        kind=stated.kind,
        codes=kind.codes,
        stage=stated.stage,
        place=found.place,
        when=_when(stated, found.zone),
        magnitude=stated.magnitude,
        killed=_killed(stated),
        status=stated.status,
        urgency=stated.urgency if stated.urgency is not Urgency.UNKNOWN else urgency_of(kind, stated.status),
        certainty=_certainty(stated, probability),
        probability=probability,
        official=Official(
            ids=stated.ids,
            at=stated.at,
            severity=stated.severity,
            level=stated.level,
            point=stated.points[0] if len(stated.points) == 1 else None,
            depth=stated.depth,
        ),
    )
    evidence = _evidence(article, stated, report)
    claims = tuple(
        Claim(field="killed", count=report.killed, official=True, evidence=quote)
        for quote in evidence.get("killed", ())
    )
    return replace(report, severity=severity_of(kind, report), evidence=evidence, claims=claims)


def _killed(stated: StatedFacts) -> Count:
    """A toll that is stated; none that is not, since an authority that counts nobody says nothing of harm."""
    if not stated.killed:
        return Count()
    return Count(low=stated.killed, high=stated.killed, state=CountState.COUNTED)


def _certainty(stated: StatedFacts, probability: float) -> Certainty:
    """As the authority says; at least possible, since an event that it warns of is not one that it denies."""
    if stated.certainty is Certainty.UNKNOWN:
        return certainty_of(probability, official=stated.stage is Stage.ACCOMPLISHED)
    return max(stated.certainty, Certainty.POSSIBLE, key=lambda one: one.rank)


def _when(stated: StatedFacts, zone: str | None) -> When | None:
    """The minute of the event, or else its days, in local time at the place; in UTC where its zone is not known."""
    if stated.at is not None:
        minute = _local(stated.at, zone).replace(tzinfo=None).isoformat(timespec="minutes")
        return When(start=minute, end=minute, precision=TimePrecision.MINUTE)
    begins = stated.begins or stated.ends
    if begins is None:
        return None
    first, last = _local(begins, zone).date(), _local(stated.ends or begins, zone).date()
    return When(start=first.isoformat(), end=max(first, last).isoformat(), precision=TimePrecision.DAY)


def _local(moment: datetime, zone: str | None) -> datetime:
    return moment.astimezone(ZoneInfo(zone) if zone else UTC)


def _evidence(article: Article, stated: StatedFacts, report: Report) -> dict[str, tuple[Quote, ...]]:
    """For each fact the words that the document gives for it, else its title."""
    fields = {
        "kind": True,
        "place": report.place is not None,
        "when": report.when is not None,
        "magnitude": report.magnitude is not None,
        "killed": bool(stated.killed),
        "status": report.status is not Status.UNKNOWN,
        "stage": report.stage is not Stage.ACCOMPLISHED,
        "official": True,
    }
    quotes = {field: _quote(article, stated.quotes.get(field, "")) for field, is_known in fields.items() if is_known}
    return {field: (quote,) for field, quote in quotes.items() if quote is not None}


def _quote(article: Article, words: str) -> Quote | None:
    """The words where they stand, in the text or the title; without them the title, else the text's opening."""
    at = article.text.find(words) if words else -1
    if at >= 0:
        return Quote(where="text", start=at, end=at + len(words), quote=words)
    at = article.title.find(words) if words else -1
    if at >= 0:
        return Quote(where="title", start=at, end=at + len(words), quote=words)
    if article.title:
        return Quote(where="title", start=0, end=len(article.title), quote=article.title)
    opening = article.text[:_OPENING_CHARS]
    return Quote(where="text", start=0, end=len(opening), quote=opening) if opening else None
