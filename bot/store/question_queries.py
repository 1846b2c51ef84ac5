"""Which incidents match a question, and what are their counts and sums? SQL over the table ``incident_facts``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

from bot.store import incidents
from bot.store.codec import dump, load
from bot.store.db import Row, Tx
from bot.types import Bounds, Tally
from extract.ask import Condition, Period, Query
from extract.places.areas import Box
from extract.places.containment import Extent, ExtentOf
from extract.types import Article, Frozen, Incident, Place, Precision

TABLE = "incident_facts"
# degrees from a district's or city's centre within which the places that it contains are looked for
DISTRICT_REACH = 1.5
CITY_REACH = 0.55
# in a period of at least this many days, an incident without a date counts by the day of its first report
LONG_DAYS = 28
FIELDS = ("killed", "injured", "kidnapped")
_WEAPONS = {"firearms": "firearms = 1", "melee": "melee = 1"}
_UNITS = {"day": 10, "month": 7, "year": 4}
_ORDERS = {
    "newest": "day DESC, num DESC",
    "oldest": "day, num",
    "killed": "killed DESC, injured DESC, num",
    "injured": "injured DESC, killed DESC, num",
}

_SPOT = "lat, lon, place, precision, country, admin1, geonameid"

Inside = Callable[[Place, Place], bool]
IsActor = Callable[[str], bool]


class Filter(Frozen, frozen=True, kw_only=True):
    """An SQL condition on ``incident_facts`` with its parameters.

    ``certain`` selects the incidents that match, ``possible`` those that may match as far as their time is known.
    """

    certain: str
    possible: str
    params: dict[str, object]


def build_filter(
    tx: Tx,
    query: Query,
    *,
    inside: Inside,
    extent: ExtentOf,
    done_by: Callable[[str], IsActor],
    aliases: Callable[[str], str],
) -> Filter:
    """The filter of a query.

    ``inside`` says whether a place lies in an area, ``extent`` how far an area reaches, ``done_by`` whether a record's
    perpetrators include an actor, and ``aliases`` gives an actor's names as an FTS5 query.
    """
    params: dict[str, object] = {}
    parts = [_kinds(query, params)] if query.kinds else []
    if query.places:
        spots = [_place(tx, spot.place, inside, extent, params, n) for n, spot in enumerate(query.places)]
        parts.append(_or(spots))
    parts += [_condition(one, params) for one in query.conditions]
    for n, nums in enumerate(
        [*(_with_word(tx, word) for word in query.words), *(_with_name(tx, x) for x in query.names)]
    ):
        params[f"nums{n}"] = dump(nums)
        parts.append(f"num IN (SELECT value FROM json_each(:nums{n}))")
    for n, actor in enumerate(query.actors):
        params[f"actor{n}"] = dump(_done_by(tx, aliases(actor), done_by(actor)))
        parts.append(f"num IN (SELECT value FROM json_each(:actor{n}))")
    certain, possible = _periods(query.periods, params)
    base = " AND ".join(parts) or "1"
    return Filter(certain=f"{base} AND {certain}", possible=f"{base} AND {possible}", params=params)


def is_long(period: Period) -> bool:
    """Is a period long enough (or open) to count an incident without a date by the day of its first report?"""
    if period.since is None or period.until is None:
        return True
    return (period.until - period.since).days + 1 >= LONG_DAYS


def undated(tx: Tx, wanted: Filter) -> int:
    """How many of the matching incidents have no date and count by the day of their first report."""
    sql = f"SELECT COUNT(*) FROM incident_facts WHERE vague = 1 AND first_day IS NULL AND {wanted.certain}"
    return int(tx.value(sql, **wanted.params))


def tally(tx: Tx, wanted: Filter) -> Tally:
    """The number of matching incidents, and the sums of people killed, injured and kidnapped with their bounds."""
    row = (
        tx.row(f"SELECT COUNT(*) AS n, {sums(FIELDS)} FROM incident_facts WHERE {wanted.certain}", **wanted.params)
        or {}
    )
    killed, injured, kidnapped = (bounds(row, field) for field in FIELDS)
    return Tally(count=row["n"], killed=killed, injured=injured, kidnapped=kidnapped)


def sums(fields: Sequence[str]) -> str:
    """The columns of an aggregate query that ``bounds`` reads, for each of these counts."""
    return ", ".join(
        f"total({f}) AS {f}, total({f}_most) AS {f}_most, count({f}) AS {f}_known, count({f}_most) AS {f}_closed"
        for f in fields
    )


def bounds(row: Row, field: str) -> Bounds:
    """The bounds of a sum: the known lower bounds added up; an upper bound only where each known count has one."""
    is_closed = row[f"{field}_known"] == row[f"{field}_closed"]
    return Bounds(
        low=int(row[field]),
        high=int(row[f"{field}_most"]) if is_closed else None,
        unknown=row["n"] - row[f"{field}_known"],
    )


def uncertain(tx: Tx, wanted: Filter) -> int:
    """How many more incidents may match: their time isn't known well enough."""
    return int(tx.value(f"SELECT COUNT(*) FROM incident_facts WHERE vague = 1 AND {wanted.possible}", **wanted.params))


