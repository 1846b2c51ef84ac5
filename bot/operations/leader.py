"""Which process serves the database? The one with the lease; others stand by and take over when it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.errors import StillServed, StoreError
from bot.store import Store, lease
from bot.store.codec import moment
from bot.store.db import LEASE_SECONDS

log = logging.getLogger(__name__)

RENEW_SECONDS = 2.0


def new_holder() -> str:
    """A unique name for this process: host and pid namespace, pid, its start time, random digits."""
    pid = os.getpid()
    return f"{_machine()}/{pid}/{_start_of(pid)}/{secrets.token_hex(4)}"


def is_gone(holder: str) -> bool:
    """Has the process of this name certainly ended? Known only of the same host and pid namespace, else False."""
    machine, _, rest = holder.partition("/")
    pid, _, more = rest.partition("/")
    started = more.partition("/")[0]
    if machine != _machine() or not pid.isdigit() or not started:
        return False
    return _start_of(int(pid)) != started


async def open_when_free(path: Path, holder: str, stop: asyncio.Event) -> Store | None:
    """The database, as soon as no other version serves it; None if ``stop`` was set first.

    Raises:
        StoreError: at the first try, the database can't be opened.
    """
    waited = False
    while not stop.is_set():
        try:
            return await asyncio.to_thread(Store, path, holder=holder, is_gone=is_gone)
        except StillServed as error:
            if not waited:
                log.warning("standing by, to bring the database up to date", extra={"why": str(error)})
                waited = True
        except StoreError as error:
            if not waited:
                raise
            log.error("the database can't be opened", extra={"why": str(error)})
        await wait(stop)
    return None


class LeaseWatch:
    """Is another process's lease renewed? Looks by a monotonic clock, since the wall clock may be moved."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: lease.Lease | None = None
        self._since = 0.0
        self._is_expired = False

    def is_unrenewed(self, held: lease.Lease, now: datetime) -> bool:
        """Has a lease not been renewed for as long as it lasts, or had it expired when it was first looked at?"""
        if held != self._seen:
            self._is_expired = self._seen is None and moment(held.until) <= now
            self._seen, self._since = held, self._ticks()
        return self._is_expired or self._ticks() - self._since >= LEASE_SECONDS


async def take_over(
    store: Store,
    holder: str,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    *,
    ticks: Callable[[], float] = time.monotonic,
) -> bool:
    """Wait until this process has the lease; False if ``stop`` was set first."""
    waited, watch = False, LeaseWatch(ticks)
    while not stop.is_set():
        try:
            if await _take(store, holder, clock(), watch):
                log.info("serving", extra={"database": str(store.path)})
                return True
            if not waited:
                log.warning("another tocsin serves this database: standing by", extra={"database": str(store.path)})
                waited = True
        except StoreError as error:  # the other process may keep it for long
            log.error("the lease can't be taken", extra={"why": str(error)})
        await wait(stop)
    return False


async def wait(stop: asyncio.Event) -> None:
    """Pause before the next try, at most until ``stop`` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(RENEW_SECONDS):
            await stop.wait()


async def keep_lease(store: Store, holder: str, clock: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Renew the lease until ``stop`` is set; returns as soon as it is lost."""
    while not stop.is_set():
        try:
            if not await store.write(lease.take, holder, clock()):
                log.error("another tocsin has taken over this database")
                return
        except StoreError as error:
            log.error("the lease can't be renewed", extra={"why": str(error)})
        await wait(stop)


async def _take(store: Store, holder: str, now: datetime, watch: LeaseWatch) -> bool:
    held = await store.read(lease.current)
    if held is None or held.holder == holder:
        return await store.write(lease.take, holder, now)
    if not is_gone(held.holder) and not watch.is_unrenewed(held, now):
        return False
    return await store.write(lease.take, holder, now, unrenewed=held)


def _machine() -> str:
    """Host and pid namespace, since the same pid in another container is another process."""
    namespace = Path("/proc/self/ns/pid")
    inside = namespace.readlink().name if namespace.exists() else ""
    return f"{os.uname().nodename}-{inside}".replace("/", "-")


def _start_of(pid: int) -> str:
    """When a process started, in clock ticks since boot; empty if there is no such process or no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state == "Z" else fields[18]
