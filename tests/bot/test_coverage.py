"""Is "none" said only where the sources that cover a place and time were read?"""

from datetime import date, timedelta

import pytest
from fakes import NOW
from talking import message, say_to

from bot.questions import answer, coverage
from bot.render import answer as render
from bot.render.words import Names
from bot.store import sources
from bot.subscriptions.filters import Address, ParsedFilter, subscription_of
from bot.types import Coverage, Gap, Source, SourceState
from extract.ask import Asker
from extract.kinds import load_kinds
from extract.places import Gazetteer

KINDS, GAZETTEER = load_kinds(), Gazetteer.open()
KNOWN = answer.AnswerContext(asker=Asker(KINDS, GAZETTEER), contains=GAZETTEER.contains, extent=GAZETTEER.extent)
NAMES = Names(KINDS, GAZETTEER.country_name)
TODAY = NOW.date()


def read(store, name, country, at=NOW, *, error=""):
    source = Source(url=f"https://{name}.example/", name=name, country=country)
    store.write_sync(sources.upsert, source, "config", at)
    store.write_sync(sources.record_check, source.url, now=at, next_check=at, error=error)


def covered(store, place, until=None):
    states = store.read_sync(sources.listing)
    return coverage.of_places(states, [GAZETTEER.search(place)[0]] if place else [], GAZETTEER.extent, until)


def told(store, question):
    return render.why(store.read_sync(answer.answer, KNOWN, question, today=TODAY), NAMES)


def test_where_no_source_is_read_at_all_nothing_is_said_of_sources(store):
    """A replayed database has none."""
    assert covered(store, "Kyiv") is None


def test_the_sources_of_a_country_cover_a_town_in_it_and_those_without_a_country_cover_all(store):
    read(store, "Dnipro Post", "UA")
    read(store, "Wire", "", NOW - timedelta(hours=1))
    read(store, "Sindh Post", "PK")
    found = covered(store, "Kyiv")
    assert (found.gap, found.last_read, found.names) == (None, NOW, ("Dnipro Post", "Wire"))


@pytest.mark.parametrize("place", ["South Asia", "Kashmir", "Sindh", "Karachi", "northern Pakistan"])
def test_the_sources_of_its_countries_cover_an_area(store, place):
    read(store, "Sindh Post", "PK")
    read(store, "Kano Post", "NG")
    assert covered(store, place).names == ("Sindh Post",)


def test_a_place_that_no_source_covers_is_a_gap(store):
    read(store, "Sindh Post", "PK")
    assert covered(store, "Lagos") == Coverage(gap=Gap.NO_SOURCE, places=("Lagos",), last_read=NOW)


def test_sources_that_were_never_read_are_a_gap(store):
    read(store, "Sindh Post", "PK", error="503")
    assert covered(store, "Karachi") == Coverage(gap=Gap.NOT_READ, places=("Karachi",))


def test_sources_that_all_fail_are_a_gap_since_the_last_answer(store):
    for name in ("Sindh Post", "Punjab Post"):
        read(store, name, "PK")
        read(store, name, "PK", NOW + timedelta(hours=1), error="503")
    assert covered(store, "Karachi") == Coverage(gap=Gap.FAILING, places=("Karachi",), last_read=NOW)


def test_a_time_that_was_over_when_they_last_answered_is_covered(store):
    read(store, "Sindh Post", "PK")
    read(store, "Sindh Post", "PK", NOW + timedelta(days=3), error="503")
    assert covered(store, "Karachi", TODAY - timedelta(days=1)).gap is None
    assert covered(store, "Karachi", TODAY).gap is Gap.FAILING


def test_none_names_the_last_read_of_the_sources(store):
    read(store, "Dnipro Post", "UA")
    said = told(store, "What happened in Kyiv yesterday?")
    assert "I know of no such" in said and "Its sources were last read at" in said and "Dnipro Post" in said


def test_nobody_killed_is_not_the_answer_while_all_sources_fail(store):
    read(store, "Sindh Post", "PK")
    read(store, "Sindh Post", "PK", NOW + timedelta(hours=1), error="503")
    said = told(store, "How many killed in Pakistan this week?")
    assert said.startswith("I can't say: no source of Pakistan has answered since")


def test_what_lies_before_the_first_record_is_not_covered():
    query = KNOWN.asker.read("How many bombings in Karachi in 2019?", TODAY).query
    states = [coverage_state("Sindh Post", "PK")]
    found = coverage.of_query(states, query, GAZETTEER.extent, date(2026, 2, 1))
    assert (found.gap, found.since) == (Gap.BEFORE, date(2026, 2, 1))


def coverage_state(name, country):
    source = Source(url=f"https://{name}.example/", name=name, country=country)
    return SourceState(source=source, origin="config", fetch_url=source.url, next_check=NOW, last_ok=NOW)


async def test_latest_near_and_search_name_the_last_read_too(chatting, wire, store):
    read(store, "Sindh Post", "PK")
    for command in ("/latest Karachi", "/near Karachi", "/search Karachi"):
        (said,) = await say_to(chatting, wire, message(command))
        assert "Sindh Post" in said, command


async def test_a_radius_around_a_wide_area_is_refused_with_what_can_match(chatting, wire, store):
    object.__setattr__(chatting.services, "places", GAZETTEER)
    object.__setattr__(chatting.services, "extent", GAZETTEER.extent)
    for place in ("Sahel", "Gulf of Aden", "Pakistan"):
        (said,) = await say_to(chatting, wire, message(f"/subscribe {place} 50km"))
        assert f"/subscribe {place}" in said


def test_every_area_can_be_subscribed_to():
    for name in ("Middle East", "Gaza Strip", "Black Sea", "northern Peru", "Borneo"):
        wanted = subscription_of(ParsedFilter(name=name), GAZETTEER.search(name)[0], Address(chat=1))
        assert GAZETTEER.areas.of(wanted.place) is not None


async def test_near_an_area_is_what_lies_in_it(chatting, wire, store):
    object.__setattr__(chatting.services, "places", GAZETTEER)
    object.__setattr__(chatting.services, "extent", GAZETTEER.extent)
    (said,) = await say_to(chatting, wire, message("/near West Africa"))
    assert "within" not in said


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("northern Nigeria", "Northern Nigeria"),
        ("Gaza Strip", "Gaza Strip, Palestinian Territory"),
        ("Borneo", "Borneo"),
        ("Mexico City", "Mexico City, Mexico"),
    ],
)
def test_an_area_is_shown_with_its_country_unless_its_name_has_it(typed, shown):
    assert NAMES.place(GAZETTEER.search(typed)[0]) == shown


def test_without_sources_and_incidents_there_is_no_all_clear():
    assert coverage.of_places([], [], GAZETTEER.extent, has_incidents=False) == Coverage(gap=Gap.NO_SOURCE)
    assert coverage.of_places([], [], GAZETTEER.extent) is None  # a replay: incidents came without a source


async def test_a_place_is_not_offered_in_place_of_itself(chatting, wire):
    """Antarctica is a country of the gazetteer and a continent."""
    object.__setattr__(chatting.services, "places", GAZETTEER)
    object.__setattr__(chatting.services, "extent", GAZETTEER.extent)
    (said,) = await say_to(chatting, wire, message("/subscribe Antarctica"))
    assert "Antarctica" in said and "another" not in said
