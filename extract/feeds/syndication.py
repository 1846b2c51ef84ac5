"""Which articles do RSS, RDF and Atom documents contain? ``feedparser`` reads them; its result becomes articles."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import feedparser
import feedparser.datetimes
import feedparser.encodings
from feedparser.mixin import _FeedParserMixin

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import first_date, with_dates
from extract.feeds.document import Document
from extract.feeds.plain import (
    MAX_LANG,
    MAX_NAME,
    MAX_PROBLEM,
    MAX_SOURCE,
    clean,
    content_hash,
    from_html,
    one_line,
    paragraphs,
    without_boilerplate,
)
from extract.types import Article, ParsedFeed

_ARTICLE_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT = re.compile(rb"<([a-z_][\w.:-]*)")
# feedparser's own pattern takes time in the cube of the first line's length if that names many encodings without "?>"
_DECLARED_ENCODING = re.compile(rb"^<\?[^>]{0,200}?encoding=['\"]([^'\">]{0,60})['\"][^>]{0,200}\?>")
_DATES = ("published", "updated", "created")
_HTML = ("text/html", "application/xhtml+xml")


def recognises(document: Document) -> bool:
    """Is there a tag in it? Much that is not well-formed XML can still be read."""
    return b"<" in document.head or document.is_wide


def read(document: Document) -> ParsedFeed:
    """The articles of an RSS, RDF or Atom document, also of one that is not well-formed."""
    body, is_cut = _without_excess(document)
    _prepare_feedparser()
    charset = document.guessed_charset
    headers = {
        # without a type, feedparser takes a document in UTF-8 for one in ISO 8859-1
        "content-type": f"application/xml; charset={charset}"
        if charset
        else document.content_type or "application/xml",
        "content-location": document.base_url,
    }
    try:
        # BytesIO, never str: feedparser opens a str as an address or a file
        found = feedparser.parse(
            io.BytesIO(body),
            response_headers={name: value for name, value in headers.items() if value},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # 1.35 % of damaged feeds make feedparser raise anything at all
        return ParsedFeed(problems=(f"can't be read: {type(error).__name__}: {error}"[:MAX_PROBLEM],))
    feed = found.feed
    site = absolute(_text(feed, "link"), document.base_url)
    source = host(site) or host(document.base_url) or _title(feed)
    lang = _text(feed, "language")
    undated = [_article(one, document.base_url, source, lang) for one in found.entries]
    written = [first_date([_raw(one, name) for name in _DATES], lang) for one in found.entries]
    articles = with_dates(undated, written, host=host(site) or host(document.base_url))
    return ParsedFeed(
        articles=articles,
        problems=tuple(_problems(found, articles, is_cut=is_cut)),
        title=_title(feed),
        ttl_seconds=_ttl(feed),
    )


def _prepare_feedparser() -> None:
    """Changes how feedparser treats ids, dates and encoding declarations.

    It would make an id that may be an address absolute; as a key it has to stay what the publisher wrote. None of its
    readers of dates is used, since they take "2026/11/30" for the first of November.
    """
    feedparser.datetimes._date_handlers.clear()
    _FeedParserMixin.can_be_relative_uri.discard("id")
    feedparser.encodings.RE_XML_PI_ENCODING = _DECLARED_ENCODING


def _without_excess(document: Document) -> tuple[bytes, bool]:
    """The part of the document with the articles that are read, and whether something was cut off."""
    if document.is_wide:
        return document.body, False
    end = 0
    for number, found in enumerate(_ARTICLE_END.finditer(document.body)):
        if number >= document.max_items:
            return document.body[:end] + _closing(document.head), True
        end = found.end()
    return document.body, False


def _closing(head: bytes) -> bytes:
    """The end tags that a document lacks if it is cut after an article."""
    root = _ROOT.search(head)
    if root is None or root[1] == b"rss":
        return b"</channel></rss>"
    return b"</rdf:RDF>" if root[1] == b"rdf:rdf" else b"</" + root[1] + b">"


def _article(one: Any, base: str, source: str, lang: str) -> Article:
    title = one_line(_readable(_detail(one, "title")))
    text = _longest(one)
    link = absolute(_link(one), _base(one) or base)
    origin = one.get("source")
    return Article(
        id=_id(one, link, title, text),
        text=text,
        title=title,
        url=link,
        source=_publisher(origin) if isinstance(origin, Mapping) and _publisher(origin) else source,
        lang=_lang(one) or lang,
    )


def _id(one: Any, link: str, title: str, text: str) -> str:
    return clean(_text(one, "id")).strip()[:MAX_NAME] or link or content_hash(title, text)


def _link(one: Any) -> str:
    """The address of the article's page, rather than of its recording or comments."""
    for link in one.get("links", ()):
        if link.get("rel") == "alternate" and _text(link, "href"):
            return _text(link, "href")
    return _text(one, "link")


def _base(one: Any) -> str:
    """The base address for the links of the article (``xml:base``), for an id that is used as its link."""
    return _text(one.get("title_detail") or {}, "base")


def _longest(one: Any) -> str:
    """The content or the summary, whichever is longer."""
    parts = [_detail(one, "summary"), *one.get("content", ())]
    texts = [_readable(part) for part in parts if isinstance(part, Mapping)]
    return without_boilerplate(max(texts, key=len, default=""))


def _detail(one: Any, name: str) -> Mapping[str, Any]:
    """The text of an element of the article itself, not of a part of it, and its type."""
    value, detail = _text(one, name), one.get(f"{name}_detail")
    kind = detail.get("type") if isinstance(detail, Mapping) else None
    return {"value": value, "type": kind or "text/html"}


def _readable(detail: Mapping[str, Any]) -> str:
    value = detail.get("value")
    if not isinstance(value, str):
        return ""
    return from_html(value) if detail.get("type") in _HTML else paragraphs(value)


def _publisher(origin: Mapping[str, Any]) -> str:
    """The publisher of an article in a collection of articles from several publishers."""
    return host(_text(origin, "href") or _text(origin, "link")) or _title(origin)


def _raw(one: Any, name: str) -> str | None:
    """An element's text as it is written, not that of another element that stands for it."""
    raw = dict.get(one, name)
    return raw if isinstance(raw, str) else None


def _lang(one: Any) -> str:
    for detail in (*one.get("content", ()), one.get("summary_detail"), one.get("title_detail")):
        if isinstance(detail, Mapping) and isinstance(detail.get("language"), str):
            return clean(detail["language"])[:MAX_LANG]
    return ""


def _ttl(feed: Any) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,6})\s*", _text(feed, "ttl"))
    return int(found[1]) * 60 if found else None


def _title(feed: Any) -> str:
    return one_line(_readable(_detail(feed, "title")), MAX_SOURCE)


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _problems(found: Any, articles: tuple[Article, ...], *, is_cut: bool) -> list[str]:
    problems = []
    if is_cut:
        problems.append(f"more than {len(articles)} articles: the rest was not read")
    # a wrong label by the server; the document can be read all the same
    labelling = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if found.get("bozo") and not isinstance(found.get("bozo_exception"), labelling):
        problems.append(f"not well-formed: {found.get('bozo_exception')}"[:MAX_PROBLEM])
    if not articles and not found.get("version"):
        problems.append("no feed: neither RSS, RDF, Atom nor JSON Feed")
    return problems
