"""Merged, split and taken back by hand: records, cards, and the way back."""

from datetime import timedelta

import msgspec
import pytest
from fakes import HOLDER, NOW, PLACES, report

from bot.alerts.gate import Rules
from bot.errors import ChatError
from bot.incidents import corrections
from bot.incidents.ingest import commit, grow_old, refresh_aged, seeded_ids
from bot.store import amendments, articles, cards, chats, follows, incidents, lease, outbox, subscriptions
from bot.types import Card, Subscription
from extract.types import Action, Article, Extraction, Lifecycle

RULES = Rules()
IDS = seeded_ids("amend")
DAY = "2026-03-02"


def tell(store, key, place="Karachi", killed=4, *, now=NOW, **article):
    """One article through the pipeline; the incident its report went to."""
    told = Article(
        id=key, title=f"Blast in {place}", text=article.pop("text", f"{key} {place}"), published=now, **article
    )
    store.write_sync(articles.add, "", told, now, baseline=False)
    said = msgspec.structs.replace(report(place=PLACES[place], killed=killed, day=DAY), probability=0.9)
    found = Extraction(id=key, relevant=True, reports=(said,))
    for stored in store.read_sync(articles.waiting, 1):
        store.write_sync(commit, stored, found, now=now, new_id=IDS, rules=RULES)
    return store.read_sync(incidents.incident_of, key, 0)


def hold(store, chat, incident, message_id):
    """A chat that was sent the card."""
    store.write_sync(chats.touch, chat, "private", NOW)
    store.write_sync(cards.put, Card(chat=chat, thread=0, incident=incident, message_id=message_id, version=1))


def by_hand(store, what, *args, **kw):
    return store.write_sync(what, *args, now=NOW + timedelta(hours=1), rules=RULES, **kw)


def split(store, incident, *keys):
    return by_hand(store, corrections.split, incident, keys, new_id=IDS)


def state(store, incident):
    """What matters of a record: facts, articles, whether it points elsewhere."""
    known = store.read_sync(incidents.get, incident)
    return known.facts, known.articles, known.merged_into, known.lifecycle, known.last_seen


def due(store):
    """Everything that waits to be sent, one after the other as a chat gets it."""
    later, found = NOW + timedelta(hours=2), set()
    store.write_sync(lease.take, HOLDER, later)
    while claimed := store.write_sync(outbox.claim, holder=HOLDER, now=later, limit=50, busy=()):
        for one in claimed:
            store.write_sync(outbox.mark_sent, one, later)
            found.add((one.chat, one.incident, one.action))
    return found


@pytest.fixture
def two(store):
    """Two records, each with its card: chat 1 has the first, chat 2 the second, chat 3 both."""
    first, second = tell(store, "a", killed=4), tell(store, "b", "Lahore", killed=6)
    for chat, incident, message_id in ((1, first, 11), (2, second, 22), (3, first, 31), (3, second, 32)):
        hold(store, chat, incident, message_id)
    return first, second


def test_merging_makes_one_record_of_all_reports(store, two):
    first, second = two
    by_hand(store, corrections.merge, first, second)
    known = store.read_sync(incidents.get, first)
    assert {article.id for article in known.articles} == {"a", "b"}
    assert known.facts.killed.low == 6
    assert [one.id for one in store.read_sync(incidents.everything)] == [first]
    assert store.read_sync(incidents.resolve, second).id == first


def test_cards_of_the_other_record_show_the_kept_one(store, two):
    first, second = two
    by_hand(store, corrections.merge, first, second)
    assert store.read_sync(cards.by_message, 2, 22).incident == first
    assert store.read_sync(cards.by_message, 3, 32).incident == second
    assert {(2, first, Action.EDIT), (3, second, Action.EDIT)} <= due(store)


def test_undoing_a_merge_restores_both_records_and_their_cards(store, two):
    first, second = two
    before = state(store, first), state(store, second)
    by_hand(store, corrections.merge, first, second)
    by_hand(store, corrections.undo)
    after = state(store, first), state(store, second)
    assert [part[:3] + part[4:] for part in after] == [part[:3] + part[4:] for part in before]
    assert store.read_sync(cards.by_message, 2, 22).incident == second
    assert len(store.read_sync(incidents.everything)) == 2


def test_merging_then_splitting_restores_both(store, two):
    first, second = two
    facts = [state(store, one)[0] for one in two]
    by_hand(store, corrections.merge, first, second)
    done = split(store, first, "b")
    assert [state(store, one)[0] for one in (first, done.other)] == facts


def test_undoing_a_split_makes_one_record_again(store):
    first = tell(store, "a", killed=4)
    assert tell(store, "c", killed=5) == first
    before = state(store, first)
    done = split(store, first, "c")
    assert {a.id for a in store.read_sync(incidents.get, first).articles} == {"a"}
    by_hand(store, corrections.undo)
    assert state(store, first)[:3] == before[:3]
    assert store.read_sync(incidents.resolve, done.other).id == first


