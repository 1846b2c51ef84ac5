"""Updates by webhook or by polling: kept once, confirmed once kept, and only from who knows the secret."""

import asyncio
import json
import logging
import socket

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from fakes import HOLDER, NOW
from pydantic import SecretStr
from talking import ANN, TOKEN, message
from telegram.error import NetworkError

from bot.alerts.turns import Turns
from bot.chat.connect import Connection
from bot.chat.inbox import ALLOWED, Intake
from bot.chat.polling import Polling
from bot.chat.webhook import HEADER, MAX_BYTES, Webhook, new_secret
from bot.config import Config, host_and_port, load, parse
from bot.errors import ConfigError, StoreError
from bot.store import counters, inbox, lease, subscriptions

SECRET = "a-secret-that-only-telegram-knows"


@pytest.fixture
def intake(chatting, wire, store):
    return Intake(bot=wire.bot, chatting=chatting, store=store, holder=HOLDER)


@pytest.fixture
def webhook(intake, wire, store):
    return Webhook(
        bot=wire.bot, intake=intake, store=store, url="https://tocsin.example/hook", host="127.0.0.1",
        port=unused_port(), secret=SecretStr(SECRET),
    )  # fmt: skip


@pytest.fixture
async def client(webhook):
    runner = webhook.runner()
    await runner.setup()
    await web.TCPSite(runner, webhook.host, webhook.port).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{webhook.port}") as session:
        yield session
    await runner.cleanup()


async def bring(client, update, secret=SECRET, **headers):
    """The status of bringing an update (or bytes) as Telegram does."""
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    told = {HEADER: secret} if secret is not None else {}
    async with client.post("/hook", data=body, headers={**told, **headers}) as answer:
        return answer.status


def kept(store):
    return store.read_sync(lambda tx: tx.rows("SELECT update_id, state FROM updates ORDER BY update_id"))


async def settled(intake):
    while intake._tasks:
        await asyncio.wait(intake._tasks)


# ------------------------------------------------------------------ what is taken


async def test_an_update_is_confirmed_when_kept_and_handled_once(client, intake, store, wire):
    update = message("/subscribe Karachi")
    assert [await bring(client, update), await bring(client, update)] == [200, 200]
    await settled(intake)
    assert kept(store) == [{"update_id": 1, "state": "done"}]
    assert len(store.read_sync(subscriptions.of_chat, ANN)) == 1
    assert len(wire.said()) == 1


async def test_what_polling_has_brought_is_not_handled_again(client, intake, store, wire):
    await store.write(inbox.put, [inbox.Inbound(update_id=1, chat=ANN, payload="{}")], NOW)
    assert await bring(client, message("/subscribe Karachi")) == 200
    await settled(intake)
    assert wire.said() == []


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()])
async def test_a_wrong_secret_is_turned_away_and_counted(client, webhook, intake, store, secret):
    assert await bring(client, message("/subscribe Karachi"), secret) == 401
    await webhook._write_counts()
    assert kept(store) == []
    assert store.read_sync(counters.counters)["webhook_refused"] == 1


async def test_a_secret_that_is_said_twice_is_wrong(client):
    headers = [(HEADER, SECRET), (HEADER, SECRET)]
    async with client.post("/hook", data=b"{}", headers=headers) as answer:
        assert answer.status == 401


