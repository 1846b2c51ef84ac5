"""How are commands typed on standard input answered on standard output?"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Thread

from bot import commands
from bot.commands import COMMANDS, TAPS, Caller, Services, prompts
from bot.errors import ChatError
from bot.i18n.translate import ChatLocale, in_locale, t
from bot.render import lists
from bot.render.message import Button, Message, say
from bot.render.text import plain
from bot.store import Tx, preferences, subscriptions
from bot.subscriptions import parsing
from bot.terminal.screen import Printer, Screen
from bot.terminal.show import numbered_labels, save_file, show
from bot.types import Subscription

log = logging.getLogger(__name__)

CHAT = 0
CALLER = Caller(chat=CHAT, kind="terminal", is_manager=True, is_admin=True)


async def register(services: Services) -> Message:
    """Register the terminal as a chat, subscribed to everything at its first start.

    The message says to what it is subscribed, and what to type first.
    """
    await commands.meet(services, CALLER)
    mine = await services.store.write(_subscribed_at_first, services)
    with in_locale(await chat_locale(services)):
        said = "; ".join(lists.subscription(one, services.names) for one in mine)
        return say(t("Alerts here: {subscriptions}.", subscriptions=said), *_first_hints(mine))


def _first_hints(mine: Sequence[Subscription]) -> list[str]:
    """What to type first: a place while everything is told, else a question."""
    is_all = all(one.place is None for one in mine)
    narrow = t(
        "Type first, for instance: /subscribe Karachi, then /unsubscribe everywhere: only that place is told then."
    )
    ask = t("Or a question: how many fires this week?")
    more = t("All commands: /help · What has happened: /latest · Ctrl-D ends.")
    return [narrow, ask, more] if is_all else [t("Type first, for instance: /latest"), ask, more]


def listen(source: Iterable[str], at_end: Callable[[], None] = lambda: None) -> asyncio.Queue[str]:
    """A queue of the lines of ``source``, and a call at their end; once for each source, in a running event loop."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    _read_in_thread(source, lines, asyncio.get_running_loop(), at_end)
    return lines


def typed_at(screen: Screen) -> Iterator[str]:
    """The lines that are typed at the prompt, until the end of the input (Ctrl-D)."""
    with contextlib.suppress(EOFError):
        while True:
            yield screen.read()


async def talk(services: Services, screen: Printer, stop: asyncio.Event, lines: asyncio.Queue[str]) -> None:
    """Answer typed lines until ``stop`` is set; the end of the input doesn't end the service."""
    stopped = asyncio.create_task(stop.wait())
    buttons: list[Button] = []
    asked = ""
    while not stop.is_set():
        typing = asyncio.create_task(lines.get())
        await asyncio.wait((typing, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not typing.done():
            typing.cancel()
            break
        if typing.result().strip():
            message = await reply(services, typing.result(), buttons, asked)
            asked = plain(message)
            offered = [button for row in message.buttons for button in row]
            buttons = offered or buttons
            screen.print(show(message))
            with in_locale(await chat_locale(services)):
                file = await asyncio.to_thread(save_file, message.file) if message.file is not None else None
                hints = [t("The file: {path}", path=str(file))] if file else []
                hints += [t("Type a number: {choices}", choices=numbered_labels(message))] if offered else []
            for hint in hints:
                screen.print(hint, style="dim", soft_wrap=True)
    stopped.cancel()


async def reply(services: Services, text: str, buttons: Sequence[Button] = (), asked: str = "") -> Message:
    """The answer to one typed line; the slash may be omitted, and a number means a button of the last answer.

    If that answer (``asked``, as text) was a question, such as which place is meant, the line can answer it.
    """
    with in_locale(await chat_locale(services)):
        return await _reply(services, text, buttons, asked)


async def chat_locale(services: Services) -> ChatLocale:
    """The language and time zone of texts for the terminal, which is a chat too."""
    return await services.store.read(preferences.locale, CHAT, 0)


async def _reply(services: Services, text: str, buttons: Sequence[Button], asked: str) -> Message:
    name, _, rest = text.strip().removeprefix("/").partition(" ")
    command = COMMANDS.get(name.casefold())
    if name.isdecimal() and not rest and 0 < int(name) <= len(buttons):
        button = buttons[int(name) - 1]
        command, rest = TAPS.get(button.verb), button.arg
    elif command is None and not text.strip().startswith("/"):
        if (button_meant := prompts.chosen(buttons, text)) is not None:
            command, rest = TAPS.get(button_meant.verb), button_meant.arg
        elif (meant := prompts.answering(asked, text)) is not None:
            command, rest = COMMANDS[meant[0]], meant[1]
    if command is None and not text.strip().startswith("/") and services.asker is not None:
        command, rest = COMMANDS["subscribe" if parsing.is_request(text.strip()) else "ask"], text
    if command is None:
        return say(t("I don't know “{word}”. /help lists what there is.", word=name))
    try:
        return await commands.answer(services, CALLER, command, " ".join(rest.split()))
    except ChatError as error:
        return say(str(error))
    except Exception as error:  # the person gets an answer, and the service continues
        ref = secrets.token_hex(3)
        log.exception("command failed", extra={"ref": ref, "command": command.name})
        await commands.report_bug(services, f"/{command.name}", error, ref)
        return say(t("Something went wrong (ref {ref}). It has been noted.", ref=ref))


def _subscribed_at_first(tx: Tx, services: Services) -> list[Subscription]:
    if not subscriptions.of_chat(tx, CHAT):
        subscriptions.add(tx, Subscription(chat=CHAT), services.clock())
    return subscriptions.of_chat(tx, CHAT)


def _read_in_thread(
    source: Iterable[str], lines: asyncio.Queue[str], loop: asyncio.AbstractEventLoop, at_end: Callable[[], None]
) -> None:
    """Read in a daemon thread, since reading blocks and the process must not wait for another line at its end."""

    def read() -> None:
        try:
            for text in source:
                loop.call_soon_threadsafe(lines.put_nowait, text)
            loop.call_soon_threadsafe(at_end)
        except (ValueError, RuntimeError):  # the input or the loop is closed
            return

    Thread(target=read, daemon=True, name="terminal-input").start()
