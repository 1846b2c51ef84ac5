"""Other programs are told of changes: signed, in order, at least once, and never at a private address by mistake."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web as http
from aiohttp.abc import AbstractResolver
from aiohttp.test_utils import TestServer
from fakes import HOLDER, NOW, PLACES, Clock
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from talking import ADMIN, message, say_to
from test_notifications import happen

from bot.alerts.gate import Rules
from bot.alerts.webhooks import delivery, notices, signing
from bot.alerts.webhooks.delivery import HookSender
from bot.alerts.webhooks.message import message_id
from bot.app import check
from bot.composition import hooks_of, private_hosts
from bot.config import parse
from bot.errors import ConfigError
from bot.incidents import corrections
from bot.operations import health, metrics
from bot.sources.post import Poster
from bot.store import Store, chats, counters, incidents, lease, outbox, webhooks
from bot.types import Hook, Posted, Subscription
from extract.types import Severity

pytestmark = pytest.mark.usefixtures("simple_tracking")
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
KEY = signing.key_of(SECRET)
URL = "https://receiver.example/hooks/s3cret-path"


def hook(*filters: Subscription, url: str = URL) -> Hook:
    return Hook(
        url=url, name="Control room", filters=filters or (Subscription(chat=0),), pages="https://a.example/incident/"
    )


@pytest.fixture
def told(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Something happens in the news while these webhooks are configured; the incident's id."""

    def happened(key: str, *args: Any, hooks: tuple[Hook, ...] = (hook(),), **kwargs: Any) -> str:
        monkeypatch.setattr("test_notifications.Rules", lambda: Rules(hooks=hooks))
        return happen(store, key, *args, **kwargs)

    return happened


def waiting(store: Store, url: str = URL) -> list[dict[str, Any]]:
    """The messages that are open, oldest first."""
    query = "SELECT body FROM webhook_messages WHERE hook = :url AND state IN ('pending', 'sending') ORDER BY num"
    return [json.loads(row["body"]) for row in store.read_sync(lambda tx: tx.rows(query, url=url))]


