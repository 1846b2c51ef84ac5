"""Which names of places may a misspelt name stand for?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract as most_similar

_LETTERS = "abcdefghijklmnopqrstuvwxyz "
_MOST = 40


class Near(NamedTuple):
    """A folded name, and how many letters must be changed, left out, added or exchanged with the next to get it.

    ``replaces``: one letter is replaced by another, as in two names that are both right ("Marawi", "Malawi").
    """

    key: str
    edits: int
    changes_first: bool
    replaces: bool = False


def one_edit(key: str, is_name: Callable[[str], bool]) -> Iterator[Near]:
    """The names that are one edit away from a folded one; ``is_name`` tells whether something is a name."""
    for variant in sorted(_variants(key)):
        if variant != key and is_name(variant):
            replaces = len(variant) == len(key) and sorted(variant) != sorted(key)
            yield Near(variant, 1, variant[:1] != key[:1] and variant[1:2] != key[:1], replaces)


def two_edits(key: str, names: list[str]) -> Iterator[Near]:
    """Those of some names that are two edits away; their first letter must be right."""
    for name, edits, _ in most_similar(key, names, scorer=OSA.distance, score_cutoff=2, limit=_MOST):
        if edits == 2 and name[:1] == key[:1]:
            yield Near(name, 2, False)


def _variants(key: str) -> set[str]:
    """All strings that are one edit away: some 55 for each letter."""
    cuts = [(key[:at], key[at:]) for at in range(len(key) + 1)]
    made = {head + tail[1:] for head, tail in cuts if tail}
    made |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    made |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS}
    made |= {head + letter + tail for head, tail in cuts for letter in _LETTERS}
    return {one for one in made if one == " ".join(one.split())}
