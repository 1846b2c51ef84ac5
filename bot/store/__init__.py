"""What does the service keep, and how is it read and written? SQLite with one writing thread.

Each module holds the functions ``fn(tx, ...)`` of one noun. There are more than 15 modules because there are that many
nouns: one module a noun keeps each table's SQL in one place.
"""

from bot.store import (
    amendments,
    articles,
    audit,
    blocking,
    button_payloads,
    cards,
    chats,
    counters,
    deferred,
    flags,
    follows,
    inbox,
    incidents,
    lease,
    outbox,
    preferences,
    question_people,
    question_queries,
    question_rankings,
    questions,
    source_reliability,
    sources,
    subscriptions,
    webhooks,
)
from bot.store.db import Store, Tx

__all__ = [
    "Store",
    "Tx",
    "amendments",
    "articles",
    "audit",
    "blocking",
    "button_payloads",
    "cards",
    "chats",
    "counters",
    "deferred",
    "flags",
    "follows",
    "inbox",
    "incidents",
    "lease",
    "outbox",
    "preferences",
    "question_people",
    "question_queries",
    "question_rankings",
    "questions",
    "source_reliability",
    "sources",
    "subscriptions",
    "webhooks",
]
