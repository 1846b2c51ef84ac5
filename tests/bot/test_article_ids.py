"""Which item of a feed is which article? What outlets' systems do with ids and addresses, poll after poll.

Each case: the items of a document at one read, those of the next read, and after it the number of articles, of records,
and what became of the second read's news for a chat that asks for everything.
"""

from datetime import timedelta
from email.utils import format_datetime
from html import escape

import pytest
from fakes import NOW
from loopback import answer, serving

from bot.alerts.gate import Rules
from bot.config import Fetch
from bot.incidents import ingest
from bot.sources.normalise import normalised
from bot.sources.poll import SourceReader
from bot.store import articles, chats, incidents, sources, subscriptions
from bot.store.articles import canonical_url
from bot.types import Source, Subscription
from extract import Extractor
from extract.feeds import parse
from extract.types import Action

FEED = "https://quay.example/feed.xml"
SOURCE = Source(url=FEED, name="Quay Courier")
LATER = NOW + timedelta(hours=2)

COLOMBO = (
    "Bus crash kills 4 in Colombo",
    "A bus overturned on a bridge in Colombo, Sri Lanka, on Monday, killing four people, police said.",
)
YANGON = (
    "Bus crash kills 3 in Yangon",
    "Three people died on Monday when a bus left the road in Yangon, Myanmar, the fire service said.",
)
LYON = (
    "Warehouse fire in Lyon injures two firefighters",
    "Two firefighters were injured on Monday in a blaze at a warehouse in Lyon, France, officials said.",
)
NAIROBI = (
    "Gunmen kill five in Nairobi market",
    "Gunmen shot dead five traders at a market in Nairobi on Monday, police said.",
)
MULTAN = (
    "Bomb at Multan bus terminal kills four",
    "A bomb exploded at a bus terminal in Multan, Pakistan, on Monday, killing four people, police said.",
)
MULTAN_7 = (
    "Toll in Multan bus terminal bombing rises to seven",
    "A bomb exploded at a bus terminal in Multan, Pakistan, on Monday, killing seven people, police said.",
)
MULTAN_LONG = (
    "Bomb at Multan bus terminal kills four",
    "A bomb exploded at a bus terminal in Multan, Pakistan, on Monday, killing four people, police said. The blast shattered "
    "windows of shops nearby. No group has claimed responsibility.",
)
CRICKET = (
    "Sea Hawks win the cup after a late goal",
    "The Sea Hawks won the harbour cup on Sunday with a goal in the last minute.",
)


def item(story, *, guid=None, link=None, day=NOW):
    title, text = story
    slug = "-".join(title.lower().split())
    link = f"https://quay.example/news/{slug}" if link is None else link
    guid = slug if guid is None else guid
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        + (f"<guid isPermaLink='false'>{escape(guid)}</guid>" if guid else "")
        + (f"<pubDate>{format_datetime(day)}</pubDate>" if day else "")
        + f"<description>{escape(text)}</description></item>"
    )


def document(*items):
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Quay Courier</title><link>https://quay.example/</link>"
        + "".join(items)
        + "</channel></rss>"
    )


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


@pytest.fixture
def reading(store, extractor):
    """Reads a document as a poll does and commits what comes; returns the actions of the changes."""
    store.write_sync(chats.touch, 1, "private", NOW)
    store.write_sync(subscriptions.add, Subscription(chat=1), NOW)
    names = ingest.seeded_ids("ids")

    def read(*items, now=NOW, source=SOURCE):
        found = normalised(parse(document(*items).encode(), base_url=source.url).articles, source, now)
        for article in reversed(found):
            store.write_sync(articles.add, source.url, article, now, baseline=False)
        changes = []
        for stored in store.read_sync(articles.waiting, 50):
            [told] = extractor.extract_all([stored.article])
            changes += store.write_sync(ingest.commit, stored, told, now=now, new_id=names, rules=Rules())
        return [change.action for change in changes if change.action is not None]

    return read


def counted(store):
    return store.read_sync(
        lambda tx: (
            tx.value("SELECT COUNT(DISTINCT ref) FROM articles WHERE state <> 'same_url'"),
            len(incidents.latest(tx)),
        )
    )


NEW, EDIT, REPLY = Action.NEW, Action.EDIT, Action.REPLY
FRONT = "https://quay.example/"
LIVE = "https://quay.example/live"


def google(token):
    return f"https://news.example.net/rss/articles/CBMi{token}?oc=5&hl=en-US"


