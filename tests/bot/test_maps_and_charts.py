"""/map and /stats: the picture, and the same in words."""

from datetime import UTC, date, datetime, timedelta

import fakes
import msgspec
import pytest

from bot.commands import COMMANDS, TAPS, Caller, answer, charts, maps
from bot.errors import ChatError
from bot.questions import statistics
from bot.questions.statistics import Span, Unit, Usual, bins, describe, edges, read_span, usual
from bot.render.card import buttons
from bot.render.text import visible
from bot.store import articles, incidents, sources, subscriptions
from bot.terminal.show import save_file
from bot.types import Bounds, Cell, Source, Subscription, Tally
from extract.types import Article, ArticleRef, Change, Count, CountState, Incident, Lifecycle, Place, Precision

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
ANN = Caller(chat=501)
PNG = b"\x89PNG"


def known(
    store, number, day, *, place=fakes.PLACES["Karachi"], kind="bombing", killed=1, injured=None, when=True, told=None
):
    """One incident of a day, in the store; ``told``: the day on which it was published, if earlier."""
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    facts = fakes.report(kind=kind, place=place, killed=killed, day=day.isoformat() if when else "")
    facts = msgspec.structs.replace(facts, injured=injured or Count())
    source = ArticleRef(
        id=f"a{number}", url="https://post.example/1", source="post.example", published=told or at, origin="p"
    )
    incident = Incident(
        id=f"i{number}", version=1, lifecycle=Lifecycle.NEW, first_seen=at, last_seen=at, facts=facts, origins=1,
        articles=(source,), summary="bomb hits bus terminal",
    )  # fmt: skip
    change = Change(incident=incident.id, version=1, at=at, article=source.id, action=None)
    store.write_sync(incidents.save, incident, change, announced=False)
    return incident


def days(counts):
    return {TODAY - timedelta(days=back): number for back, number in counts.items()}


# ------------------------------------------------------------------ figures


@pytest.mark.parametrize(
    ("text", "span", "rest"),
    [
        ("Karachi 12w", Span(12, Unit.WEEK), "Karachi"),
        ("30d", Span(30, Unit.DAY), ""),
        ("bombing last 6 months", Span(6, Unit.MONTH), "bombing"),
        ("Karachi", Span(30, Unit.DAY), "Karachi"),
        ("Karachi 50km", Span(30, Unit.DAY), "Karachi 50km"),
    ],
)
def test_span_is_the_end_of_the_words(text, span, rest):
    assert read_span(text) == (span, rest)


@pytest.mark.parametrize("text", ["0d", "93d", "105w", "9999m"])
def test_span_that_is_too_long_is_refused(text):
    with pytest.raises(ChatError):
        read_span(text)


def test_bars_are_days_weeks_that_end_today_or_months_of_the_calendar():
    assert edges(Span(2, Unit.DAY), TODAY) == [(date(2026, 3, 1), date(2026, 3, 1)), (TODAY, TODAY)]
    assert edges(Span(1, Unit.WEEK), TODAY) == [(date(2026, 2, 24), TODAY)]
    assert edges(Span(3, Unit.MONTH), TODAY) == [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), TODAY),
    ]


def test_every_day_falls_into_one_bar():
    cells = [Cell(day=day, kind="fire", tally=Tally(count=1)) for day in days(dict.fromkeys(range(90), 1))]
    found = bins(cells, Span(12, Unit.WEEK), TODAY)
    assert [one.tally.count for one in found] == [7] * 12


def test_usual_is_the_weekly_mean_of_the_weeks_before():
    counts = {0: 4, 3: 5} | dict.fromkeys(range(7, 7 + 7 * 20, 7), 1)
    assert usual(days(counts), TODAY, TODAY - timedelta(days=146)) == Usual(9, 20, 20, 1.0)


