"""How well does a candidate fit, by a forest of small decision trees?

Gradient-boosted trees (Friedman 2001), grown by LightGBM in ``scripts/`` and kept as plain arrays, so that no library
of trees is needed to read an article. All questions of all trees are asked at once and the leaf of each tree is found
with bits (QuickScorer, Lucchese et al. 2015), many times as fast as walking from node to node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.decide.models.arrays import read_arrays
from extract.lexicon import Lexicon

Signs = Mapping[str, float]

_MOST_LEAVES = 32  # a leaf is a bit


class Forest:
    """Learned trees over named signs; a sign that a candidate doesn't have is 0.

    Nodes of all trees lie one behind the other: a node asks whether its sign is at most its threshold and names the
    node for yes and for no; a leaf names itself, and has the value that the tree adds.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.names: list[str] = arrays["names"].tolist()
        self._missing = [0.0] * len(self.names)
        roots: list[int] = arrays["roots"].tolist()
        yes, no = arrays["yes"].tolist(), arrays["no"].tolist()
        trees = [_Tree(root, yes, no) for root in roots]
        if any(len(tree.leaves) > _MOST_LEAVES for tree in trees):
            raise ValueError(f"a tree has more than {_MOST_LEAVES} leaves")
        # a row a question, a column a tree; a tree with fewer questions than others has some that rule nothing out
        shape = (max((len(tree.questions) for tree in trees), default=0), len(trees))
        self._sign = np.zeros(shape, dtype=np.intp)
        self._threshold = np.full(shape, np.inf)
        self._kept = np.full(shape, -1, dtype=np.int32)
        self._value = np.zeros((len(trees), _MOST_LEAVES))
        self._trees = np.arange(len(trees))
        for t, tree in enumerate(trees):
            asked = list(tree.questions)
            self._sign[: len(asked), t] = arrays["sign"][asked]
            self._threshold[: len(asked), t] = arrays["threshold"][asked]
            self._kept[: len(asked), t] = list(tree.questions.values())
            self._value[t, : len(tree.leaves)] = arrays["value"][tree.leaves]

    def scores(self, candidates: Sequence[Signs]) -> list[float]:
        """The log-odds that each candidate is the right one, in their order."""
        if not candidates:
            return []
        asked = self._rows(candidates).take(self._sign, axis=1, mode="clip")
        # a yes keeps every leaf: -1 has all bits
        kept = (asked <= self._threshold).astype(np.int32)
        np.negative(kept, out=kept)
        kept |= self._kept
        left = np.bitwise_and.reduce(kept, axis=1)
        # a tree's leaf is the lowest bit left; the exponent of a power of two is the place of its bit
        first = np.frexp((left & -left).view(np.uint32).astype(np.float64))[1] - 1
        totals: list[float] = self._value[self._trees, first].cumsum(axis=1)[:, -1].tolist()
        return totals

    def _rows(self, candidates: Sequence[Signs]) -> NDArray[np.float64]:
        return np.array([list(map(signs.get, self.names, self._missing)) for signs in candidates], dtype=np.float64)


class _Tree:
    """A tree with its leaves from that of all yes to that of all no, and for each question the leaves that a no keeps.

    The leaf that a candidate reaches is the first that all its noes keep.
    """

    def __init__(self, root: int, yes: Sequence[int], no: Sequence[int]) -> None:
        self.leaves: list[int] = []
        self.questions: dict[int, int] = {}
        for node, first, last in self._spans(root, yes, no):
            self.questions[node] = ~((1 << last) - (1 << first))

    def _spans(self, node: int, yes: Sequence[int], no: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Each question with the span of leaves under its yes."""
        if yes[node] == node:
            self.leaves.append(node)
            return
        first = len(self.leaves)
        yield from self._spans(yes[node], yes, no)
        yield node, first, len(self.leaves)
        yield from self._spans(no[node], yes, no)


@cache
def forest(lexicon: Lexicon, name: str) -> Forest | None:
    """The trees in a language's ``forest_<name>.npz``, read once; None where it has none."""
    return read_arrays(lexicon, f"forest_{name}", Forest)
