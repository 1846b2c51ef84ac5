"""How alike are the stories that two texts tell, by the vectors that the encoder of short items gives them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SCALE = 127


def likeness(one: bytes, two: bytes) -> float | None:
    """The cosine of two stories, -1 to 1; None where one is not known, or they come from encoders of other sizes."""
    return float(_unit(one) @ _unit(two)) if one and len(one) == len(two) else None


def is_shared_story(story: bytes) -> bool:
    """Is it a vector of the encoder for many languages? That has a further number, 0, so its length is odd."""
    return len(story) % 2 == 1


def likenesses(story: bytes, others: Sequence[bytes]) -> list[float]:
    """The cosine of a story with each of the others, none of which may be empty."""
    if not others:
        return []
    table = np.frombuffer(b"".join(others), dtype=np.int8).reshape(len(others), -1).astype(np.float32)
    lengths = np.maximum(np.linalg.norm(table, axis=1), 1.0)
    out: list[float] = (table @ _unit(story) / lengths).tolist()
    return out


def mean_story(stories: Iterable[bytes]) -> bytes:
    """The mean direction of the stories that are known and of the latest one's size; empty if none is known."""
    known = [story for story in stories if story]
    known = [story for story in known if len(story) == len(known[-1])]
    if len(known) < 2:
        return known[0] if known else b""
    mean = np.sum([_unit(story) for story in known], axis=0)
    length = float(np.linalg.norm(mean))
    return np.round(mean / length * _SCALE).astype(np.int8).tobytes() if length else known[-1]


@lru_cache(maxsize=4_000)
def _unit(story: bytes) -> NDArray[np.float64]:
    values = np.frombuffer(story, dtype=np.int8).astype(np.float64)
    out: NDArray[np.float64] = values / np.linalg.norm(values)
    return out