def test_usual_is_not_said_of_a_short_time_or_of_few():
    counts = {0: 4} | dict.fromkeys(range(7, 40), 1)
    assert usual(days(counts), TODAY, TODAY - timedelta(days=40)).mean is None
    assert usual(days({0: 4, 50: 2}), TODAY, TODAY - timedelta(days=300)).mean is None
    assert usual({}, TODAY, None) == Usual(0, 0, 0, None)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Usual(14, 52, 239, 4.6), "Last 7 days: 14. That is about 3 times the usual for Karachi (4.6 a week in the 52 weeks before)."),
        (Usual(5, 52, 239, 4.6), "Last 7 days: 5. That is about as usual for Karachi (4.6 a week in the 52 weeks before)."),
        (Usual(1, 20, 10, 0.5), "Last 7 days: 1. Usual for Karachi are 0.5 a week in the 20 weeks before; so small a difference may be chance."),
        (Usual(0, 52, 500, 9.6), "Last 7 days: 0. That is fewer than usual for Karachi (9.6 a week in the 52 weeks before)."),
        (Usual(2, 3, 1, None), "Last 7 days: 2. What is usual can't be said: only 3 weeks and 1 incident before are known."),
    ],
)  # fmt: skip
def test_usual_in_words(found, words):
    assert describe(found, "Karachi") == words


def test_chance_is_the_tail_of_the_poisson_distribution():
    assert statistics._poisson_tail(0, 2.0) == pytest.approx(0.1353, abs=1e-4)
    assert statistics._poisson_tail(5, 2.0) == pytest.approx(0.0527, abs=1e-4)


# ------------------------------------------------------------------ commands


async def test_stats_says_in_words_what_it_draws(chatting, store):
    for number in range(3):
        known(store, number, TODAY - timedelta(days=number), killed=2)
    known(store, 9, TODAY, kind="fire", injured=Count(low=4, high=6, state=CountState.COUNTED))
    message = await charts.stats_(chatting.services, ANN, "Karachi 30d")
    text = visible(message)
    assert text.startswith("Karachi, Pakistan: 4 incidents\nlast 30 days · 1 Feb 2026 to 2 Mar 2026\n")
    assert "Killed: 7 to" not in text
    assert "Killed: at least 7" in text or "Killed: 7" in text
    assert "By kind: bombing 3, fire 1" in text
    assert "What is usual can't be said" in text
    assert message.file.is_picture
    assert message.file.body.startswith(PNG)


async def test_stats_counts_only_the_place_kind_and_days_asked_for(chatting, store):
    known(store, 1, TODAY)
    known(store, 2, TODAY, kind="fire")
    known(store, 3, TODAY, place=fakes.PLACES["Lahore"])
    known(store, 4, TODAY - timedelta(days=40))
    text = visible(await charts.stats_(chatting.services, ANN, "Karachi bombing 30d"))
    assert text.startswith("Karachi, Pakistan, bombing")
    assert ": 1 incident\n" in text


async def test_days_before_the_first_reading_are_unknown_not_zero(chatting, store):
    known(store, 1, TODAY - timedelta(days=2))
    known(store, 2, TODAY)
    message = await charts.stats_(chatting.services, ANN, "Karachi 30d")
    assert "Reading began on 28 Feb 2026: how many there were before isn't known" in visible(message)


async def test_days_since_the_first_reading_are_counted_without_a_note(chatting, store):
    known(store, 1, TODAY - timedelta(days=31))
    known(store, 2, TODAY)
    assert "Reading began" not in visible(await charts.stats_(chatting.services, ANN, "Karachi 30d"))


async def test_reading_begins_with_the_sources_that_cover_the_place(chatting, store):
    known(store, 1, TODAY - timedelta(days=40), place=fakes.PLACES["Lahore"])
    for url, country, back in (("https://a.example/feed", "GB", 40), ("https://b.example/feed", "PK", 5)):
        at = NOW - timedelta(days=back)
        store.write_sync(sources.upsert, Source(url=url, country=country), "config", at)
        article = Article(id=url, text="Rain.", url=f"{url}/1", title="Rain", published=at)
        store.write_sync(articles.add, url, article, at, baseline=False)
    known(store, 2, TODAY)
    in_karachi = visible(await charts.stats_(chatting.services, ANN, "Karachi 30d"))
    everywhere = visible(await charts.stats_(chatting.services, ANN, "30d"))
    assert "Reading began on 25 Feb 2026" in in_karachi
    assert "Reading began" not in everywhere


