"""A real store, a clock that tests move, and the stand-ins for tracking."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fakes
from fakes import HOLDER, NOW, Clock
from loopback import Web, serving
from talking import NAMES, chatting, wire

from bot.config import Fetch
from bot.render.words import Names
from bot.sources.poll import SourceReader
from bot.store import Store, lease


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "tocsin.db")
    made.write_sync(lease.take, HOLDER, NOW)
    yield made
    made.close()


@pytest.fixture
def simple_tracking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracking by plain rules, so that a test says what happens around it."""
    for name in ("search_window", "decide", "fuse", "change", "origin_of"):
        monkeypatch.setattr(f"extract.track.{name}", getattr(fakes, name), raising=False)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """A server on loopback, whose pages a test sets."""
    async with serving() as made:
        yield made


@pytest.fixture
async def reader(store: Store, clock: Clock) -> AsyncIterator[SourceReader]:
    """Reads sources on loopback, each at the middle of its spread."""
    made = SourceReader(store, Fetch(allow_hosts=("127.0.0.1",), timeout=5.0), clock, chance=lambda: 0.5)
    yield made
    await made.close()


__all__ = ["chatting", "wire"]


@pytest.fixture
def names() -> Names:
    return NAMES
