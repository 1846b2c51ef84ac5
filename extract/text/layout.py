"""How is an article laid out: which text is read, where are its paragraphs, and where does an offset lie?"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, NamedTuple

from extract.text.phrases import Words, words_of
from extract.types import Article, Frozen, Quote

READ_CHARS = 3200
_TITLE_GAP = "\n\n"
# an empty line, an indented one, or one that a list's mark opens
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]{2,}\S|[^\S\n]?[-*•▪●►][ \t])")
_BRAND_BREAK = re.compile(r"\s+[-–—|:]+\s+")
_MIN_TITLE = 15
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s")
# same-length stand-ins, so that offsets stay true while the parser sees plain spaces and quotes
_PLAIN = str.maketrans("\n\r\t\xa0\u2028\u200b\u2009\u202f’‘“”", "        ''\"\"")


class Paragraph(NamedTuple):
    """Offsets of one paragraph in the laid-out text; the title is the first where there is one."""

    start: int
    end: int
    is_title: bool


class Layout(Frozen, frozen=True, kw_only=True):
    """An article as it is read: title and the first ``READ_CHARS`` characters of its text in one string.

    ``plain`` has the same length as ``raw``, with line breaks inside paragraphs and typographic quotes made
    plain, so that an offset in one is an offset in the other. From ``brand`` on the title only names the site.
    ``words`` are the words of ``plain`` as phrase books read them.
    """

    raw: str
    plain: str
    words: Words
    title_chars: int
    brand: int
    shift: int
    paragraphs: tuple[Paragraph, ...]

    def quote(self, start: int, end: int) -> Quote:
        """The verbatim slice ``raw[start:end]`` as evidence in the article's own title or text.

        A slice never crosses from the title into the text; what hangs over is cut.
        """
        where: Literal["title", "text"] = "title" if start < self.title_chars else "text"
        if where == "title":
            end = min(end, self.title_chars)
            return Quote(where=where, start=start, end=end, quote=self.raw[start:end])
        return Quote(where=where, start=start - self.shift, end=end - self.shift, quote=self.raw[start:end])

    def in_title(self, offset: int) -> bool:
        """Does this offset lie in the title?"""
        return offset < self.title_chars


def lay_out(
    article: Article,
    *,
    number_words: Collection[str] = (),
    site_name: re.Pattern[str] | None = None,
    limit: int = READ_CHARS,
) -> Layout:
    """Joins title and text; a title that the text repeats as its first line is still kept once as the title.

    ``number_words`` and ``site_name`` belong to the article's language: words that count as numbers, and what names a
    publisher's site within a title.
    """
    title, raw = article.title.rstrip(), _joined(article, limit)
    plain = raw.translate(_PLAIN)
    shift = len(title) + len(_TITLE_GAP) if title else 0
    return Layout(
        raw=raw,
        plain=plain,
        words=words_of(plain, number_words),
        title_chars=len(title),
        brand=_brand(title, site_name),
        shift=shift,
        paragraphs=tuple(_paragraphs(raw, len(title), shift)),
    )


def plain_text(article: Article, *, limit: int = READ_CHARS) -> str:
    """``Layout.plain`` alone: what is read of an article before its language is known."""
    return _joined(article, limit).translate(_PLAIN)


def _joined(article: Article, limit: int) -> str:
    title = article.title.rstrip()
    body = article.text if len(article.text) <= limit else article.text[: _last_sentence_end(article.text, limit)]
    return title + _TITLE_GAP + body if title else body


def _brand(title: str, site_name: re.Pattern[str] | None) -> int:
    """Where a title ends and the site's name begins ("... - WXYZ News 5, Springfield"); its length without one."""
    for match in _BRAND_BREAK.finditer(title) if site_name is not None else ():
        if match.start() > _MIN_TITLE and site_name is not None and site_name.search(title, match.end()):
            return match.start()
    return len(title)


def _last_sentence_end(text: str, limit: int) -> int:
    """Where to stop reading: the last sentence end before ``limit``, so that no sentence is read half."""
    ends = [m.end() for m in _SENTENCE_END.finditer(text, limit - 600, limit)]
    return ends[-1] if ends else limit


def _paragraphs(raw: str, title_chars: int, shift: int) -> list[Paragraph]:
    out = [Paragraph(0, title_chars, True)] if title_chars else []
    start = shift
    for match in [*_PARAGRAPH_BREAK.finditer(raw, shift), None]:
        end = match.start() if match else len(raw)
        if raw[start:end].strip():
            lead = len(raw[start:end]) - len(raw[start:end].lstrip())
            out.append(Paragraph(start + lead, end, False))
        start = match.end() if match else end
    return out
