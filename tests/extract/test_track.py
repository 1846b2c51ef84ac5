"""Are two reports about one incident or two, and what is then known of it? Invented incidents in real places."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import news

from extract import track
from extract.lang import ENGLISH
from extract.track.feature_names import Feature, PlaceRelation, TimeRelation
from extract.track.match import decide, search_window
from extract.track.rules import rules
from extract.track.signature import AFTERMATH, SAID, UPDATE, signature, signature_parts, words_of_name
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    Change,
    Claim,
    Codes,
    Confidence,
    Conflict,
    ConflictFieldsValue,
    Count,
    CountState,
    CountValue,
    Effect,
    FieldChange,
    Incident,
    KindValue,
    Lifecycle,
    Member,
    News,
    Perpetrator,
    PerpetratorsValue,
    Place,
    PlaceValue,
    Precision,
    Quote,
    Report,
    Responsibility,
    ResponsibilityValue,
    Status,
    StatusValue,
    TimePrecision,
    TimeValue,
    Victim,
    Weapon,
    When,
)

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
MULTAN = Place(
    name="Multan", admin1="Punjab", country="PK", lat=30.197, lon=71.471, precision=Precision.CITY, geonameid=1169825
)
SUBURB = Place(
    name="Qasim Bela", admin1="Punjab", country="PK", lat=30.22, lon=71.41, precision=Precision.CITY, geonameid=1
)
LAHORE = Place(
    name="Lahore", admin1="Punjab", country="PK", lat=31.558, lon=74.351, precision=Precision.CITY, geonameid=1172451
)
KARACHI = Place(
    name="Karachi", admin1="Sindh", country="PK", lat=24.86, lon=67.01, precision=Precision.CITY, geonameid=1174872
)
PUNJAB = Place(
    name="Punjab", admin1="Punjab", country="PK", lat=31.0, lon=72.5, precision=Precision.PROVINCE, geonameid=1167710
)
MERIDA_MX = Place(
    name="Mérida", admin1="Yucatán", country="MX", lat=20.97, lon=-89.62, precision=Precision.CITY, geonameid=3523349
)
MERIDA_ES = Place(
    name="Mérida", admin1="Extremadura", country="ES", lat=38.92, lon=-6.34, precision=Precision.CITY, geonameid=2513917
)
TERMINAL = ("^qasim", "^rahimi", "bag", "bus", "counter", "rescue", "terminal", "ticket", "waiting", "windows")
MARKET = ("^danish", "^sabir", "bazaar", "fruit", "motorcycle", "shop", "stall", "trader", "vendor", "wall")


# the evidence of a text that gives the time
DATED = {"when": (Quote(where="text", start=0, end=7, quote="Tuesday"),)}
# texts that share five rare names
NAMED = ("^adeel", "^gulgasht", "^imtiaz", "^qasim", "^rahimi", "bag", "bus", "counter", "terminal", "ticket")


def at_least(low: int) -> Count:
    return Count(low=low, high=None, state=CountState.COUNTED)


def exactly(number: int) -> Count:
    return Count(low=number, high=number, state=CountState.COUNTED)


def day(number: int, *, month: int = 3, year: int = 2025) -> When:
    text = date(year, month, number).isoformat()
    return When(start=text, end=text, precision=TimePrecision.DAY)


def quote(text: str = "killed") -> Quote:
    return Quote(where="text", start=0, end=len(text), quote=text)


def report(**fields: Any) -> Report:
    """A bombing at a bus terminal in Multan on 4 March 2025, as one article tells it."""
    known: dict[str, Any] = {
        "news": News.EVENT,
        "kind": "bombing",
        "codes": Codes(),
        "place": MULTAN,
        "when": day(4),
        "probability": 0.9,
        "words": TERMINAL,
    }
    known |= fields
    return Report(**(known | {"words": tuple(sorted(known["words"]))}))


def member(id: str = "a1", *, hours: float = 0.0, origin: str = "", **fields: Any) -> Member:
    """A report in an article published ``hours`` after noon on 4 March 2025."""
    ref = ArticleRef(id=id, source=f"{id}.example", published=NOON + timedelta(hours=hours), origin=origin or id)
    return Member(article=ref, report=report(**fields))


def titled(one: Member, title: str) -> Member:
    return msgspec.structs.replace(one, article=msgspec.structs.replace(one.article, title=title))


def incident(*members: Member, before: Incident | None = None) -> Incident:
    latest = max((m.article.published for m in members if m.article.published), default=NOON)
    return track.fuse(members, id="inc1", before=before, now=latest)


def joins(known: Member, new: Member) -> bool:
    return decide(new, [incident(known)]).action == "merge"


def step(known: list[Member], new: Member) -> Change:
    """The change that the last of several members makes."""
    before = incident(*known)
    after = incident(*known, new, before=before)
    return track.change(before, after, article=new.article.id, now=new.article.published or NOON)


class Stream:
    """Reports one after the other, with every known incident as a candidate."""

    def __init__(self) -> None:
        self.members: dict[str, list[Member]] = {}
        self.incidents: dict[str, Incident] = {}
        self.changes: list[Change] = []

    def add(self, new: Member) -> None:
        found = decide(new, list(self.incidents.values())).incident
        home = found or f"inc{len(self.incidents)}"
        before = self.incidents.get(home)
        self.members.setdefault(home, []).append(new)
        now = new.article.published or NOON
        after = track.fuse(self.members[home], id=home, before=before, now=now)
        self.incidents[home] = after
        self.changes.append(track.change(before, after, article=new.article.id, now=now))


class TestMatching:
    def test_second_outlet_joins(self) -> None:
        assert joins(member("a", killed=at_least(6)), member("b", hours=2, killed=exactly(6)))

    def test_same_city_and_day_with_other_means_and_numbers_is_another_incident(self) -> None:
        shooting = member(
            "b",
            kind="armed_assault",
            killed=exactly(2),
            weapons=(Weapon(name="rifles", type="firearms"),),
            words=MARKET,
        )
        bombing = member("a", killed=exactly(9), weapons=(Weapon(name="bomb", type="explosives"),))
        assert not joins(bombing, shooting)

    def test_shooting_is_not_merged_into_bombing(self) -> None:
        assert not joins(member("a", killed=exactly(9)), member("b", kind="shooting", killed=exactly(2), words=MARKET))

    @pytest.mark.parametrize(
        "other",
        [
            {"place": MERIDA_ES},
            {"place": msgspec.structs.replace(MERIDA_MX, name="Cancún", lat=21.17, lon=-86.85, geonameid=3531673)},
            {"when": day(9)},
            {"when": day(4, year=2015)},
        ],
        ids=["another country", "another city", "another day", "ten years off"],
    )
    def test_same_wording_never_outweighs_another_place_or_day(self, other: dict[str, Any]) -> None:
        known = member("a", place=MERIDA_MX, killed=exactly(12))
        if "place" in other and other["place"].name == "Cancún":
            known = member("a", place=MERIDA_MX, killed=exactly(12), words=("bag", "bus", "terminal"))
            other = other | {"words": ("bag", "bus", "terminal")}
        assert not joins(known, member("b", **({"place": MERIDA_MX, "killed": exactly(12)} | other)))

    def test_a_follow_up_ten_years_off_never_joins(self) -> None:
        late = member("b", news=News.FOLLOW_UP, when=day(4, year=2015), words=(*TERMINAL, AFTERMATH))
        assert not joins(member("a"), late)

    def test_province_can_contain_the_city(self) -> None:
        assert joins(member("a", killed=exactly(9)), member("b", place=PUNJAB, killed=exactly(9)))

    def test_city_twenty_hours_by_road_in_another_province_never_joins(self) -> None:
        assert not joins(member("a", killed=exactly(9)), member("b", place=KARACHI, killed=exactly(9)))

    def test_explosion_that_becomes_a_bombing_joins(self) -> None:
        assert joins(member("a", kind="explosion"), member("b", kind="bombing", killed=exactly(6)))

    def test_follow_up_joins_weeks_later(self) -> None:
        victim = (Victim(name="Qasim Rahimi", effect=Effect.KILLED),)
        funeral = member(
            "b", hours=21 * 24, news=News.FOLLOW_UP, when=day(24), victims=victim, words=(*TERMINAL, AFTERMATH)
        )
        assert joins(member("a", victims=victim, killed=exactly(1)), funeral)

    def test_follow_up_looks_for_its_incident_weeks_back(self) -> None:
        window = search_window(report(news=News.FOLLOW_UP, when=None), NOON + timedelta(days=30))
        assert window.since <= date(2025, 3, 4) <= window.until

    def test_without_place_and_time_similarity_never_merges(self) -> None:
        nowhere: dict[str, Any] = {"place": None, "when": None}
        assert not joins(member("a", **nowhere), member("b", **nowhere))
        assert not joins(member("a"), member("b", hours=1, **nowhere, words=("bag", "bus", "counter", "terminal")))

    def test_two_single_victims_with_different_names_are_two_incidents(self) -> None:
        one = member("a", killed=exactly(1), victims=(Victim(name="Qasim Rahimi", effect=Effect.KILLED),))
        two = member("b", killed=exactly(1), victims=(Victim(name="Danish Sabir", effect=Effect.KILLED),), words=MARKET)
        assert not joins(one, two)

    def test_an_improbable_report_joins_a_known_incident_but_starts_none(self) -> None:
        doubtful = member("b", hours=1, probability=0.4)
        assert decide(doubtful, []).action == "drop"
        assert decide(doubtful, [incident(member("a"))]).action == "merge"

    def test_an_improbable_report_with_a_place_and_a_day_of_the_last_week_starts_an_incident(self) -> None:
        assert decide(member("a", hours=48, probability=0.55), []).action == "new"
        assert decide(member("a", hours=240, probability=0.55), []).action == "drop"
        assert decide(member("a", hours=48, probability=0.55, place=None), []).action == "drop"
        assert decide(member("a", hours=48, probability=0.55, when=None), []).action == "drop"

    def test_a_report_on_the_aftermath_that_nearly_matches_is_linked_to_the_known_incident(self) -> None:
        known = incident(member("a", killed=exactly(1), words=(*TERMINAL, "@40")))
        other = {"killed": exactly(1), "words": (AFTERMATH, "@17", "stall"), "place": SUBURB}
        aftermath = decide(member("b", hours=72, when=None, **other), [known])
        fresh = decide(member("c", hours=12, **other), [known])
        assert (aftermath.action, aftermath.aftermath_of) == ("new", "inc1")
        assert (fresh.action, fresh.aftermath_of) == ("new", None)

    @pytest.mark.parametrize("fields", [{"words": ("@17", "^danish", "stall")}, {"killed": exactly(40)}])
    def test_news_of_the_event_itself_or_of_a_higher_toll_is_no_aftermath(self, fields: dict[str, Any]) -> None:
        known = incident(member("a", killed=exactly(1), words=(*TERMINAL, "@40")))
        other = {"killed": exactly(1), "words": (AFTERMATH, "@17", "stall"), "place": SUBURB} | fields
        decision = decide(member("b", hours=72, when=None, **other), [known])
        assert (decision.action, decision.aftermath_of) == ("new", None)

    def test_accounts_of_two_recent_days_are_two_events_however_similar(self) -> None:
        known = member("a", killed=exactly(3), evidence=DATED)
        for later in (2, 4):
            again = {"when": day(4 + later), "evidence": DATED}
            assert not joins(known, member("b", hours=24 * later, killed=exactly(3), **again))
        next_day = {"when": day(5), "evidence": DATED}
        assert not joins(known, member("b", hours=24, killed=exactly(2), **next_day))
        assert not joins(known, member("b", hours=24, killed=exactly(3), **next_day))  # published before that day began
        evening = member("a", hours=7, killed=exactly(3), evidence=DATED)
        assert joins(evening, member("b", hours=24, killed=exactly(3), **next_day))  # one night has two dates
        many = member("a", killed=exactly(12), evidence=DATED)
        assert joins(many, member("b", hours=24, killed=exactly(12), **next_day))  # no two events have such a toll

    def test_the_day_of_a_count_makes_no_second_event(self) -> None:
        known = member("a", killed=exactly(3), evidence=DATED)
        count = {"killed": exactly(9), "evidence": DATED}
        assert not joins(known, member("b", hours=48, when=day(6), **count))
        assert joins(known, member("b", hours=48, when=day(6), words=(*TERMINAL, UPDATE), **count))
        late = member("b", hours=96, when=day(8), words=(*TERMINAL, UPDATE), **count)
        assert not joins(known, late)

    def test_an_event_after_the_day_of_a_count_is_another(self) -> None:
        count = member("a", killed=exactly(9), evidence=DATED, words=(*TERMINAL, UPDATE))
        assert not joins(count, member("b", hours=48, when=day(6), killed=exactly(2), evidence=DATED))

    def test_the_day_of_a_statement_makes_no_second_event_with_as_many_dead(self) -> None:
        said = {"evidence": DATED, "words": (*TERMINAL, SAID), "when": day(6)}
        for killed, same in ((5, True), (3, False)):
            known = member("a", killed=exactly(killed), evidence=DATED)
            assert joins(known, member("b", hours=48, killed=exactly(killed), **said)) is same

    def test_a_night_after_the_first_report_was_published_is_another_event(self) -> None:
        known = member("a", hours=-8, killed=exactly(2), evidence=DATED)
        night = {"when": (Quote(where="text", start=0, end=9, quote="Overnight"),)}
        assert joins(known, member("b", hours=18, killed=exactly(2), evidence=DATED))
        assert not joins(known, member("b", hours=18, killed=exactly(2), evidence=night))

    def test_different_targets_and_tolls_are_two_events(self) -> None:
        at_market = member("a", killed=exactly(6), words=(*TERMINAL, "%where:market", "%whom:traders"))
        other = (*TERMINAL, "%where:checkpoint")
        assert not joins(at_market, member("b", hours=3, killed=exactly(3), words=other))
        assert joins(at_market, member("b", hours=3, killed=exactly(6), words=other))
        assert joins(at_market, member("b", hours=3, killed=exactly(3), words=(*other, "%where:market")))
        assert joins(at_market, member("b", hours=3, killed=exactly(7), words=(*other, UPDATE)))

    def test_the_order_of_two_reports_published_at_one_time_does_not_matter(self) -> None:
        reports = (
            {"place": None, "words": NAMED, "killed": exactly(1)},
            {"place": None, "words": NAMED, "killed": exactly(9)},
        )
        one, two = member("a", **reports[0]), member("b", kind="armed_assault", **reports[1])
        assert joins(one, two) is joins(two, one) is True
        assert not joins(two, member("a", hours=1, **reports[0]))

    def test_another_type_of_event_with_far_fewer_dead_is_another_event(self) -> None:
        blast = member("a", kind="suicide_bombing", killed=exactly(8))
        assert not joins(blast, member("b", hours=3, kind="armed_assault", killed=exactly(1)))
        assert joins(member("c", kind="explosion", killed=exactly(1)), member("b", hours=3, killed=exactly(8)))

    def test_different_ages_and_roads_are_two_events_unless_the_toll_is_rare(self) -> None:
        one, other = (*TERMINAL, "@31", "#chester street"), (*TERMINAL, "@27", "#edmondson avenue")
        for killed, same in ((1, False), (5, True)):
            known = member("a", kind="shooting", killed=exactly(killed), words=one)
            assert joins(known, member("b", kind="shooting", killed=exactly(killed), words=other)) is same

    def test_a_day_without_evidence_or_of_a_follow_up_makes_no_second_event(self) -> None:
        known = member("a", killed=exactly(3), evidence=DATED, words=NAMED)
        later = {"killed": exactly(2), "when": day(6), "words": NAMED}
        assert joins(known, member("b", hours=48, **later))
        assert joins(known, member("b", hours=48, news=News.FOLLOW_UP, evidence=DATED, **later))
        assert not joins(known, member("b", hours=48, evidence=DATED, **later))

    def test_a_kind_that_lasts_for_days_is_news_on_each(self) -> None:
        flood = {"kind": "flood", "evidence": DATED}
        assert joins(
            member("a", killed=exactly(3), **flood), member("b", hours=48, killed=exactly(5), when=day(6), **flood)
        )
        assert not joins(
            member("a", killed=exactly(30), **flood), member("b", hours=48, killed=exactly(5), when=day(6), **flood)
        )

    def test_a_shared_age_and_shared_names_make_another_day_kind_or_town_an_error(self) -> None:
        words = (*NAMED, "@9")
        known = member("a", words=words)
        for error in ({"when": day(24)}, {"kind": "drowning"}, {"place": KARACHI}):
            assert joins(known, member("b", hours=480 * ("when" in error), words=words, **error)), error
            assert not joins(known, member("b", hours=480 * ("when" in error), words=NAMED[:3], **error)), error
        assert not joins(known, member("b", words=words, place=MERIDA_MX))
        assert not joins(known, member("b", words=words, when=day(4, year=2015)))

    def test_two_differences_say_more_than_each(self) -> None:
        known = incident(member("a", words=(*TERMINAL, "@40", "#drexel")))
        both = decide(member("b", hours=1, words=(*TERMINAL, "@17", "#lombard")), [known])
        one = decide(member("b", hours=1, words=(*TERMINAL, "@17", "#drexel")), [known])
        assert "apart" in both.considered[0].parts
        assert "apart" not in one.considered[0].parts

    def test_a_street_and_one_that_it_may_cross_are_one_scene(self) -> None:
        here = incident(member("a", killed=exactly(1), words=(*TERMINAL, "#drexel")))
        assert (
            "other_road"
            not in decide(member("b", killed=exactly(1), words=(*TERMINAL, "#47th")), [here]).considered[0].parts
        )

    def test_similar_headlines_and_tolls_say_nothing_about_events_days_apart(self) -> None:
        known = incident(member("a", killed=exactly(13), when=day(4)))
        parts = decide(member("b", hours=48, killed=exactly(13), when=day(6)), [known]).considered[0].parts
        assert (parts["headline"], parts["large_toll"]) == (0, 0)

    def test_roads_that_differ_speak_against_one_incident(self) -> None:
        here = incident(member("a", killed=exactly(1), words=(*TERMINAL, "#abdali")))
        there = decide(member("b", killed=exactly(1), words=(*TERMINAL, "#bosan")), [here]).considered[0]
        same = decide(member("b", killed=exactly(1), words=(*TERMINAL, "#abdali", "#bosan")), [here]).considered[0]
        assert there.parts["other_road"] < 0
        assert "other_road" not in same.parts

    def test_equal_numbers_say_more_the_larger_they_are(self) -> None:
        few, many = (
            decide(member("b", killed=exactly(n)), [incident(member("a", killed=exactly(n)))]).considered[0].score
            for n in (1, 13)
        )
        assert many > few

    def test_a_wrong_place_of_the_country_joins_where_a_text_names_the_right_one(self) -> None:
        words = (*TERMINAL, "^multan")
        wrong_place = member("b", hours=2, place=KARACHI, killed=exactly(6), words=words)
        assert joins(member("a", killed=exactly(6), words=words), wrong_place)
        assert not joins(member("a", killed=exactly(6)), member("b", hours=2, place=KARACHI, killed=exactly(6)))

    def test_a_place_named_in_the_text_is_not_enough_to_join(self) -> None:
        other = member("b", hours=2, place=KARACHI, killed=exactly(2), words=(*MARKET, "^multan"))
        assert not joins(member("a", killed=exactly(6)), other)

    def test_equal_texts_without_time_published_months_apart_are_two_incidents(self) -> None:
        assert joins(member("a", when=None), member("b", hours=12, when=None))
        assert not joins(member("a", when=None), member("b", hours=24 * 90, when=None, words=TERMINAL[2:]))

    def test_one_text_counts_only_killed_the_other_only_injured_of_another_event(self) -> None:
        hurt = member("b", hours=3, killed=Count(), injured=exactly(4), words=MARKET)
        assert not joins(member("a", killed=exactly(1), injured=Count()), hurt)

    def test_several_incidents_known_of_one_city_and_night_make_place_and_day_say_less(self) -> None:
        words = ("bus", "counter", "terminal")
        nights = [incident(member(f"k{n}", killed=exactly(3 + n), words=MARKET)) for n in range(3)]
        nights = [msgspec.structs.replace(one, id=f"inc{n}") for n, one in enumerate(nights)]
        known = incident(member("a", words=words))
        new = member("b", hours=1, words=words[1:])
        alone = decide(new, [known]).considered[0]
        among = next(c for c in decide(new, [known, *nights]).considered if c.incident == known.id)
        assert among.score < alone.score
        assert among.parts["rivals"] < 0

    def test_two_attacks_of_one_night_in_one_city_stay_two(self) -> None:
        stream = Stream()
        for number in range(6):
            stream.add(member(f"a{number}", hours=number, killed=exactly(4), kind="shooting"))
            stream.add(member(f"b{number}", hours=number + 0.5, killed=exactly(1), kind="shooting", words=MARKET))
        assert [len(members) for members in stream.members.values()] == [6, 6]

    @pytest.mark.parametrize(
        "odd",
        [
            {"place": None, "when": None},
            {"when": day(4, year=2015)},
            {"place": MERIDA_ES},
            {"place": msgspec.structs.replace(MULTAN, country="NZ", lat=-41.3, lon=174.8, geonameid=1)},
        ],
        ids=["neither place nor time", "ten years off", "another country", "the other end of the world"],
    )
    def test_an_equal_text_on_another_place_or_time_is_another_incident(self, odd: dict[str, Any]) -> None:
        known = [incident(member("a", killed=exactly(6)))]
        assert decide(member("b", hours=1, killed=exactly(6), **odd), known).action == "new"

    def test_near_copies_join(self) -> None:
        assert joins(member("a", killed=exactly(6)), member("b", hours=30, killed=exactly(6), words=TERMINAL[:-1]))

    def test_decision_gives_the_reason_that_forbids_a_match(self) -> None:
        decision = decide(member("b", place=MERIDA_ES), [incident(member("a", place=MERIDA_MX))])
        assert decision.considered[0].vetoes == ("another country",)


def test_each_weight_is_that_of_a_feature_and_each_feature_has_one() -> None:
    names = (*PlaceRelation, *TimeRelation, *Feature)
    assert {*rules("match")["weights"], *rules("match")["items"]["weights"]} == {name.value for name in names}


class TestFusing:
    def test_exact_number_makes_at_least_precise(self) -> None:
        fused = incident(member("a", killed=at_least(6)), member("b", hours=1, killed=exactly(6)))
        assert fused.facts.killed == exactly(6)

    def test_number_follows_not_yet_known(self) -> None:
        unknown = Count(state=CountState.NOT_YET_KNOWN)
        fused = incident(member("a", killed=unknown), member("b", hours=1, killed=exactly(6)))
        assert fused.facts.killed == exactly(6)

    def test_correction_lowers_the_toll_and_is_no_conflict(self) -> None:
        claim = Claim(field="killed", count=exactly(8), evidence=quote("eight"), corrects=True)
        fused = incident(
            member("a", killed=at_least(6)),
            member("b", hours=1, killed=exactly(9)),
            member("c", hours=1.5, killed=exactly(9)),
            member("d", hours=2, killed=exactly(8), claims=(claim,)),
        )
        assert fused.facts.killed == exactly(8)
        assert fused.conflicts == ()

    def test_single_lower_number_does_not_lower_the_toll(self) -> None:
        fused = incident(
            member("a", killed=exactly(9)),
            member("b", hours=1, killed=exactly(9)),
            member("c", hours=2, killed=exactly(4)),
        )
        assert fused.facts.killed == exactly(9)

    def test_only_numbers_that_contradict_each_other_are_in_conflict(self) -> None:
        fused = incident(
            member("a", killed=at_least(6)),
            member("b", hours=1, killed=exactly(9)),
            member("c", hours=2, killed=exactly(8)),
        )
        assert [(v.low, v.high) for v in fused.conflicts[0].values] == [(9, 9), (8, 8)]

    def test_rising_toll_is_no_conflict(self) -> None:
        fused = incident(member("a", killed=exactly(6)), member("b", hours=3, killed=exactly(9)))
        assert fused.conflicts == ()

    def test_ranges_of_attackers_that_exclude_each_other_are_in_conflict(self) -> None:
        several = Count(low=8, high=10, state=CountState.COUNTED)
        fused = incident(member("a", attackers=several), member("b", hours=1, attackers=exactly(3)))
        assert [c.field for c in fused.conflicts] == ["attackers"]

    def test_ten_reprints_of_one_wire_are_one_origin(self) -> None:
        text = "MULTAN, Pakistan (Reuters) - A bomb killed six people at a bus terminal, police said."
        articles = [Article(id=f"r{i}", text=text, source=f"paper{i}.example") for i in range(10)]
        reprints = [member(a.id, origin=track.origin_of(a, {}), killed=exactly(6)) for a in articles]
        assert incident(*reprints).origins == 1

    def test_last_member_gone_retracts(self) -> None:
        before = incident(member())
        assert track.fuse([], id="inc1", before=before, now=NOON).lifecycle is Lifecycle.RETRACTED


def landmark(name: str) -> Place:
    """A landmark in Karachi, which has the town's number."""
    return msgspec.structs.replace(KARACHI, name=name, precision=Precision.SITE)


