"""Which incidents does an article tell of? Layout, gate, pipeline, places and choosers in one call."""

from __future__ import annotations

import re
import time
from functools import cached_property

from spacy.language import Language

from extract.assemble import findings_of, reports_of
from extract.kinds import Kinds, load_kinds
from extract.nlp.build import build, common_words, read
from extract.nlp.triggers import may_tell_of_an_incident
from extract.places import Gazetteer, places_of
from extract.text.layout import Layout, lay_out
from extract.text.phrases import words_of
from extract.types import Article, Extraction, News, Report

_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|to|a|was|were|is|are|on|at|by|for|with|after|from|has|have|an)\b", re.IGNORECASE
)
_ENGLISH_SHARE = 0.06
_FEW_WORDS = 30


class Extractor:
    """Reads articles. Building one loads the model and takes a second or two; one instance serves one thread.

    >>> Extractor().extract(Article(id="1", text="..."))  # doctest: +SKIP
    """

    def __init__(self, model: str = "", *, gazetteer: Gazetteer | None = None, kinds: Kinds | None = None) -> None:
        self._nlp: Language = build(model)
        self._common = common_words(self._nlp)
        self.gazetteer = gazetteer or Gazetteer.open()
        self.kinds = kinds or load_kinds()

    @cached_property
    def model(self) -> str:
        """Name and version of the spaCy model in use."""
        return f"{self._nlp.meta['lang']}_{self._nlp.meta['name']} {self._nlp.meta['version']}"

    def extract(self, article: Article) -> Extraction:
        """The incidents the article tells of; none for other languages and harmless news. Never raises on text."""
        started = time.perf_counter()
        reports = self._reports(article)
        return Extraction(
            id=article.id,
            relevant=any(r.news is News.EVENT for r in reports),
            reports=reports,
            ms=round((time.perf_counter() - started) * 1000, 2),
        )

    def _reports(self, article: Article) -> tuple[Report, ...]:
        layout = lay_out(article)
        if not _is_english(article, layout) or not may_tell_of_an_incident(words_of(layout.plain)):
            return ()
        doc = read(self._nlp, article, layout, self._common)
        return reports_of(findings_of(doc, places_of(article, self.gazetteer)), self.kinds, self.gazetteer)


def _is_english(article: Article, layout: Layout) -> bool:
    if article.lang and not article.lang.lower().startswith("en"):
        return False
    words = layout.plain.split()
    if len(words) < _FEW_WORDS:
        return bool(words)
    return len(_ENGLISH.findall(layout.plain)) >= _ENGLISH_SHARE * len(words)
