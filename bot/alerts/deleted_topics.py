"""What becomes of a forum topic's subscriptions once the topic is deleted? They end, and the group is offered them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.i18n.translate import in_locale, t
from bot.render import lists
from bot.render.message import Button, Message, line, say
from bot.render.text import cut
from bot.render.words import Names
from bot.store import Tx, button_payloads, chats, outbox, preferences, subscriptions
from bot.store.codec import dump
from bot.types import Alert, Subscription
from extract.types import Action, Severity

LABEL_UNITS = 60
MOST_OFFERED = 20


def end(
    tx: Tx, chat: int, thread: int, *, message_id: int | None, names: Names, token: str, now: datetime
) -> list[Subscription]:
    """Delete all rows about a deleted topic and offer its subscriptions in the group; returns them.

    ``message_id``: the card that was sent to the group in the topic's stead, which stays; ``token`` is a new one for
    the offer's buttons. Telegram tells nobody that a topic was deleted: the first message that finds none says so.
    """
    ended = subscriptions.of_chat(tx, chat, thread)
    chats.forget_topic(tx, chat, thread, message_id=message_id, now=now)
    if not ended:
        return []
    offered = tuple(msgspec.structs.replace(one, id=0, thread=0) for one in ended[:MOST_OFFERED])
    button_payloads.put(tx, token, chat, offered, now)
    with in_locale(preferences.locale(tx, chat, 0)):
        said = _offer(offered, token, names)
    notice = Alert(
        id=0,
        chat=chat,
        thread=0,
        incident=f"topic {thread} {now:%Y-%m-%dT%H:%M:%S}",
        version=0,
        action=Action.NEW,
        notice=dump(said),
    )
    outbox.enqueue(tx, notice, severity=Severity.MODERATE.rank, why=chats.TOPIC_DELETED, now=now)
    return ended


def _offer(offered: Sequence[Subscription], token: str, names: Names) -> Message:
    """The question whether the group takes the subscriptions over, with a button for each."""
    shown = [lists.subscription(one, names) for one in offered]
    rows = tuple((Button(cut(label, LABEL_UNITS), "pick", f"{token} {number}"),) for number, label in enumerate(shown))
    return say(
        line(t("A topic of this group was deleted, and its subscriptions ended with it.")),
        line(t("Subscribe the group itself to one of them? The buttons work for a week.")),
        buttons=rows,
    )
