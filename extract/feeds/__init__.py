"""The articles in the bytes of one feed document, whatever its format. No network, no clock, no file opened by name.

``parse`` reads a feed document; ``alternates`` finds the feeds that a web page links to, ``article_of`` the article on
a page, ``full_text`` its text,
``links_of`` the articles that it links to where a selector says. A hostile document can keep any parser busy:
documents of unknown origin must be read in a process that may be killed.
"""

from extract.feeds.formats import parse
from extract.feeds.opml import feeds_of
from extract.feeds.page import alternates, article_of, full_text
from extract.feeds.page_links import links_of

__all__ = ["alternates", "article_of", "feeds_of", "full_text", "links_of", "parse"]
