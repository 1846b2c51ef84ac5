"""What the service remembers: SQLite, one writer, functions of (tx, ...) per noun."""

from bot.store import (
    alerts,
    amendments,
    articles,
    cards,
    chats,
    choices,
    follows,
    held,
    inbox,
    incidents,
    lease,
    marks,
    numbers,
    preferences,
    sources,
    subscriptions,
)
from bot.store.db import Store, Tx

__all__ = [
    "Store",
    "Tx",
    "alerts",
    "amendments",
    "articles",
    "cards",
    "chats",
    "choices",
    "follows",
    "held",
    "inbox",
    "incidents",
    "lease",
    "marks",
    "numbers",
    "preferences",
    "sources",
    "subscriptions",
]
