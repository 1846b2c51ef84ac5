"""The command that acknowledges an incident, so that its later updates come without a sound."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n.translate import mark_in, t
from bot.render.message import Message, moment, say, sentence
from bot.store import Tx, acknowledgements, incidents, outbox
from bot.types import Acknowledgement, Reason
from extract.types import Incident

ACKNOWLEDGED = Reason(mark_in("reason", "acknowledged"))


async def acknowledge(services: Services, caller: Caller, text: str) -> Message:
    """Record that somebody deals with an incident; with "off" after the id, remove that."""
    parts = text.split()
    is_off = bool(parts) and parts[-1].casefold() == "off"
    known = await find(services, caller, " ".join(parts[:-1] if is_off else parts))
    if is_off:
        ended = await services.store.write(_remove, caller, known, services)
        return _as_toast(say(t("No longer acknowledged.") if ended else t("That wasn't acknowledged here.")))
    before = await services.store.write(_acknowledge, caller, known, services)
    if before is None:
        return _as_toast(say(t("Acknowledged. Later updates come without a sound, unless it gets more severe.")))
    if not before.name:
        return _as_toast(say(sentence("Acknowledged already, {at}.", at=moment(before.at))))
    return _as_toast(say(sentence("Acknowledged already by {name}, {at}.", name=before.name, at=moment(before.at))))


def _acknowledge(tx: Tx, caller: Caller, known: Incident, services: Services) -> Acknowledgement | None:
    """Store the acknowledgement; if an earlier one is still valid, change nothing and return that."""
    rank = known.facts.severity.rank
    before = acknowledgements.get(tx, caller.chat, caller.thread, known.id)
    if before is not None and before.severity >= rank:
        return before
    one = Acknowledgement(
        chat=caller.chat,
        thread=caller.thread,
        incident=known.id,
        severity=rank,
        at=services.clock(),
        user=caller.user,
        name=caller.name,
    )
    acknowledgements.put(tx, one)
    _refresh_card(tx, caller, known, services)
    return None


def _remove(tx: Tx, caller: Caller, known: Incident, services: Services) -> bool:
    ended = acknowledgements.remove(tx, caller.chat, caller.thread, known.id)
    if ended:
        _refresh_card(tx, caller, known, services)
    return ended


def _refresh_card(tx: Tx, caller: Caller, known: Incident, services: Services) -> None:
    """Enqueue an edit of the card, which shows the acknowledgement."""
    versions = incidents.versions(tx, known.id)
    outbox.enqueue_refresh(
        tx,
        (caller.chat, caller.thread),
        known.id,
        change=versions[-1].change if versions else None,
        severity=known.facts.severity.rank,
        why=ACKNOWLEDGED,
        now=services.clock(),
    )


def _as_toast(message: Message) -> Message:
    return Message(message.blocks, is_toast=True)
