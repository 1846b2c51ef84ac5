"""The store against real SQLite."""

import sqlite3
from datetime import timedelta

import msgspec
import pytest
from fakes import EVERYWHERE, HOLDER, NOW, PLACES, report

from bot.errors import StoreError
from bot.store import (
    Store,
    articles,
    blocking,
    cards,
    chats,
    counters,
    inbox,
    incidents,
    lease,
    outbox,
    sources,
    subscriptions,
)
from bot.store.articles import canonical_url
from bot.store.chats import TABLES_WITH_CHAT
from bot.types import Alert, Card, Inbound, Reason, Source, Subscription
from extract.track import may_postdate_event
from extract.track.signature import AFTERMATH
from extract.types import Action, Article, ArticleRef, Change, Incident, Lifecycle, News, Place, Precision, SearchWindow

LATER = NOW + timedelta(minutes=5)


def article(id_="a1", title="Bomb kills 4 in Karachi", text="A bomb.", url="https://post.example/news/1"):
    return Article(id=id_, title=title, text=text, url=url, published=NOW, source="post.example")


def incident(id_="i1", version=1, *, place=PLACES["Karachi"], kind="bombing", day="2026-03-02"):
    facts = report(kind=kind, place=place, killed=4, day=day)
    ref = ArticleRef(id="a1", url="https://post.example/news/1", source="post.example", title="Bomb kills 4")
    return Incident(
        id=id_,
        version=version,
        lifecycle=Lifecycle.NEW,
        first_seen=NOW,
        last_seen=NOW,
        facts=facts,
        origins=1,
        articles=(ref,),
        summary="a bomb at a bus stop",
    )


def save(tx, one):
    change = Change(incident=one.id, version=one.version, at=NOW, article="a1", action=Action.NEW)
    incidents.save(tx, one, change, announced=True)


def alert(action=Action.NEW, *, chat=1, version=1, incident="i1"):
    return Alert(id=0, chat=chat, thread=0, incident=incident, version=version, action=action)


def due(tx, one, severity=3):
    chats.touch(tx, one.chat, "private", NOW)
    return outbox.enqueue(tx, one, severity=severity, why=Reason(""), now=NOW)


def claim(tx, now=NOW, busy=()):
    return outbox.claim(tx, holder=HOLDER, now=now, limit=10, busy=busy)


# ------------------------------------------------------------------ transactions


def test_a_misspelt_table_is_an_error(store):
    with pytest.raises(KeyError, match="no such table"):
        store.write_sync(lambda tx: tx["artikles"].insert({"id": 1}))


def test_a_row_is_added_once_written_over_by_its_key_and_never_missed(store):
    def work(tx):
        assert tx["marks"].insert({"name": "polled", "at": "1"}) > 0
        tx["marks"].upsert({"name": "polled", "at": "2"})
        tx["marks"].insert({"name": "polled", "at": "3"}, ignore=True)
        tx["marks"].update("polled", {"at": tx.value("SELECT at || '!' FROM marks")})
        with pytest.raises(KeyError, match="no row nobody"):
            tx["marks"].update("nobody", {"at": "4"})
        with pytest.raises(sqlite3.IntegrityError):
            tx["marks"].insert({"name": "polled", "at": "5"})
        return tx.rows("SELECT * FROM marks")

    assert store.write_sync(work) == [{"name": "polled", "at": "2!"}]


def test_work_that_can_be_done_again_waits_for_no_disk(tmp_path):
    for durable, level in ((True, 2), (False, 1)):  # FULL, NORMAL
        opened = Store(tmp_path / f"{level}.db", durable=durable)
        assert opened.write_sync(lambda tx: tx.value("PRAGMA synchronous")) == level
        opened.close()


def test_a_failed_transaction_leaves_nothing(store):
    def half(tx):
        sources.upsert(tx, Source(url="https://a.example/"), "config", NOW)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        store.write_sync(half)
    assert store.read_sync(sources.listing) == []


