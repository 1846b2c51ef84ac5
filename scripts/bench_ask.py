"""How long do answers take with 100,000 incidents and 1,000,000 articles? Generated ones, in a database of their own.

    python scripts/bench_ask.py [FOLDER] [--incidents 100000] [--articles 1000000]

The database is built once in the folder and kept. Prints the milliseconds of each question, without its first call.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.questions import answer
from bot.store import Store, Tx
from bot.store.codec import dump, stamp
from bot.store.incidents import _indexed, _words
from extract.ask import Asker
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.types import (
    Article,
    ArticleRef,
    Codes,
    Confidence,
    Count,
    CountState,
    Incident,
    Lifecycle,
    News,
    Perpetrator,
    Place,
    Quote,
    Report,
    Responsibility,
    Severity,
    TimePrecision,
    Victim,
    Weapon,
    When,
)

TODAY = date(2026, 3, 4)
DAYS = 3650
ROUNDS = 3
CITIES = 3000
WORDS = ("market", "school", "checkpoint", "convoy", "church", "station", "bus", "hotel", "police", "farm", "bridge")
GROUPS = ("Taliban", "Islamic State", "Boko Haram", "al-Shabaab")
OTHERS = ("gunmen", "unknown attackers", "rebels", "militants")
# invented rare names, of two syllables each
GIVEN = ("Dana", "Sean", *(a + b for a in ("Al", "Mar", "Jo", "In", "Om", "Le", "Ra", "To") for b in ("i", "es", "in")))
FAMILY = (
    "Marvale",
    *(a + b for a in ("Bra", "Oko", "Sal", "Dum", "Kov", "Tes", "Orl") for b in ("ndt", "ro", "ont", "ir")),
)
BUSY = """Karachi Lagos Kabul Chicago Baghdad
Lahore Mogadishu Houston London Kyiv Maiduguri Quetta Peshawar Damascus Aleppo
Bogota Cali Manila Jakarta Nairobi Dallas Detroit Philadelphia Miami Paris Delhi Mumbai Dhaka Cairo Tripoli Multan Mosul
Basra Kandahar Herat Kano Kaduna Abuja Juba Khartoum Goma Beni Bamako Niamey Austin Baltimore Memphis"""
QUESTIONS = """How many shootings were there in Texas in 2025?
How many people were killed in shootings in Chicago in May 2025?
How many people were killed in 2025?
How many people were injured in attacks this year?
Was anyone killed in Lagos last week?
When was the last bombing in Lahore?
Where did bombings happen in 2025?
Which country had the most kidnappings in 2025?
Who claimed the attacks in Kabul in 2025?
What was the deadliest attack in Pakistan?
What was the deadliest incident ever?
Compare shootings in Texas and California in 2024
Were there more bombings in 2024 or 2025?
Attacks in Pakistan this year, but not in Karachi
Incidents outside Nigeria last month
How many police officers were killed in 2025?
Children killed in attacks this year
Which incidents involve someone whose last name is Marvale?
Top 5 deadliest bombings in 2025
Which city had the most people killed in 2025?
How many people were arrested in Lagos in 2025?
Shootings per month in the United States since 2020
Is the number of kidnappings in Nigeria rising?
How many attacks by the Taliban in 2025?
List attacks by Islamic State in Syria
How many shootings at schools in Texas?
How many shootings involving Dana Marvale?
How many incidents involve the name Sean in 2025?
latest attacks in Kabul
What happened in Karachi yesterday?
How many incidents were there?
How many earthquakes killed more than 10 people since 2016?
How many people died in Sindh in the last 30 days?
How many fatal shootings in Los Angeles in 2024?
How many shootings in Blorgville?
attacks on markets in Iraq
How many people were killed in the United States in 2025?
incidents in London"""


def main() -> None:
    """Build the database if it is missing, and time the questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("bench-ask"))
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=1_000_000)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    kinds, gazetteer = load_kinds(), Gazetteer.open()
    path = args.folder / f"ask-{args.incidents}-{args.articles}.db"
    store = Store(path)
    if not store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM incidents")):
        _make(store, gazetteer, list(kinds), args.incidents, args.articles)
    known = answer.AnswerContext(asker=Asker(kinds, gazetteer), contains=gazetteer.contains, extent=gazetteer.extent)
    times: list[float] = []
    for question in QUESTIONS.splitlines():
        taken = [_ask(store, known, question) for _ in range(ROUNDS + 1)]
        times += taken[1:]
        print(f"{max(taken[1:]):8.1f} ms (first {taken[0]:8.1f})  {question}")
    times.sort()
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"median {middle:.1f} ms, 95th percentile {high:.1f} ms, most {times[-1]:.1f} ms, {len(times)} answers")
    store.close()


def _ask(store: Store, known: answer.AnswerContext, question: str) -> float:
    begun = time.perf_counter()
    store.read_sync(answer.answer, known, question, today=TODAY)
    return (time.perf_counter() - begun) * 1000


