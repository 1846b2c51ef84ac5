"""What does a worker do with a batch of articles? One result per article, in order; one that raises fails alone.

This runs in the worker, on this machine or another one. The models are loaded when the first batch comes, so that
the process that hands out the batches can import this module without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from bot.extraction.garbage import keep_models
from extract.types import Article, Extraction, Frozen

if TYPE_CHECKING:
    from extract import Extractor


class Failed(Frozen, frozen=True):
    """An article that the extractor can't read, and why."""

    why: str


Result = Extraction | Failed
Batch = tuple[Article, ...]
# a batch -> one result per article, in order; runs in a worker, so it must be possible to pickle it
Work = Callable[[Batch], tuple[Result, ...]]
ExtractAll = Callable[[Iterable[Article]], Iterator[Extraction]]


def read_batch(model: str, batch: Batch) -> tuple[Result, ...]:
    """One result per article, in order, by the extractor of this worker; an empty batch only loads the models."""
    return results_of(_extractor(model).extract_all, batch)


def results_of(extract_all: ExtractAll, batch: Batch) -> tuple[Result, ...]:
    """The batch read in one call; if that raises, each article by itself, so that only the one that raises fails."""
    try:
        return tuple(extract_all(batch))
    except Exception:  # whatever one article does to the extractor, the others are read
        return tuple(_alone(extract_all, article) for article in batch)


def _alone(extract_all: ExtractAll, article: Article) -> Result:
    try:
        return next(extract_all((article,)))
    except Exception as error:  # as above
        return Failed(f"{type(error).__name__}: {error}"[:300])


@cache
def _extractor(model: str) -> Extractor:
    """The one extractor of this worker; building it takes 1 to 2 s."""
    from extract import Extractor  # noqa: PLC0415  loads the models, only ever in a worker

    extractor = Extractor(model) if model else Extractor()
    keep_models()
    return extractor
