"""When was the article on a web page published, by what the page says of itself to machines?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from extract.feeds.dates import first_date
from extract.feeds.written_date import WrittenDate

# Open Graph, Dublin Core and what publishing systems use, the surest first
_META = """article:published_time og:published_time datepublished dc.date.issued dcterms.issued dc.date dcterms.created
    parsely-pub-date sailthru.date publishdate publish-date pubdate publication_date date"""
NAMES = tuple(_META.split())
# schema.org as JSON in a script
_JSON_LD = re.compile(rb'"datePublished"\s*:\s*"([^"]{4,60})"')


def page_date(body: bytes, page: etree._Element | None) -> WrittenDate | None:
    """The date of publication on a page, None where it names none. Not that of its last change."""
    found = [text.decode("utf-8", "replace") for text in _JSON_LD.findall(body)[:1]]
    if page is not None:
        found += list(_of_elements(page))
    return first_date(found, page.get("lang", "") if page is not None else "")


def _of_elements(page: etree._Element) -> Iterator[str]:
    """The contents of ``meta`` and ``time`` elements that name the date, the surest first."""
    named: dict[str, str] = {}
    for element in page.iter("meta", "time"):
        for attribute in ("property", "name", "itemprop"):
            text = element.get("content") or element.get("datetime") or ""
            named.setdefault(element.get(attribute, "").lower(), text.strip())
    return (named[name] for name in NAMES if named.get(name))
