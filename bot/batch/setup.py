"""What does a new installation lack? Asks for the bot token, the administrator and a first place, and writes them down.

Nothing is written before all is answered. Where nobody can answer (standard input is no terminal) nothing is asked.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace
from pydantic import SecretStr

from bot.batch.config_edit import with_value, write_private
from bot.chat import first_contact
from bot.config import TOKEN_VARIABLE, Config, Telegram, is_readable_by_others, parse, read
from bot.config_across import OFFICIAL_API, is_token
from bot.errors import SetupError, TokenRefused, UsageError
from bot.render.words import Names
from bot.store import Store, chats, subscriptions
from bot.terminal import talk
from bot.types import Subscription
from extract.kinds import load_kinds
from extract.places.gazetteer import Gazetteer
from extract.places.meant import Meant
from extract.text.normalise import fold
from extract.types import Frozen, Place

CODE_SECONDS = 180.0
MOST_SHOWN = 5
STEPS = 3


class Operator(Protocol):
    """Who is asked."""

    def ask(self, question: str, *, hidden: bool = False) -> str:
        """What the operator types, without spaces around it; raises EOFError or KeyboardInterrupt at its end."""

    def say(self, text: str) -> None:
        """Show a line."""


class Terminal:
    """The operator at the terminal; what is hidden isn't shown while it is typed."""

    def ask(self, question: str, *, hidden: bool = False) -> str:
        """See ``Operator``."""
        return (getpass.getpass(question) if hidden else input(question)).strip()

    def say(self, text: str) -> None:
        """See ``Operator``."""
        print(text, flush=True)  # noqa: T201


class _Answers(Frozen, frozen=True, kw_only=True):
    """What was answered; empty or None where it was skipped or there before. ``bot`` is its user name."""

    token: str = ""
    bot: str = ""
    admin: int = 0
    place: Place | None = None
    km: float | None = None


def is_attended() -> bool:
    """Can somebody answer?"""
    return sys.stdin is not None and sys.stdin.isatty()


def setup(
    path: Path,
    example: Path,
    *,
    base_url: str = "",
    only_missing: bool = False,
    operator: Operator | None,
    now: datetime,
) -> None:
    """Make ``path`` from ``example`` if it isn't there, and ask for what it lacks; ``operator`` None: nobody is asked.

    ``only_missing``: where the file was there and has a token, nothing is asked.

    Raises:
        ConfigError: a file can't be read or written, or has mistakes.
        UsageError: there is neither ``path`` nor ``example``, or the operator ended the questions.
    """
    is_new = not path.exists()
    if is_new and not example.exists():
        raise UsageError(f"{example}: there is no such example to make {path} from")
    read(example if is_new else path)  # says in words what is wrong with the file
    text = (example if is_new else path).read_text("utf-8")
    if base_url:
        text = with_value(text, "telegram", "base_url", base_url)
    config = parse(tomllib.loads(text), path)
    has_token = bool(config.telegram.token.get_secret_value())
    if operator is None or (only_missing and has_token and not is_new):
        if is_new or base_url:
            write_private(path, text)
        return
    try:
        answers = _asked(config, operator)
    except (EOFError, KeyboardInterrupt):
        operator.say("")
        raise UsageError("set-up ended; nothing was written") from None
    if answers.token:
        text = with_value(text, "telegram", "token", answers.token)
    if answers.admin:
        text = with_value(text, "telegram", "admins", [*config.telegram.admins, answers.admin])
    if is_new or answers.token or answers.admin or base_url:
        write_private(path, text)
    _subscribe(config, answers, now)
    _tell(path, config, answers, operator, names=_names(), only_missing=only_missing)


