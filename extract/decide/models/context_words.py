"""Which words stand around a mention, and in it? As signs that a forest can ask for."""

from __future__ import annotations

import re

from extract.text.layout import Layout

_BEFORE, _AFTER = (60, 5), (50, 4)  # characters and words looked at in front of a mention and behind it
_WORD = re.compile(r"[a-z]+|\d+|[.,:;\"”\n@]")


def words_around(layout: Layout, start: int, end: int) -> set[str]:
    """ "before_on", "last_on" (right in front), "after_police", "next_police" (right behind), "in_night"."""
    plain, (far, words), (on, more) = layout.plain, _BEFORE, _AFTER
    before = _WORD.findall(plain[max(0, start - far) : start].lower())[-words:]
    after = _WORD.findall(plain[end : end + on].lower())[:more]
    inside = _WORD.findall(plain[start:end].lower())
    beside = {f"last_{w}" for w in before[-1:]} | {f"next_{w}" for w in after[:1]}
    return {f"before_{w}" for w in before} | {f"after_{w}" for w in after} | {f"in_{w}" for w in inside} | beside
