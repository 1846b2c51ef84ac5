"""Loops, standby, logs and the terminal."""

import asyncio
import contextlib
import io
import json
import logging
import os
import sqlite3
import sys
from datetime import datetime

import pytest
from fakes import HOLDER, NOW
from rich.console import Console
from talking import Finder, Places
from test_render import HEADQUARTERS, NAMES, facts, incident

from bot import app, composition
from bot.alerts.outcome import Outgoing, Sent
from bot.commands import Services
from bot.config import Config
from bot.errors import StoreError
from bot.operations import leader
from bot.operations.log_setup import JsonLines, Redacting
from bot.operations.scheduler import Clock, Loop
from bot.render.card import card
from bot.store import Store, lease, subscriptions
from bot.terminal import talk
from bot.terminal.show import TerminalSender
from extract.kinds import load_kinds

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


# ------------------------------------------------------------------ loops


async def test_a_loop_works_as_long_as_there_is_more_then_waits_to_be_woken():
    stop, rested, worked = asyncio.Event(), asyncio.Event(), []

    async def work():
        worked.append(1)
        if len(worked) == 3:
            rested.set()
        return len(worked) < 3

    loop = Loop(name="x", work=work)
    running = asyncio.create_task(loop.run(stop))
    await rested.wait()
    assert len(worked) == 3
    stop.set()
    await running


async def test_a_bug_does_not_end_a_loop(monkeypatch, caplog):
    monkeypatch.setattr("bot.operations.scheduler.AFTER_ERROR_SECONDS", 0.001)
    stop, tries = asyncio.Event(), []

    async def work():
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        stop.set()
        return False

    await Loop(name="x", work=work).run(stop)
    assert len(tries) == 2
    assert "loop failed" in caplog.text


async def test_late_jobs_are_never_dropped():
    clock = Clock()
    clock.every(3600, asyncio.Event())
    clock.start()
    job = clock._scheduler.get_jobs()[0]
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    clock.stop()


# ------------------------------------------------------------------ standby


def test_this_process_is_not_gone_and_one_that_ended_is():
    mine = leader.new_holder()
    machine, _, rest = mine.partition("/")
    pid, started, _ = rest.split("/")
    assert not leader.is_gone(mine)
    assert leader.is_gone(f"{machine}/{pid}/1/x")
    assert leader.is_gone(f"{machine}/4194303/{started}/x")
    assert not leader.is_gone(f"elsewhere/4194303/{started}/x")
    assert not leader.is_gone("")
    assert pid == str(os.getpid())


async def test_another_process_stands_by_until_the_lease_ends(store, clock, monkeypatch):
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.001)
    waiting = asyncio.create_task(leader.take_over(store, "second", clock, asyncio.Event()))
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.tick(lease.SECONDS + 1)
    assert await waiting


async def test_a_lost_lease_ends_the_service(store, clock, monkeypatch):
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.001)
    holding = asyncio.create_task(leader.keep_lease(store, HOLDER, clock, asyncio.Event()))
    await store.write(lease.take, "second", NOW, gone=frozenset({HOLDER}))
    await asyncio.wait_for(holding, 5)


async def test_a_busy_database_ends_no_process_that_stands_by(store, clock, monkeypatch):
    refused = asyncio.Event()

    async def wait(_stop):
        refused.set()

    monkeypatch.setattr(leader, "wait", wait)
    monkeypatch.setattr("bot.store.db.BUSY_SECONDS", 0.001)
    second = Store(store.path)
    clock.tick(lease.SECONDS + 1)
    with contextlib.closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(leader.take_over(second, "second", clock, asyncio.Event()))
        await asyncio.wait_for(refused.wait(), 10)
        assert not waiting.done()
        other.execute("ROLLBACK")
    assert await asyncio.wait_for(waiting, 10)
    second.close()