def first(tx: Tx, wanted: Filter, order: str, limit: int) -> list[Incident]:
    """The first ``limit`` matching incidents: newest, oldest, or those with most killed or injured."""
    rows = tx.rows(
        f"SELECT num FROM incident_facts WHERE {wanted.certain} ORDER BY {_ORDERS[order]} LIMIT :limit",
        limit=limit,
        **wanted.params,
    )
    return incidents.by_number(tx, [row["num"] for row in rows])


def ids(tx: Tx, wanted: Filter) -> list[str]:
    """The ids of all matching incidents, newest first."""
    rows = tx.rows(
        f"SELECT id FROM incident_facts WHERE {wanted.certain} ORDER BY {_ORDERS['newest']}", **wanted.params
    )
    return [row["id"] for row in rows]


def articles(tx: Tx, incident_ids: Sequence[str]) -> list[str]:
    """The ids of the articles of these incidents, sorted."""
    rows = tx.rows(
        """SELECT DISTINCT m.article FROM json_each(:ids) AS wanted JOIN members m ON m.incident = wanted.value
           ORDER BY m.article""",
        ids=dump(list(incident_ids)),
    )
    return [row["article"] for row in rows]


def texts(tx: Tx, refs: Sequence[str]) -> list[Article]:
    """The latest revision of each of these articles, by its id in the store."""
    sql = "SELECT record FROM articles WHERE ref = :ref ORDER BY revision DESC LIMIT 1"
    found = [tx.value(sql, ref=ref) for ref in refs]
    return [load(record, Article) for record in found if record]


def by_time(tx: Tx, wanted: Filter, unit: str) -> list[tuple[str, Tally]]:
    """The tally of each day, month, year or week with any matching incident; a week is labelled by its Monday."""
    size = _UNITS.get(unit)
    day = "day"
    label = f"substr({day}, 1, {size})" if size else f"date({day}, '-6 days', 'weekday 1')"
    return _grouped(tx, wanted, label, "label")


def by_place(tx: Tx, wanted: Filter, level: str, field: str) -> list[tuple[str, Tally]]:
    """The tally of each place, highest first; a label is a country's code, or code and names separated by tabs."""
    label = {
        "country": "coalesce(country, '')",
        "province": "coalesce(country, '') || char(9) || coalesce(admin1, '')",
    }.get(level, "coalesce(country, '') || char(9) || coalesce(admin1, '') || char(9) || coalesce(place, '')")
    return _grouped(tx, wanted, label, f"{'n' if field == 'count' else field} DESC, label", limit=12)


def _grouped(tx: Tx, wanted: Filter, label: str, order: str, limit: int = 400) -> list[tuple[str, Tally]]:
    rows = tx.rows(
        f"""SELECT {label} AS label, COUNT(*) AS n, total(killed) AS killed, total(injured) AS injured
            FROM incident_facts WHERE {wanted.certain} AND label IS NOT NULL
            GROUP BY 1 ORDER BY {order} LIMIT {limit}""",
        **wanted.params,
    )
    return [
        (
            row["label"],
            Tally(count=row["n"], killed=Bounds(low=int(row["killed"])), injured=Bounds(low=int(row["injured"]))),
        )
        for row in rows
    ]


def has_incidents(tx: Tx, place: Place, inside: Inside, extent: ExtentOf) -> bool:
    """Is any incident known in this place?"""
    params: dict[str, object] = {}
    part = _place(tx, place, inside, extent, params, 0)
    return tx.value(f"SELECT 1 FROM incident_facts WHERE {part} LIMIT 1", **params) is not None


def _or(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})"


def _quoted(words: str) -> str:
    """The words as one quoted FTS5 phrase, so that FTS5's operators in them mean nothing."""
    return '"' + " ".join("".join(c if c.isalnum() else " " for c in words).split()) + '"'


