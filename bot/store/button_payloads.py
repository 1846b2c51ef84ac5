"""What does a button's token stand for? Payloads that don't fit into the 64 bytes of a Telegram button."""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import dump, load, stamp
from bot.store.db import Tx
from bot.types import Source, Subscription

TABLE = "choices"
# prefix of tokens that any chat may use
SHARED = "sh-"
# prefix of tokens of sources
SOURCES = "src-"


def put(tx: Tx, token: str, chat: int, options: tuple[Subscription, ...], now: datetime) -> None:
    """Write the subscriptions that a chat can choose from under a token."""
    tx[TABLE].insert({"token": token, "chat": chat, "made": stamp(now), "record": dump(options)})


def get(tx: Tx, token: str, chat: int) -> tuple[Subscription, ...]:
    """The subscriptions offered to this chat under a token; () where there are none or they are deleted."""
    if token.startswith(SOURCES):
        return ()
    text = tx.value("SELECT record FROM choices WHERE token = :token AND chat = :chat", token=token, chat=chat)
    return load(text, tuple[Subscription, ...]) if text else ()


def put_sources(tx: Tx, token: str, chat: int, offered: tuple[Source, ...], now: datetime) -> None:
    """Write the sources that are offered to an administrator in a chat; the token begins with ``SOURCES``."""
    tx[TABLE].insert({"token": token, "chat": chat, "made": stamp(now), "record": dump(offered)})


def get_sources(tx: Tx, token: str, chat: int) -> tuple[Source, ...]:
    """The sources offered in this chat under a token; () where there are none or they are deleted."""
    if not token.startswith(SOURCES):
        return ()
    text = tx.value("SELECT record FROM choices WHERE token = :token AND chat = :chat", token=token, chat=chat)
    return load(text, tuple[Source, ...]) if text else ()


def get_shared(tx: Tx, token: str) -> tuple[Subscription, ...]:
    """The subscriptions that a chat shares under a token; () where there are none or they are deleted."""
    if not token.startswith(SHARED):
        return ()
    text = tx.value("SELECT record FROM choices WHERE token = :token", token=token)
    return load(text, tuple[Subscription, ...]) if text else ()
