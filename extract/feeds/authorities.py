"""What do authorities mean by the codes and words of their documents? The tables of ``data/authorities.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from extract.types import Severity


@cache
def table(authority: str) -> dict[str, Any]:
    """The section of an authority or format."""
    rules = tomllib.loads(resources.files("extract.data").joinpath("authorities.toml").read_text("utf-8"))
    return dict(rules[authority])


def severity_of_level(authority: str, level: str) -> Severity:
    """The severity that an authority's word for it means; unknown for a word that says nothing of harm."""
    return Severity(table(authority)["levels"].get(level.casefold(), Severity.UNKNOWN))
