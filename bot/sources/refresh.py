"""Where does a web page send its reader on, by a meta element in the place of a redirect?"""

from __future__ import annotations

import html
import re

# pages that send on say so at their beginning; one that does so later than this many seconds is a page to be read
_HEAD = 8 * 1024
_MOST_SECONDS = 5
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<head|<meta)", re.IGNORECASE)
_META = re.compile(r"<meta\b([^<>]*)>", re.IGNORECASE)
_IS_REFRESH = re.compile(r"""\bhttp-equiv\s*=\s*["']?refresh\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TARGET = re.compile(r"""\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""", re.IGNORECASE)


def is_page(body: bytes) -> bool:
    """Does a document begin as a web page does? What a server calls it is often wrong."""
    return _PAGE.match(body) is not None


def refresh_target(body: bytes) -> str:
    """The address, possibly a relative one, that a page sends its reader to within 5 s; empty where there is none.

    What stands in a comment or in ``noscript`` doesn't count.
    """
    if not is_page(body):
        return ""
    head = body[:_HEAD].decode("utf-8", "replace")
    for start, end in (("<!--", "-->"), ("<noscript", "</noscript")):
        head = _without(head, start, end)
    for meta in _META.finditer(head):
        content = _CONTENT.search(meta[1]) if _IS_REFRESH.search(meta[1]) else None
        wanted = _TARGET.match(html.unescape(content[1] or content[2] or content[3] or "")) if content else None
        if wanted and int(wanted[1]) <= _MOST_SECONDS:
            return wanted[2].strip()
    return ""


def _without(text: str, start: str, end: str) -> str:
    """The text without what stands between the two marks, in any case; without an end that is all that follows."""
    kept: list[str] = []
    at, small = 0, text.lower()
    if len(small) != len(text):  # a letter that is longer in lower case
        text = small
    while (begin := small.find(start, at)) >= 0:
        kept.append(text[at:begin])
        close = small.find(end, begin)
        if close < 0:
            return "".join(kept)
        at = close + len(end)
    return "".join([*kept, text[at:]])