class TestLandmarks:
    def test_of_a_town_and_the_one_landmark_in_it_the_landmark_is_the_place(self) -> None:
        told = [member("a", place=landmark("Frere Hall")), member("b", place=KARACHI), member("c", place=KARACHI)]
        assert incident(*told).facts.place == landmark("Frere Hall")

    def test_of_two_landmarks_neither_is_sure(self) -> None:
        halls = [member("a", place=landmark("Frere Hall")), member("b", place=landmark("Empress Market"))]
        place = incident(*halls, member("c", place=KARACHI), member("d", place=KARACHI)).facts.place
        assert place == KARACHI


class TestOrigins:
    @pytest.mark.parametrize(
        "text", ["(Meridian Wire) A bomb killed six.", "Six died, Meridian Wire reported on Monday."]
    )
    def test_credit_of_a_known_source_is_its_origin(self, text: str) -> None:
        families = {"Meridian Wire": "meridian"}
        assert track.origin_of(Article(id="x", text=text, source="lowland.example"), families) == "meridian"

    def test_wire_said_to_report_is_the_origin(self) -> None:
        article = Article(id="x", text="Six people died, Reuters reported that evening.", source="lowland.example")
        assert track.origin_of(article, {}) == "reuters"

    def test_without_credit_the_publisher_counts(self) -> None:
        assert (
            track.origin_of(Article(id="x", text="Six people died.", source="www.lowland.example"), {})
            == "lowland.example"
        )


