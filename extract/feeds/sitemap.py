"""Which articles does a news sitemap name? (sitemaps.org, with Google's extension for news of the last two days)

It has titles and addresses alone: with ``full_text`` the pages are read.
"""

from __future__ import annotations

from lxml import etree

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.plain import MAX_LANG, MAX_NAME, MAX_SOURCE, clean, one_line
from extract.feeds.xml import children, read_items, root_of, text_of
from extract.types import Article, ParsedFeed

_ROOTS = (b"<urlset", b"<sitemapindex")
_INDEX = b"<sitemapindex"


def recognises(document: Document) -> bool:
    """Is it a sitemap, or an index of sitemaps?"""
    return document.head.startswith(_ROOTS)


def read(document: Document) -> ParsedFeed:
    """One article per address with a title, in the document's order; pages that are no news are left out."""
    if document.head.startswith(_INDEX):
        return ParsedFeed(problems=("an index of sitemaps: give the address of the news sitemap in it",))
    root = root_of(document)
    if isinstance(root, str):
        return ParsedFeed(problems=(root,))
    pages = children(root, "url")
    found = read_items(pages, document.max_items, lambda page: _article(page, document.base_url))
    problems = found.problems
    if pages and not found.articles:
        problems = (*problems, "no news sitemap: its pages have no titles")
    title = found.articles[0].source if found.articles else ""
    return ParsedFeed(articles=tuple(found.articles), problems=problems, title=title)


def _article(page: etree._Element, base: str) -> Article | None:
    link, news = absolute(text_of(page, "loc"), base), page.find("{*}news")
    title = one_line(text_of(news, "title")) if news is not None else ""
    if news is None or not link or not title:
        return None
    publication = news.find("{*}publication")
    name = text_of(publication, "name") if publication is not None else ""
    language = text_of(publication, "language") if publication is not None else ""
    return Article(
        id=link[:MAX_NAME],
        title=title,
        text="",
        url=link,
        published=moment(text_of(news, "publication_date")) or moment(text_of(page, "lastmod")),
        source=host(link) or one_line(name, MAX_SOURCE),
        lang=clean(language)[:MAX_LANG],
    )
