"""Bytes of one feed document -> its articles, whatever the format. No network, no clock, nothing opened by name.

``parse`` is all that most need; ``alternates`` finds the feeds that a web page names, ``full_text`` the article
on a page. Hostile documents can keep any parser busy: callers that read strangers' bytes do so in a process that
may be killed.
"""

from extract.feeds.formats import parse
from extract.feeds.page import alternates, full_text

__all__ = ["alternates", "full_text", "parse"]
