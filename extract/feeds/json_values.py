"""How are values read from JSON that may be damaged or hostile? What is not of the wanted type is not there."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from extract.feeds.document import Document
from extract.feeds.plain import MAX_PROBLEM


class NoJson(NamedTuple):
    """A document is no JSON, and why."""

    why: str


def loaded(document: Document) -> object:
    """The value of a JSON document, or ``NoJson``."""
    try:
        return json.loads(document.body)
    except (ValueError, RecursionError) as error:
        return NoJson(f"no JSON: {error}"[:MAX_PROBLEM])


def list_of(item: object, name: str) -> list[Any]:
    """The list under a name; [] where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, list) else []


def object_of(item: object, name: str) -> Mapping[str, Any]:
    """The object under a name; {} where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, dict) else {}


def number_of(value: object) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def text_of(item: object, name: str) -> str:
    """The text under a name; empty where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""
