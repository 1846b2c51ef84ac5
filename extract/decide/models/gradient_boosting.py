"""How probable is it that a candidate is the right one, by gradient-boosted decision trees?

Gradient boosting (Friedman 2001): the trees are grown with LightGBM in ``scripts/`` and stored as plain arrays, so that
reading an article needs no library for trees. The conditions of all trees are tested at once, and bit masks then give
the leaf of each tree (QuickScorer, Lucchese et al. 2015): many times as fast as walking from node to node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.decide.models.arrays import read_arrays
from extract.lexicon import Lexicon

Features = Mapping[str, float]

_MOST_LEAVES = 32  # one bit of a mask for each leaf


class Forest:
    """Learned trees over named features; a feature that a candidate lacks is 0.

    The arrays list the nodes of all trees one after the other. An inner node tests whether its feature (``sign``, an
    index into ``names``) is at most ``threshold``, and gives the index of the next node in ``yes`` or ``no``. A leaf
    gives its own index in both, and ``value`` is what its tree adds to the score. ``roots`` are the trees' first nodes.

    Raises ``ValueError`` where a tree has more leaves than a mask has bits.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.names: list[str] = arrays["names"].tolist()
        self._missing = [0.0] * len(self.names)
        roots: list[int] = arrays["roots"].tolist()
        yes, no = arrays["yes"].tolist(), arrays["no"].tolist()
        trees = [_Tree(root, yes, no) for root in roots]
        if any(len(tree.leaves) > _MOST_LEAVES for tree in trees):
            raise ValueError(f"a tree has more than {_MOST_LEAVES} leaves")
        # one row per condition, one column per tree; small trees are padded with conditions that exclude no leaf
        shape = (max((len(tree.masks) for tree in trees), default=0), len(trees))
        self._feature = np.zeros(shape, dtype=np.intp)
        self._threshold = np.full(shape, np.inf)
        self._mask = np.full(shape, -1, dtype=np.int32)
        self._value = np.zeros((len(trees), _MOST_LEAVES))
        self._trees = np.arange(len(trees))
        for t, tree in enumerate(trees):
            nodes = list(tree.masks)
            self._feature[: len(nodes), t] = arrays["sign"][nodes]
            self._threshold[: len(nodes), t] = arrays["threshold"][nodes]
            self._mask[: len(nodes), t] = list(tree.masks.values())
            self._value[t, : len(tree.leaves)] = arrays["value"][tree.leaves]

    def scores(self, candidates: Sequence[Features]) -> list[float]:
        """The log odds that each candidate is the right one, in the order given."""
        if not candidates:
            return []
        values = self._rows(candidates).take(self._feature, axis=1, mode="clip")
        # a condition that is true excludes no leaf: -1 has all bits set
        mask = (values <= self._threshold).astype(np.int32)
        np.negative(mask, out=mask)
        mask |= self._mask
        left = np.bitwise_and.reduce(mask, axis=1)
        # the leaf reached is the lowest bit left; a power of two has its bit's number as its exponent
        first = np.frexp((left & -left).view(np.uint32).astype(np.float64))[1] - 1
        totals: list[float] = self._value[self._trees, first].cumsum(axis=1)[:, -1].tolist()
        return totals

    def _rows(self, candidates: Sequence[Features]) -> NDArray[np.float64]:
        """The features' values in the order of ``names``; shape (candidates, names)."""
        rows = [list(map(features.get, self.names, self._missing)) for features in candidates]
        return np.array(rows, dtype=np.float64)


class _Tree:
    """One tree's leaves, from that of all true conditions to that of all false ones, and each condition's mask.

    ``masks``: for each inner node the bits of the leaves that stay possible if its condition is false. The leaf reached
    is the first one that stays possible after all false conditions.
    """

    def __init__(self, root: int, yes: Sequence[int], no: Sequence[int]) -> None:
        self.leaves: list[int] = []
        self.masks: dict[int, int] = {}
        for node, first, last in self._spans(root, yes, no):
            self.masks[node] = ~((1 << last) - (1 << first))

    def _spans(self, node: int, yes: Sequence[int], no: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Each inner node with the range of leaves under its ``yes`` branch."""
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
