"""What the admins are told of sources that fail or are silent."""

from datetime import timedelta
from functools import partial

import pytest
from fakes import NOW
from talking import message, say_to, tap
from test_finding_sources import buttons
from test_notifications import due

from bot.alerts import source_notices
from bot.alerts.delivery import compose
from bot.render import lists, text
from bot.store import articles, chats, source_silence, sources
from bot.types import Source
from extract.types import Article

ADMIN = 9001
URL = "https://quay.example/feed"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def source(store):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    store.write_sync(sources.upsert, Source(url=URL, name="Quay Courier"), "config", NOW)


def check(store, at, error=""):
    store.write_sync(sources.record_check, URL, now=at, next_check=at, error=error)


def arrive(store, at, *, baseline=False):
    made = Article(id=f"a{at.isoformat()}", title=f"Story of {at.isoformat()}", text="It happened at noon.")
    store.write_sync(articles.add, URL, made, at, baseline=baseline)


def look(store, at):
    return store.write_sync(source_notices.notify_of_troubles, [ADMIN, 9002], at)


def told(store, names, at):
    return [text.plain(compose(one, None, None, names).message) for one in due(store, at) if one.notice]


def listed(store):
    known = store.read_sync(sources.listing)
    return text.visible(lists.sources(known, details=True, silent=store.read_sync(source_silence.silent_since, known)))


def test_a_failing_source_is_told_once_with_since_when_and_so_is_its_return(store, names):
    check(store, NOW)
    for n in range(1, 5):
        check(store, NOW + n * HOUR / 2, error="HTTP 503: busy")
    assert look(store, NOW + HOUR) == []
    assert look(store, NOW + 2 * HOUR) == [URL]
    assert look(store, NOW + 3 * HOUR) == [URL]
    (said,) = told(store, names, NOW + 3 * HOUR)
    assert "Quay Courier" in said and "failing since" in said and "HTTP 503" in said
    assert "failing 4× since" in listed(store)
    check(store, NOW + 5 * HOUR)
    assert look(store, NOW + 5 * HOUR) == []
    (said,) = told(store, names, NOW + 5 * HOUR)
    assert "well again" in said and "Quay Courier" in said
    assert look(store, NOW + 6 * HOUR) == [] and told(store, names, NOW + 6 * HOUR) == []


def test_a_source_that_never_answered_is_told(store, names):
    for n in range(3):
        check(store, NOW + n * HOUR, error="HTTP 404: not found")
    assert look(store, NOW + 3 * HOUR) == [URL]
    (said,) = told(store, names, NOW + 3 * HOUR)
    assert "has never answered: HTTP 404" in said


@pytest.mark.parametrize(
    ("gap", "quiet", "is_silent"),
    [(HOUR, 20 * HOUR, False), (HOUR, 25 * HOUR, True), (48 * HOUR, 140 * HOUR, False), (48 * HOUR, 150 * HOUR, True)],
)
def test_silence_is_measured_by_what_is_usual_for_the_source(store, names, gap, quiet, is_silent):
    arrive(store, NOW - gap, baseline=True)
    for n in range(6):
        arrive(store, NOW + n * gap)
    last = NOW + 5 * gap
    check(store, last + quiet)
    assert look(store, last + quiet) == ([URL] if is_silent else [])
    assert ("nothing new since" in listed(store)) is is_silent
    assert len(told(store, names, last + quiet)) == is_silent


def test_while_nobody_reads_no_source_is_silent(store):
    for n in range(6):
        arrive(store, NOW + n * HOUR)
    check(store, NOW + 6 * HOUR)
    assert look(store, NOW + 500 * HOUR) == []


def test_silence_of_a_source_that_is_hardly_known_is_no_silence(store):
    for n in range(3):
        arrive(store, NOW + n * HOUR)
    check(store, NOW + 900 * HOUR)
    assert look(store, NOW + 900 * HOUR) == []


def test_a_removed_source_is_not_well_again(store, names):
    for n in range(3):
        check(store, NOW + n * HOUR, error="HTTP 404: not found")
    assert look(store, NOW + 3 * HOUR) == [URL]
    assert len(told(store, names, NOW + 3 * HOUR)) == 1
    store.write_sync(sources.remove, URL)
    assert look(store, NOW + 4 * HOUR) == [] and told(store, names, NOW + 4 * HOUR) == []


MONTH = timedelta(days=30)


def fail(store, since, until):
    for n in range(3):
        check(store, since + n * (until - since) / 2, error="HTTP 410: gone")


def test_a_source_that_fails_for_long_after_it_was_told_is_paused_and_told_once(store, names):
    fail(store, NOW, NOW + 3 * HOUR)
    look_ = partial(store.write_sync, source_notices.notify_of_troubles, [ADMIN], pause_after=MONTH)
    look_(now=NOW + 3 * HOUR)
    look_(now=NOW + MONTH)
    assert store.read_sync(sources.get, URL).paused is None
    at = NOW + MONTH + 3 * HOUR
    look_(now=at), look_(now=at + HOUR)
    [_, said] = [compose(one, None, None, names).message for one in due(store, at + HOUR) if one.notice]
    assert "I no longer read these sources" in text.plain(said) and "HTTP 410" in text.plain(said)
    assert said.buttons[0][0].label == "Read again: Quay Courier"
    assert store.read_sync(sources.due, at + MONTH, 10) == [] and "paused since" in listed(store)


def test_a_silent_source_and_one_that_may_fail_for_ever_are_never_paused(store):
    fail(store, NOW, NOW + 3 * HOUR)
    for days in (0, 400):
        store.write_sync(source_notices.notify_of_troubles, [ADMIN], NOW + timedelta(days=days, hours=3))
    assert store.read_sync(sources.get, URL).paused is None


async def test_a_paused_source_is_read_again_by_a_tap(store, chatting, wire):
    fail(store, NOW, NOW + 3 * HOUR)
    store.write_sync(source_notices.notify_of_troubles, [ADMIN], NOW + 3 * HOUR)
    store.write_sync(sources.pause, URL, NOW)
    said = (await say_to(chatting, wire, message(f"/addsource {URL}", user=ADMIN)))[0]
    assert "paused since" in said and "HTTP 410" in said
    await say_to(chatting, wire, tap(buttons(wire)["Read it again"], user=ADMIN))
    [state] = store.read_sync(sources.due, NOW, 10)
    assert (state.paused, state.failures) == (None, 0) and chatting.services.finder.woken == 1
    store.write_sync(source_notices.notify_of_troubles, [ADMIN], NOW + 4 * HOUR)
    assert len([one for one in due(store, NOW + 4 * HOUR) if one.notice]) == 1
