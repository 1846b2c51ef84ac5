"""What does a JSON Feed (https://www.jsonfeed.org/version/1.1/) say?"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from extract.feeds.addresses import host, resolved
from extract.feeds.document import Document
from extract.feeds.plain import MAX_NAME, clean, from_html, one_line, paragraphs, without_boilerplate
from extract.types import Article, ParsedFeed


def recognises(document: Document) -> bool:
    """A JSON object, whatever it was served as."""
    return document.head.startswith(b"{")


def read(document: Document) -> ParsedFeed:
    """The articles of a JSON Feed, versions 1 and 1.1."""
    try:
        feed = json.loads(_decoded(document))
    except (ValueError, RecursionError) as error:
        return ParsedFeed(problems=(f"no JSON: {error}"[:300],))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return ParsedFeed(problems=("no JSON Feed: it has no list of items",))
    site = resolved(_text(feed, "home_page_url"), document.base_url)
    source = host(site) or host(document.base_url) or one_line(_text(feed, "title"), 200)
    base = document.base_url or site
    lang = _text(feed, "language")
    wanted = items[: document.max_items]
    articles = tuple(_article(item, base, source, lang) for item in wanted if isinstance(item, dict))
    problems = []
    if len(items) > len(wanted):
        problems.append(f"more than {len(wanted)} articles: the rest was not read")
    if len(articles) < len(wanted):
        problems.append(f"{len(wanted) - len(articles)} items are no objects")
    return ParsedFeed(articles=articles, problems=tuple(problems), title=one_line(_text(feed, "title"), 200))


def _decoded(document: Document) -> str:
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
    link = resolved(_text(item, "url") or _text(item, "external_url"), base)
    own = clean(_text(item, "id")).strip()[:MAX_NAME]
    dated = (_text(item, "date_published") or _text(item, "date_modified")).strip()
    return Article(
        id=own or link or hashlib.blake2s(f"{title}\n{text}".encode(), digest_size=16).hexdigest(),
        text=text,
        title=title,
        url=link,
        published=_moment(dated),
        published_day_only=len(dated) <= len("2026-03-02") and _moment(dated) is not None,
        source=source,
        lang=clean(_text(item, "language") or lang)[:35],
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(item: Mapping[str, Any], name: str) -> str:
    """A field that should be text; version 1 lets an id be a number."""
    value = item.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
