"""A source on trial is read and counted, and starts no alert until an administrator keeps it."""

from datetime import timedelta
from functools import partial

import pytest
from fakes import NOW, extract
from loopback import answer
from talking import ADMIN, message, say_to, tap
from test_finding_sources import buttons
from test_notifications import due
from test_poll import item, poll, rss

from bot.alerts import gate, source_notices
from bot.alerts.delivery import compose
from bot.incidents import ingest
from bot.render import text
from bot.store import articles, button_payloads, cards, chats, incidents, source_trials, sources, subscriptions
from bot.types import Card, Source, Subscription, TrialRecord
from extract.types import Article

NEW, OLD = "https://new.example/f", "https://old.example/f"
WEEK = timedelta(days=7)
CHAT = 501


@pytest.fixture(autouse=True)
def read_sources(store, simple_tracking):
    for url in (NEW, OLD):
        store.write_sync(sources.upsert, Source(url=url), "chat", NOW)
    store.write_sync(sources.start_trial, NEW, NOW + WEEK, NOW)
    store.write_sync(chats.touch, CHAT, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=CHAT), NOW)


def come(store, url, title, *, key="", at=NOW, link=""):
    """An article of a source, extracted and committed."""
    on_trial = store.read_sync(sources.get, url).is_on_trial
    article = Article(id=key or title, title=title, text="x", source=url, published=at, url=link)
    store.write_sync(articles.add, url, article, at, baseline=False, on_trial=on_trial)
    for stored in store.read_sync(articles.waiting, 10):
        new_id = ingest.seeded_ids("x")
        store.write_sync(ingest.commit, stored, extract(stored.article), now=at, new_id=new_id, rules=gate.Rules())


def alerts(store):
    return store.read_sync(lambda tx: [row["action"] for row in tx.rows("SELECT action FROM alerts ORDER BY id")])


def sent(store):
    """Its first card has been sent; the incident."""
    found = known(store)
    store.write_sync(lambda tx: tx.execute("UPDATE alerts SET state = 'sent'"))
    store.write_sync(cards.put, Card(chat=CHAT, thread=0, incident=found.id, message_id=7, version=found.version))
    return found


def known(store):
    [found] = store.read_sync(incidents.latest)
    return found


def test_what_only_a_source_on_trial_tells_is_known_and_alerts_nobody(store):
    come(store, NEW, "Bomb kills 4 in Karachi")
    assert known(store).facts.killed.low == 4 and alerts(store) == []
    [decided] = store.read_sync(incidents.decisions, incident=known(store).id)
    assert decided.note == gate.ON_TRIAL


def test_the_first_other_source_makes_a_first_card_of_it(store):
    come(store, NEW, "Bomb kills 90 in Karachi")
    come(store, OLD, "Bomb kills 4 in Karachi")
    assert alerts(store) == ["new"]
    assert known(store).facts.killed.low == 4 and [one.source for one in known(store).articles] == [OLD]


def test_beside_others_it_changes_nothing_and_makes_no_sound(store):
    come(store, OLD, "Bomb kills 4 in Karachi")
    before = sent(store)
    come(store, NEW, "Bomb kills 90 in Karachi")
    assert alerts(store) == ["new"] and known(store) == before
    come(store, OLD, "Bomb kills 5 in Karachi", key="b")
    assert alerts(store) == ["new", "reply", "edit"] and known(store).facts.killed.low == 5


def test_an_article_that_a_source_on_trial_copied_is_still_read_from_its_publisher(store):
    for url in (NEW, OLD):
        come(store, url, "Bomb kills 4 in Karachi", link="https://old.example/bomb")
    assert alerts(store) == ["new"]


def test_once_it_is_kept_it_alerts_and_counts(store):
    come(store, NEW, "Bomb kills 4 in Karachi")
    assert store.write_sync(sources.keep, NEW) and not store.write_sync(sources.keep, NEW)
    come(store, NEW, "Gunmen storm a bank in Lahore")
    assert alerts(store) == ["new"]
    come(store, OLD, "Bomb kills 5 in Karachi")
    both = store.read_sync(lambda tx: incidents.members(tx, store_id(tx, "bombing")))
    assert len(both) == 2


def store_id(tx, kind):
    return tx.value("SELECT id FROM incidents WHERE kind = :kind", kind=kind)


def test_what_came_on_trial_of_a_source_that_was_removed_never_counts(store):
    come(store, NEW, "Bomb kills 90 in Karachi")
    store.write_sync(sources.remove, NEW)
    come(store, OLD, "Bomb kills 4 in Karachi")
    assert known(store).facts.killed.low == 4 and alerts(store) == ["new"]


def test_the_record_of_a_trial(store):
    come(store, NEW, "Bomb kills 4 in Karachi")
    come(store, NEW, "Gunmen storm a bank in Lahore")
    come(store, NEW, "Market opens in Nairobi")
    come(store, OLD, "Bomb kills 4 in Karachi")
    assert store.read_sync(source_trials.record, NEW) == TrialRecord(articles=3, incidents=2, shared=1)
    assert store.read_sync(source_trials.record, OLD) == TrialRecord()


