"""What are the sources as an OPML document, which other readers of feeds take?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from bot.export.xml_text import add, serialised, without_controls
from bot.types import Source

TITLE = "Tocsin: sources"
# pages without a feed, which other readers can't read
_PAGE = "page"


def opml(sources: Iterable[Source], now: datetime) -> bytes:
    """An OPML 2.0 document with one outline for each source, in their order.

    A page without a feed is a link, not a feed: what selects its articles stands in the configuration alone.
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    add(head, "title", TITLE)
    add(head, "dateCreated", format_datetime(now.astimezone(UTC)))
    body = etree.SubElement(root, "body")
    for source in sources:
        name = without_controls(source.name or source.url)
        said = {"text": name, "title": name}
        if source.kind == _PAGE:
            said |= {"type": "link", "url": source.url}
        else:
            said |= {"type": "rss", "xmlUrl": source.url, "language": source.lang}
        etree.SubElement(body, "outline", {key: without_controls(value) for key, value in said.items() if value})
    return serialised(root)
