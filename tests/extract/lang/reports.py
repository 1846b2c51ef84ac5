"""What does a short item in a language give? For the tests of one language."""

from __future__ import annotations

from datetime import datetime

from extract import Extractor
from extract.types import Article, Report


def report_of(extractor: Extractor, lang: str, title: str, text: str = "") -> Report | None:
    """The first report of an item of that language; None if it tells of no incident."""
    published = datetime.fromisoformat("2026-11-20T10:00:00+00:00")
    article = Article(id="one", title=title, text=text, published=published, source="Invented Post", url="", lang=lang)
    result = extractor.extract(article)
    return result.reports[0] if result.relevant and result.reports else None


def harm_of(extractor: Extractor, lang: str, title: str, text: str = "") -> tuple[int | None, int | None]:
    """How many are killed and injured at least."""
    report = report_of(extractor, lang, title, text)
    assert report is not None
    return report.killed.low, report.injured.low