async def test_history_counts_on_the_day_it_was_told_not_on_the_day_it_was_read(chatting, store):
    known(store, 1, TODAY - timedelta(days=60))
    known(store, 2, TODAY, when=False, told=NOW - timedelta(days=20))
    known(store, 3, TODAY, when=False, told=NOW - timedelta(days=50))
    text = visible(await charts.stats_(chatting.services, ANN, "Karachi 30d"))
    assert ": 1 incident\n" in text
    assert "Last 7 days: 0." in text


async def test_map_names_the_day_on_which_history_was_told(chatting, store):
    known(store, 1, TODAY, when=False, told=datetime(2026, 2, 10, 8, tzinfo=UTC))
    assert "10 Feb 2026" in visible(await maps.map_(chatting.services, ANN, ""))


async def test_none_in_the_time_asked_for_rests_on_the_last_read(chatting, store):
    for back in range(150, 9, -10):
        known(store, back, TODAY - timedelta(days=back))
    assert "last read" not in visible(await charts.stats_(chatting.services, ANN, "Karachi 5d"))
    store.write_sync(sources.upsert, Source(url="https://b.example/feed", country="PK"), "config", NOW)
    store.write_sync(sources.record_check, "https://b.example/feed", now=NOW, next_check=NOW)
    assert "Its sources were last read at" in visible(await charts.stats_(chatting.services, ANN, "Karachi 5d"))


async def test_failing_sources_are_named_whatever_was_counted(chatting, store):
    known(store, 1, TODAY)
    url, read = "https://b.example/feed", NOW - timedelta(days=3)
    store.write_sync(sources.upsert, Source(url=url, country="PK"), "config", read)
    store.write_sync(sources.record_check, url, now=read, next_check=NOW)
    store.write_sync(sources.record_check, url, now=NOW, next_check=NOW, error="gone")
    text = visible(await charts.stats_(chatting.services, ANN, "Karachi 30d"))
    assert "no source of Karachi has answered since 27 Feb 2026" in text


def test_share_of_bars_after_the_last_read():
    bars = bins([], Span(4, Unit.WEEK), TODAY)
    assert statistics.unread_after(bars, None) == 0.0
    assert statistics.unread_after(bars, TODAY) == 0.0
    assert statistics.unread_after(bars, bars[2].last) == 0.25


def test_share_of_bars_before_reading_began():
    bars = bins([], Span(4, Unit.WEEK), TODAY)
    assert statistics.unread(bars, None) == 1.0
    assert statistics.unread(bars, bars[0].first) == 0.0
    assert statistics.unread(bars, bars[1].first) == 0.25
    assert statistics.unread(bars, TODAY) == pytest.approx((3 + 6 / 7) / 4)


async def test_stats_of_a_circle_counts_what_lies_in_it(chatting, store):
    near = msgspec.structs.replace(fakes.PLACES["Karachi"], name="Gadani", lat=25.12, lon=66.73, geonameid=1)
    known(store, 1, TODAY)
    known(store, 2, TODAY, place=near)
    known(store, 3, TODAY, place=fakes.PLACES["Lahore"])
    within = visible(await charts.stats_(chatting.services, ANN, "Karachi 50km"))
    closer = visible(await charts.stats_(chatting.services, ANN, "Karachi 20km"))
    assert within.startswith("Karachi, Pakistan within 50 km: 2 incidents")
    assert closer.startswith("Karachi, Pakistan within 20 km: 1 incident\n")