class Receiver:
    """A program that is told: what it got, and what it answers, 204 when nothing is scripted."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[http.Response | int] = []

    async def take(self, request: http.Request) -> http.Response:
        self.got.append((dict(request.headers), await request.read()))
        answer = self.answers.pop(0) if self.answers else 204
        return http.Response(status=answer) if isinstance(answer, int) else answer

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = http.Application()
    app.router.add_post("/hook", made.take)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/hook"))  # type: ignore[attr-defined]
    yield made
    await server.close()


@pytest.fixture
async def sender(store: Store, clock: Clock, receiver: Any) -> AsyncIterator[HookSender]:
    poster = Poster("Tocsin/test", ("127.0.0.1",))
    yield HookSender(
        store=store, hook=hook(url=receiver.url), keys=(KEY,), post=poster.post, holder=HOLDER, clock=clock
    )
    await poster.close()


def state(store: Store, url: str) -> Any:
    return store.read_sync(webhooks.state, url)


# ------------------------------------------------------------------ the signature


def test_another_library_verifies_the_signature() -> None:
    body, at = b'{"type": "incident.new", "name": "\xc3\xbc"}', datetime.now(UTC)
    headers = signing.headers("msg_1", body, at, [KEY])
    assert Webhook(SECRET).verify(body, headers) == json.loads(body)
    for changed in (
        (body.replace(b"new", b"old"), headers),
        (body, headers | {"webhook-id": "msg_2"}),
        (body, headers | {"webhook-timestamp": str(int(at.timestamp()) + 1)}),
        (body, signing.headers("msg_1", body, at - timedelta(minutes=6), [KEY])),  # kept by somebody and sent again
        (body, signing.headers("msg_1", body, at, [b"x" * 32])),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(*changed)


def test_while_a_secret_is_replaced_both_verify() -> None:
    other = "whsec_" + base64.b64encode(b"o" * 24).decode()
    headers = signing.headers("msg_1", b"{}", datetime.now(UTC), [signing.key_of(other), KEY])
    assert Webhook(SECRET).verify(b"{}", headers) == Webhook(other).verify(b"{}", headers) == {}


@pytest.mark.parametrize(
    "secret",
    ["hunter2", "whsec_", "whsec_!!!!", "whsec_" + base64.b64encode(b"short").decode(), base64.b64encode(b"x" * 32).decode(),
     "whsec_" + base64.b64encode(b"x" * 65).decode(), f"{SECRET} nonsense"],
)  # fmt: skip
def test_a_secret_that_can_be_guessed_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse({"webhooks": [{"url": URL, "secret": secret}]})
    said = str(raised.value)
    assert said == 'webhooks[0].secret: a secret is "whsec_" and 24 to 64 random bytes in Base64'


# ------------------------------------------------------------------ what is told


def test_a_webhook_is_told_of_an_incident_and_of_each_change(store: Store, told: Callable[..., str]) -> None:
    name = told("a")
    told("b", killed=6, at=NOW + timedelta(minutes=5), source="ledger.example")
    first, second = waiting(store)
    assert (first["type"], second["type"]) == ("incident.new", "incident.updated")
    assert first["timestamp"] == "2026-03-02T12:00:00Z"
    assert first["data"]["incident"]["id"] == name and first["data"]["incident"]["killed"]["low"] == 4
    assert first["data"]["page"] == f"https://a.example/incident/{name}"
    assert (second["data"]["because"], second["data"]["article"]) == (["killed"], "https://ledger.example/b")
    [changed] = second["data"]["changes"]
    assert (changed["field"], changed["before"]["count"]["low"], changed["after"]["count"]["low"]) == ("killed", 4, 6)


@pytest.mark.parametrize(
    ("wanted", "types"),
    [
        (Subscription(chat=0), ["incident.new", "incident.updated"]),
        (Subscription(chat=0, place=PLACES["Karachi"]), ["incident.new", "incident.updated"]),
        (Subscription(chat=0, place=PLACES["Lahore"]), []),
        (Subscription(chat=0, kinds=("fire",)), []),
        (Subscription(chat=0, min_severity=Severity.EXTREME), ["incident.new"]),  # it has become so severe
    ],
)
def test_its_filter_counts_as_that_of_a_chat(
    store: Store, told: Callable[..., str], wanted: Subscription, types: list[str]
) -> None:
    told("a", hooks=(hook(wanted),))
    told(
        "b",
        killed=60,
        severity=Severity.EXTREME,
        at=NOW + timedelta(minutes=5),
        source="l.example",
        hooks=(hook(wanted),),
    )
    assert [one["type"] for one in waiting(store)] == types


def test_what_it_knows_it_is_told_of_though_the_filter_matches_no_more(store: Store, told: Callable[..., str]) -> None:
    wanted = (hook(Subscription(chat=0, min_severity=Severity.SEVERE)),)
    told("a", hooks=wanted)
    told("b", killed=0, severity=Severity.MINOR, at=NOW + timedelta(minutes=5), source="l.example", hooks=wanted)
    assert [one["data"]["incident"]["severity"] for one in waiting(store)] == ["severe", "minor"]


def test_retractions_and_merges_are_told_to_who_knows_the_incident(store: Store, told: Callable[..., str]) -> None:
    karachi, lahore = told("a"), told("b", "Lahore")
    other = told("c", "Nairobi", hooks=())
    rules = Rules(hooks=(hook(),))
    for name in (karachi, other):
        store.write_sync(corrections.retract, name, now=NOW, rules=rules)
    nairobi = told("shooting d", "Nairobi")
    store.write_sync(corrections.merge, nairobi, lahore, now=NOW, rules=rules)
    events = [(one["type"], one["data"]["incident"]["id"]) for one in waiting(store)]
    assert events[2:] == [
        ("incident.retracted", karachi),
        ("incident.new", nairobi),
        ("incident.merged", lahore),
        ("incident.updated", nairobi),
    ]
    assert waiting(store)[4]["data"]["merged_into"] == nairobi


def test_history_is_not_told(store: Store, told: Callable[..., str]) -> None:
    told("a", at=NOW - timedelta(days=30))
    assert len(waiting(store)) == 1  # the clock of that day is the clock of the article
    # what is only aged has nothing to tell
    from bot.incidents.ingest import grow_old

    store.write_sync(grow_old, NOW)
    assert len(waiting(store)) == 1


def test_it_is_in_the_transaction_of_the_change(store: Store, told: Callable[..., str], monkeypatch: Any) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the machine is cut off here")

    monkeypatch.setattr("bot.alerts.fanout.fan_out", breaks)
    with pytest.raises(RuntimeError):
        told("a")
    assert waiting(store) == [] and store.read_sync(incidents.count) == 0


# ------------------------------------------------------------------ how it is sent


async def test_a_receiver_gets_a_message_that_it_can_verify(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    clock.at = datetime.now(UTC)
    store.write_sync(lease.take, HOLDER, clock())
    assert await sender.send_next() and not await sender.send_next()
    [(headers, body)] = receiver.got
    assert Webhook(SECRET).verify(body, headers)["type"] == "incident.new"
    assert headers["Content-Type"] == "application/json" and headers["User-Agent"] == "Tocsin/test"
    assert (state(store, sender.hook.url).sent, state(store, sender.hook.url).waiting) == (1, 0)


async def test_what_was_under_way_when_the_process_died_is_sent_again_with_its_id(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    posted = sender.post

    async def dies(*args: Any) -> Posted:
        await posted(*args)
        raise SystemExit("killed after the post, before it is recorded")

    sender.post = dies
    with pytest.raises(SystemExit):
        await sender.send_next()
    sender.post = posted
    assert not await sender.send_next()  # until the next process knows that nobody is sending it
    store.write_sync(webhooks.recover)
    assert await sender.send_next()
    assert not await sender.send_next()
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1
    assert receiver.got[0][1] == receiver.got[1][1]


async def test_what_was_claimed_and_not_posted_is_not_lost(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    assert store.write_sync(webhooks.claim, sender.hook.url, holder=HOLDER, now=NOW) is not None
    store.write_sync(webhooks.recover)
    assert await sender.send_next() and len(receiver.got) == 1


async def test_a_process_without_the_lease_sends_nothing(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver
) -> None:
    told("a", hooks=(sender.hook,))
    sender.holder = "another process"
    assert not await sender.send_next() and receiver.got == []


@pytest.mark.parametrize("answer", [500, 503, 404, 302, 429, 400])
async def test_what_is_not_taken_is_sent_again_later_and_in_order(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock, answer: int
) -> None:
    told("a", hooks=(sender.hook,))
    told("b", killed=6, at=NOW + timedelta(seconds=1), source="l.example", hooks=(sender.hook,))
    receiver.answers = [http.Response(status=answer, headers={"Location": receiver.url})]  # type: ignore[attr-defined]
    assert await sender.send_next() and not await sender.send_next()
    clock.tick(delivery.FIRST_WAIT + 1)
    assert await sender.send_next() and await sender.send_next()
    versions = [json.loads(body)["data"]["incident"]["version"] for _, body in receiver.got]
    assert versions == [1, 1, 2] and receiver.ids[0] == receiver.ids[1] != receiver.ids[2]


async def test_an_incidents_next_message_waits_for_the_one_before_and_others_do_not(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    store.write_sync(lease.take, HOLDER, NOW + timedelta(minutes=1))
    receiver.answers = [500, 500]
    await sender.send_next()
    clock.tick(6)
    await sender.send_next()
    told("b", killed=6, at=NOW + timedelta(seconds=1), source="l.example", hooks=(sender.hook,))
    told("c", "Lahore", hooks=(sender.hook,))
    clock.tick(11)  # the webhook may be tried again, the message not yet
    assert await sender.send_next() and not await sender.send_next()
    assert json.loads(receiver.got[-1][1])["data"]["incident"]["place"]["name"] == "Lahore"
    clock.tick(5)
    assert await sender.send_next() and await sender.send_next()
    assert [json.loads(body)["data"]["incident"]["version"] for _, body in receiver.got[-2:]] == [1, 2]


async def test_it_waits_as_long_as_the_receiver_asks(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    receiver.answers = [http.Response(status=429, headers={"Retry-After": "120"})]
    await sender.send_next()
    store.write_sync(lease.take, HOLDER, NOW + timedelta(hours=1))
    clock.tick(119)
    assert not await sender.send_next()
    clock.tick(2)
    assert await sender.send_next()


async def fail(sender: HookSender, clock: Clock, store: Store, *, for_: timedelta, step: float = 20.0) -> int:
    """Let time pass; how many tries there were."""
    until, tries = clock() + for_, 0
    while clock() < until:
        store.write_sync(lease.take, HOLDER, clock())
        tries += await sender.send_next()
        clock.tick(step)
    return tries


async def test_one_that_keeps_failing_is_paused_told_and_works_again(
    store: Store,
    told: Callable[..., str],
    sender: HookSender,
    receiver: Receiver,
    clock: Clock,
    chatting: Any,
    wire: Any,
) -> None:
    url = sender.hook.url
    store.write_sync(webhooks.sync, [url], NOW)
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    names = {url: "Control room"}
    for key, place in (("a", "Karachi"), ("b", "Lahore"), ("c", "Nairobi")):
        told(key, place, hooks=(sender.hook,))
    receiver.answers = [500] * 1000
    tries = await fail(sender, clock, store, for_=timedelta(minutes=50))
    assert state(store, url).paused is None and 8 < tries < 20
    assert store.write_sync(notices.notify_of_pauses, [ADMIN], names, clock()) == []
    await fail(sender, clock, store, for_=timedelta(minutes=30))
    paused = state(store, url)
    assert paused.paused is not None and paused.waiting == 3 and paused.why == "HTTP 500"
    # told once, by its name: its address may hold a secret
    assert store.write_sync(notices.notify_of_pauses, [ADMIN], names, clock()) == [url]
    store.write_sync(notices.notify_of_pauses, [ADMIN], names, clock())
    said = [one.notice for one in store.read_sync(outbox.everything) if one.notice]
    assert len(said) == 1 and "A webhook is paused" in said[0] and "Control room" in said[0] and url not in said[0]
    status = (await say_to(chatting, wire, message("/status", user=ADMIN)))[0]
    assert "3 waiting; paused since" in status and "HTTP 500" in status and "/hook" not in status
    shown = health.is_alive(store.path)
    assert "the webhook to 127.0.0.1 is paused" in shown[1]
    exposed = metrics.exposition(store.read_sync(health.snapshot, clock())).decode()
    assert "tocsin_webhooks_paused 1.0" in exposed and "tocsin_webhook_messages_waiting 3.0" in exposed
    # it is tried now and then, with the message that was tried least; one that is taken is followed by all
    assert await fail(sender, clock, store, for_=timedelta(hours=3)) in (6, 7)
    assert receiver.ids[-1] != receiver.ids[0]
    receiver.answers = []
    await fail(sender, clock, store, for_=timedelta(minutes=31))
    assert (state(store, url).waiting, state(store, url).paused) == (0, None)
    store.write_sync(notices.notify_of_pauses, [ADMIN], names, clock())
    said = [one.notice for one in store.read_sync(outbox.everything) if one.notice]
    assert len(said) == 2 and "A webhook works again" in said[1]


async def test_one_that_wants_nothing_any_more_is_paused_at_once(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    receiver.answers = [410]
    await sender.send_next()
    assert state(store, sender.hook.url).paused == NOW
    # when the configuration is read again it is tried again
    store.write_sync(webhooks.sync, [sender.hook.url], NOW)
    clock.tick(1)
    assert await sender.send_next() and state(store, sender.hook.url).paused is None


async def test_a_message_that_is_never_taken_stops_no_other_and_is_given_up(
    store: Store, told: Callable[..., str], sender: HookSender, receiver: Receiver, clock: Clock
) -> None:
    told("a", hooks=(sender.hook,))
    [bad] = [row["id"] for row in store.read_sync(lambda tx: tx.rows("SELECT id FROM webhook_messages"))]

    async def picky(url: str, body: bytes, headers: dict[str, str]) -> Posted:
        receiver.got.append((headers, body))
        return Posted(status=400 if headers["webhook-id"] == bad else 204)

    sender.post = picky
    for number in range(40):
        told(f"shooting {number}", "Lahore", killed=number + 1, at=clock(), hooks=(sender.hook,))
        await fail(sender, clock, store, for_=timedelta(hours=2), step=900.0)
    assert (state(store, sender.hook.url).failed, state(store, sender.hook.url).waiting) == (1, 0)
    assert receiver.ids.count(bad) == delivery.MOST_TRIES
    assert len(set(receiver.ids)) == 41
    assert [one.ref for one in store.read_sync(counters.problems)] == [bad]


def test_what_is_no_longer_configured_is_sent_nothing(store: Store, told: Callable[..., str]) -> None:
    told("a")
    store.write_sync(webhooks.sync, ["https://other.example/"], NOW)
    assert waiting(store) == [] and [one.hook for one in store.read_sync(webhooks.states)] == ["https://other.example/"]


def test_a_message_waits_a_month_and_is_then_dropped(store: Store, told: Callable[..., str]) -> None:
    told("a")
    assert store.write_sync(webhooks.prune, NOW + timedelta(days=29)) == 0
    assert store.write_sync(webhooks.prune, NOW + timedelta(days=31)) == 1
    assert waiting(store) == []


def test_a_clock_that_was_wrong_does_not_make_it_wait(store: Store, told: Callable[..., str]) -> None:
    told("a")
    claimed = store.write_sync(webhooks.claim, URL, holder=HOLDER, now=NOW)
    assert claimed is not None
    store.write_sync(delivery.record, claimed, Posted(error="no answer"), now=NOW + timedelta(days=400))
    assert store.read_sync(webhooks.has_due, URL, NOW)


def test_a_damaged_message_is_given_up_and_the_next_sent(store: Store, told: Callable[..., str]) -> None:
    told("a")
    told("b", "Lahore")
    store.write_sync(lambda tx: tx.execute("UPDATE webhook_messages SET body = 'x' WHERE num = 1"))
    claimed = store.write_sync(webhooks.claim, URL, holder=HOLDER, now=NOW)
    assert claimed is not None and json.loads(claimed.body)["data"]["incident"]["place"]["name"] == "Lahore"
    assert state(store, URL).failed == 1


def test_ids_are_those_of_versions() -> None:
    ids = {message_id(*one) for one in ((URL, "a", 1), (URL, "a", 2), (URL, "b", 1), (URL + "x", "a", 1))}
    assert len(ids) == 4 and message_id(URL, "a", 1) in ids


# ------------------------------------------------------------------ where it is sent


class Names(AbstractResolver):
    """A resolver to whom every name is an address of this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 0}]

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("{url}", "127.0.0.1 is not a public address"),
        ("http://localhost:{port}/hook", "is a name of this machine"),
        ("http://[::1]:{port}/hook", "is not a public address"),
        ("http://169.254.169.254/latest", "is not a public address"),
        ("http://harmless.example:8080/hook", "stands for 127.0.0.1"),
        ("http://user:secret@receiver.example/hook", "user name or password"),
    ],
)
async def test_nothing_is_posted_to_private_addresses(receiver: Any, url: str, why: str) -> None:
    poster = Poster("Tocsin/test", resolver=Names())
    posted = await poster.post(url.format(url=receiver.url, port=receiver.url.split(":")[2].split("/")[0]), b"{}", {})
    await poster.close()
    assert not posted.is_taken and why in posted.error and receiver.got == []


