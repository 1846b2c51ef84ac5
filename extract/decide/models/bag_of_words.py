"""What does the wording of the whole text speak for: an incident or none, and how many hurt, whatever number it gives?

Learned words and pairs of words ("double homicide", "the two men", "was pronounced"), one weight each. What they say
is one sign among those of ``extract/decide/relevance_features.py`` (learned by ``scripts/train_relevance.py``) and of
``extract/decide/casualties/candidates.py`` (by ``scripts/train_counts.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.decide.models.logistic import linear
from extract.lexicon import Lexicon
from extract.text.layout import Layout

NUMBERS = ("0", "1", "2", "3", "4")  # the last stands for more, too
_MOST = 3.0  # log-odds that count in full
_TINY = 1e-9


def probabilities(layout: Layout, field: str, lexicon: Lexicon) -> list[float]:
    """How probable the wording makes each of ``NUMBERS``; the ``field`` is killed or injured. [] where the language has
    no weights for it."""
    model = linear(lexicon, f"wording_{field}")
    if model is None:
        return []
    found: list[float] = model.probabilities([layout.words.grams])[0].tolist()
    return found


def incident(layout: Layout, lexicon: Lexicon) -> float:
    """-1 to 1: how much the wording speaks for an incident; 0 where the language has no weights for it."""
    model = linear(lexicon, "wording_incident")
    return 0.0 if model is None else leaning(float(model.probabilities([layout.words.grams])[0, 0]))


def leaning(probability: float) -> float:
    """A probability as what speaks for it: its log-odds, as a share of those that count in full."""
    odds = math.log(max(probability, _TINY) / max(1.0 - probability, _TINY))
    return max(-1.0, min(1.0, odds / _MOST))


def signs(value: int, probable: Sequence[float]) -> dict[str, float]:
    """What the wording says of one number."""
    at, most = min(value, len(probable) - 1), max(probable)
    return {
        "wording": probable[at],
        "wording_of_most": probable[at] / (most + 1e-4),
        "wording_best": float(probable[at] == most),
    }
