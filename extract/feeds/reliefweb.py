"""Which disasters or reports does an answer of the ReliefWeb API list? (apidoc.reliefweb.int, versions 1 and 2)

A disaster states its type, country and GLIDE number; a report is a text like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extract.feeds.addresses import absolute, host
from extract.feeds.authorities import table
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.json_values import NoJson, list_of, loaded, object_of, text_of
from extract.feeds.plain import MAX_LANG, MAX_NAME, MAX_SOURCE, clean, from_html, one_line, paragraphs
from extract.types import Article, ParsedFeed, StatedFacts, Status

_HOST = "reliefweb.int"
_GLIDE_PARTS = 4


def recognises(document: Document) -> bool:
    """Is it a list of the API's: items with ``fields`` and the address of each?"""
    head = document.head
    return head.startswith(b"{") and all(part in head for part in (b'"data"', b'"fields"', b'"href"'))


def read(document: Document) -> ParsedFeed:
    """One article per disaster or report; one without title is left out."""
    answer = loaded(document)
    if isinstance(answer, NoJson):
        return ParsedFeed(problems=(answer.why,))
    items = list_of(answer, "data")
    found = [_article(item, document.base_url) for item in items[: document.max_items] if isinstance(item, dict)]
    articles = tuple(article for article in found if article is not None)
    missing = min(len(items), document.max_items) - len(articles)
    problems = (
        f"more than {document.max_items} articles: the rest was not read" if len(items) > document.max_items else "",
        f"{missing} items have no title: ask for profile=list or profile=full" if missing else "",
    )
    return ParsedFeed(articles=articles, problems=tuple(filter(None, problems)), title="ReliefWeb")


def _article(item: Mapping[str, Any], base: str) -> Article | None:
    fields = object_of(item, "fields")
    title = one_line(text_of(fields, "name") or text_of(fields, "title"))
    number = clean(str(item.get("id") or fields.get("id") or ""))[:60]
    if not title or not number:
        return None
    dates = object_of(fields, "date")
    is_disaster = bool(text_of(fields, "name"))
    link = absolute(text_of(fields, "url_alias") or text_of(fields, "url"), base)
    html = text_of(fields, "description-html") or text_of(fields, "body-html")
    text = from_html(html) or paragraphs(text_of(fields, "description") or text_of(fields, "body"))
    published = moment(text_of(dates, "created")) or moment(text_of(dates, "original"))
    return Article(
        id=f"{'disaster' if is_disaster else 'report'} {number}",
        title=title,
        text=text or title,
        url=link,
        published=published,
        source=_publisher(fields) or host(link) or _HOST,
        lang=_language(fields),
        stated=_stated(fields, number, title) if is_disaster else None,
    )


def _stated(fields: Mapping[str, Any], number: str, title: str) -> StatedFacts | None:
    rules = table("reliefweb")
    codes = (text_of(one, "code") for one in (object_of(fields, "primary_type"), *list_of(fields, "type")))
    kind = next((rules["kinds"][code.upper()] for code in codes if code.upper() in rules["kinds"]), None)
    if kind is None:
        return None
    glides = text_of(fields, "glide").upper().split()[:5]
    ids = [f"glide:{one[:MAX_NAME]}" for one in glides if len(one.split("-")) == _GLIDE_PARTS]
    countries = [object_of(fields, "primary_country"), *list_of(fields, "country")]
    names = tuple(dict.fromkeys(name for one in countries if (name := one_line(text_of(one, "name"), MAX_SOURCE))))
    dates = object_of(fields, "date")
    return StatedFacts(
        kind=kind,
        ids=(f"reliefweb:{number}", *ids),
        begins=moment(text_of(dates, "event")) or moment(text_of(dates, "created")),
        places=names,
        status=Status(rules["status"].get(text_of(fields, "status").lower(), Status.UNKNOWN)),
        quotes={"place": names[0]} if names and names[0] in title else {},
    )


def _publisher(fields: Mapping[str, Any]) -> str:
    """The organization that published a report; none of a disaster's page."""
    names = (
        one_line(text_of(one, "shortname") or text_of(one, "name"), MAX_SOURCE) for one in list_of(fields, "source")
    )
    return next(filter(None, names), "")


def _language(fields: Mapping[str, Any]) -> str:
    codes = (clean(text_of(one, "code"))[:MAX_LANG] for one in list_of(fields, "language"))
    return next(filter(None, codes), "en")
