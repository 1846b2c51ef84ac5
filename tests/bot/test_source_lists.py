"""Sources out and in as OPML: the file in chat, the upload of an admin, what becomes of each feed."""

from fakes import NOW
from talking import ADMIN, ANN, GROUP, message, say_to, tap
from test_finding_sources import buttons, known

from bot.chat.connect import file_root
from bot.export.opml import opml
from bot.sources import source_list
from bot.sources.parse_worker import ParseWorker
from bot.store import sources
from bot.types import Source
from extract.feeds import feeds_of
from extract.types import FeedLink

LIST = opml([Source(url=f"https://{name}.example/f", name=name.title()) for name in ("quay", "dock")], NOW)


def upload(wire, body=LIST, *, user=ADMIN, chat=None, kind="private", **document):
    wire.file = body
    said = {"file_id": "f", "file_unique_id": "u", "file_name": "feeds.opml", "file_size": len(body), **document}
    update = message("", user=user, chat=chat, kind=kind, document=said)
    del update["message"]["text"]
    return update


# ------------------------------------------------------------------ the document


def test_what_is_written_is_read_again():
    written = [
        Source(url="https://a.example/f?x=1&y=2", name='A & "B"\x07', lang="fr"),
        Source(url="https://b.example/f"),
    ]
    assert feeds_of(opml(written, NOW)).links == (
        FeedLink(url="https://a.example/f?x=1&y=2", title='A & "B"', lang="fr"),
        FeedLink(url="https://b.example/f", title="https://b.example/f", lang="en"),
    )


def test_a_page_without_a_feed_is_a_link_and_no_feed():
    body = opml([Source(url="https://a.example/", kind="page", links="a")], NOW)
    assert b'url="https://a.example/"' in body and feeds_of(body).links == ()


# ------------------------------------------------------------------ what becomes of each


def test_known_repeated_and_refused_feeds_are_counted():
    urls = (
        "https://a.example/f",
        "https://b.example/f",
        "https://a.example/f#top",
        "http://10.0.0.1/f",
        "https://t.me/newsroom",
    )
    found = source_list.plan(
        [FeedLink(url=url, title="T" * 99) for url in urls],
        known=["https://b.example/f"],
        verdict=lambda url: "not public" if "10.0" in url else "",
        every=60.0,
    )
    assert [(one.url, one.kind, one.every, one.tier) for one in found.new] == [
        ("https://a.example/f", "rss", 60.0, 4),
        ("https://t.me/newsroom", "telegram", 60.0, 4),
    ]
    assert (found.known, found.repeated) == (1, 1)
    assert [(one.url, one.why) for one in found.refused] == [("http://10.0.0.1/f", "not public")]
    assert len(found.new[0].name) == 60


def test_sources_that_came_meanwhile_stay_as_they_are(store):
    store.write_sync(sources.upsert, Source(url="https://a.example/f", every=7.0), "config", NOW)
    new = [Source(url="https://a.example/f"), Source(url="https://b.example/f")]
    assert store.write_sync(sources.add_new, new, NOW) == 1
    assert [(one.source.url, one.source.every) for one in store.read_sync(sources.listing)] == [
        ("https://a.example/f", 7.0),
        ("https://b.example/f", 600.0),
    ]


def test_a_list_is_read_in_the_process_with_limits():
    with ParseWorker() as worker:
        assert [one.title for one in worker.feeds_of(LIST).links] == ["Quay", "Dock"]
        assert "no OPML" in worker.feeds_of(b"<html/>").problem
    with ParseWorker(cpu_seconds=0.05) as slow:
        assert "given up" in slow.feeds_of(b"<opml>" + b"<a/>" * 1_200_000 + b"</opml>").problem


# ------------------------------------------------------------------ in chat


async def test_everybody_gets_the_sources_as_a_file(store, chatting, wire):
    await store.write(sources.upsert, Source(url="https://quay.example/f", name="Quay"), "config", NOW)
    await say_to(chatting, wire, message("/sources opml"))
    sent = [params for name, params in wire.asked if name == "sendDocument"]
    assert len(sent) == 1 and "1 source" in sent[0]["caption"]


async def test_an_admin_sends_a_list_sees_what_is_new_and_adds_it(store, chatting, wire):
    await store.write(sources.upsert, Source(url="https://dock.example/f"), "config", NOW)
    said = (await say_to(chatting, wire, upload(wire)))[0]
    assert "New in that list: 2 sources" in said and "• Quay" in said
    assert known(store) == ["https://dock.example/f"]
    said = (await say_to(chatting, wire, tap(buttons(wire)["Add 2"], user=ADMIN)))[0]
    assert "1 source" in said and "not looked at them yet" in said
    assert set(known(store)) == {"https://dock.example/f", "https://quay.example/f"}


async def test_a_list_that_is_left_adds_nothing(store, chatting, wire):
    await say_to(chatting, wire, upload(wire))
    assert "Nothing was added" in (await say_to(chatting, wire, tap(buttons(wire)["Cancel"], user=ADMIN)))[0]
    assert known(store) == []


async def test_only_admins_hand_in_lists_and_nobody_elses_file_is_fetched(store, chatting, wire):
    assert "Only the service" in (await say_to(chatting, wire, upload(wire, user=ANN)))[0]
    assert await say_to(chatting, wire, upload(wire, user=ADMIN, chat=GROUP, kind="supergroup")) == []
    assert await say_to(chatting, wire, upload(wire, file_name="photo.png")) == []
    assert "getFile" not in [name for name, _ in wire.asked]


async def test_a_list_that_is_too_large_is_not_fetched(chatting, wire):
    assert "larger than 5 MB" in (await say_to(chatting, wire, upload(wire, file_size=5_000_001)))[0]
    assert "getFile" not in [name for name, _ in wire.asked]


async def test_a_file_that_is_no_list_is_refused_in_one_line(chatting, wire):
    (said,) = await say_to(chatting, wire, upload(wire, b"<html/>"))
    assert said.startswith("I can't take that list of feeds") and "\n" not in said


def test_files_are_fetched_where_the_bot_api_is():
    assert file_root("https://api.telegram.org/bot") == "https://api.telegram.org/file/bot"
    assert file_root("http://127.0.0.1:8081/bot") == "http://127.0.0.1:8081/file/bot"
