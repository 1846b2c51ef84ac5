"""How does each due alert reach its chat once? Claim it, send it with no transaction open, record the outcome.

The outcome of a send is a value (``bot.alerts.outcome``). If no answer came, the alert stays ``unknown``: it is sent
again at most once, marked as a repeat, and only while Telegram answers at all. A possible repeat is better than a lost
alert.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.alerts import deleted_topics
from bot.alerts.outcome import (
    CardGone,
    Closed,
    Held,
    Moved,
    NoAnswer,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    Sender,
    Sent,
    ServerError,
    Wait,
)
from bot.alerts.routing import Reached, reaches_nothing, why_felt
from bot.alerts.turns import Turns, sending_alert
from bot.errors import StoreError
from bot.i18n.translate import in_locale, mark_in, t
from bot.render import text
from bot.render.card import REPEAT_NOTE, card
from bot.render.message import Block, Message, italic, line
from bot.render.update import update
from bot.render.words import Names
from bot.store import Store, Tx, acknowledgements, cards, chats, counters, incidents, outbox, preferences, subscriptions
from bot.store.codec import dump, load
from bot.types import Acknowledgement, Alert, Arrival, Card, Reason
from extract.felt import felt_area
from extract.places.containment import Contains, by_names
from extract.types import Action, Frozen, Incident, Lifecycle, Severity

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
SHORT_SECONDS = 0.05
REPEAT_SECONDS = 3.0
DRAWING_SECONDS = 30.0
LONGEST_RETRY = outbox.LONGEST_PAUSE.total_seconds()
MOST_SERVER_ERRORS = 12


# (incident, chat, thread) -> a message with the incident's map in the current language; None if there is none to draw
DrawMap = Callable[[str, int, int], Awaitable[Message | None]]


async def no_map(_incident: str, _chat: int, _thread: int) -> Message | None:
    """A ``DrawMap`` that draws nothing."""
    return None


@dataclass(kw_only=True)
class Deliverer:
    """Sends the due alerts within Telegram's limits: the most severe first, one at a time for each chat.

    ``holder`` names this process in the lease, ``clock`` is the time, ``slots`` how many sends may be under
    way, ``turns`` says how many alerts may wait for their turn and which chats have to wait. Cards as severe as
    ``loud`` can be acknowledged. ``wake`` ends the pause.
    """

    store: Store
    sender: Sender
    names: Names
    holder: str
    clock: Callable[[], datetime]
    turns: Turns = field(default_factory=Turns)
    slots: int = 16
    loud: Severity = Severity.SEVERE
    draw: DrawMap = no_map
    contains: Contains = by_names
    reached: Reached = reaches_nothing
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _in_flight: dict[int, int] = field(default_factory=dict)
    _has_unrecorded: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; returns when the sends under way have ended."""
        async with asyncio.TaskGroup() as group:
            while not stop.is_set():
                try:
                    started = await self.start_due(group)
                except StoreError as error:
                    log.warning("alerts can't be claimed", extra={"why": str(error)})
                    started = 0
                if not started:
                    await self._pause()

    async def start_due(self, group: asyncio.TaskGroup) -> int:
        """Claim the alerts that may go out now and start sending them; returns how many."""
        free = min(self.slots - len(self._in_flight), self.turns.room())
        if free <= 0:
            return 0
        if self._has_unrecorded:
            await self.store.write(outbox.recover, tuple(self._in_flight.values()))
            self._has_unrecorded = False
        busy = tuple({*self._in_flight, *self.turns.busy()})
        claimed = await self.store.write(outbox.claim, holder=self.holder, now=self.clock(), limit=free, busy=busy)
        for alert in claimed:
            self._in_flight[alert.chat] = alert.id
            group.create_task(self._deliver_or_log(alert))
        return len(claimed)

    async def deliver(self, alert: Alert) -> Outcome | None:
        """Send one claimed alert and record its outcome; None if there was nothing to send."""
        with in_locale(await self.store.read(preferences.locale, alert.chat, alert.thread)), sending_alert():
            return await self._deliver(alert)

    async def _deliver(self, alert: Alert) -> Outcome | None:
        if alert.repeat and not await self.sender.is_reachable():
            later = self.clock() + timedelta(seconds=_backoff(alert.attempts))
            why = Reason(mark_in("reason", "Telegram does not answer"))
            await self.store.write(outbox.retry, alert, at=later, why=why)
            return NotSent("Telegram does not answer")
        incident, known = await self.store.read(
            _load, alert, self.clock(), contains=self.contains, reached=self.reached
        )
        outgoing = compose(alert, incident, known, self.names, loud=self.loud)
        if outgoing is not None and outgoing.message.draws:
            outgoing = await self._with_map(alert, outgoing)
        if outgoing is None:
            await self.store.write(
                outbox.end, alert, "dropped", why=Reason(mark_in("reason", "nothing to send")), now=self.clock()
            )
            return None
        outcome = await self.sender.send(outgoing)
        await self.store.write(record, alert, incident, outgoing, outcome, now=self.clock())
        if isinstance(outcome, Sent) and outcome.topic_gone:
            await self._end_topic(alert, outcome.message_id)
        if not isinstance(outcome, Sent):
            log.warning("alert not delivered", extra={"alert": alert.id, "outcome": type(outcome).__name__})
        return outcome

    async def _end_topic(self, alert: Alert, message_id: int) -> None:
        """End the subscriptions of a deleted topic, after its last message went to the group."""
        await self.store.write(
            deleted_topics.end,
            alert.chat,
            alert.thread,
            message_id=message_id,
            names=self.names,
            token=secrets.token_urlsafe(9),
            now=self.clock(),
        )

    async def _with_map(self, alert: Alert, outgoing: Outgoing) -> Outgoing | None:
        """The message with the map that it asks for, as a reply to its card; None if there is nothing to draw."""
        name = outgoing.message.draws
        async with asyncio.timeout(DRAWING_SECONDS):
            drawn = await self.draw(name, alert.chat, alert.thread)
        sent_card = await self.store.read(cards.get, alert.chat, alert.thread, name)
        if drawn is None or sent_card is None:
            return None
        # its own blocks carry the note that it may be a repeat
        message = msgspec.structs.replace(drawn, blocks=(*drawn.blocks, *outgoing.message.blocks))
        return msgspec.structs.replace(outgoing, message=message, reply_to=sent_card.message_id)

    async def _deliver_or_log(self, alert: Alert) -> None:
        try:
            await self.deliver(alert)
        except StoreError as error:
            log.warning("delivery can't be recorded", extra={"alert": alert.id, "why": str(error)})
            self._has_unrecorded = True
        except Exception:  # a bug with one alert must not stop the others
            log.exception("alert can't be delivered", extra={"alert": alert.id})
            await self._give_up(alert)
        finally:
            del self._in_flight[alert.chat]
            self.wake.set()

    async def _give_up(self, alert: Alert) -> None:
        try:
            await self.store.write(_give_up, alert, now=self.clock())
        except StoreError:
            self._has_unrecorded = True

    async def _pause(self) -> None:
        """Wait until woken, until a rate limit allows the next message, or at most ``IDLE_SECONDS``."""
        self.wake.clear()
        waiting = SHORT_SECONDS * 4 if self.turns.busy() else IDLE_SECONDS
        longest = SHORT_SECONDS if self._in_flight else waiting
        try:
            async with asyncio.timeout(min(longest, self.turns.held() or longest)):
                await self.wake.wait()
        except TimeoutError:
            return