async def test_what_is_read_of_a_source_on_trial_is_marked_until_it_is_kept(web, reader, store, clock):
    url = f"{web.root}/f"
    store.write_sync(sources.add_new, [Source(url=url, every=10.0)], NOW, trial_ends=NOW + WEEK)
    store.write_sync(lambda tx: [sources.remove(tx, one) for one in (NEW, OLD)])
    web.pages["/f"] = answer(rss(item("Old")))
    await poll(reader)
    assert [one.on_trial for one in store.read_sync(articles.waiting, 10)] == [True]
    store.write_sync(sources.keep, url)
    clock.tick(11)
    web.pages["/f"] = answer(rss(item("New"), item("Old")))
    await poll(reader)
    assert [one.on_trial for one in store.read_sync(articles.waiting, 10)] == [False, False]


# ------------------------------------------------------------------ what an administrator sees and decides


async def add_on_trial(chatting, wire, url="https://a.example/gone"):
    await say_to(chatting, wire, message(f"/addsource {url}", user=ADMIN))
    return (await say_to(chatting, wire, tap(buttons(wire)["On trial, 7 days"], user=ADMIN)))[0]


def trial_of(store, url):
    return store.read_sync(sources.get, url).trial_ends


async def test_a_source_is_added_on_trial_by_a_tap(store, chatting, wire):
    said = await add_on_trial(chatting, wire)
    assert "On trial: https://a.example/gone/feed" in said and "starts no alert; then I ask you" in said
    assert trial_of(store, "https://a.example/gone/feed") == NOW + WEEK


async def test_one_that_was_added_at_once_is_put_on_trial_with_what_it_showed(store, chatting, wire):
    url = "https://a.example/f"
    await say_to(chatting, wire, message(f"/addsource {url}", user=ADMIN))
    store.write_sync(articles.add, url, Article(id="a", title="Bomb in Karachi", text="x"), NOW, baseline=True)
    await say_to(chatting, wire, tap(buttons(wire)["On trial, 7 days"], user=ADMIN))
    assert trial_of(store, url) == NOW + WEEK
    assert store.read_sync(source_trials.record, url).articles == 1


async def test_the_list_says_what_a_trial_has_told_and_leads_to_its_menu(store, chatting, wire):
    come(store, NEW, "Bomb kills 4 in Karachi")
    said = (await say_to(chatting, wire, message("/sources", user=ADMIN)))[0]
    assert "on trial until 9 Mar 2026, 12:00 UTC · 1 article, 1 incident: 0 also told by others, 1 by it alone" in said
    assert "on trial" in (await say_to(chatting, wire, message("/sources", user=501)))[0]
    await say_to(chatting, wire, message("/sources", user=ADMIN))
    menu = (await say_to(chatting, wire, tap(buttons(wire)[f"On trial: {NEW}"], user=ADMIN)))[0]
    assert "starts no alert" in menu
    assert list(buttons(wire)) == ["Keep it", "7 days more", "Remove"]


@pytest.mark.parametrize(
    ("label", "said", "ends"), [("Keep it", "Kept: ", None), ("7 days more", "On trial: ", NOW + 2 * WEEK)]
)
async def test_the_decision_after_a_trial(store, chatting, wire, clock, label, said, ends):
    clock.tick(WEEK.total_seconds())
    await say_to(chatting, wire, message(f"/addsource {NEW}", user=ADMIN))
    assert "its trial is over" in wire.said()[-1]["text"]
    assert said in (await say_to(chatting, wire, tap(buttons(wire)[label], user=ADMIN)))[0]
    assert trial_of(store, NEW) == ends


async def test_the_admins_are_asked_once_when_a_trial_is_over(store, names):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    look = partial(store.write_sync, source_notices.notify_of_ended_trials, [ADMIN, 9002])
    assert look(NOW + WEEK / 2, WEEK) == [] and look(NOW + WEEK, WEEK) == [NEW] and look(NOW + 2 * WEEK, WEEK) == [NEW]
    [asked] = [one for one in due(store, NOW + WEEK) if one.notice]
    made = compose(asked, None, None, names).message
    assert "its trial is over" in text.plain(made)
    assert [one.label for one in made.buttons[0]] == ["Keep it", "7 days more", "Remove"]
    token = made.buttons[0][0].arg.split()[0]
    assert [one.url for one in store.read_sync(button_payloads.get_sources, token, ADMIN)] == [NEW]
    assert trial_of(store, NEW) is not None


async def test_a_trial_that_is_prolonged_is_asked_about_again(store, chatting, wire):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    store.write_sync(source_notices.notify_of_ended_trials, [ADMIN], NOW + WEEK, WEEK)
    await say_to(chatting, wire, message(f"/addsource {NEW}", user=ADMIN))
    await say_to(chatting, wire, tap(buttons(wire)["7 days more"], user=ADMIN))
    store.write_sync(source_notices.notify_of_ended_trials, [ADMIN], NOW + 2 * WEEK, WEEK)
    assert len([one for one in due(store, NOW + 2 * WEEK) if one.notice]) == 2


def test_a_revision_of_the_only_article_is_no_first_card_again(store):
    come(store, OLD, "Bomb kills 4 in Karachi", key="a")
    sent(store)
    come(store, OLD, "Bomb kills 5 in Karachi", key="b")
    assert alerts(store) == ["new", "reply", "edit"]
