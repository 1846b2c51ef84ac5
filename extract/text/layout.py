"""How is an article laid out: which text is read, where are its paragraphs, and what does an offset mean?"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from extract.text.phrases import WordForms, Words, grams_of, words_of
from extract.types import Article, Frozen, Quote

READ_CHARS = 3200
_TITLE_GAP = "\n\n"
# an empty line, an indented line, or one that begins with a bullet
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|\n(?=[^\S\n]{2,}\S|[^\S\n]?[-*•▪●►][ \t])")
_BRAND_BREAK = re.compile(r"\s+[-–—|:]+\s+")
_MIN_TITLE = 15
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s")
# replacements of the same length, so that offsets stay valid while the parser gets plain spaces and quotes
PLAIN = str.maketrans("\n\r\t\xa0\u2028\u200b\u2009\u202f’‘ʼ“”", "        '''\"\"") | dict.fromkeys(
    (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " "
)  # the last are the marks of direction


class Paragraph(NamedTuple):
    """Offsets of one paragraph in the laid-out text; the title, if there is one, is the first."""

    start: int
    end: int
    is_title: bool


class Layout(Frozen, frozen=True, kw_only=True):
    """An article as it is read: title and the first ``READ_CHARS`` characters of its text in one string.

    ``plain`` has the same length as ``raw``, with plain spaces for line breaks and plain quotes for typographic ones,
    so that offsets are valid in both. ``brand``: the offset from which the title only names the site. ``shift``: the
    offset of the article's text. ``words``: the words of ``plain``, for phrase books.
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

        A slice that crosses from the title into the text is cut at the end of the title.
        """
        where: Literal["title", "text"] = "title" if start < self.title_chars else "text"
        if where == "title":
            end = min(end, self.title_chars)
            return Quote(where=where, start=start, end=end, quote=self.raw[start:end])
        return Quote(where=where, start=start - self.shift, end=end - self.shift, quote=self.raw[start:end])

    def in_title(self, offset: int) -> bool:
        """Whether this offset is in the title."""
        return offset < self.title_chars

    @property
    def title_grams(self) -> frozenset[str]:
        """The words and pairs of words of the title."""
        return grams_of([word.text for word in self.words if word.end <= self.title_chars])


def lay_out(
    article: Article,
    *,
    forms: WordForms | None = None,
    site_name: re.Pattern[str] | None = None,
    limit: int = READ_CHARS,
) -> Layout:
    """Joins title and text; a title that the text repeats as its first line stays in both.

    ``forms`` and ``site_name`` belong to the article's language: which forms of words phrases can name, and the
    expression for the name of a publisher's site in a title.
    """
    title, raw = article.title.rstrip(), _joined(article, limit)
    plain = raw.translate(PLAIN)
    shift = len(title) + len(_TITLE_GAP) if title else 0
    return Layout(
        raw=raw,
        plain=plain,
        words=words_of(plain, forms),
        title_chars=len(title),
        brand=_brand(title, site_name),
        shift=shift,
        paragraphs=tuple(_paragraphs(raw, len(title), shift)),
    )


def plain_text(article: Article, *, limit: int = READ_CHARS) -> str:
    """``Layout.plain`` alone, for use before the article's language is known."""
    return _joined(article, limit).translate(PLAIN)


def _joined(article: Article, limit: int) -> str:
    title = article.title.rstrip()
    body = article.text if len(article.text) <= limit else article.text[: _last_sentence_end(article.text, limit)]
    return title + _TITLE_GAP + body if title else body


def _brand(title: str, site_name: re.Pattern[str] | None) -> int:
    """The offset at which the site's name begins ("... - WXYZ News 5, Springfield"); the title's length without one."""
    for match in _BRAND_BREAK.finditer(title) if site_name is not None else ():
        if match.start() > _MIN_TITLE and site_name is not None and site_name.search(title, match.end()):
            return match.start()
    return len(title)


def _last_sentence_end(text: str, limit: int) -> int:
    """The last sentence end before ``limit``, so that no half sentence is read; ``limit`` without one."""
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
