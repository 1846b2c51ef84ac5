"""In which formats can incidents be exported? Each writes one complete document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.export import stix, syndication, tables
from bot.export.frame import Frame
from extract.types import Frozen, Incident


class Format(Frozen, frozen=True, kw_only=True):
    """A format's file suffix, media type, and the function that writes a document in it."""

    suffix: str
    media_type: str
    write: Callable[[Iterable[Incident], Frame], bytes]


FORMATS = {
    "jsonl": Format(suffix="jsonl", media_type="application/jsonl", write=tables.jsonl),
    "csv": Format(suffix="csv", media_type="text/csv", write=tables.csv_table),
    "geojson": Format(suffix="geojson", media_type="application/geo+json", write=tables.geojson),
    "cap": Format(suffix="cap.xml", media_type="application/atom+xml", write=syndication.atom_of_cap),
    "atom": Format(suffix="atom.xml", media_type="application/atom+xml", write=syndication.atom),
    "rss": Format(suffix="rss.xml", media_type="application/rss+xml", write=syndication.rss),
    "stix": Format(suffix="stix.json", media_type="application/stix+json;version=2.1", write=stix.bundle),
}
