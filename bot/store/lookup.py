"""Which known incidents can a report belong to? What is about there on about those days, and what shares its names."""

from __future__ import annotations

from datetime import date, timedelta

from bot.store.codec import dump
from bot.store.db import Row, Tx
from bot.store.incidents import IN_BOX, NAMES, RECORD, box, loaded
from extract.text.signature import AFTERMATH, words_of_name
from extract.types import Incident, SearchWindow

# so many of the incidents that share most names with a report are looked at, and so many of the latest that hold a name
SHARING = 20
HOLDERS = 100
# where one report's time isn't known, incidents last heard of this long before still qualify
UNDATED_DAYS = 14
_LIVE = "lifecycle <> 'retracted' AND merged_into = ''"


def candidates(tx: Tx, window: SearchWindow) -> list[Incident]:
    """The incidents a report can belong to, latest first."""
    found = {row["num"] for row in tx.rows(_near(window), **_of(window))}
    if window.days is not None:
        found.update(_named(tx, window))
    found.update(_sharing(tx, window))
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents WHERE num IN (SELECT value FROM json_each(:found)) AND {_LIVE}
            ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        found=dump(list(found)),
        limit=window.limit,
    )
    return loaded(tx, rows)


# an incident whose place is so large or unknown can be the report's wherever that is
_WIDE = "(lat IS NULL OR precision IN ('province', 'country'))"
_KINDS = "kind IN (SELECT value FROM json_each(:kinds))"


def _near(window: SearchWindow) -> str:
    """The query for incidents of the window's days near its place, in its country or in none that is known."""
    near = f"{_KINDS} AND ({_WIDE} OR {IN_BOX})" if window.lat is not None else _KINDS
    dated = f"({_OF_THE_ACT} OR {_OF_WHAT_CAME_AFTER}) AND {near}" if window.act else near
    lands = ("country = :country", "country IS NULL") if window.country else ("",)
    ways = (
        f"SELECT num FROM incident_facts WHERE {land} {days} AND {near if days == _UNDATED else dated}"
        for land in (f"{land} AND" if land else "" for land in lands)
        for days in (_ON_A_DAY if window.country else _ON_ANY_DAY, _OVER_DAYS, _UNDATED)
    )
    return " UNION ALL ".join(ways)


_OF_THE_ACT = "last_day >= :act_since AND first_day <= :act_until"
_OF_WHAT_CAME_AFTER = f"EXISTS (SELECT 1 FROM {NAMES} WHERE name = '{AFTERMATH}' AND {NAMES}.num = incident_facts.num)"
# one exact day, several days, or none that is known: by index, of one country and of all
_ON_A_DAY = "vague = 0 AND last_day BETWEEN :since AND :until"
_ON_ANY_DAY = "vague = 0 AND day BETWEEN :since AND :until"
_OVER_DAYS = "vague = 1 AND last_day >= :since AND first_day <= :until"
_UNDATED = (
    "vague = 1 AND last_day IS NULL AND num IN (SELECT num FROM incidents WHERE first_day IS NULL"
    " AND last_seen >= :heard)"
)


def _of(window: SearchWindow) -> Row:
    heard = max(window.since - timedelta(UNDATED_DAYS), date.min + timedelta(UNDATED_DAYS))
    return {
        "kinds": dump(window.kinds),
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "heard": heard.isoformat(),
        **({"act_since": window.act[0].isoformat(), "act_until": window.act[1].isoformat()} if window.act else {}),
        **({"country": window.country} if window.country else {}),
        **(box(window.lat, window.lon, window.km) if window.lat is not None else {}),
    }


def _named(tx: Tx, window: SearchWindow) -> list[int]:
    """The incidents of some days anywhere in the country of which either text names the place of the other."""
    if window.days is None or not window.country:
        return []
    rows = tx.rows(
        " UNION ALL ".join(
            f"SELECT num, place FROM incident_facts WHERE country = :country AND {days} AND {_KINDS}"
            for days in (_ON_A_DAY, _OVER_DAYS)
        ),
        country=window.country,
        kinds=dump(window.kinds),
        since=window.days[0].isoformat(),
        until=window.days[1].isoformat(),
    )
    named = ((row["num"], words_of_name(row["place"] or "")) for row in rows)
    told = {num for num, words in named if words and words <= window.words}
    others = [row["num"] for row in rows if row["num"] not in told]
    if window.place_words:
        held = " AND ".join(
            f"EXISTS (SELECT 1 FROM {NAMES} WHERE name = :word{n} AND num = value)"
            for n in range(len(window.place_words))
        )
        naming = tx.rows(
            f"SELECT value AS num FROM json_each(:others) WHERE {held}",
            others=dump(others),
            **{f"word{n}": word for n, word in enumerate(sorted(window.place_words))},
        )
        told.update(row["num"] for row in naming)
    return sorted(told)


def _sharing(tx: Tx, window: SearchWindow) -> list[int]:
    """The incidents that hold several of the report's names, those that hold most first."""
    names = {f"name{n}": name for n, name in enumerate(sorted(window.names))}
    if not names or len(names) < window.least_names:
        return []
    held = " UNION ALL ".join(
        f"SELECT * FROM (SELECT num FROM {NAMES} WHERE name = :{key} ORDER BY num DESC LIMIT {HOLDERS})"
        for key in names
    )
    rows = tx.rows(
        f"SELECT num, COUNT(*) AS shared FROM ({held}) GROUP BY num HAVING shared >= :least"
        f" ORDER BY shared DESC, num DESC LIMIT {SHARING}",
        least=window.least_names,
        **names,
    )
    return [row["num"] for row in rows]
