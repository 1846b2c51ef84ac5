"""Which articles does a page without a feed link to? Those of the links that a selector finds."""

from __future__ import annotations

from lxml import etree

from extract.feeds.addresses import absolute
from extract.feeds.page import MAX_HTML
from extract.feeds.plain import MAX_NAME, clean, one_line
from extract.feeds.selector import xpath_of
from extract.feeds.xml import BROKEN_TEXT
from extract.text.addresses import canonical_url
from extract.types import Article, ParsedFeed

_WEB = ("http://", "https://")


def links_of(body: bytes, base_url: str, selector: str, max_items: int) -> ParsedFeed:
    """One article per address, in the page's order, with the link's words as its title.

    The selector finds links, or elements that contain links. Links without words are pictures and left out.

    Raises:
        ValueError: it is no selector.
    """
    path = xpath_of(selector)
    try:
        root = etree.fromstring(body[:MAX_HTML], etree.HTMLParser(huge_tree=False))
        found = root.xpath(path) if root is not None else []
        links = [link for one in found for link in ([one] if one.tag == "a" else one.iter("a"))]
        pairs = [(absolute(link.get("href") or "", base_url), _words(link)) for link in links]
    except (etree.LxmlError, AssertionError, BROKEN_TEXT) as error:
        return ParsedFeed(problems=(f"can't be read: {type(error).__name__}",))
    by_address: dict[str, Article] = {}
    for link, title in pairs:
        if title and link.startswith(_WEB):
            article = Article(id=link[:MAX_NAME], title=title, text="", url=link)
            by_address.setdefault(canonical_url(link) or link, article)
    if not by_address:
        return ParsedFeed(problems=("the selector finds no link with words",))
    return ParsedFeed(articles=tuple(by_address.values())[:max_items])


def _words(link: etree._Element) -> str:
    return one_line(clean(" ".join(link.itertext()))) or one_line(link.get("title") or "")
