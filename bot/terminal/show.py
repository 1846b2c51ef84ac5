"""How are messages and alerts shown in a terminal?"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.panel import Panel
from rich.text import Text

from bot.alerts.outcome import Outcome, Outgoing, Sent
from bot.i18n.translate import t
from bot.render.message import Attached, Message, Span
from bot.render.text import fit, isolated
from bot.terminal.screen import Printer

# the command to type instead of a button, by its verb; {arg} is its argument, {typed} its text for typing
TYPED = {
    "ev": "/evidence {arg}",
    "map": "/map {arg}",
    "why": "/why {arg}",
    "card": "/incident {arg}",
    "subs": "/subs",
    "pick": "/subscribe {typed}",
    "mute": "/mute {arg}",
    "quiet": "/quiet {arg}",
    "digest": "/digest {arg}",
}


def show(message: Message) -> Text:
    """A message as styled text; links are followed by their address."""
    out = Text()
    for number, block in enumerate(fit(message, 100_000).blocks):
        for place, spans in enumerate(block.lines):
            out.append("\n" if number or place else "")
            out.append("│ " if block.quote else "")
            for span in spans:
                out.append(isolated(span, span.text), style=_style(span))
                out.append(f" <{span.url}>" if span.url else "", style="dim")
    return out


def numbered_labels(message: Message) -> str:
    """The labels of a message's buttons, each with the number to type for it."""
    buttons = [button for row in message.buttons for button in row]
    return " · ".join(
        f"{n} {button.label}" if button.label != str(n) else str(n) for n, button in enumerate(buttons, 1)
    )


def typed_commands(message: Message) -> str:
    """The commands that can be typed instead of a message's buttons."""
    buttons = [button for row in message.buttons for button in row]
    ways = [TYPED[button.verb].format(arg=button.arg, typed=button.typed) for button in buttons if button.verb in TYPED]
    return "\n".join(dict.fromkeys(ways)) if len(ways) > 4 else " · ".join(dict.fromkeys(ways))


def save_file(file: Attached) -> Path:
    """Write a message's file into a new temporary folder, since a terminal can't show it; returns its path."""
    path = Path(tempfile.mkdtemp(prefix="tocsin-")) / Path(file.name).name
    path.write_bytes(file.body)
    return path


class TerminalSender:
    """Prints the messages that would be sent to Telegram."""

    def __init__(self, screen: Printer, before: Callable[[], Awaitable[None]] | None = None) -> None:
        """``before`` is waited for before each message."""
        self._screen = screen
        self._before = before
        self._numbers = itertools.count(1)

    async def is_reachable(self) -> bool:
        """Always true: a terminal is reachable."""
        return True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Print one message; an edit is printed as the new state of its card."""
        if self._before is not None:
            await self._before()
        title = (
            t("update")
            if outgoing.reply_to is not None
            else t("card, new state")
            if outgoing.edits is not None
            else t("alert")
        )
        border = "dim" if outgoing.silent else "bold red"
        ways = typed_commands(outgoing.message)
        self._screen.print(Panel(show(outgoing.message), title=title, subtitle=ways or None, border_style=border))
        return Sent(outgoing.edits if outgoing.edits is not None else next(self._numbers))


def _style(span: Span) -> str:
    styles = [("bold", span.bold), ("italic", span.italic), ("strike", span.strike), ("cyan", span.code)]
    return " ".join(name for name, has in styles if has)
