"""Which webhooks is a change told to? Their messages are stored in the transaction that stores the change."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.alerts.gate import Rules
from bot.alerts.routing import ChatState, Match, matches, route
from bot.alerts.webhooks import message
from bot.alerts.webhooks.message import Event
from bot.i18n.translate import mark_in
from bot.store import Tx, articles, incidents, webhooks
from bot.types import Hook, Reason
from extract.types import Change, Incident

_NOT_ASKED = Match(False, Reason(mark_in("reason", "not asked for")))


def enqueue(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """Store a message for each webhook that is told of a change, as a chat with the same filter would be."""
    for hook in rules.hooks:
        is_told = webhooks.has_told(tx, hook.url, after.id)
        state = ChatState(
            has_card=is_told, matched_before=before is not None and _match(tx, hook, before, now=now, rules=rules).yes
        )
        routing = route(change, after, _match(tx, hook, after, now=now, rules=rules), state, loud=rules.loud)
        event = message.event_of(routing.action, after)
        if event is None or (not is_told and event is not Event.NEW):
            continue
        webhooks.add(
            tx,
            hook.url,
            message_id=message.message_id(hook.url, after.id, after.version),
            incident=after.id,
            version=after.version,
            body=message.body(event, change, after, hook.pages),
            now=now,
        )
        if event is Event.MERGED and incidents.get(tx, after.merged_into) is not None:
            webhooks.mark_told(tx, hook.url, after.merged_into)


def _match(tx: Tx, hook: Hook, incident: Incident, *, now: datetime, rules: Rules) -> Match:
    texts = partial(articles.bodies, tx)
    found = (matches(incident, one, contains=rules.contains, now=now, texts=texts) for one in hook.filters)
    return next((one for one in found if one.yes), _NOT_ASKED)
