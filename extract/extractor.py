"""Which incidents does an article report? Layout, prefilter, pipeline, places and choosers in one call."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace
from spacy.language import Language as Nlp
from spacy.tokens import Doc

from extract.collect import findings_of
from extract.decide.models.item_encoder import read_item
from extract.decide.report import reports_of
from extract.kinds import Kinds, load_kinds
from extract.lang import LANGUAGES
from extract.lang.detect import language_of, unread_language
from extract.language import Language
from extract.nlp.fast.parser import WINDOW
from extract.nlp.pipeline import build, common_words, read, read_all
from extract.notice_wording import may_be_notice
from extract.places import Gazetteer, places_of
from extract.places.written import WrittenNames
from extract.prefilter import is_worth_parsing, may_be_about_incident
from extract.stated import stated_report
from extract.text.layout import READ_CHARS, Layout, plain_text
from extract.track.signature import signature
from extract.types import Article, Extraction, News, Report

# places are only reported from the text that is read; some more text helps to resolve them
PLACES_CHARS = READ_CHARS * 3 // 2


class ArticleReader:
    """The reader for articles of one language: its spaCy pipeline, its ordinary words, and the places by the names that
    it writes."""

    def __init__(self, language: Language, model: str, gazetteer: Gazetteer) -> None:
        self.language = language
        self.gazetteer = gazetteer.written_by(WrittenNames(language.lexicon)) if language.shares_encoder else gazetteer
        self.nlp: Nlp = build(language, model)
        self.is_common: Callable[[str], bool] = common_words(self.nlp)

    def read(self, article: Article) -> Doc:
        """One article as a parsed ``Doc`` with findings."""
        return read(self.nlp, self.language, article, self.language.lay_out(article), self.is_common)

    def read_all(self, articles: Iterable[tuple[Article, Layout]]) -> Iterator[Doc]:
        """Many laid-out articles, in their order, parsed in batches."""
        return read_all(self.nlp, self.language, articles, self.is_common)


class Extractor:
    """Reads articles. Building one loads the models and takes a second or two; one instance serves one thread.

    ``model``: a spaCy package to use instead of the language's own. ``languages``: the languages that are read.

    >>> Extractor().extract(Article(id="1", text="..."))  # doctest: +SKIP
    """

    def __init__(
        self,
        model: str = "",
        *,
        gazetteer: Gazetteer | None = None,
        kinds: Kinds | None = None,
        languages: Iterable[Language] = tuple(LANGUAGES.values()),
    ) -> None:
        self.languages = {language.code: language for language in languages}
        self.gazetteer = gazetteer or Gazetteer.open()
        self.kinds = kinds or load_kinds()
        self._readers: dict[str, ArticleReader] = {}
        self._model = model
        for language in self.languages.values():
            if language.pipeline.models:
                self.reader(language.code)

    def reader(self, code: str) -> ArticleReader:
        """The reader of a language. One with a spaCy model is built with the extractor, others when first needed."""
        if code not in self._readers:
            self._readers[code] = ArticleReader(self.languages[code], self._model, self.gazetteer)
        return self._readers[code]

    @cached_property
    def model(self) -> str:
        """Names and versions of the spaCy models in use."""
        metas = [self.reader(code).nlp.meta for code, language in self.languages.items() if language.pipeline.models]
        return ", ".join(f"{meta['lang']}_{meta['name']} {meta['version']}" for meta in metas)

    def extract(self, article: Article) -> Extraction:
        """The incidents the article reports; none for other languages and harmless news. Never raises on text."""
        return next(self.extract_all((article,)))

    def extract_all(self, articles: Iterable[Article]) -> Iterator[Extraction]:
        """``extract`` for many articles, in their order; some dozens are read together, which is faster.

        ``ms`` is then an article's share of the time of all of them. If ``articles`` raises, the articles before the
        error are read first.
        """
        for window in _windows(articles):
            started = time.perf_counter()
            languages = [self._language(article) for article in window]
            found = self._reports(window, languages)
            ms = round((time.perf_counter() - started) * 1000 / len(window), 2)
            for article, reports, language in zip(window, found, languages, strict=True):
                relevant = any(r.news is News.EVENT for r in reports)
                unread = "" if language or self._states_facts(article) else unread_language(article, self.languages)
                yield Extraction(id=article.id, relevant=relevant, reports=reports, ms=ms, unread=unread)

    def _reports(self, articles: tuple[Article, ...], languages: Sequence[Language | None]) -> list[tuple[Report, ...]]:
        out: list[tuple[Report, ...]] = [()] * len(articles)
        for i, article in enumerate(articles):
            if self._states_facts(article):
                out[i] = self._stated(article)
        for code, numbers in _by_language(languages).items():
            reader = self.reader(code)
            laid_out = [(i, reader.language.lay_out(articles[i])) for i in numbers]
            notices = {i for i, _ in laid_out if may_be_notice(articles[i], reader.language.lexicon)}
            passed = [(i, lay) for i, lay in laid_out if i in notices or may_be_about_incident(lay, reader.language)]
            readings = {i: read_item(articles[i], layout, reader.language) for i, layout in passed}
            passed = [
                (i, layout)
                for i, layout in passed
                if i in notices or is_worth_parsing(layout, readings[i], reader.language)
            ]
            docs = reader.read_all((articles[i], layout) for i, layout in passed)
            for (i, layout), doc in zip(passed, docs, strict=True):
                places = places_of(articles[i], reader.gazetteer, reader.language.place_reader, limit=PLACES_CHARS)
                reports = reports_of(findings_of(doc, places, readings[i]), self.kinds, reader.gazetteer)
                out[i] = _with_words(reports, layout, reader.language)
        return out

    def _states_facts(self, article: Article) -> bool:
        return article.stated is not None and article.stated.kind in self.kinds

    def _stated(self, article: Article) -> tuple[Report, ...]:
        """The report of an article whose facts need no reading; its words are those of its text, if that is read."""
        report = stated_report(article, self.kinds, self.gazetteer)
        if report is None:
            return ()
        language = language_of(article, plain_text(article), self.languages.values())
        return (report,) if language is None else _with_words((report,), language.lay_out(article), language)

    def _language(self, article: Article) -> Language | None:
        """The language that an article is read in; None for one in no known language or with stated facts."""
        if self._states_facts(article):
            return None
        return language_of(article, plain_text(article), self.languages.values())


def _by_language(languages: Sequence[Language | None]) -> dict[str, list[int]]:
    """Language code -> the indices of its articles."""
    out: dict[str, list[int]] = defaultdict(list)
    for i, language in enumerate(languages):
        if language is not None:
            out[language.code].append(i)
    return out


def _with_words(reports: tuple[Report, ...], layout: Layout, language: Language) -> tuple[Report, ...]:
    """The reports with the words by which they are matched."""
    words = signature(layout, language) if reports else ()
    return tuple(replace(report, words=words) for report in reports)


def _windows(articles: Iterable[Article]) -> Iterator[tuple[Article, ...]]:
    """Windows of articles that are read together; an error of ``articles`` is raised after those before it."""
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
