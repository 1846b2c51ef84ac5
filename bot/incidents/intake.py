"""How are waiting articles extracted and committed, in the order they came? Some are read while others are written.

An article waits until its own transaction has committed: wherever the process is killed, it is read again, and counted
once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from bot.alerts.fanout import continue_fan_out
from bot.alerts.gate import Rules
from bot.errors import StoreError
from bot.extraction.executor import BatchExtractor
from bot.extraction.worker import Failed, Result
from bot.incidents.ingest import NewId, commit, random_id
from bot.store import Store, Tx, articles, counters, fanout
from bot.types import StoredArticle
from extract.types import Extraction

log = logging.getLogger(__name__)

# articles without a report are written together, so many in one transaction
TOGETHER = 64

Read = tuple[StoredArticle, Result]


async def work_off(
    store: Store,
    extractor: BatchExtractor,
    rules: Rules,
    *,
    limit: int,
    clock: Callable[[], datetime],
    new_id: NewId = random_id,
    committed: Callable[[], None] = lambda: None,
) -> int:
    """Extract all waiting articles, ``limit`` at once, and commit each in the order they came; returns how many.

    ``extractor.articles_at_once`` is the ``limit`` that keeps every worker busy. ``committed`` is called after each
    transaction.

    Raises:
        ClusterUnavailable: there is nobody to read them now; they wait on.
    """
    await _finish_fan_out(store, rules, clock)
    count = 0
    under_way = await _begin(store, extractor, limit, skip=0)
    try:
        while under_way is not None:
            waiting, reading = under_way
            results = await reading
            under_way = await _begin(store, extractor, limit, skip=len(waiting))
            for group in _together(list(zip(waiting, results, strict=True))):
                await _commit(store, group, rules, clock, new_id)
                committed()
            count += len(waiting)
    finally:
        if under_way is not None and not under_way[1].done():
            under_way[1].cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await under_way[1]
    return count


async def _begin(
    store: Store, extractor: BatchExtractor, limit: int, *, skip: int
) -> tuple[list[StoredArticle], asyncio.Task[list[Result]]] | None:
    """Begin to read the next waiting articles behind the first ``skip``, which are read already; None for none."""
    waiting = await store.read(articles.waiting, limit, skip=skip)
    if not waiting:
        return None
    reading = asyncio.create_task(extractor.extract([stored.article for stored in waiting]))
    await asyncio.sleep(0)  # so that workers have them before anything is written
    return waiting, reading


def _together(read: Sequence[Read]) -> Iterator[list[Read]]:
    """Runs of articles that are committed together, in their order: those without a report; each other one alone."""
    for is_quiet, run in groupby(read, key=_is_quiet):
        group = list(run)
        size = TOGETHER if is_quiet else 1
        yield from (group[start : start + size] for start in range(0, len(group), size))


def _is_quiet(read: Read) -> bool:
    return isinstance(read[1], Extraction) and not read[1].reports


async def _commit(
    store: Store, group: Sequence[Read], rules: Rules, clock: Callable[[], datetime], new_id: NewId
) -> None:
    """Commit the articles in one transaction; each by itself if that fails, so that only what fails is set aside."""
    try:
        await store.write(_commit_all, group, now=clock(), new_id=new_id, rules=rules)
    except StoreError:
        raise
    except Exception as error:  # a bug met by one article must not hold up the others
        if len(group) > 1:
            for one in group:
                await _commit(store, [one], rules, clock, new_id)
            return
        stored = group[0][0]
        log.exception("article can't be ingested", extra={"article": stored.article.id})
        await store.write(_set_aside, stored, f"{type(error).__name__}: {error}", clock())
    await _finish_fan_out(store, rules, clock)


def _commit_all(tx: Tx, group: Sequence[Read], *, now: datetime, new_id: NewId, rules: Rules) -> None:
    for stored, result in group:
        if isinstance(result, Failed):
            _set_aside(tx, stored, result.why, now)
        else:
            commit(tx, stored, result, now=now, new_id=new_id, rules=rules)


async def _finish_fan_out(store: Store, rules: Rules, clock: Callable[[], datetime]) -> None:
    """Enqueue the alerts of changes whose fan-out is not finished, each batch of chats in a transaction of its own."""
    is_more = True
    while is_more:
        try:
            is_more = await store.write(continue_fan_out, rules)
        except StoreError:
            raise
        except Exception as error:  # a bug met by one change must not hold up the others
            log.exception("a change can't be told")
            await store.write(_give_up_fan_out, f"{type(error).__name__}: {error}", clock())


def _give_up_fan_out(tx: Tx, why: str, now: datetime) -> None:
    given_up = fanout.drop_oldest(tx)
    if given_up:
        counters.problem(tx, f"incident {given_up}", "tell", why, now)


def _set_aside(tx: Tx, stored: StoredArticle, why: str, now: datetime) -> None:
    articles.mark_failed(tx, stored, why)
    counters.problem(tx, f"article {stored.article.id}", "extract", why, now)
