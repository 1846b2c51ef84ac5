"""The articles of documents of each format; the golden documents under ``feeds/`` are about invented incidents."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.feeds import alternates, full_text, parse
from extract.feeds.document import MAX_BYTES
from extract.types import Article, Certainty, ParsedFeed, Severity, StatedFacts, Urgency

FOLDER = Path(__file__).parent / "feeds"
BASE = "https://feeds.example/news/feed.xml"


def golden(name: str) -> ParsedFeed:
    return parse((FOLDER / name).read_bytes(), base_url=BASE)


def test_rss() -> None:
    feed = golden("rss.xml")
    assert (feed.title, feed.ttl_seconds, feed.problems) == ("Lantern Quay Courier", 900, ())
    assert feed.articles == (
        Article(
            id="qc-4711",
            title="Two hurt as crane falls at Lantern Quay",
            text="A crane fell at Lantern Quay on Monday, the fire service said.\n\nTwo people were hurt.\n\n"
            "Nobody was killed.\n\nSmith & Sons own the crane.\n\nIt is 40 years old &lt;sic&gt;.",
            url="https://www.quaycourier.example/2026/03/crane?a=1&b=2",
            published=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
            source="quaycourier.example",
            lang="en-GB",
        ),
        Article(
            id="https://feeds.example/2026/03/fire",
            title="Fire & smoke in Old Mill Street",
            text="A shop burned.\n\nNobody was hurt.",
            url="https://feeds.example/2026/03/fire",
            published=datetime(2026, 3, 1, tzinfo=UTC),
            published_day_only=True,
            source="quaycourier.example",
            lang="en-GB",
        ),
        Article(
            id="https://www.quaycourier.example/notice",
            title="Undated notice",
            text="",
            url="https://www.quaycourier.example/notice",
            source="quaycourier.example",
            lang="en-GB",
        ),
        Article(
            id="a928213039eff1241033f9ba40dca7ad",
            text="Only a text, without title, link or id.",
            source="quaycourier.example",
            lang="en-GB",
        ),
    )


def test_atom() -> None:
    feed = golden("atom.xml")
    assert (feed.title, feed.problems) == ("El Valle", ())
    assert feed.articles == (
        Article(
            id="tag:valle.example,2026:1",
            title="Choque en la Ruta 9",
            text="Tres heridos en la Ruta 9.\n\nLa policía investiga.",
            url="https://valle.example/noticias/choque.html",
            published=datetime(2026, 3, 2, 9, 15, 30, tzinfo=UTC),
            source="valle.example",
            lang="es",
        ),
        Article(
            id="tag:valle.example,2026:2",
            title="A title with <angle brackets>",
            text="Plain & simple.",
            url="https://valle.example/en/2.html",
            published=datetime(2026, 3, 1, 23, 0, tzinfo=UTC),
            source="sierrawire.example",
            lang="en",
        ),
    )


def test_rdf_in_its_declared_encoding() -> None:
    assert golden("rdf.xml").articles == (
        Article(
            id="https://ort.example/a",
            title="Brand in Kleinsteinbrück",
            text="Zwei Verletzte.",
            url="https://ort.example/a",
            published=datetime(2026, 3, 2, 7, 0, tzinfo=UTC),
            source="ort.example",
            lang="de",
        ),
    )


def test_json_feed() -> None:
    feed = golden("jsonfeed.json")
    assert (feed.title, feed.problems) == ("Mill Street Log", ("1 items are no objects",))
    assert feed.articles == (
        Article(
            id="7",
            title="Bridge closed",
            text="The bridge is closed.\n\nA lorry hit it.",
            url="https://feeds.example/7",
            published=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
            source="millstreet.example",
            lang="en",
        ),
        Article(
            id="8",
            text="First.\n\nSecond.",
            url="https://other.example/8",
            source="millstreet.example",
            lang="fr",
        ),
        Article(id="ae17f4ab2782c5b6244b72a893a1f371", title="No id", text="", source="millstreet.example", lang="en"),
    )


def test_cap_alert() -> None:
    feed = golden("cap.xml")
    assert feed.problems == ()
    assert feed.articles == (
        Article(
            id="quay-2026-0302-1",
            title="Gas leak at Lantern Quay",
            text="A gas main broke at Lantern Quay. Forty people left their homes.\n\nLantern Quay; Old Mill Street\n\n"
            "Keep windows closed.",
            url="https://quay.example/alerts/1",
            published=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
            source="Quay County Fire Service",
            lang="en-GB",
            stated=StatedFacts(
                kind="chemical_release",
                ids=("warnings@quay.example:quay-2026-0302-1", "cap:quay-2026-0302-1"),
                begins=datetime(2026, 3, 2, 9, 15, tzinfo=UTC),
                places=("Lantern Quay", "Old Mill Street"),
                severity=Severity.SEVERE,
                level="Severe",
                urgency=Urgency.IMMEDIATE,
                certainty=Certainty.OBSERVED,
                quotes={"kind": "Gas leak", "place": "Lantern Quay; Old Mill Street", "official": "Severe"},
            ),
        ),
    )


def test_exercise_is_no_alert() -> None:
    body = (FOLDER / "cap.xml").read_bytes().replace(b"Actual", b"Exercise")
    assert parse(body) == ParsedFeed(problems=("no real alert: its status is Exercise",))


def test_earthquakes() -> None:
    feed = golden("earthquakes.json")
    assert (feed.title, feed.problems) == ("Invented earthquakes", ())
    assert feed.articles == (
        Article(
            id="xx1",
            title="M 6.1 - 12 km NE of Lantern Quay",
            text="An earthquake of magnitude 6.1 struck 12 km NE of Lantern Quay on 2 March 2026 at 10:00 UTC, "
            "at a depth of 35 km.",
            url="https://quakes.example/xx1",
            published=datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
            source="quakes.example",
            lang="en",
            stated=StatedFacts(
                kind="earthquake",
                ids=("usgs:xx1",),
                at=datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
                points=((20.0, 10.0),),
                places=("Lantern Quay",),
                depth=35.2,
                magnitude=6.1,
                quotes={
                    "kind": "earthquake",
                    "magnitude": "6.1",
                    "place": "12 km NE of Lantern Quay",
                    "when": "2 March 2026 at 10:00 UTC",
                },
            ),
        ),
        Article(
            id="xx3",
            title="M 5.0 - an unknown place",
            text="An earthquake of magnitude 5.0 struck an unknown place.",
            source="feeds.example",
            lang="en",
            stated=StatedFacts(
                kind="earthquake",
                ids=("usgs:xx3",),
                magnitude=5.0,
                quotes={"kind": "earthquake", "magnitude": "5.0", "place": "an unknown place"},
            ),
        ),
    )


def test_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    feed = golden("broken.xml")
    assert "not well-formed" in feed.problems[0]
    assert (feed.articles[0].title, feed.articles[0].text) == ("Shots & sirens", "Heard at night.")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 02 Mar 2026 09:30:00 -0500", (datetime(2026, 3, 2, 14, 30, tzinfo=UTC), False)),
        ("2026-03-02", (datetime(2026, 3, 2, tzinfo=UTC), True)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", (None, False)),
        ("9999-99-99T99:99:99Z", (None, False)),
        ("some day soon", (None, False)),
        ("", (None, False)),
    ],
)
def test_impossible_date_is_none_and_never_now(written: str, expected: tuple[datetime | None, bool]) -> None:
    item = f"<item><title>t</title><pubDate>{written}</pubDate></item>"
    article = parse(f"<rss version='2.0'><channel>{item}</channel></rss>".encode()).articles[0]
    assert (article.published, article.published_day_only) == expected


@pytest.mark.parametrize(
    "below",
    [
        "<p>The post <a href='/1'>Crane falls</a> appeared first on <a href='/'>Quay Courier</a>.</p>",
        "<p><a href='/1'>Continue reading...</a></p>",
        "<div>Read more »</div><div>Share this article</div>",
    ],
)
def test_what_the_publishing_system_adds_at_the_end_is_left_out(below: str) -> None:
    item = f"<item><description><![CDATA[<p>A crane fell.</p>{below}]]></description></item>"
    body = f"<rss><channel>{item}</channel></rss>"
    assert parse(body.encode()).articles[0].text == "A crane fell."


# ------------------------------------------------------------------ documents that are no feeds


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "the document is empty"),
        (b" \n", "the document is empty"),
        (b"all is well", "no feed: neither RSS, RDF, Atom nor JSON Feed"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "a web page, no feed"),
        (b"<note>hello</note>", "no feed: neither RSS, RDF, Atom nor JSON Feed"),
        (b'{"status": "ok"}', "no JSON Feed: it has no list of items"),
        (b"{" * 100_000, "no JSON"),
        (b"\x1f\x8b\x08 not gzip", "damaged gzip data"),
    ],
)
def test_document_that_is_no_feed_says_why(body: bytes, problem: str) -> None:
    feed = parse(body)
    assert feed.articles == ()
    assert feed.problems[0].startswith(problem)


def test_path_or_address_as_a_document_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes((FOLDER / "rss.xml").read_bytes())
    assert parse(str(secret).encode()).articles == ()
    assert parse(secret.as_uri().encode()).articles == ()


def test_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    body = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<rss><channel><item><title>T &x;</title></item></channel></rss>"
    )
    assert "secret" not in parse(body.encode()).articles[0].title


# ------------------------------------------------------------------ limits


def rss(count: int) -> bytes:
    items = "".join(f"<item><title>t{n}</title><link>https://e.example/{n}</link></item>" for n in range(count))
    return f"<rss version='2.0'><channel><title>Many</title>{items}</channel></rss>".encode()


def test_articles_over_the_limit_are_left_out_and_noted() -> None:
    feed = parse(rss(8), max_items=5)
    assert [one.title for one in feed.articles] == ["t0", "t1", "t2", "t3", "t4"]
    assert feed.problems == ("more than 5 articles: the rest was not read",)


def test_articles_over_the_limit_of_a_json_feed_are_left_out_and_noted() -> None:
    feed = parse(json.dumps({"items": [{"id": str(n)} for n in range(8)]}).encode(), max_items=5)
    assert len(feed.articles) == 5
    assert feed.problems == ("more than 5 articles: the rest was not read",)


def test_document_over_the_limit_is_cut_and_noted() -> None:
    feed = parse(rss(3) + b" " * MAX_BYTES)
    assert len(feed.articles) == 3
    assert "larger than 10 MiB" in feed.problems[0]


def test_compressed_document_is_decompressed_up_to_the_limit() -> None:
    assert len(parse(gzip.compress(rss(3))).articles) == 3
    assert "larger than 10 MiB" in parse(gzip.compress(rss(1) + bytes(50_000_000))).problems[0]


# ------------------------------------------------------------------ encodings


RUSSIAN = "Двое пострадали при падении крана на набережной, сообщила пожарная служба города"


@pytest.mark.parametrize(
    ("declaration", "encoding", "content_type"),
    [
        ("", "utf-8", ""),
        ("", "utf-8-sig", ""),
        ("<?xml version='1.0' encoding='utf-16'?>", "utf-16", ""),
        ("<?xml version='1.0' encoding='windows-1251'?>", "cp1251", ""),
        ("", "koi8-r", "application/rss+xml; charset=koi8-r"),
        ("", "cp1251", "application/rss+xml"),
    ],
    ids=["none", "mark", "wide", "declared", "served", "guessed"],
)
def test_encoding_by_mark_declaration_content_type_or_guess(declaration: str, encoding: str, content_type: str) -> None:
    body = f"{declaration}<rss><channel><item><title>{RUSSIAN}</title></item></channel></rss>".encode(encoding)
    assert [one.title for one in parse(body, content_type=content_type).articles] == [RUSSIAN]


def test_encoding_of_a_json_feed() -> None:
    assert parse('{"items": [{"title": "Müller"}]}'.encode("utf-16")).articles[0].title == "Müller"


# ------------------------------------------------------------------ pages


def test_feeds_that_a_page_names() -> None:
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/f.xml">
      <link rel="stylesheet" href="s.css"><link rel="ALTERNATE" type="application/feed+json" href="https://b.example/j">
      <link rel="alternate" hreflang="de" href="/de"></head></html>"""
    assert [one.url for one in alternates(page, "https://a.example/x/")] == [
        "https://a.example/f.xml",
        "https://b.example/j",
    ]


