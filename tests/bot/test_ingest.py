"""From an extraction to incidents and alerts, in one transaction."""

from datetime import timedelta

import pytest
from fakes import HOLDER, NOW, PLACES, extract, report

from bot.alerts.gate import Rules
from bot.alerts.routing import Contains
from bot.extraction.executor import Failed
from bot.incidents.ingest import commit, is_known, replay, seeded_ids
from bot.incidents.intake import work_off
from bot.store import articles, cards, chats, counters, incidents, outbox, subscriptions
from bot.types import Card, Reason, Subscription
from extract.types import Action, Article, Decision, Extraction, News, Severity

HOLDS: Contains = lambda area, place: area.geonameid == place.geonameid  # noqa: E731
RULES = Rules(contains=HOLDS)
IDS = seeded_ids("test")
pytestmark = pytest.mark.usefixtures("simple_tracking")


def news(key="a", title="Bomb kills 4 in Karachi", *, published=NOW, source="post.example"):
    url = f"https://{source}/{key}"
    return Article(id=key, title=title, text="Police said so.", url=url, published=published, source=source)


def ingest(store, article, *, baseline=False, now=NOW, extraction=None):
    store.write_sync(articles.add, "https://feed.example/", article, now, baseline=baseline)
    changes = []
    for stored in store.read_sync(articles.waiting, 10):
        told = extraction or extract(stored.article)
        changes += store.write_sync(commit, stored, told, now=now, new_id=IDS, rules=RULES)
    return [change.action for change in changes]


def subscribe(store, chat=1, place=PLACES["Karachi"], **kw):
    store.write_sync(chats.touch, chat, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=chat, place=place, **kw), NOW)


def due(store):
    claimed = store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=50, busy=())
    return [(one.chat, one.action) for one in claimed]


def give_card(store, chat=1):
    incident = store.read_sync(incidents.latest)[0].id
    store.write_sync(cards.put, Card(chat=chat, thread=0, incident=incident, message_id=9, version=1))
    for one in store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=50, busy=()):
        store.write_sync(outbox.mark_sent, one, NOW)


def test_a_new_incident_is_alerted_to_those_who_asked_for_it(store):
    subscribe(store, 1)
    subscribe(store, 2, PLACES["Nairobi"])
    assert ingest(store, news()) == [Action.NEW]
    assert due(store) == [(1, Action.NEW)]


def test_two_subscriptions_of_a_chat_give_one_card(store):
    subscribe(store, 1)
    subscribe(store, 1, None)
    ingest(store, news())
    assert due(store) == [(1, Action.NEW)]


def test_a_second_report_edits_the_card_silently(store):
    subscribe(store)
    ingest(store, news())
    give_card(store)
    assert ingest(store, news("b", "4 killed as bomb goes off in Karachi", source="wire.example")) == [Action.EDIT]
    assert due(store) == [(1, Action.EDIT)]
    assert len(store.read_sync(incidents.latest)) == 1


def test_a_material_change_replies_and_edits(store):
    subscribe(store)
    ingest(store, news())
    give_card(store)
    assert ingest(store, news("b", "Bomb kills 9 in Karachi")) == [Action.REPLY]
    assert due(store) == [(1, Action.REPLY)]
    counts = store.read_sync(outbox.counts)
    assert counts == {"sent": 1, "sending": 1, "pending": 1}


def test_a_revised_article_changes_its_own_report_and_makes_no_second_one(store):
    subscribe(store)
    ingest(store, news())
    assert ingest(store, news(title="Bomb kills 6 in Karachi")) == [Action.REPLY]
    known = store.read_sync(incidents.latest)[0]
    assert (known.facts.killed.low, len(known.articles)) == (6, 1)


def test_history_of_a_new_source_is_recorded_and_never_alerted(store):
    subscribe(store)
    assert ingest(store, news(), baseline=True) == [None]
    assert due(store) == []
    assert len(store.read_sync(incidents.latest)) == 1


def test_later_news_about_history_gives_a_first_card(store):
    subscribe(store)
    ingest(store, news(), baseline=True)
    assert ingest(store, news("b", "4 killed as bomb goes off in Karachi")) == [None]
    assert ingest(store, news("c", "Bomb kills 9 in Karachi")) == [Action.NEW]
    assert due(store) == [(1, Action.NEW)]


def test_the_first_account_of_the_act_gives_the_first_card_where_only_its_aftermath_was_known(store):
    subscribe(store)
    aftermath = Extraction(id="a", relevant=True, reports=(report(news=News.FOLLOW_UP),))
    account = Extraction(id="b", relevant=True, reports=(report(day="2026-03-01"),))
    assert ingest(store, news(), extraction=aftermath) == [None]
    assert ingest(store, news("b", "4 killed as bomb goes off in Karachi"), extraction=account) == [Action.NEW]
    assert due(store) == [(1, Action.NEW)]


