"""What the search for places hands on: a name in a text, and the place it was resolved to."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from extract.types import Place


class Role(StrEnum):
    """What a name does in its sentence, as far as the words around it tell."""

    DATELINE = "dateline"
    LOCATIVE = "locative"  # "in Karachi", "near Lahore"
    CONTAINER = "container"  # "Florida" in "Gainesville, Florida"
    ORGANISATION = "organisation"  # "Lahore police said"
    HOME = "home"  # "John Doe, 31, of Springfield"
    HOSPITAL = "hospital"  # "Springfield General Hospital"
    ROAD = "road"  # "Springfield Avenue"
    DEMONYM = "demonym"  # "Pakistani": a hint, no place name
    PLAIN = "plain"


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A name in a text that may be a place: ``name == text[start:end]`` of the title or the text.

    ``key`` is its folded form, without a generic word. ``score`` sums the signs for (above 0) and against a place.
    ``level`` is what a generic word beside it says ("province", "district", "city"). ``row`` is set where the
    name stands for one division only (an abbreviation). ``country`` is set for demonyms.
    """

    where: Literal["title", "text"] = "text"
    start: int
    end: int
    name: str
    key: str
    role: Role = Role.PLAIN
    score: float = 0.0
    level: str = ""
    row: int = -1
    country: str = ""


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A place name in a text, and the place: ``name == text[start:end]``.

    ``place.name`` is the gazetteer's spelling. A road or site without coordinates of its own has ``lat`` None and the
    division and country of the place it lies in.
    """

    where: Literal["title", "text"] = "text"
    start: int
    end: int
    name: str
    place: Place
    confidence: float
    role: Role = Role.PLAIN
