"""Is the language of an article found from its words and letters, with the feed's tag as a hint?"""

from __future__ import annotations

import pytest

from extract.lang import LANGUAGES
from extract.lang.detect import language_of, script_of, unread_language
from extract.types import Article


def _language(text: str, tag: str = "") -> str:
    language = language_of(Article(id="1", title=text, text="", lang=tag), text, LANGUAGES.values())
    return "" if language is None else language.code


@pytest.mark.parametrize(
    ("text", "tag", "code"),
    [
        ("Blast kills 3 in Lima", "en", "en"),
        ("Blast kills 3 in Lima", "", "en"),
        ("Tres muertos en una explosión en el centro de Lima", "es", "es"),
        ("Tres muertos en una explosión en el centro de Lima", "", "es"),
        # a tag that is wrong
        ("Tres muertos y varios heridos tras la explosión de un autobús en el centro de Lima", "en", "es"),
        ("Three people were killed and several injured after a bus exploded in the centre of Lima", "es", "en"),
        # short titles that say nothing: the tag decides
        ("Lima: 3 dead", "en", "en"),
        ("Sismo Lima", "es-PE", "es"),
        # languages that are not read
        ("ঢাকায় বিস্ফোরণে তিনজন নিহত", "bn", ""),
        ("Drei Tote bei Explosion in Lima", "de", ""),
        ("", "en", ""),
        ("12:30 — 45 %", "", ""),
    ],
)
def test_the_language_of_a_title(text: str, tag: str, code: str) -> None:
    assert _language(text, tag) == code


def test_a_long_text_without_the_words_of_a_language_is_in_none() -> None:
    assert _language("lorem ipsum dolor sit amet " * 12, "") == ""


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Lima", "Latn"),
        ("Лима", "Cyrl"),
        ("ليما 3", "Arab"),
        ("লিমা", ""),
        ("3", ""),
        ("Взрыв в Lima, погибли трое", "Cyrl"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("title", "tag", "code"),
    [
        ("ঢাকায় বিস্ফোরণে তিনজন নিহত", "", "bn"),
        ("ঢাকায় বিস্ফোরণে তিনজন নিহত", "en", "bn"),
        ("דיווח: שלושה הרוגים בפיצוץ", "", "he"),
        ("Drei Tote bei Explosion in Lima", "de-AT", "de"),
        ("Tlepok ndivo kwaba ntathu", "en", "und"),
        ("Tlepok ndivo kwaba ntathu", "es-MX", "und"),
        ("12:30 — 45 %", "", ""),
    ],
)
def test_the_language_of_what_is_not_read_is_that_of_its_script_or_tag(title: str, tag: str, code: str) -> None:
    assert unread_language(Article(id="1", title=title, text="", lang=tag), LANGUAGES) == code
