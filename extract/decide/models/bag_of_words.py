"""What does the wording of the whole text suggest: an incident or none, and how many killed or injured?

A bag of words: each learned word or pair of words ("double homicide", "the two men", "was pronounced") has one weight,
whatever numbers the text gives. The results are features of ``extract/decide/relevance_features.py`` (learned by
``scripts/train_relevance.py``) and of ``extract/decide/casualties/candidates.py`` (by ``scripts/train_counts.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.decide.models.logistic import linear
from extract.lexicon import Lexicon
from extract.text.layout import Layout

NUMBERS = ("0", "1", "2", "3", "4")  # the last class means four or more
_MAX_LOG_ODDS = 3.0  # log odds of this size and above give 1
_TINY = 1e-9


def probabilities(layout: Layout, field: str, lexicon: Lexicon) -> list[float]:
    """The probability of each of ``NUMBERS`` by the wording; ``field`` is killed or injured. [] where the language has
    no weights for it."""
    model = linear(lexicon, f"wording_{field}")
    if model is None:
        return []
    found: list[float] = model.probabilities([layout.words.grams])[0].tolist()
    return found


def incident_score(layout: Layout, lexicon: Lexicon) -> float:
    """-1 (none) to 1 (an incident) by the wording; 0 where the language has no weights for it."""
    model = linear(lexicon, "wording_incident")
    return 0.0 if model is None else scaled_log_odds(float(model.probabilities([layout.words.grams])[0, 0]))


def scaled_log_odds(probability: float) -> float:
    """The log odds of a probability, scaled and limited to -1 to 1."""
    odds = math.log(max(probability, _TINY) / max(1.0 - probability, _TINY))
    return max(-1.0, min(1.0, odds / _MAX_LOG_ODDS))


def features(value: int, probable: Sequence[float]) -> dict[str, float]:
    """Features of one candidate number, from the ``probabilities`` of its text."""
    at, most = min(value, len(probable) - 1), max(probable)
    return {
        "wording": probable[at],
        "wording_of_most": probable[at] / (most + 1e-4),
        "wording_best": float(probable[at] == most),
    }
