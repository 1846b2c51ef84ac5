"""How long does it take to find whom an incident concerns? python scripts/bench_match.py [SUBSCRIPTIONS] [INCIDENTS]

Generates subscriptions of as many chats, to towns by their population, circles around them, countries, areas and
everywhere, half of them for some kinds only, and incidents in other towns by their population. Prints the milliseconds
an incident takes: the choice of who asks for it, and the whole fan-out with the rows of the outbox, in parts as the
service makes them. Then the same of earthquakes, which concern all towns that felt them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.alerts import fanout
from bot.alerts.gate import Rules
from bot.composition import FAN_OUT_BATCH
from bot.store import Store, Tx, chats, subscriptions
from bot.types import Subscription
from extract import track
from extract.places import Gazetteer
from extract.places.row_layout import CITY
from extract.types import (
    Action,
    ArticleRef,
    Change,
    Codes,
    Count,
    CountState,
    Incident,
    Member,
    News,
    Official,
    Place,
    Report,
    Severity,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("shooting", "homicide", "bombing", "armed_assault", "explosion", "stabbing", "fire", "flood")
AREAS = ("Middle East", "Sahel", "West Africa", "Balkans", "Europe", "South Asia", "Caribbean", "Kashmir")
# of a hundred subscriptions so many are to a town, a circle, a country and an area; the rest is to everywhere
SHARES = (60, 15, 17, 6, 2)
LEAST = (Severity.UNKNOWN, Severity.UNKNOWN, Severity.MODERATE, Severity.SEVERE)


def main(wanted: int = 100_000, incidents: int = 200) -> None:
    chance = random.Random(5)
    gazetteer = Gazetteer.open()
    towns = _Towns(gazetteer, chance)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "bench.db", durable=False)
        began = time.perf_counter()
        store.write_sync(_fill, [_subscription(chat, chance, towns, gazetteer) for chat in range(1, wanted + 1)])
        print(f"{wanted:,} subscriptions written in {time.perf_counter() - began:.0f} s")
        rules = Rules(contains=gazetteer.contains, reached=gazetteer.reached, batch=FAN_OUT_BATCH)
        _measure(store, [_incident(number, chance, towns) for number in range(incidents)], rules, "incident")
        _measure(store, [_quake(number, chance, towns) for number in range(incidents // 4)], rules, "earthquake")
        store.close()


def _measure(store: Store, happened: list[Incident], rules: Rules, noun: str) -> None:
    asked, whole, told = [], [], []
    for incident in happened:
        took, found = store.write_sync(_who_asks, incident, rules)
        asked.append(took)
        told.append(found)
        whole.append(_tell(store, incident, rules))
    print(f"told: {np.median(told):.0f} chats an {noun}, at most {max(told):,}")
    for name, values in (("who asks", asked), ("fan-out", whole)):
        shown = ", ".join(f"{np.percentile(values, q):.0f}" for q in (50, 95, 100))
        print(f"{name}: {shown} ms (median, 95th percentile, most)")


class _Towns:
    """Towns of 20,000 people and more, drawn by their population."""

    def __init__(self, gazetteer: Gazetteer, chance: random.Random) -> None:
        table = gazetteer.table
        rows = np.flatnonzero((table["kind"] & 7 == CITY) & (table["population"] >= 20_000))
        self._gazetteer, self._chance = gazetteer, chance
        self._rows = rows.tolist()
        self._until = np.cumsum(table["population"][rows].astype(float)).tolist()

    def draw(self) -> Place:
        [row] = self._chance.choices(self._rows, cum_weights=self._until)
        return self._gazetteer.place(self._gazetteer.entry(row))


def _subscription(chat: int, chance: random.Random, towns: _Towns, gazetteer: Gazetteer) -> Subscription:
    what = chance.choices(range(len(SHARES)), SHARES)[0]
    town = towns.draw()
    place: Place | None = town
    if what == 2:
        place = gazetteer.place(gazetteer.entry(gazetteer.country_row(town.country or "")))
    elif what == 3:
        place = gazetteer.search(chance.choice(AREAS), 1)[0]
    elif what == 4:
        place = None
    return Subscription(
        chat=chat,
        place=place,
        km=chance.choice((10.0, 25.0, 50.0, 100.0)) if what == 1 else None,
        kinds=tuple(chance.sample(KINDS, 2)) if chance.random() < 0.5 else (),
        min_severity=chance.choice(LEAST),
    )


def _fill(tx: Tx, made: list[Subscription]) -> None:
    for one in made:
        chats.touch(tx, one.chat, "private", NOW)
        subscriptions.add(tx, one, NOW)


def _incident(number: int, chance: random.Random, towns: _Towns) -> Incident:
    killed = chance.randrange(9)
    report = Report(
        news=News.EVENT,
        kind=chance.choice(KINDS),
        codes=Codes(),
        place=towns.draw(),
        probability=0.9,
        killed=Count(low=killed, high=killed, state=CountState.COUNTED),
    )
    member = Member(article=ArticleRef(id=f"a{number}", source="post.example", published=NOW), report=report)
    return track.fuse([member], id=f"i{number}", before=None, now=NOW)


def _quake(number: int, chance: random.Random, towns: _Towns) -> Incident:
    """An earthquake of magnitude 5 to 8 as an agency lists it, below a town."""
    place = towns.draw()
    report = Report(
        news=News.EVENT,
        kind="earthquake",
        codes=Codes(),
        place=place,
        probability=0.95,
        magnitude=round(chance.uniform(5, 8), 1),
        official=Official(ids=(f"usgs:{number}",), point=(place.lat or 0.0, place.lon or 0.0), depth=15.0),
    )
    member = Member(article=ArticleRef(id=f"q{number}", source="usgs.example", published=NOW), report=report)
    return track.fuse([member], id=f"q{number}", before=None, now=NOW)


def _who_asks(tx: Tx, incident: Incident, rules: Rules) -> tuple[float, int]:
    """The milliseconds that the choice takes, and how many chats ask for the incident."""
    began = time.perf_counter()
    found = fanout._interests(tx, incident, fanout.asked(tx, incident, rules), -1, None, NOW, rules)
    return 1000 * (time.perf_counter() - began), len(found)


def _tell(store: Store, incident: Incident, rules: Rules) -> float:
    """The milliseconds of all transactions that make the alerts of a new incident."""
    change = Change(incident=incident.id, version=1, at=NOW, article="a", action=Action.NEW)
    began = time.perf_counter()
    store.write_sync(fanout.publish, change, None, incident, now=NOW, rules=rules)
    while store.write_sync(fanout.continue_fan_out, rules):
        pass
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