class TestChanges:
    def test_rising_toll_is_a_reply(self) -> None:
        change = step([member("a", killed=exactly(6))], member("b", hours=2, killed=exactly(9)))
        assert change.action is Action.REPLY
        assert "killed" in change.because

    def test_a_change_has_the_values_of_each_field_as_data(self) -> None:
        group = Perpetrator(name="Lantern Brigade", type="organization", confidence=Confidence.CLAIMED_OR_ADMITTED)
        before = incident(member("a", place=PUNJAB, when=None, killed=Count(low=0, high=0, state=CountState.NONE)))
        facts = msgspec.structs.replace(
            before.facts,
            kind="explosion",
            place=MULTAN,
            when=day(4),
            killed=at_least(6),
            perpetrators=(group,),
            responsibility=Responsibility.CLAIMED,
            status=Status.ENDED,
        )
        conflict = Conflict(field="killed", values=())
        after = msgspec.structs.replace(before, facts=facts, conflicts=(conflict,), articles=before.articles * 2)
        changed = track.change(before, after, article="b", now=NOON).fields
        assert changed == (
            FieldChange(field="kind", before=KindValue(slug="bombing"), after=KindValue(slug="explosion")),
            FieldChange(field="place", before=PlaceValue(place=PUNJAB), after=PlaceValue(place=MULTAN)),
            FieldChange(field="when", before=None, after=TimeValue(when=day(4))),
            FieldChange(
                field="killed",
                before=CountValue(count=Count(state=CountState.NONE)),
                after=CountValue(count=at_least(6)),
            ),
            FieldChange(
                field="responsibility", before=None, after=ResponsibilityValue(responsibility=Responsibility.CLAIMED)
            ),
            FieldChange(field="perpetrators", before=None, after=PerpetratorsValue(names=("Lantern Brigade",))),
            FieldChange(
                field="status", before=StatusValue(status=Status.UNKNOWN), after=StatusValue(status=Status.ENDED)
            ),
            FieldChange(field="conflicts", before=None, after=ConflictFieldsValue(fields=("killed",))),
            FieldChange(field="sources", before=1, after=2),
        )
        assert msgspec.json.decode(msgspec.json.encode(changed), type=tuple[FieldChange, ...]) == changed

    @pytest.mark.parametrize(
        ("known", "later"),
        [
            ({"place": MULTAN}, {"place": msgspec.structs.replace(MULTAN, lat=30.2, precision=Precision.SITE)}),
            ({"when": day(4)}, {"when": When(start="2025-03-04", end="2025-03-06", precision=TimePrecision.DAY)}),
            ({"killed": Count(state=CountState.NONE)}, {"killed": Count(low=0, high=0, state=CountState.NONE)}),
        ],
    )
    def test_the_same_place_name_first_day_or_count_is_no_change(
        self, known: dict[str, Any], later: dict[str, Any]
    ) -> None:
        before = incident(member("a", **known))
        after = msgspec.structs.replace(before, facts=msgspec.structs.replace(before.facts, **later))
        assert track.change(before, after, article="b", now=NOON).fields == ()

    def test_explosion_that_becomes_a_bombing_is_a_reply(self) -> None:
        first = member("a", kind="explosion", probability=0.6)
        change = step([first], member("b", hours=2, kind="bombing"))
        assert change.action is Action.REPLY
        assert "kind" in change.because

    def test_claim_of_responsibility_is_a_reply(self) -> None:
        group = Perpetrator(name="Lantern Brigade", type="organization", confidence=Confidence.CLAIMED_OR_ADMITTED)
        claimed = member("b", hours=2, perpetrators=(group,), responsibility=Responsibility.CLAIMED)
        change = step([member("a")], claimed)
        assert change.action is Action.REPLY
        assert "responsibility" in change.because

    def test_one_more_source_is_a_silent_edit(self) -> None:
        change = step([member("a", killed=exactly(6))], member("b", hours=1, killed=exactly(6)))
        assert (change.action, change.because) == (Action.EDIT, ("certainty", "sources"))

    def test_third_change_within_an_hour_makes_no_sound(self) -> None:
        stream = Stream()
        for number in range(4):
            stream.add(member(f"a{number}", hours=number / 10, killed=exactly(1), injured=exactly(10 + 10 * number)))
        assert [c.action for c in stream.changes] == [Action.NEW, Action.REPLY, Action.REPLY, Action.EDIT]

    def test_more_dead_are_a_reply_beyond_the_limit(self) -> None:
        stream = Stream()
        for number in range(5):
            stream.add(member(f"a{number}", hours=number / 10, killed=exactly(2 + number)))
        assert [c.action for c in stream.changes[1:]] == [Action.REPLY] * 4

    def test_severity_that_rises_is_a_reply_beyond_the_limit(self) -> None:
        stream = Stream()
        for number, killed in enumerate((1, 2, 3, 4, 60)):
            stream.add(member(f"a{number}", hours=number / 10, killed=exactly(killed)))
        assert stream.changes[-1].action is Action.REPLY

    def test_forty_articles_on_one_attack_are_one_incident_and_hardly_more_replies_than_tolls(self) -> None:
        stream = Stream()
        for new in forty_articles():
            stream.add(new)
        assert len(stream.incidents) == 1
        assert sum(c.action is Action.REPLY for c in stream.changes) <= 6


