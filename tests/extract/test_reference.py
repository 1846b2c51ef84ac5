"""The breaking report that started the project, retold: every hard thing in it comes out right, field by field."""

from __future__ import annotations

import pytest
from samples import news

from extract import Article, Extractor, Report
from extract.types import (
    Certainty,
    Count,
    CountState,
    Precision,
    Responsibility,
    Severity,
    Stage,
    Status,
    TimePrecision,
    Urgency,
)

TEXT = """date 2024-03-15 Morning Wire

Several explosions and sustained shooting were heard as armed men attacked a police compound in Pakistan's port city Karachi.

Officers closed the main road, and troops from a paramilitary force had arrived at the scene. (Photo: B. Example / Example Pictures)

Gunfire has erupted outside of police headquarters in the largest city of southern Pakistan as security forces rushed to beat back what looked like a daring attack in the middle of Karachi.

Local media reported that there were between eight and 10 assailants. A spokesperson for the Sindh provincial government could not give details.

There was no immediate word of casualties but the city police chief confirmed that an attack was underway and said police and paramilitary troops were responding.

It wasn't clear who was behind the assault on the police headquarters, or how many assailants were involved, the police chief added.

Karachi police headquarters under attack. Police chief claimed at least six terrorists stormed into his office, shooting in all directions. More to follow pic.example/abc — Example Anchor (@exampleanchor) March 15, 2024

Residents said they also heard explosions, but it was unclear what caused the sound of the blasts.

Surge in terror attacks

No group has so far claimed the attack.

Pakistan has witnessed a surge in attacks since November, when the Pakistani Taliban ended a cease-fire with the government.

Pakistan's outlawed Tehrik-e-Taliban are a separate group but are allies of the Taliban in Afghanistan, who seized power there as the US and NATO troops withdrew.

The Taliban takeover in Afghanistan emboldened militants in Pakistan, whose leaders are hiding across the border.
"""


@pytest.fixture(scope="module")
def article() -> Article:
    return news(TEXT)


@pytest.fixture(scope="module")
def report(extractor: Extractor, article: Article) -> Report:
    extraction = extractor.extract(article)
    assert extraction.relevant
    assert len(extraction.reports) == 1
    return extraction.reports[0]


def test_kind_is_an_armed_attack_that_is_going_on(report: Report) -> None:
    assert (report.kind, report.stage, report.status) == ("armed_assault", Stage.ACCOMPLISHED, Status.ONGOING)


def test_place_is_karachi_not_afghanistan_or_the_us(report: Report) -> None:
    assert report.place is not None
    assert (report.place.name, report.place.admin1, report.place.country) == ("Karachi", "Sindh", "PK")
    assert report.place.precision in (Precision.CITY, Precision.DISTRICT, Precision.SITE)


def test_day_is_known_to_the_day(report: Report) -> None:
    assert report.when is not None
    assert (report.when.start, report.when.precision) == ("2024-03-15", TimePrecision.DAY)


def test_casualties_are_not_yet_known_and_not_zero(report: Report) -> None:
    assert report.killed == Count(state=CountState.NOT_YET_KNOWN)
    assert report.injured == Count(state=CountState.NOT_YET_KNOWN)


def test_attackers_are_the_medias_range(report: Report) -> None:
    assert report.attackers == Count(low=8, high=10, state=CountState.COUNTED)


def test_police_chiefs_number_is_kept_beside_it(report: Report) -> None:
    claims = {(c.count.low, c.count.high): c for c in report.claims if c.field == "attackers"}
    assert claims[(8, 10)].said_by == "Local media"
    assert claims[(6, None)].official


def test_nobody_claims_it_and_background_groups_stay_background(report: Report) -> None:
    assert report.responsibility is Responsibility.NONE_REPORTED
    assert report.perpetrators == ()
    assert {"Pakistani Taliban", "Tehrik-e-Taliban", "Taliban"} <= set(report.context)


def test_target_is_the_police(report: Report) -> None:
    assert {t.type for t in report.targets} == {"police"}
    assert "police headquarters" in {t.name for t in report.targets}


def test_weapons_are_firearms_and_explosives(report: Report) -> None:
    assert {w.type for w in report.weapons} == {"firearms", "explosives"}


def test_severe_immediate_observed(report: Report) -> None:
    assert (report.severity, report.urgency, report.certainty) == (
        Severity.SEVERE,
        Urgency.IMMEDIATE,
        Certainty.OBSERVED,
    )


def test_codes(report: Report) -> None:
    codes = report.codes
    assert codes.gtd == (2, 3)
    assert codes.acled == "Battles/Armed clash"
    assert codes.plover == "ASSAULT/firearms, explosives"
    assert (codes.cap, codes.muc) == ("Security", ("ATTACK",))


def test_every_fact_has_its_words(report: Report, article: Article) -> None:
    filled = (
        "kind",
        "place",
        "when",
        "killed",
        "injured",
        "attackers",
        "responsibility",
        "targets",
        "weapons",
        "status",
    )
    for field in filled:
        assert report.evidence[field], field
    for quotes in report.evidence.values():
        for quote in quotes:
            source = article.title if quote.where == "title" else article.text
            assert source[quote.start : quote.end] == quote.quote
