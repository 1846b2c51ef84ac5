"""How well does a candidate fit, by a weighted sum of very many signs, one sum a role?

A logistic regression learned in ``scripts/`` and kept as plain arrays: names of signs and one row of weights each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
def linear(name: str) -> Linear:
    """The weights in ``extract/data/linear_<name>.npz``, read once."""
    with resources.as_file(resources.files("extract") / "data" / f"linear_{name}.npz") as path, np.load(path) as arrays:
        return Linear(dict(arrays))
