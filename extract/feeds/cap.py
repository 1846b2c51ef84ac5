"""Which article does a public warning in the Common Alerting Protocol contain? (OASIS CAP 1.2, also 1.1)

An Update or Cancel replaces the messages it refers to; a Cancel takes them back.
"""

from __future__ import annotations

from lxml import etree

from extract.feeds.addresses import absolute, host
from extract.feeds.cap_facts import event_id, stated_of
from extract.feeds.cap_message import ACTUAL, CANCEL, NAMESPACE, info_of, is_real, message_of
from extract.feeds.document import Document
from extract.feeds.plain import MAX_LANG, MAX_PROBLEM, MAX_SOURCE, clean, one_line, paragraphs
from extract.feeds.xml import BROKEN_TEXT, root_of, text_of
from extract.types import Article, ParsedFeed

# CAP's own default
_DEFAULT_LANG = "en-US"


def recognises(document: Document) -> bool:
    """Is it one alert? Lists of alerts are Atom or RSS."""
    return NAMESPACE in document.head[:1000] and document.head.split(b">")[0].partition(b"alert")[0] in (
        b"<",
        b"<cap:",
    )


def read(document: Document) -> ParsedFeed:
    """One article, in English if the alert has that, else in its first language; none for exercises and tests."""
    alert = root_of(document)
    if isinstance(alert, str):
        return ParsedFeed(problems=(alert,))
    try:
        return _read(alert, document.base_url)
    except BROKEN_TEXT as error:
        return ParsedFeed(problems=(f"can't be read: {error}"[:MAX_PROBLEM],))


def _read(alert: etree._Element, base: str) -> ParsedFeed:
    status = text_of(alert, "status")
    if status.lower() != ACTUAL:
        return ParsedFeed(problems=(f"no real alert: its status is {status[:40] or 'missing'}",))
    article = article_of_alert(alert, base)
    if article is None:
        return ParsedFeed(problems=("no alert to the public: an acknowledgement, an error or a private message",))
    return ParsedFeed(articles=(article,), title=one_line(text_of(alert, "sender"), MAX_SOURCE))


def article_of_alert(alert: etree._Element, base: str) -> Article | None:
    """The article of an ``alert`` element; None where it is no real alert to the public."""
    info = info_of(alert)
    message = message_of(alert, info)
    if not is_real(message):
        return None
    areas = "; ".join(message.areas)
    parts = (text_of(info, "description"), areas, text_of(info, "instruction"))
    link = absolute(text_of(info, "web"), base)
    return Article(
        id=event_id(message) or link or base or "alert",
        title=one_line(text_of(info, "headline") or message.event),
        text="\n\n".join(text for text in map(paragraphs, parts) if text),
        url=link,
        published=message.sent,
        source=one_line(text_of(info, "senderName"), MAX_SOURCE) or host(link) or message.sender,
        lang=clean(text_of(info, "language") or _DEFAULT_LANG)[:MAX_LANG],
        revises=message.references[0] if message.references else "",
        withdrawn=message.type == CANCEL,
        stated=stated_of(message),
    )
