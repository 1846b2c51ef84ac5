"""How severe is an incident, and which rule says so? Invented incidents."""

import msgspec
import pytest

from extract.kinds import load_kinds
from extract.lexicon import shared_table
from extract.severity import Grounds, assess
from extract.types import (
    Article,
    Codes,
    Count,
    CountState,
    Effect,
    News,
    Report,
    Severity,
    Stage,
    Status,
    Target,
    Victim,
)

KINDS = load_kinds()


def facts(kind, *, killed=0, injured=0, kidnapped=0, **more) -> Report:
    """A report of a kind with these numbers of people; 0: not mentioned."""
    tolls = {"killed": killed, "injured": injured, "kidnapped": kidnapped}
    counts = {field: Count(low=n, high=n, state=CountState.COUNTED) for field, n in tolls.items() if n}
    return msgspec.structs.replace(Report(news=News.EVENT, kind=kind, codes=Codes()), **counts, **more)


def severity(kind, **known) -> str:
    return assess(KINDS[kind], facts(kind, **known)).severity.value


@pytest.mark.parametrize(
    ("kind", "known", "expected"),
    [
        ("shooting", {"killed": 1}, "moderate"),
        ("shooting", {"killed": 4}, "severe"),
        ("homicide", {"killed": 2}, "moderate"),
        ("stabbing", {"injured": 2}, "moderate"),
        ("bombing", {"killed": 8, "injured": 22}, "severe"),
        ("bombing", {"killed": 1}, "severe"),
        ("bombing", {}, "moderate"),
        ("suicide_bombing", {"killed": 27}, "extreme"),
        ("road_accident", {"killed": 3}, "moderate"),
        ("road_accident", {"killed": 9}, "severe"),
        ("road_accident", {}, "minor"),
        ("air_strike", {"killed": 2}, "moderate"),
        ("air_strike", {"killed": 6}, "severe"),
        ("flood", {"killed": 60}, "severe"),
        ("flood", {"killed": 120}, "extreme"),
        ("threat", {"killed": 1}, "moderate"),
        ("kidnapping", {"kidnapped": 1}, "moderate"),
        ("kidnapping", {"kidnapped": 30}, "severe"),
        ("chemical_attack", {"killed": 1}, "extreme"),
        ("protest", {}, "minor"),
        ("coup", {}, "extreme"),
    ],
)
def test_the_toll_is_weighed_by_what_is_usual_for_the_kind(kind, known, expected):
    assert severity(kind, **known) == expected


@pytest.mark.parametrize(
    ("magnitude", "expected"),
    [(None, "moderate"), (4.1, "minor"), (5.6, "moderate"), (7.3, "severe"), (8.1, "extreme")],
)
def test_an_earthquake_is_as_severe_as_its_magnitude_until_a_toll_is_known(magnitude, expected):
    assert severity("earthquake", magnitude=magnitude) == expected


def test_a_great_earthquake_outranks_two_stabbed_at_dinner():
    quake = assess(KINDS["earthquake"], facts("earthquake", magnitude=7.3))
    stabbing = assess(KINDS["stabbing"], facts("stabbing", injured=2))
    assert quake.severity.rank > stabbing.severity.rank
    assert (quake.grounds, quake.number, quake.steps["severe"]) == (Grounds.MAGNITUDE, 7.3, 6.5)


def test_a_magnitude_says_nothing_of_other_kinds():
    assert severity("building_collapse", magnitude=8.0) == "moderate"


def test_harm_to_journalists_and_holders_of_office_is_a_step_more_severe():
    reporter = (Victim(name="reporter", type="media", effect=Effect.KILLED),)
    found = assess(KINDS["shooting"], facts("shooting", killed=1, victims=reporter))
    assert (found.severity, found.grounds, found.hit) == (Severity.SEVERE, Grounds.KILLED, "media")
    unharmed = (Victim(name="reporter", type="media", effect=Effect.UNHARMED),)
    assert severity("shooting", killed=1, victims=unharmed) == "moderate"


def test_harm_at_a_school_is_a_step_more_severe_and_a_school_alone_is_not():
    school = (Target(name="a primary school", type="education"),)
    assert severity("stabbing", injured=2, targets=school) == "severe"
    assert severity("stabbing", targets=school) == "moderate"
    assert severity("fire", killed=1, targets=school) == "moderate"


def test_who_is_hit_makes_nothing_extreme():
    worshippers = (Target(name="a church", type="religious"),)
    assert severity("bombing", killed=8, targets=worshippers) == "severe"


@pytest.mark.parametrize(
    ("kind", "stage", "expected"),
    [
        ("suicide_bombing", Stage.ATTEMPTED, "moderate"),
        ("coup", Stage.ATTEMPTED, "severe"),
        ("robbery", Stage.ATTEMPTED, "minor"),
        ("bombing", Stage.THREATENED, "minor"),
    ],
)
def test_an_act_that_harmed_nobody_and_went_no_further_is_less_severe(kind, stage, expected):
    assert severity(kind, stage=stage) == expected


def test_an_attack_that_goes_on_is_severe_while_its_toll_is_not_known():
    assert severity("hostage_taking", status=Status.ONGOING) == "severe"
    assert severity("hostage_taking", status=Status.ENDED) == "moderate"


def test_every_kind_is_on_a_scale_that_rises():
    scales = shared_table("severity")["scales"]
    for kind in KINDS.values():
        assert kind.scale in scales, kind.slug
    order = [level.value for level in (Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)]
    for steps in (steps for scale in scales.values() for steps in scale.values()):
        known = [steps[level] for level in order if level in steps]
        assert known == sorted(known)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Magnitude 7.3 earthquake strikes off Vanuatu, tsunami warning issued", "Residents of Port Vila fled.", 7.3),
        ("Strong quake shakes Coquimbo", "A 6.1-magnitude earthquake struck Coquimbo, Chile, on Friday.", 6.1),
        ("M 5.4 - 20 km S of Ovalle, Chile", "An earthquake of magnitude 5.4 struck 20 km S of Ovalle, Chile.", 5.4),
        ("Earthquake shakes Coquimbo in Chile", "No damage was reported after the earthquake on Friday.", None),
    ],
)
def test_the_magnitude_is_read_where_the_text_gives_one(extractor, title, text, expected):
    found = extractor.extract(Article(id="q", title=title, text=text, lang="en"))
    assert [one.magnitude for one in found.reports] == [expected]
    for one in found.reports:
        assert ("magnitude" in one.evidence) is (expected is not None)
