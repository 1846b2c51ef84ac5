"""A language that brackets every message of the catalogues: what it leaves bare was never wrapped."""

from __future__ import annotations

import gettext
import html
import io
import re

from babel import Locale
from babel.messages.pofile import read_po

from bot.i18n.translate import DOMAIN, FOLDER, ChatLocale, Language
from bot.render.message import Message

OPEN, CLOSE = "⟦", "⟧"


class Bracketing(gettext.NullTranslations):
    """Gives every message back between brackets; of reasons only those of the template, the others are plain text."""

    def __init__(self):
        super().__init__()
        template = read_po(io.BytesIO((FOLDER / f"{DOMAIN}.pot").read_bytes()))
        self._reasons = {one.id for one in template if one.context == "reason"}

    def gettext(self, message):
        return f"{OPEN}{message}{CLOSE}"

    def pgettext(self, context, message):
        return message if context == "reason" and message not in self._reasons else self.gettext(message)

    def ngettext(self, one, many, n):
        return self.gettext(one if n == 1 else many)

    def npgettext(self, context, one, many, n):
        return self.ngettext(one, many, n)


# Japanese days and countries: no Latin letters in them, so what was written with English months shows too
PSEUDO = Language("x-pseudo", Locale.parse("ja"), Bracketing())
VOICE = ChatLocale(PSEUDO)


def bare(text: str) -> list[str]:
    """The words that stand outside of all brackets; code, links' addresses and markup don't count."""
    text = re.sub(r"<code>.*?</code>|<[^>]+>|(?<!\w)/[a-z_]+", " ", text, flags=re.DOTALL)
    out, depth = [], 0
    for char in html.unescape(text):
        depth += (char == OPEN) - (char == CLOSE and depth > 0)
        out.append(char if not depth else " ")
    return re.findall(r"[A-Za-z]{2,}", "".join(out))


def texts_of(message: Message) -> list[str]:
    """All that is read of a message: its lines and its buttons."""
    spans = [span for block in message.blocks for line in block.lines for span in line if not span.code]
    return ["".join(span.text for span in spans), *(one.label for row in message.buttons for one in row)]