def forty_articles() -> list[Member]:
    """Eight hours of news on one attack: the toll rises, kinds and places are more or less precise."""
    tolls = [None, 2, 4, 4, 6, 6, 6, 8, 9, 9]
    articles = []
    for number in range(40):
        toll = tolls[number // 4]
        killed = (
            Count(state=CountState.NOT_YET_KNOWN) if toll is None else at_least(toll) if number % 3 else exactly(toll)
        )
        articles.append(
            member(
                f"n{number:02}",
                hours=number / 5,
                kind="explosion" if number % 7 == 0 else "bombing",
                place=PUNJAB if number % 9 == 4 else MULTAN,
                when=None if number % 11 == 5 else day(4),
                killed=killed,
                injured=at_least(10 + number // 4),
                words=tuple(word for i, word in enumerate(TERMINAL) if (i + number) % 5),
            )
        )
    return articles


def reports_of(draw: st.DrawFn) -> Report:
    victims = draw(st.sampled_from([(), (Victim(name="Qasim Rahimi", effect=Effect.KILLED),)]))
    return report(
        kind=draw(st.sampled_from(["bombing", "explosion", "armed_assault", "shooting"])),
        news=draw(st.sampled_from(list(News))),
        place=draw(st.sampled_from([None, MULTAN, LAHORE, PUNJAB, MERIDA_MX, MERIDA_ES])),
        when=draw(st.sampled_from([None, day(1), day(3), day(4), day(20)])),
        killed=draw(st.sampled_from([Count(), exactly(1), exactly(9), at_least(6)])),
        injured=draw(st.sampled_from([Count(), exactly(22), at_least(17)])),
        victims=victims,
        words=draw(st.sampled_from([TERMINAL, MARKET, (*TERMINAL, AFTERMATH), (), NAMED, (*NAMED, "@9")])),
        evidence=draw(st.sampled_from([{}, DATED])),
    )


@st.composite
def members(draw: st.DrawFn, id: str = "") -> Member:
    name = id or draw(st.sampled_from("abcdefgh"))
    ref = ArticleRef(id=name, source=name, published=NOON + timedelta(hours=draw(st.integers(0, 60))), origin=name)
    return Member(article=ref, report=reports_of(draw))


JALALPUR = Place(
    name="Jalalpur", admin1="Punjab", country="PK", lat=30.197, lon=71.75, precision=Precision.CITY, geonameid=2
)
SPRINGFIELDS = [
    Place(name="Springfield", admin1=state, country="US", lat=lat, lon=lon, precision=Precision.CITY, geonameid=number)
    for number, (state, lat, lon) in enumerate((("Illinois", 39.8, -89.64), ("Missouri", 37.2, -93.29)))
]


class TestOtherEvents:
    """Differences between two events of one day and region."""

    COMMON = ("bomb", "market", "rescue", "stall", "terminal", "wounded")

    def test_towns_that_neither_text_names_are_two(self) -> None:
        here, there = {"words": ("^multan", *self.COMMON)}, {"words": ("^jalalpur", *self.COMMON), "place": JALALPUR}
        assert not joins(member("a", **here), member("b", hours=2, **there))
        named = {"words": ("^jalalpur", "^multan", *self.COMMON), "place": JALALPUR}
        assert joins(member("a", **here), member("b", hours=2, **named))

    def test_towns_of_one_name_are_two_where_each_text_names_its_province(self) -> None:
        one, two = (
            member(id, place=place, words=("^springfield", *words, *self.COMMON))
            for id, place, words in zip("ab", SPRINGFIELDS, (("^illinois",), ("^missouri",)), strict=True)
        )
        assert not joins(one, two)
        assert joins(one, member("b", place=SPRINGFIELDS[1], words=("^springfield", *self.COMMON)))

    def test_two_roads_without_a_name_in_common_are_two(self) -> None:
        linwood, hollywood = (
            {"words": (road, *self.COMMON), "killed": exactly(1)} for road in ("#linwood", "#hollywood")
        )
        assert not joins(member("a", **linwood), member("b", hours=2, **hollywood))
        assert joins(member("a", **linwood), member("b", hours=2, **linwood))

    def test_another_hour_and_another_age_are_another_event(self) -> None:
        morning, evening = (
            {"evidence": {"when": (quote(f"Tuesday {part}"),)}, "words": (age, *self.COMMON), "killed": exactly(1)}
            for part, age in (("morning", "@22"), ("evening", "@45"))
        )
        assert not joins(member("a", **morning), member("b", hours=2, **evening))
        assert joins(member("a", **morning), member("b", hours=2, **(evening | {"words": ("@22", *self.COMMON)})))

    def test_a_doctor_and_a_trader_shot_on_one_day_are_two(self) -> None:
        doctor, trader = (
            {"words": (f"%whom:{whom}", *self.COMMON), "killed": exactly(1)} for whom in ("doctors", "traders")
        )
        assert not joins(member("a", **doctor), member("b", hours=2, **trader))
        assert joins(member("a", **doctor), member("b", hours=2, **doctor))

    def test_what_was_published_before_an_event_is_about_another(self) -> None:
        families = member("a", news=News.FOLLOW_UP, killed=exactly(31), words=(AFTERMATH, *self.COMMON))
        fresh = {"when": day(5), "evidence": DATED, "killed": exactly(2), "words": self.COMMON}
        assert not joins(families, member("b", hours=20, **fresh))
        assert joins(families, member("b", hours=20, **(fresh | {"killed": exactly(31)})))


MUD = ("houses", "mud", "rain", "slope", "valley")


class TestLaterReports:
    def test_a_toll_update_of_unknown_kind_joins_its_event(self) -> None:
        strike = member("a", kind="shelling", killed=exactly(4))
        toll = {"kind": "homicide", "when": day(5), "killed": exactly(6), "words": (*TERMINAL, UPDATE)}
        assert joins(strike, member("b", hours=20, **toll))
        assert not joins(strike, member("b", hours=20, **(toll | {"words": TERMINAL, "killed": exactly(2)})))

    @pytest.mark.parametrize(("killed", "is_one"), [(117, True), (138, True), (40, False), (400, False)])
    def test_somewhat_more_dead_a_month_later_are_those_of_the_event(self, killed: int, is_one: bool) -> None:
        known = member("a", kind="landslide", killed=exactly(117), words=MUD)
        later = {
            "kind": "landslide",
            "when": day(4, month=4),
            "killed": exactly(killed),
            "words": (*MUD, AFTERMATH),
        }
        assert joins(known, member("b", hours=31 * 24, **later)) is is_one

    def test_a_court_that_calls_a_fire_manslaughter_is_about_the_fire(self) -> None:
        fire = member("a", kind="fire", killed=exactly(34))
        charge = {"kind": "homicide", "when": day(4, month=4), "words": (*TERMINAL, AFTERMATH)}
        assert joins(fire, member("b", hours=31 * 24, killed=exactly(34), **charge))
        assert not joins(fire, member("b", hours=31 * 24, killed=exactly(2), **charge))

    def test_of_two_days_given_equally_often_the_first_is_that_of_the_event(self) -> None:
        fused = incident(member("a", when=day(3)), member("b", when=day(4)))
        assert fused.facts.when == day(3)


class TestProperties:
    @given(members("a"), members("b"))
    @settings(max_examples=300, deadline=None)
    def test_order_of_two_reports_never_changes_the_number_of_incidents(self, one: Member, two: Member) -> None:
        known_one = track.fuse([one], id="x", before=None, now=one.article.published or NOON)
        known_two = track.fuse([two], id="x", before=None, now=two.article.published or NOON)
        assert decide(two, [known_one]).action == decide(one, [known_two]).action

    @given(st.lists(members(), min_size=1, max_size=6, unique_by=lambda m: m.article.id), st.randoms())
    @settings(max_examples=100, deadline=None)
    def test_facts_do_not_depend_on_the_order_of_members(self, given_members: list[Member], random: Any) -> None:
        shuffled = given_members.copy()
        random.shuffle(shuffled)
        assert incident(*shuffled) == incident(*given_members)

    @given(st.lists(members(), min_size=2, max_size=6, unique_by=lambda m: m.article.id))
    @settings(max_examples=100, deadline=None)
    def test_split_and_merge_restore_the_same_facts(self, given_members: list[Member]) -> None:
        before = incident(*given_members)
        split = incident(*given_members[1:], before=before)
        again = incident(*given_members[1:], given_members[0], before=split)
        assert (again.facts, again.conflicts, again.origins) == (before.facts, before.conflicts, before.origins)


def test_a_single_number_is_replaced_by_one_that_later_origins_agree_on() -> None:
    def told(number: int, origin: str, hour: int) -> Member:
        ref = ArticleRef(id=f"{origin}{hour}", origin=origin, published=NOON + timedelta(hours=hour))
        return Member(article=ref, report=report(killed=exactly(number)))

    wrong = told(10, "one", 0)
    agreed = [told(4, "two", 1), told(4, "three", 2)]
    fused = track.fuse([wrong, *agreed], id="i", before=None, now=NOON)
    assert fused.facts.killed.low == 4
    assert fused.conflicts[0].field == "killed"
    rising = [told(4, "two", 0), told(4, "three", 1), told(10, "one", 2)]
    assert track.fuse(rising, id="i", before=None, now=NOON).facts.killed.low == 10


def test_a_place_is_named_by_those_of_its_words_that_a_signature_contains() -> None:
    assert words_of_name("El-Fasher") == {"fasher"}
    assert words_of_name("N'Djamena") == {"djamena"}
    assert words_of_name("St. Louis") == {"louis"}
    told = signature(
        ENGLISH.lay_out(news("Rebels said they had shelled a market in El-Fasher on Friday, killing four.")), ENGLISH
    )
    assert words_of_name("El-Fasher") <= signature_parts(told).names | signature_parts(told).words


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("A bomb at a market in Multan killed six people on Tuesday.", {"%where:market"}),
        ("Gunmen killed two policemen in Multan on Tuesday, officials said.", {"%whom:police"}),
        ("The death toll from a bomb in Multan climbed to nine on Tuesday.", {UPDATE}),
        ("A bomb killed six people in Multan, police said on Tuesday.", {SAID}),
        ("A bomb killed six people in Multan on Monday, police said on Tuesday.", set()),
        ("A bomb killed six people in Multan on Tuesday. They were taken to a hospital, police said.", set()),
        ("Prosecutors on Tuesday named the bomber of Multan.", {AFTERMATH, SAID}),
        ("Police in Multan on Tuesday named the man.", {SAID}),
        ("The bomber of Multan was a student, officials on Tuesday said.", {SAID}),
        ("A man was shot Tuesday according to police in Multan.", set()),
        ("Multan police now say seven people, not nine, were killed.", {UPDATE}),
        ("Families wept on Tuesday, a year after a bomb killed six people in Multan.", {AFTERMATH}),
        ("An inquiry blamed the driver for the crash near Multan.", {AFTERMATH}),
        ("Gunmen shot dead a doctor near a river in Multan on Tuesday.", {"%whom:doctors"}),
        ("A cloth trader was shot dead in Multan on Tuesday.", {"%whom:traders"}),
        ("A doctor said five people were hurt in Multan on Tuesday.", set()),
    ],
)
def test_a_lead_is_marked_by_its_targets_and_by_what_its_day_is(text: str, marks: set[str]) -> None:
    assert {word for word in signature(ENGLISH.lay_out(news(text)), ENGLISH) if word[0] in "%*"} == marks