def test_what_a_wrong_merge_hid_is_alerted_once_it_is_split_off(store):
    store.write_sync(chats.touch, 9, "private", NOW)
    first = tell(store, "a", killed=4)
    tell(store, "c", killed=5)
    store.write_sync(subscriptions.add, Subscription(chat=9, place=PLACES["Karachi"]), NOW)
    done = split(store, first, "c")
    assert (9, done.other, Action.NEW) in due(store)


def test_a_later_revision_goes_where_its_article_was_put_by_hand(store, two):
    first, second = two
    by_hand(store, corrections.merge, first, second)
    assert tell(store, "b", "Lahore", killed=7, text="a new text") == first
    assert store.read_sync(incidents.get, first).facts.killed.low == 7


def test_new_reports_never_join_a_record_that_points_elsewhere(store, two):
    first, second = two
    by_hand(store, corrections.merge, first, second)
    assert tell(store, "d", "Lahore", killed=6) != second


def test_taking_back_tells_holders_and_can_be_undone(store, two):
    first, _ = two
    by_hand(store, corrections.retract, first)
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.RETRACTED
    assert (1, first, Action.RETRACT) in due(store)
    by_hand(store, corrections.undo)
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.NEW
    assert (1, first, Action.REPLY) in due(store)


def test_what_was_taken_back_stays_so_when_its_article_changes(store, two):
    first, _ = two
    by_hand(store, corrections.retract, first)
    tell(store, "a", killed=9, text="revised")
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.RETRACTED


@pytest.mark.parametrize("names", [("nothing", "b"), ("a", "a")])
def test_mistakes_are_told(store, two, names):
    at = dict(zip("ab", two, strict=True))
    with pytest.raises(ChatError):
        by_hand(store, corrections.merge, *(at.get(name, name) for name in names))


def test_a_split_must_leave_and_take_something(store, two):
    for keys in ((), ("a",), ("unknown",)):
        with pytest.raises(ChatError):
            split(store, two[0], *keys)


def test_nothing_is_undone_twice(store, two):
    by_hand(store, corrections.merge, *two)
    by_hand(store, corrections.undo)
    with pytest.raises(ChatError):
        by_hand(store, corrections.undo)
    assert [one.undone is not None for one in store.read_sync(amendments.of, two[0])] == [True]


# ------------------------------------------------------------------ withdrawn by the source


def test_a_withdrawn_article_takes_back_what_rested_on_it_alone(store):
    first = tell(store, "a")
    hold(store, 1, first, 11)
    tell(store, "a", text="The agency has withdrawn this story.")
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.RETRACTED
    assert (1, first, Action.RETRACT) in due(store)


def test_an_incident_with_other_reports_outlives_a_withdrawn_one(store):
    first = tell(store, "a", killed=9)
    tell(store, "c", killed=4)
    tell(store, "a", killed=9, text="WITHDRAWN: see the corrected story.")
    known = store.read_sync(incidents.get, first)
    assert (known.lifecycle, known.facts.killed.low) == (Lifecycle.DEVELOPING, 4)


def test_a_feeds_own_sign_withdraws_the_article_it_names(store):
    first = tell(store, "a")
    tell(store, "x", revises="a", withdrawn=True)
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.RETRACTED


def test_a_new_text_that_tells_less_takes_nothing_back(store):
    first = tell(store, "a")
    told = Article(id="a", title="Blast", text="A shorter text.", published=NOW)
    store.write_sync(articles.add, "", told, NOW, baseline=False)
    stored = store.read_sync(articles.waiting, 1)[0]
    nothing = Extraction(id="a", relevant=False)
    assert store.write_sync(commit, stored, nothing, now=NOW, new_id=IDS, rules=RULES) == []
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.NEW


def test_a_card_not_yet_sent_is_not_sent_once_its_story_is_withdrawn(store):
    store.write_sync(chats.touch, 1, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=1, place=None), NOW)
    tell(store, "a")
    tell(store, "a", text="We have retracted this story.")
    assert due(store) == set()


# ------------------------------------------------------------------ age and hindsight


def test_records_become_stable_then_closed_and_nobody_is_told(store):
    first = tell(store, "a")
    hold(store, 1, first, 11)
    for hours, expected in (
        (23, Lifecycle.NEW),
        (25, Lifecycle.STABLE),
        (169, Lifecycle.CLOSED),
        (400, Lifecycle.CLOSED),
    ):
        store.write_sync(grow_old, NOW + timedelta(hours=hours))
        assert store.read_sync(incidents.get, first).lifecycle is expected
    assert due(store) == set()
    assert len(store.read_sync(incidents.versions, first)) == 3


