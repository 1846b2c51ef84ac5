"""Which reports does an article contain, one for each incident?"""

from __future__ import annotations

from msgspec.structs import replace

from extract.decide.casualties.choose import CasualtyCounts, choose_counts
from extract.decide.codes import codes_of
from extract.decide.denial import is_denied
from extract.decide.findings import Findings, PlaceFound, weights
from extract.decide.kind import KindChoice, choose_kind
from extract.decide.magnitude import choose_magnitude
from extract.decide.notice import NoticeFound, notice_of
from extract.decide.other_events import has_only_aggregate_counts, keep_sentences, without_other_events
from extract.decide.participants.choose import choose_participants
from extract.decide.place.as_written import as_written
from extract.decide.place.choose import choose_place
from extract.decide.relevance import is_report, news_of, probability
from extract.decide.severity import stage_and_status
from extract.decide.when import choose_when, with_local_day
from extract.kinds import Kinds
from extract.nlp.mentions import NamedMention, SpeakerKind, Talk, TimeMention
from extract.places import Gazetteer
from extract.severity import certainty_of, severity_of, urgency_of
from extract.types import Certainty, Claim, Count, Manner, News, Place, Quote, Report, Stage, Status

_MAX_ABBREVIATION = 3  # letters; a longer name in capitals is no abbreviation: "UAE"


def reports_of(found: Findings, kinds: Kinds, gazetteer: Gazetteer) -> tuple[Report, ...]:
    """The reports of an article, the main one first; several if it reports one incident after the other."""
    noticed = notice_of(found)
    if noticed is not None and noticed.notice.is_whole:
        report = report_of(found, kinds, gazetteer, is_notice=True)
        return (_with_notice(report, noticed, kinds),) if report is not None else ()
    reports = (report_of(_segment(found, n), kinds, gazetteer) for n in range(_segment_count(found)))
    main = next(reports)
    if main is not None and noticed is not None:
        main = _with_notice(main, noticed, kinds)
    if main is None and _is_roundup(found):
        main = next((r for r in reports if r is not None), None)
    if main is None:
        return ()
    return (main, *(r for r in reports if r is not None and _is_another_incident(r, main)))


def report_of(found: Findings, kinds: Kinds, gazetteer: Gazetteer, *, is_notice: bool = False) -> Report | None:
    """The incident that the findings describe; None if they describe none.

    ``is_notice``: the text takes back, corrects or denies a report. Then it is about one, however improbable an
    incident is by its words.
    """
    choice = choose_kind(found, kinds) or (_no_kind(weights("notice")["kind"]) if is_notice else None)
    if choice is None:
        return None
    whole, found = found, without_other_events(found, kinds[choice.kind])
    choice = choose_kind(found, kinds) or choice
    when = choose_when(found, choice)
    where = choose_place(found, choice, gazetteer)
    if when is None and not is_notice and has_only_aggregate_counts(whole):
        return None
    if when and where:
        when = with_local_day(found, *when, gazetteer.timezone(where[0]), where[0].country), when[1]
    p = probability(found, choice, kinds, when[0] if when else None)
    if not is_notice and not is_report(found, p):
        return None
    counted, participants = choose_counts(found, choice), choose_participants(found, choice)
    stage, status, status_cue = stage_and_status(found)
    denied = is_denied(found, choice)
    official = any(c.official for c in counted.claims) or any(
        s is not None and s.kind is SpeakerKind.OFFICIAL for s in found.speakers
    )
    magnitude = choose_magnitude(found, choice.kind)
    quotes: dict[str, tuple[Quote, ...]] = {"kind": _quotes_of(found, choice), **counted.quotes, **participants.quotes}
    quotes |= _quoted(found, when=when and when[1], place=where and where[1], status=status_cue)
    if stage is not Stage.ACCOMPLISHED and status_cue:
        quotes["stage"] = quotes["status"]
    if magnitude:
        quotes["magnitude"] = (magnitude[1],)
    report = Report(
        news=News.FOLLOW_UP if denied else news_of(found, choice, when[0] if when else None, p),
        kind=choice.kind,
        codes=codes_of(
            kinds,
            choice,
            participants,
            counted.counts,
            {m.role for m in found.office_holders if found.is_foreground(m.sentence)},
        ),
        stage=stage,
        place=_named_place(found, where, gazetteer),
        place_as_written=as_written(found, where[1], gazetteer) if where else "",
        when=when[0] if when else None,
        killed=_count(counted, "killed"),
        injured=_count(counted, "injured"),
        kidnapped=_count(counted, "kidnapped"),
        attackers=_count(counted, "attackers"),
        killed_attackers=_count(counted, "killed_attackers"),
        magnitude=magnitude[0] if magnitude else None,
        perpetrators=participants.perpetrators,
        responsibility=participants.responsibility,
        targets=participants.targets,
        victims=participants.victims,
        weapons=participants.weapons,
        status=status,
        urgency=urgency_of(kinds[choice.kind], status if stage is not Stage.ATTEMPTED else Status.FOILED),
        certainty=Certainty.UNLIKELY if denied else certainty_of(p, official=official),
        probability=round(p, 4),
        context=participants.context,
        evidence=quotes,
        claims=counted.claims,
        story=found.reading.story if found.reading is not None else b"",
    )
    return replace(report, severity=severity_of(kinds[choice.kind], report))