class TestCertainty:
    """How certain is an incident, by those who report it and those who deny it?"""

    DENIED = {"certainty": Certainty.UNLIKELY, "news": News.FOLLOW_UP}  # noqa: RUF012

    def test_a_second_origin_makes_it_observed(self) -> None:
        assert incident(member("a"), member("b", hours=1)).facts.certainty is Certainty.OBSERVED

    def test_a_denial_lowers_it_however_official_and_is_no_second_origin(self) -> None:
        official = Claim(field="killed", count=exactly(0), said_by="police", official=True, evidence=quote())
        denial = member("b", hours=1, claims=(official,), **self.DENIED)
        assert incident(member("a", killed=exactly(3)), denial).facts.certainty is Certainty.POSSIBLE

    def test_the_latest_word_is_a_denial_and_nobody_counts_harm(self) -> None:
        denial = member("b", hours=1, **self.DENIED)
        assert incident(member("a"), denial).facts.certainty is Certainty.UNLIKELY
        assert incident(member("a"), denial, member("c", hours=2)).facts.certainty is Certainty.POSSIBLE

    def test_chats_are_told_with_a_sound_that_it_may_not_have_happened(self) -> None:
        told = step([member("a")], member("b", hours=1, **self.DENIED))
        assert told.action is Action.REPLY and told.because == ("certainty",)

    def test_a_denial_lowers_what_two_origins_told(self) -> None:
        told = incident(member("a"), member("b"), member("c", hours=2, **self.DENIED))
        assert told.facts.certainty is Certainty.POSSIBLE

    def test_denials_alone_make_it_unlikely(self) -> None:
        assert incident(member("a", **self.DENIED)).facts.certainty is Certainty.UNLIKELY

    def test_a_doubtful_report_is_no_denial(self) -> None:
        doubtful = member("b", hours=1, probability=0.1, certainty=Certainty.UNLIKELY)
        assert incident(member("a"), doubtful).facts.certainty is Certainty.OBSERVED


