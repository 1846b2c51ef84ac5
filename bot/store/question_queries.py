"""Which incidents match a question, and what are their counts and sums? SQL over the table ``incident_facts``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

import msgspec

from bot.store import question_people
from bot.store.codec import dump, load
from bot.store.db import Row, Tx
from bot.store.question_people import Readers
from bot.types import Bounds, Tally
from extract.ask import Condition, LeftOut, Period, Query
from extract.places.areas import Box
from extract.places.containment import Extent, ExtentOf
from extract.types import Article, Frozen, Place, Precision

TABLE = "incident_facts"
# degrees from a district's or city's centre within which the places that it contains are looked for
DISTRICT_REACH = 1.5
CITY_REACH = 0.55
# in a period of at least this many days, an incident without a date counts by the day of its first report
LONG_DAYS = 28
FIELDS = ("killed", "injured", "kidnapped")
_WEAPONS = {"firearms": "firearms = 1", "melee": "melee = 1"}
MAGNITUDE = """(SELECT json_extract(record, '$.facts.magnitude') FROM incidents
                WHERE incidents.num = incident_facts.num)"""
ORDERS = {
    "newest": "day DESC, num DESC",
    "oldest": "day, num",
    "killed": "killed DESC, injured DESC, num",
    "injured": "injured DESC, killed DESC, num",
    "kidnapped": "kidnapped DESC, killed DESC, num",
    "casualties": "coalesce(killed, 0) + coalesce(injured, 0) DESC, num",
    "magnitude": f"{MAGNITUDE} DESC, killed DESC, num",
}

_SPOT = "lat, lon, place, precision, country, admin1, geonameid"

DENIED = "incident_denied"
# the parameters of places that are left out are numbered from here on
LEFT_OUT = 100
Denied = Literal["no", "only", "any"]
Inside = Callable[[Place, Place], bool]
IsActor = Callable[[str], bool]


class Filter(Frozen, frozen=True, kw_only=True):
    """An SQL condition on ``incident_facts`` with its parameters.

    ``certain`` selects the incidents that match, ``possible`` those that may match as far as their time is known.
    ``people``: of "freed" and "arrested", incident -> how many its articles say.
    """

    certain: str
    possible: str
    params: dict[str, object]
    people: dict[str, dict[int, int]] = msgspec.field(default_factory=dict)


class Tests(Frozen, frozen=True, kw_only=True):
    """What the store cannot decide by itself: ``inside`` (does a place lie in an area), ``extent`` (how far
    an area reaches), ``done_by`` (do a record's
    perpetrators include an actor), ``aliases`` (an actor's names as an FTS5 query), and ``readers`` of articles.
    """

    inside: Inside
    extent: ExtentOf
    done_by: Callable[[str], IsActor] = lambda _actor: lambda _doers: False
    aliases: Callable[[str], str] = lambda _actor: ""
    readers: Readers = Readers()


def build_filter(tx: Tx, query: Query, tests: Tests, *, denied: Denied = "any") -> Filter:
    """The filter of a query; ``denied``: whether incidents count that are denied or unlikely ("only": no others)."""
    params: dict[str, object] = {}
    parts = [_kinds(query.kinds, query.also, query.weapons, params, "")] if query.kinds else []
    if query.places:
        spots = [_place(tx, spot.place, tests.inside, tests.extent, params, n) for n, spot in enumerate(query.places)]
        parts.append(_or(spots))
    parts += [_condition(one, params) for one in query.conditions if one.field not in question_people.TOLD]
    if query.magnitude:
        params["magnitude"] = query.magnitude
        parts.append(f"{MAGNITUDE} >= :magnitude")
    parts += _left_out(tx, query.without, tests, params)
    sets = [question_people.with_word(tx, word) for word in query.words]
    sets += [question_people.named(tx, name, query.name_part, tests.readers) for name in query.names]
    sets += [_done_by(tx, tests.aliases(actor), tests.done_by(actor)) for actor in query.actors]
    parts += [_one_of(nums, params) for nums in sets]
    if denied != "any":
        parts.append(f"num {'NOT ' if denied == 'no' else ''}IN (SELECT num FROM {DENIED})")
    certain, possible = _periods(query.periods, params)
    for one in query.hits:
        among = " AND ".join([*parts, f"({certain} OR {possible})"])
        parts.append(_one_of(question_people.hit(tx, one, among, params, tests.readers.tells_hit), params))
    people: dict[str, dict[int, int]] = {}
    for field in _told_fields(query):
        among = " AND ".join([*parts, f"({certain} OR {possible})"])
        people[field] = question_people.told(tx, field, among, params, tests.readers.people_in)
        parts.append(_one_of(sorted(people[field]), params))
    base = " AND ".join(parts) or "1"
    return Filter(certain=f"{base} AND {certain}", possible=f"{base} AND {possible}", params=params, people=people)


def only(wanted: Filter, nums: Sequence[int]) -> Filter:
    """The filter limited to some incidents."""
    params = dict(wanted.params)
    return Filter(certain=_one_of(nums, params), possible="0", params=params, people=wanted.people)


def _told_fields(query: Query) -> list[str]:
    """Which of the facts that are read in articles a query asks for."""
    fields = [query.measure.field, *(one.field for one in query.conditions if one.high is None)]
    return [field for field in question_people.TOLD if field in fields]


def _left_out(tx: Tx, out: LeftOut, tests: Tests, params: dict[str, object]) -> list[str]:
    """The conditions for what is left out: an incident of which this is not known is left out too."""
    parts: list[str] = []
    if out.kinds.slugs:
        parts.append(f"NOT {_kinds(out.kinds.slugs, out.kinds.also, out.kinds.weapons, params, 'out')}")
    parts += [
        f"NOT {_place(tx, s.place, tests.inside, tests.extent, params, LEFT_OUT + n)}" for n, s in enumerate(out.places)
    ]
    for n, period in enumerate(out.periods):
        params[f"out_since{n}"] = (period.since or date.min).isoformat()
        params[f"out_until{n}"] = (period.until or date.max).isoformat()
        parts.append(f"NOT (day <= :out_until{n} AND coalesce(last_day, day) >= :out_since{n})")
    sets = [question_people.with_word(tx, word) for word in out.words]
    sets += [question_people.named(tx, name, "", tests.readers) for name in out.names]
    sets += [_done_by(tx, tests.aliases(actor), tests.done_by(actor)) for actor in out.actors]
    sets += [question_people.hit(tx, one, "0", {}, tests.readers.tells_hit) for one in out.hits]
    return [*parts, *(f"NOT {_one_of(nums, params)}" for nums in sets)]


def _one_of(nums: Sequence[int], params: dict[str, object]) -> str:
    """The condition that an incident is one of these."""
    name = f"nums{len(params)}"
    params[name] = dump(list(nums))
    return f"num IN (SELECT value FROM json_each(:{name}))"


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
    told = {field: _told(tx, wanted, field) for field in wanted.people}
    return Tally(count=row["n"], killed=killed, injured=injured, kidnapped=kidnapped, **told)


def _told(tx: Tx, wanted: Filter, field: str) -> Bounds:
    """The people freed or arrested in the matching incidents: at least so many."""
    people = wanted.people[field]
    rows = tx.rows(f"SELECT num FROM incident_facts WHERE {wanted.certain}", **wanted.params)
    known = [people.get(row["num"], 0) for row in rows]
    return Bounds(low=sum(known), high=sum(known) if all(known) else None, unknown=sum(not n for n in known))


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


def has_incidents(tx: Tx, place: Place, inside: Inside, extent: ExtentOf) -> bool:
    """Is any incident known in this place?"""
    params: dict[str, object] = {}
    part = _place(tx, place, inside, extent, params, 0)
    return tx.value(f"SELECT 1 FROM incident_facts WHERE {part} LIMIT 1", **params) is not None


def _or(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})"


def _kinds(
    kinds: Sequence[str], also: Sequence[str], weapons: Sequence[str], params: dict[str, object], prefix: str
) -> str:
    params[f"{prefix}kinds"] = dump(kinds)
    plain = f"kind IN (SELECT value FROM json_each(:{prefix}kinds))"
    armed = [_WEAPONS[weapon] for weapon in weapons if weapon in _WEAPONS]
    if not also or not armed:
        return plain
    params[f"{prefix}also"] = dump(also)
    return _or([plain, f"(kind IN (SELECT value FROM json_each(:{prefix}also)) AND {_or(armed)})"])


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
