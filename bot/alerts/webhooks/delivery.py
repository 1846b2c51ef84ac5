"""How does each message reach its webhook? Claimed, posted with no transaction open, and recorded: at least once.

A message that was not taken is sent again with the same id and body. A webhook that keeps failing is paused: everything
waits, one message is tried now and then, and when one is taken all follow. A message that is refused while others are
taken is given up in the end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.alerts.webhooks import signing
from bot.errors import StoreError
from bot.store import Store, Tx, counters, webhooks
from bot.types import Hook, HookMessage, HookState, Posted

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
AFTER_ERROR_SECONDS = 5.0
# of a webhook: seconds until the next try after a failure, doubled by each further one
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
# of one message, tripled
LONGEST_MESSAGE_WAIT = webhooks.LONGEST_WAIT.total_seconds()
# a webhook is paused after so many failures in a row over so long a time, and then tried at these intervals
FAILURES_TO_PAUSE = 8
FAILING_FOR = timedelta(hours=1)
PAUSED_WAIT = 1800.0
# tries of a message that is refused while others are taken
MOST_TRIES = 12
# the receiver says that it wants nothing any more
GONE = 410


# (address, body, headers) -> the answer
Post = Callable[[str, bytes, dict[str, str]], Awaitable[Posted]]


@dataclass(kw_only=True)
class HookSender:
    """Sends one webhook's messages, one at a time; ``keys`` sign them, ``holder`` names this process in the lease."""

    store: Store
    hook: Hook
    keys: tuple[bytes, ...]
    post: Post
    holder: str
    clock: Callable[[], datetime]

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set."""
        while not stop.is_set():
            rest = IDLE_SECONDS
            try:
                if await self.send_next():
                    rest = 0.0
            except StoreError as error:
                log.warning("a webhook's message can't be claimed or recorded", extra={"why": str(error)})
                rest = AFTER_ERROR_SECONDS
            except Exception:  # a bug with one message must not end the stage
                log.exception("a webhook's message can't be sent")
                rest = AFTER_ERROR_SECONDS
            if rest:
                try:
                    await asyncio.wait_for(stop.wait(), rest)
                except TimeoutError:
                    continue

    async def send_next(self) -> bool:
        """Send the next message that is due; False if there is none."""
        if not await self.store.read(webhooks.has_due, self.hook.url, self.clock()):
            return False
        message = await self.store.write(webhooks.claim, self.hook.url, holder=self.holder, now=self.clock())
        if message is None:
            return False
        headers = signing.headers(message.id, message.body, self.clock(), self.keys)
        posted = await self.post(self.hook.url, message.body, headers)
        await self.store.write(record, message, posted, now=self.clock())
        if not posted.is_taken:
            log.warning("a webhook has not taken a message", extra={"webhook": self.hook.name, "why": posted.why})
        return True


def record(tx: Tx, message: HookMessage, posted: Posted, *, now: datetime) -> None:
    """Record what became of a post."""
    if posted.is_taken:
        webhooks.mark_sent(tx, message, now)
        counters.count(tx, "webhooks_sent")
        return
    counters.count(tx, "webhooks_failed")
    known = failed(webhooks.state(tx, message.hook), posted, now)
    wait = timedelta(seconds=wait_after(known, posted))
    webhooks.put_state(tx, known, wait_until=now + wait)
    if message.attempts >= MOST_TRIES and webhooks.is_taken_since(tx, message):
        webhooks.give_up(tx, message, why=posted.why, now=now)
        counters.problem(tx, message.id, "webhook", f"refused {message.attempts} times: {posted.why}", now)
        return
    again = timedelta(seconds=min(LONGEST_MESSAGE_WAIT, FIRST_WAIT * 3.0 ** min(message.attempts - 1, 10)))
    webhooks.retry(tx, message, at=now + again, why=posted.why)


def failed(known: HookState, posted: Posted, now: datetime) -> HookState:
    """The state of a webhook after another failure: paused if it keeps failing, or wants nothing any more."""
    since = known.since if known.since is not None and known.since <= now else now
    failures = known.failures + 1
    is_over = posted.status == GONE or (failures >= FAILURES_TO_PAUSE and now - since >= FAILING_FOR)
    paused = known.paused or (now if is_over else None)
    return msgspec.structs.replace(known, failures=failures, since=since, paused=paused, why=posted.why)


def wait_after(known: HookState, posted: Posted) -> float:
    """Seconds in which nothing is sent to a webhook after a failure, at least as long as it asks for."""
    wait = PAUSED_WAIT if known.paused else min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(known.failures - 1, 10))
    return min(max(wait, posted.retry_after or 0.0), LONGEST_MESSAGE_WAIT)
