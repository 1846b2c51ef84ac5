"""What does a language provide for finding places, and what is used where it provides nothing?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from extract.lexicon import Lexicon
from extract.places.candidates import NameCandidates, Weights, standard_weights
from extract.places.gazetteer import Gazetteer
from extract.places.tokens import TokenRules, Tokens
from extract.places.types import Mention, NameRole, Resolved
from extract.text.normalise import fold, fold_word

Part = Literal["title", "text"]
Span = tuple[int, int, str]
"""A name: index of its first token, index after its last one, and its folded key."""


class NameWords(msgspec.Struct, frozen=True):
    """Folded words that decide where a name begins and ends.

    ``connectors`` are in lower case within a name ("Dar es Salaam"). ``skip`` are phrases that are never places.
    ``acronyms`` are short names that are places ("us", "uk"). ``in_capitals`` are short names, as written, that are
    places even in a text all in capitals. ``is_caseless``: the script has no capitals, so any word may begin a name.
    """

    connectors: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    in_capitals: frozenset[str] = frozenset()
    is_caseless: bool = False


class PlaceReader(Protocol):
    """How a language names places."""

    @property
    def token_rules(self) -> TokenRules:
        """How a text is divided into words."""

    @property
    def name_words(self) -> NameWords:
        """Words that decide where a name begins and ends."""

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """One mention for each span: with the evidence for a place, and the role of the name in its sentence."""

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, NameCandidates],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """Sets ``container_votes`` where a name says in which area another lies ("Gainesville, Florida").

        Returns the offsets of the names in the text that do nothing else.
        """

    def unlisted(self, texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
        """The settled places, and those of no gazetteer that the text itself locates ("in Tlepok, Central Java")."""

    def roads(self, text: str, where: Part) -> list[Mention]:
        """The roads that a text names, in text order."""

    def road_names(self, text: str) -> set[str]:
        """The names of the roads in a text, in a form that can be compared between reports."""


class PlainReader:
    """Finds names by their capitals and the words beside them, for a language without a reader of its own.

    The lexicon's ``places.toml`` may list words that precede places (``before.strong``) or follow them
    (``behind.strong``), those of ``NameWords`` (``connectors``, ``skip``, ``acronyms``), and whether the script has
    capitals (``script.caseless``).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._before = frozenset(map(fold_word, lexicon.words("places", "before", "strong")))
        self._behind = frozenset(map(fold_word, lexicon.words("places", "behind", "strong")))
        self.token_rules = TokenRules()
        self.name_words = NameWords(
            connectors=lexicon.words("places", "connectors", "words"),
            skip=frozenset(map(fold, lexicon.words("places", "skip", "phrases"))),
            acronyms=lexicon.words("places", "acronyms", "words"),
            is_caseless=bool(lexicon.section("places", "script").get("caseless", False)),
        )

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """One mention for each span; names of several words and those beside a cue have more evidence, single words of
        a script without capitals less."""
        return [self._scored(tokens, span, where) for span in spans]

    def _scored(self, tokens: Tokens, span: Span, where: Part) -> Mention:
        first, end, key = span
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        is_behind = end < len(tokens.folded) and tokens.folded[end] in self._behind
        has_cue = is_behind or (first > 0 and tokens.folded[first - 1] in self._before)
        weights = standard_weights()
        score = weights.several_words * (end - first > 1) + weights.behind_cue * has_cue
        return Mention(
            where=where,
            start=start,
            end=stop,
            name=tokens.text[start:stop],
            key=key,
            role=NameRole.LOCATIVE if has_cue else NameRole.PLAIN,
            score=score + (weights.caseless if self.name_words.is_caseless and end - first == 1 else 0.0),
        )

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, NameCandidates],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """None: no name is known to contain another."""
        return set()

    def unlisted(self, texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
        """The settled places alone."""
        return list(settled)

    def roads(self, text: str, where: Part) -> list[Mention]:
        """None."""
        return []

    def road_names(self, text: str) -> set[str]:
        """None."""
        return set()