def _asked(config: Config, operator: Operator) -> _Answers:
    operator.say("Three questions; Enter skips one, Ctrl-C ends without writing anything.")
    token = config.telegram.token.get_secret_value()
    answers = _Answers() if token else _token(config, operator)
    if token:
        operator.say(f"\n1 of {STEPS}  Bot token: there is one{_from_where(config)}.")
        answers = _Answers(bot=_checked(config, token, operator))
    token = token or answers.token
    admins = config.telegram.admins
    if admins:
        operator.say(f"\n2 of {STEPS}  Administrator: {', '.join(map(str, admins))}.")
    elif token:
        answers = _with_admin(config, token, answers, operator)
    else:
        operator.say(f"\n2 of {STEPS}  Administrator: at the terminal you are one.")
    chat = _chat(config, answers)
    if chat is None:
        operator.say(f"\n3 of {STEPS}  First place: send the bot /subscribe Karachi, for instance.")
        return answers
    if watched := _watched(config, chat):
        operator.say(f"\n3 of {STEPS}  First place: this chat has {watched} of its own; /subs lists them.")
        return answers
    return _with_place(answers, operator)


# ------------------------------------------------------------------ the token


def _token(config: Config, operator: Operator) -> _Answers:
    operator.say(
        f"\n1 of {STEPS}  Bot token. In Telegram, send /newbot to @BotFather: it gives you one. Without it alerts"
    )
    operator.say("        are printed here, and commands are typed here.")
    while True:
        token = operator.ask("Token (not shown while you type or paste): ", hidden=True)
        if not token:
            return _Answers()
        if config.telegram.base_url == OFFICIAL_API and not is_token(token):
            operator.say(
                "  That can be no token: it is a number, a colon and 35 letters, digits, _ or -. Again, or Enter."
            )
            continue
        try:
            name = _username(config, token)
        except TokenRefused as error:
            operator.say(f"  {error}. Again, or Enter.")
        except SetupError as error:
            operator.say(f"  {error}.")
            operator.say("  The token is kept; whether it works shows when the service runs.")
            return _Answers(token=token)
        else:
            operator.say(f"  It works: @{name}")
            return _Answers(token=token, bot=name)


def _checked(config: Config, token: str, operator: Operator) -> str:
    """The user name of the bot whose token is there already; empty where Telegram can't be asked or knows none."""
    try:
        name = _username(config, token)
    except SetupError as error:
        operator.say(f"  {error}.")
        return ""
    operator.say(f"  It works: @{name}")
    return name


def _username(config: Config, token: str) -> str:
    return asyncio.run(first_contact.username(_with_token(config, token)))


def _with_token(config: Config, token: str) -> Telegram:
    return config.telegram.model_copy(update={"token": SecretStr(token)})


def _from_where(config: Config) -> str:
    if os.environ.get(TOKEN_VARIABLE) == config.telegram.token.get_secret_value():
        return f", from {TOKEN_VARIABLE}"
    return ""


# ------------------------------------------------------------------ the administrator


def _with_admin(config: Config, token: str, answers: _Answers, operator: Operator) -> _Answers:
    """The answers with the person who may add sources and correct records: by a code, or the id that is typed."""
    operator.say(f"\n2 of {STEPS}  Administrator: may add sources, correct records, and is told of troubles.")
    by_code = bool(answers.bot)
    question = "Your Telegram user id, or c to be recognised by a code: " if by_code else "Your Telegram user id: "
    while True:
        typed = operator.ask(question)
        if not typed:
            return answers
        if typed.isascii() and typed.isdecimal() and 0 < int(typed) < 2**63:
            operator.say("  Send the bot /start once the service runs: before that it may not write to you.")
            return replace(answers, admin=int(typed))
        if by_code and typed.casefold() in ("c", "code"):
            person = _recognised(config, token, answers.bot, operator)
            if person is not None:
                operator.say(f"  Recognised: {person.name} ({person.id})")
                return replace(answers, admin=person.id)
            continue
        operator.say("  A user id is a number above 0, and no name; @userinfobot tells it. Again, or Enter.")


