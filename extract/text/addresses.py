"""Which addresses are of one page, and which ids are none? By the rules in ``extract/data/addresses.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def canonical_url(url: str) -> str:
    """A page's address without the parts that differ between links to it; empty for a site's front page.

    Scheme https, host in lower case without ``www.`` or ``m.``, no port, trailing slash, ``/amp``, tracking parameters
    or fragment; parameters in the order of their names.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # "Invalid IPv6 URL": not an address
        return ""
    rules = _rules()["address"]
    path = _session().sub("", parts.path).rstrip("/")
    path = next((path.removesuffix(end) for end in rules["endings"] if path.lower().endswith(end)), path).rstrip("/")
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(k.lower(), rules))
    if not host or (not path and not query):
        return ""
    return urlunsplit(("https", _without_label(host, rules["hosts"]), path, urlencode(query), ""))


def is_id(text: str) -> bool:
    """Can this be the id of one article? It is no word for none ("N/A"), and no address of a whole site."""
    if text.casefold() in _rules()["ids"]["none"]:
        return False
    return not text.startswith(("http://", "https://")) or bool(canonical_url(text))


@cache
def _session() -> re.Pattern[str]:
    return re.compile(_rules()["address"]["session"], re.IGNORECASE)


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(resources.files("extract.data").joinpath("addresses.toml").read_text("utf-8"))


def _without_label(host: str, labels: list[str]) -> str:
    first, _, rest = host.partition(".")
    return rest if first in labels and "." in rest else host


def _tracks(parameter: str, rules: dict[str, Any]) -> bool:
    return parameter in rules["parameters"] or parameter.startswith(tuple(rules["prefixes"]))
