"""Where do components store their findings? In extension attributes of the spaCy ``Doc``, registered here.

What is only for the components themselves begins with ``tocsin_``: other packages have a ``doc._.language`` too.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Any, cast

from spacy.tokens import Doc, Span

from extract.language import Language
from extract.lexicon import Lexicon
from extract.nlp.mentions import Sentence
from extract.text.layout import Layout
from extract.text.phrases import Words
from extract.types import Article

_ATTRIBUTES = (
    "tocsin_language",
    "tocsin_layout",
    "tocsin_article",
    "tocsin_plain",
    "tocsin_unparsed",
    "tocsin_starts",
    "published",
    "sentences",
    "triggers",
    "counts",
    "times",
    "weapons",
    "attackers",
    "targets",
    "victims",
    "nouns",
    "responsibility",
    "groups",
    "status",
    "speakers",
    "office_holders",
)


def register() -> None:
    """Registers the attributes with spaCy; a second call changes nothing."""
    for name in _ATTRIBUTES:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


def is_laid_out(doc: Doc) -> bool:
    """Whether the text of this ``Doc`` has been laid out for the components."""
    return _is_set(doc, "tocsin_layout")


def has_sentences(doc: Doc) -> bool:
    """Whether the sentences of this ``Doc`` have been found."""
    return _is_set(doc, "sentences")


def lay(
    doc: Doc,
    language: Language,
    article: Article,
    layout: Layout,
    plain: str,
    unparsed: tuple[tuple[int, int], ...] = (),
) -> None:
    """Give a ``Doc`` what the components need to know of its article; ``plain``: the text as the components read it."""
    doc._.tocsin_language, doc._.tocsin_article, doc._.tocsin_layout = language, article, layout
    doc._.tocsin_plain, doc._.tocsin_unparsed = plain, unparsed


def _is_set(doc: Doc, name: str) -> bool:
    return ("._.", name, None, None) in cast("dict[object, Any]", doc.user_data)


def _attribute(doc: Doc, name: str) -> Any:
    """An attribute's value, ten times as fast as spaCy's own ``doc._.name``."""
    return cast("dict[object, Any]", doc.user_data)["._.", name, None, None]


def layout_of(doc: Doc) -> Layout:
    """The article's layout."""
    return cast(Layout, _attribute(doc, "tocsin_layout"))


def language_of(doc: Doc) -> Language:
    """The language that the article is read in."""
    return cast(Language, _attribute(doc, "tocsin_language"))


def lexicon_of(doc: Doc) -> Lexicon:
    """The word lists of the article's language."""
    return language_of(doc).lexicon


def article_of(doc: Doc) -> Article:
    """The article itself."""
    return cast(Article, _attribute(doc, "tocsin_article"))


def text_of(doc: Doc) -> str:
    """The article's whole text; stored because spaCy builds ``doc.text`` anew at each call."""
    return cast(str, _attribute(doc, "tocsin_plain"))


def unparsed_of(doc: Doc) -> tuple[tuple[int, int], ...]:
    """Start and end of each paragraph that was not parsed."""
    return cast("tuple[tuple[int, int], ...]", _attribute(doc, "tocsin_unparsed"))


def span_at(doc: Doc, start: int, end: int) -> Span | None:
    """The tokens between two character offsets; None if nothing there was parsed."""
    span = doc.char_span(start, end, alignment_mode="expand")
    return None if span is None or span.root.is_space else span


def words_of_doc(doc: Doc) -> Words:
    """The article's words as phrase books read them."""
    return layout_of(doc).words


def sentences_of(doc: Doc) -> list[Sentence]:
    """The article's sentences with their flags."""
    return cast("list[Sentence]", _attribute(doc, "sentences"))


def sentence_at(doc: Doc, offset: int) -> int:
    """The index of the sentence that contains a character offset."""
    return max(0, bisect_right(cast("list[int]", _attribute(doc, "tocsin_starts")), offset) - 1)


def published_of(doc: Doc) -> datetime | None:
    """When the article was published, if known."""
    return article_of(doc).published
