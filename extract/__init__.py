"""Documents in, incidents out. Pure functions: no network, no database, no clock, no chat.

>>> from extract import Article, Extractor
>>> Extractor().extract(Article(id="1", text="..."))  # doctest: +SKIP

docs/library.md has examples. ``spacy_components`` makes components known to other spaCy pipelines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.kinds import Kind, Kinds, load_kinds
from extract.types import Article, Change, Extraction, Incident, Place, Report

if TYPE_CHECKING:
    from extract.extractor import Extractor

__all__ = ["Article", "Change", "Extraction", "Extractor", "Incident", "Kind", "Kinds", "Place", "Report", "load_kinds"]


def __getattr__(name: str) -> object:
    """``Extractor``, imported on first use: it imports the parser, which takes a second or two."""
    if name == "Extractor":
        from extract.extractor import Extractor  # noqa: PLC0415

        return Extractor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
