"""How soon after publication a card came is on it; that alerts come late is told to the admins, once."""

from datetime import timedelta

import msgspec
import pytest
from fakes import HOLDER, NOW
from talking import NAMES
from test_ingest import ingest, news, subscribe

from bot.alerts import latency
from bot.alerts.delivery import Deliverer, compose
from bot.alerts.latency import LEAST_CARDS, notify_of_objective
from bot.alerts.outcome import Sent
from bot.render import text
from bot.store import articles, chats, lease, outbox
from extract.types import Action

pytestmark = pytest.mark.usefixtures("simple_tracking")
ADMIN = 9001


class Sender:
    """Takes every message, and remembers it."""

    def __init__(self):
        self.got = []

    async def is_reachable(self):
        return True

    async def send(self, outgoing):
        self.got.append(outgoing)
        return Sent(100 + len(self.got))


@pytest.fixture
def send(store, clock):
    """Sends all that is due; returns the texts of what was sent."""
    sender = Sender()
    deliverer = Deliverer(store=store, sender=sender, names=NAMES, holder=HOLDER, clock=clock)

    async def make():
        before = len(sender.got)
        while True:
            await store.write(lease.take, HOLDER, clock())
            claimed = await store.write(outbox.claim, holder=HOLDER, now=clock(), limit=50, busy=())
            if not claimed:
                return [text.visible(one.message) for one in sender.got[before:]]
            for alert in claimed:
                await deliverer.deliver(alert)

    return make


async def test_a_card_says_how_long_after_publication_it_came_to_the_chat(store, clock, send):
    subscribe(store)
    ingest(store, news(published=NOW - timedelta(minutes=4)))
    clock.tick(3 * 60)
    (said,) = await send()
    assert "7 min after publication" in said


async def test_an_edit_keeps_when_the_first_card_came(store, clock, send):
    subscribe(store)
    ingest(store, news(published=NOW - timedelta(minutes=4)))
    await send()
    clock.tick(3600)
    ingest(store, news("b", "4 killed as bomb goes off in Karachi", source="wire.example"), now=clock())
    (said,) = await send()
    assert "4 min after publication" in said


async def test_a_card_that_a_later_article_brings_counts_from_that_article(store, clock, send):
    subscribe(store)
    ingest(store, news(published=NOW - timedelta(days=3)), baseline=True)
    assert ingest(store, news("b", "Bomb kills 9 in Karachi", published=NOW - timedelta(minutes=2))) == [Action.NEW]
    (said,) = await send()
    assert "2 min after publication" in said


async def test_where_only_the_day_of_publication_is_known_nothing_is_said(store, send):
    subscribe(store)
    ingest(store, news(published=NOW.replace(hour=0, minute=0)))
    (said,) = await send()
    assert "publication" not in said


# ------------------------------------------------------------------ the objective


def sent_cards(store, clock, *delays, day_only=False):
    """First cards, each sent this many minutes after its article was published; it was read at once."""
    for number, minutes in enumerate(delays):
        key = f"{clock():%H%M%S}-{number}"
        one = msgspec.structs.replace(
            news(key, f"Bomb kills {number + 4} in Karachi, {key}", published=clock()), published_day_only=day_only
        )
        store.write_sync(articles.add, "https://feed.example/", one, clock(), baseline=False)
        ref = articles.reference("https://feed.example/", key)
        at = clock() + timedelta(minutes=minutes)
        store.write_sync(_deliver, ref, f"i{key}", clock(), at)


def _deliver(tx, article, incident, made, at):
    tx.execute(
        """INSERT INTO incident_versions (incident, version, at, article, record, change)
           VALUES (:incident, 1, :at, :article, '{}', '{}')""",
        incident=incident,
        at=made.isoformat(),
        article=article,
    )
    tx.execute(
        """INSERT INTO alerts (chat, thread, incident, version, action, silent, severity, state, not_before, made)
           VALUES (1, 0, :incident, 1, 'new', 0, 3, 'sent', :made, :made)""",
        incident=incident,
        made=made.isoformat(),
    )
    alert = tx.value("SELECT MAX(id) FROM alerts")
    tx.execute(
        """INSERT INTO deliveries (alert, chat, thread, incident, version, action, message_id, digest, at)
           VALUES (:alert, 1, 0, :incident, 1, 'new', 7, '', :at)""",
        alert=alert,
        incident=incident,
        at=at.isoformat(timespec="microseconds"),
    )


def judge(store, clock, objective=600.0):
    return store.write_sync(notify_of_objective, (ADMIN,), objective, clock())


def told(store, names):
    claimed = store.write_sync(outbox.claim, holder=HOLDER, now=NOW + timedelta(hours=9), limit=50, busy=())
    return [text.plain(compose(one, None, None, names).message) for one in claimed]


@pytest.fixture
def admin(store):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    store.write_sync(lease.take, HOLDER, NOW + timedelta(hours=9))


@pytest.mark.usefixtures("admin")
def test_a_missed_objective_is_told_once_with_the_stage_that_took_most_and_once_that_it_is_met(store, clock, names):
    sent_cards(store, clock, 1, 2, 3, 30, 40)
    clock.tick(45 * 60)
    assert judge(store, clock)
    assert judge(store, clock)
    (said,) = told(store, names)
    assert "95 of 100 of the last hour's 5 first cards came within 40 minutes of publication" in said
    assert "not within 10 minutes" in said
    assert "Decided to sent, 40 minutes" in said
    clock.tick(2 * 3600)
    sent_cards(store, clock, *[1] * LEAST_CARDS)
    clock.tick(5 * 60)
    assert not judge(store, clock)
    assert "in time again, after 2 hours" in store.read_sync(
        lambda tx: tx.value("SELECT CAST(notice AS TEXT) FROM alerts WHERE notice <> '' ORDER BY id DESC LIMIT 1")
    ).replace('"},{"text":"', "")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("delays", "objective", "day_only"),
    [
        ((1, 2, 3, 4, 5), 600.0, False),
        ((90, 90, 90, 90), 600.0, False),
        ((90, 90, 90, 90, 90), 0.0, False),
        ((90, 90, 90, 90, 90), 600.0, True),
    ],
    ids=["met", "too few", "none is set", "the hour of publication isn't known"],
)
def test_nothing_is_told_where_the_objective_is_not_surely_missed(store, clock, names, delays, objective, day_only):
    sent_cards(store, clock, *delays, day_only=day_only)
    clock.tick(95 * 60)
    assert not judge(store, clock, objective)
    assert told(store, names) == []


def test_the_percentile_is_the_nearest_rank():
    values = [float(n) for n in range(1, 101)]
    assert (latency.percentile(values, 0.5), latency.percentile(values, 0.95)) == (50.0, 95.0)
