"""Each alert that is due reaches its chat once: claim, send with no transaction open, record.

What a send can come to is a value (``Outcome``). An answer that never came leaves the alert ``unknown``: it is sent
again at most once, marked as a repeat, and only while Telegram answers at all. One possible repeat is better than
one lost alert.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from bot.alerts.rate_limits import Limiter
from bot.errors import StoreError
from bot.i18n.translate import in_locale, mark_in, t
from bot.render import text
from bot.render.card import REPEAT_NOTE, card, update
from bot.render.message import Block, Message, italic, line
from bot.render.words import Names
from bot.store import Store, Tx, acknowledgements, cards, chats, counters, incidents, outbox, preferences
from bot.store.codec import dump, load
from bot.types import Acknowledgement, Alert, Card
from extract.types import Action, Frozen, Incident, Lifecycle, Severity

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
SHORT_SECONDS = 0.05
REPEAT_SECONDS = 3.0
DRAWING_SECONDS = 30.0
LONGEST_RETRY = 300.0
MOST_SERVER_ERRORS = 12


# ------------------------------------------------------------------ what a send can come to


class Sent(Frozen, frozen=True):
    """It arrived, as this message."""

    message_id: int


class NotSent(Frozen, frozen=True):
    """It certainly did not arrive: no connection was made."""

    why: str


class ServerError(Frozen, frozen=True):
    """Telegram answered that it failed on its side."""

    why: str


class NoAnswer(Frozen, frozen=True):
    """The request went out and no answer came: it may have arrived."""

    why: str


class Wait(Frozen, frozen=True):
    """Telegram asks to leave this chat alone for so many seconds."""

    seconds: float


class Closed(Frozen, frozen=True):
    """This chat can't be written to any more: blocked, kicked, deleted or no rights."""

    why: str


class Moved(Frozen, frozen=True):
    """The group is a supergroup now, under this id."""

    chat: int


class CardGone(Frozen, frozen=True):
    """The message to edit or to answer isn't there any more."""

    why: str


class Refused(Frozen, frozen=True):
    """Telegram won't take this message, however often it is sent."""

    why: str


Outcome = Sent | NotSent | ServerError | NoAnswer | Wait | Closed | Moved | CardGone | Refused


class Outgoing(Frozen, frozen=True, kw_only=True):
    """One message to send, or with ``edits`` to put in the place of another."""

    chat: int
    message: Message
    thread: int = 0
    silent: bool = False
    reply_to: int | None = None
    edits: int | None = None


class Sender(Protocol):
    """Carries messages to people."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send or edit one message."""

    async def is_reachable(self) -> bool:
        """Does the other side answer at all?"""


# draws the map of an incident for a chat and topic, in the current voice; None where there is none to draw
Draw = Callable[[str, int, int], Awaitable[Message | None]]


async def draws_nothing(_incident: str, _chat: int, _thread: int) -> Message | None:
    """No maps."""
    return None


# ------------------------------------------------------------------ the stage


