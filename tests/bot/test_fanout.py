"""A change that thousands are told of goes out in parts: every chat once, in order, whatever is killed between two."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from fakes import HOLDER, NOW, PLACES, report
from test_delivery import FakeSender
from test_render import NAMES
from test_store import incident, save

from bot import composition
from bot.alerts.delivery import Deliverer, compose
from bot.alerts.fanout import continue_fan_out, fan_out, publish
from bot.alerts.gate import Rules
from bot.config import Config, SourceSettings
from bot.incidents import corrections, ingest, intake
from bot.store import Store, articles, cards, chats, counters, fanout, follows, incidents, outbox, subscriptions
from bot.types import Alert, Card, Subscription
from extract.types import Action, Article, ArticleRef, Change, Extraction, Member

CHATS = 25
PARTS = Rules(batch=4)
WHOLE = Rules()


def change(version, action, name="i1"):
    return Change(incident=name, version=version, at=NOW, article="a1", action=action, because=("killed",))


@pytest.fixture
def crowd(store):
    """Chats that subscribe, two in topics; one that only follows, one that only holds a card, one that was muted."""
    for chat in range(1, CHATS + 1):
        store.write_sync(chats.touch, chat, "private", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=chat), NOW)
    store.write_sync(subscriptions.add, Subscription(chat=7, thread=3), NOW)
    for chat in (-100, 900):
        store.write_sync(chats.touch, chat, "supergroup", NOW)
    store.write_sync(follows.follow, -100, 5, "i1")
    store.write_sync(cards.put, Card(chat=900, thread=0, incident="i1", message_id=9, version=1))
    store.write_sync(chats.mute, 3, 0, "i1", until=NOW + timedelta(hours=1))
    return store


def told(store):
    return [(one.chat, one.thread, one.version, one.action, one.silent) for one in store.read_sync(outbox.everything)]


def open_ones(store):
    return store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM tellings"))


def tell_all(store, rules=PARTS):
    parts = 0
    while store.write_sync(continue_fan_out, rules):
        parts += 1
    return parts


def publish_two(store, rules):
    one, two = incident("i1"), incident("i1", version=2)
    store.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=rules)
    tell_all(store, rules)
    store.write_sync(lambda tx: tx.execute("UPDATE alerts SET state = 'sent'"))
    for chat, thread, *_ in told(store):
        store.write_sync(cards.put, Card(chat=chat, thread=thread, incident="i1", message_id=chat + 2000, version=1))
    store.write_sync(publish, change(2, Action.REPLY), one, two, now=NOW, rules=rules)
    tell_all(store, rules)
    return told(store)


@pytest.mark.parametrize("batch", [1, 2, 4, 24, 25, 26, 27, 28, 1000])
def test_parts_tell_what_one_transaction_tells(crowd, tmp_path, batch):
    crowd.backup(tmp_path / "copy.db")
    copy = Store(tmp_path / "copy.db")
    in_parts, at_once = publish_two(crowd, Rules(batch=batch)), publish_two(copy, WHOLE)
    copy.close()
    assert sorted(in_parts) == sorted(at_once)
    assert len(in_parts) == len(set(in_parts)) > 3 * CHATS
    assert open_ones(crowd) == 0


def test_a_part_reaches_no_more_chats_than_it_may(crowd):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    assert 0 < len({chat for chat, *_ in told(crowd)}) <= 2 * PARTS.batch
    assert open_ones(crowd) == 1
    before = {chat for chat, *_ in told(crowd)}
    while crowd.write_sync(continue_fan_out, PARTS):
        now = {chat for chat, *_ in told(crowd)}
        assert len(now - before) <= 2 * PARTS.batch
        before = now


def test_a_part_that_fails_is_told_again_from_its_beginning(crowd, monkeypatch):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    enqueue_all = outbox.enqueue_all

    def dies(*args, **kwargs):
        assert enqueue_all(*args, **kwargs) > 0
        raise OSError("killed")

    before = told(crowd)
    with monkeypatch.context() as patched, pytest.raises(OSError, match="killed"):
        patched.setattr(outbox, "enqueue_all", dies)
        crowd.write_sync(continue_fan_out, PARTS)
    assert told(crowd) == before
    tell_all(crowd)
    assert sorted({chat for chat, *_ in told(crowd)} - {-100, 900}) == list(range(1, CHATS + 1))


def test_what_comes_later_waits_for_what_is_not_told_yet_where_all_is_told_at_once(crowd):
    one, two = incident("i1"), incident("i1", version=2)
    crowd.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=PARTS)
    crowd.write_sync(fan_out, change(2, Action.EDIT), one, two, now=NOW, rules=WHOLE)
    assert open_ones(crowd) == 0
    assert {chat for chat, *_ in told(crowd)} >= set(range(1, CHATS + 1))


def test_the_oldest_change_is_told_first(crowd):
    one, two = incident("i1"), incident("i1", version=2)
    crowd.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=PARTS)
    crowd.write_sync(publish, change(2, Action.REPLY), one, two, now=NOW, rules=PARTS)
    assert crowd.read_sync(fanout.oldest).change.version == 1
    tell_all(crowd)
    shown = [(version, action) for chat, _, version, action, _ in told(crowd) if chat == 20]
    assert shown == [(2, Action.NEW)]  # the first card shows the newest state


async def test_ingesting_tells_the_rest_also_after_a_restart(crowd, clock):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    assert await intake.work_off(crowd, None, PARTS, limit=1, clock=clock) == 0
    assert open_ones(crowd) == 0
    assert {chat for chat, *_ in told(crowd)} >= set(range(1, CHATS + 1))


async def test_a_bug_in_one_change_does_not_hold_up_the_others(crowd, clock, monkeypatch):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    monkeypatch.setattr(outbox, "enqueue_all", lambda *_args, **_kwargs: 1 / 0)
    await asyncio.wait_for(intake.work_off(crowd, None, PARTS, limit=1, clock=clock), 10)
    assert open_ones(crowd) == 0
    assert [one.ref for one in crowd.read_sync(counters.problems)] == ["incident i1"]


def test_a_source_has_its_tier_under_each_of_its_names():
    wire = SourceSettings(url="https://www.wire.example/feed", name="Meridian Wire", tier=1)
    rules = composition.alert_rules(Config(sources=(wire,)), SimpleNamespace(contains=None, reached=None))
    assert rules.tiers == {"Meridian Wire": 1, "meridian wire": 1, "wire.example": 1}


def test_the_service_tells_in_parts():
    assert (
        composition.alert_rules(Config(), SimpleNamespace(contains=None, reached=None)).batch
        == composition.FAN_OUT_BATCH
        == 500
    )


async def test_what_a_hand_changes_is_told_in_parts_and_to_the_end(crowd):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=WHOLE)
    await deliver_all(crowd)
    first = len(told(crowd))
    crowd.write_sync(corrections.retract, "i1", now=NOW, rules=PARTS)
    assert first < len(told(crowd)) <= first + 2 * 2 * PARTS.batch
    crowd.write_sync(corrections.undo, now=NOW, rules=PARTS)
    tell_all(crowd)
    by_chat = [action for chat, _, _, action, _ in told(crowd) if chat == 20]
    assert by_chat == [Action.NEW, Action.RETRACT, Action.EDIT, Action.REPLY, Action.EDIT]
    assert {chat for chat, _, _, action, _ in told(crowd) if action is Action.RETRACT} >= set(range(1, CHATS + 1))


def test_nobody_is_told_of_a_change_before_all_are_told_of_the_one_before(crowd):
    one, two = incident("i1"), incident("i1", version=2)
    crowd.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=PARTS)
    before = told(crowd)
    crowd.write_sync(publish, change(2, Action.REPLY), one, two, now=NOW, rules=PARTS)
    assert len(told(crowd)) == len(before)
    assert open_ones(crowd) == 2


async def deliver_all(store):
    """The deliverer comes between two parts: what is due arrives, each card as the incident stands then."""
    sender = Deliverer(store=store, sender=FakeSender(), names=NAMES, holder=HOLDER, clock=lambda: NOW)
    while claimed := store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=50, busy=()):
        for alert in claimed:
            await sender.deliver(alert)


@pytest.mark.parametrize("rules", [WHOLE, PARTS])
@pytest.mark.parametrize("in_flight", [False, True])
async def test_two_reports_of_one_article_are_one_message_to_each_chat(crowd, rules, in_flight):
    crowd.write_sync(articles.add, "", Article(id="a", title="Blast", text="a", published=NOW), NOW, baseline=False)
    said = [report(place=PLACES["Karachi"], killed=killed, day="2026-03-02") for killed in (4, 9)]
    sure = tuple(msgspec.structs.replace(one, probability=0.9, words=("^karachi", "blast")) for one in said)
    found = Extraction(id="a", relevant=True, reports=sure)
    (stored,) = crowd.read_sync(articles.waiting, 1)
    made = crowd.write_sync(ingest.commit, stored, found, now=NOW, new_id=lambda _: "i1", rules=rules)
    assert [(one.version, one.action) for one in made] == [(1, Action.NEW), (2, Action.REPLY)]
    is_more = True
    while is_more:
        if in_flight:  # claimed, and no answer has come yet
            crowd.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=50, busy=())
        else:
            await deliver_all(crowd)
        is_more = crowd.write_sync(continue_fan_out, rules)
    got = [(chat, thread, action) for chat, thread, _, action, _ in told(crowd) if chat not in {900, -100}]
    assert sorted(got) == sorted({(chat, thread, Action.NEW) for chat, thread, _ in got})
    assert len(got) == CHATS + 1


async def test_a_change_made_while_the_card_was_told_is_news_to_whom_it_did_not_show_it(crowd):
    one, two, three = incident("i1"), incident("i1", version=2), incident("i1", version=3)
    crowd.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=WHOLE)
    await deliver_all(crowd)
    crowd.write_sync(publish, change(2, Action.REPLY), one, two, now=NOW, rules=WHOLE)
    crowd.write_sync(publish, change(3, Action.REPLY), two, three, now=NOW, rules=WHOLE)
    assert [(version, action) for chat, _, version, action, _ in told(crowd) if chat == 20] == [
        (1, Action.NEW), (2, Action.REPLY), (2, Action.EDIT), (3, Action.REPLY), (3, Action.EDIT),
    ]  # fmt: skip


def first_cards(store, name):
    """The chats that a first card is on its way to."""
    return {chat for chat, _ in store.read_sync(outbox.open_first_cards, name)}


@pytest.mark.parametrize("rules", [WHOLE, PARTS])
def test_a_record_that_is_merged_away_while_it_is_told_is_told_no_further(crowd, rules):
    one, two = incident("i1"), incident("i2")
    crowd.write_sync(publish, change(1, Action.NEW), None, one, now=NOW, rules=WHOLE)
    crowd.write_sync(publish, change(1, Action.NEW, "i2"), None, two, now=NOW, rules=PARTS)
    assert 0 < len(first_cards(crowd, "i2")) < CHATS
    for name in ("i1", "i2"):
        member = Member(article=ArticleRef(id=name, url="", source="", published=NOW, title=name), report=report())
        crowd.write_sync(incidents.join, name, member, 0, NOW)
    crowd.write_sync(corrections.merge, "i1", "i2", now=NOW, rules=rules)
    tell_all(crowd)
    assert first_cards(crowd, "i2") == set()
    assert first_cards(crowd, "i1") >= set(range(1, CHATS + 1))


def test_a_record_that_is_taken_back_while_it_is_told_is_told_no_further(crowd):
    crowd.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    crowd.write_sync(corrections.retract, "i1", now=NOW, rules=PARTS)
    tell_all(crowd)
    assert first_cards(crowd, "i1") == set()
    crowd.write_sync(corrections.undo, now=NOW, rules=PARTS)
    tell_all(crowd)
    assert first_cards(crowd, "i1") >= set(range(1, CHATS + 1))


def test_a_first_card_of_a_record_that_was_merged_away_is_not_sent():
    gone = msgspec.structs.replace(incident("i1"), merged_into="i2")
    alert = Alert(id=1, chat=1, thread=0, incident="i1", version=1, action=Action.NEW, change=change(1, Action.NEW))
    assert compose(alert, gone, None, NAMES) is None
    assert compose(msgspec.structs.replace(alert, repeat=True), gone, None, NAMES) is not None


@pytest.mark.parametrize("record", ["{", '{"id":', "x'7bff22'"])
@pytest.mark.parametrize("damaged", [1, 2])
@pytest.mark.parametrize("newest", [2, 3])
async def test_a_damaged_copy_of_a_version_keeps_nobody_from_being_told(crowd, clock, record, damaged, newest):
    one, two, three = (incident("i1", version=number) for number in (1, 2, 3))
    crowd.write_sync(save, one)
    crowd.write_sync(publish, change(2, Action.NEW), one, two, now=NOW, rules=PARTS)
    if newest == 3:
        crowd.write_sync(incidents.save, three, change(3, None), announced=True)
    broken = record if record.startswith("x") else f"'{record}'"
    crowd.write_sync(
        lambda tx: tx.execute(
            f"UPDATE incident_versions SET record = CAST({broken} AS TEXT) WHERE version = :damaged", damaged=damaged
        )
    )
    await intake.work_off(crowd, None, PARTS, limit=1, clock=clock)
    assert open_ones(crowd) == 0
    assert crowd.read_sync(counters.problems) == []
    assert first_cards(crowd, "i1") >= set(range(1, CHATS + 1))


@pytest.mark.parametrize("news", [[-1001234567890], [-1001234567890, -1009999999999], [-1009999999999, -1001234567890]])
def test_a_group_that_becomes_a_supergroup_while_a_change_is_told_is_told_once(store, news):
    for chat in range(-30, 0):
        store.write_sync(chats.touch, chat, "group", NOW)
        store.write_sync(subscriptions.add, Subscription(chat=chat), NOW)
    store.write_sync(publish, change(1, Action.NEW), None, incident("i1"), now=NOW, rules=PARTS)
    for old in (-3, -30):
        for new in news if old == -3 else [-1000000000001]:
            store.write_sync(chats.move, old, new, NOW)
            old = new  # noqa: PLW2901
    tell_all(store)
    assert sorted(chat for chat, *_ in told(store)) == sorted({*range(-29, 0), news[-1], -1000000000001} - {-3})
