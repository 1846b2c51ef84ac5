"""For which independent publisher does an article count? Reprints of one wire are one origin, credited or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from extract.lang import LANGUAGES
from extract.publishers import packaged_publishers
from extract.track.rules import rules
from extract.types import Article, ArticleRef, Member

_WORD = re.compile(r"\w+")
_NEVER = "(?!)"
# sketches are stored: with another seed, old and new ones could not be compared
_SEED = 1


def origin_of(article: Article, families: Mapping[str, str]) -> str:
    """The wire that the article credits, else the publisher's family, else the publisher, else the article itself.

    ``families`` maps a source's domain or name to its owner, where the operator says it; an opening that credits one of
    these sources by name counts as that source's. State media of one state are one origin, whoever owns them.
    """
    publishers = packaged_publishers()
    wire = _credited_wire(article.text) or _credited_source(article.text, families)
    if wire:
        return publishers.origin_of_family(wire)
    source, known = article.source.strip().lower(), publishers.find(article.source, article.url)
    if known is not None and known.state:
        return known.origin
    family = families.get(article.source) or families.get(source)
    if family:
        return publishers.origin_of_family(family)
    if known is not None and not known.gathers:
        return known.origin
    return source.removeprefix("www.") or f"article:{article.id}"


def sketch(article: Article) -> bytes:
    """How many runs of words (shingles) a text has, and a MinHash of them, to find near copies of it.

    Little-endian 32-bit numbers: the count, then the ``permutations`` of ``data/track.toml``. The title counts only
    where the text alone is too short: each outlet prints a teaser under a title of its own. Empty for an article so
    short that two are equal by chance. MinHash: Broder, On the resemblance and containment of documents, 1997.
    """
    rule = rules("copies")
    texts = (article.text, f"{article.title}\n{article.text}")
    runs = next((runs for text in texts if len(runs := _runs(text)) >= rule["least_runs"]), None)
    if runs is None:
        return b""
    hashed = RMinHash(num_perm=rule["permutations"], seed=_SEED)
    hashed.update(sorted(runs))
    return np.array([len(runs), *hashed.digest()], dtype="<u4").tobytes()


def _runs(text: str) -> set[str]:
    """The runs of words of a text."""
    size, words = rules("copies")["run"], _WORD.findall(text.casefold())
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def publication_interval(article: ArticleRef) -> tuple[datetime, datetime] | None:
    """When an article was published, at the earliest and at the latest; None if not known.

    A date without an hour is stored as its midnight: the article can be of any hour of that day.
    """
    published = article.published
    if published is None:
        return None
    return published, published + timedelta(days=1) if published.time() == time() else published


def independent_origins(members: Sequence[Member]) -> int:
    """The number of independent publishers: articles of one origin and near copies of one text count once."""
    return len(set(origin_groups(members)))


def origin_groups(members: Sequence[Member]) -> list[str]:
    """The origin that each article counts for, in the order of ``members``; near copies of one text have the same."""
    origins = [m.article.origin or m.article.id for m in members]
    groups = {origin: origin for origin in origins}

    def root(origin: str) -> str:
        while groups[origin] != origin:
            origin = groups[origin]
        return origin

    sketched = [(origin, member.sketch) for origin, member in zip(origins, members, strict=True) if member.sketch]
    if len(sketched) > 1:
        for i, j in zip(*_near_copies([text for _, text in sketched]), strict=True):
            groups[root(sketched[i][0])] = root(sketched[j][0])
    return [root(origin) for origin in origins]


def are_near_copies(one: bytes, other: bytes) -> bool:
    """Does the longer of two texts contain the shorter, by their sketches? False where one is too short to tell."""
    return bool(one and other) and len(_near_copies((one, other))[0]) > 0


def _near_copies(sketches: Sequence[bytes]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The indices (first, second) of the pairs of texts of which the longer contains the shorter, by their sketches."""
    table = np.array([np.frombuffer(one, dtype="<u4") for one in sketches])
    sizes, hashes = table[:, 0].astype(float), table[:, 1:]
    resemblance = np.stack([(hashes == row).mean(axis=1) for row in hashes])
    shared = resemblance / (1 + resemblance) * (sizes[:, None] + sizes)
    contained = shared / np.minimum(sizes[:, None], sizes)
    one, two = np.nonzero(np.triu(contained >= rules("copies")["contained"], k=1))
    return one, two


def _credited_wire(text: str) -> str | None:
    """The agency named in a credit: "(AP)", "KARACHI (Reuters) -", "Reuters reported that", "Copyright 2020 AFP"."""
    opening, closing = text[: rules("origins")["opening_chars"]], text[-rules("origins")["closing_chars"] :]
    if not _any_wire().search(f"{opening}\n{closing}"):
        return None
    for wire, credit, copyright_line in _credits():
        if credit.search(opening) or copyright_line.search(closing):
            return wire
    return None


def _credited_source(text: str, families: Mapping[str, str]) -> str | None:
    """The owner of a known source that the opening credits: "(Meridian Wire)", "Meridian Wire reported"."""
    opening = text[: rules("origins")["opening_chars"]]
    for name, owner in families.items():
        if name.lower() in opening.lower() and _credit(re.escape(name)).search(opening):
            return owner
    return None


@cache
def _any_wire() -> re.Pattern[str]:
    """The name of any agency: most texts have none, and need no closer look."""
    return re.compile(rf"\b(?:{'|'.join(rules('origins')['wires'].values())})\b", re.IGNORECASE)


@cache
def _credits() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    """The wire, its credit at the beginning of a text, and its copyright line or signature at the end."""
    return [(wire, _credit(names), _expression("closing", names)) for wire, names in rules("origins")["wires"].items()]


@lru_cache(maxsize=4096)
def _credit(names: str) -> re.Pattern[str]:
    """One of these names (alternatives of a pattern) as the source of what follows or precedes it."""
    return _expression("opening", names)


def _expression(where: str, names: str) -> re.Pattern[str]:
    """The credits of all languages ``where`` in a text, with these names in the place of ``%s``."""
    by_language = (language.lexicon.section("tracking", "credits").get(where, ()) for language in LANGUAGES.values())
    expressions = [one.replace("%s", names) for credits in by_language for one in credits]
    return re.compile("|".join(expressions) or _NEVER, re.IGNORECASE)
