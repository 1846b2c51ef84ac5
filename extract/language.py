"""What must a language provide, so that articles written in it can be read?

A ``Language`` is a value made of parts; an omitted part is empty, and what depends on it is not found. A
language with triggers, number words and a lexicon of place cues reads a headline to kind, place, killed and injured:
it needs no parser, no learned weights and no grammar of questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from extract.kinds import Kinds
from extract.lexicon import Lexicon
from extract.places import Gazetteer
from extract.places.reading import PlaceReader, PlainReader
from extract.query import QuestionReader
from extract.text.layout import Layout, lay_out
from extract.text.numbers import Numbers
from extract.text.phrases import WordForms, lowered
from extract.types import Article


class Cue(StrEnum):
    """Regular expressions of a language that the choosers search in the text around a mention.

    Those called ``..._BEFORE`` are searched in the characters before the mention and end with ``$``; those called
    ``..._BEHIND`` are matched directly after it.
    """

    SITE_NAME = "site_name"  # within a title: the name of the site that published it
    WEEKDAY = "weekday"  # the name of a day of the week
    WEEKDAY_IN_FULL = "weekday_in_full"  # the same without short forms
    LAST_BEFORE = "last_before"  # "last", before a weekday
    SAYING_BEFORE = "saying_before"  # words of statements, before a time: it is the time of the statement
    SAID_ON_DAY = "said_on_day"  # a statement together with its weekday
    NO_YEAR_BEFORE = "no_year_before"  # "at", "around": four digits after it are a clock time
    RELATIVE_DAY = "relative_day"  # "today", "last night"
    DATE_IN_FIGURES = "date_in_figures"  # "3/5/2026", its groups ``one`` and ``two`` in the order of the text
    NO_YEAR_BEHIND = "no_year_behind"  # "block": four digits before it are part of an address
    AGE = "age"  # somebody's age; each group contains digits, the second one months
    AGE_BEFORE = "age_before"  # an age, before a name
    AGE_BEHIND = "age_behind"  # ", 34,"
    DEFINITE_BEFORE = "definite_before"  # "the", "these": what follows was mentioned before
    LONGER_NAME_BEHIND = "longer_name_behind"  # the name is longer: "Los Altos Skate Park"
    FRONTED_PHRASE = "fronted_phrase"  # a sentence's first phrase of place or time, with its comma
    CLAUSE_BREAK = "clause_break"  # between two parts of a sentence that count different people
    CAUSE_BEFORE = "cause_before"  # "after", "over": what follows caused the act that is told
    EFFECT_BEHIND = "effect_behind"  # "sparks": what stands before caused the act that is told
    LONG_AFTER_BEFORE = "long_after_before"  # "months after", "in the weeks before": what follows was another act
    AWAY_BEFORE = "away_before"  # "from", "towards": not where it happened
    DISTRICT_BEHIND = "district_behind"  # "district", unless an office follows ("district court")
    DIVISION_BEHIND = "division_behind"  # "province", "state"
    SETTLEMENT_BEFORE = "settlement_before"  # "the town of", "off the coast of"
    SPOKE_BEFORE = "spoke_before"  # an office that speaks: "defence ministry in"
    BROUGHT_BEFORE = "brought_before"  # where the injured were taken: "a hospital in"
    SAID_IN_BEFORE = "said_in_before"  # a place of a statement, an arrest or a court
    VICINITY_BEFORE = "vicinity_before"  # "outside", "40 km from"
    VICINITY_BEHIND = "vicinity_behind"  # "-area"
    TOOK_PLACE_BEFORE = "took_place_before"  # "the attack took place in"
    AGENT_BEHIND = "agent_behind"  # the name acts or speaks: "Paris said"
    DATELINE = "dateline"  # a dateline with its dash or colon, at the start of the text
    AGENCY_BEHIND = "agency_behind"  # the agency's name in a dateline
    PART_OF_COUNTRY_BEFORE = "part_of_country_before"  # "western", before a country
    LANDMARK_BEFORE = "landmark_before"  # "at the", "stormed", before a landmark: it is the place
    STRUCK_BEFORE = "struck_before"  # "drones over the", "attacked the", before a seat of government
    STRUCK_BEHIND = "struck_behind"  # "drone strike", "evacuated", behind a landmark
    PEOPLE_BEHIND = "people_behind"  # "critic", "aide", behind a seat of government: who, not where
    SEA_BEFORE = "sea_before"  # "in the", before a sea: it is a place
    SEA_BEHIND = "sea_behind"  # "resort", "fleet": the sea's name only says which
    WATER_BEFORE = "water_before"  # "Gulf of": the name is that of a sea
    BORDER_BEFORE = "border_before"  # "the border with", "bound for"
    NEAR_BEFORE = "near_before"  # "near", before a country: it was across the border
    ORIGIN_BEHIND = "origin_behind"  # "-bound", "-flagged": where a vehicle or person comes from or goes to
    TRAVELLER_BEHIND = "traveller_behind"  # people behind the short name of a country: "UK" of "UK tourist"
    TARGET_BEFORE = "target_before"  # "attack on", "strikes", before a place: what was attacked
    SPEAKER_BEHIND = "speaker_behind"  # a capital stands for its government: "denied", "'s forces"
    ACTOR_BEFORE = "actor_before"  # "launched by", before a country
    ACTOR_BEHIND = "actor_behind"  # the country acts: "says", "fires", "'s navy"
    AND_BETWEEN = "and_between"  # between the names of two countries: "and"
    CREDIT = "credit"  # the credit of a picture at the end of its caption
    ALL_OVER_BEFORE = "all_over_before"  # "across", before an area
    MAGNITUDE = "magnitude"  # of an earthquake; one of its groups contains the number


_NEVER = re.compile(r"(?!)")


def _no_cues() -> Mapping[Cue, re.Pattern[str]]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """How a language's texts become a spaCy ``Doc`` with findings.

    ``models``: names of spaCy packages, of which the first installed one is used; without any, spaCy's blank tokenizer
    with sentences by full stops. ``components``: names of registered spaCy components in their order. ``modules``:
    dotted names of the modules that register the language's own components.
    """

    models: tuple[str, ...] = ()
    components: tuple[str, ...] = (
        "tocsin_sentences",
        "tocsin_triggers",
        "tocsin_attribution",
        "tocsin_plain_counts",
        "tocsin_plain_days",
        "tocsin_weapons",
    )
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Language:
    """One language that articles are read in. Two are equal only if they are the same object.

    ``code`` is a BCP 47 language subtag. ``lexicon``: its word lists and, if it has any, its learned weights.
    ``cues`` builds its expressions at first use. ``questions`` builds the reader of questions in it.
    ``shares_encoder``: its short items, and the beginnings of its articles, are read by the encoder for many languages.
    """

    code: str
    lexicon: Lexicon
    numbers: Numbers = field(default_factory=Numbers)
    cues: Callable[[], Mapping[Cue, re.Pattern[str]]] = _no_cues
    pipeline: Pipeline = field(default_factory=Pipeline)
    places: PlaceReader | None = None
    questions: Callable[[Kinds, Gazetteer], QuestionReader] | None = None
    shares_encoder: bool = False

    def cue(self, name: Cue) -> re.Pattern[str]:
        """The expression of a cue; one that never matches if the language has none."""
        return self._cues.get(name, _NEVER)

    @cached_property
    def _cues(self) -> Mapping[Cue, re.Pattern[str]]:
        return self.cues()

    @cached_property
    def place_reader(self) -> PlaceReader:
        """The finder and scorer of place names; without one of its own, names by capitals and cue words."""
        return self.places or PlainReader(self.lexicon)

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words that nearly every text of the language contains; empty if the lexicon lists none."""
        return self.lexicon.words("detect", "function_words", "words")

    def lay_out(self, article: Article) -> Layout:
        """The article's layout: title and text as read, with paragraphs and words."""
        return lay_out(article, forms=self.forms, site_name=self.cue(Cue.SITE_NAME))

    @cached_property
    def forms(self) -> WordForms:
        """Which forms of its words phrases can name: number words, ``word*``, and words with joined prefixes."""
        prefixes = tuple(map(lowered, self.lexicon.words("detect", "prefixes", "words")))
        return WordForms(self.numbers.words, self.lexicon.stems, prefixes)
