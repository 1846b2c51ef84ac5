"""What a new installation lacks is asked for, checked and written down, with every comment kept."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bot"))

from bot_api import TOKEN, BotApi, serving

from bot.batch import config_edit, setup
from bot.chat import first_contact
from bot.config import load
from bot.errors import ConfigError, UsageError
from bot.store import Store, subscriptions
from bot.terminal import talk

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "config.example.toml"
NOW = datetime(2026, 3, 6, 9, tzinfo=UTC)
PERSON = 501


class Scripted:
    """An operator with prepared answers; an answer that is a function is called with all that was shown before."""

    def __init__(self, *answers: str | type[BaseException] | Callable[[str], str]) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []
        self.hidden: list[bool] = []

    @property
    def text(self) -> str:
        return "\n".join(self.shown)

    def ask(self, question: str, *, hidden: bool = False) -> str:
        self.shown.append(question)
        self.hidden.append(hidden)
        answer = self.answers.pop(0)
        if isinstance(answer, type):
            raise answer
        return answer if isinstance(answer, str) else answer(self.text)

    def say(self, text: str) -> None:
        self.shown.append(text)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOCSIN_TELEGRAM_TOKEN", raising=False)
    return tmp_path


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API on loopback, in a thread of its own: the set-up has its own loops."""
    made, loop, ready, ended = BotApi(), asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(made):
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    yield made
    loop.call_soon_threadsafe(ended.set)
    thread.join(10)
    loop.close()


def run(operator: Scripted | None, *, base_url: str = "", only_missing: bool = False) -> Path:
    path = Path("config.toml")
    setup.setup(path, EXAMPLE, base_url=base_url, only_missing=only_missing, operator=operator, now=NOW)
    return path


def subscribed(chat: int) -> list[tuple[str, float | None]]:
    store = Store(Path("tocsin.db"))
    try:
        return [(one.place.name, one.km) for one in store.read_sync(subscriptions.of_chat, chat) if one.place]
    finally:
        store.close()