class TestToldBest:
    """Which article of an incident is quoted on its card."""

    def test_the_better_tier_comes_first_then_the_most_specific_then_the_newest(self) -> None:
        plain = member("a", hours=0)
        specific = member("b", hours=1, killed=exactly(9))
        newest = member("c", hours=2, killed=exactly(9))
        assert best_of(plain, specific, newest) == "c"
        agency = msgspec.structs.replace(plain, article=msgspec.structs.replace(plain.article, tier=1))
        assert best_of(agency, specific, newest) == "a"

    def test_an_article_that_gives_another_number_than_the_record_is_less_specific(self) -> None:
        first, later = member("a", killed=exactly(9)), member("b", hours=3, killed=at_least(6))
        assert best_of(first, later) == "a"

    def test_news_of_the_act_comes_before_news_of_what_followed(self) -> None:
        act, trial = member("a"), member("b", hours=9, news=News.FOLLOW_UP, killed=exactly(9))
        assert best_of(act, trial) == "a"


def best_of(*members: Member) -> str:
    """The id of the article that tells best, of members that all have a title."""
    named = [
        msgspec.structs.replace(one, article=msgspec.structs.replace(one.article, title="Bomb in Multan"))
        for one in members
    ]
    return track.fuse(named, id="x", before=None, now=max(one.article.published or NOON for one in named)).told_best