def test_cards_are_edited_once_when_their_record_becomes_stable_and_once_when_it_is_closed(store):
    first = tell(store, "a")
    hold(store, 1, first, 11)
    for hours, expected in ((23, 0), (25, 1), (26, 0), (169, 1), (400, 0)):
        at = NOW + timedelta(hours=hours)
        store.write_sync(grow_old, at)
        assert store.write_sync(refresh_aged, at) == expected
        for one in store.read_sync(outbox.everything):
            assert one.incident != first or one.action is Action.NEW or one.silent
        if expected:
            version = store.read_sync(incidents.get, first).version
            store.write_sync(cards.put, Card(chat=1, thread=0, incident=first, message_id=11, version=version))


def test_a_late_report_keeps_a_record_alive(store):
    first = tell(store, "a")
    tell(store, "c", now=NOW + timedelta(hours=20))
    store.write_sync(grow_old, NOW + timedelta(hours=30))
    assert store.read_sync(incidents.get, first).lifecycle is Lifecycle.DEVELOPING


def test_what_was_known_at_any_moment_can_be_asked(store, two):
    first, second = two
    tell(store, "c", killed=9, now=NOW + timedelta(minutes=30))
    by_hand(store, corrections.merge, first, second)

    def known(minutes):
        found = store.read_sync(incidents.as_of, NOW + timedelta(minutes=minutes))
        return {(one.id, one.facts.killed.low) for one in found}

    assert known(-1) == set()
    assert known(0) == {(first, 4), (second, 6)}
    assert known(45) == {(first, 9), (second, 6)}
    assert known(90) == {(first, 9)}
    assert store.read_sync(incidents.version_as_of, second, NOW).merged_into == ""


def test_every_table_is_there_after_the_step_from_the_first_schema(store):
    assert msgspec.to_builtins(store.read_sync(amendments.of, "nothing")) == []


# ------------------------------------------------------------------ what a merge takes along


def test_cards_of_a_record_that_was_told_keep_being_true_when_it_joins_one_that_was_not(store):
    old = tell(store, "old", now=NOW)
    store.write_sync(lambda tx: tx.execute("UPDATE incidents SET announced = 0"))
    told = tell(store, "b", "Lahore", killed=6)
    hold(store, 2, told, 22)
    by_hand(store, corrections.merge, old, told)
    assert (2, old, Action.EDIT) in due(store)
    by_hand(store, corrections.retract, old)
    assert (2, old, Action.RETRACT) in due(store)


def test_followers_go_along_and_come_back(store, two):
    first, second = two
    store.write_sync(chats.touch, 5, "private", NOW)
    store.write_sync(follows.follow, 5, 0, second)
    by_hand(store, corrections.merge, first, second)
    assert (5, 0) in store.read_sync(follows.followers, first)
    by_hand(store, corrections.undo)
    assert (5, 0) in store.read_sync(follows.followers, second)


def test_who_has_blocked_the_bot_follows_nothing_meanwhile(store, two):
    store.write_sync(chats.touch, 5, "private", NOW)
    store.write_sync(follows.follow, 5, 0, two[0])
    store.write_sync(chats.pause, 5, "blocked", NOW)
    assert store.read_sync(follows.followers, two[0]) == set()


def test_a_merge_whose_report_was_withdrawn_since_can_still_be_undone(store, two):
    first, second = two
    by_hand(store, corrections.merge, first, second)
    tell(store, "b", "Lahore", text="We have retracted this story.")
    by_hand(store, corrections.undo)
    assert store.read_sync(incidents.get, second).lifecycle is Lifecycle.RETRACTED
    assert store.read_sync(incidents.get, first).merged_into == ""


def test_what_was_taken_back_is_neither_merged_nor_split(store, two):
    by_hand(store, corrections.retract, two[1])
    with pytest.raises(ChatError, match="taken back"):
        by_hand(store, corrections.merge, *two)
    with pytest.raises(ChatError, match="taken back"):
        split(store, two[1], "b")


def test_a_button_undoes_only_what_it_stands_under(store, two):
    first = by_hand(store, corrections.retract, two[1])
    second = by_hand(store, corrections.retract, two[0])
    with pytest.raises(ChatError, match="since"):
        by_hand(store, corrections.undo, number=first.id)
    by_hand(store, corrections.undo, number=second.id)
    with pytest.raises(ChatError, match="undone already"):
        by_hand(store, corrections.undo, number=second.id)


def test_forgetting_a_chat_leaves_no_card_of_it_in_what_can_be_undone(store):
    kept, gone = tell(store, "one"), tell(store, "two", "Lahore")
    for chat in (777123, 777124):
        hold(store, chat, gone, 5)
    by_hand(store, corrections.merge, kept, gone)
    store.write_sync(chats.forget, 777123, NOW)
    (left,) = store.read_sync(amendments.of, kept)
    assert [card.chat for card in left.cards] == [777124]