@pytest.mark.parametrize("text", ["Karachi severe", "Karachi +police", "Nowhereville", "99999d", "Lahore 30d"])
async def test_stats_that_cannot_be_made_is_a_kind_sentence(chatting, store, text):
    known(store, 1, TODAY)
    with pytest.raises(ChatError):
        await charts.stats_(chatting.services, ANN, text)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (Bounds(low=5, high=5), "5"),
        (Bounds(low=5, high=9), "5 to 9"),
        (Bounds(low=5, high=None), "at least 5"),
        (Bounds(low=5, high=5, unknown=2), "at least 5"),
        (Bounds(low=0, high=None), "not known"),
        (Bounds(low=0, high=0), "0"),
        (Bounds(low=0, high=0, unknown=1), "not known"),
    ],
)
def test_people_as_far_as_they_are_known(bounds, words):
    assert charts._people(bounds) == words


async def test_map_of_an_incident_comes_from_its_button(chatting, store):
    incident = known(store, 1, TODAY)
    [button] = [one for row in buttons(incident.id) for one in row if one.verb == "map"]
    message = await answer(chatting.services, ANN, TAPS[button.verb], button.arg)
    assert message.file.body.startswith(PNG)
    assert "Karachi" in visible(message)
    assert "where in it isn't known" in visible(message)


async def test_map_says_how_far_from_the_middle_of_the_chats_circle(chatting, store):
    incident = known(store, 1, TODAY)
    centre = msgspec.structs.replace(fakes.PLACES["Karachi"], name="Thatta", lat=24.75, lon=67.92)
    store.write_sync(subscriptions.add, Subscription(chat=501, place=centre, km=120), NOW)
    text = visible(await maps.map_(chatting.services, ANN, incident.id))
    assert "Dashed: your 120 km around Thatta; Karachi is about 93 km from its middle." in text
    elsewhere = visible(await maps.map_(chatting.services, Caller(chat=502), incident.id))
    assert "Dashed" not in elsewhere


async def test_map_without_an_id_shows_the_latest(chatting, store):
    known(store, 1, TODAY)
    known(store, 2, TODAY, place=fakes.PLACES["Lahore"])
    known(store, 3, TODAY, place=None)
    message = await maps.map_(chatting.services, ANN, "")
    assert message.file.body.startswith(PNG)
    assert "Latest · 2 incidents" in visible(message)
    assert "1 more can't be shown" in visible(message)


async def test_map_takes_the_words_of_latest(chatting, store):
    known(store, 1, TODAY)
    known(store, 2, TODAY, place=fakes.PLACES["Lahore"])
    assert "Karachi, Pakistan 1" in visible(await maps.map_(chatting.services, ANN, "Karachi"))


@pytest.mark.parametrize("text", ["", "Nairobi", "no-such-id", "'; DROP TABLE incidents"])
async def test_map_of_nothing_is_a_kind_sentence(chatting, store, text):
    with pytest.raises(ChatError):
        await maps.map_(chatting.services, ANN, text)


async def test_incident_without_a_place_has_no_map(chatting, store):
    incident = known(store, 1, TODAY, place=None)
    with pytest.raises(ChatError, match="isn't known where"):
        await maps.map_(chatting.services, ANN, incident.id)


async def test_village_without_coordinates_is_shown_by_its_province(chatting, store, monkeypatch):
    village = Place(name="Tlepok", admin1="Central Java", country="ID", precision=Precision.CITY)
    java = Place(
        name="Central Java", admin1="Central Java", country="ID", lat=-7.5, lon=110.0, precision=Precision.PROVINCE
    )
    monkeypatch.setattr(chatting.services.places, "search", lambda name, limit=8: [java] if "Java" in name else [])
    incident = known(store, 1, TODAY, place=village)
    text = visible(await maps.map_(chatting.services, ANN, incident.id))
    assert "Tlepok lies in the shaded area; where exactly isn't known." in text


def test_both_commands_are_for_anyone():
    assert {COMMANDS[name].permission.value for name in ("map", "stats")} == {"anyone"}


async def test_terminal_keeps_the_picture_in_a_file(chatting, store):
    known(store, 1, TODAY)
    message = await maps.map_(chatting.services, ANN, "i1")
    path = save_file(message.file)
    assert path.read_bytes().startswith(PNG)
    assert path.suffix == ".png"
