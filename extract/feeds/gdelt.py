"""Which articles does a list of the GDELT project name? (DOC 2.0 API, mode=ArtList, format=json)

It has titles and addresses alone: with ``full_text`` the pages are read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale

from extract.feeds.addresses import absolute, host
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.json_values import NoJson, list_of, loaded, text_of
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, one_line
from extract.types import Article, ParsedFeed

# GDELT's tokenizer leaves a space before punctuation: "kills 3 , injures 5"
_LOOSE = re.compile(r"\s+(?=[,.;:!?%)\]’”])")
_SEEN = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)Z?")


def recognises(document: Document) -> bool:
    """Is it a list with the times at which GDELT saw the articles? An answer without any article is empty braces."""
    head = document.head
    return head.startswith(b"{") and ((b'"articles"' in head and b'"seendate"' in head) or head.strip() == b"{}")


def read(document: Document) -> ParsedFeed:
    """One article per address, dated by when GDELT saw it, which is minutes after its publication."""
    answer = loaded(document)
    if isinstance(answer, NoJson):
        return ParsedFeed(problems=(answer.why,))
    items = list_of(answer, "articles")
    found = [_article(one, document.base_url) for one in items[: document.max_items] if isinstance(one, dict)]
    problem = f"more than {document.max_items} articles: the rest was not read"
    return ParsedFeed(
        articles=tuple(article for article in found if article is not None),
        problems=(problem,) if len(items) > document.max_items else (),
        title="GDELT",
    )


def _article(item: Mapping[str, Any], base: str) -> Article | None:
    link = absolute(text_of(item, "url"), base)
    title = _LOOSE.sub("", one_line(text_of(item, "title")))
    if not link or not title:
        return None
    seen = _SEEN.fullmatch(text_of(item, "seendate"))
    return Article(
        id=link[:MAX_NAME],
        title=title,
        text="",
        url=link,
        published=moment(f"{seen[1]}-{seen[2]}-{seen[3]}T{seen[4]}:{seen[5]}:{seen[6]}Z") if seen else None,
        source=clean(text_of(item, "domain"))[:MAX_SOURCE] or host(link),
        lang=_languages().get(text_of(item, "language").casefold(), ""),
    )


@cache
def _languages() -> Mapping[str, str]:
    """The English name of a language in small letters -> BCP 47 tag."""
    names = Locale("en").languages
    return {str(name).casefold(): str(code).replace("_", "-") for code, name in names.items() if len(code) <= 3}
