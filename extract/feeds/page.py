"""Which feeds does a web page link to, and what is the text and the date of its article?"""

from __future__ import annotations

import re

from lxml import etree

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import with_dates
from extract.feeds.document import Document
from extract.feeds.page_date import page_date
from extract.feeds.plain import MAX_SOURCE, MAX_TEXT, clean, one_line
from extract.types import Article, FeedLink, ParsedFeed

# bytes; trafilatura's time grows with the square of a page's size
MAX_HTML = 1_000_000
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|[\w.-]+:(?:rdf|feed|rss))\b")


def recognises(document: Document) -> bool:
    """Is it an HTML page, by how it begins, without a feed in it?"""
    head = document.head
    return head.startswith(b"<html") and not _FEED_ROOT.search(head)


def read(document: Document) -> ParsedFeed:
    """No articles, since a page is no feed; the problem names the first feed that the page links to."""
    feeds = alternates(document.body, document.base_url)
    hint = f"; it names the feed {feeds[0].url}" if feeds else ""
    return ParsedFeed(problems=(f"a web page, no feed{hint}",))


def alternates(body: bytes, base_url: str) -> tuple[FeedLink, ...]:
    """The feeds that a web page names with ``<link rel="alternate">``, in its order."""
    page = _parsed(body)
    try:
        return _feeds_of(page, base_url) if page is not None else ()
    except ValueError:
        return ()


def _parsed(body: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(body[:MAX_HTML], etree.HTMLParser(huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _feeds_of(page: etree._Element, base_url: str) -> tuple[FeedLink, ...]:
    return tuple(
        FeedLink(url=absolute(link.get("href", ""), base_url), title=one_line(link.get("title", ""), MAX_SOURCE))
        for link in page.iter("link")
        if "alternate" in link.get("rel", "").lower().split()
        and link.get("type", "").partition(";")[0].strip().lower() in _FEED_TYPES
        and link.get("href", "").strip()
    )


def article_of(body: bytes, *, url: str = "") -> Article:
    """The article on a web page: its text, and when it was published, as far as the page says."""
    bare = Article(id=url, url=url, text=full_text(body, url=url))
    (article,) = with_dates([bare], [page_date(body[:MAX_HTML], _parsed(body))], host=host(url))
    return article


def full_text(body: bytes, *, url: str = "") -> str:
    """The article on a web page as plain text, paragraphs separated by a blank line; empty where none is found."""
    import trafilatura  # noqa: PLC0415  takes 0.2 s, and most feeds never need it

    text = trafilatura.extract(body[:MAX_HTML], url=url or None, include_comments=False, include_tables=False)
    lines = (one_line(line, MAX_TEXT) for line in clean(text or "").splitlines())
    return "\n\n".join(line for line in lines if line)[:MAX_TEXT]
