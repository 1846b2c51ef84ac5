"""How are few learned weights stored? As sections of extract/lang/en/data/ranker.toml, one for each training script."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

PATH = Path(__file__).parent.parent / "extract" / "lang" / "en" / "data" / "ranker.toml"
HEADING = """\
# Weights of the features of place and relevance; see extract/decide/models/logistic.py. Learned by
# scripts/train_where.py ([where]: articles about known incidents, Gun Violence Archive) and by
# scripts/train_relevance.py ([relevance]: MUC texts, the same articles, the project's own corpus).
"""


def update(sections: Mapping[str, Mapping[str, float]]) -> None:
    """Replaces these sections, keeps the others and writes the file."""
    known = tomllib.loads(PATH.read_text(encoding="utf-8")) | dict(sections)
    parts = [HEADING]
    for name, weights in sorted(known.items()):
        parts.append(f"\n[{name}]\n" + "".join(f"{k} = {v:.3f}\n" for k, v in sorted(weights.items())))
    PATH.write_text("".join(parts), encoding="utf-8")
