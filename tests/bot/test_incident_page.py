"""The page of an incident: what is known and on what grounds, in plain HTML, whatever others have written."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from browsing import Browser, browsing
from fakes import NOW, PLACES, report
from lxml import html
from talking import message, say_to
from test_notifications import IDS, happen

from bot.alerts.gate import Rules
from bot.errors import StoreError
from bot.i18n.translate import CODES
from bot.incidents import corrections
from bot.incidents.ingest import commit
from bot.store import Store, articles, incidents
from extract.types import Article, Extraction, Perpetrator, Quote, Victim

pytestmark = pytest.mark.usefixtures("simple_tracking")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "</style></title></h1><iframe src='javascript:alert(1)'></iframe>",
    "{{ 7 * 7 }}{% include 'page.css' %}",
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp; \u202egnp.exe\u2066 \x00\x07",
)
ADDRESSES = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://x.example/"><script>',
    "//x.example",
)


@pytest.fixture
async def browser(chatting: Any) -> AsyncIterator[Browser]:
    async with browsing(chatting.services) as made:
        yield made


def told(store: Store, *, title: str, text: str = "x", url: str = "https://post.example/1", **fields: Any) -> str:
    """An incident that one article tells of, with a quote of its title and text; its id."""
    quotes = {
        "kind": (Quote(where="title", start=0, end=len(title), quote=title),),
        "killed": (Quote(where="text", start=0, end=len(text), quote=text),),
    }
    article = Article(
        id="h", title=title, text=text, url=url, published=NOW, source=fields.pop("source", "post.example")
    )
    said = report(killed=4, **{"place": PLACES["Karachi"]} | fields.pop("facts", {}))
    said = msgspec.structs.replace(said, evidence=quotes, **fields)
    store.write_sync(articles.add, "", article, NOW, baseline=False)
    [stored] = store.read_sync(articles.waiting, 1)
    extraction = Extraction(id="h", relevant=True, reports=(said,))
    store.write_sync(commit, stored, extraction, now=NOW, new_id=IDS, rules=Rules())
    name = store.read_sync(incidents.incident_of, stored.article.id, 0)
    assert name is not None
    return name


def words(body: str) -> str:
    return " ".join(html.document_fromstring(body).text_content().split())


async def test_a_page_says_what_is_known_and_on_what_grounds(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb kills four in Karachi", text="Four people were killed, police said.")
    happen(store, "b", killed=6, at=NOW + timedelta(minutes=5), source="ledger.example")
    status, body, headers = await browser.get(f"/incident/{name}")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    read, page = words(body), html.document_fromstring(body)
    assert "Karachi, Pakistan bombing, 6 killed" in read and "SEVERE" in read
    facts = {one.text_content(): one.getnext().text_content() for one in page.iter("dt")}
    assert facts["Killed"] == "6" and facts["Place"] == "Karachi, Sindh, Pakistan"
    assert "2 independent sources" in facts["How sure"]
    assert page.xpath("//a/@href")[0] == f"{name}/map.png"
    assert "https://ledger.example/b" in body and "https://post.example/1" in body
    steps = [" ".join(one.text_content().split()) for one in page.xpath("//ol/li")]
    assert steps[0] == "v2 Killed · 2 Mar 2026, 12:05 UTC Killed: 4 → 6"
    assert steps[1].startswith("v1 First report")


async def test_quotes_stand_with_the_words_around_them_and_a_link(browser: Browser, store: Store) -> None:
    text = "At the market there was panic. Four people were killed, police said. Shops closed."
    name = told(store, title="Bomb in Karachi", text=text)
    _, body, _ = await browser.get(f"/incident/{name}")
    quotes = [one.text_content().strip() for one in html.document_fromstring(body).iter("blockquote")]
    assert quotes[0].startswith(f"“{text}” post.example")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["title", "text", "source"])
async def test_what_others_wrote_is_text_and_never_markup(
    browser: Browser, store: Store, hostile: str, where: str
) -> None:
    name = told(store, **{"title": "Bomb in Karachi", "text": "x", "source": "p", where: f"Bomb {hostile} in Karachi"})
    for path in (f"/incident/{name}", "/"):
        status, body, _ = await browser.get(path)
        page = html.document_fromstring(body)
        assert status == 200
        assert not page.xpath("//script | //iframe | //object | //embed | //form | //base")
        assert len(page.xpath("//style")) == 1 and len(page.xpath("//img")) == (path != "/")
        assert not [name for one in page.iter() for name in one.attrib if name.startswith("on") or name == "style"]
        assert "49" not in words(body).replace("2049", "")
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066\u2067]", body)
        hrefs = page.xpath("//@href | //@src")
        assert all(one.startswith(("https://", "http://")) or ":" not in one for one in hrefs)


@pytest.mark.parametrize("url", ADDRESSES)
async def test_only_addresses_of_the_web_are_links(browser: Browser, store: Store, url: str) -> None:
    name = told(store, title="Bomb in Karachi", url=url)
    _, body, _ = await browser.get(f"/incident/{name}")
    hrefs = html.document_fromstring(body).xpath("//@href")
    assert not [one for one in hrefs if one.startswith(("javascript", "data", "//")) or "script" in one]


async def test_a_page_may_load_nothing_but_its_own_style_and_pictures_from_here(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb in Karachi")
    _, body, headers = await browser.get(f"/incident/{name}")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy and "*" not in policy and "http" not in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    page = html.document_fromstring(body)
    assert page.xpath("//link[@rel='stylesheet'] | //script") == []
    assert page.xpath("//img/@src") == [f"{name}/map.png"]
    assert all("noopener" in one.get("rel", "") for one in page.xpath("//a[starts-with(@href, 'http')]"))


async def test_names_that_chats_do_not_show_are_not_on_the_page(browser: Browser, store: Store) -> None:
    text = "Zahid Mirbaloch, 34, was killed by Omar Tahirzada at the market."
    name = told(
        store,
        title="Zahid Mirbaloch killed in Karachi",
        text=text,
        victims=(Victim(name="Zahid Mirbaloch"),),
        perpetrators=(Perpetrator(name="Omar Tahirzada", type="person", confidence="suspected_or_accused"),),
    )
    for path in (f"/incident/{name}", "/", "/incidents.atom", f"/incident/{name}/cap.xml"):
        body = (await browser.get(path))[1]
        assert "Mirbaloch" not in body and "Tahirzada" not in body, path


async def test_a_retracted_incident_says_so_on_top(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb in Karachi")
    store.write_sync(corrections.retract, name, now=NOW, rules=Rules())
    _, body, _ = await browser.get(f"/incident/{name}")
    [warning] = html.document_fromstring(body).xpath("//header//*[@class='warning']")
    assert "has been taken back" in warning.text_content()
    assert "RETRACTED" in words(body)
    assert (await browser.get(f"/incident/{name}/map.png"))[0] == 404 and "map.png" not in body


async def test_a_merged_incident_leads_to_the_one_that_it_is_part_of(browser: Browser, store: Store) -> None:
    kept, gone = happen(store, "a"), happen(store, "b", "Lahore")
    store.write_sync(corrections.merge, kept, gone, now=NOW, rules=Rules())
    for below, target in (
        ("?lang=fr", f"{kept}?lang=fr"),
        ("/map.png", f"../{kept}/map.png"),
        ("/cap.xml", f"../{kept}/cap.xml"),
    ):
        status, _, headers = await browser.get(f"/incident/{gone}{below}")
        assert (status, headers["Location"]) == (302, target)


async def test_nothing_of_an_address_becomes_a_header(browser: Browser, store: Store) -> None:
    kept, gone = happen(store, "a"), happen(store, "b", "Lahore")
    store.write_sync(corrections.merge, kept, gone, now=NOW, rules=Rules())
    status, _, headers = await browser.get(f"/incident/{gone}?lang=fr%0d%0aSet-Cookie:%20a=b")
    assert (status, headers["Location"]) == (302, f"{kept}?lang=fr%0D%0ASet-Cookie:%20a=b")
    assert "Set-Cookie" not in headers


async def test_graphic_words_are_blurred_until_somebody_looks(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb in Karachi", text="A severed head was found, police said.")
    page = html.document_fromstring((await browser.get(f"/incident/{name}"))[1])
    hidden = [one.text_content() for one in page.xpath("//blockquote//span[@class='graphic' and @tabindex='0']")]
    assert any("severed head" in one for one in hidden) and not any("Bomb" in one for one in hidden)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StoreError("the database /secret/t.db is locked"), 503, "the database can't be read"),
        (KeyError("x"), 500, "an error"),
    ],
)
async def test_what_goes_wrong_inside_stays_inside(
    browser: Browser, store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("bot.web.feeds.load", fails)
    got, body, _ = await browser.get("/incidents.atom")
    assert got == status and said in body and "secret" not in body and "Traceback" not in body


@pytest.mark.parametrize("name", ["nosuchid", "<script>", "%00", "a" * 3000, "..%2f..%2fetc%2fpasswd"])
async def test_an_unknown_id_is_said_clearly(browser: Browser, name: str) -> None:
    status, body, headers = await browser.get(f"/incident/{name}")
    assert (status, "There is no such incident." in body) == (404, True)
    assert "Content-Security-Policy" in headers and "<script" not in body


async def test_an_incident_whose_place_is_not_known_has_no_map(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb somewhere", facts={"place": None})
    _, body, _ = await browser.get(f"/incident/{name}")
    assert "map.png" not in body and "place not known" in words(body)
    assert (await browser.get(f"/incident/{name}/map.png"))[0] == 404


async def test_the_map_is_a_picture(browser: Browser, store: Store) -> None:
    name = told(store, title="Bomb in Karachi")
    _, _, headers = await browser.get(f"/incident/{name}/map.png")
    assert headers["Content-Type"] == "image/png"
    assert (await browser.bytes(f"/incident/{name}/map.png")).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("asked", "query", "code"),
    [("", "", "en"), ("fr-CH, en;q=0.5", "", "fr"), ("xx, ur;q=0.3, es;q=0.8", "", "es"), ("fr", "lang=ar", "ar"),
     ("fr;q=0, es;q=x, *", "", "en"), ("fr", "lang=xx", "fr")],
)  # fmt: skip
async def test_a_page_is_in_the_language_that_the_browser_asks_for(
    browser: Browser, store: Store, asked: str, query: str, code: str
) -> None:
    name = told(store, title="Bomb in Karachi")
    _, body, headers = await browser.get(f"/incident/{name}?{query}", Accept_Language=asked)
    page = html.document_fromstring(body)
    assert (page.get("lang"), page.get("dir"), headers["Content-Language"]) == (
        code,
        "rtl" if code == "ar" else "ltr",
        code,
    )
    assert "Accept-Language" in headers["Vary"]
    assert ("What is known" in body) == (code == "en")


@pytest.mark.parametrize("code", CODES)
async def test_every_heading_is_translated(browser: Browser, store: Store, code: str) -> None:
    name = told(store, title="Bomb in Karachi")
    english = html.document_fromstring((await browser.get(f"/incident/{name}"))[1])
    page = html.document_fromstring((await browser.get(f"/incident/{name}?lang={code}"))[1])
    heads = [[one.text_content() for one in read.iter("h2")] for read in (english, page)]
    same = {a for a, b in zip(*heads, strict=True) if a == b}
    assert len(heads[0]) == 4 and same <= ({*heads[0]} if code == "en" else {"Articles", "Versions"})


async def test_the_list_leads_to_the_pages_and_feeds_of_the_same_filter(browser: Browser, store: Store) -> None:
    one, _ = happen(store, "a"), happen(store, "b", "Lahore")
    status, body, _ = await browser.get("/?place=Karachi")
    hrefs = html.document_fromstring(body).xpath("//@href")
    assert status == 200 and f"incident/{one}" in hrefs and "incidents.atom?place=Karachi" in hrefs
    assert len([href for href in hrefs if href.startswith("incident/")]) == 1
    status, body, _ = await browser.get("/?place=<script>")
    assert status == 400 and "I know no place" in body and "<script>" not in body


async def test_evidence_in_chats_leads_to_the_page_where_others_can_open_it(
    store: Store, chatting: Any, wire: Any
) -> None:
    name = told(store, title="Bomb in Karachi")
    assert "/incident/" not in (await say_to(chatting, wire, message(f"/evidence {name}")))[0]
    shown = dataclasses.replace(chatting.services, pages="https://alerts.example.org/incident/")
    chatting = dataclasses.replace(chatting, services=shown)
    said = (await say_to(chatting, wire, message(f"/evidence {name}")))[0]
    assert f'<a href="https://alerts.example.org/incident/{name}">' in said


# ------------------------------------------------------------------ in a real browser


def dump(address: str, profile: Path, *options: str) -> str:
    """What a browser makes of a page, as HTML."""
    assert CHROMIUM is not None
    quiet = (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    )  # fmt: skip
    done = subprocess.run(
        [CHROMIUM, *quiet, f"--user-data-dir={profile}", *options, address],
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
async def test_a_browser_runs_nothing_that_others_wrote(browser: Browser, store: Store, tmp_path: Path) -> None:
    name = told(store, title=" ".join(HOSTILE), text=" ".join(HOSTILE))
    made = await asyncio.to_thread(dump, f"{browser.base}/incident/{name}", tmp_path / "profile", "--dump-dom")
    page = html.document_fromstring(made)
    assert page.findtext(".//title") == "SEVERE · Karachi, Pakistan · bombing, 4 killed · Tocsin"
    assert not page.xpath("//script | //iframe") and "document.title='owned'" in page.text_content()


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_shows_a_page_within_its_width(
    browser: Browser, store: Store, tmp_path: Path, scheme: str
) -> None:
    """Nothing reaches over the right edge, where the picture would not be of the page's own background."""
    from PIL import Image

    name = told(store, title="Bomb " + "x" * 150, text="https://very.long.example/" + "y" * 180)
    shot = tmp_path / "page.png"
    dark = ("--blink-settings=preferredColorScheme=0",) if scheme == "dark" else ()
    options = (f"--screenshot={shot}", "--window-size=390,2400", "--hide-scrollbars", *dark)
    await asyncio.to_thread(dump, f"{browser.base}/incident/{name}", tmp_path / "profile", *options)
    picture = Image.open(shot).convert("RGB")
    assert picture.size == (390, 2400)
    background = (20, 23, 27) if scheme == "dark" else (255, 255, 255)
    # the line above the foot reaches over the whole width
    assert sum(picture.getpixel((388, y)) != background for y in range(20, 2400)) <= 2