def test_readers_can_not_write(store):
    with pytest.raises(StoreError, match="can't be written"):
        store.read_sync(lambda tx: sources.upsert(tx, Source(url="https://a.example/"), "config", NOW))


def test_a_file_that_is_no_database_is_a_clear_error(tmp_path):
    path = tmp_path / "x.db"
    path.write_bytes(b"this is no database, whatever its name says, and long enough" * 20)
    with pytest.raises(StoreError, match="is no SQLite database"):
        Store(path)


def test_a_backup_can_be_opened_and_holds_everything(store, tmp_path):
    store.write_sync(sources.upsert, Source(url="https://a.example/"), "config", NOW)
    store.backup(tmp_path / "copy.db")
    copy = Store(tmp_path / "copy.db")
    assert [state.source.url for state in copy.read_sync(sources.listing)] == ["https://a.example/"]
    copy.close()


# ------------------------------------------------------------------ sources


def test_sources_that_left_the_configuration_are_forgotten_those_from_chat_stay(store):
    store.write_sync(sources.sync, [Source(url="https://a.example/"), Source(url="https://b.example/")], NOW)
    store.write_sync(sources.upsert, Source(url="https://chat.example/"), "chat", NOW)
    store.write_sync(sources.sync, [Source(url="https://b.example/")], NOW)
    urls = {state.source.url for state in store.read_sync(sources.listing)}
    assert urls == {"https://b.example/", "https://chat.example/"}


def test_a_successful_read_ends_the_baseline_a_failed_one_does_not(store):
    store.write_sync(sources.upsert, Source(url="https://a.example/"), "config", NOW)
    store.write_sync(sources.record_check, "https://a.example/", now=NOW, next_check=LATER, error="status 500")
    state = store.read_sync(sources.get, "https://a.example/")
    assert (state.baseline, state.failures, state.last_error) == (True, 1, "status 500")
    store.write_sync(sources.record_check, "https://a.example/", now=NOW, next_check=LATER, etag='"x"', items=3)
    state = store.read_sync(sources.get, "https://a.example/")
    assert (state.baseline, state.failures, state.etag, state.items) == (False, 0, '"x"', 3)
    assert store.read_sync(sources.due, NOW, 5) == []
    assert len(store.read_sync(sources.due, LATER, 5)) == 1


# ------------------------------------------------------------------ articles


def test_an_article_is_new_then_known_and_revised_with_another_text(store):
    add = lambda one: store.write_sync(articles.add, "https://a.example/", one, NOW, baseline=False)  # noqa: E731
    assert [add(article()), add(article()), add(article(text="A bomb, police said."))] == ["new", "known", "revised"]
    assert [one.revision for one in store.read_sync(articles.waiting, 5)] == [1, 2]


def test_the_same_id_in_two_sources_is_two_articles(store):
    for source in ("https://a.example/", "https://b.example/"):
        one = article(url=f"{source}news")
        assert store.write_sync(articles.add, source, one, NOW, baseline=False) == "new"
    assert len({one.article.id for one in store.read_sync(articles.waiting, 5)}) == 2


