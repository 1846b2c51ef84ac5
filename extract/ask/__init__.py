"""What does a question in ordinary words ask for? Pure: no database, no clock, no spaCy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from extract.kinds import Kinds
from extract.lang import LANGUAGES
from extract.places import Gazetteer
from extract.query import (
    Condition,
    Hit,
    LeftOut,
    Measure,
    NamePart,
    Period,
    Query,
    QuestionReader,
    Reading,
    Respelling,
    Spot,
    Trouble,
)

__all__ = [
    "Asker",
    "Condition",
    "Hit",
    "LeftOut",
    "Measure",
    "NamePart",
    "Period",
    "Query",
    "QuestionReader",
    "Reading",
    "Respelling",
    "Spot",
    "Trouble",
]

_DEFAULT = "en"


class Asker:
    """Parses questions typed in one language; as English if the language has no grammar of questions.

    It is built once, with the kinds of incident and the places.
    """

    def __init__(self, kinds: Kinds, gazetteer: Gazetteer, language: str = _DEFAULT) -> None:
        self._reader = _reader(kinds, gazetteer, language)

    def read(self, question: str, today: date, before: Query | None = None) -> Reading:
        """The parsed question; ``before`` is the question that it may continue."""
        return self._reader.read(question, today, before)

    @property
    def reader(self) -> QuestionReader:
        """The grammar of the language."""
        return self._reader

    @property
    def labels(self) -> Mapping[str, str]:
        """The plural of every kind and group of kinds: slug of the kind or name of the group -> label."""
        return self._reader.labels


def _reader(kinds: Kinds, gazetteer: Gazetteer, code: str) -> QuestionReader:
    known = (LANGUAGES[one] for one in (code, _DEFAULT) if one in LANGUAGES)
    return next(language.questions(kinds, gazetteer) for language in known if language.questions is not None)
