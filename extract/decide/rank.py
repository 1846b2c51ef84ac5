"""How well does a candidate fit, by its signs? A weighted sum, the weights learned by scripts/train_where.py.

The model is a conditional logit (McFadden 1974): within one article the best candidate is the one whose weighted
signs sum highest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.lexicon import table

Signs = Mapping[str, float]


def score(signs: Signs, chooser: str) -> float:
    """The weighted sum of the signs for ``where`` or ``relevance``; one without a weight counts nothing."""
    learned, fixed = _weights(chooser), _fixed(chooser)
    return sum(value * fixed.get(name, learned.get(name, 0.0)) for name, value in signs.items())


@cache
def _fixed(chooser: str) -> dict[str, float]:
    """Weights set by hand for signs too rare in the articles learned from (``data/weights.toml``)."""
    return {name: float(value) for name, value in table("weights")["fixed"].get(chooser, {}).items()}


@cache
def _weights(chooser: str) -> dict[str, float]:
    return {name: float(value) for name, value in table("ranker")[chooser].items()}
