"""What can a short item be to the incident that it mentions?"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from extract.lexicon import shared_table
from extract.text.layout import Layout


class ItemRole(StrEnum):
    """What an item is to the incident it mentions."""

    REPORT = "report"
    FOLLOW_UP = "follow_up"
    COMMENT = "comment"
    OLD = "old"
    NONE = "none"


class RoleProbabilities(NamedTuple):
    """The probability of each role. The encoder's add up to 1; those of the words, one regression a role, need not."""

    report: float
    follow_up: float
    comment: float
    old: float
    none: float

    def is_report(self, *, is_recent: bool = False) -> bool:
        """Is it more probably a report than a follow-up, comment or an old act?

        ``is_recent``: it is of no old act, since its text gives a day of this week.
        """
        return self.report >= max(self.follow_up, self.comment, 0.0 if is_recent else self.old)


def is_short_item(layout: Layout) -> bool:
    """Is it an item as feeds give them: a title and a teaser, not a whole article?"""
    return bool(layout.title_chars) and len(layout.raw) - layout.shift <= shared_table("weights")["item"]["max_chars"]
