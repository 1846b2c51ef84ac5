"""At the terminal: a prompt that alerts stand above, a first hint, few log lines, and an end in one line."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections import Counter
from pathlib import Path

from fakes import NOW, PLACES
from rich.console import Console
from test_render import NAMES, incident

from bot.alerts.outcome import Outgoing
from bot.demo.outlets import Outlets
from bot.render import text
from bot.render.card import card
from bot.store import subscriptions
from bot.terminal import talk
from bot.terminal.screen import PROMPT, Screen
from bot.terminal.show import TerminalSender
from bot.types import Subscription

CONFIG = """
[store]
path = "terminal.db"
[fetch]
allow_hosts = ["127.0.0.1"]
[[sources]]
url = "http://127.0.0.1:9/feed.xml"
"""


class Editor:
    """A line editor in which somebody has typed a part of a line; ``while_typing`` happens meanwhile."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.part = ""
        self.while_typing = lambda: None

    def read(self, prompt: str) -> str:
        assert prompt == PROMPT
        self.while_typing()
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    def typed(self) -> str:
        return self.part


def screen(editor: Editor | None) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen(Console(file=out, width=100), editor), out


# ------------------------------------------------------------------ the prompt


def test_what_is_shown_stands_above_the_line_that_is_typed():
    editor = Editor("/latest")
    shown, out = screen(editor)
    editor.part = "/lat"
    editor.while_typing = lambda: shown.print("an alert")
    assert shown.read() == "/latest"
    assert out.getvalue() == f"\r\x1b[Kan alert\n{PROMPT}/lat"


def test_a_line_of_the_log_stands_above_it_too():
    editor = Editor("x")
    shown, out = screen(editor)
    log = shown.above(out)
    editor.while_typing = lambda: log.write("WARNING slow\n")
    shown.read()
    log.write("WARNING later\n")
    assert out.getvalue() == f"\r\x1b[KWARNING slow\n{PROMPT}WARNING later\n"


def test_where_nobody_types_there_is_no_prompt():
    shown, out = screen(None)
    shown.print("an alert")
    shown.end("Ended.")
    assert out.getvalue() == "an alert\nEnded.\n"
    assert not shown.has_prompt


async def test_the_end_of_typing_is_told_after_the_lines():
    shown, _ = screen(Editor("one", "two"))
    ended = asyncio.Event()
    lines = talk.listen(talk.typed_at(shown), ended.set)
    assert [await lines.get(), await lines.get()] == ["one", "two"]
    await asyncio.wait_for(ended.wait(), 10)


async def test_an_alert_waits_for_what_comes_before_it():
    shown, out = screen(None)

    async def before() -> None:
        shown.print("the article")

    await TerminalSender(shown, before).send(Outgoing(chat=0, message=card(incident(), NAMES)))
    assert out.getvalue().startswith("the article\n")
    assert "armed attack" in out.getvalue()


# ------------------------------------------------------------------ the first hint


async def test_the_first_hint_says_how_to_watch_one_place(chatting):
    said = text.visible(await talk.register(chatting.services))
    assert said.startswith("Alerts here: everywhere.\nType first, for instance: /subscribe Karachi")
    assert "Ctrl-D ends" in said


async def test_who_watches_a_place_is_told_what_else_to_type(store, chatting):
    store.write_sync(subscriptions.add, Subscription(chat=talk.CHAT, place=PLACES["Karachi"]), NOW)
    said = text.visible(await talk.register(chatting.services))
    assert said.startswith("Alerts here: Karachi")
    assert "Type first, for instance: /latest" in said
    assert "everywhere" not in said


# ------------------------------------------------------------------ the whole service at a terminal


class Seat:
    """Somebody at a terminal in front of ``tocsin run``."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        (folder / "config.toml").write_text(CONFIG)
        self.leader, self.follower = pty.openpty()
        self.looks = termios.tcgetattr(self.follower)
        self.shown = ""
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm", "COLUMNS": "200"}
        environment.pop("TOCSIN_TELEGRAM_TOKEN", None)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *arguments],
            cwd=folder, env=environment, start_new_session=True,
            stdin=self.follower, stdout=self.follower, stderr=self.follower,
        )  # fmt: skip

    def until(self, words: str) -> None:
        while words not in self.shown:
            assert select.select([self.leader], [], [], 60)[0], f"no {words!r} in {self.shown!r}"
            self.shown += os.read(self.leader, 65_536).decode()

    def type(self, keys: str) -> None:
        os.write(self.leader, keys.encode())

    def is_as_before(self) -> bool:
        """Does the terminal show again what is typed, as it did before?"""
        return bool(termios.tcgetattr(self.follower)[3] & termios.ECHO) == bool(self.looks[3] & termios.ECHO)

    def close(self) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait(20)
        os.close(self.leader)
        os.close(self.follower)


def test_ctrl_d_ends_with_one_line_and_gives_the_terminal_back(tmp_path):
    seat = Seat(tmp_path)
    try:
        seat.until("Ctrl-D ends.")
        seat.until(PROMPT)
        seat.type("/subscribe Quetta\r")
        seat.until("Quetta, Balochistan")
        seat.type("\x04")
        seat.until("waits for the next start.")
        assert seat.child.wait(20) == 0
        assert seat.shown.rstrip().splitlines()[-1].endswith("Ended. What had not been told waits for the next start.")
        assert seat.is_as_before()
        assert " INFO " not in seat.shown
    finally:
        seat.close()


def test_ctrl_c_ends_as_well_and_verbose_logs_more(tmp_path):
    seat = Seat(tmp_path, "--verbose")
    try:
        seat.until("Ctrl-D ends.")
        assert " INFO bot.app: started" in seat.shown
        seat.child.send_signal(signal.SIGINT)
        seat.until("waits for the next start.")
        assert seat.child.wait(20) == 0
        assert "Traceback" not in seat.shown
        assert seat.is_as_before()
    finally:
        seat.close()


# ------------------------------------------------------------------ the demo


def test_the_demo_tells_one_article_at_a_time():
    outlets = Outlets(NOW)
    try:
        at_once = Counter(item.step for item in outlets.items)
        assert at_once.pop(0) == len(outlets.names)
        assert set(at_once.values()) == {1}
        assert outlets.steps == 1 + len(at_once)
    finally:
        outlets.close()
