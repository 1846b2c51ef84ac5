"""How well does a candidate fit, by a forest of small decision trees?

Gradient-boosted trees (Friedman 2001), grown by LightGBM in ``scripts/`` and kept as plain arrays: a few steps of numpy
walk all trees for all candidates at once, and no library of trees is needed to read an article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Signs = Mapping[str, float]


class Forest:
    """Learned trees over named signs; a sign that a candidate doesn't have is 0.

    Nodes of all trees lie one behind the other: a node asks whether its sign is at most its threshold and names the
    node for yes and for no; a leaf names itself, and has the value that the tree adds.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.names: list[str] = arrays["names"].tolist()
        self._column = {name: i for i, name in enumerate(self.names)}
        self._roots = arrays["roots"].astype(np.int64)
        self._sign = arrays["sign"].astype(np.int64)
        self._threshold = arrays["threshold"].astype(np.float64)
        self._yes, self._no = arrays["yes"].astype(np.int64), arrays["no"].astype(np.int64)
        self._value = arrays["value"].astype(np.float64)
        self._depth = int(arrays["depth"])

    def __contains__(self, name: str) -> bool:
        return name in self._column

    def scores(self, candidates: Sequence[Signs]) -> list[float]:
        """The log-odds that each candidate is the right one, in their order."""
        table = np.zeros((len(candidates), len(self.names)))
        for row, signs in enumerate(candidates):
            for name, value in signs.items():
                column = self._column.get(name)
                if column is not None:
                    table[row, column] = value
        rows = np.arange(len(candidates))[:, None]
        at = np.broadcast_to(self._roots, (len(candidates), len(self._roots)))
        for _ in range(self._depth):
            below = table[rows, self._sign[at]] <= self._threshold[at]
            at = np.where(below, self._yes[at], self._no[at])
        total: list[float] = self._value[at].sum(axis=1).tolist()
        return total


@cache
def forest(name: str) -> Forest:
    """A forest of ``extract/data``, read once."""
    with resources.as_file(resources.files("extract") / "data" / f"forest_{name}.npz") as path, np.load(path) as arrays:
        return Forest(dict(arrays))
