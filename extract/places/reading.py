"""What does the search for places need of a language? The contract, and what stands in where a language has no part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from extract.lexicon import Lexicon
from extract.places.candidates import Name, Weights
from extract.places.gazetteer import Gazetteer
from extract.places.tokens import TokenRules, Tokens
from extract.places.types import Mention, NameRole, Resolved

Part = Literal["title", "text"]
Span = tuple[int, int, str]
"""First word and last-plus-one word of a name among a text's tokens, and its folded key."""

_SEVERAL_WORDS = 1.5
_BEHIND_CUE = 2.0


class NameWords(msgspec.Struct, frozen=True):
    """Folded words that decide where a name begins and ends.

    ``connectors`` are written small within a name ("Dar es Salaam"); ``skip`` are phrases that are never places;
    ``acronyms`` are names of two letters that are ("us", "uk"); ``in_capitals`` are names as written that are places
    even in a text of capitals.
    """

    connectors: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    in_capitals: frozenset[str] = frozenset()


class PlaceReader(Protocol):
    """How a language names places."""

    @property
    def token_rules(self) -> TokenRules:
        """How its words are cut."""

    @property
    def name_words(self) -> NameWords:
        """Words that decide where a name begins and ends."""

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """The names of a text as mentions, one a span: how surely each is a place, and in which role."""

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, Name],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """Lets names vote for where others lie ("Gainesville, Florida"); the starts of those in the text that do."""

    def unlisted(self, texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
        """The settled places, and those that no list has and only the text places ("in Tlepok, Central Java")."""

    def roads(self, text: str, where: Part) -> list[Mention]:
        """The roads that a text names, in order."""

    def road_names(self, text: str) -> set[str]:
        """What tells one road of a text from another, for matching reports."""


class PlainReader:
    """Reads names by capitals and the words in front of them, for a language without a reader of its own.

    The lexicon's ``places.toml`` may list words behind which places stand (``before.strong``) and what ``NameWords``
    holds (``connectors``, ``skip``, ``acronyms``).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._cues = lexicon.words("places", "before", "strong")
        self.token_rules = TokenRules()
        self.name_words = NameWords(
            connectors=lexicon.words("places", "connectors", "words"),
            skip=lexicon.words("places", "skip", "phrases"),
            acronyms=lexicon.words("places", "acronyms", "words"),
        )

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """Names of several words and those behind a cue are surer."""
        return [self._scored(tokens, span, where) for span in spans]

    def _scored(self, tokens: Tokens, span: Span, where: Part) -> Mention:
        first, end, key = span
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        is_led = first > 0 and tokens.folded[first - 1] in self._cues
        return Mention(
            where=where,
            start=start,
            end=stop,
            name=tokens.text[start:stop],
            key=key,
            role=NameRole.LOCATIVE if is_led else NameRole.PLAIN,
            score=_SEVERAL_WORDS * (end - first > 1) + _BEHIND_CUE * is_led,
        )

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, Name],
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
