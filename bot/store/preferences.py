"""When and in which language each chat wants to hear of things, and when its next gathered message is due."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.i18n.translate import SOURCE, ChatLocale, language
from bot.store.codec import dump, load, stamp
from bot.store.db import Tx
from bot.types import Preferences
from extract.types import Severity

TABLE = "preferences"


def get(tx: Tx, chat: int, thread: int) -> Preferences:
    """What a chat, or a topic of it, has chosen; the defaults where it hasn't."""
    text = tx.value("SELECT record FROM preferences WHERE chat = :chat AND thread = :thread", chat=chat, thread=thread)
    return load(text, Preferences) if text else Preferences()


def put(tx: Tx, chat: int, thread: int, chosen: Preferences, next_round: datetime | None) -> None:
    """Keep what a chat has chosen, and when it next gets what was gathered."""
    due = stamp(next_round) if next_round else ""
    row = {"chat": chat, "thread": thread, "record": dump(chosen), "next_round": due}
    tx[TABLE].upsert(row)


def speak(tx: Tx, chat: int, thread: int, code: str) -> None:
    """Keep the language that a chat, or a topic of it, has chosen; when its next round is due stays as it is."""
    _keep(tx, chat, thread, msgspec.structs.replace(get(tx, chat, thread), language=code))


def _keep(tx: Tx, chat: int, thread: int, chosen: Preferences) -> None:
    tx.execute(
        """INSERT INTO preferences (chat, thread, record) VALUES (:chat, :thread, :record)
           ON CONFLICT (chat, thread) DO UPDATE SET record = :record""",
        chat=chat,
        thread=thread,
        record=dump(chosen),
    )


def want_maps(tx: Tx, chat: int, thread: int, least: Severity) -> None:
    """Keep from which severity on a chat, or a topic of it, gets maps by themselves; its round stays as it is."""
    _keep(tx, chat, thread, msgspec.structs.replace(get(tx, chat, thread), maps=least))


def begin(tx: Tx, chat: int, code: str) -> None:
    """A chat begins in this language, unless it has chosen one."""
    if not get(tx, chat, 0).language and code != SOURCE:
        speak(tx, chat, 0, code)


def locale(tx: Tx, chat: int, thread: int) -> ChatLocale:
    """How a chat is spoken to. A topic that hasn't chosen a language has that of its chat."""
    chosen = get(tx, chat, thread)
    code = chosen.language or (get(tx, chat, 0).language if thread else "")
    return ChatLocale(language(code), chosen.zone)


def due(tx: Tx, now: datetime, limit: int = 100) -> list[tuple[int, int, Preferences]]:
    """The chats (and topics) whose gathered message is due."""
    rows = tx.rows(
        """SELECT chat, thread, record FROM preferences WHERE next_round <> '' AND next_round <= :now
           ORDER BY next_round LIMIT :limit""",
        now=stamp(now),
        limit=limit,
    )
    return [(row["chat"], row["thread"], load(row["record"], Preferences)) for row in rows]
