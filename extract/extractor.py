"""Which incidents does an article tell of? Layout, gate, pipeline, places and choosers in one call."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from functools import cached_property

from spacy.language import Language

from extract.decide.report import findings_of, reports_of
from extract.kinds import Kinds, load_kinds
from extract.nlp.components.triggers import may_tell_of_an_incident
from extract.nlp.fast.parser import WINDOW
from extract.nlp.pipeline import build, common_words, read_all
from extract.places import Gazetteer, places_of
from extract.text.layout import READ_CHARS, Layout, lay_out
from extract.types import Article, Extraction, News, Report

_ENGLISH = re.compile(
    r"\b(?:the|of|and|in|to|a|was|were|is|are|on|at|by|for|with|after|from|has|have|an)\b", re.IGNORECASE
)
_ENGLISH_SHARE = 0.06
_FEW_WORDS = 30
# places are only taken from the text that is read, but a little more tells which ones they are
PLACES_CHARS = READ_CHARS * 3 // 2


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
        return next(self.extract_all((article,)))

    def extract_all(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """``extract`` for many articles, in their order; some dozens are read side by side, which is faster.

        ``ms`` is then an article's share of the time that all of them took. Where ``articles`` raises, those that
        came before are read first.
        """
        for window in _windows(articles):
            started = time.perf_counter()
            told = self._reports(window)
            ms = round((time.perf_counter() - started) * 1000 / len(window), 2)
            for article, reports in zip(window, told, strict=True):
                relevant = any(r.news is News.EVENT for r in reports)
                yield Extraction(id=article.id, relevant=relevant, reports=reports, ms=ms)

    def _reports(self, articles: tuple[Article, ...]) -> list[tuple[Report, ...]]:
        laid_out = [(article, lay_out(article)) for article in articles]
        passed = [i for i, (article, layout) in enumerate(laid_out) if _may_tell(article, layout)]
        told: list[tuple[Report, ...]] = [()] * len(articles)
        for i, doc in zip(passed, read_all(self._nlp, (laid_out[i] for i in passed), self._common), strict=True):
            places = places_of(articles[i], self.gazetteer, limit=PLACES_CHARS)
            told[i] = reports_of(findings_of(doc, places), self.kinds, self.gazetteer)
        return told


def _windows(articles: Iterable[Article]) -> Iterator[tuple[Article, ...]]:
    """The articles that are read side by side; an error of their source comes after those it gave before."""
    window: list[Article] = []
    try:
        for article in articles:
            window.append(article)
            if len(window) == WINDOW:
                yield tuple(window)
                window = []
    except Exception:
        if window:
            yield tuple(window)
        raise
    if window:
        yield tuple(window)


def _may_tell(article: Article, layout: Layout) -> bool:
    """The gate before the model: English, and words of an incident."""
    return _is_english(article, layout) and may_tell_of_an_incident(layout.words)


def _is_english(article: Article, layout: Layout) -> bool:
    if article.lang and not article.lang.lower().startswith("en"):
        return False
    words = layout.plain.split()
    if len(words) < _FEW_WORDS:
        return bool(words)
    return len(_ENGLISH.findall(layout.plain)) >= _ENGLISH_SHARE * len(words)
