"""What has each chat or topic set (language, time zone, quiet hours, digest, maps), and when is its next digest due?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.i18n.translate import SOURCE, ChatLocale, language
from bot.store.codec import dump, load, moment, stamp
from bot.store.db import Tx
from bot.types import Preferences
from extract.types import Severity

TABLE = "preferences"


def get(tx: Tx, chat: int, thread: int) -> Preferences:
    """The preferences of a chat or topic; the defaults where it has set none."""
    text = tx.value("SELECT record FROM preferences WHERE chat = :chat AND thread = :thread", chat=chat, thread=thread)
    return load(text, Preferences) if text else Preferences()


def of_chats(tx: Tx, after: int, last: int) -> dict[tuple[int, int], Preferences]:
    """Chat and thread -> the preferences of those that have set any, with chat ids above ``after`` up to ``last``."""
    rows = tx.cells(
        "SELECT chat, thread, record FROM preferences WHERE chat > :after AND chat <= :last", after=after, last=last
    )
    return {(chat, thread): load(record, Preferences) for chat, thread, record in rows}


def put(tx: Tx, chat: int, thread: int, chosen: Preferences, next_digest: datetime | None) -> None:
    """Write the preferences of a chat or topic, and when its next digest is due (None: never)."""
    due = stamp(next_digest) if next_digest else ""
    row = {"chat": chat, "thread": thread, "record": dump(chosen), "next_round": due}
    tx[TABLE].upsert(row)


def set_language(tx: Tx, chat: int, thread: int, code: str) -> None:
    """Set the language of a chat or topic; the time of its next digest stays."""
    _put_record(tx, chat, thread, msgspec.structs.replace(get(tx, chat, thread), language=code))


def _put_record(tx: Tx, chat: int, thread: int, chosen: Preferences) -> None:
    tx.execute(
        """INSERT INTO preferences (chat, thread, record) VALUES (:chat, :thread, :record)
           ON CONFLICT (chat, thread) DO UPDATE SET record = :record""",
        chat=chat,
        thread=thread,
        record=dump(chosen),
    )


def set_maps(tx: Tx, chat: int, thread: int, least: Severity) -> None:
    """Set from which severity on a chat or topic gets a map with a first card; the time of its next digest stays."""
    _put_record(tx, chat, thread, msgspec.structs.replace(get(tx, chat, thread), maps=least))


def set_initial_language(tx: Tx, chat: int, code: str) -> None:
    """Set a chat's language unless it has one; the default language isn't written."""
    if not get(tx, chat, 0).language and code != SOURCE:
        set_language(tx, chat, 0, code)


def locale(tx: Tx, chat: int, thread: int) -> ChatLocale:
    """The language and time zone of texts for a chat or topic; a topic without a language has that of its chat."""
    chosen = get(tx, chat, thread)
    code = chosen.language or (get(tx, chat, 0).language if thread else "")
    return ChatLocale(language(code), chosen.zone)


def planned(tx: Tx) -> list[tuple[int, int, Preferences, datetime]]:
    """The chats and topics that get digests, with their preferences and when the next is due."""
    rows = tx.rows("SELECT chat, thread, record, next_round FROM preferences WHERE next_round <> ''")
    return [(row["chat"], row["thread"], load(row["record"], Preferences), moment(row["next_round"])) for row in rows]


def due(tx: Tx, now: datetime, limit: int = 100) -> list[tuple[int, int, Preferences]]:
    """The chats and topics whose digest is due, with their preferences, longest due first."""
    rows = tx.rows(
        """SELECT chat, thread, record FROM preferences WHERE next_round <> '' AND next_round <= :now
           ORDER BY next_round LIMIT :limit""",
        now=stamp(now),
        limit=limit,
    )
    return [(row["chat"], row["thread"], load(row["record"], Preferences)) for row in rows]
