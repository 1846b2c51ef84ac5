"""Which month, weekday or part of the day does a word of a date mean? In the languages that feeds are written in."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

# letters that one language writes in several ways, and dots within abbreviations ("p. m.", "พ.ย.")
_LETTERS = str.maketrans(
    {"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ە": "ه", "ة": "ه", "ß": "ss"} | dict.fromkeys("'’ʼ‘`", "")
)
_DOTS = re.compile(r"(?<=[^\W\d_])\.")
_PARTED_DOTS = re.compile(r"\b([ap])\.? ?m\b\.?")


class DateWords(NamedTuple):
    """Names to numbers; a name of two meanings has the languages (space-separated) of each. Several words: ``phrases``.

    ``parts`` are of a day: am, pm, noon, midnight.
    """

    months: dict[str, int | dict[str, str]]
    weekdays: dict[str, int | dict[str, str]]
    parts: dict[str, str]
    phrases: re.Pattern[str]


@cache
def date_words() -> DateWords:
    """The names of ``extract/data/date_names.json``; those of several words are joined by an underscore."""
    read = json.loads(resources.files("extract.data").joinpath("date_names.json").read_text("utf-8"))
    several = sorted((name for key in ("months", "parts") for name in read[key] if " " in name), key=len, reverse=True)
    months, weekdays, parts = (
        {name.replace(" ", "_"): value for name, value in read[key].items()} for key in ("months", "weekdays", "parts")
    )
    return DateWords(months, weekdays, parts, re.compile("|".join(map(re.escape, several))))


def folded(text: str) -> str:
    """The text in lower case without accents and dots of abbreviations, with ASCII digits and simple spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(_plain(char) for char in text if not unicodedata.combining(char))
        text = unicodedata.normalize("NFC", text)  # one character for each Korean syllable
    text = _DOTS.sub("", " ".join(text.casefold().translate(_LETTERS).split()))
    return _PARTED_DOTS.sub(r"\1m", text)


def with_phrases_joined(text: str) -> str:
    """A folded text in which each name of several words is one word ("كانون_الثاني")."""
    return text if text.isascii() else date_words().phrases.sub(lambda found: found[0].replace(" ", "_"), text)


def month(word: str, lang: str) -> int | None:
    """The month that a folded word names, by the language (BCP 47) where it names several; None if it names none."""
    return _number(date_words().months.get(word), lang)


def weekday(word: str, lang: str) -> int | None:
    """The weekday that a folded word names, 0 for Monday; None if it names none."""
    return _number(date_words().weekdays.get(word), lang)


def _number(meaning: int | dict[str, str] | None, lang: str) -> int | None:
    if meaning is None or isinstance(meaning, int):
        return meaning
    language = lang.partition("-")[0].lower()
    by_language = next((number for number, languages in meaning.items() if language in languages.split()), None)
    return int(by_language or max(meaning, key=lambda number: len(meaning[number])))


def _plain(char: str) -> str:
    """A digit of any script as ASCII, any dash as a hyphen, format characters as nothing."""
    if char.isdigit():
        return str(unicodedata.digit(char, 0))
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    return "" if category == "Cf" else char
