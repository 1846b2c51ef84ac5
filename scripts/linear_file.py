"""How are logistic regressions trained and written? To extract/lang/en/data/linear_NAME.npz, arrays that
extract/decide/models/logistic.py reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from scipy import optimize, sparse

DATA = Path(__file__).parent.parent / "extract" / "lang" / "en" / "data"
STEPS = 150
LIGHT = 0.1  # a feature whose weights are all below this is left out


def sparse_table(rows: Sequence[Collection[str]], names: Sequence[str]) -> sparse.csr_matrix:
    """A table with one row for each candidate and one column for each feature: 1 where the candidate has it."""
    column = {name: i for i, name in enumerate(names)}
    cells = [(i, column[name]) for i, row in enumerate(rows) for name in sorted(row) if name in column]
    where = np.array(cells).T
    return sparse.csr_matrix((np.ones(len(cells)), (where[0], where[1])), shape=(len(rows), len(names)))


def fit(
    table: sparse.csr_matrix, right: np.ndarray, counts: np.ndarray, *, ridge: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """A logistic regression with an L2 penalty (``ridge``) for each column of ``right``: the weights and intercepts."""
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
    light: float = LIGHT,
) -> Path:
    """Write the features with any weight of at least ``light``."""
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= light)
    path = DATA / f"linear_{name}.npz"
    np.savez_compressed(
        path,
        roles=np.array(roles),
        names=np.array([names[i] for i in kept]),
        weights=weights[kept].astype(np.float16),
        bias=bias.astype(np.float32),
    )
    print("written", path, len(kept), "signs", path.stat().st_size, "bytes")
    return path
