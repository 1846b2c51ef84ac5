"""How well does a candidate fit, by a weighted sum of very many signs, one sum a role?

A logistic regression learned in ``scripts/`` and kept as plain arrays: names of signs and one row of weights each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.decide.models.arrays import read_arrays
from extract.lexicon import Lexicon, table


class Linear:
    """Learned weights of named signs for each of ``roles``; a sign that was not learned weighs nothing."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.roles: tuple[str, ...] = tuple(arrays["roles"].tolist())
        self._row = {name: i for i, name in enumerate(arrays["names"].tolist())}
        # the last row is that of a candidate without any learned sign
        self._weights = np.vstack([arrays["weights"].astype(np.float64), np.zeros((1, len(self.roles)))])
        self._bias = arrays["bias"].astype(np.float64)

    def probabilities(self, candidates: Sequence[Collection[str]]) -> NDArray[np.float64]:
        """For each candidate, given as its signs, how probable each of ``roles`` is; shape (candidates, roles)."""
        row_of, none = self._row, len(self._row)
        # in the order of the weights: signs come as sets, and a sum's last digits depend on the order
        rows = [sorted(map(row_of.__getitem__, row_of.keys() & signs)) or [none] for signs in candidates]
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        total = np.add.reduceat(self._weights[[i for row in rows for i in row]], starts, axis=0) + self._bias
        out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-total))
        return out


@cache
def linear(lexicon: Lexicon, name: str) -> Linear | None:
    """The weights in a language's ``linear_<name>.npz``, read once; None where it has none."""
    return read_arrays(lexicon, f"linear_{name}", Linear)


def score(features: Mapping[str, float], chooser: str, lexicon: Lexicon) -> float:
    """The weighted sum of a candidate's features; one without a weight counts nothing.

    ``chooser`` is ``where``, ``when`` or ``relevance``. The weights are the language's own (``ranker.toml``); where it
    has none, those set by hand for every language (``data/weights.toml``, ``where_prior`` and so on). The model is a
    conditional logit (McFadden 1974): within one article the candidate with the highest sum is the best.
    """
    learned, fixed = _weights(lexicon, chooser), _fixed(chooser)
    return sum(value * fixed.get(name, learned.get(name, 0.0)) for name, value in features.items())


@cache
def _fixed(chooser: str) -> dict[str, float]:
    """Weights set by hand for features too rare in the articles learned from (``data/weights.toml``)."""
    return {name: float(value) for name, value in table("weights")["fixed"].get(chooser, {}).items()}


@cache
def _weights(lexicon: Lexicon, chooser: str) -> dict[str, float]:
    learned = lexicon.section("ranker", chooser) or table("weights")[f"{chooser}_prior"]
    return {name: float(value) for name, value in learned.items()}
