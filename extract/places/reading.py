"""What does a language provide for finding places, and what is used where it provides nothing?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from extract.lexicon import Lexicon
from extract.places.candidates import NameCandidates, Weights, standard_weights
from extract.places.finer import finer_names
from extract.places.gazetteer import Gazetteer
from extract.places.tokens import TokenRules, Tokens
from extract.places.types import Mention, NameRole, Resolved
from extract.places.within import Links
from extract.text.normalise import fold, fold_script, fold_word
from extract.text.phrases import words_of

Part = Literal["title", "text"]
Span = tuple[int, int, str]
"""A name: index of its first token, index after its last one, and its folded key."""

# a word with the marks that scripts without capitals may write within it
_WORD_WITH_MARKS = re.compile(r"((?:[^\W\d_]{1,2}\.){2,}|[^\W\d_](?:[^\W\d_]|[\u064b-\u0655\u0670]|['’](?=[^\W\d_]))*)")

_OPENING_CHARS = 500  # of title and text, in which parts of a town are those of the scene
_AFTER_OPENING = (":", "؛", "،", "–", "—")  # "Karachi: two killed"


class NameWords(msgspec.Struct, frozen=True):
    """Folded words that decide where a name begins and ends.

    ``connectors`` are in lower case within a name ("Dar es Salaam"), ``ends`` at its end ("Самарская область").
    ``skip`` are phrases that are never places. ``acronyms`` are short names that are places ("us", "uk").
    ``in_capitals`` are short names, as written, that are places even in a text all in capitals. ``is_caseless``: the
    script has no capitals, so any word may begin a name; ``opens_skip`` are then the first words of skipped phrases.
    """

    connectors: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    in_capitals: frozenset[str] = frozenset()
    is_caseless: bool = False
    opens_skip: frozenset[str] = frozenset()


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

    The lexicon's ``places.toml`` may list words that precede places (``before.strong``, one or two; ``before.joined``
    are letters that are written with the name) or follow them (``behind.strong``, one or two; ``behind.joined`` are
    folded endings that are written with the name), those of ``NameWords`` (``connectors``, ``ends``, ``skip``,
    ``acronyms``), whether the script has capitals (``script.caseless``), a regular expression of its own for words
    (``script.word``, see ``TokenRules``: French parts "d'Auray", Turkish "Ankara'da"), whether many surnames are names
    of towns too (``people.surnames``), and what stands between two names of which one lies in the other (``within``).
    """

    def __init__(self, lexicon: Lexicon) -> None:
        before = lexicon.words("places", "before", "strong")
        self._before = frozenset(" ".join(map(fold_word, phrase.split())) for phrase in before)
        self._lexicon = lexicon
        self._joined = tuple(lexicon.section("places", "before").get("joined", ()))
        behind = lexicon.words("places", "behind", "strong")
        self._behind = frozenset(" ".join(map(fold_word, phrase.split())) for phrase in behind)
        self._endings = tuple(lexicon.section("places", "behind").get("joined", ()))
        self._has_surnames = bool(lexicon.section("places", "people").get("surnames", False))
        self._links = Links(lexicon)
        word = lexicon.section("places", "script").get("word")
        self.token_rules = TokenRules(word=re.compile(word), elided=True) if word else TokenRules(word=_WORD_WITH_MARKS)
        skip = frozenset(map(fold, lexicon.words("places", "skip", "phrases")))
        self.name_words = NameWords(
            connectors=frozenset(map(fold, lexicon.words("places", "connectors", "words"))),
            ends=frozenset(map(fold, lexicon.words("places", "ends", "words"))),
            skip=skip,
            opens_skip=frozenset(
                " ".join(words[:size]) for words in map(str.split, skip) for size in range(1, len(words))
            ),
            acronyms=lexicon.words("places", "acronyms", "words"),
            is_caseless=bool(lexicon.section("places", "script").get("caseless", False)),
        )

    def scored(self, tokens: Tokens, gazetteer: Gazetteer, spans: Sequence[Span], where: Part) -> list[Mention]:
        """One mention for each span; names of several words and those beside a cue have more evidence, single words of
        a script without capitals less."""
        return [self._scored(tokens, gazetteer, span, where) for span in spans]

    def _scored(self, tokens: Tokens, gazetteer: Gazetteer, span: Span, where: Part) -> Mention:
        first, end, key = span
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        is_behind = any(" ".join(tokens.folded[end : end + size]) in self._behind for size in (1, 2))
        is_before = any(" ".join(tokens.folded[max(0, first - size) : first]) in self._before for size in (1, 2))
        is_joined = bool(self._joined) and self._is_joined(key, gazetteer)
        opens = where == "title" and first == 0 and tokens.gaps[end - 1].strip()[:1] in _AFTER_OPENING
        has_cue = is_behind or is_before or is_joined or opens or self._has_ending(key, gazetteer)
        weights = standard_weights()
        score = weights.several_words * (end - first > 1) + weights.behind_cue * has_cue
        if self._has_surnames and not has_cue and end - first == 1 and self._is_surname(tokens, first):
            score += weights.surname
        return Mention(
            where=where,
            start=start,
            end=stop,
            name=tokens.text[start:stop],
            key=key,
            role=NameRole.LOCATIVE if has_cue else NameRole.PLAIN,
            score=score + (weights.caseless if self.name_words.is_caseless and end - first == 1 else 0.0),
        )

    def _is_joined(self, key: str, gazetteer: Gazetteer) -> bool:
        """Is the name found only without letters such as "in", which are joined to its front?"""
        form = gazetteer.written_form(key)
        return form is not None and form != fold_script(key) and fold_script(key).startswith(self._joined)

    def _has_ending(self, key: str, gazetteer: Gazetteer) -> bool:
        """Is it the name of a place with an ending such as "in", which the language joins to it?"""
        return bool(self._endings) and key.endswith(self._endings) and gazetteer.written_form(key) not in (None, key)

    def _is_surname(self, tokens: Tokens, at: int) -> bool:
        """Is the word before it in its sentence one with a capital, but no cue and no acronym: a given name?"""
        if at < 2 or tokens.gaps[at - 1] != " " or tokens.gaps[at - 2] not in (" ", ", "):
            return False
        before = tokens.text[tokens.starts[at - 1] : tokens.ends[at - 1]]
        return before[0].isupper() and not before.isupper() and tokens.folded[at - 1] not in self._before

    def containers(
        self,
        found: Sequence[Mention],
        texts: Mapping[str, str],
        names: Mapping[str, NameCandidates],
        gazetteer: Gazetteer,
        weights: Weights,
    ) -> set[int]:
        """Names contain one another by the words between them (``within``)."""
        return self._links.vote(found, texts, names, gazetteer, weights)

    def unlisted(self, texts: Mapping[str, str], settled: Sequence[Resolved], gazetteer: Gazetteer) -> list[Resolved]:
        """The settled places alone."""
        return list(settled)

    def roads(self, text: str, where: Part) -> list[Mention]:
        """None."""
        return []

    def road_names(self, text: str) -> set[str]:
        """The words of the names of parts of a town, which tell scenes apart like roads, in the opening of a text."""
        opening = text[:_OPENING_CHARS]
        names = finer_names(self._lexicon)
        spans = names.all(opening, words_of(opening), len(opening))
        words = (word.text for start, end in spans for word in words_of(opening[start:end]))
        return {word for word in words if word not in names.heads and not word.isdigit()}
