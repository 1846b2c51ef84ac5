"""Which places does an article name, and where are they?"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from extract.places.candidates import Hints, standard_weights
from extract.places.disambiguate import resolve
from extract.places.gazetteer import Gazetteer
from extract.places.reading import Part, PlaceReader
from extract.places.recogniser import mentions
from extract.places.types import Mention, Resolved
from extract.types import Article, Place, Precision

MAX_CHARACTERS = 60_000  # of a text; the rest is not read


def places_of(
    article: Article,
    gazetteer: Gazetteer,
    reader: PlaceReader,
    *,
    hints: Hints | None = None,
    limit: int = MAX_CHARACTERS,
) -> list[Resolved]:
    """The places that an article names, in order, those of the title first; ``where`` says which of the two.

    Only the first ``limit`` characters of the text are read. A road has the province and country of the settlement
    named nearest to it, and no coordinates.
    """
    texts = {"title": article.title, "text": article.text[:limit]}
    found: list[Mention] = []
    roads: list[Mention] = []
    parts: tuple[Part, ...] = ("title", "text")
    for where in parts:
        here, there = _named(texts[where], where, gazetteer, reader)
        found += here
        roads += there
    settled = [
        r
        for r in resolve(found, texts, gazetteer, reader, hints=hints or hints_of(article, gazetteer))
        if r is not None
    ]
    settled = reader.unlisted(texts, settled, gazetteer)
    return sorted([*settled, *(_road(s, settled) for s in roads)], key=lambda r: (r.where == "text", r.start))


def hints_of(article: Article, gazetteer: Gazetteer) -> Hints:
    """The publisher's home where it is known, else the country of its domain: ``example.co.uk`` is British."""
    host = (article.url.split("://")[-1].split("/")[0] or article.source).lower()
    home = _homes().get(article.source.lower().removeprefix("www.")) or _home_of(host)
    if home:
        country, _, admin1 = home.partition("/")
        return Hints(country=country, admin1=admin1)
    ending = host.rsplit(".", 1)[-1] if "." in host else ""
    code = gazetteer.domains.get(ending, ending.upper() if len(ending) == 2 else "")
    return Hints(country=code if gazetteer.country_row(code) >= 0 else "")


def _home_of(host: str) -> str | None:
    """The home of a host or of the domain that it is part of: that of "urdu.example.tv" is that of "example.tv"."""
    while "." in host:
        if host in _homes():
            return _homes()[host]
        host = host.partition(".")[2]
    return None


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
    """The names that may be places, and the roads; a name within a road's name is not a place."""
    roads = reader.roads(text, where)
    inside = {i for s in roads for i in range(s.start, s.end)}
    named = [m for m in mentions(text, gazetteer, reader, where=where) if m.start not in inside]
    # "St. Louis St.": a place that begins before a road and overlaps with it is the place
    return named, [s for s in roads if not any(m.start < s.start < m.end for m in named)]


def _road(road: Mention, settled: list[Resolved]) -> Resolved:
    """The road as a site in the settlement named nearest to it in the same text."""
    nearest = min(
        (r for r in settled if r.where == road.where and r.place.precision is Precision.CITY),
        key=lambda r: abs(r.start - road.start),
        default=None,
    )
    place = Place(
        name=road.name,
        admin1=nearest.place.admin1 if nearest else None,
        country=nearest.place.country if nearest else None,
        precision=Precision.SITE,
    )
    return Resolved(
        where=road.where, start=road.start, end=road.end, name=road.name, place=place,
        confidence=standard_weights().road_confidence, role=road.role,
    )  # fmt: skip
