"""Which known incidents can a report belong to? Those near its place and days, of its names, or with its story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.store import stories
from bot.store.codec import dump
from bot.store.db import Row, Tx
from bot.store.incidents import IN_BOX, NAMES, active_by_number, box
from extract.track.signature import words_of_name
from extract.types import Incident, SearchWindow

# at most this many incidents that share names with a report, those with most shared names first
MAX_SHARING = 20
# at most this many incidents whose story is like a report's, the most alike first, with at least this cosine
MAX_ALIKE = 10
LEAST_ALIKE = 0.6
# for each name, only this many of the latest incidents that contain it are read
MAX_PER_NAME = 100
# incidents without a day qualify when they were last reported at most this many days before the window
UNDATED_DAYS = 14


def candidates(tx: Tx, window: SearchWindow) -> list[Incident]:
    """The incidents that a report can belong to, last reported first, at most ``window.limit``."""
    kinds = frozenset(window.kinds)
    found = {num for num, kind in tx.cells(_near(window), **_params(window)) if kind in kinds}
    if window.days is not None:
        found.update(_naming_places(tx, window))
    found.update(_sharing_names(tx, window))
    if window.story_since is not None:
        found.update(stories.alike(tx, window.story, window.story_since, least=LEAST_ALIKE, limit=MAX_ALIKE))
    return active_by_number(tx, found, limit=window.limit)


# an incident whose place is a province, a country or unknown matches a report from anywhere in the country
_WIDE = "(lat IS NULL OR precision IN ('province', 'country'))"
_FROM = "SELECT num, kind FROM incident_facts"


def _near(window: SearchWindow) -> str:
    """The query for incidents of the window's days near its place, in its country or without a known country."""
    near = f"({_WIDE} OR {IN_BOX})" if window.lat is not None else "TRUE"
    countries = ("country = :country AND", "country IS NULL AND") if window.country else ("",)
    return " UNION ALL ".join(query for country in countries for query in _date_branches(window, country, near))


def _date_branches(window: SearchWindow, country: str, near: str) -> Iterator[str]:
    """The sub-queries for incidents with one exact day, with several days and without a day, each on its own index.

    Where the report gives the day of the act (``window.act``), an incident outside those days qualifies only if its
    own day may be later than its act (``late = 1``).
    """
    day, by_late = ("last_day", "INDEXED BY incident_facts_late") if window.country else ("day", "")
    yield f"{_FROM} WHERE {country} {_UNDATED} AND {near}"
    if window.act is None:
        yield f"{_FROM} WHERE {country} vague = 0 AND {day} BETWEEN :since AND :until AND {near}"
        yield f"{_FROM} WHERE {country} {_OVER_DAYS} AND {near}"
    else:
        yield f"{_FROM} WHERE {country} vague = 0 AND {day} BETWEEN :act_since AND :act_until AND {near}"
        yield f"{_FROM} {by_late} WHERE {country} vague = 0 AND {day} BETWEEN :since AND :until AND late = 1 AND {near}"
        yield f"{_FROM} WHERE {country} {_OVER_DAYS} AND (late = 1 OR {_OF_THE_ACT}) AND {near}"


_OF_THE_ACT = "last_day >= :act_since AND first_day <= :act_until"
_OVER_DAYS = "vague = 1 AND last_day >= :since AND first_day <= :until"
_UNDATED = (
    "vague = 1 AND last_day IS NULL AND num IN (SELECT num FROM incidents WHERE first_day IS NULL"
    " AND last_seen >= :reported_since)"
)


def _params(window: SearchWindow) -> Row:
    reported_since = max(window.since - timedelta(UNDATED_DAYS), date.min + timedelta(UNDATED_DAYS))
    return {
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "reported_since": reported_since.isoformat(),
        **({"act_since": window.act[0].isoformat(), "act_until": window.act[1].isoformat()} if window.act else {}),
        **({"country": window.country} if window.country else {}),
        **(box(window.lat, window.lon, window.km) if window.lat is not None else {}),
    }


_IN_COUNTRY = "SELECT num, place FROM incident_facts WHERE country = :country AND"
_OF_KINDS = "kind IN (SELECT value FROM json_each(:kinds))"
_ON_DAYS = (
    f"{_IN_COUNTRY} vague = 0 AND last_day BETWEEN :since AND :until AND {_OF_KINDS}"
    f" UNION ALL {_IN_COUNTRY} {_OVER_DAYS} AND {_OF_KINDS}"
)


def _naming_places(tx: Tx, window: SearchWindow) -> Iterable[int]:
    """The incidents of ``window.days`` in the country where one text contains the name of the other's place."""
    if window.days is None or not window.country:
        return ()
    since, until = (day.isoformat() for day in window.days)
    rows = tx.cells(_ON_DAYS, country=window.country, kinds=dump(window.kinds), since=since, until=until)
    found = {num for num, place in rows if place and (words := words_of_name(place)) and words <= window.words}
    if rows and window.place_words:
        found |= {num for num, _ in rows}.intersection(*(_with_name(tx, rows, word) for word in window.place_words))
    return found


def _with_name(tx: Tx, rows: list[tuple[int, str]], name: str) -> set[int]:
    """The numbers of the incidents in the range of these rows whose text contains a name."""
    query = f"SELECT num FROM {NAMES} WHERE name = ? AND num BETWEEN ? AND ?"
    return {num for (num,) in tx.cells(query, name, min(rows)[0], max(rows)[0])}


def _sharing_names(tx: Tx, window: SearchWindow) -> Iterable[int]:
    """The incidents that share at least ``window.least_names`` names with the report, most shared names first."""
    names = sorted(window.names)
    if not names or len(names) < window.least_names:
        return ()
    numbers = " UNION ALL ".join([_WITH_NAME] * len(names))
    query = f"SELECT COUNT(*) AS shared, num FROM ({numbers}) GROUP BY num HAVING shared >= {int(window.least_names)}"
    return [num for _, num in sorted(tx.cells(query, *names), reverse=True)[:MAX_SHARING]]


_WITH_NAME = f"SELECT * FROM (SELECT num FROM {NAMES} WHERE name = ? ORDER BY num DESC LIMIT {MAX_PER_NAME})"