def _kinds(query: Query, params: dict[str, object]) -> str:
    params["kinds"] = dump(query.kinds)
    plain = "kind IN (SELECT value FROM json_each(:kinds))"
    weapons = [_WEAPONS[weapon] for weapon in query.weapons if weapon in _WEAPONS]
    if not query.also or not weapons:
        return plain
    params["also"] = dump(query.also)
    return _or([plain, f"(kind IN (SELECT value FROM json_each(:also)) AND {_or(weapons)})"])


def _condition(one: Condition, params: dict[str, object]) -> str:
    low, most = str(one.field), f"{one.field}_most"
    if one.field == "casualties":
        low, most = "(coalesce(killed, 0) + coalesce(injured, 0))", "(killed_most + injured_most)"
    parts = []
    if one.low:
        params[f"low_{one.field}"] = one.low
        parts.append(f"{low} >= :low_{one.field}")
    if one.high is not None:
        params[f"high_{one.field}"] = one.high
        parts.append(f"{most} <= :high_{one.field}")
    return " AND ".join(parts) or "1"


def _periods(periods: Sequence[Period], params: dict[str, object]) -> tuple[str, str]:
    """The conditions for incidents surely in one of the periods, and for those that only may be.

    An incident without a date counts by the day of its first report where the period is long (``is_long``).
    """
    if not periods:
        return "1", "0"
    certain, overlapping = [], []
    for n, period in enumerate(periods):
        params[f"since{n}"] = (period.since or date.min).isoformat()
        params[f"until{n}"] = (period.until or date.max).isoformat()
        dated = "" if is_long(period) else " AND first_day IS NOT NULL"
        within = f"day >= :since{n} AND day <= :until{n}"
        certain.append(f"({within} AND (last_day IS NULL OR last_day <= :until{n}){dated})")
        overlapping.append(f"(day <= :until{n} AND coalesce(last_day, day) >= :since{n})")
    params["since"] = min((p.since or date.min) for p in periods).isoformat()
    params["until"] = max((p.until or date.max) for p in periods).isoformat()
    # the common bounds of all periods: a condition that an index can be used for
    return f"day >= :since AND day <= :until AND {_or(certain)}", f"{_or(overlapping)} AND NOT {_or(certain)}"


def _place(tx: Tx, area: Place, inside: Inside, extent: ExtentOf, params: dict[str, object], n: int) -> str:
    """The condition for incidents in an area: countries and provinces by column, others by each known place inside."""
    reach = extent(area)
    if reach is not None:
        return _area(tx, area, inside, reach, params, n)
    params[f"country{n}"] = area.country
    if area.precision is Precision.COUNTRY:
        return f"country = :country{n}"
    if area.precision is Precision.PROVINCE:
        names = [name for _, name in _divisions(tx, area, inside, [area.country or ""])]
        params[f"divisions{n}"] = dump(names)
        return f"(country = :country{n} AND admin1 IN (SELECT value FROM json_each(:divisions{n})))"
    params[f"spots{n}"] = dump(_spots(tx, area, inside, [area.country or ""], _around(area)))
    return f"(lat, lon, place, precision) IN ({_pairs(f'spots{n}', 4)})"


def _area(tx: Tx, area: Place, inside: Inside, reach: Extent, params: dict[str, object], n: int) -> str:
    """The condition for incidents in an area of several parts: whole countries, divisions, and places one by one."""
    boxes = [reach.box] if area.precision.is_area else [reach.box, _around(area)]
    box = Box.around([one for one in boxes if one is not None])
    spots = [*_spots(tx, area, inside, reach.partial, box), *_spots_without_country(tx, area, inside)]
    found: dict[str, tuple[str, Sequence[object]]] = {
        f"countries{n}": ("country IN (SELECT value FROM json_each(:countries{n}))", reach.whole),
        f"divisions{n}": ("(country, admin1) IN ({pairs})", _divisions(tx, area, inside, reach.partial)),
        f"spots{n}": ("(lat, lon, place, precision) IN ({pairs})", spots),
    }
    parts = []
    for name, (condition, values) in found.items():
        if values:
            params[name] = dump(values)
            size = 2 if name.startswith("divisions") else 4
            parts.append(condition.format(n=n, pairs=_pairs(name, size)))
    return _or(parts) if parts else "0"


