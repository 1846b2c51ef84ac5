"""A tapped button is answered at once: before slow work is done, and while extraction runs at full load."""

import asyncio
import dataclasses
import sys
from pathlib import Path

import pytest
from talking import say_to, tap
from telegram import Update

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import bench_taps

from bot.commands import TAPS
from bot.errors import ChatError
from bot.render.message import Message, say


async def test_most_taps_are_answered_soon_while_extraction_runs(tmp_path):
    taken = await bench_taps.measure(40, tmp_path, processes=1, load=300)
    assert len(taken) == 40
    assert bench_taps.percentile(taken, 0.95) < 1.0, "scripts/bench_taps.py measures against 0.1 s"


def test_the_percentile_is_the_nearest_rank():
    values = [float(n) for n in range(1, 101)]
    assert (bench_taps.percentile(values, 0.5), bench_taps.percentile(values, 0.95)) == (50.0, 95.0)
    assert bench_taps.percentile([3.0], 0.95) == 3.0


@pytest.fixture
def slowly(monkeypatch):
    """A button whose work goes on until it is let go."""
    gate = asyncio.Event()

    def make(result):
        async def work(_services, _caller, _text):
            await gate.wait()
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setitem(TAPS, "card", dataclasses.replace(TAPS["card"], handle=work))
        return gate

    return make


async def tapped(chatting, wire, gate):
    """What was asked of Telegram before the work was done, and after."""
    task = asyncio.create_task(chatting.handle(Update.de_json(tap("card:x"), wire.bot)))
    while not wire.asked or wire.asked[-1][0] != "answerCallbackQuery":  # noqa: ASYNC110  the wire tells nobody
        await asyncio.sleep(0)
    before = [name for name, _ in wire.asked if name != "getMe"]
    gate.set()
    await task
    return before, [(name, params.get("text", "")) for name, params in wire.asked if name != "getMe"][len(before) :]


async def test_slow_work_is_answered_first_and_shown_when_it_is_done(chatting, wire, slowly):
    before, after = await tapped(chatting, wire, slowly(say("done")))
    assert before == ["answerCallbackQuery"] and after == [("sendMessage", "done")]


@pytest.mark.parametrize("result", [ChatError("no such thing"), Message(say("no such thing").blocks, is_toast=True)])
async def test_what_comes_too_late_for_a_notice_is_said_in_the_chat(chatting, wire, slowly, result):
    before, after = await tapped(chatting, wire, slowly(result))
    assert before == ["answerCallbackQuery"] and after == [("sendMessage", "no such thing")]


async def test_a_slow_bug_has_its_number_said(chatting, wire, slowly):
    _, after = await tapped(chatting, wire, slowly(ValueError("x")))
    assert "Something went wrong (ref" in after[0][1]


async def test_quick_work_is_answered_once(chatting, wire):
    await say_to(chatting, wire, tap("subs:"))
    assert [name for name, _ in wire.asked].count("answerCallbackQuery") == 1