CASES = {
    # ------------------------------ one id for other stories
    "a constant id, both in one document": (
        [item(COLOMBO, guid="1")], [item(COLOMBO, guid="1"), item(YANGON, guid="1")], 2, 2, [NEW],
    ),
    "a constant id, the document has the latest only": ([item(COLOMBO, guid="1")], [item(YANGON, guid="1")], 2, 2, [NEW]),
    "an id of its own that is given again": ([item(COLOMBO, guid="lead")], [item(YANGON, guid="lead")], 2, 2, [NEW]),
    "the same, with one address too": (
        [item(COLOMBO, guid="lead", link=LIVE)], [item(YANGON, guid="lead", link=LIVE)], 2, 2, [NEW],
    ),
    "N/A": ([item(COLOMBO, guid="N/A")], [item(YANGON, guid="N/A"), item(COLOMBO, guid="N/A")], 2, 2, [NEW]),
    "no id and one address for all": (
        [item(COLOMBO, guid="", link=FRONT)], [item(LYON, guid="", link=FRONT), item(COLOMBO, guid="", link=FRONT)], 2, 2, [NEW],
    ),
    "the site's address as the id": ([item(COLOMBO, guid=FRONT)], [item(LYON, guid=FRONT), item(COLOMBO, guid=FRONT)], 2, 2, [NEW]),
    "an old story's id for another kind of story": ([item(COLOMBO, guid="7")], [item(CRICKET, guid="7")], 2, 1, []),
    "a story that was none gets one": ([item(CRICKET, guid="7")], [item(COLOMBO, guid="7")], 2, 1, [NEW]),
    "one section's address for all, with fragments": (
        [item(COLOMBO, guid="", link=LIVE + "#p1")], [item(COLOMBO, guid="", link=LIVE + "#p1"), item(NAIROBI, guid="", link=LIVE + "#p2")], 2, 2, [NEW],
    ),
    "neither id nor address": ([item(COLOMBO, guid="", link="")], [item(COLOMBO, guid="", link=""), item(LYON, guid="", link="")], 2, 2, [NEW]),
    "three stories with one id in one document": (
        [item(COLOMBO, guid="x"), item(LYON, guid="x"), item(NAIROBI, guid="x")], [item(COLOMBO, guid="x"), item(LYON, guid="x"), item(NAIROBI, guid="x")], 3, 3, [],
    ),
    # ------------------------------ one story that is revised
    "a new toll": ([item(MULTAN, guid="5")], [item(MULTAN_7, guid="5")], 1, 1, [REPLY]),
    "a longer text": ([item(MULTAN, guid="5")], [item(MULTAN_LONG, guid="5")], 1, 1, None),
    "nothing changed": ([item(MULTAN, guid="5")], [item(MULTAN, guid="5")], 1, 1, []),
    "another headline for the same text": ([item(MULTAN)], [item(("Pakistan mourns its dead", MULTAN[1]), guid="bomb-at-multan-bus-terminal-kills-four")], 1, 1, None),
    "a headline in capitals": ([item(MULTAN, guid="5")], [item((MULTAN[0].upper(), MULTAN[1]), guid="5")], 1, 1, None),
    "the date alone moves": ([item(MULTAN, guid="5")], [item(MULTAN, guid="5", day=LATER)], 1, 1, []),
    # ------------------------------ one story under other ids and addresses
    "an id that changes at every read": ([item(MULTAN, guid="a1")], [item(MULTAN, guid="b2")], 1, 1, []),
    "id and address change at every read": ([item(MULTAN, guid="a1", link=google("Qa1"))], [item(MULTAN, guid="b2", link=google("Zb2"))], 1, 1, []),
    "the address is the id, and tracks": (
        [item(MULTAN, guid="https://quay.example/n/5?utm_source=rss&utm_campaign=a1", link="https://quay.example/n/5?utm_campaign=a1")],
        [item(MULTAN, guid="https://quay.example/n/5?utm_source=rss&utm_campaign=b2", link="https://quay.example/n/5?utm_campaign=b2")], 1, 1, [],
    ),
    "no id, and a session in the address": (
        [item(MULTAN, guid="", link="https://quay.example/n/5;jsessionid=A1B2?x=1")], [item(MULTAN, guid="", link="https://quay.example/n/5;jsessionid=C3D4?x=1")], 1, 1, [],
    ),
    "http, www and a slash": ([item(MULTAN, guid="", link="http://www.quay.example/n/5/")], [item(MULTAN, guid="", link="https://quay.example/n/5")], 1, 1, []),
    "the page for phones": ([item(MULTAN, guid="", link="https://m.quay.example/n/5/amp")], [item(MULTAN, guid="", link="https://quay.example/n/5")], 1, 1, []),
    "another id, address the same, a new toll": (
        [item(MULTAN, guid="a1", link="https://quay.example/n/5")], [item(MULTAN_7, guid="b2", link="https://quay.example/n/5")], 1, 1, [REPLY],
    ),
    "neither id nor address, a longer text": ([item(MULTAN, guid="", link="")], [item(MULTAN_LONG, guid="", link="")], 1, 1, None),
    "a server that is another at each read": (
        [item(MULTAN, guid="", link="https://cdn1.quay.example/n/5")], [item(MULTAN, guid="", link="https://cdn2.quay.example/n/5")], 1, 1, [],
    ),
    # ------------------------------ titles that recur
    "a title that recurs, about another act": (
        [item(("Road accident", COLOMBO[1]), guid="a1")], [item(("Road accident", YANGON[1]), guid="b2")], 2, 2, [NEW],
    ),
    "a title that recurs on another day": (
        [item(("Morning briefing", "Five things to know this Monday."), guid="a1", link="https://quay.example/b/1", day=NOW - timedelta(days=4))],
        [item(("Morning briefing", "Five things to know this Friday."), guid="b2", link="https://quay.example/b/2")], 2, 0, [],
    ),
    "two stories of one address that differ by a parameter": (
        [item(COLOMBO, guid="", link="https://quay.example/story?id=7")], [item(YANGON, guid="", link="https://quay.example/story?id=8")], 2, 2, [NEW],
    ),
}  # fmt: skip


