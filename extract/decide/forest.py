"""How well does a candidate fit, by a forest of small decision trees?

Gradient-boosted trees (Friedman 2001), grown by LightGBM in ``scripts/`` and kept as plain arrays, so that no library
of trees is needed to read an article. For the handful of candidates that it gives, lists are as fast as numpy.
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
        self._roots: list[int] = arrays["roots"].tolist()
        self._sign: list[int] = arrays["sign"].tolist()
        self._threshold: list[float] = arrays["threshold"].astype(float).tolist()
        self._yes: list[int] = arrays["yes"].tolist()
        self._no: list[int] = arrays["no"].tolist()
        self._value: list[float] = arrays["value"].astype(float).tolist()

    def scores(self, candidates: Sequence[Signs]) -> list[float]:
        """The log-odds that each candidate is the right one, in their order."""
        return [self._score(signs) for signs in candidates]

    def _score(self, signs: Signs) -> float:
        row = [0.0] * len(self.names)
        for name, value in signs.items():
            column = self._column.get(name)
            if column is not None:
                row[column] = value
        sign, threshold, yes, no = self._sign, self._threshold, self._yes, self._no
        total = 0.0
        for root in self._roots:
            at = root
            while yes[at] != at:
                at = yes[at] if row[sign[at]] <= threshold[at] else no[at]
            total += self._value[at]
        return total


@cache
def forest(name: str) -> Forest:
    """A forest of ``extract/data``, read once."""
    with resources.as_file(resources.files("extract") / "data" / f"forest_{name}.npz") as path, np.load(path) as arrays:
        return Forest(dict(arrays))
