"""How are place names read in English? Scorer, containment, unlisted settlements and roads as one ``PlaceReader``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from extract.lang.en.lexicon import word_set
from extract.lang.en.places import authorities, containment, mention_scorer, roads, unlisted
from extract.lang.en.places.cue_words import load
from extract.places.candidates import NameCandidates, Weights
from extract.places.gazetteer import Gazetteer
from extract.places.reading import NameWords, Part, Span
from extract.places.tokens import TokenRules, Tokens
from extract.places.types import Mention, Resolved

# "N. Va.", "U.S.", "O'Fallon", "St. Mary's County"
_WORD = re.compile(
    r"(\b[NSW]\. (?:Va|C|D|J|Y|H|M)\.|(?:[^\W\d_]{1,2}\.){2,}|[^\W\d_]+"
    r"(?:['’](?:(?!s\b|S\b)[^\W\d_]+|[sS](?=[ \n](?:County|Parish|COUNTY|PARISH)\b)))*)"
)


class EnglishPlaceReader:
    """The ``PlaceReader`` of English."""

    @cached_property
    def token_rules(self) -> TokenRules:
        """The expression for words with apostrophes and abbreviations with points."""
        return TokenRules(word=_WORD, abbreviated=word_set("places", "abbreviated", "words"))

    @cached_property
    def name_words(self) -> NameWords:
        """The words of ``data/places.toml``."""
        words = load()
        return NameWords(
            connectors=words.connectors,
            skip=words.skip,
            acronyms=words.acronyms,
            in_capitals=word_set("places", "in_capitals", "words"),
        )

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """See ``mention_scorer``."""
        return mention_scorer.scored(tokens, gazetteer, spans, where)

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, NameCandidates],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """See ``containment`` and ``authorities``."""
        authorities.vote(found, texts, names, gazetteer, weights)
        return containment.vote(found, texts, names, gazetteer, weights)

    def unlisted(self, texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
        """See ``unlisted``."""
        return unlisted.unlisted(texts, settled, gazetteer)

    def roads(self, text: str, where: Part) -> list[Mention]:
        """See ``roads``."""
        return roads.roads(text, where=where)

    def road_names(self, text: str) -> set[str]:
        """See ``roads``."""
        return roads.road_names(text)
