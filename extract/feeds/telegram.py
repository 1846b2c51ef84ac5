"""Which messages does the public preview of a Telegram channel show? (https://t.me/s/NAME, the latest twenty)"""

from __future__ import annotations

from lxml import etree

from extract.feeds.addresses import absolute
from extract.feeds.dates import moment
from extract.feeds.document import Document
from extract.feeds.plain import MAX_NAME, MAX_SOURCE, clean, from_html, one_line
from extract.feeds.xml import BROKEN_TEXT
from extract.types import Article, ParsedFeed

_SITE = "https://t.me/"
_MESSAGE = "//div[@data-post and contains(concat(' ', @class, ' '), ' tgme_widget_message ')]"
_TEXT = ".//div[contains(concat(' ', @class, ' '), ' tgme_widget_message_text ')]"
_NO_ANSWERED = "[not(ancestor::*[contains(@class, 'tgme_widget_message_reply')])]"
_TITLE = "//meta[@property='og:title']/@content"
_PREVIEW = b"tgme_"


def recognises(document: Document) -> bool:
    """Is it a page of t.me with messages?"""
    return _PREVIEW in document.body[:200_000] and b"telegram.org" in document.head and b"<html" in document.head


def read(document: Document) -> ParsedFeed:
    """One article per message with words, the newest first; pictures and service messages are left out.

    A channel without a public preview has none, which is a problem.
    """
    parser = etree.HTMLParser(huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(document.body, parser)
        if root is None:
            return ParsedFeed(problems=("can't be read: no HTML",))
        found = [_article(message) for message in root.xpath(_MESSAGE)[-document.max_items :]]
        title = one_line(next(iter(root.xpath(_TITLE)), ""), MAX_SOURCE)
    except (etree.XMLSyntaxError, AssertionError, BROKEN_TEXT) as error:
        return ParsedFeed(problems=(f"can't be read: {type(error).__name__}",))
    articles = tuple(article for article in reversed(found) if article is not None)
    problems = () if found else ("the channel has no public preview",)
    return ParsedFeed(articles=articles[: document.max_items], problems=problems, title=title)


def _article(message: etree._Element) -> Article | None:
    name = clean(message.get("data-post") or "")[:MAX_NAME]
    texts = message.xpath(_TEXT + _NO_ANSWERED)
    text = from_html(etree.tostring(texts[0], encoding="unicode", with_tail=False)) if texts else ""
    if not name or not text:
        return None
    times = message.xpath(".//time/@datetime")
    return Article(
        id=name,
        text=text,
        url=absolute(name, _SITE),
        published=moment(times[-1]) if times else None,
        source=f"t.me/{name.split('/')[0]}"[:MAX_SOURCE],
    )
