"""What a button stands for when that doesn't fit into its 64 bytes."""

from __future__ import annotations

from datetime import datetime

from bot.store.codec import dump, load, stamp
from bot.store.db import Tx
from bot.types import Subscription

TABLE = "choices"
# how the token of what anybody may take begins
SHARED = "sh-"


def offer(tx: Tx, token: str, chat: int, options: tuple[Subscription, ...], now: datetime) -> None:
    """Keep the subscriptions a person can choose from."""
    tx[TABLE].insert({"token": token, "chat": chat, "made": stamp(now), "record": dump(options)})


def take(tx: Tx, token: str, chat: int) -> tuple[Subscription, ...]:
    """The subscriptions offered to this chat under this token; () where there are none any more."""
    text = tx.value("SELECT record FROM choices WHERE token = :token AND chat = :chat", token=token, chat=chat)
    return load(text, tuple[Subscription, ...]) if text else ()


def take_shared(tx: Tx, token: str) -> tuple[Subscription, ...]:
    """The subscriptions that somebody shares under this token; () where there are none any more."""
    if not token.startswith(SHARED):
        return ()
    text = tx.value("SELECT record FROM choices WHERE token = :token", token=token)
    return load(text, tuple[Subscription, ...]) if text else ()
