"""Old articles can be reduced to what incidents quote of them; what is answered from the records stays."""

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from fakes import NOW, extract
from talking import NAMES
from test_ingest import ingest, news, subscribe

from bot import composition
from bot.config import parse
from bot.errors import ConfigError
from bot.incidents.explanation import explain
from bot.store import articles, audit, incidents, pruning
from extract.types import Claim, Count, Extraction, Quote

pytestmark = pytest.mark.usefixtures("simple_tracking")

LATER = NOW + timedelta(days=400)
TEXT = (
    "The market was full on Friday. A bomb killed four people at the gate, police said. Zebras were not involved!\n\n"
    "Nine were hurt.  The governor promised an inquiry"
)


def quote(words, where="text", text=TEXT):
    start = text.index(words)
    return Quote(where=where, start=start, end=start + len(words), quote=words)


def told(article, **evidence):
    """The extraction of an article with these quotes as the evidence of its first report."""
    plain = extract(article)
    evidence = {field: (one,) for field, one in evidence.items()}
    return msgspec.structs.replace(plain, reports=(msgspec.structs.replace(plain.reports[0], evidence=evidence),))


def article(key="a", title="Bomb kills 4 in Karachi", text=TEXT):
    return msgspec.structs.replace(news(key, title), text=text)


def stored(store, key):
    return store.read_sync(articles.get, key)


@pytest.mark.parametrize(
    ("quotes", "kept"),
    [
        ([], ""),
        (["four people", "Nine"], "A bomb killed four people at the gate, police said.\nNine were hurt."),
        (["four people", "Zebras"], "A bomb killed four people at the gate, police said. Zebras were not involved!"),
        (["Friday. A bomb"], "The market was full on Friday. A bomb killed four people at the gate, police said."),
        (["involved!\n\nNine"], "Zebras were not involved!\n\nNine were hurt."),
        (["an inquiry"], "The governor promised an inquiry"),
    ],
)
def test_only_quoted_sentences_stay_and_quotes_keep_their_words(quotes, kept):
    quoted = [quote(words) for words in quotes] + [Quote(where="title", start=0, end=4, quote="Bomb")]
    assert pruning.quoted_sentences(TEXT, quoted) == kept
    assert all(one in kept for one in quotes)


def test_what_incidents_keep_of_an_extraction_has_its_quotes_where_they_are_now(store):
    one = article()
    plain = told(one, killed=quote("four people"), injured=quote("Nine"))
    claim = Claim(field="killed", count=Count(), said_by="police", evidence=quote("police said"))
    reports = (msgspec.structs.replace(plain.reports[0], claims=(claim,)),)
    ingest(store, one, extraction=msgspec.structs.replace(plain, reports=reports))
    ref = articles.reference("https://feed.example/", "a")
    store.write_sync(pruning.prune, LATER)
    found = store.read_sync(explain, ref)
    (report,) = found.extraction.reports
    quotes = [quote for quotes in report.evidence.values() for quote in quotes] + [
        one.evidence for one in report.claims
    ]
    assert {one.quote for one in quotes} == {"four people", "Nine", "police said"}
    assert all(found.article.article.text[one.start : one.end] == one.quote for one in quotes)


def test_what_no_incident_quotes_is_gone_and_what_one_quotes_is_found(store):
    subscribe(store)
    one = article()
    ingest(store, one, extraction=told(one, killed=quote("killed four people")))
    ref = store.read_sync(incidents.latest)[0].articles[0].id
    assert store.read_sync(incidents.search, "zebras", 5)
    assert store.write_sync(pruning.prune, LATER) == 1
    assert stored(store, ref).article.text == "A bomb killed four people at the gate, police said."
    assert not store.read_sync(incidents.search, "zebras", 5)
    for words in ("gate police", "bomb karachi"):
        assert [known.id for known in store.read_sync(incidents.search, words, 5)]
    assert store.read_sync(explain, ref).extraction.reports[0].evidence["killed"][0].quote == "killed four people"
    assert not store.read_sync(audit.verify).breaches
    assert store.write_sync(pruning.prune, LATER) == 0


def test_an_article_of_no_incident_keeps_its_title(store):
    one = article("b", "Council meets in Karachi")
    ingest(store, one, extraction=Extraction(id="b", relevant=False))
    ref = articles.reference("https://feed.example/", "b")
    assert store.write_sync(pruning.prune, LATER) == 1
    assert (stored(store, ref).article.title, stored(store, ref).article.text) == ("Council meets in Karachi", "")
    assert store.read_sync(articles.extraction, ref) is None
    assert store.read_sync(articles.is_done, ref)


def test_a_pruned_article_that_is_read_again_is_known(store):
    one = article()
    ingest(store, one)
    store.write_sync(pruning.prune, LATER)
    again = store.write_sync(articles.add, "https://feed.example/", one, LATER, baseline=False)
    assert again == "known"


def test_articles_of_an_incident_with_news_stay_whole(store):
    ingest(store, article())
    later = NOW + timedelta(hours=20)
    ingest(store, msgspec.structs.replace(article("b", "Bomb kills 5 in Karachi"), published=later), now=later)
    (known,) = store.read_sync(incidents.latest)
    assert len(known.articles) == 2
    assert store.write_sync(pruning.prune, NOW + timedelta(hours=1)) == 0
    assert store.write_sync(pruning.prune, later + timedelta(seconds=1)) == 2


def test_what_waits_or_is_young_stays_whole(store):
    store.write_sync(articles.add, "https://feed.example/", article(), NOW, baseline=False)
    assert store.write_sync(pruning.prune, LATER) == 0
    ingest(store, article("b", "Council meets"))
    assert store.write_sync(pruning.prune, NOW) == 0


@pytest.mark.parametrize("shown", ["0s", "30d", "365d"])
def test_texts_are_kept_for_a_time_or_for_ever(shown):
    assert parse({"store": {"keep_texts": shown}}).store.keep_texts in (0, 30 * 86_400, 365 * 86_400)


def test_texts_are_kept_for_a_month_at_least():
    with pytest.raises(ConfigError, match="30 days"):
        parse({"store": {"keep_texts": "7d"}})


@pytest.mark.parametrize(("kept", "left"), [("30d", ""), ("0s", TEXT)])
async def test_the_service_prunes_after_the_time_that_is_set(store, monkeypatch, kept, left):
    one = article("b", "Council meets in Karachi")
    ingest(store, one, extraction=Extraction(id="b", relevant=False))
    steady = SimpleNamespace(steady_for=lambda: 10.0 * composition.STEADY_SECONDS)
    monkeypatch.setattr(composition, "now", lambda: LATER)
    await composition._housekeeping(store, parse({"store": {"keep_texts": kept}}), NAMES, steady).work()
    assert stored(store, articles.reference("https://feed.example/", "b")).article.text == left
