"""What is known of a source's publisher where nobody said it: family, tier and language.

Not the country: a source covers the country that its entry names, and one without covers all of them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from bot.types import Source
from extract.publishers import Publisher, packaged_publishers

_FACTS = ("family", "tier", "lang")


def with_facts(source: Source, given: Collection[str]) -> Source:
    """The source with the facts of its publisher that aren't among those ``given`` by the operator or the feed."""
    known = publisher_of(source)
    if known is None:
        return source
    facts: dict[str, Any] = {name: getattr(known, name) for name in _FACTS if name not in given}
    if known.gathers:
        facts.pop("family", None)
    return msgspec.structs.replace(source, **facts)


def publisher_of(source: Source) -> Publisher | None:
    """The publisher of a source, by its address or else its name; None where it isn't known."""
    return packaged_publishers().find(source.name, source.url)