def test_one_page_from_two_sources_is_one_article(store):
    store.write_sync(articles.add, "https://a.example/", article(), NOW, baseline=False)
    again = article("other", url="http://www.post.example/news/1/?utm_source=x#top")
    assert store.write_sync(articles.add, "https://b.example/", again, NOW, baseline=False) == "known"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://www.Post.example/a/?utm_source=x&id=3#c", "https://post.example/a?id=3"),
        ("https://post.example/", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_canonical_url(url, canonical):
    assert canonical_url(url) == canonical


def test_an_article_set_aside_waits_no_more(store):
    store.write_sync(articles.add, "", article(), NOW, baseline=False)
    store.write_sync(articles.mark_failed, store.read_sync(articles.waiting, 1)[0], "killed the worker")
    assert store.read_sync(articles.waiting, 5) == []
    assert store.read_sync(counters.totals)["failed"] == 1


# ------------------------------------------------------------------ incidents


def window(**kw):
    day = NOW.date()
    base = {"kinds": ("bombing",), "since": day - timedelta(days=2), "until": day + timedelta(days=1)}
    return SearchWindow(**{**base, **kw})


def test_candidates_by_kind_day_and_place(store):
    store.write_sync(save, incident())
    found = lambda **kw: [one.id for one in store.read_sync(blocking.candidates, window(**kw))]  # noqa: E731
    assert found() == ["i1"]
    assert found(kinds=("earthquake",)) == []
    assert found(since=NOW.date() + timedelta(days=1), until=NOW.date() + timedelta(days=3)) == []
    assert found(lat=24.9, lon=67.1, km=50, country="PK") == ["i1"]
    assert found(lat=31.5, lon=74.3, km=50, country="PK") == []


def test_candidates_of_the_same_days_anywhere_in_the_country(store):
    store.write_sync(save, incident())
    day = NOW.date()
    days = (day - timedelta(days=9), day + timedelta(days=9))
    far = {"lat": 31.5, "lon": 74.3, "km": 50, "country": "PK", "days": days, "words": frozenset({"karachi", "bomb"})}
    found = lambda **kw: [one.id for one in store.read_sync(blocking.candidates, window(**far | kw))]  # noqa: E731
    assert found() == ["i1"]
    assert found(days=(day + timedelta(days=30), day + timedelta(days=31))) == []
    assert found(country="IN") == []
    assert found(words=frozenset({"bomb"})) == []


def test_a_candidate_far_away_may_name_the_reports_place(store):
    told = incident()
    told = msgspec.structs.replace(told, facts=msgspec.structs.replace(told.facts, words=("^multan", "^new", "^delhi")))
    store.write_sync(save, told)
    far = {"lat": 31.5, "lon": 74.3, "km": 50, "country": "PK", "days": (NOW.date(), NOW.date())}
    found = lambda *words: store.read_sync(blocking.candidates, window(**far, place_words=frozenset(words)))  # noqa: E731
    assert [one.id for one in found("multan")] == ["i1"]
    assert [one.id for one in found("new", "delhi")] == ["i1"]
    assert found("lahore") == found("new", "york") == found() == []


def test_a_candidate_of_another_kind_day_and_town_may_share_the_reports_names(store):
    told = incident()
    told = msgspec.structs.replace(told, facts=msgspec.structs.replace(told.facts, words=("^gul", "^qasim", "market")))
    store.write_sync(save, told)
    elsewhere = {"kinds": ("flood",), "lat": 24.9, "lon": 67.1, "km": 5, "country": "PK"}
    years = {"since": NOW.date() - timedelta(days=900), "until": NOW.date() - timedelta(days=800)}
    found = lambda least, *names: [  # noqa: E731
        one.id
        for one in store.read_sync(
            blocking.candidates, window(**elsewhere, **years, names=frozenset(names), least_names=least)
        )
    ]
    assert found(2, "gul", "qasim", "daud") == found(1, "gul") == ["i1"]
    assert found(2, "gul", "market") == found(2, "gul") == found(0) == []


def test_a_candidate_of_another_kind_day_and_country_may_tell_the_reports_story(store):
    told = incident()
    facts = msgspec.structs.replace(told.facts, story=bytes([127, 0, 0, 0]))
    store.write_sync(save, msgspec.structs.replace(told, facts=facts))
    elsewhere = {"kinds": ("flood",), "lat": 51.5, "lon": 0.0, "km": 5, "country": "GB"}
    found = lambda story, since=NOW - timedelta(hours=72): [  # noqa: E731
        one.id for one in store.read_sync(blocking.candidates, window(**elsewhere, story=story, story_since=since))
    ]
    assert found(bytes([100, 50, 0, 0])) == ["i1"]
    assert found(bytes([0, 127, 0, 0])) == found(bytes([127, 0, 0])) == []
    assert found(bytes([127, 0, 0, 0]), since=NOW + timedelta(hours=1)) == found(b"", since=None) == []
    store.write_sync(save, msgspec.structs.replace(told, version=2))
    assert found(bytes([127, 0, 0, 0])) == []


def test_of_an_act_days_before_only_what_came_after_is_a_candidate(store):
    day = NOW.date()
    closer = {"since": day - timedelta(days=7), "until": day + timedelta(days=7), "act": (day + timedelta(days=3),) * 2}
    store.write_sync(save, incident())
    assert store.read_sync(blocking.candidates, window(**closer)) == []
    after = incident(version=2)
    after = msgspec.structs.replace(after, facts=msgspec.structs.replace(after.facts, words=(AFTERMATH,)))
    store.write_sync(save, after)
    assert [one.id for one in store.read_sync(blocking.candidates, window(**closer))] == ["i1"]


@pytest.mark.parametrize("words", [(), ("*aftermath",), ("#drexel", "*said"), ("*update", "market"), ("^star", "star")])
@pytest.mark.parametrize("news", list(News))
def test_the_database_knows_as_the_matcher_does_whose_day_may_be_late(store, words, news):
    known = incident()
    known = msgspec.structs.replace(known, facts=msgspec.structs.replace(known.facts, words=words, news=news))
    store.write_sync(save, known)
    late = store.read_sync(lambda tx: tx.value("SELECT late FROM incident_facts"))
    assert bool(late) is may_postdate_event(known.facts)


def test_candidates_whose_time_or_country_is_not_known(store):
    undated = incident()
    undated = msgspec.structs.replace(undated, facts=msgspec.structs.replace(undated.facts, when=None, place=None))
    store.write_sync(save, undated)
    found = lambda **kw: [one.id for one in store.read_sync(blocking.candidates, window(**kw))]  # noqa: E731
    assert found() == found(lat=24.9, lon=67.1, km=50, country="PK") == ["i1"]
    later = NOW.date() + timedelta(days=15)
    assert found(since=later, until=later + timedelta(days=1)) == []


def test_what_has_been_found_to_be_another_is_no_candidate(store):
    store.write_sync(save, msgspec.structs.replace(incident(), merged_into="i2"))
    assert store.read_sync(blocking.candidates, window()) == []


def test_candidates_near_the_date_line(store):
    place = Place(name="Taveuni", country="FJ", lat=-16.8, lon=-179.9, precision=Precision.CITY)
    store.write_sync(save, incident(place=place))
    assert len(store.read_sync(blocking.candidates, window(lat=-16.8, lon=179.9, km=50, country="FJ"))) == 1


def test_every_version_is_kept(store):
    store.write_sync(save, incident())
    store.write_sync(save, incident(version=2))
    assert [one.incident.version for one in store.read_sync(incidents.versions, "i1")] == [1, 2]
    assert store.read_sync(incidents.get, "i1").version == 2
    assert store.read_sync(incidents.version_as_of, "i1", NOW - timedelta(seconds=1)) is None


def test_search_takes_any_words_a_person_types(store):
    store.write_sync(save, incident())
    assert [one.id for one in store.read_sync(incidents.search, "BUS stop kara", 5)] == ["i1"]
    for odd in ('"', "a AND", "(", "*", "NEAR(", "x:y", ""):
        store.read_sync(incidents.search, odd, 5)


def test_near_finds_by_point(store):
    store.write_sync(save, incident())
    assert len(store.read_sync(incidents.near, 24.8, 67.0, 30, 5)) == 1
    assert store.read_sync(incidents.near, 31.5, 74.3, 30, 5) == []


# ------------------------------------------------------------------ the outbox


def test_claim_gives_one_alert_a_chat_severe_first(store):
    for chat, incident_id, severity in ((1, "minor", 1), (1, "extreme", 4), (2, "severe", 3)):
        store.write_sync(due, alert(chat=chat, incident=incident_id), severity)
    assert [(one.chat, one.incident) for one in store.write_sync(claim)] == [(1, "extreme"), (2, "severe")]


def test_claim_gives_nothing_without_the_lease(store):
    store.write_sync(due, alert())
    assert store.write_sync(outbox.claim, holder="another", now=NOW, limit=9, busy=()) == []
    assert store.write_sync(claim, NOW + timedelta(seconds=lease.SECONDS + 1)) == []


def test_a_chat_that_must_wait_is_left_alone_until_then(store):
    store.write_sync(due, alert())
    store.write_sync(chats.wait_until, 1, NOW + timedelta(seconds=4), NOW)
    assert store.write_sync(claim) == []
    assert len(store.write_sync(claim, NOW + timedelta(seconds=4))) == 1


def test_an_edit_waits_for_the_first_card_and_is_dropped_without_one(store):
    store.write_sync(due, alert())
    first = store.write_sync(claim)[0]
    store.write_sync(due, alert(Action.EDIT, version=2))
    assert store.write_sync(claim) == []
    store.write_sync(outbox.end, first, "failed", why=Reason(""), now=NOW)
    assert store.write_sync(claim) == []
    assert store.read_sync(outbox.counts) == {"dropped": 1, "failed": 1}


def test_a_first_card_that_was_not_tried_swallows_later_edits(store):
    store.write_sync(due, alert())
    assert store.write_sync(due, alert(Action.EDIT, version=2)) is False
    assert store.write_sync(due, alert(Action.REPLY, version=3)) is False


def test_pending_edits_become_one(store):
    store.write_sync(cards.put, Card(chat=1, thread=0, incident="i1", message_id=7, version=1))
    for version in (2, 3, 4):
        store.write_sync(due, alert(Action.EDIT, version=version))
    assert [one.version for one in store.write_sync(claim)] == [4]


def test_an_edit_that_is_asked_for_twice_stays(store):
    assert store.write_sync(due, alert(Action.EDIT, version=2))
    assert not store.write_sync(due, alert(Action.EDIT, version=2))
    sql = "SELECT version, state FROM alerts WHERE action = 'edit'"
    assert store.read_sync(lambda tx: tx.cells(sql)) == [(2, "pending")]


def test_alerts_that_are_added_together_are_covered_as_each_alone_is(store):
    def together(tx, *alerts):
        return outbox.enqueue_all(tx, [(one, Reason("")) for one in alerts], severity=3, now=NOW)

    assert store.write_sync(together) == 0
    assert store.write_sync(together, alert(chat=1), alert(chat=3)) == 2
    later = [alert(action, chat=chat, version=2) for chat in (1, 2, 3) for action in (Action.REPLY, Action.EDIT)]
    assert store.write_sync(together, *later) == 2
    waiting = store.read_sync(lambda tx: tx.cells("SELECT chat, action FROM alerts ORDER BY id"))
    assert waiting == [(1, "new"), (3, "new"), (2, "reply"), (2, "edit")]


def test_an_unanswered_first_card_is_sent_once_more_then_given_up(store):
    store.write_sync(due, alert())
    first = store.write_sync(claim)[0]
    store.write_sync(outbox.mark_unknown, first, at=NOW, now=NOW, why=Reason("ReadTimeout"))
    second = store.write_sync(claim)[0]
    assert (first.repeat, second.repeat) == (False, True)
    store.write_sync(outbox.mark_unknown, second, at=NOW, now=NOW, why=Reason("ReadTimeout"))
    assert store.write_sync(claim) == []
    assert store.read_sync(outbox.counts) == {"failed": 1}


def test_what_was_being_sent_when_the_process_died_is_unknown(store):
    store.write_sync(due, alert())
    store.write_sync(claim)
    assert store.write_sync(outbox.recover) == 1
    assert [one.repeat for one in store.write_sync(claim)] == [True]


def test_a_repeat_that_was_certainly_not_sent_stays_a_repeat(store):
    store.write_sync(due, alert())
    store.write_sync(claim)
    store.write_sync(outbox.recover)
    again = store.write_sync(claim)[0]
    store.write_sync(outbox.retry, again, at=NOW, why=Reason("no connection"))
    store.write_sync(outbox.mark_unknown, store.write_sync(claim)[0], at=NOW, now=NOW, why=Reason(""))
    assert store.read_sync(outbox.counts) == {"failed": 1}


# ------------------------------------------------------------------ chats


def test_an_upgraded_group_takes_everything_along_in_one_step(store):
    store.write_sync(due, alert(chat=-5))
    store.write_sync(subscriptions.add, Subscription(chat=-5, place=PLACES["Karachi"]), NOW)
    store.write_sync(chats.move, -5, -100, NOW)
    assert [one.chat for one in store.read_sync(subscriptions.of_chat, -100)] == [-100]
    assert [one.chat for one in store.write_sync(claim)] == [-100]
    assert store.read_sync(rows_about, -5) == 0


def test_forgetting_a_chat_leaves_no_row(store):
    store.write_sync(due, alert())
    store.write_sync(subscriptions.add, Subscription(chat=1), NOW)
    store.write_sync(cards.put, Card(chat=1, thread=0, incident="i1", message_id=7, version=1))
    store.write_sync(chats.mute, 1, 0, "i1", until=LATER)
    store.write_sync(inbox.put, [Inbound(update_id=5, chat=1, payload='{"text": "secret"}')], NOW)
    store.write_sync(chats.forget, 1, NOW)
    assert store.read_sync(rows_about, 1) == 0


def test_a_paused_chat_gets_nothing_until_it_speaks_again(store):
    store.write_sync(due, alert())
    store.write_sync(chats.pause, 1, "bot was blocked by the user", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=1), NOW)
    assert store.write_sync(claim) == []
    assert store.read_sync(subscriptions.possible, EVERYWHERE) == []
    store.write_sync(chats.touch, 1, "private", NOW)
    assert len(store.read_sync(subscriptions.possible, EVERYWHERE)) == 1


