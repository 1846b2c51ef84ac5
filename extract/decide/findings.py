"""What was found in one article, or in one of the incidents it tells one after the other?"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

from extract.language import Language
from extract.lexicon import Lexicon, table
from extract.nlp.mentions import CountMention, NamedMention, NounMention, Sentence, Speaker, Talk, TimeMention, Trigger
from extract.places import NameRole, Resolved
from extract.text.layout import Layout
from extract.types import Article, Frozen

# kinds of talk in which a sentence tells of something else than the act
BACKGROUND_TALK = frozenset({Talk.BACKGROUND, Talk.ANNIVERSARY, Talk.DRILL})


# the confidence from which on a place name says where the text plays
SURE_PLACE = 0.9


class PlaceFound(Frozen, frozen=True, kw_only=True):
    """A resolved place with offsets into the laid-out text and its sentence."""

    resolved: Resolved
    start: int
    end: int
    sentence: int


class Findings(Frozen, frozen=True, kw_only=True, dict=True, gc=True):
    """Everything the components left, as plain values. ``only`` are the sentences of the segment looked at.

    ``court`` are the offsets of words of arrest and court, ``prominent`` the holders of offices who were singled out.
    """

    language: Language
    article: Article
    layout: Layout
    sentences: tuple[Sentence, ...]
    triggers: tuple[Trigger, ...] = ()
    counts: tuple[CountMention, ...] = ()
    notes: tuple[NamedMention, ...] = ()
    times: tuple[TimeMention, ...] = ()
    places: tuple[PlaceFound, ...] = ()
    weapons: tuple[NamedMention, ...] = ()
    actors: tuple[NamedMention, ...] = ()
    groups: tuple[NamedMention, ...] = ()
    responsibility: tuple[NamedMention, ...] = ()
    status: tuple[NamedMention, ...] = ()
    victims: tuple[NamedMention, ...] = ()
    targets: tuple[NamedMention, ...] = ()
    nouns: tuple[NounMention, ...] = ()
    speakers: tuple[Speaker | None, ...] = ()
    court: tuple[int, ...] = ()
    prominent: tuple[NamedMention, ...] = ()

    def weight(self, sentence: int, *, count_background: bool = False) -> float:
        """How much what a sentence says counts, by its position and its kind of talk (``data/weights.toml``).

        ``even_untold``: history counts like the rest, as in a story about a trial.
        """
        position = weights("position")
        found = self.sentences[sentence]
        if found.is_title:
            value = position["title"]
        else:
            index = sentence - self.first_body
            value = max(position["floor"], position["first"] * position["decay"] ** index)
        return float(value * (position["flagged"] if found.flags & BACKGROUND_TALK and not count_background else 1.0))

    @cached_property
    def first_body(self) -> int:
        """The index of the first sentence that is not the title."""
        return next((i for i, s in enumerate(self.sentences) if not s.is_title), 0)

    @cached_property
    def divisions(self) -> dict[str, tuple[str | None, str | None]]:
        """Country and province of each surely resolved name, roads apart, by its lower case."""
        return {
            p.resolved.name.lower(): (p.resolved.place.country, p.resolved.place.admin1)
            for p in self.places
            if p.resolved.confidence >= SURE_PLACE and p.resolved.role is not NameRole.ROAD and p.resolved.place.admin1
        }

    @property
    def lexicon(self) -> Lexicon:
        """The word lists of the article's language."""
        return self.language.lexicon

    def is_foreground(self, sentence: int) -> bool:
        """Does the sentence tell what happened, rather than history, fiction or the like?"""
        return not (self.sentences[sentence].flags & BACKGROUND_TALK)

    def opening(self, size: int = 4) -> list[Sentence]:
        """The title and the first sentences of the body."""
        return list(self.sentences[: self.first_body + size])

    def speaker(self, sentence: int) -> Speaker | None:
        """Who says what the sentence tells."""
        return self.speakers[sentence] if sentence < len(self.speakers) else None


@cache
def weights(section: str) -> dict[str, Any]:
    """A section of ``data/weights.toml``."""
    return dict(table("weights")[section])
