"""The pattern language of word lists."""

from __future__ import annotations

import pytest

from extract.lang.en.numbers import NUMBER_WORDS, read_number
from extract.text.numbers import Number
from extract.text.phrases import WordForms, phrase_book, words_of


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("car bomb", "A car-bomb went off.", ["car-bomb"]),
        ("car|truck bomb|bombs", "Two truck bombs.", ["truck bombs"]),
        ("gunman|gunmen ~ opened fire", "Gunmen on motorcycles opened fire.", ["Gunmen on motorcycles opened fire"]),
        ("gunmen ~ fire", "Gunmen came in four white cars and fire", []),
        ("# people", "twelve people and 5 people", ["twelve people", "5 people"]),
        ("no one? hurt", "no hurt, no one hurt", ["no hurt", "no one hurt"]),
        ("sheriff", "The sheriff's office", ["sheriff's"]),
    ],
)
def test_phrase_matches(phrase: str, text: str, found: list[str]) -> None:
    hits = phrase_book({"x": [phrase]}).find(words_of(text, WordForms(NUMBER_WORDS)))
    assert [text[h.start : h.end] for h in hits] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fire", ["any"]),
        ("fire started", ["any", "started"]),
        ("fire 12 men", ["any", "men"]),
        ("fire station's roof", ["any", "station"]),
        ("fire in the house", ["any", "far"]),
    ],
)
def test_one_first_word_can_begin_several_phrases(text: str, found: list[str]) -> None:
    phrases = {"any": ["fire"], "started": ["fire started"], "men": ["fire # men"], "station": ["fire station"],
               "far": ["fire ~ house"]}  # fmt: skip
    assert [hit.value for hit in phrase_book(phrases).find(words_of(text, WordForms(NUMBER_WORDS)))] == found


def test_a_letter_that_becomes_two_in_lower_case_shifts_no_offset() -> None:
    text = "\u0130stanbul BOMB"
    assert [(word.text, text[word.start : word.end]) for word in words_of(text)][1] == ("bomb", "BOMB")


def test_a_book_finds_the_same_when_asked_again() -> None:
    words, book, other = words_of("A bomb, then a bomb."), phrase_book({"x": ["bomb"]}), phrase_book({"y": ["then"]})
    assert list(book.find(words)) == list(book.find(words))
    assert [hit.value for hit in other.find(words)] == ["y"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("22", Number(22, True)),
        ("twenty-two", Number(22, True)),
        ("two dozen", Number(24, True)),
        ("a dozen", Number(12, True)),
        ("half a dozen", Number(6, True)),
        ("1,200", Number(1200, True)),
        ("one hundred and five", Number(105, True)),
        ("dozens", Number(24, False)),
        ("two three", None),
        ("bystanders", None),
    ],
)
def test_number_words(words: str, number: Number | None) -> None:
    assert read_number(words.split()) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("تمكّنت", ["تمکنت"]),  # a vowel point parts no word
        ("جـــرحى ـ", ["جرحی"]),  # nor does the stroke that lengthens letters, which alone is no word
        ("قتلى و5 جرحى", ["قتلی", "و", "5", "جرحی"]),  # a number ends a word
        ("كراچي کراچی", ["کراچی", "کراچی"]),  # forms of one letter
    ],
)
def test_words_in_arabic_script(text: str, words: list[str]) -> None:
    found = words_of(text)
    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] for word in found)


def test_a_phrase_finds_a_word_with_letters_joined_to_it() -> None:
    forms = WordForms(prefixes=("و", "ب", "ال", "بال"))
    hits = phrase_book({"x": ["رصاص", "سكين"]}).find(words_of("بالرصاص وسكين رصاصة", forms))
    assert [hit.start for hit in hits] == [0, 8]
