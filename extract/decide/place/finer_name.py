"""Which part of a place do the title or the first sentences name by the words around it?"""

from __future__ import annotations

from extract.decide.findings import Findings
from extract.places.finer import finer_names

_BODY_SENTENCES = 2


def finer_name_at(found: Findings) -> tuple[int, int] | None:
    """The offsets of the first name of a part of a place; None if there is none."""
    last = min(found.first_body + _BODY_SENTENCES, len(found.sentences)) - 1
    end = found.sentences[last].end if found.sentences else 0
    return finer_names(found.lexicon).first(found.layout.plain, found.layout.words, end)
