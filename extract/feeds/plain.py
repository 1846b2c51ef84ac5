"""What is the plain text of a piece of HTML? Paragraphs separated by a blank line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from importlib import resources

from lxml import etree

# lengths in code points; what is longer is cut
MAX_TITLE = 2_000
MAX_TEXT = 200_000
# of ids and addresses
MAX_NAME = 4_000
# of publishers' names and feeds' titles
MAX_SOURCE = 200
# of language tags (BCP 47, section 4.4.1)
MAX_LANG = 35
# of what is shown of a parser's error
MAX_PROBLEM = 300

# elements that begin and end a line (HTML Living Standard, section 15.3, "display: block")
_BLOCKS = """address article aside blockquote br center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main nav ol p pre section summary table tbody td tfoot
    th thead tr ul"""
BLOCKS = frozenset(_BLOCKS.split())
# elements whose content is not shown as text
_HIDDEN = "applet button iframe noembed noframes noscript script select style svg template"
HIDDEN = frozenset(_HIDDEN.split())
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SPACE = re.compile(r"\s+")
# not allowed in XML, or without a meaning on their own; msgpack and SQLite reject lone surrogates
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u00ad\u200b\ufeff]")


def clean(text: str) -> str:
    """The text without characters that can't be stored or shown."""
    return _UNWRITABLE.sub("", text)


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """The text on one line, with white space collapsed, cut after ``limit`` code points."""
    return _SPACE.sub(" ", clean(text[: limit * 4])).strip()[:limit]


def paragraphs(text: str) -> str:
    """Plain text with its blank lines kept between paragraphs and all other white space collapsed."""
    parts = (one_line(part, MAX_TEXT) for part in _BLANK_LINE.split(text[: MAX_TEXT * 2].replace("\r\n", "\n")))
    return "\n\n".join(part for part in parts if part)[:MAX_TEXT]


def from_html(markup: str) -> str:
    """The paragraphs of plain text in HTML, without scripts and the like; character references are decoded once."""
    markup = clean(markup[: MAX_TEXT * 5])
    if not _MARKUP.search(markup):
        return paragraphs(markup)
    reader = _Reader()
    try:
        # with a root element, since libxml2 takes a fragment that begins with text or a comment for an empty document
        etree.fromstring(f"<html><body>{markup}</body></html>", etree.HTMLParser(target=reader, huge_tree=False))
    except (etree.XMLSyntaxError, AssertionError, ValueError):
        reader.close()
    return reader.text()


def without_boilerplate(text: str) -> str:
    """The paragraphs without what the publishing system added at the end: "The post ... appeared first on ..."."""
    parts = text.split("\n\n")
    while len(parts) > 1 and _boilerplate().fullmatch(parts[-1]):
        parts.pop()
    return "\n\n".join(parts)


def content_hash(title: str, text: str) -> str:
    """An id for an article that has neither id nor link: a hash of its content, 32 hexadecimal digits."""
    return hashlib.blake2s(f"{title}\n{text}".encode(), digest_size=16).hexdigest()


@cache
def _boilerplate() -> re.Pattern[str]:
    rules = tomllib.loads(resources.files("extract.data").joinpath("feeds.toml").read_text("utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in rules["boilerplate"]), re.IGNORECASE)


class _Reader:
    """Collects the text between tags (an lxml parser target); each block element starts a new paragraph."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] = []
        self._hidden = 0
        self._has_blocks = False

    def start(self, tag: str, _attributes: object) -> None:
        self._hidden += tag in HIDDEN
        if tag in BLOCKS:
            self._has_blocks = True
            self._end_paragraph()

    def end(self, tag: str) -> None:
        self._hidden -= tag in HIDDEN
        if tag in BLOCKS:
            self._end_paragraph()

    def data(self, text: str) -> None:
        if self._hidden <= 0:
            self._open.append(text)

    def comment(self, text: str) -> None:
        """Ignored."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Ignored."""

    def close(self) -> None:
        self._end_paragraph()

    def text(self) -> str:
        return "\n\n".join(self._done)[:MAX_TEXT]

    def _end_paragraph(self) -> None:
        text, self._open = "".join(self._open), []
        # without block elements, blank lines in the text separate its paragraphs
        whole = one_line(text, MAX_TEXT) if self._has_blocks else paragraphs(text)
        if whole:
            self._done.append(whole)