def _recognised(config: Config, token: str, bot: str, operator: Operator) -> first_contact.Person | None:
    code = first_contact.new_code()
    minutes = int(CODE_SECONDS // 60)
    operator.say(f"  Send the bot this code within {minutes} minutes: {code[:4]}-{code[4:]}")
    operator.say(f"  or open https://t.me/{bot}?start={code} and tap Start. Ctrl-C ends the wait.")
    settings = _with_token(config, token)
    try:
        found = asyncio.run(first_contact.person_with_code(settings, code, seconds=CODE_SECONDS))
    except KeyboardInterrupt:
        operator.say("\n  The code counts no more.")
        return None
    except SetupError as error:
        operator.say(f"  {error}. Type your id instead, or Enter.")
        return None
    if found is None:
        operator.say("  Nobody sent it in time; the code counts no more.")
    return found


# ------------------------------------------------------------------ the place


def _with_place(answers: _Answers, operator: Operator) -> _Answers:
    operator.say(f"\n3 of {STEPS}  First place to watch: a town, district, country or region, as you would say it.")
    gazetteer, names = Gazetteer.open(), _names()
    while True:
        typed = operator.ask("Place: ")
        if not typed:
            return answers
        meant = gazetteer.meant(typed)
        if meant.is_here or not meant.options:
            operator.say(f"  I know no place “{typed}”. Another way to write it, with its country? Or Enter.")
            continue
        place = meant.options[0] if meant.certain else _chosen(typed, meant, names, operator)
        if place is not None:
            operator.say(f"  {names.long_place(place)}{_around(meant.km)}")
            return replace(answers, place=place, km=meant.km)


def _chosen(typed: str, meant: Meant, names: Names, operator: Operator) -> Place | None:
    """The place that the operator means; None: they type it again."""
    shown = meant.options[:MOST_SHOWN]
    is_as_typed = fold(typed.partition(",")[0]) == fold(shown[0].name)
    operator.say("  Which one?" if is_as_typed else "  Did you mean:")
    for n, place in enumerate(shown, 1):
        operator.say(f"    {n}  {names.long_place(place)}")
    while True:
        number = operator.ask(f"Number (1 to {len(shown)}), or Enter to type it again: ")
        if not number:
            return None
        if number.isascii() and number.isdecimal() and 1 <= int(number) <= len(shown):
            return shown[int(number) - 1]


def _around(km: float | None) -> str:
    return f", {km:g} km around it" if km else ""


def _names() -> Names:
    return Names(load_kinds(), Gazetteer.open().country_name)


def _chat(config: Config, answers: _Answers) -> int | None:
    """The chat that is to watch the place: the administrator's, or without a token the terminal's; None: none."""
    if answers.admin or config.telegram.admins:
        return answers.admin or config.telegram.admins[0]
    has_token = answers.token or config.telegram.token.get_secret_value()
    return None if has_token else talk.CHAT


def _watched(config: Config, chat: int) -> str:
    """How many subscriptions the chat has already, in words; empty for none."""
    if not config.store.path.exists():
        return ""
    store = Store(config.store.path)
    try:
        mine = store.read_sync(subscriptions.of_chat, chat)
    finally:
        store.close()
    return f"{len(mine)} subscription{'s' if len(mine) > 1 else ''}" if mine else ""


def _subscribe(config: Config, answers: _Answers, now: datetime) -> None:
    chat = _chat(config, answers)
    if answers.place is None or chat is None:
        return
    wanted = Subscription(chat=chat, place=answers.place, km=answers.km)
    store = Store(config.store.path)
    try:
        store.write_sync(chats.touch, chat, "terminal" if chat == talk.CHAT else "private", now)
        if not subscriptions.replaced_by(store.read_sync(subscriptions.of_chat, chat), wanted):
            store.write_sync(subscriptions.add, wanted, now)
    finally:
        store.close()


def _tell(
    path: Path, config: Config, answers: _Answers, operator: Operator, *, names: Names, only_missing: bool
) -> None:
    admins = [*config.telegram.admins, *([answers.admin] if answers.admin else [])]
    has_token = answers.token or config.telegram.token.get_secret_value()
    bot = f"@{answers.bot}" if answers.bot else "token kept, not checked" if has_token else "none: the terminal"
    operator.say(
        f"\n{path} is written; only you can read it." if not is_readable_by_others(path) else f"\n{path} is kept."
    )
    operator.say(f"  bot       {bot}")
    operator.say(f"  admin     {', '.join(map(str, admins)) or 'none'}")
    operator.say(
        f"  watching  {names.long_place(answers.place) if answers.place else 'nothing new'}{_around(answers.km)}"
    )
    if not only_missing:
        operator.say(f"Next: tocsin run --config {path}")


__all__ = ["Operator", "Terminal", "is_attended", "setup"]
