"""When was an article published? What a read and its time add to what the document says, up to the alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fakes import NOW, Clock
from loopback import Web, answer

from bot.alerts.gate import Rules
from bot.incidents.ingest import commit, seeded_ids
from bot.sources.dates import dated, leads_of, offset_by_leads
from bot.sources.poll import SourceReader
from bot.store import Store, articles, incidents, sources
from bot.types import Source, StoredArticle
from extract import Extractor
from extract.feeds import parse
from extract.types import Action, Article, Change, Incident

# the time of a read
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BLAST = (
    "A bomb exploded outside the cattle market in Quetta, Pakistan, killing five people and wounding 14, police said. "
    "Rescue workers took the wounded to the Civil Hospital. Nobody has claimed the attack so far."
)


def source(**settings: object) -> Source:
    return Source(**{"url": "https://news.example/feed", **settings})  # type: ignore[arg-type]


def document(*dates: str, links: tuple[str, ...] = (), titles: tuple[str, ...] = (), text: str = "It burned.") -> bytes:
    items = "".join(
        f"<item><title>{titles[n] if titles else f'Fire {one}'}</title><guid>{titles[n] if titles else one}</guid>"
        f"<link>{links[n] if links else f'https://news.example/{len(dates) - n}'}</link>"
        f"{f'<pubDate>{one}</pubDate>' if one else ''}<description>{text}</description></item>"
        for n, one in enumerate(dates)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def read(*dates: str, at: datetime = TEN, leads: tuple[int, ...] = (), **settings: object) -> list[str]:
    """What the dates of a document become at a read; "-" is no date, a day alone has no hour."""
    found = dated(parse(document(*dates)).articles, source(**settings), leads, at)
    return ["-" if one.published is None else one.published.strftime(_form(one)) for one in found]


def _form(article: Article) -> str:
    return "%Y-%m-%d" if article.published_day_only else "%Y-%m-%d %H:%M"


def on_clock(hours: float, ago: float = 0, *, at: datetime = TEN) -> str:
    """A date without a zone, as a clock shows it that is so many hours ahead of UTC, so many minutes ago."""
    return (at + timedelta(hours=hours, minutes=-ago)).strftime("%Y-%m-%d %H:%M:%S")


# ------------------------------------------------------------------ zones


def test_time_without_a_zone_is_a_day_until_the_zone_is_known() -> None:
    assert read(on_clock(5, ago=2)) == ["2026-03-02"]


def test_zone_of_the_configuration_counts() -> None:
    assert read("2026-03-02 14:58:00", zone="Asia/Karachi") == ["2026-03-02 09:58"]
    assert read("2026-07-06 11:58:00", at=datetime(2026, 7, 6, 12, tzinfo=UTC), zone="Europe/Berlin") == [
        "2026-07-06 09:58"
    ]


def test_zone_is_learned_from_what_shows_up() -> None:
    assert read("2026-03-02 14:58:00", leads=(299, 297, 290)) == ["2026-03-02 09:58"]
    assert read("2026-03-02 15:28:00", leads=(329, 325, 200, 327)) == ["2026-03-02 09:58"]
    assert read("2026-03-02 04:58:00", leads=(-302, -310, -301)) == ["2026-03-02 09:58"]


def test_zone_of_the_outlets_country_is_learned_at_once() -> None:
    assert read("2026-03-02 14:58:00", leads=(299,), country="PK") == ["2026-03-02 09:58"]
    assert read("2026-03-02 09:58:00", leads=(-2,), country="PK") == ["2026-03-02 09:58"]


def test_date_ahead_of_the_read_shows_the_zone_of_the_country() -> None:
    assert read("2026-03-02 14:55:00", "2026-03-02 12:55:00", country="PK") == ["2026-03-02 09:55", "2026-03-02 07:55"]


def test_one_article_dated_ahead_by_mistake_is_no_zone() -> None:
    assert offset_by_leads((299, 298, 540, 296, 299), "", TEN) == 5 * HOUR
    assert offset_by_leads((300,), "", TEN) is None


def test_slow_articles_are_no_zone() -> None:
    assert offset_by_leads((299, 120, 240, 297, 30, 298), "", TEN) == 5 * HOUR


def test_summer_time_is_noticed() -> None:
    assert offset_by_leads((58, 59, 57, 58, 59, 58, 59, 57, 58, 119, 118, 119), "", TEN) == 2 * HOUR


def test_dates_that_are_all_ahead_by_hours_have_the_wrong_label() -> None:
    ahead = [f"Mon, 02 Mar 2026 {one} GMT" for one in ("14:58:00", "14:51:00", "14:49:00")]
    assert read(*ahead) == ["2026-03-02 09:58", "2026-03-02 09:51", "2026-03-02 09:49"]
    assert read(ahead[0], leads=(-3, -2, -5, -2)) == ["-"]


def test_abbreviation_is_that_of_the_country_or_the_latest_that_is_not_ahead() -> None:
    assert read("Mon, 02 Mar 2026 15:20:00 IST", country="IN") == ["2026-03-02 09:50"]
    assert read("Mon, 02 Mar 2026 09:50:00 IST", country="IE") == ["2026-03-02 08:50"]
    # at a host that doesn't tell the country, what is known of the outlet does
    assert read("Mon, 02 Mar 2026 09:50:00 IST", url="https://www.irishtimes.com/rss") == ["2026-03-02 08:50"]
    assert read("Mon, 02 Mar 2026 15:20:00 IST") == ["2026-03-02 09:50"]
    assert read("Mon, 02 Mar 2026 11:50:00 IST") == ["2026-03-02 09:50"]
    assert read("Mon, 02 Mar 2026 11:50:00 IST", zone="Asia/Kolkata") == ["2026-03-02 06:20"]


# ------------------------------------------------------------------ ahead, order


def test_date_far_ahead_is_no_date() -> None:
    assert read("Thu, 05 Mar 2026 22:00:00 GMT") == ["-"]
    assert read("2026-03-05") == ["-"]


def test_nothing_is_published_after_it_was_seen() -> None:
    assert read("Mon, 02 Mar 2026 10:10:00 GMT") == ["2026-03-02 10:00"]


def test_day_in_the_address_counts_where_the_date_is_ahead() -> None:
    links = ("https://news.example/2025/10/12/blast",)
    (article,) = dated(parse(document("Thu, 05 Mar 2026 22:00:00 GMT", links=links)).articles, source(), (), TEN)
    assert (article.published, article.published_day_only) == (datetime(2025, 10, 12, tzinfo=UTC), True)


def test_order_of_day_and_month_is_that_of_the_country_or_the_one_that_is_not_ahead() -> None:
    assert read("03/02/2026", country="US") == ["2026-03-02"]
    assert read("03/02/2026", country="GB") == ["2026-02-03"]
    assert read("03/02/2026") == ["2026-03-02"]
    assert read("01/12/2025") == ["2025-12-01"]
    assert read("05/02/2026") == ["2026-02-05"]


# ------------------------------------------------------------------ from the address to the store


def add(store: Store, web: Web, **settings: object) -> None:
    made = source(**{"url": f"{web.root}/f", "every": 10.0, **settings})
    store.write_sync(sources.upsert, made, "config", NOW)


async def poll(reader: SourceReader, web: Web, body: bytes) -> None:
    web.pages["/f"] = answer(body.decode())
    await reader.read_due()
    await reader.settle()


def waiting(store: Store) -> dict[str, StoredArticle]:
    return {one.article.title: one for one in store.read_sync(articles.waiting, 100)}


async def test_a_sources_zone_is_learned_and_kept(web: Web, reader: SourceReader, store: Store, clock: Clock) -> None:
    add(store, web)
    shown = [on_clock(5.5, ago=600, at=clock())]
    await poll(reader, web, document(*shown))
    for _ in range(4):
        clock.tick(120)
        shown.insert(0, on_clock(5.5, ago=1, at=clock()))
        await poll(reader, web, document(*shown))
    found = store.read_sync(sources.get, f"{web.root}/f")
    assert found is not None and found.leads == (329, 329, 329, 329)
    known = waiting(store)
    assert [known[f"Fire {one}"].article.published_day_only for one in shown] == [False, False, True, True, True]
    assert known[f"Fire {shown[0]}"].article.published == clock() - MINUTE
    assert all(one.article.open_date is None for one in known.values())


async def test_first_read_teaches_no_zone(web: Web, reader: SourceReader, store: Store) -> None:
    add(store, web)
    await poll(reader, web, document(*(on_clock(5, ago=n, at=NOW) for n in (600, 700, 800))))
    found = store.read_sync(sources.get, f"{web.root}/f")
    assert found is not None and found.leads == ()


def test_leads_are_those_of_clocks_within_the_worlds_zones() -> None:
    found = dated(
        parse(document(on_clock(5, ago=2), on_clock(60), "Mon, 02 Mar 2026 09:58:00 GMT", "2026-03-02")).articles,
        source(),
        (),
        TEN,
    )
    assert leads_of(found, TEN) == [298, -2]


# ------------------------------------------------------------------ up to the alert


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


class Service:
    """Reads a feed and ingests what it holds, as the service does."""

    def __init__(self, reader: SourceReader, web: Web, store: Store, clock: Clock, extractor: Extractor) -> None:
        self.reader, self.web, self.store, self.clock, self.extractor = reader, web, store, clock, extractor

    async def sees(self, *dates: str, **settings: object) -> list[Change]:
        """The changes of one read of a document with these dates."""
        await poll(self.reader, self.web, document(*dates, **settings))  # type: ignore[arg-type]
        changes = self._ingest(self.clock())
        self.clock.tick(60)
        return changes

    def _ingest(self, now: datetime) -> list[Change]:
        changes: list[Change] = []
        for stored in self.store.read_sync(articles.waiting, 100):
            told = self.extractor.extract(stored.article)
            new_id = seeded_ids("test")
            changes += self.store.write_sync(commit, stored, told, now=now, new_id=new_id, rules=Rules())
        return changes

    def had(self, *, title: str, text: str, at: datetime) -> None:
        """Ingest an article as the service did at another time."""
        article = Article(id=title, title=title, text=text, published=at, source="post.example")
        self.store.write_sync(articles.add, "https://post.example/feed", article, at, baseline=False)
        self._ingest(at)

    def incidents(self) -> list[Incident]:
        return self.store.read_sync(incidents.latest)


@pytest.fixture
async def service(reader: SourceReader, web: Web, store: Store, clock: Clock, extractor: Extractor) -> Service:
    add(store, web, country="PK")
    made = Service(reader, web, store, clock, extractor)
    await made.sees("Mon, 02 Mar 2026 08:00:00 GMT", titles=("Museum opens on Friday",), text="Tickets are free.")
    return made


def actions(changes: list[Change]) -> list[Action | None]:
    return [change.action for change in changes]


TITLE = ("Bomb kills five at cattle market in Quetta",)


async def test_undated_article_is_news_and_has_no_date(service: Service) -> None:
    assert actions(await service.sees("", titles=TITLE, text=BLAST)) == [Action.NEW]
    (incident,) = service.incidents()
    assert (incident.articles[0].published, incident.articles[0].seen) == (None, NOW + MINUTE)


async def test_article_dated_ahead_is_alerted_without_its_date(service: Service) -> None:
    assert actions(await service.sees("Thu, 05 Mar 2026 04:00:00 GMT", titles=TITLE, text=BLAST)) == [Action.NEW]
    (incident,) = service.incidents()
    assert incident.articles[0].published is None
    assert incident.facts.when is None or incident.facts.when.last_day <= NOW.date()


async def test_undated_article_joins_the_record_of_its_story(service: Service) -> None:
    await service.sees("Mon, 02 Mar 2026 09:50:00 GMT", titles=TITLE, text=BLAST)
    later = ("Death toll of Quetta market bombing is five",)
    assert Action.NEW not in actions(await service.sees("", titles=later, text=BLAST + " A shop was destroyed."))
    assert len(service.incidents()) == 1


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Seven killed in Quetta market blast", BLAST.replace("five", "seven").replace("14", "20")),
        ("Five killed in blast in Quetta", "A bomb exploded near a bus in Quetta, killing five people, police said."),
    ],
)
async def test_undated_article_does_not_vanish_into_a_record_of_last_year(
    service: Service, title: str, text: str
) -> None:
    service.had(title=TITLE[0], text=BLAST, at=NOW - timedelta(days=400))
    assert len(service.incidents()) == 1
    assert actions(await service.sees("", titles=(title,), text=text)) == [Action.NEW]
    assert len(service.incidents()) == 2


async def test_undated_article_joins_a_record_of_some_days_ago(service: Service) -> None:
    service.had(title=TITLE[0], text=BLAST, at=NOW - timedelta(days=3))
    later = "A bomb exploded near a bus in Quetta, killing five people, police said."
    assert Action.NEW not in actions(await service.sees("", titles=("Five killed in blast in Quetta",), text=later))
    assert len(service.incidents()) == 1


async def test_undated_copy_of_an_old_article_is_no_news(service: Service) -> None:
    service.had(title=TITLE[0], text=BLAST, at=NOW - timedelta(days=400))
    again = ("Market bomb kills five",)
    assert Action.NEW not in actions(await service.sees("", titles=again, text=BLAST + " Read more on our page."))
    assert len(service.incidents()) == 1


async def test_undated_article_that_names_an_old_date_is_no_news(service: Service) -> None:
    old = BLAST.replace("exploded", "exploded on 12 October 2025", 1)
    assert Action.NEW not in actions(await service.sees("", titles=TITLE, text=old))


async def test_undated_article_whose_address_names_an_old_day_is_no_news(service: Service) -> None:
    links = ("https://news.example/2025/10/12/blast",)
    assert Action.NEW not in actions(await service.sees("", titles=TITLE, text=BLAST, links=links))


async def test_old_article_is_no_news_however_its_date_is_written(service: Service) -> None:
    for number, date in enumerate(("20 November 2025 - 09:50", "November 20, 2025, 08:18 PM", "20.11.2025 09:50")):
        titles = (f"Bomb {number} kills five at cattle market in Quetta",)
        assert Action.NEW not in actions(await service.sees(date, titles=titles, text=BLAST))


async def test_undated_articles_of_a_first_read_are_history(
    reader: SourceReader, web: Web, store: Store, clock: Clock, extractor: Extractor
) -> None:
    add(store, web)
    service = Service(reader, web, store, clock, extractor)
    assert Action.NEW not in actions(await service.sees("", titles=TITLE, text=BLAST))
    assert len(service.incidents()) == 1


async def test_local_time_without_a_zone_is_todays_news(service: Service) -> None:
    changes = await service.sees(
        on_clock(5, ago=2, at=service.clock()), titles=TITLE, text=BLAST.replace("exploded", "exploded today", 1)
    )
    assert actions(changes) == [Action.NEW]
    (incident,) = service.incidents()
    assert incident.facts.when is not None and incident.facts.when.last_day == NOW.date()
