"""How are gradient-boosted trees trained and written? To extract/lang/en/data/forest_NAME.npz, arrays that
extract/decide/models/gradient_boosting.py reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightgbm
import numpy as np

DATA = Path(__file__).parent.parent / "extract" / "lang" / "en" / "data"
GROWING = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "use_missing": False,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
    "seed": 1,
}
TREES = 150


def table_of(candidates: Sequence[dict[str, float]], names: Sequence[str]) -> np.ndarray:
    """A table with one row for each candidate and one column for each feature."""
    column = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(candidates), len(names)))
    for row, signs in enumerate(candidates):
        for name, value in signs.items():
            if name in column:
                table[row, column[name]] = value
    return table


def grow(table: np.ndarray, right: np.ndarray, **changes: float) -> lightgbm.Booster:
    """Trees that classify candidates as right or wrong; ``changes`` override ``GROWING`` and ``trees``."""
    settings = GROWING | changes
    rounds = int(settings.pop("trees", TREES))
    return lightgbm.train(settings, lightgbm.Dataset(table, right.astype(float)), rounds)


def save(name: str, boosters: Sequence[lightgbm.Booster], names: Sequence[str]) -> Path:
    """Write the trees of all boosters as the arrays of one forest, with only the features that they use."""
    nodes: list[tuple[int, float, int, int, float]] = []
    depth = 0

    def add(node: dict, level: int) -> int:
        nonlocal depth
        depth, here = max(depth, level), len(nodes)
        nodes.append((0, 0.0, here, here, node.get("leaf_value", 0.0)))
        if "split_feature" in node:
            yes, no = add(node["left_child"], level + 1), add(node["right_child"], level + 1)
            nodes[here] = (node["split_feature"], node["threshold"], yes, no, 0.0)
        return here

    roots = [add(tree["tree_structure"], 0) for booster in boosters for tree in booster.dump_model()["tree_info"]]
    sign, threshold, yes, no, value = (np.array(column) for column in zip(*nodes, strict=True))
    used, sign = np.unique(sign, return_inverse=True)
    path = DATA / f"forest_{name}.npz"
    np.savez_compressed(
        path,
        names=np.array([names[i] for i in used]),
        roots=np.array(roots, dtype=np.int32),
        sign=sign.astype(np.int16),
        threshold=threshold.astype(np.float32),
        yes=yes.astype(np.int32),
        no=no.astype(np.int32),
        value=value.astype(np.float32),
        depth=np.array(depth),
    )
    return path
