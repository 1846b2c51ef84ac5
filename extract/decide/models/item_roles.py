"""Is a short item without any word of an incident news of one nevertheless, by its wording?

The gate before the parser and the encoder: one logistic regression for each role over the words and pairs of words of
the item, those of the title once more by themselves, learned on feed items (``scripts/train_item_roles.py``).
"""

from __future__ import annotations

from extract.decide.models.logistic import linear
from extract.decide.models.roles import ItemRole, RoleProbabilities, is_short_item
from extract.lexicon import Lexicon
from extract.text.layout import Layout

MODEL = "item_roles"
_TITLE = "title:"


def item_roles(layout: Layout, lexicon: Lexicon) -> RoleProbabilities | None:
    """The probabilities of an item's roles; None for an article that is no short item with a title, and where the
    language has no weights for it."""
    if not is_short_item(layout):
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