PESHAWAR = (
    "BREAKING: Explosion heard in Peshawar",
    "An explosion was heard in Peshawar, Pakistan, on Monday. More follows.",
)
PESHAWAR_20 = (
    "Peshawar mosque blast kills 20",
    "A bomb exploded in a mosque in Peshawar, Pakistan, on Monday, killing 20 people, police said.",
)
MANILA = (
    "Typhoon floods parts of Manila, two drown",
    "Two people drowned in floods in Manila, Philippines, on Monday, officials said.",
)
CEBU = (
    "Ferry capsizes off Cebu, six dead",
    "Six people died when a ferry capsized off Cebu, Philippines, on Monday, the coast guard said.",
)
CHICAGO = ("Man killed in shooting", "A man was shot dead on a street in Chicago on Monday, police said.")
HOUSTON = (
    "Man killed in shooting",
    "A man was shot dead at a petrol station in Houston on Monday evening, according to officers.",
)
KANDY = (COLOMBO[0].replace("Colombo", "Kandy"), COLOMBO[1].replace("Colombo", "Kandy"))
# thought of after the rules were written
CASES |= {
    "first words, then the whole story": ([item(PESHAWAR, guid="9")], [item(PESHAWAR_20, guid="9")], 1, 1, None),
    "the place is corrected": ([item(COLOMBO, guid="9")], [item(KANDY, guid="9")], 1, 1, None),
    "the day as the id of all its items": (
        [item(MANILA, guid="2026-03-02")], [item(MANILA, guid="2026-03-02"), item(CEBU, guid="2026-03-02")], 2, 2, [NEW],
    ),
    "the section as the id": ([item(MANILA, guid="World")], [item(CEBU, guid="World")], 2, 2, [NEW]),
    "one title for two acts of a day": ([item(CHICAGO, guid="c", link="https://quay.example/c")], [item(HOUSTON, guid="h", link="https://quay.example/h")], 2, 2, [NEW]),
    "one title and one id for two acts": ([item(CHICAGO, guid="c")], [item(HOUSTON, guid="c")], 2, 2, [NEW]),
    "published again the next day under a new id": ([item(CEBU, guid="a")], [item(CEBU, guid="b", link="https://quay.example/again", day=NOW + timedelta(days=1))], 1, 1, []),
    "titles alone, ids that change": ([item((MANILA[0], ""), guid="a", link=google("1"))], [item((MANILA[0], ""), guid="b", link=google("2"))], 1, 1, []),
    "titles alone, one id": ([item((MANILA[0], ""), guid="1")], [item((NAIROBI[0], ""), guid="1")], 2, 2, [NEW]),
    "the path has a token, the toll rises": (
        [item(MULTAN, guid="", link="https://quay.example/r/Xa81/multan")], [item((MULTAN[0], MULTAN_7[1]), guid="", link="https://quay.example/r/Yb92/multan")], 1, 1, None,
    ),
    "the id stays, title and address change": (
        [item(MULTAN, guid="https://quay.example/?p=881", link="https://quay.example/a")], [item(MULTAN_7, guid="https://quay.example/?p=881", link="https://quay.example/b")], 1, 1, [REPLY],
    ),
    "zero as the id": ([item(CEBU, guid="0")], [item(MANILA, guid="0"), item(CEBU, guid="0")], 2, 2, [NEW]),
    "the feed's address as every link": ([item(CEBU, guid="", link=FEED)], [item(MANILA, guid="", link=FEED)], 2, 2, [NEW]),
    "a title with another dash and quotes": (
        [item((CEBU[0].replace(",", " –"), CEBU[1]), guid="a", link=google("1"))], [item((CEBU[0].replace(",", " -"), CEBU[1]), guid="b", link=google("2"))], 1, 1, None,
    ),
    "undated, ids that change": ([item(CEBU, guid="a", day=None, link=google("1"))], [item(CEBU, guid="b", day=None, link=google("2"))], 1, 1, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_which_item_is_which_article(store, reading, name):
    first, second, wanted, records, actions = CASES[name]
    reading(*first)
    told = reading(*second, now=LATER)
    assert counted(store) == (wanted, records)
    if actions is not None:
        assert told == actions
    # a third read of the same changes nothing any more
    assert reading(*second, now=LATER + timedelta(hours=1)) == []
    assert counted(store) == (wanted, records)


def test_stories_that_take_turns_under_one_id_keep_their_own_records(store, reading):
    for story in (COLOMBO, YANGON, COLOMBO, LYON, YANGON, COLOMBO):
        reading(item(story, guid="top"))
    assert counted(store) == (3, 3)
    known = {one.facts.place.name: one.facts.killed.low for one in store.read_sync(incidents.latest)}
    assert (known["Colombo"], known["Yangon"]) == (4, 3)


def test_a_revision_of_a_story_whose_id_another_one_has_taken_since_finds_its_own(store, reading):
    reading(item(MULTAN, guid="top"))
    reading(item(COLOMBO, guid="top"))
    assert reading(item(MULTAN_7, guid="top"), now=LATER) == [REPLY]
    assert counted(store) == (2, 2)


def test_a_roundup_that_grows_keeps_the_record_of_each_of_its_reports(store, reading):
    both = (f"{COLOMBO[0]}; {NAIROBI[0]}", f"{COLOMBO[1]}\n\n{NAIROBI[1]}")
    reading(item(COLOMBO, guid="live"))
    reading(item(both, guid="live"), now=LATER)
    assert "Colombo" in {one.facts.place.name for one in store.read_sync(incidents.latest) if one.facts.place}


def test_two_feeds_of_an_outlet_with_one_page_make_one_article(store, reading):
    reading(item(MULTAN, guid="a1", link="https://quay.example/n/5?cmpid=world"))
    other = Source(url="https://quay.example/asia.xml", name="Quay Courier")
    assert reading(item(MULTAN, guid="z9", link="https://www.quay.example/n/5?cmpid=asia"), source=other) == []
    assert counted(store) == (1, 1)


def test_an_older_database_reads_nothing_as_new(store, reading):
    """Articles that an earlier version stored have their source's ids and addresses as it wrote them."""
    old = [
        item(COLOMBO, guid="N/A"),
        item(LYON, guid="77"),
        item(NAIROBI, guid="", link="https://m.quay.example/n/9?utm_source=a"),
    ]
    for number, text in enumerate(old):
        for article in parse(document(text).encode(), base_url=FEED).articles:
            store.write_sync(articles.add, FEED, article, NOW, baseline=bool(number))
    reading()
    before = counted(store)
    assert reading(*old, now=LATER) == []
    assert counted(store) == before


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://www.Post.example/a/?utm_source=x&id=3#c", "https://post.example/a?id=3"),
        ("https://m.post.example/a/amp/?fbclid=1", "https://post.example/a"),
        ("https://amp.post.example/a.html?outputType=amp", "https://post.example/a.html"),
        ("https://post.example:443/a?b=2&a=1", "https://post.example/a?a=1&b=2"),
        ("https://post.example/a;jsessionid=12AB?id=3", "https://post.example/a?id=3"),
        ("https://post.example/a/index.html", "https://post.example/a"),
        ("https://m.example/a", "https://m.example/a"),
        ("https://post.example/?p=7&ref=rss", "https://post.example?p=7"),
        ("https://post.example/?utm_source=x", ""),
        ("https://post.example/", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_canonical_address(url, canonical):
    assert canonical_url(url) == canonical


async def test_from_the_server_to_the_store(store, clock, extractor):
    """A feed whose ids and addresses change at every read makes one article; a known read loads no text."""
    async with serving() as web:
        url = f"{web.root}/feed.xml"
        web.pages["/feed.xml"] = [
            answer(
                document(
                    item(MULTAN, guid=f"g{n}", link=google(f"t{n}")), item(LYON, guid=f"h{n}", link=google(f"u{n}"))
                )
            )
            for n in range(4)
        ]
        store.write_sync(sources.upsert, Source(url=url, every=10.0), "config", NOW)
        reader = SourceReader(store, Fetch(allow_hosts=("127.0.0.1",), timeout=5.0), clock, chance=lambda: 0.5)
        for _ in range(4):
            await reader.read_due()
            await reader.settle()
            clock.tick(3600)
        await reader.close()
        assert web.count("/feed.xml") == 4
    assert counted(store)[0] == 2
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM articles")) == 2