async def test_a_redirect_is_not_followed(receiver: Any) -> None:
    poster = Poster("Tocsin/test", ("127.0.0.1",))
    receiver.answers = [http.Response(status=307, headers={"Location": receiver.url})]
    posted = await poster.post(receiver.url, b"{}", {})
    await poster.close()
    assert (posted.status, posted.is_taken, len(receiver.got)) == (307, False, 1)


async def test_nobody_there_is_a_failure_and_no_exception() -> None:
    poster = Poster("Tocsin/test", ("127.0.0.1",))
    posted = await poster.post("http://127.0.0.1:1/hook", b"{}", {})
    await poster.close()
    assert not posted.is_taken and posted.error


def configured(**keys: Any) -> Any:
    return parse({"webhooks": [{"url": "http://10.0.0.5:9000/hook", "secret": SECRET, **keys}]})


def test_a_private_host_is_allowed_by_its_own_key_only() -> None:
    assert private_hosts(configured().webhooks[0]) == ()
    assert private_hosts(configured(allow_private=True).webhooks[0]) == ("10.0.0.5",)


@pytest.mark.parametrize(
    ("keys", "note"),
    [
        ({}, "webhooks[0].url: nothing will be posted to 10.0.0.5: 10.0.0.5 is not a public address"),
        ({"url": "https://receiver.example/hook"}, None),
        (
            {"url": "http://receiver.example/hook"},
            "webhooks[0].url: whoever is on the way to receiver.example can read it",
        ),
        ({"allow_private": True}, None),
    ],
)
def test_the_check_of_a_configuration_says_what_will_not_work(keys: dict[str, Any], note: str | None) -> None:
    said = [one for one in check(configured(**keys)) if "webhooks" in one]
    assert len(said) == (note is not None) and all(note is not None and one.startswith(note) for one in said)