def test_what_is_probably_the_aftermath_of_an_announced_incident_makes_a_record_only(store, monkeypatch):
    subscribe(store)
    ingest(store, news())
    known = store.read_sync(incidents.latest)[0].id
    likely = Decision(action="new", reason="the nearest reaches 1.5 of 2", aftermath_of=known)
    monkeypatch.setattr("extract.track.decide", lambda _member, _known: likely)
    assert ingest(store, news("b", "Man charged in Karachi bombing")) == [None]
    assert due(store) == [(1, Action.NEW)]
    record = next(one.id for one in store.read_sync(incidents.latest) if one.id != known)
    assert "sequel" in store.read_sync(incidents.decisions, incident=record)[0].note.message


def test_history_that_changes_a_running_incident_makes_no_sound(store):
    subscribe(store)
    ingest(store, news())
    give_card(store)
    assert ingest(store, news("b", "Bomb kills 9 in Karachi"), baseline=True) == [Action.EDIT]


def test_an_article_has_the_tier_of_its_source(store):
    store.write_sync(articles.add, "https://feed.example/", news(), NOW, baseline=False)
    (stored,) = store.read_sync(articles.waiting, 10)
    rules = Rules(tiers={"post.example": 1})
    store.write_sync(commit, stored, extract(stored.article), now=NOW, new_id=IDS, rules=rules)
    assert [one.tier for one in store.read_sync(incidents.latest)[0].articles] == [1]


def test_an_old_article_makes_a_record_only(store):
    subscribe(store)
    assert ingest(store, news(published=NOW - timedelta(hours=49))) == [None]
    assert ingest(store, news("b", "Bomb kills 2 in Lahore", published=NOW - timedelta(hours=47))) == [Action.NEW]


@pytest.mark.parametrize(
    ("kind_of_news", "day", "expected"),
    [
        (News.EVENT, "", Action.NEW),
        (News.EVENT, "2026-03-01", Action.NEW),
        (News.EVENT, "2026-02-20", None),
        (News.FOLLOW_UP, "", None),
        (News.FOLLOW_UP, "2026-02-27", Action.NEW),
        (News.FOLLOW_UP, "2026-01-10", None),
    ],
)
def test_what_lies_too_far_back_makes_a_record_only(store, kind_of_news, day, expected):
    told = Extraction(id="a", relevant=True, reports=(report(news=kind_of_news, day=day),))
    assert ingest(store, news(), extraction=told) == [expected]


def test_a_chat_whose_filter_matches_only_now_gets_a_first_card(store):
    subscribe(store, 1)
    subscribe(store, 2, min_severity=Severity.EXTREME)
    ingest(store, news())
    give_card(store)

    told = Extraction(id="b", relevant=True, reports=(report(killed=4, severity=Severity.EXTREME),))
    assert ingest(store, news("b", "4 killed as bomb goes off in Karachi"), extraction=told) == [Action.EDIT]
    assert sorted(due(store)) == [(1, Action.EDIT), (2, Action.NEW)]


def test_a_muted_incident_still_comes_but_without_a_sound(store):
    subscribe(store)
    ingest(store, news())
    give_card(store)
    store.write_sync(chats.mute, 1, 0, store.read_sync(incidents.latest)[0].id, until=NOW + timedelta(hours=1))
    ingest(store, news("b", "Bomb kills 9 in Karachi"))
    assert [one.silent for one in store.write_sync(outbox.claim, holder=HOLDER, now=NOW, limit=9, busy=())] == [True]


def test_every_decision_is_kept_with_its_reason(store):
    ingest(store, news(), baseline=True)
    record = store.read_sync(incidents.decisions, incident=store.read_sync(incidents.latest)[0].id)[0]
    assert (record.decision.action, record.note) == ("new", Reason("history of a new source"))


def test_a_replay_can_be_resumed_and_changes_nothing_the_second_time(store):
    for _ in range(2):
        one = news()
        changes = replay(store, one, extract(one), now=NOW, new_id=IDS, rules=RULES)
    assert changes == []
    assert is_known(store, "a")
    assert not is_known(store, "b")
    assert store.read_sync(incidents.latest)[0].id == IDS(0)


class OneBad:
    """Workers of which one article is the death."""

    async def extract(self, batch):
        return [Failed("killed the worker") if "cursed" in one.title else extract(one) for one in batch]


async def test_an_article_that_kills_the_worker_is_set_aside_and_counted(store):
    for key, title in (("a", "cursed"), ("b", "Bomb kills 4 in Karachi")):
        store.write_sync(articles.add, "", news(key, title), NOW, baseline=False)
    assert await work_off(store, OneBad(), RULES, limit=10, clock=lambda: NOW) == 2
    assert await work_off(store, OneBad(), RULES, limit=10, clock=lambda: NOW) == 0
    totals = store.read_sync(counters.totals)
    assert (totals["failed"], totals["done"], totals["incidents"]) == (1, 1, 1)
    assert [problem.what for problem in store.read_sync(counters.problems)] == ["killed the worker"]


async def test_a_bug_in_one_article_holds_up_no_other(store, monkeypatch):
    def broken(*_args, **_kw):
        raise ZeroDivisionError

    monkeypatch.setattr("extract.track.decide", broken)
    store.write_sync(articles.add, "", news(), NOW, baseline=False)
    assert await work_off(store, OneBad(), RULES, limit=10, clock=lambda: NOW) == 1
    assert store.read_sync(counters.totals) == {"failed": 1, "incidents": 0}
