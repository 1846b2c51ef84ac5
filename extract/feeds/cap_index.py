"""Which public warnings does an index in Atom or RSS list, with elements of the Common Alerting Protocol?

The US weather service and MeteoAlarm publish such indexes. An entry says what, where, when and how severe; the whole
message is behind its link. Several entries of one message, each for an area, are one article.
"""

from __future__ import annotations

from lxml import etree
from msgspec.structs import replace

from extract.feeds.addresses import absolute, host
from extract.feeds.cap import article_of_alert
from extract.feeds.cap_facts import event_id, stated_of
from extract.feeds.cap_message import CANCEL, NAMESPACE, is_real, message_of
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, content_hash, from_html, one_line
from extract.feeds.xml import children, language_of, read_items, root_of, text_of, title_of
from extract.types import Article, ParsedFeed

_LISTS = (b"<feed", b"<rss", b"<atom:feed")
_ENTRIES = ("entry", "item")
_DATES = ("updated", "published", "pubDate")
_TEXTS = ("summary", "description", "content")
_WHOLE_MESSAGE = "application/cap+xml"


def recognises(document: Document) -> bool:
    """Is it a list with elements of CAP?"""
    return document.head.startswith(_LISTS) and NAMESPACE in document.head


def read(document: Document) -> ParsedFeed:
    """One article per message; exercises, tests and acknowledgements are left out."""
    root = root_of(document)
    if isinstance(root, str):
        return ParsedFeed(problems=(root,))
    channel = root.find("{*}channel")
    channel = root if channel is None else channel
    entries = [entry for name in _ENTRIES for entry in (*children(channel, name), *_beside(root, channel, name))]
    lang = language_of(root)
    found = read_items(entries, document.max_items, lambda entry: _article(entry, document.base_url, lang))
    by_id: dict[str, Article] = {}
    for article in found.articles:
        known = by_id.get(article.id)
        by_id[article.id] = article if known is None else _with_area_of(known, article)
    return ParsedFeed(articles=tuple(by_id.values()), problems=found.problems, title=title_of(channel))


def _beside(root: etree._Element, channel: etree._Element, name: str) -> list[etree._Element]:
    """The entries beside the channel, where RSS 1.0 has them."""
    return [] if root is channel else children(root, name)


def _article(entry: etree._Element, base: str, lang: str) -> Article | None:
    whole = entry.find("{*}content/{*}alert")
    if whole is not None:
        return article_of_alert(whole, base)
    message = message_of(entry, entry)
    if not is_real(message):
        return None
    link, own = _link(entry, base), clean(text_of(entry, "id") or text_of(entry, "guid"))[:MAX_NAME]
    sender = message.sender or host(base) or host(link)
    message = replace(message, identifier=message.identifier or own.rsplit("/", 1)[-1], sender=sender)
    title = one_line(text_of(entry, "title") or message.event)
    said = next((text for name in _TEXTS if (text := from_html(text_of(entry, name)))), "")
    parts = [said, message.event if message.event not in title else "", "; ".join(message.areas)]
    published = message.sent or next((at for name in _DATES if (at := moment(text_of(entry, name)))), None)
    message = replace(message, sent=published)
    text = "\n\n".join(part for part in parts if part)
    return Article(
        id=event_id(message) or own or link or content_hash(title, text),
        title=title,
        text=text,
        url=link,
        published=published,
        source=one_line(text_of(entry, "senderName"), MAX_SOURCE) or host(base) or host(link),
        lang=lang,
        revises=message.references[0] if message.references else "",
        withdrawn=message.type == CANCEL,
        stated=stated_of(message),
    )


def _link(entry: etree._Element, base: str) -> str:
    """The page for people, else the whole message."""
    links = [
        (one.get("href") or one.text or "", one.get("type") or "", one.get("rel") or "")
        for one in children(entry, "link")
    ]
    pages = (href for href, kind, rel in links if kind != _WHOLE_MESSAGE and rel in ("", "alternate"))
    return absolute(next(pages, links[0][0] if links else ""), base)


def _with_area_of(article: Article, other: Article) -> Article:
    """One message's article with the area of another entry, which has the same text but for that."""
    if article.stated is None or other.stated is None:
        return article
    one, two = article.stated, other.stated
    names = tuple(dict.fromkeys((*one.places, *two.places)))
    text = article.text
    for name in two.places:
        text = text if name in text else f"{text}; {name}"
    stated = replace(
        one,
        places=names,
        points=(*one.points, *two.points),
        country=one.country if one.country == two.country else "",
        division=one.division if one.division == two.division else "",
        quotes=one.quotes | ({"place": text.rsplit("\n\n", 1)[-1]} if names else {}),
    )
    return replace(article, text=text, stated=stated)