def test_a_public_address_without_a_port_is_said() -> None:
    assert "web.url: nothing answers there while web.port is 0" in check(parse({"web": {"url": "https://a.example"}}))


def test_a_filter_is_read_as_that_of_subscribe() -> None:
    [made] = hooks_of(configured(filter="Lahore 50km bombing severe -cricket", name="Desk"))
    [wanted] = made.filters
    assert wanted.place is not None
    assert (wanted.place.name, wanted.km, wanted.min_severity, wanted.without) == ("Lahore", 50, "severe", ("cricket",))
    assert made.name == "Desk"


@pytest.mark.parametrize(("words", "why"), [("Springfield", "can be several places"), ("Qqxzzw", "I know no place")])
def test_a_filter_that_is_not_clear_is_a_mistake_of_the_configuration(words: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"webhooks\[0\]\.filter: .*{why}"):
        hooks_of(configured(filter=words))


def test_secrets_come_from_files_and_are_kept_from_the_log(tmp_path: Any) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    made = configured(secret="", secret_file=str(tmp_path / "secret"))
    assert SECRET in made.secrets() and SECRET not in repr(made)
    with pytest.raises(ConfigError, match=r"webhooks\[0\]\.secret_file: .*No such file"):
        configured(secret="", secret_file=str(tmp_path / "none"))
    with pytest.raises(ConfigError, match=r"webhooks\[0\]\.secret: is missing"):
        configured(secret="")