def says(number: int, text: str, *, sender: int = PERSON, chat_type: str = "private") -> dict[str, object]:
    chat = {"id": sender if chat_type == "private" else -100, "type": chat_type, "title": "x"}
    person = {"id": sender, "is_bot": False, "first_name": "Farah", "language_code": "es"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


# ------------------------------------------------------------------ the file


def test_only_the_values_change_and_nobody_else_can_read_the_file(api: BotApi) -> None:
    path = run(Scripted(TOKEN, str(PERSON), "Karachi"), base_url=api.base_url)
    old, new = EXAMPLE.read_text("utf-8").splitlines(), path.read_text("utf-8").splitlines()
    assert [line for line in new if line not in old] == [
        f'token = "{TOKEN}"',
        f'base_url = "{api.base_url}"',
        f"admins = [{PERSON}]",
    ]
    assert len(new) == len(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path).telegram.admins == (PERSON,)
    assert subscribed(PERSON) == [("Karachi", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[store]\npath = "x"\n', '[telegram]\ntoken = "1"\n\n[store]\npath = "x"\n'),
        ("[telegram] # here\n# why\n[store]\n", '[telegram] # here\ntoken = "1"\n# why\n[store]\n'),
        ('[push]\ntoken = "a"\n[telegram]\n  token=""\n', '[push]\ntoken = "a"\n[telegram]\ntoken = "1"\n'),
    ],
)
def test_a_key_is_changed_or_added_in_its_own_section(text: str, expected: str) -> None:
    assert config_edit.with_value(text, "telegram", "token", "1") == expected


def test_a_value_that_cant_be_changed_safely_is_left_to_the_operator() -> None:
    with pytest.raises(ConfigError, match=r"admins can't be changed here; write it yourself: admins = \[1\]"):
        config_edit.with_value("[telegram]\nadmins = [\n  7,\n]\n", "telegram", "admins", [1])


def test_a_folder_that_cant_be_written_is_said(here: Path) -> None:
    with pytest.raises(ConfigError, match="can't be written"):
        config_edit.write_private(here / "none" / "config.toml", "")


# ------------------------------------------------------------------ the token


def test_a_token_without_its_form_or_unknown_to_telegram_is_asked_for_again(api: BotApi) -> None:
    operator = Scripted(TOKEN.replace("A", "B"), TOKEN, "", "")
    run(operator, base_url=api.base_url)
    assert "Telegram knows no bot with this token" in operator.text
    assert "It works: @tocsin_bot" in operator.text
    assert operator.hidden[:2] == [True, True]
    operator = Scripted("my token", "", "")
    Path("config.toml").unlink()
    run(operator)
    assert "That can be no token" in operator.text


def test_a_token_is_kept_unchecked_where_telegram_cant_be_reached() -> None:
    operator = Scripted(TOKEN, "501", "")
    path = run(operator, base_url="http://127.0.0.1:9/bot")
    assert "127.0.0.1:9 can't be reached from this machine" in operator.text
    assert "Your Telegram user id: " in operator.shown  # no code: nobody could be recognised by it
    assert load(path).telegram.token.get_secret_value() == TOKEN


# ------------------------------------------------------------------ the administrator


def test_the_person_who_sends_the_code_is_the_administrator_and_is_told(api: BotApi) -> None:
    def send(shown: str) -> str:
        def arrive() -> None:
            code = next(line.split(": ")[1] for line in operator.shown if "Send the bot this code" in line)
            api.updates += [
                says(1, code, sender=77, chat_type="supergroup"),
                says(2, "/start"),
                says(3, f"/start {code.replace('-', '')}"),
            ]

        threading.Timer(0.5, arrive).start()
        return "c"

    operator = Scripted(TOKEN, send, "Karachi 50km", "Karachi")
    path = run(operator, base_url=api.base_url)
    assert load(path).telegram.admins == (PERSON,)
    (told,) = [call for call in api.calls if call.method == "sendMessage"]
    assert told.chat == PERSON
    assert told.text.startswith("Usted administrará")
    assert api.confirmed == 0  # one is of somebody else: all are left to the service


def test_the_code_alone_is_not_left_to_the_service(api: BotApi) -> None:
    def send(_: str) -> str:
        def arrive() -> None:
            code = next(line.split(": ")[1] for line in operator.shown if "Send the bot this code" in line)
            api.updates.append(says(8, code.lower()))

        threading.Timer(0.5, arrive).start()
        return "c"

    operator = Scripted(TOKEN, send, "")
    run(operator, base_url=api.base_url)
    assert api.confirmed == 8


def test_nobody_is_recognised_without_the_code(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "CODE_SECONDS", 0.5)
    api.updates.append(says(1, "ABCDEFGH"))
    operator = Scripted(TOKEN, "c", "", "")
    path = run(operator, base_url=api.base_url)
    assert "Nobody sent it in time" in operator.text
    assert load(path).telegram.admins == ()


def test_a_code_has_many_letters_and_is_new_each_time() -> None:
    codes = {first_contact.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and code.isalnum() for code in codes)


@pytest.mark.parametrize("typed", ["@farah", "0", "-5", "12.5", "٥٠١"])
def test_what_is_no_user_id_is_asked_for_again(api: BotApi, typed: str) -> None:
    operator = Scripted(TOKEN, typed, "501", "")
    assert load(run(operator, base_url=api.base_url)).telegram.admins == (501,)
    assert "A user id is a number above 0" in operator.text


# ------------------------------------------------------------------ the place


def test_a_place_is_taken_as_people_type_it_and_asked_for_where_it_isnt_certain() -> None:
    operator = Scripted("", "Nowhereville-on-Sea", "Karchi", "9", "1")
    run(operator)
    assert "I know no place “Nowhereville-on-Sea”" in operator.text
    assert "Did you mean:" in operator.text
    assert "    1  Karachi, Sindh, Pakistan" in operator.shown
    assert subscribed(talk.CHAT) == [("Karachi", None)]


def test_a_place_can_be_typed_again() -> None:
    operator = Scripted("", "Karchi", "", "Quetta")
    run(operator)
    assert subscribed(talk.CHAT) == [("Quetta", None)]


def test_a_chat_that_watches_something_isnt_asked_again() -> None:
    run(Scripted("", "Quetta"))
    operator = Scripted("")
    run(operator)
    assert "this chat has 1 subscription of its own" in operator.text


# ------------------------------------------------------------------ when nothing is asked


def test_nothing_is_asked_where_nobody_can_answer(here: Path) -> None:
    path = run(None)
    assert path.read_text("utf-8") == EXAMPLE.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not (here / "tocsin.db").exists()


def test_only_what_is_missing_is_asked_for(api: BotApi) -> None:
    run(Scripted(TOKEN, "501", ""), base_url=api.base_url)
    before = Path("config.toml").read_text("utf-8")
    run(Scripted(), only_missing=True)
    assert Path("config.toml").read_text("utf-8") == before


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_an_end_in_the_middle_writes_nothing(here: Path, end: type[BaseException]) -> None:
    with pytest.raises(UsageError, match="nothing was written"):
        run(Scripted("", end))
    assert list(here.iterdir()) == []


def test_a_token_of_the_environment_is_used_and_not_written(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TELEGRAM_TOKEN", TOKEN)
    operator = Scripted("501", "")
    path = run(operator, base_url=api.base_url)
    assert "there is one, from TOCSIN_TELEGRAM_TOKEN" in operator.text
    assert tomllib.loads(path.read_text("utf-8"))["telegram"]["token"] == ""


def test_a_file_with_mistakes_is_left_alone(here: Path) -> None:
    Path("config.toml").write_text("[telegram\n")
    with pytest.raises(ConfigError, match="no TOML"):
        run(Scripted())
    assert Path("config.toml").read_text() == "[telegram\n"


# ------------------------------------------------------------------ as a command


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", "setup", "--example", str(EXAMPLE), *arguments]


def test_without_a_terminal_the_command_ends_at_once_and_makes_the_file() -> None:
    done = subprocess.run(command(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert Path("config.toml").exists()


def test_at_a_terminal_the_command_asks_and_the_end_of_input_is_one_line() -> None:
    leader, follower = pty.openpty()
    # without a controlling terminal the hidden question is asked at standard input, as at a terminal
    child = subprocess.Popen(command(), stdin=follower, stdout=follower, stderr=follower, start_new_session=True)
    os.close(follower)
    shown = until(leader, b"paste): ")
    os.write(leader, b"\x04")
    shown += until(leader, b"was written")
    assert child.wait(60) == 2
    os.close(leader)
    assert shown.splitlines()[-1] == b"tocsin: set-up ended; nothing was written"
    assert b"Traceback" not in shown
    assert not Path("config.toml").exists()


def until(leader: int, end: bytes) -> bytes:
    """What is shown at a terminal until these words are, for a minute at most."""
    shown = b""
    while end not in shown and select.select([leader], [], [], 60)[0]:
        shown += os.read(leader, 4096)
    return shown