async def test_nothing_of_a_request_without_the_secret_is_read(client, webhook):
    """The answer comes although the body never does, and the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
    writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 401")
    writer.close()


async def test_a_body_has_a_limit(client, store):
    padded = json.dumps(message("/subscribe Karachi")).encode()
    assert await bring(client, padded.ljust(MAX_BYTES + 1)) == 413
    assert await bring(client, padded.ljust(MAX_BYTES - 1)) == 200
    assert len(kept(store)) == 1


async def test_a_compressed_body_is_not_unpacked(client, store):
    assert await bring(client, b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"}) == 400
    assert kept(store) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'"x"',
        b'{"update_id": "1"}',
        b'{"update_id": 1, "message": 5}',
        b"[" * 100_000,
        b'{"update_id": 5, "message": {"message_id": 1, "date": 99999999999999999, "chat": {"id": 1, "type": "private"}}}',
    ],
)
async def test_what_is_no_update_is_turned_away_and_counted(client, webhook, store, body):
    assert await bring(client, body) == 400
    await webhook._write_counts()
    assert store.read_sync(counters.counters)["webhook_unreadable"] == 1
    assert kept(store) == []


async def test_only_posts_are_answered(client):
    async with client.get("/hook", headers={HEADER: SECRET}) as answer:
        assert answer.status == 405


async def test_strangers_are_counted_and_write_nothing_into_the_log(client, webhook, store, caplog):
    with caplog.at_level(logging.DEBUG):
        async with client.get("/hook") as answer:
            assert answer.status == 401
        for said in (
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n{}",
            b"POST / HTTP/1.1\r\nSTRANGE line\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
            writer.write(said)
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
    await webhook._write_counts()
    counted = store.read_sync(counters.counters)
    assert counted["webhook_refused"] == 1 and counted["webhook_malformed"] == 2
    assert "STRANGE" not in caplog.text and "Traceback" not in caplog.text


async def test_an_update_that_cannot_be_kept_is_not_confirmed(client, store, monkeypatch):
    def full(*_args):
        raise StoreError("the database can't grow: the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "put", full)
        assert await bring(client, message("/subscribe Karachi")) == 503
    assert await bring(client, message("/subscribe Karachi")) == 200
    assert len(kept(store)) == 1


async def test_a_process_that_lost_the_lease_confirms_nothing(client, store, clock):
    clock.tick(lease.SECONDS + 1)
    await store.write(lease.take, "another", clock())
    assert await bring(client, message("/subscribe Karachi")) == 503
    assert kept(store) == []


# ------------------------------------------------------------------ setting and removing it


async def running(webhook, intake):
    """A webhook that runs, and the event that ends it."""
    stop = asyncio.Event()
    task = asyncio.create_task(intake.run(webhook.receive, stop))
    await becomes(lambda: "setWebhook" in [name for name, _ in webhook.bot.request.asked])
    return stop, task


async def becomes(is_so):
    """Wait until something is so; fails where it never is."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never was so")


async def test_telegram_is_told_where_with_which_secret_and_nothing_is_dropped(webhook, intake, wire):
    stop, task = await running(webhook, intake)
    (told,) = [params for name, params in wire.asked if name == "setWebhook"]
    assert (told["url"], told["secret_token"]) == ("https://tocsin.example/hook", SECRET)
    assert told["allowed_updates"] == list(ALLOWED)
    assert not told.get("drop_pending_updates")
    async with aiohttp.ClientSession() as session:
        assert await session_bring(session, webhook) == 200
    stop.set()
    await task
    assert "getUpdates" not in [name for name, _ in wire.asked]
    assert "deleteWebhook" not in [name for name, _ in wire.asked]
    with socket.socket() as free:
        free.bind(("127.0.0.1", webhook.port))


async def session_bring(session, webhook):
    address = f"http://127.0.0.1:{webhook.port}/any/path"
    async with session.post(address, json=message("/help"), headers={HEADER: SECRET}) as answer:
        return answer.status


async def test_a_port_that_is_taken_is_told_of_and_tried_again(webhook, intake, wire, monkeypatch, caplog):
    monkeypatch.setattr("bot.chat.webhook.LISTEN_AGAIN_SECONDS", 0.01)
    taken = socket.socket()
    taken.bind(("127.0.0.1", webhook.port))
    taken.listen()
    stop = asyncio.Event()
    task = asyncio.create_task(intake.run(webhook.receive, stop))
    await becomes(lambda: "look at [telegram] webhook_listen" in caplog.text)
    assert "setWebhook" not in [name for name, _ in wire.asked]
    taken.close()
    await becomes(lambda: "setWebhook" in [name for name, _ in wire.asked])
    stop.set()
    await task


