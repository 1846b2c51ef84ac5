"""What does a question in English ask for?"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from extract.kinds import Kinds
from extract.lang.en.questions import names_in_text, people_in_text, time_expressions
from extract.lang.en.questions.question import Question
from extract.lang.en.questions.spelling import Speller
from extract.lang.en.questions.vocabulary import Vocabulary
from extract.places import Gazetteer
from extract.query import Hit, NamePart, Query, Reading, Trouble
from extract.text.normalise import fold

MAX_CHARACTERS = 500
MAX_WORDS = 60
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "`": "'", "–": "-", "—": "-"})


class EnglishQuestionReader:
    """Reads questions. Build one and keep it: it contains the vocabulary of kinds and the gazetteer."""

    def __init__(self, kinds: Kinds, gazetteer: Gazetteer) -> None:
        self._words = Vocabulary(kinds)
        self._gazetteer = gazetteer

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """What a question asks for; ``before`` is the question before, which it may continue."""
        text = _plain(question)
        if len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS:
            return Reading(query=None, trouble=Trouble.LENGTH)
        text, respelt = self._speller.respelt(text)
        try:
            return Question(text, today, self._words, self._gazetteer, respelt=respelt).reading(before)
        except time_expressions.NoSuchDayError as error:
            return Reading(query=None, trouble=Trouble.DATE, what=str(error))

    def is_place(self, name: str) -> bool:
        """Whether a person's name is also that of a place."""
        return fold(name) in self._gazetteer

    @staticmethod
    def names_person(text: str, name: str, part: NamePart) -> bool:
        """Whether a text names a person so; ``part``: "first" or "last" name, "" either."""
        return names_in_text.names_person(text, name, part)

    @staticmethod
    def tells_hit(text: str, hit: Hit) -> bool:
        """Whether a text says that these people were harmed in this way."""
        return people_in_text.tells_hit(text, hit)

    @staticmethod
    def people_in(text: str, effect: str) -> int | None:
        """How many people a text says were freed or arrested; 0 if it gives no number, None if none were."""
        return people_in_text.people_in(text, effect)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of a kind or group of kinds -> its plural in an answer."""
        return self._words.labels

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self._words, self._gazetteer)


def _plain(question: str) -> str:
    """The question in Unicode NFKC with straight quotes, without control characters, with single spaces."""
    flat = unicodedata.normalize("NFKC", question).translate(_QUOTES)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in flat).split())
