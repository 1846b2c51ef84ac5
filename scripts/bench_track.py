"""How many reports a second are matched with many incidents? python scripts/bench_track.py [INCIDENTS] [REPORTS]

Generates incidents at populated places over 500 days, then looks up candidates, decides and fuses for reports of which
half are about a known incident. Prints the reports a second of each step and of all, and the peak of memory.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store import Store, Tx, blocking, incidents
from extract import track
from extract.places import Gazetteer
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
    Place,
    Report,
    TimePrecision,
    When,
)

START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 500
KINDS = ("shooting", "homicide", "bombing", "armed_assault", "explosion", "stabbing", "fire", "flood")
TOWNS = (
    *("Karachi", "Lahore", "Lagos", "Kano", "Chicago", "Detroit", "Houston", "Kabul"),
    *("Mosul", "Cali", "Manila", "Nairobi", "Goma", "Aden", "Sanaa", "Homs"),
)


def main(known: int = 100_000, new: int = 2_000) -> None:
    chance = random.Random(7)
    places = _places()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "bench.db")
        made = [_member(n, chance, places) for n in range(known)]
        began = time.perf_counter()
        store.write_sync(_fill, made)
        print(f"{known} incidents written in {time.perf_counter() - began:.0f} s")
        reports = [
            _again(one, chance) if chance.random() < 0.5 else _member(0, chance, places)
            for one in chance.sample(made, new)
        ]
        store.read_sync(_work, reports)
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB")


def _places() -> list[Place]:
    gazetteer = Gazetteer.open()
    towns = [gazetteer.search(name, 1)[0] for name in TOWNS]
    spread = random.Random(3)
    out = []
    for town in towns:
        for n in range(60):
            lat, lon = (town.lat or 0) + spread.uniform(-3, 3), (town.lon or 0) + spread.uniform(-3, 3)
            out.append(
                Place(
                    name=f"{town.name} {n}",
                    admin1=town.admin1,
                    country=town.country,
                    lat=lat,
                    lon=lon,
                    precision=town.precision,
                    geonameid=10**8 + len(out),
                )
            )
    return out


def _member(n: int, chance: random.Random, places: list[Place]) -> Member:
    at = START + timedelta(days=chance.randrange(DAYS), hours=chance.randrange(24))
    day = at.date().isoformat()
    killed = chance.randrange(6)
    report = Report(
        news=News.EVENT,
        kind=chance.choice(KINDS),
        codes=Codes(),
        place=chance.choice(places),
        when=When(start=day, end=day, precision=TimePrecision.DAY),
        probability=0.9,
        killed=Count(low=killed, high=killed, state=CountState.COUNTED),
        words=tuple(
            sorted(
                {f"^name{chance.randrange(40_000)}" for _ in range(6)}
                | {f"word{chance.randrange(3000)}" for _ in range(60)}
            )
        ),
    )
    return Member(article=ArticleRef(id=f"a{n}-{chance.random()}", source="post.example", published=at), report=report)


def _again(one: Member, chance: random.Random) -> Member:
    return Member(
        article=ArticleRef(id=f"b{chance.random()}", source="wire.example", published=one.article.published),
        report=one.report,
    )


def _fill(tx: Tx, made: list[Member]) -> None:
    for n, member in enumerate(made):
        at = member.article.published or START
        incident = track.fuse([member], id=f"i{n}", before=None, now=at)
        change = Change(incident=incident.id, version=1, at=at, article=member.article.id, action=Action.NEW)
        incidents.save(tx, incident, change, announced=True)


def _work(tx: Tx, reports: list[Member]) -> None:
    spent = dict.fromkeys(("lookup", "decide", "fuse"), 0.0)
    candidates = merged = 0
    for member in reports:
        at = member.article.published or START
        t0 = time.process_time()
        found: list[Incident] = blocking.candidates(tx, track.search_window(member.report, at))
        t1 = time.process_time()
        decision = track.decide(member, found)
        t2 = time.process_time()
        track.fuse([member], id="x", before=None, now=at)
        t3 = time.process_time()
        candidates += len(found)
        merged += decision.action == "merge"
        for name, took in zip(spent, (t1 - t0, t2 - t1, t3 - t2), strict=True):
            spent[name] += took
    n = len(reports)
    print(f"{candidates / n:.0f} candidates a report, {merged} of {n} merged")
    for name, took in spent.items():
        print(f"{name}: {1e6 * took / n:.0f} us, {n / took:.0f}/s")
    print(f"all: {n / sum(spent.values()):.0f} reports/s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
