"""What is the absolute address of a link, and its host?"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from extract.feeds.plain import MAX_NAME, clean


def absolute(link: str, base: str) -> str:
    """The link relative to ``base`` as an absolute address; unchanged without a base or if it can't be joined."""
    link = clean(link).strip()[:MAX_NAME]
    if not link or not base:
        return link
    try:
        return urljoin(base, link)
    except ValueError:  # "Invalid IPv6 URL"
        return link


def host(url: str) -> str:
    """The host of an address in lower case, without ``www.``; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