def test_full_text_of_a_page_without_navigation_and_scripts() -> None:
    first = "Two boats collided off the Lantern Quay on Monday evening, the harbour master said. " * 4
    second = "Nobody was hurt, and both boats reached the harbour under their own power before midnight. " * 4
    page = f"""<html><head><title>x</title><style>p {{}}</style></head><body>
      <nav><a href="/">Home</a> <a href="/b">B</a></nav>
      <article><p>{first}</p><p>{second}</p></article><script>track()</script><footer>Imprint</footer></body></html>"""
    assert full_text(page.encode()) == f"{first.strip()}\n\n{second.strip()}"


def test_page_without_an_article_has_no_text() -> None:
    assert full_text(b"") == ""
    assert full_text(b"<html></html>") == ""


# ------------------------------------------------------------------ damaged and hostile documents


@pytest.mark.parametrize("half", ["&#55296;", "&#57343;", "&#xD800;", "&#xdfff;"])
def test_reference_to_half_a_character_never_raises(half: str) -> None:
    item = f"<item><title>t</title><description><![CDATA[<p>Before{half} after</p>]]></description></item>"
    assert parse(f"<rss><channel>{item}</channel></rss>".encode()).articles[0].text == "Before\ufffd after"
    assert parse((FOLDER / "cap.xml").read_bytes().replace(b"Gas leak at", half.encode())).problems


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_document_never_raises(data: st.DataObject) -> None:
    body = (
        FOLDER
        / data.draw(
            st.sampled_from(
                [
                    "rss.xml",
                    "atom.xml",
                    "rdf.xml",
                    "jsonfeed.json",
                    "cap.xml",
                    "cap_nws.xml",
                    "gdacs.xml",
                    "earthquakes.json",
                ]
            )
        )
    ).read_bytes()
    at = data.draw(st.integers(0, len(body)))
    damage = data.draw(st.binary(max_size=20) | st.sampled_from([b"<![CDATA[", b"&#55296;", b"]]>", b"\x00", b"<?"]))
    feed = parse(body[:at] + damage + body[at + data.draw(st.integers(0, 300)) :], base_url=BASE)
    for one in feed.articles:
        assert one.id
        one.text.encode()
        one.title.encode()


def test_a_first_line_of_many_encodings_is_read_in_short_time() -> None:
    """Found by make soak: feedparser's search for the declared encoding took 2.5 s for 10 kB."""
    body = b'<?xml version="1.0"' + b' encoding="ISO-"1.0"' * 500 + b"\n" + (FOLDER / "rss.xml").read_bytes()
    begun = time.process_time()
    parse(body, base_url=BASE)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("declared", [b'encoding="iso-8859-1"', b"encoding='latin-1' standalone='yes'"])
def test_the_declared_encoding_is_used(declared: bytes) -> None:
    told = b"<rss><channel><item><title>Caf\xe9</title></item></channel></rss>"
    (one,) = parse(b'<?xml version="1.0" ' + declared + b"?>" + told, base_url=BASE).articles
    assert one.title == "Caf\u00e9"
