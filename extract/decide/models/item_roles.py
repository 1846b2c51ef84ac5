"""Is a short item news of an act, a follow-up, comment, an old act or no incident at all, by its wording?

A feed shows a title and the first words of the text. That is too little for the features of a whole article, which
were learned on crime reports. This model was learned on feed items (``scripts/train_item_roles.py``): one logistic
regression for each role over the words and pairs of words of the item, those of the title once more by themselves.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from extract.decide.models.logistic import linear
from extract.lexicon import Lexicon, shared_table
from extract.text.layout import Layout

MODEL = "item_roles"
_TITLE = "title:"


class ItemRole(StrEnum):
    """What an item is to the incident it mentions."""

    REPORT = "report"
    FOLLOW_UP = "follow_up"
    COMMENT = "comment"
    OLD = "old"
    NONE = "none"


class RoleProbabilities(NamedTuple):
    """The probability of each role, each by a regression of its own: they need not add up to 1."""

    report: float
    follow_up: float
    comment: float
    old: float
    none: float

    @property
    def is_report(self) -> bool:
        """Is it more probably a report than a follow-up, comment or an old act?"""
        return self.report >= max(self.follow_up, self.comment, self.old)


def item_roles(layout: Layout, lexicon: Lexicon) -> RoleProbabilities | None:
    """The probabilities of an item's roles; None for an article that is no short item with a title, and where the
    language has no weights for it."""
    if not layout.title_chars or len(layout.raw) - layout.shift > shared_table("weights")["item"]["max_chars"]:
        return None
    model = linear(lexicon, MODEL)
    if model is None:
        return None
    row = model.probabilities([item_features(layout)])[0]
    of = dict(zip(model.roles, row.tolist(), strict=True))
    return RoleProbabilities(**{role.value: of[role] for role in ItemRole})


def item_features(layout: Layout) -> frozenset[str]:
    """The words and pairs of words of the item, and those of its title once more with a prefix."""
    return layout.words.grams.union(_TITLE + gram for gram in layout.title_grams)