def _no_kind(kind: str) -> KindChoice:
    """The kind of a notice that doesn't name what happened."""
    return KindChoice(kind=kind, score=0.0, triggers=(), scores={kind: 0.0}, by_triggers=kind)


def _with_notice(report: Report, noticed: NoticeFound, kinds: Kinds) -> Report:
    """The report with its notice, and with the values that the notice gives in place of those of the text."""
    notice, values = noticed
    if notice.manner is not Manner.CORRECTION:
        report = replace(report, news=News.FOLLOW_UP)
    evidence = report.evidence | {"notice": (notice.quote,)}
    if notice.denies:
        return replace(report, notice=notice, certainty=Certainty.UNLIKELY, evidence=evidence)
    if values is None:
        return replace(report, notice=notice, evidence=evidence)
    claims = report.claims
    for field, (count, quote) in values.counts.items():
        evidence[field] = (quote,)
        claims = (*(c for c in claims if c.field != field), Claim(field=field, count=count, evidence=quote))
    if values.place is not None:
        report = replace(report, place=values.place.resolved.place)
        evidence["place"] = (values.place_quote,) if values.place_quote else ()
    report = replace(
        report,
        notice=notice,
        kind=values.kind or report.kind,
        evidence=evidence,
        claims=claims,
        **{field: count for field, (count, _) in values.counts.items()},
    )
    return replace(report, severity=severity_of(kinds[report.kind], report))


def _quoted(
    found: Findings, **mentions: TimeMention | PlaceFound | NamedMention | None
) -> dict[str, tuple[Quote, ...]]:
    """The slice of text of each mention, by the field that it gives; without the fields that have none."""
    return {field: (found.layout.quote(m.start, m.end),) for field, m in mentions.items() if m is not None}


def _named_place(found: Findings, where: tuple[Place, PlaceFound] | None, gazetteer: Gazetteer) -> Place | None:
    """The place under the article's name for it, in an article in English; else under that of the gazetteer."""
    if where is None or found.language.shares_encoder:
        return where and where[0]
    return _with_name_in_text(*where, gazetteer)


def _with_name_in_text(place: Place, found: PlaceFound, gazetteer: Gazetteer) -> Place:
    """The place under the name that the article uses, the capitals of a dateline in ordinary case.

    The gazetteer's name is kept instead of a short name ("Philly", "D.C.", "Mo.").
    """
    name = found.resolved.name
    if name in gazetteer.short_names:
        return place
    if name.isupper() and len(name) > _MAX_ABBREVIATION:
        name = place.name if place.name.casefold() == name.casefold() and not place.name.isupper() else name.title()
    return replace(place, name=name)


def _count(counted: CasualtyCounts, field: str) -> Count:
    return counted.counts.get(field, Count())


def _quotes_of(found: Findings, choice: KindChoice) -> tuple[Quote, ...]:
    """The triggers of the chosen kind that count most, at most three; the title where the encoder alone gives it."""
    if not choice.triggers:
        return (found.layout.quote(0, found.layout.title_chars),)
    best = sorted(choice.triggers, key=lambda t: (-found.weight(t.sentence), not t.strong, t.start))
    return tuple(found.layout.quote(t.start, t.end) for t in best[:3])


# ------------------------------------------------------------------ several incidents in one article


def _segment_count(found: Findings) -> int:
    return 1 + max((s.segment for s in found.sentences), default=0)


def _segment(found: Findings, segment: int) -> Findings:
    """The findings about one of the incidents; those of the first one include the title's, unless in a roundup."""
    if _segment_count(found) == 1:
        return found
    titles = {i for i, s in enumerate(found.sentences) if s.is_title and not _is_roundup(found)}
    keep = {i for i, s in enumerate(found.sentences) if s.segment == segment and not s.is_title}
    keep |= titles if segment == 0 else set()
    if any(Talk.ANOTHER in found.sentences[i].flags for i in titles):  # "three killed in separate attacks"
        found = replace(found, counts=tuple(m for m in found.counts if m.sentence not in titles))
    if segment:  # the encoder reads the title and the first of the incidents
        found = replace(found, reading=None)
    return keep_sentences(found, keep)


def _is_roundup(found: Findings) -> bool:
    """Is it a roundup: several incidents under one title?"""
    return any(Talk.ROUNDUP in s.flags for s in found.sentences)


def _is_another_incident(report: Report, main: Report) -> bool:
    """Is the report of a later segment about another incident: does it have a place, and another kind or place?"""
    if report.place is None:
        return False
    return report.kind != main.kind or main.place is None or report.place.geonameid != main.place.geonameid
