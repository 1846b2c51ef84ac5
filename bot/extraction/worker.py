"""The one extractor of a worker process, built when its first batch comes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from extract import Extractor
from extract.types import Article, Extraction


@cache
def extractor(model: str) -> Callable[[Article], Extraction]:
    """Reads an article; builds the extractor at the first call (1 to 2 s)."""
    return Extractor(model).extract if model else Extractor().extract
