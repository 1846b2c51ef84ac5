"""How reliable a source is so far is stored when an incident is settled, and shown beside what the source says."""

import re
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW
from talking import message, say_to
from test_ingest import ingest, news
from test_render import NAMES, facts, incident

from bot.incidents.ingest import grow_old
from bot.render import evidence, lists, text
from bot.store import incidents, source_reliability, sources
from bot.types import Source
from extract.track import SourceAssessment, SourceReliability
from extract.types import Lifecycle

pytestmark = pytest.mark.usefixtures("simple_tracking")
WIRE = {"key": "b", "title": "4 killed as bomb goes off in Karachi", "source": "wire.example"}
GOOD = SourceReliability(incidents=30, times_first=15, numbers_checked=24, numbers_confirmed=17)
SAID = "often first, 17 of 24 first numbers stood"


def close(store, *, after=timedelta(days=8)):
    while store.write_sync(grow_old, NOW + after):
        pass


def test_the_sources_of_a_settled_incident_are_assessed(store):
    ingest(store, news())
    ingest(store, news(**WIRE, published=NOW + timedelta(hours=1)))
    close(store, after=timedelta(days=2))
    assert store.read_sync(source_reliability.of, ["post.example", "wire.example"]) == {}
    close(store)
    assert store.read_sync(source_reliability.of, ["Post.example", "wire.example", "radio.example"]) == {
        "post.example": SourceReliability(incidents=1, times_first=1, numbers_checked=1, numbers_confirmed=1),
        "wire.example": SourceReliability(incidents=1, times_first=0, numbers_checked=1, numbers_confirmed=1),
    }


@pytest.mark.parametrize("change", [{"lifecycle": Lifecycle.RETRACTED}, {"merged_into": "i2"}])
def test_a_retracted_or_merged_incident_assesses_no_source(store, change):
    ingest(store, news())
    ingest(store, news(**WIRE))
    close(store)
    (known,) = store.read_sync(incidents.latest)
    (version, *_) = reversed(store.read_sync(incidents.versions, known.id))
    gone = msgspec.structs.replace(known, version=known.version + 1, **change)
    store.write_sync(incidents.save, gone, version.change, announced=False)
    assert store.read_sync(source_reliability.of, ["post.example"]) == {}


def test_an_incident_that_is_settled_twice_is_assessed_once(store):
    for stood in (0, 1):
        store.write_sync(
            source_reliability.put, "i1", [SourceAssessment(source="Post", numbers_checked=1, numbers_confirmed=stood)]
        )
    assert store.read_sync(source_reliability.of, ["post"]) == {
        "post": SourceReliability(incidents=1, numbers_checked=1, numbers_confirmed=1)
    }


def test_evidence_shows_the_reliability_of_its_sources():
    one = incident(facts())
    name = one.articles[0].source.casefold()
    assert SAID in text.visible(evidence.evidence(one, NAMES, records={name: GOOD}))
    assert "first numbers" not in text.visible(
        evidence.evidence(one, NAMES, records={name: SourceReliability(incidents=2)})
    )


def test_the_list_of_sources_shows_their_reliability(store):
    store.write_sync(sources.sync, [Source(url="https://www.post.example/feed", name="Harbour Post")], NOW)
    known = store.read_sync(sources.listing)
    for name in ("harbour post", "post.example"):
        assert SAID in text.visible(lists.sources(known, details=False, records={name: GOOD}))
    assert "often" not in text.visible(lists.sources(known, details=False))


def test_the_list_of_sources_shows_tier_owner_and_state_media(store):
    read = [
        Source(url="https://tass.com/rss", name="TASS", family="tass", tier=1),
        Source(url="https://harbour.example/feed", name="Harbour Post", family="harbour", tier=3),
        Source(url="https://feeds.bbci.co.uk/news/rss.xml", name="BBC News", family="bbc", tier=2),
        Source(url="https://www.dawn.com/feeds/home", name="Dawn", family="dawn", tier=2),
    ]
    store.write_sync(sources.sync, read, NOW)
    shown = text.visible(lists.sources(store.read_sync(sources.listing), details=False))
    assert "TASS · https://tass.com/rss · tier 1 · state media" in shown
    assert "Dawn · https://www.dawn.com/feeds/home · tier 2 · of Pakistan Herald Publications" in shown
    assert "Harbour Post · https://harbour.example/feed · tier 3 · of harbour" in shown
    assert "tier 2 · of BBC · public-service media" in shown


def test_a_list_that_fits_no_message_says_how_many_are_left_out(store):
    read = [Source(url=f"https://n{number}.harbour.example/{'x' * 150}", name=f"Post {number}") for number in range(50)]
    store.write_sync(sources.sync, read, NOW)
    message = lists.sources(store.read_sync(sources.listing), details=True)
    shown = text.visible(message)
    assert shown == text.visible(text.fit(message))
    left = int(re.search(r"and (\d+) more · One of them: /sources NAME$", shown)[1])
    assert shown.count("harbour.example") + left == 50
    assert shown.count("harbour.example") > 15


async def test_a_source_is_shown_with_all_that_is_known_of_it(store, chatting, wire):
    read = [
        Source(url="https://tass.com/rss", name="TASS", family="tass", tier=1, country="RU"),
        Source(url="https://harbour.example/feed", name="Harbour Post"),
    ]
    store.write_sync(sources.sync, read, NOW)
    (shown,) = await say_to(chatting, wire, message("/sources tass"))
    for said in ("1, news agency or official body", "Owner: TASS", "State media: yes", "Time zone: Europe/Moscow"):
        assert said in shown
    assert "Harbour" not in shown
    (shown,) = await say_to(chatting, wire, message("/sources harbour.example"))
    assert "State media: not known" in shown
    assert "No source has that name" in (await say_to(chatting, wire, message("/sources nobody")))[0]


async def test_the_sources_command_shows_reliability(store, chatting, wire):
    store.write_sync(sources.sync, [Source(url="https://post.example/feed")], NOW)
    for number in range(12):
        store.write_sync(source_reliability.put, f"i{number}", [SourceAssessment(source="post.example", is_first=True)])
    assert "often first" in (await say_to(chatting, wire, message("/sources")))[0]
