"""How are logistic regressions trained and stored? As arrays in extract/lang/en/data/linear_NAME.npz.

``Linear`` in extract/decide/models/logistic.py reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from scipy import optimize, sparse

DATA = Path(__file__).parent.parent / "extract" / "lang" / "en" / "data"
STEPS = 150
MIN_WEIGHT = 0.1  # a feature whose weights are all smaller is not stored


def sparse_table(rows: Sequence[Collection[str]], names: Sequence[str]) -> sparse.csr_matrix:
    """1 where a candidate has a feature, else 0; shape (candidates, names)."""
    column = {name: i for i, name in enumerate(names)}
    cells = [(i, column[name]) for i, row in enumerate(rows) for name in sorted(row) if name in column]
    where = np.array(cells).T
    return sparse.csr_matrix((np.ones(len(cells)), (where[0], where[1])), shape=(len(rows), len(names)))


def fit(
    table: sparse.csr_matrix, right: np.ndarray, counts: np.ndarray, *, ridge: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """One logistic regression for each column of ``right``, with an L2 penalty ``ridge``: weights and intercepts.

    ``counts`` is how much each candidate counts. The weights have the shape (features, columns).
    """
    found = [_fit(table, (right[:, i] > 0).astype(float), counts[:, i], ridge) for i in range(right.shape[1])]
    return np.array([weights[:-1] for weights in found]).T, np.array([weights[-1] for weights in found])


def _fit(table: sparse.csr_matrix, right: np.ndarray, counts: np.ndarray, ridge: float) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = table @ w[:-1] + w[-1]
        slope = counts * (1 / (1 + np.exp(-z)) - right)
        value = (counts * (np.logaddexp(0, z) - right * z)).sum() + ridge / 2 * (w[:-1] @ w[:-1])
        return value, np.append(table.T @ slope + ridge * w[:-1], slope.sum())

    start = np.zeros(table.shape[1] + 1)
    start[-1] = np.log((counts * right).sum() / (counts * (1 - right)).sum())
    return optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x


def save(
    name: str,
    roles: Sequence[str],
    names: Sequence[str],
    weights: np.ndarray,
    bias: np.ndarray,
    *,
    min_weight: float = MIN_WEIGHT,
) -> Path:
    """Writes the weights of the features of which at least one is not smaller than ``min_weight``."""
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= min_weight)
    path = DATA / f"linear_{name}.npz"
    np.savez_compressed(
        path,
        roles=np.array(roles),
        names=np.array([names[i] for i in kept]),
        weights=weights[kept].astype(np.float16),
        bias=bias.astype(np.float32),
    )
    print("written", path, len(kept), "features", path.stat().st_size, "bytes")
    return path
