"""How do ``extract`` and ``places`` process a file of articles?"""

from __future__ import annotations

from bot.batch.json_lines import Lines, flush, write
from bot.extraction.garbage import keep_models
from extract.extractor import Extractor
from extract.lang import ENGLISH
from extract.places import Gazetteer, places_of
from extract.wire import extraction_json, places_json, read_article


def extract(name: str, *, model: str, strict: bool) -> int:
    """Write one line of extraction for each article, in the input's order; returns how many lines were bad."""
    lines, extractor = Lines(name, strict=strict), Extractor(model)
    keep_models()
    try:
        for extraction in extractor.extract_all(lines.read(read_article)):
            write(extraction_json(extraction))
    finally:
        flush()  # also the results from before a bad line
    lines.report()
    return lines.bad


def places(name: str, *, strict: bool) -> int:
    """Write one line for each article with every place name found and resolved; returns how many lines were bad."""
    lines, gazetteer = Lines(name, strict=strict), Gazetteer.open()
    for article in lines.read(read_article):
        write(places_json(article.id, places_of(article, gazetteer, ENGLISH.place_reader)))
    flush()
    lines.report()
    return lines.bad
