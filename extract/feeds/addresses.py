"""Where does a link lead, and whose is it?"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from extract.feeds.plain import MAX_NAME, clean


def resolved(link: str, base: str) -> str:
    """A link made absolute where there is a base; as it stands where there is none or it can't be."""
    link = clean(link).strip()[:MAX_NAME]
    if not link or not base:
        return link
    try:
        return urljoin(base, link)
    except ValueError:  # "Invalid IPv6 URL"
        return link


def host(url: str) -> str:
    """The host of an address without ``www.``, lower case; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
