"""A real store, a clock that tests move, and the stand-ins for tracking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fakes
from fakes import HOLDER, NOW, Clock
from talking import NAMES, chatting, wire

from bot.render.words import Names
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


__all__ = ["chatting", "wire"]


@pytest.fixture
def names() -> Names:
    return NAMES
