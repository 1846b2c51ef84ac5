"""Articles in, what they tell out: ``extract`` and ``places``."""

from __future__ import annotations

import gc

from bot.batch.json_lines import Lines, flush, write
from extract.extractor import Extractor
from extract.lang import ENGLISH
from extract.places import Gazetteer, places_of
from extract.wire import extraction_json, places_json, read_article

# after how many new objects garbage is looked for; Python's 700 are made in a moment, and hardly any are garbage
_NEW_OBJECTS = 50_000


def extract(name: str, *, model: str, strict: bool) -> int:
    """One line an article, in the input's order. How many lines were bad."""
    lines, extractor = Lines(name, strict=strict), Extractor(model)
    gc.freeze()  # the model and the lists stay: looking through them for garbage costs a twentieth of the time
    gc.set_threshold(_NEW_OBJECTS)
    try:
        for extraction in extractor.extract_all(lines.read(read_article)):
            write(extraction_json(extraction))
    finally:
        flush()  # what was read before a bad line is told too
    lines.report()
    return lines.bad


def places(name: str, *, strict: bool) -> int:
    """Every place name found and resolved, one line an article. How many lines were bad."""
    lines, gazetteer = Lines(name, strict=strict), Gazetteer.open()
    for article in lines.read(read_article):
        write(places_json(article.id, places_of(article, gazetteer, ENGLISH.place_reader)))
    flush()
    lines.report()
    return lines.bad
