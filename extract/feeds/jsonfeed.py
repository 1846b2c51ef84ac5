"""Which articles does a JSON Feed (https://www.jsonfeed.org/version/1.1/) contain?"""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import Any

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

_DATES = ("date_published", "date_modified")


def recognises(document: Document) -> bool:
    """Is it a JSON object, whatever its content type says?"""
    return document.head.startswith(b"{")


def read(document: Document) -> ParsedFeed:
    """The articles of a JSON Feed, versions 1 and 1.1."""
    try:
        feed = json.loads(_decoded(document))
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problems=(f"no JSON: {error}"[:MAX_PROBLEM],))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return ParsedFeed(problems=("no JSON Feed: it has no list of items",))
    site = absolute(_text(feed, "home_page_url"), document.base_url)
    source = host(site) or host(document.base_url) or one_line(_text(feed, "title"), MAX_SOURCE)
    base = document.base_url or site
    lang = _text(feed, "language")
    wanted = items[: document.max_items]
    known = [item for item in wanted if isinstance(item, dict)]
    undated = [_article(item, base, source, lang) for item in known]
    written = [first_date([_text(item, name) for name in _DATES], lang) for item in known]
    articles = with_dates(undated, written, host=host(site) or host(document.base_url))
    problems = []
    if len(items) > len(wanted):
        problems.append(f"more than {len(wanted)} articles: the rest was not read")
    if len(articles) < len(wanted):
        problems.append(f"{len(wanted) - len(articles)} items are no objects")
    return ParsedFeed(articles=articles, problems=tuple(problems), title=one_line(_text(feed, "title"), MAX_SOURCE))


def _decoded(document: Document) -> str:
    """JSON is UTF-8; some servers send UTF-16 or UTF-32, and a byte order mark."""
    if document.is_wide:
        return document.body.decode(json.detect_encoding(document.body), "replace")
    return document.body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _article(item: Mapping[str, Any], base: str, source: str, lang: str) -> Article:
    title = one_line(_text(item, "title"))
    texts = (
        from_html(_text(item, "content_html")),
        paragraphs(_text(item, "content_text")),
        paragraphs(_text(item, "summary")),
    )
    text = without_boilerplate(max(texts, key=len))
    link = absolute(_text(item, "url") or _text(item, "external_url"), base)
    given_id = clean(_text(item, "id")).strip()[:MAX_NAME]
    return Article(
        id=given_id or link or content_hash(title, text),
        text=text,
        title=title,
        url=link,
        source=source,
        lang=clean(_text(item, "language") or lang)[:MAX_LANG],
    )


def _text(item: Mapping[str, Any], name: str) -> str:
    """A field that should be text, empty where it is missing; version 1 allows numbers as ids."""
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
