"""All places of one article, found and resolved."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from extract.places.candidates import Hints
from extract.places.disambiguate import resolve
from extract.places.gazetteer import Gazetteer
from extract.places.reading import Part, PlaceReader
from extract.places.recogniser import mentions
from extract.places.types import Mention, Resolved
from extract.types import Article, Place, Precision

MOST_CHARACTERS = 60_000
ROAD_CONFIDENCE = 0.7


def places_of(
    article: Article,
    gazetteer: Gazetteer,
    reader: PlaceReader,
    *,
    hints: Hints | None = None,
    limit: int = MOST_CHARACTERS,
) -> list[Resolved]:
    """The places that an article names, title first, in order; ``where`` tells title from text.

    Only the first ``limit`` characters are read. A road has the division and country of the settlement named
    nearest to it, and no coordinates.
    """
    texts = {"title": article.title, "text": article.text[:limit]}
    found: list[Mention] = []
    streets: list[Mention] = []
    parts: tuple[Part, ...] = ("title", "text")
    for where in parts:
        here, there = _named(texts[where], where, gazetteer, reader)
        found += here
        streets += there
    settled = [
        r
        for r in resolve(found, texts, gazetteer, reader, hints=hints or hints_of(article, gazetteer))
        if r is not None
    ]
    settled = reader.unlisted(texts, settled, gazetteer)
    return sorted([*settled, *(_road(s, settled) for s in streets)], key=lambda r: (r.where == "text", r.start))


def hints_of(article: Article, gazetteer: Gazetteer) -> Hints:
    """The publisher's home where it is known, else what its domain says: ``example.co.uk`` is British."""
    host = (article.url.split("://")[-1].split("/")[0] or article.source).lower()
    home = _homes().get(article.source.lower().removeprefix("www.")) or _homes().get(host.removeprefix("www."))
    if home:
        country, _, admin1 = home.partition("/")
        return Hints(country=country, admin1=admin1)
    ending = host.rsplit(".", 1)[-1] if "." in host else ""
    code = gazetteer.domains.get(ending, ending.upper() if len(ending) == 2 else "")
    return Hints(country=code if gazetteer.country_row(code) >= 0 else "")


@cache
def _homes() -> dict[str, str]:
    """Domain -> "US/Tennessee", or "PK" where only the country is known."""
    data = resources.files("extract") / "data"
    learned, known = (
        tomllib.loads((data / name).read_text(encoding="utf-8"))["home"]
        for name in ("publishers.toml", "publishers_known.toml")
    )
    return {domain: home for home, domains in known.items() for domain in domains} | dict(learned)


def _named(text: str, where: Part, gazetteer: Gazetteer, reader: PlaceReader) -> tuple[list[Mention], list[Mention]]:
    """Names that may be places, and roads; a name inside a road's is not a place."""
    streets = reader.roads(text, where)
    inside = {i for s in streets for i in range(s.start, s.end)}
    named = [m for m in mentions(text, gazetteer, reader, where=where) if m.start not in inside]
    # "St. Louis St.": the longer name that begins first is the place
    return named, [s for s in streets if not any(m.start < s.start < m.end for m in named)]


def _road(street: Mention, settled: list[Resolved]) -> Resolved:
    """The road as a site of the settlement named nearest to it in the same text."""
    near = min(
        (r for r in settled if r.where == street.where and r.place.precision is Precision.CITY),
        key=lambda r: abs(r.start - street.start),
        default=None,
    )
    place = Place(
        name=street.name,
        admin1=near.place.admin1 if near else None,
        country=near.place.country if near else None,
        precision=Precision.SITE,
    )
    return Resolved(
        where=street.where, start=street.start, end=street.end, name=street.name, place=place,
        confidence=ROAD_CONFIDENCE, role=street.role,
    )  # fmt: skip