async def test_a_busy_database_ends_no_process_that_begins_to_serve(tmp_path, monkeypatch):
    monkeypatch.setattr(leader, "RENEW_SECONDS", 0.001)
    steps = []

    async def make_ready(_config, _store):
        steps.append("ready")
        if len(steps) < 3:
            raise StoreError("the database is held by another program")

    async def serve(_plan, _store, _holder, stop):
        steps.append("serve")
        stop.set()
        return 0

    monkeypatch.setattr(composition, "make_ready", make_ready)
    monkeypatch.setattr(app, "_serve", serve)
    config = Config(store={"path": tmp_path / "tocsin.db"})
    plan = app._Plan(config=config, reader_for=None, companions=())
    assert await asyncio.wait_for(app._run(plan), 30) == 0
    assert steps == ["ready", "ready", "ready", "serve"]


# ------------------------------------------------------------------ logs


def log_line(**kw):
    record = logging.makeLogRecord({"name": "bot.x", "levelname": "INFO", "msg": "said", **kw})
    return Redacting((TOKEN,)).format(record)


@pytest.mark.parametrize("text", [TOKEN, f"https://api.telegram.org/bot{TOKEN}/getMe", TOKEN.partition(":")[2]])
def test_no_token_in_text_pairs_or_tracebacks(text):
    try:
        raise ValueError(f"refused: {text}")
    except ValueError:
        line = log_line(msg=f"went to {text}", url=text, exc_info=sys.exc_info())
    assert TOKEN.partition(":")[2] not in line
    assert line.count("[token]") >= 3


def test_another_bots_token_is_hidden_too():
    assert "AAHdqTcv" not in Redacting(()).format(logging.makeLogRecord({"msg": TOKEN}))


def test_pairs_follow_the_event():
    assert log_line(articles=3).endswith("bot.x: said articles=3")


# ------------------------------------------------------------------ the terminal


@pytest.fixture
def services(store, clock):
    return Services(
        store=store,
        kinds=load_kinds(),
        places=Places(),
        contains=lambda area, place: False,
        names=NAMES,
        clock=clock,
        finder=Finder(),
    )


def console():
    out = io.StringIO()
    return Console(file=out, width=100), out


async def test_an_alert_is_printed_with_what_can_be_typed():
    to, out = console()
    message = card(incident(facts(targets=(HEADQUARTERS,))), NAMES)
    assert await TerminalSender(to).send(Outgoing(chat=0, message=message)) == Sent(1)
    assert "SEVERE · Karachi, Pakistan · armed attack" in out.getvalue()
    assert "/evidence abc23456" in out.getvalue()
    assert "<https://post.example/1>" in out.getvalue()


async def test_commands_are_answered_and_the_end_of_input_ends_nothing(services):
    stop, answered = asyncio.Event(), asyncio.Event()

    class Screen(io.StringIO):
        def write(self, text):
            if "Subscriptions here" in text:
                answered.set()
            return super().write(text)

    out = Screen()
    to = Console(file=out, width=100)
    talking = asyncio.create_task(
        talk.talk(services, to, stop, talk.listen(io.StringIO("/subscribe Karachi\nnonsense\nsubs\n")))
    )
    await asyncio.wait_for(answered.wait(), 10)
    assert "Subscribed: Karachi, Sindh, Pakistan" in out.getvalue()
    assert "I don't know “nonsense”" in out.getvalue()
    assert not talking.done()
    stop.set()
    await talking


async def test_the_terminal_is_told_about_everything_at_first(store, services):
    await talk.register(services)
    await talk.register(services)
    assert [one.place for one in store.read_sync(subscriptions.of_chat, talk.CHAT)] == [None]


def test_an_event_can_be_one_line_of_json_without_secrets():
    try:
        raise ValueError(f"with {TOKEN}")
    except ValueError:
        failed = sys.exc_info()
    record = logging.makeLogRecord(
        {
            "msg": "read %s",
            "args": ("it",),
            "name": "bot.x",
            "levelname": "ERROR",
            "new": 3,
            "why": OSError("full\n"),
            "exc_info": failed,
        }
    )
    line = JsonLines((TOKEN,)).format(record)
    found = json.loads(line)
    assert "\n" not in line and TOKEN.partition(":")[2] not in line
    assert (found["level"], found["logger"], found["message"], found["new"]) == ("error", "bot.x", "read it", 3)
    assert found["why"] == "full\n" and "ValueError: with " in found["traceback"]
    assert datetime.fromisoformat(found["at"]).tzinfo is not None
