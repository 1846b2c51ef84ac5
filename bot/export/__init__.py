"""In which formats can incidents be exported? Each writes one complete document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.export import syndication, tables
from extract.types import Frozen, Incident


class Format(Frozen, frozen=True, kw_only=True):
    """A format's file suffix and the function that writes a document in it."""

    suffix: str
    write: Callable[[Iterable[Incident]], bytes]


FORMATS = {
    "jsonl": Format(suffix="jsonl", write=tables.jsonl),
    "csv": Format(suffix="csv", write=tables.csv_table),
    "geojson": Format(suffix="geojson", write=tables.geojson),
    "cap": Format(suffix="cap.xml", write=syndication.atom_of_cap),
    "atom": Format(suffix="atom.xml", write=syndication.atom),
    "rss": Format(suffix="rss.xml", write=syndication.rss),
}
