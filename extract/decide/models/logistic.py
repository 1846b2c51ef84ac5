"""How probable is each role of a candidate, or how high is its score, by a weighted sum of features?

``Linear`` is a logistic regression learned in ``scripts/`` and stored as plain arrays: names of features, and for each
a row with one weight per role. ``score`` is a sum whose weights are few enough to be read in a TOML file.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.decide.models.arrays import read_arrays
from extract.lexicon import Lexicon, shared_table

_TINY = 1e-4


class Linear:
    """Learned weights of named features for each of ``roles``; a feature that was not learned has weight 0."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.roles: tuple[str, ...] = tuple(arrays["roles"].tolist())
        self._row = {name: i for i, name in enumerate(arrays["names"].tolist())}
        # the last row is for candidates without any learned feature
        self._weights = np.vstack([arrays["weights"].astype(np.float64), np.zeros((1, len(self.roles)))])
        self._bias = arrays["bias"].astype(np.float64)

    def probabilities(self, candidates: Sequence[Collection[str]]) -> NDArray[np.float64]:
        """For each candidate, given as its set of features, the probability of each role; shape (candidates, roles)."""
        row_of, none = self._row, len(self._row)
        # sorted, because features come as sets and the last digits of a sum depend on the order
        rows = [sorted(map(row_of.__getitem__, row_of.keys() & features)) or [none] for features in candidates]
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        total = np.add.reduceat(self._weights[[i for row in rows for i in row]], starts, axis=0) + self._bias
        out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-total))
        return out


@cache
def linear(lexicon: Lexicon, name: str) -> Linear | None:
    """The weights in a language's ``linear_<name>.npz``, read once; None where it has none."""
    return read_arrays(lexicon, f"linear_{name}", Linear)


def log_odds(p: float) -> float:
    """The logarithm of the odds of a probability, which is taken to be neither 0 nor 1."""
    p = min(max(p, _TINY), 1.0 - _TINY)
    return math.log(p / (1.0 - p))


def score(features: Mapping[str, float], chooser: str, lexicon: Lexicon) -> float:
    """The weighted sum of a candidate's features; a feature without a weight adds nothing.

    ``chooser`` is ``where``, ``when`` or ``relevance``. The weights are the language's own (``ranker.toml``); where it
    has none, those set by hand for every language (``data/weights.toml``, ``where_prior`` and so on). The model is a
    conditional logit (McFadden 1974): within one article the candidate with the highest sum is the best.
    """
    learned, fixed = _weights(lexicon, chooser), _fixed(chooser)
    return sum(value * fixed.get(name, learned.get(name, 0.0)) for name, value in features.items())


@cache
def _fixed(chooser: str) -> dict[str, float]:
    """Weights set by hand for features too rare in the articles learned from (``data/weights.toml``, ``fixed``)."""
    return {name: float(value) for name, value in shared_table("weights")["fixed"].get(chooser, {}).items()}


@cache
def _weights(lexicon: Lexicon, chooser: str) -> dict[str, float]:
    """The weights learned for the language, or those set by hand where it has none."""
    learned = lexicon.section("ranker", chooser) or shared_table("weights")[f"{chooser}_prior"]
    return {name: float(value) for name, value in learned.items()}