def _pairs(name: str, size: int) -> str:
    """A subquery for the tuples of a JSON parameter."""
    columns = ", ".join(f"json_extract(value, '$[{column}]')" for column in range(size))
    return f"SELECT {columns} FROM json_each(:{name})"


def _divisions(tx: Tx, area: Place, inside: Inside, countries: Sequence[str]) -> list[tuple[str, str]]:
    """The country and name of each division with incidents that lies in the area."""
    found: list[tuple[str, str]] = []
    for country in countries:
        rows = tx.rows(
            """WITH RECURSIVE names (admin1) AS (
                 SELECT min(admin1) FROM incident_facts WHERE country = :country
                 UNION ALL SELECT (SELECT min(f.admin1) FROM incident_facts f
                   WHERE f.country = :country AND f.admin1 > names.admin1) FROM names WHERE names.admin1 IS NOT NULL)
               SELECT admin1 FROM names WHERE admin1 IS NOT NULL""",
            country=country,
        )
        found += [(country, row["admin1"]) for row in rows if inside(_division(row["admin1"], country), area)]
    return found


def _division(name: str, country: str | None) -> Place:
    return Place(name=name, admin1=name, country=country, precision=Precision.PROVINCE)


def _around(area: Place) -> Box | None:
    """The box around a city or district in which its places are looked for; None where its own is not known."""
    if area.lat is None or area.lon is None:
        return None
    high = DISTRICT_REACH if area.precision is Precision.DISTRICT else CITY_REACH
    wide = high / max(0.2, math.cos(math.radians(area.lat)))
    return Box(area.lat - high, area.lon - wide, area.lat + high, area.lon + wide)


def _spots(
    tx: Tx, area: Place, inside: Inside, countries: Sequence[str], box: Box | None
) -> list[tuple[float, float, str, str]]:
    """The places with incidents in the box, or without a known division, that lie in an area.

    Each is latitude, longitude, name and precision.
    """
    found: list[Row] = []
    if box is not None:
        found += tx.rows(
            f"""SELECT DISTINCT {_SPOT} FROM incident_facts
                WHERE lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east
                  AND country IN (SELECT value FROM json_each(:countries))""",
            countries=dump(countries),
            **box._asdict(),
        )
    for country in countries:
        sql = f"SELECT DISTINCT {_SPOT} FROM incident_facts WHERE country = :country AND admin1 IS NULL"
        found += tx.rows(sql, country=country)
    return list(dict.fromkeys(_spot(row) for row in found if inside(_place_of(row), area)))


def _spots_without_country(tx: Tx, area: Place, inside: Inside) -> list[tuple[float, float, str, str]]:
    """The places with incidents in an area that lie in no country, or several: seas, and areas across borders."""
    rows = tx.rows(f"SELECT DISTINCT {_SPOT} FROM incident_facts WHERE country IS NULL AND place IS NOT NULL")
    return [_spot(row) for row in rows if inside(_place_of(row), area)]


def _spot(row: Row) -> tuple[float, float, str, str]:
    return row["lat"], row["lon"], row["place"], row["precision"]


def _with_word(tx: Tx, word: str) -> list[int]:
    """The numbers of the incidents whose record contains a word with this prefix."""
    sql = "SELECT rowid FROM incident_words WHERE incident_words MATCH :word"
    return [row["rowid"] for row in tx.rows(sql, word=_quoted(word) + "*")]


def _with_name(tx: Tx, name: str) -> list[int]:
    """The numbers of the incidents with an article that contains a name."""
    rows = tx.rows(
        """SELECT DISTINCT f.num FROM article_words w JOIN articles a ON a.num = w.rowid
           JOIN members m ON m.article = a.ref JOIN incident_facts f ON f.id = m.incident
           WHERE w.article_words MATCH :name""",
        name=_quoted(name),
    )
    return [row["num"] for row in rows]


def _place_of(row: Row) -> Place:
    return Place(
        name=row["place"],
        admin1=row["admin1"],
        country=row["country"],
        lat=row["lat"],
        lon=row["lon"],
        precision=Precision(row["precision"]),
        geonameid=row["geonameid"],
    )


def _done_by(tx: Tx, aliases: str, is_meant: IsActor) -> list[int]:
    rows = tx.rows(
        """SELECT num, doers FROM incident_facts
           WHERE doers IS NOT NULL AND num IN (SELECT rowid FROM incident_words WHERE incident_words MATCH :aliases)""",
        aliases=aliases,
    )
    return [row["num"] for row in rows if is_meant(row["doers"])]
