"""Which posts does a timeline of Mastodon contain? (its API: /api/v1/timelines/..., /api/v1/accounts/ID/statuses)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.json_values import NoJson, loaded, object_of, text_of
from extract.feeds.plain import MAX_LANG, MAX_NAME, MAX_SOURCE, clean, from_html, one_line
from extract.types import Article, ParsedFeed


def recognises(document: Document) -> bool:
    """Is it a list of posts with accounts?"""
    head = document.head
    return head.startswith(b"[") and (head.strip() == b"[]" or all(one in head for one in (b'"created_at"', b'"uri"')))


def read(document: Document) -> ParsedFeed:
    """One article per post with words, as its author wrote it; what is boosted counts for its author."""
    posts = loaded(document)
    if isinstance(posts, NoJson):
        return ParsedFeed(problems=(posts.why,))
    posts = posts if isinstance(posts, list) else []
    known = [one for one in posts[: document.max_items] if isinstance(one, dict)]
    found = [_article(object_of(one, "reblog") or one, document.base_url) for one in known]
    problem = f"more than {document.max_items} articles: the rest was not read"
    return ParsedFeed(
        articles=tuple(article for article in found if article is not None),
        problems=(problem,) if len(posts) > document.max_items else (),
        title=host(document.base_url)[:MAX_SOURCE],
    )


def _article(post: Mapping[str, Any], base: str) -> Article | None:
    text = from_html(text_of(post, "content"))
    name = clean(text_of(post, "uri") or text_of(post, "id"))[:MAX_NAME]
    if not text or not name:
        return None
    account = object_of(post, "account")
    warning = one_line(text_of(post, "spoiler_text"))
    return Article(
        id=name,
        text=f"{warning}\n\n{text}" if warning else text,
        url=absolute(text_of(post, "url") or text_of(post, "uri"), base),
        published=moment(text_of(post, "created_at")),
        source=_author(account, base),
        lang=clean(text_of(post, "language"))[:MAX_LANG],
    )


def _author(account: Mapping[str, Any], base: str) -> str:
    """ "@name@server"; a name of the server that was asked is given without it."""
    name = one_line(text_of(account, "acct"), MAX_SOURCE)
    home = host(text_of(account, "url")) or host(base)
    return (f"@{name}" if "@" in name or not home else f"@{name}@{home}") if name else home