class InChat(Frozen, frozen=True, kw_only=True):
    """What a chat has of an incident: its card, its acknowledgement, and when the first card came or comes.

    ``felt``: how far from a place that it asks for an earthquake was that was probably felt there.
    """

    card: Card | None = None
    seen: Acknowledgement | None = None
    arrival: Arrival | None = None
    felt: Reason | None = None


def compose(
    alert: Alert,
    incident: Incident | None,
    known: InChat | None,
    names: Names,
    *,
    loud: Severity = Severity.SEVERE,
) -> Outgoing | None:
    """The message of an alert, made from the incident's present state; None if there is nothing left to say.

    ``known`` is what that chat has of the incident, None for nothing. Incidents as severe as ``loud`` can be
    acknowledged.
    """
    known = known or InChat()
    sent_card = known.card
    if alert.notice:
        said = load(alert.notice, Message)
        if alert.repeat:
            said = msgspec.structs.replace(said, blocks=(*said.blocks, Block((line(italic(t(REPEAT_NOTE))),))))
        return Outgoing(chat=alert.chat, thread=alert.thread, message=said, silent=alert.silent)
    if incident is None:
        return None
    shown = partial(card, seen=known.seen, loud=loud, arrival=known.arrival, felt=known.felt)
    if alert.action is Action.NEW:
        is_over = bool(incident.merged_into) or incident.lifecycle is Lifecycle.RETRACTED
        if is_over and not alert.repeat:
            return None
        message = shown(incident, names, repeat=alert.repeat)
        return Outgoing(chat=alert.chat, thread=alert.thread, message=message, silent=alert.silent)
    if sent_card is None:
        return None
    if alert.action is Action.EDIT:
        message = shown(incident, names)
        if sent_card.fingerprint == fingerprint(message):
            return None
        return Outgoing(chat=alert.chat, message=message, edits=sent_card.message_id)
    if alert.change is None:
        return None
    message = update(incident, alert.change, names, repeat=alert.repeat)
    return Outgoing(
        chat=alert.chat, thread=alert.thread, message=message, silent=alert.silent, reply_to=sent_card.message_id
    )


