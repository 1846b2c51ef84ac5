"""What the wording of a whole text suggests: an incident, and how many killed or injured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from samples import news

from extract.decide.models import bag_of_words
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.text.layout import Layout


def layout(text: str) -> Layout:
    return ENGLISH.lay_out(news(text))


def probability(text: str, field: str, number: int) -> float:
    return bag_of_words.probabilities(layout(text), field, LEXICON)[number]


def test_grams_are_words_and_each_with_the_next() -> None:
    assert {"two", "men", "two men", "men died"} <= layout("Two men died.").words.grams


def test_words_far_down_are_not_read() -> None:
    text = "Quiet words. " * 250 + "Then a homicide."
    assert "homicide" not in layout(text).words.grams


def test_it_has_learned_what_goes_with_a_number_of_dead() -> None:
    told = "Police are investigating a {} homicide. The victims were found shot to death, and both died."
    assert probability(told.format("double"), "killed", 2) > probability(told.format("reported"), "killed", 2)
    quiet = "Shots were fired at a house on Friday. No injuries were reported, and no one was hit."
    assert probability(quiet, "killed", 0) > probability(told, "killed", 0)


def test_it_speaks_for_attacks_rather_than_for_markets() -> None:
    attack = "Guerrillas attacked a police station with dynamite. Terrorists killed two policemen, the army said."
    market = "The exchange closed higher. Exports grew and the minister praised the new agreement on coffee prices."
    assert bag_of_words.incident_score(layout(attack), LEXICON) > bag_of_words.incident_score(layout(market), LEXICON)


@given(some.floats(0, 1))
def test_what_speaks_for_an_incident_is_bounded_and_even(probability: float) -> None:
    score = bag_of_words.scaled_log_odds(probability)
    assert -1 <= score <= 1
    assert score == pytest.approx(-bag_of_words.scaled_log_odds(1 - probability), abs=1e-6)


def test_numbers_beyond_the_last_share_its_words() -> None:
    probable = [0.1, 0.2, 0.1, 0.1, 0.5]
    assert bag_of_words.features(4, probable) == bag_of_words.features(17, probable)
    assert bag_of_words.features(4, probable)["wording_best"] == 1
    assert bag_of_words.features(1, probable)["wording_best"] == 0