async def test_polling_removes_a_webhook_first_and_drops_nothing(intake, wire):
    stop = asyncio.Event()
    polling = Polling(bot=wire.bot, intake=intake, poll_timeout=1)

    async def updates(_offset):
        stop.set()
        return []

    polling._get = updates
    await polling.receive(stop)
    (told,) = [params for name, params in wire.asked if name == "deleteWebhook"]
    assert not told.get("drop_pending_updates")


async def test_polling_confirms_what_is_kept_and_asks_again_for_what_is_not(intake, wire, store, monkeypatch):
    monkeypatch.setattr("bot.chat.polling.pause_after", lambda *_: 0.0)
    stop, offsets = asyncio.Event(), []
    polling = Polling(bot=wire.bot, intake=intake, poll_timeout=1)
    update = wire_update(wire, message("/help"))

    async def updates(offset):
        offsets.append(offset)
        if len(offsets) == 1:
            raise NetworkError("away")
        if len(offsets) == 3:
            stop.set()
            return []
        return [update]

    polling._get = updates
    await polling.receive(stop)
    await settled(intake)
    assert offsets == [0, 0, 2]
    assert kept(store) == [{"update_id": 1, "state": "done"}]


def wire_update(wire, data):
    from telegram import Update

    return Update.de_json(data, wire.bot)


# ------------------------------------------------------------------ the secret and the settings


async def test_the_secret_is_in_no_log_and_no_repr(webhook, intake, wire, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp", "bot"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    stop, task = await running(webhook, intake)
    async with aiohttp.ClientSession() as session:
        await session_bring(session, webhook)
    stop.set()
    await task
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("telegram"))
    assert SECRET not in ours + repr(webhook) + str(vars(webhook))
    assert "webhook set" in ours


def test_a_secret_is_made_at_each_start_and_fits_telegrams_rules():
    first, second = new_secret().get_secret_value(), new_secret().get_secret_value()
    assert first != second
    assert parse({"telegram": {"webhook_secret": first}}).telegram.webhook_secret.get_secret_value() == first


def test_which_of_the_two_is_a_setting(chatting, intake):
    for url, kind in (("", Polling), ("https://tocsin.example/hook", Webhook)):
        settings = parse({"telegram": {"token": TOKEN, "webhook_url": url}}).telegram
        line = Connection(settings, Turns())
        assert isinstance(line.updates(chatting.services, HOLDER).args[0].__self__, kind)


def test_a_secret_from_a_file_or_the_environment(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    path = tmp_path / "config.toml"
    path.write_text(f'[telegram]\nwebhook_secret = ""\nwebhook_secret_file = "{tmp_path / "secret"}"\n')
    assert load(path).telegram.webhook_secret.get_secret_value() == SECRET
    path.write_text('[telegram]\nwebhook_secret = ""\n')
    monkeypatch.setenv("TOCSIN_WEBHOOK_SECRET", SECRET + "2")
    monkeypatch.setenv("TOCSIN_TELEGRAM_TOKEN", TOKEN)
    found = load(path).telegram
    assert found.secrets() == (TOKEN, SECRET + "2")
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("webhook_url", "tocsin.example", "begins with http"),
        ("webhook_url", "http://tocsin.example/", "https:// addresses only"),
        ("webhook_listen", "8443", "a host and a port"),
        ("webhook_listen", "127.0.0.1:0", "a host and a port"),
        ("webhook_listen", "127.0.0.1:70000", "a host and a port"),
        ("webhook_secret", "short", "16 to 256"),
        ("webhook_secret", "sixteen and a space!", "16 to 256"),
    ],
)
def test_settings_that_cannot_work_are_said(key, value, said):
    with pytest.raises(ConfigError, match=said) as raised:
        parse({"telegram": {key: value}})
    assert "sixteen" not in str(raised.value)


def test_a_local_bot_api_server_may_bring_over_http():
    local = {"base_url": "http://127.0.0.1:8081/bot", "webhook_url": "http://127.0.0.1:8443/"}
    assert parse({"telegram": local}).telegram.webhook_url == local["webhook_url"]


def test_addresses_to_listen_at():
    assert host_and_port("[::1]:8443") == ("::1", 8443)
    assert host_and_port(Config().telegram.webhook_listen) == ("127.0.0.1", 8443)
