"""What the admins are told of sources that fail or are silent."""

from datetime import timedelta

import pytest
from fakes import NOW
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
