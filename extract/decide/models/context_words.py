"""Which words stand in and around a mention, as features of a candidate?"""

from __future__ import annotations

import re

from extract.text.layout import Layout

# how many characters are searched before and after a mention, and how many of the words found there become features;
# the weights are learned for these windows
_BEFORE, _AFTER = (60, 5), (50, 4)
_WORD = re.compile(r"[a-z]+|\d+|[.,:;\"”\n@]")


def words_around(layout: Layout, start: int, end: int) -> set[str]:
    """Names of features: "before_on", "last_on" (directly before), "after_police", "next_police" (directly after),
    "in_night"."""
    plain, (far, words), (on, more) = layout.plain, _BEFORE, _AFTER
    before = _WORD.findall(plain[max(0, start - far) : start].lower())[-words:]
    after = _WORD.findall(plain[end : end + on].lower())[:more]
    inside = _WORD.findall(plain[start:end].lower())
    adjacent = {f"last_{w}" for w in before[-1:]} | {f"next_{w}" for w in after[:1]}
    return {f"before_{w}" for w in before} | {f"after_{w}" for w in after} | {f"in_{w}" for w in inside} | adjacent