def fingerprint(message: Message) -> str:
    """Equal for messages that look the same: 24 hexadecimal digits."""
    return hashlib.blake2s(text.html(message).encode(), digest_size=12).hexdigest()


def record(
    tx: Tx, alert: Alert, incident: Incident | None, outgoing: Outgoing, outcome: Outcome, *, now: datetime
) -> None:
    """T3: record the outcome of a send."""
    if not outbox.exists(tx, alert):  # the chat was deleted (/forget_me) during the send
        return
    match outcome:
        case Sent(message_id):
            _record_sent(tx, alert, incident, outgoing, message_id, now=now)
        case NotSent(why):
            outbox.retry(tx, alert, at=now + timedelta(seconds=_backoff(alert.attempts)), why=Reason(why))
        case ServerError(why) if alert.attempts < MOST_SERVER_ERRORS:
            outbox.retry(tx, alert, at=now + timedelta(seconds=_backoff(alert.attempts)), why=Reason(why))
        case NoAnswer(why) | ServerError(why):
            counters.count(tx, "unanswered")
            outbox.mark_unknown(tx, alert, at=now + timedelta(seconds=REPEAT_SECONDS), now=now, why=Reason(why))
        case Wait(seconds):
            until = now + timedelta(seconds=seconds)
            chats.wait_until(tx, alert.chat, until, now)
            outbox.retry(
                tx,
                alert,
                at=min(until, now + outbox.LONGEST_PAUSE),
                why=Reason(mark_in("reason", "asked to wait")),
                counts=False,
            )
        case Held(seconds):
            until = now + timedelta(seconds=seconds)
            outbox.retry(
                tx,
                alert,
                at=min(until, now + outbox.LONGEST_PAUSE),
                why=Reason(mark_in("reason", "asked to wait")),
                counts=False,
            )
        case Closed(why):
            counters.count(tx, "closed_chats")
            outbox.end(tx, alert, "dropped", why=Reason(why), now=now)
            chats.pause(tx, alert.chat, why, now)
        case Moved(chat):
            outbox.retry(tx, alert, at=now, why=Reason(mark_in("reason", "the group has moved")))
            chats.move(tx, alert.chat, chat, now)
        case CardGone(why):
            cards.forget(tx, alert.chat, alert.thread, alert.incident)
            outbox.end(tx, alert, "dropped", why=Reason(why), now=now)
        case Refused(why):
            counters.count(tx, "refused")
            outbox.end(tx, alert, "failed", why=Reason(why), now=now)


