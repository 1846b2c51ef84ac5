"""Do the words between two names say which place lies in the other, in a language without a reader of its own?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract import Article, Extractor
from extract.places import places_of

PUBLISHED = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "text", "inner"),
    [
        ("ur", "پنجاب کے شہر سیالکوٹ میں دھماکا", "Sialkot"),
        ("ar", "انفجار في مدينة القلعة الكبرى بولاية سوسة", "Kalaa Kebira"),
    ],
)
def test_the_province_only_says_where_the_town_is(extractor: Extractor, lang: str, text: str, inner: str) -> None:
    reader = extractor.reader(lang)
    article = Article(id="1", title="", text=text, lang=lang, published=PUBLISHED)
    found = places_of(article, reader.gazetteer, reader.language.place_reader)
    roles = {resolved.place.name: resolved.role.value for resolved in found}
    assert roles.pop(inner) == "locative"
    assert set(roles.values()) == {"container"}


def test_without_such_words_no_name_contains_the_other(extractor: Extractor) -> None:
    reader = extractor.reader("ur")
    article = Article(id="1", title="", text="سیالکوٹ اور لاہور میں دھماکے", lang="ur", published=PUBLISHED)
    found = places_of(article, reader.gazetteer, reader.language.place_reader)
    assert {resolved.role.value for resolved in found} <= {"locative", "plain"}