def _make(store: Store, gazetteer: Gazetteer, kinds: list[str], incidents: int, articles: int) -> None:
    rng = random.Random(7)
    cities = [place for place, _ in zip(_cities(gazetteer), range(CITIES), strict=False)]
    # a few cities and kinds have most of the incidents
    weights = [1 / (n + 5) for n in range(len(cities))]
    favoured = ["shooting", "attack", "bombing", "kidnapping", "armed_assault", "road_accident", "fire", *kinds]
    each = articles // incidents
    for start in range(0, incidents, 2000):
        made = [
            _incident(rng, n, rng.choices(cities, weights)[0], rng.choice(favoured), each)
            for n in range(start, min(start + 2000, incidents))
        ]
        store.write_sync(_save, made, rng)
        print(f"\r{start + len(made)} incidents", end="", flush=True)
    print()


def _cities(gazetteer: Gazetteer) -> Iterator[Place]:
    for name in BUSY.split():
        yield gazetteer.search(name, 1)[0]
    table = gazetteer._rows
    rows = sorted(range(len(table)), key=lambda row: -int(table["population"][row]))
    for row in rows[:40_000]:
        entry = gazetteer.entry(row)
        if entry.kind == 3:
            yield gazetteer.place(entry)


def _incident(rng: random.Random, n: int, place: Place, kind: str, articles: int) -> Incident:
    day = TODAY - timedelta(days=int(DAYS * rng.random() ** 1.5))
    seen = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    killed, hurt = min(int(rng.paretovariate(1.2)) - 1, 400), min(int(rng.paretovariate(1.1)) - 1, 900)
    word, name = rng.choice(WORDS), f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    group = rng.choice(GROUPS if rng.random() < 0.2 else OTHERS)
    title = f"{kind.replace('_', ' ')} at {word} in {place.name} kills {killed}"
    refs = tuple(
        ArticleRef(
            id=f"a{n}-{k}", url=f"https://paper{k}.example/{n}", source=f"paper{k}.example", published=seen, title=title
        )
        for k in range(articles)
    )
    quote = Quote(where="text", start=0, end=len(title), quote=title, article=refs[0].id)
    facts = Report(
        news=News.EVENT,
        kind=kind,
        codes=Codes(),
        place=place,
        when=When(start=day.isoformat(), end=day.isoformat(), precision=TimePrecision.DAY)
        if rng.random() > 0.03
        else None,
        killed=_count(rng, killed),
        injured=_count(rng, hurt),
        kidnapped=_count(rng, 3) if kind == "kidnapping" else Count(),
        perpetrators=(Perpetrator(name=group, type="organization", confidence=Confidence.POSSIBLE),),
        responsibility=Responsibility.CLAIMED if rng.random() < 0.2 else Responsibility.NOT_MENTIONED,
        victims=(Victim(name=name),),
        weapons=(Weapon(name="rifle", type="firearms"),) if rng.random() < 0.5 else (),
        severity=Severity.SEVERE,
        evidence={"kind": (quote,), "killed": (quote,), "injured": (quote,), "place": (quote,), "when": (quote,)},
    )
    return Incident(
        id=f"i{n:06}",
        version=1,
        lifecycle=Lifecycle.CLOSED,
        first_seen=seen,
        last_seen=seen,
        facts=facts,
        origins=articles,
        articles=refs,
        summary=f"{title}, says {name}",
    )


def _count(rng: random.Random, n: int) -> Count:
    return Count(low=n, high=n, state=CountState.COUNTED) if rng.random() < 0.8 else Count()


def _save(tx: Tx, made: list[Incident], rng: random.Random) -> None:
    """Write the rows that answers are computed from directly into the tables, since extraction would take days."""
    for one in made:
        row = {**_indexed(one), "announced": 0, "record": dump(one)}
        num = tx["incidents"].insert(row)
        tx.execute("INSERT INTO incident_words (rowid, words) VALUES (:num, :words)", num=num, words=_words(one))
        name = one.facts.victims[0].name
        for k, ref in enumerate(one.articles):
            filler = " ".join(rng.choice(WORDS) for _ in range(40))
            text = f"{ref.title}. Among the victims was {name}. {filler}" if k % 3 == 0 else f"{ref.title}. {filler}"
            tx.execute(
                """INSERT INTO articles
                     (ref, revision, source_url, key, canonical, record, digest, baseline, first_seen, state)
                   VALUES (:ref, 1, '', :ref, '', :record, '', 0, :at, 'done')""",
                ref=ref.id,
                record=dump(Article(id=ref.id, title=ref.title, text=text, url=ref.url, source=ref.source)),
                at=stamp(one.first_seen),
            )
            at = tx.value("SELECT last_insert_rowid()")
            tx.execute(
                "INSERT INTO article_words (rowid, title, text) VALUES (:n, :title, :text)",
                n=at,
                title=ref.title,
                text=text,
            )
            tx.execute(
                "INSERT INTO members (incident, article, position, record, joined) VALUES (:i, :a, 0, '{}', :at)",
                i=one.id,
                a=ref.id,
                at=stamp(one.first_seen),
            )


if __name__ == "__main__":
    main()
