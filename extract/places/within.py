"""Which words between two names say that one place lies in the other, in a language without a reader of its own?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from extract.lexicon import Lexicon
from extract.places.candidates import NameCandidates, Weights, group_of
from extract.places.gazetteer import Gazetteer
from extract.places.types import Mention
from extract.text.phrases import lowered, spellings, words_of

_MAX_GAP = 40


class Links:
    """The phrases between two names of places, by a language's ``places.toml``, ``within``:

    ``outer_first``: "کے علاقے" in "Karachi کے علاقے Korangi". ``inner_first``: "ولاية" in "Tozeur ولاية Gafsa".
    """

    def __init__(self, lexicon: Lexicon) -> None:
        section = lexicon.section("places", "within")
        self._joined = tuple(lexicon.section("places", "before").get("joined", ()))
        self._outer_first, self._inner_first = (
            frozenset(lowered(way) for phrase in section.get(key, ()) for way in spellings(phrase))
            for key in ("outer_first", "inner_first")
        )

    def vote(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, NameCandidates],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """Adds votes to the candidates of two names of which the words between say that one contains the other.

        Returns the start offsets of the names that contain another.
        """
        containers: set[int] = set()
        for one, two in pairwise(found) if self._outer_first or self._inner_first else ():
            pair = self._pair(one, two, texts)
            if pair is None:
                continue
            inner, outer = (names.get(group_of(mention)) for mention in pair)
            if inner is not None and outer is not None and inner is not outer:
                held = [
                    i
                    for i, a in enumerate(inner.candidates)
                    if any(b.entry.kind <= a.entry.kind and gazetteer.holds(b.entry, a.entry) for b in outer.candidates)
                ]
                for i in held:
                    inner.container_votes[i] = max(inner.container_votes[i], weights.within)
                if held:
                    containers.add(pair[1].start)
        return containers

    def _pair(self, one: Mention, two: Mention, texts: Mapping[str, str]) -> tuple[Mention, Mention] | None:
        """The inner and the outer of two names; None if the words between do not say."""
        if one.where != two.where or not 0 < two.start - one.end <= _MAX_GAP:
            return None
        gap = " ".join(word.text for word in words_of(texts[one.where][one.end : two.start]))
        if gap in self._outer_first:
            return two, one
        if not gap and self._joined and two.name.startswith(self._joined):
            return one, two  # "القلعة الكبرى بسوسة": in Sousse
        return (one, two) if gap in self._inner_first else None