def _put_back(tx: Tx, alert: Alert, seconds: float, *, now: datetime) -> None:
    """Send an alert later, since Telegram asked to wait; that was no attempt."""
    at = now + min(timedelta(seconds=seconds), outbox.LONGEST_PAUSE)
    outbox.retry(tx, alert, at=at, why=Reason(mark_in("reason", "asked to wait")), counts=False)


def _record_sent(
    tx: Tx, alert: Alert, incident: Incident | None, outgoing: Outgoing, message_id: int, *, now: datetime
) -> None:
    if incident is None:
        outbox.mark_sent(tx, alert, now)
        counters.count(tx, "sent_notice")
        return
    shown = fingerprint(outgoing.message)
    version = alert.version if alert.action in (Action.REPLY, Action.RETRACT) else incident.version
    outbox.mark_sent(tx, alert, now)
    cards.record(tx, alert, version=version, message_id=message_id, fingerprint=shown, now=now)
    counters.count(tx, f"sent_{alert.action.value}")
    if alert.action is Action.NEW:
        _make_map_due(tx, alert, incident, now=now)
    if alert.action in (Action.NEW, Action.EDIT):
        cards.put(
            tx,
            Card(
                chat=alert.chat,
                thread=alert.thread,
                incident=alert.incident,
                message_id=outgoing.edits or message_id,
                version=version,
                fingerprint=shown,
            ),
        )


def _make_map_due(tx: Tx, alert: Alert, incident: Incident, *, now: datetime) -> None:
    """Enqueue a map if the chat wants one; it is sent after the card, and the card does not wait for it."""
    least = preferences.get(tx, alert.chat, alert.thread).maps
    severity = incident.facts.severity
    if least is Severity.UNKNOWN or severity.rank < least.rank or incident.facts.place is None:
        return
    notice = Alert(
        id=0,
        chat=alert.chat,
        thread=alert.thread,
        incident=f"map {incident.id}",
        version=incident.version,
        action=Action.NEW,
        silent=True,
        notice=dump(Message((), draws=incident.id)),
    )
    outbox.enqueue(tx, notice, severity=severity.rank, why=Reason(mark_in("reason", "a map by itself")), now=now)


def _load(
    tx: Tx, alert: Alert, now: datetime, *, contains: Contains = by_names, reached: Reached = reaches_nothing
) -> tuple[Incident | None, InChat]:
    key = (alert.chat, alert.thread, alert.incident)
    incident = incidents.get(tx, alert.incident)
    if incident is None:
        return None, InChat()
    arrival = cards.arriving(tx, incident, now) if alert.action is Action.NEW else cards.arrival(tx, *key)
    felt = None
    if felt_area(incident.facts) is not None:
        asked = subscriptions.of_chat(tx, alert.chat, alert.thread)
        felt = why_felt(incident, asked, contains=contains, reached=reached)
    return incident, InChat(card=cards.get(tx, *key), seen=acknowledgements.get(tx, *key), arrival=arrival, felt=felt)


def _give_up(tx: Tx, alert: Alert, *, now: datetime) -> None:
    outbox.end(tx, alert, "failed", why=Reason(mark_in("reason", "a bug; see the log")), now=now)
    counters.problem(tx, f"alert {alert.id}", "deliver", "an alert could not be made", now)


def _backoff(attempts: int) -> float:
    """Seconds before the next try: 1, 2, 4 ... 300."""
    return float(min(LONGEST_RETRY, 2 ** min(attempts - 1, 10)))