@dataclass(kw_only=True)
class Deliverer:
    """Sends what is due, severe first, fair between chats, within Telegram's limits."""

    store: Store
    sender: Sender
    limiter: Limiter
    names: Names
    holder: str
    clock: Callable[[], datetime]
    ticks: Callable[[], float] = time.monotonic
    slots: int = 8
    loud: Severity = Severity.SEVERE
    draw: Draw = draws_nothing
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _flying: dict[int, int] = field(default_factory=dict)
    _is_unrecorded: bool = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then what is being sent ends."""
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
        """Claim what may go out now and begin to send it. How many."""
        free = min(self.slots - len(self._flying), self.limiter.room(self.ticks()))
        if free <= 0:
            return 0
        if self._is_unrecorded:
            await self.store.write(outbox.recover, tuple(self._flying.values()))
            self._is_unrecorded = False
        busy = tuple({*self._flying, *self.limiter.busy(self.ticks())})
        claimed = await self.store.write(outbox.claim, holder=self.holder, now=self.clock(), limit=free, busy=busy)
        for alert in claimed:
            self.limiter.note(alert.chat, self.ticks())
            self._flying[alert.chat] = alert.id
            group.create_task(self._fly(alert))
        return len(claimed)

    async def deliver(self, alert: Alert) -> Outcome | None:
        """Send one claimed alert and record how it went; None where there was nothing to send."""
        with in_locale(await self.store.read(preferences.locale, alert.chat, alert.thread)):
            return await self._deliver(alert)

    async def _deliver(self, alert: Alert) -> Outcome | None:
        if alert.repeat and not await self.sender.is_reachable():
            later = self.clock() + timedelta(seconds=_backoff(alert.attempts))
            await self.store.write(outbox.again, alert, at=later, why=mark_in("reason", "Telegram does not answer"))
            return NotSent("Telegram does not answer")
        incident, held, seen = await self.store.read(_load, alert)
        outgoing = compose(alert, incident, held, self.names, seen=seen, loud=self.loud)
        if outgoing is not None and outgoing.message.draws:
            outgoing = await self._drawn(alert, outgoing)
        if outgoing is None:
            await self.store.write(
                outbox.end, alert, "dropped", why=mark_in("reason", "nothing to send"), now=self.clock()
            )
            return None
        outcome = await self.sender.send(outgoing)
        await self.store.write(record, alert, incident, outgoing, outcome, now=self.clock())
        if isinstance(outcome, Wait):
            self.limiter.close(alert.chat, self.ticks() + outcome.seconds)
        if not isinstance(outcome, Sent):
            log.warning("alert not delivered", extra={"alert": alert.id, "outcome": type(outcome).__name__})
        return outcome

    async def _drawn(self, alert: Alert, outgoing: Outgoing) -> Outgoing | None:
        """The message with the map that it asks for, as an answer to its card; None where there is nothing to draw."""
        name = outgoing.message.draws
        async with asyncio.timeout(DRAWING_SECONDS):
            drawn = await self.draw(name, alert.chat, alert.thread)
        held = await self.store.read(cards.get, alert.chat, alert.thread, name)
        if drawn is None or held is None:
            return None
        # what stands in it already says that it may be there twice
        message = msgspec.structs.replace(drawn, blocks=(*drawn.blocks, *outgoing.message.blocks))
        return msgspec.structs.replace(outgoing, message=message, reply_to=held.message_id)

    async def _fly(self, alert: Alert) -> None:
        try:
            await self.deliver(alert)
        except StoreError as error:
            log.warning("delivery can't be recorded", extra={"alert": alert.id, "why": str(error)})
            self._is_unrecorded = True
        except Exception:  # a bug met by one alert must not hold up the others
            log.exception("alert can't be delivered", extra={"alert": alert.id})
            await self._give_up(alert)
        finally:
            del self._flying[alert.chat]
            self.wake.set()

    async def _give_up(self, alert: Alert) -> None:
        try:
            await self.store.write(_give_up, alert, now=self.clock())
        except StoreError:
            self._is_unrecorded = True

    async def _pause(self) -> None:
        """Until something new is due, a chat may be written to again, or a second has passed."""
        self.wake.clear()
        is_waiting = bool(self._flying) or bool(self.limiter.busy(self.ticks()))
        try:
            longest = SHORT_SECONDS * 4 if is_waiting else IDLE_SECONDS
            room_in = self.limiter.room_in(self.ticks())
            async with asyncio.timeout(min(longest, room_in) if room_in > 0 else longest):
                await self.wake.wait()
        except TimeoutError:
            return


def compose(
    alert: Alert,
    incident: Incident | None,
    held: Card | None,
    names: Names,
    *,
    seen: Acknowledgement | None = None,
    loud: Severity = Severity.SEVERE,
) -> Outgoing | None:
    """The message of an alert as things stand now; None where it has lost its point.

    ``seen``: the chat has acknowledged the incident; what is as severe as ``loud`` can be.
    """
    if alert.notice:
        said = load(alert.notice, Message)
        if alert.repeat:
            said = msgspec.structs.replace(said, blocks=(*said.blocks, Block((line(italic(t(REPEAT_NOTE))),))))
        return Outgoing(chat=alert.chat, thread=alert.thread, message=said, silent=alert.silent)
    if incident is None:
        return None
    if alert.action is Action.NEW:
        is_over = bool(incident.merged_into) or incident.lifecycle is Lifecycle.RETRACTED
        if is_over and not alert.repeat:
            return None
        message = card(incident, alert.change, names, repeat=alert.repeat, seen=seen, loud=loud)
        return Outgoing(chat=alert.chat, thread=alert.thread, message=message, silent=alert.silent)
    if held is None:
        return None
    if alert.action is Action.EDIT:
        message = card(incident, alert.change, names, seen=seen, loud=loud)
        if held.digest == digest(message):
            return None
        return Outgoing(chat=alert.chat, message=message, edits=held.message_id)
    if alert.change is None:
        return None
    message = update(incident, alert.change, names, repeat=alert.repeat)
    return Outgoing(
        chat=alert.chat, thread=alert.thread, message=message, silent=alert.silent, reply_to=held.message_id
    )


def digest(message: Message) -> str:
    """What tells whether two messages look the same."""
    return hashlib.blake2s(text.html(message).encode(), digest_size=12).hexdigest()


def record(
    tx: Tx, alert: Alert, incident: Incident | None, outgoing: Outgoing, outcome: Outcome, *, now: datetime
) -> None:
    """T3: write down what a send came to."""
    if not outbox.exists(tx, alert):  # the chat asked to be forgotten while it was being written to
        return
    match outcome:
        case Sent(message_id):
            _record_sent(tx, alert, incident, outgoing, message_id, now=now)
        case NotSent(why):
            outbox.again(tx, alert, at=now + timedelta(seconds=_backoff(alert.attempts)), why=why)
        case ServerError(why) if alert.attempts < MOST_SERVER_ERRORS:
            outbox.again(tx, alert, at=now + timedelta(seconds=_backoff(alert.attempts)), why=why)
        case NoAnswer(why) | ServerError(why):
            counters.count(tx, "unanswered")
            outbox.unanswered(tx, alert, at=now + timedelta(seconds=REPEAT_SECONDS), now=now, why=why)
        case Wait(seconds):
            until = now + timedelta(seconds=seconds)
            chats.wait_until(tx, alert.chat, until)
            outbox.again(tx, alert, at=until, why=mark_in("reason", "asked to wait"), counts=False)
        case Closed(why):
            counters.count(tx, "closed_chats")
            outbox.end(tx, alert, "dropped", why=why, now=now)
            chats.pause(tx, alert.chat, why, now)
        case Moved(chat):
            outbox.again(tx, alert, at=now, why=mark_in("reason", "the group has moved"))
            chats.move(tx, alert.chat, chat, now)
        case CardGone(why):
            cards.forget(tx, alert.chat, alert.thread, alert.incident)
            outbox.end(tx, alert, "dropped", why=why, now=now)
        case Refused(why):
            counters.count(tx, "refused")
            outbox.end(tx, alert, "failed", why=why, now=now)


def _record_sent(
    tx: Tx, alert: Alert, incident: Incident | None, outgoing: Outgoing, message_id: int, *, now: datetime
) -> None:
    if incident is None:
        outbox.sent(tx, alert, now)
        counters.count(tx, "sent_notice")
        return
    shown = digest(outgoing.message)
    version = alert.version if alert.action in (Action.REPLY, Action.RETRACT) else incident.version
    outbox.sent(tx, alert, now)
    cards.record(tx, alert, version=version, message_id=message_id, digest=shown, now=now)
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
                digest=shown,
            ),
        )


def _make_map_due(tx: Tx, alert: Alert, incident: Incident, *, now: datetime) -> None:
    """A map follows the card where the chat wants one: never before the card, and nothing the card waits for."""
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
    outbox.enqueue(tx, notice, severity=severity.rank, why=mark_in("reason", "a map by itself"), now=now)


def _load(tx: Tx, alert: Alert) -> tuple[Incident | None, Card | None, Acknowledgement | None]:
    key = (alert.chat, alert.thread, alert.incident)
    return incidents.get(tx, alert.incident), cards.get(tx, *key), acknowledgements.get(tx, *key)


def _give_up(tx: Tx, alert: Alert, *, now: datetime) -> None:
    outbox.end(tx, alert, "failed", why=mark_in("reason", "a bug; see the log"), now=now)
    counters.problem(tx, f"alert {alert.id}", "deliver", "an alert could not be made", now)


def _backoff(attempts: int) -> float:
    """Seconds before the next try: 1, 2, 4 ... 300."""
    return float(min(LONGEST_RETRY, 2 ** min(attempts - 1, 10)))
