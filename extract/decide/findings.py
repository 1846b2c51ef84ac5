"""What did the components find in one article, or in the part of it about one of several incidents?"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

from extract.decide.models.item_encoder import ItemReading
from extract.language import Language
from extract.lexicon import Lexicon, shared_table
from extract.nlp.mentions import CountMention, NamedMention, NounMention, Sentence, Speaker, Talk, TimeMention, Trigger
from extract.places import NameRole, Resolved
from extract.text.layout import Layout
from extract.types import Article, Frozen

# kinds of talk in the background: the sentence is not about the event that is the news
BACKGROUND_TALK = frozenset({Talk.BACKGROUND, Talk.ANNIVERSARY, Talk.DRILL})


class PlaceFound(Frozen, frozen=True, kw_only=True):
    """A resolved place name: its offsets in the laid-out text, and the index of its sentence."""

    resolved: Resolved
    start: int
    end: int
    sentence: int


class Findings(Frozen, frozen=True, kw_only=True, dict=True, gc=True):
    """Everything that the components found, as plain values with offsets into the laid-out text.

    ``notes`` are words about casualties without a number, ``court`` the offsets of words of arrest and court, and
    ``office_holders`` those who were targeted. ``speakers`` has one entry per sentence. ``reading`` is what the encoder
    of short items says, None for a whole article.
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
    attackers: tuple[NamedMention, ...] = ()
    groups: tuple[NamedMention, ...] = ()
    responsibility: tuple[NamedMention, ...] = ()
    status: tuple[NamedMention, ...] = ()
    victims: tuple[NamedMention, ...] = ()
    targets: tuple[NamedMention, ...] = ()
    nouns: tuple[NounMention, ...] = ()
    speakers: tuple[Speaker | None, ...] = ()
    court: tuple[int, ...] = ()
    office_holders: tuple[NamedMention, ...] = ()
    reading: ItemReading | None = None

    def weight(self, sentence: int, *, count_background: bool = False) -> float:
        """The weight of a sentence, by its position and its kind of talk (``data/weights.toml``, ``position``).

        ``count_background``: background is weighted like the rest, as in a story about a trial.
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
        """Country and province of each name that is surely resolved, by the name in lower case; without roads."""
        sure = weights("place")["sure"]
        return {
            p.resolved.name.lower(): (p.resolved.place.country, p.resolved.place.admin1)
            for p in self.places
            if p.resolved.confidence >= sure and p.resolved.role is not NameRole.ROAD and p.resolved.place.admin1
        }

    @property
    def lexicon(self) -> Lexicon:
        """The word lists of the article's language."""
        return self.language.lexicon

    def is_foreground(self, sentence: int) -> bool:
        """Is the sentence about the event that is the news, rather than about history or a drill?"""
        return not (self.sentences[sentence].flags & BACKGROUND_TALK)

    def opening(self, size: int = 4) -> list[Sentence]:
        """The title and the first sentences of the body."""
        return list(self.sentences[: self.first_body + size])

    def speaker(self, sentence: int) -> Speaker | None:
        """The speaker to whom the sentence is attributed, None where there is none."""
        return self.speakers[sentence] if sentence < len(self.speakers) else None


@cache
def weights(section: str) -> dict[str, Any]:
    """A section of ``data/weights.toml``."""
    return dict(shared_table("weights")[section])
