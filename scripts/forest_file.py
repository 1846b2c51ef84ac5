"""How are forests trained and stored? As arrays in extract/lang/en/data/forest_NAME.npz.

``Forest`` in extract/decide/models/gradient_boosting.py reads them.
"""

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
    """The features' values; shape (candidates, names)."""
    column = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(candidates), len(names)))
    for row, features in enumerate(candidates):
        for name, value in features.items():
            if name in column:
                table[row, column[name]] = value
    return table


def grow(table: np.ndarray, right: np.ndarray, **changes: float) -> lightgbm.Booster:
    """Trees that separate right candidates from wrong ones; ``changes`` are settings of LightGBM, or ``trees``."""
    settings = GROWING | changes
    rounds = int(settings.pop("trees", TREES))
    return lightgbm.train(settings, lightgbm.Dataset(table, right.astype(float)), rounds)


def save(name: str, boosters: Sequence[lightgbm.Booster], names: Sequence[str]) -> Path:
    """Writes the trees of all boosters as one forest, with only the features that their conditions use."""
    nodes: list[tuple[int, float, int, int, float]] = []

    def add(node: dict) -> int:
        here = len(nodes)
        nodes.append((0, 0.0, here, here, node.get("leaf_value", 0.0)))
        if "split_feature" in node:
            yes, no = add(node["left_child"]), add(node["right_child"])
            nodes[here] = (node["split_feature"], node["threshold"], yes, no, 0.0)
        return here

    roots = [add(tree["tree_structure"]) for booster in boosters for tree in booster.dump_model()["tree_info"]]
    feature, threshold, yes, no, value = (np.array(column) for column in zip(*nodes, strict=True))
    used, feature = np.unique(feature, return_inverse=True)
    path = DATA / f"forest_{name}.npz"
    np.savez_compressed(
        path,
        names=np.array([names[i] for i in used]),
        roots=np.array(roots, dtype=np.int32),
        sign=feature.astype(np.int16),
        threshold=threshold.astype(np.float32),
        yes=yes.astype(np.int32),
        no=no.astype(np.int32),
        value=value.astype(np.float32),
    )
    return path
