"""Which command is a typed text for that answers what the bot has asked: "Which place?", "What is it called?"?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.subscribing import ASK_NAME, ASK_PLACE
from bot.i18n.translate import in_every_language
from bot.render.message import Button
from extract.text.normalise import fold

_RENAMED = re.compile(r"/rename (\d+)")
# buttons that choose between places
_CHOICES = {"pick": re.compile(r"\S+ \d+"), "asked": re.compile(r"\S+ [mp]\d+")}


def answering(asked: str, text: str) -> tuple[str, str] | None:
    """The command and arguments that a text means as the answer to a message of the bot; None if it asks nothing."""
    said = " ".join(text.split())
    if asked.startswith(in_every_language(ASK_PLACE)):
        return "subscribe", said
    if asked.startswith(in_every_language(ASK_NAME)) and (number := _RENAMED.search(asked)):
        return "rename", f"{number[1]} {said}"
    return None


def chosen(buttons: Sequence[Button], text: str) -> Button | None:
    """The only button choosing a place whose label has all words of a text; None if there is none or several."""
    words = set(fold(text).split())
    offered = [one for one in buttons if one.verb in _CHOICES and _CHOICES[one.verb].fullmatch(one.arg)]
    same = [one for one in offered if fold(one.label) == fold(text)]
    fitting = same or [one for one in offered if words and words <= set(fold(one.label).split())]
    return fitting[0] if len(fitting) == 1 else None