def rows_about(tx, chat):
    tables = (*TABLES_WITH_CHAT, "updates")
    return sum(tx.value(f"SELECT COUNT(*) FROM {table} WHERE chat = :chat", chat=chat) for table in tables)


# ------------------------------------------------------------------ subscriptions, updates, the lease


def test_a_subscription_for_the_same_place_gives_way(store):
    first = store.write_sync(subscriptions.add, Subscription(chat=1, place=PLACES["Karachi"]), NOW)
    second = store.write_sync(subscriptions.add, Subscription(chat=1, place=PLACES["Karachi"], km=50), NOW)
    assert [one.id for one in store.read_sync(subscriptions.of_chat, 1)] == [second.id]
    assert first.id != second.id or first.km != second.km


def test_an_update_is_new_once_and_unfinished_until_done(store):
    update = Inbound(update_id=5, chat=1, payload="{}")
    assert store.write_sync(inbox.put, [update], NOW) == [update]
    assert store.write_sync(inbox.put, [update], NOW) == []
    assert store.write_sync(inbox.unfinished) == [update]
    store.write_sync(inbox.mark_done, 5)
    assert store.write_sync(inbox.unfinished) == []


def test_an_update_that_kills_the_process_again_and_again_is_given_up(store):
    store.write_sync(inbox.put, [Inbound(update_id=5, chat=1, payload="{}")], NOW)
    assert [len(store.write_sync(inbox.unfinished)) for _ in range(5)] == [1, 1, 1, 0, 0]


def test_the_lease_passes_on_when_it_ends_or_its_holder_is_gone(store):
    soon, late = NOW + timedelta(seconds=1), NOW + timedelta(seconds=lease.SECONDS)
    assert store.write_sync(lease.take, "other", soon) is False
    assert store.write_sync(lease.take, "other", soon, gone=frozenset({HOLDER})) is True
    assert store.write_sync(lease.take, HOLDER, late) is False
    assert store.write_sync(lease.take, HOLDER, late + timedelta(seconds=2)) is True
