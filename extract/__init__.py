"""Tocsin's understanding: documents in, incidents out. Pure: no network, no database, no clock, no chat.

>>> from extract import Article, Extractor
>>> Extractor().extract(Article(id="1", text="..."))  # doctest: +SKIP
"""

from extract.extractor import Extractor
from extract.kinds import Kind, Kinds, load_kinds
from extract.types import Article, Change, Extraction, Incident, Place, Report

__all__ = ["Article", "Change", "Extraction", "Extractor", "Incident", "Kind", "Kinds", "Place", "Report", "load_kinds"]
