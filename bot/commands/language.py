"""The command that shows and sets the language of a chat."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import CODES, SOURCE, Voice, speaking, t
from bot.render.message import Block, Button, Message, bold, italic, line
from bot.store import preferences

PER_ROW = 2


async def lang(services: Services, caller: Caller, text: str) -> Message:
    """Set the language of this chat; without one, offer all."""
    wanted = text.strip().casefold()
    if not wanted:
        return _menu(t("Which language shall I speak here?"))
    code = next((one for one in CODES if wanted in _names(one)), "")
    if not code:
        raise ChatError(t("Which language? One of: {codes}, as in: /lang es", codes=", ".join(CODES)))
    await services.store.write(preferences.set_language, caller.chat, caller.thread, code)
    with speaking(Voice(translate.language(code), translate.current().zone)):
        return _menu(t("From now on I speak English here."))


def _menu(said: str) -> Message:
    here = translate.current().language.code
    made = [Button(f"✓ {_label(one)}" if one == here else _label(one), "lang", one) for one in CODES]
    rows = tuple(tuple(made[at : at + PER_ROW]) for at in range(0, len(made), PER_ROW))
    lines = (
        line(bold(said)),
        line(t("Quotes and titles stay in the language of their article.")),
        line(italic(t("A draft has not been read by a native speaker yet."))),
    )
    return Message((Block(lines),), rows, is_menu=True)


def _label(code: str) -> str:
    name = translate.language(code).name
    return name if code == SOURCE else t("{language} (draft)", language=name)


def _names(code: str) -> tuple[str, ...]:
    """The names by which a language can be chosen: its code, its own name, its English name."""
    known = translate.language(code)
    english = known.locale.get_display_name(SOURCE) or code
    return (code, known.name.casefold(), english.casefold())
