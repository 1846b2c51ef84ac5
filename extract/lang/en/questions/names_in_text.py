"""Does a text name a person so? "Melissa Houston, 45," has the last name Houston, "in Houston, Texas" no name."""

from __future__ import annotations

import re

from extract.lang.en.lexicon import word_set
from extract.query import NamePart

_BEFORE = re.compile(r"(?:([^\W\d_][\w.'’-]*)(?:\s+([A-Z]\.))?\s+)\Z")
_AFTER = re.compile(r"(?:['’]s)?\s+(?:[A-Z]\.\s+)?([A-Z][\w'’-]+)")


def names_person(text: str, name: str, part: NamePart) -> bool:
    """Whether some person in the text has this name, or this as first or last name."""
    pattern = re.compile(rf"(?<![\w'’-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    is_full = " " in name.strip()
    for match in pattern.finditer(text):
        if not match[0][:1].isupper():
            continue
        if is_full and not part:
            return True
        if (part != "first" and _is_last(text, match)) or (part != "last" and _is_first(text, match)):
            return True
    return False


def _is_last(text: str, match: re.Match[str]) -> bool:
    """A capitalised word before it that is a given name or a title, and no capitalised word after it."""
    before = _BEFORE.search(text, max(0, match.start() - 40), match.start())
    after = _AFTER.match(text, match.end())
    if before is None or (after is not None and after[1].lower() not in word_set("ask", "person", "suffixes")):
        return False
    word = before[1]
    if word.lower().rstrip(".") in word_set("ask", "naming", "titles"):
        return True
    return word[:1].isupper() and word.lower().rstrip(".") not in word_set("ask", "person", "no_names")


def _is_first(text: str, match: re.Match[str]) -> bool:
    """A capitalised word after it that ends no name of a place or office, and no preposition of place before it."""
    after = _AFTER.match(text, match.end())
    if after is None or after[1].lower() in word_set("ask", "person", "no_names"):
        return False
    before = _BEFORE.search(text, max(0, match.start() - 40), match.start())
    return before is None or before[1].lower() not in word_set("ask", "person", "places")
