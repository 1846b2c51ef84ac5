"""Component ``tocsin_plain_days``: which days does the text name by one expression, relative to its publication?

For languages without a component of their own: words such as "ayer" (``times.toml``, ``relative``: days back) and names
of weekdays (``weekdays``, Monday first), which mean the last such day up to the day of publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from spacy.tokens import Doc

from extract.lexicon import Lexicon
from extract.nlp.extensions import lexicon_of, published_of, sentence_at, words_of_doc
from extract.nlp.mentions import TimeMention
from extract.nlp.registration import component
from extract.text.phrases import PhraseBook
from extract.types import TimePrecision


@component("tocsin_plain_days", requires=["doc._.sentences"], assigns=["doc._.times"])
def plain_days(doc: Doc) -> Doc:
    """Lists the days named: relative ones, then weekdays; none if the day of publication is not known."""
    published = published_of(doc)
    doc._.times = list(_days(doc, published.date())) if published else []
    return doc


def _days(doc: Doc, published: date) -> Iterator[TimeMention]:
    relative, weekdays = _books(lexicon_of(doc))
    for book, is_weekday in ((relative, False), (weekdays, True)):
        for hit in book.find(words_of_doc(doc)):
            first, last = hit.value
            if is_weekday:
                first = last = (published.weekday() - first) % 7
            yield TimeMention(
                first=(published - timedelta(first)).isoformat(),
                last=(published - timedelta(last)).isoformat(),
                precision=TimePrecision.DAY,
                start=hit.start,
                end=hit.end,
                sentence=sentence_at(doc, hit.start),
            )


@cache
def _books(lexicon: Lexicon) -> tuple[PhraseBook[tuple[int, int]], PhraseBook[tuple[int, int]]]:
    """Phrase -> (first, last) days back; name of a weekday -> (its number, the same), Monday 0."""
    relative = PhraseBook((phrase, (first, last)) for phrase, (first, last) in _section(lexicon, "relative").items())
    names = _section(lexicon, "weekdays").get("names", ())
    weekdays = PhraseBook((name, (day, day)) for day, names_ in enumerate(names) for name in names_.split("|"))
    return relative, weekdays


def _section(lexicon: Lexicon, name: str) -> dict[str, Any]:
    return lexicon.section("times", name)
