"""Is everything still as it was written? The audit log and all that it seals, read again from the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.errors import UsageError
from bot.store import Store, audit
from bot.store.audit import Head, Verdict

# a head can be given with fewer digits than it has, but not with so few that another one could be made with the same
_HEAD = re.compile(r"(\d{1,18}):([0-9a-fA-F]{16,64})")
MOST_NAMED = 100


def read_head(text: str) -> Head | None:
    """The head that ``tocsin verify`` or /status once gave; None for an empty text.

    Raises:
        UsageError: it is none.
    """
    if not text:
        return None
    found = _HEAD.fullmatch(text.strip())
    if not found:
        raise UsageError(
            f"--head {text}: a head is a number and at least 16 hexadecimal digits, as in 812:9f3c07d2a1b45e66"
        )
    return Head(seq=int(found[1]), link=found[2].lower())


def verify(db: Path, head: str) -> Verdict:
    """Read everything again, at one moment while the service runs."""
    known = read_head(head)
    store = Store(db)
    try:
        return store.read_sync(audit.verify, known)
    finally:
        store.close()


def lines(verdict: Verdict, *, is_head_given: bool) -> Iterator[str]:
    """The verdict for people, a line each; at most ``MOST_NAMED`` breaches by name."""
    for breach in verdict.breaches[:MOST_NAMED]:
        yield f"{breach.row}: {breach.what}"
    if len(verdict.breaches) > MOST_NAMED:
        yield f"and {len(verdict.breaches) - MOST_NAMED:,} more"
    erased = f", {verdict.erased:,} erased on request" if verdict.erased else ""
    yield f"{verdict.rows:,} decisions, versions and deliveries are as they were written{erased}"
    yield f"head {verdict.head}"
    if not is_head_given and not verdict.breaches:
        yield "keep the head elsewhere: only --head shows that the end was not cut off and the log not written anew"
