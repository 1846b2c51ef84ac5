"""Which posts does a list of Bluesky contain? (AT protocol: app.bsky.feed.getAuthorFeed, getFeed, searchPosts)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.json_values import NoJson, list_of, loaded, object_of, text_of
from extract.feeds.plain import MAX_LANG, MAX_NAME, MAX_SOURCE, clean, one_line, paragraphs
from extract.types import Article, ParsedFeed

_PAGE = "https://bsky.app/profile"


def recognises(document: Document) -> bool:
    """Is it a list of posts with addresses of the AT protocol?"""
    head = document.head
    return head.startswith(b"{") and (b'"feed"' in head or b'"posts"' in head) and b"at://" in head


def read(document: Document) -> ParsedFeed:
    """One article per post with words; answers to others' posts are left out."""
    answer = loaded(document)
    if isinstance(answer, NoJson):
        return ParsedFeed(problems=(answer.why,))
    items = [*(object_of(one, "post") for one in list_of(answer, "feed")), *list_of(answer, "posts")]
    known = [one for one in items[: document.max_items] if isinstance(one, dict)]
    problem = f"more than {document.max_items} articles: the rest was not read"
    return ParsedFeed(
        articles=tuple(article for one in known if (article := _article(one)) is not None),
        problems=(problem,) if len(items) > document.max_items else (),
        title="Bluesky",
    )


def _article(post: Mapping[str, Any]) -> Article | None:
    record, author = object_of(post, "record"), object_of(post, "author")
    address, text = clean(text_of(post, "uri"))[:MAX_NAME], paragraphs(text_of(record, "text"))
    if not text or not address or object_of(record, "reply"):
        return None
    handle = one_line(text_of(author, "handle"), MAX_SOURCE)
    languages = (clean(one)[:MAX_LANG] for one in list_of(record, "langs") if isinstance(one, str))
    return Article(
        id=address,
        text=text,
        url=f"{_PAGE}/{handle}/post/{address.rsplit('/', 1)[-1]}" if handle else "",
        published=moment(text_of(record, "createdAt")),
        source=f"@{handle}" if handle else "",
        lang=next(filter(None, languages), ""),
    )
