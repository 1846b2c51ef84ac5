"""What a request brings, and what it never does."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from loopback import Hang, Names, Web, answer, moved

from bot.config import Fetch
from bot.sources.address_guard import Target
from bot.sources.fetch import Fetcher, HostRate, retry_after

OWN = ("127.0.0.1",)


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    made = Fetcher(Fetch(allow_hosts=OWN, max_bytes=20_000))
    yield made
    await made.close()


async def test_document_comes_with_its_validators(web: Web, fetcher: Fetcher) -> None:
    web.pages["/f"] = answer(
        "<rss/>", ETag='"a"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT", Content_Type="text/xml"
    )
    result = await fetcher.fetch(f"{web.root}/f")
    assert (result.status, result.body, result.error) == (200, b"<rss/>", "")
    assert (result.etag, result.content_type) == ('"a"', "text/xml")
    assert result.last_modified == "Mon, 02 Mar 2026 10:00:00 GMT"


async def test_validators_are_sent_and_unchanged_is_no_failure(web: Web, fetcher: Fetcher) -> None:
    web.pages["/f"] = answer(status="304 Not Modified")
    result = await fetcher.fetch(f"{web.root}/f", etag='"a"', last_modified="yesterday")
    assert (result.status, result.error) == (304, "")
    headers = web.requests[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"a"', "yesterday")
    assert headers["user-agent"] == "Tocsin/0.1 (incident alerts)"


@pytest.mark.parametrize(
    ("status", "why"),
    [("404 Not Found", "not found"), ("410 Gone", "gone for good"), ("500 Oops", "the server has a problem")],
)
async def test_refusal_is_a_failure_with_its_reason(web: Web, fetcher: Fetcher, status: str, why: str) -> None:
    web.pages["/f"] = answer("sorry", status)
    result = await fetcher.fetch(f"{web.root}/f")
    assert why in result.error
    assert result.body.strip() == b""


async def test_rest_that_the_server_asks_for_is_reported(web: Web, fetcher: Fetcher) -> None:
    web.pages["/f"] = answer(status="429 Too Many Requests", Retry_After="120")
    assert (await fetcher.fetch(f"{web.root}/f")).retry_after == 120


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "Mon, 02 Mar 2026 10:05:00 GMT", "Date": "Mon, 02 Mar 2026 10:00:00 GMT"}, 300.0),
        ({"Retry-After": "Mon, 02 Mar 2026 10:05:00 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({}, None),
    ],
)
def test_retry_after_as_seconds_or_date(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers) == expected


# ------------------------------------------------------------------ bodies


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", lambda data: zlib.compress(data)[2:-4])],
)
async def test_packed_document_is_unpacked(web: Web, fetcher: Fetcher, packing: str, pack: object) -> None:
    web.pages["/f"] = answer(pack(b"<rss/>" * 50), Content_Encoding=packing)  # type: ignore[operator]
    assert (await fetcher.fetch(f"{web.root}/f")).body == b"<rss/>" * 50


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (answer("<rss>", length=100), "cut off"),
        (answer(gzip.compress(b"<rss/>" * 500)[:-20], Content_Encoding="gzip"), "cut off"),
        (b"HTTP/1.0 200 OK\r\n\r\n<rss><channel><item><title>Half a ti", "cut off"),
        (answer("not gzip at all", Content_Encoding="gzip"), "damaged"),
        (answer("x", Content_Encoding="br"), "which we don't read"),
        (answer("x" * 30_000), "larger than 20000 bytes"),
        (answer(gzip.compress(bytes(10_000_000)), Content_Encoding="gzip"), "larger than 20000 bytes"),
        (answer("  \n "), "an empty document"),
        (b"nonsense\r\n\r\n", ""),
        (b"", ""),
    ],
)
async def test_damaged_or_oversized_body_is_a_failure(web: Web, fetcher: Fetcher, page: bytes, why: str) -> None:
    web.pages["/f"] = page
    result = await fetcher.fetch(f"{web.root}/f")
    assert result.error
    assert why in result.error
    assert result.body.strip() == b""


async def test_whole_document_of_unstated_length_is_taken(web: Web, fetcher: Fetcher) -> None:
    web.pages["/f"] = b"HTTP/1.0 200 OK\r\n\r\n<rss></rss>\n"
    assert (await fetcher.fetch(f"{web.root}/f")).body == b"<rss></rss>\n"


async def test_silence_is_a_failure_after_the_time_limit(web: Web) -> None:
    web.pages["/f"] = Hang
    fetcher = Fetcher(Fetch(allow_hosts=OWN, timeout=0.05))
    assert (await fetcher.fetch(f"{web.root}/f")).error == "no answer within 0.05 s"
    await fetcher.close()


# ------------------------------------------------------------------ redirects


async def test_permanent_moves_are_reported(web: Web, fetcher: Fetcher) -> None:
    web.pages |= {"/a": moved("/b"), "/b": moved("/c", "308 Permanent Redirect"), "/c": answer("<rss/>")}
    result = await fetcher.fetch(f"{web.root}/a")
    assert (result.body, result.url, result.moved_to) == (b"<rss/>", f"{web.root}/c", f"{web.root}/c")


async def test_one_passing_redirect_makes_no_move(web: Web, fetcher: Fetcher) -> None:
    web.pages |= {"/a": moved("/b"), "/b": moved("/c", "302 Found"), "/c": answer("<rss/>")}
    result = await fetcher.fetch(f"{web.root}/a")
    assert (result.body, result.moved_to) == (b"<rss/>", "")


async def test_site_that_sets_a_cookie_and_redirects_to_itself_is_read(web: Web, fetcher: Fetcher) -> None:
    first = answer(status="302 Found", Location="/f", Set_Cookie="seen=yes; Path=/; HttpOnly")
    for _ in range(2):  # the cookies of one request are unknown to the next
        web.pages["/f"] = [first, answer("<rss/>")]
        assert (await fetcher.fetch(f"{web.root}/f")).body == b"<rss/>"
    assert [headers.get("cookie") for _, headers in web.requests] == [None, "seen=yes", None, "seen=yes"]


async def test_site_that_redirects_to_itself_for_ever_is_left(web: Web, fetcher: Fetcher) -> None:
    web.pages["/f"] = answer(status="302 Found", Location="/f", Set_Cookie="seen=yes; Path=/")
    assert "circle" in (await fetcher.fetch(f"{web.root}/f")).error
    assert web.count("/f") == 2
    web.pages["/g"] = [answer(status="302 Found", Location="/g", Set_Cookie=f"n={n}; Path=/") for n in range(20)]
    assert "more than 5 redirects" in (await fetcher.fetch(f"{web.root}/g")).error


async def test_cookie_for_another_host_is_not_sent(web: Web) -> None:
    names = Names({"quay.example": [["127.0.0.1"]], "pier.example": [["127.0.0.1"]]})
    fetcher = Fetcher(Fetch(allow_hosts=("quay.example", "pier.example")), resolver=names)
    to = f"http://pier.example:{web.port}/g"
    web.pages |= {
        "/f": answer(status="302 Found", Location=to, Set_Cookie="a=1; Path=/"),
        "/g": answer("<rss/>"),
    }
    assert (await fetcher.fetch(f"http://quay.example:{web.port}/f")).body == b"<rss/>"
    assert [headers.get("cookie") for _, headers in web.requests] == [None, None]
    await fetcher.close()


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="0; url=/new?a=1&amp;b=2">',
        "<META HTTP-EQUIV=Refresh CONTENT='3;URL=\"/new?a=1&b=2\"'>",
        '<meta content="0, /new?a=1&b=2" http-equiv="refresh"/>',
    ],
)
async def test_page_that_sends_on_is_followed(web: Web, fetcher: Fetcher, meta: str) -> None:
    web.pages |= {"/f": answer(f"<!DOCTYPE html><html><head>{meta}</head></html>"), "/new?a=1&b=2": answer("<rss/>")}
    result = await fetcher.fetch(f"{web.root}/f")
    assert (result.body, result.url, result.moved_to) == (b"<rss/>", f"{web.root}/new?a=1&b=2", "")


@pytest.mark.parametrize(
    "page",
    [
        '<html><meta http-equiv="refresh" content="300; url=/new"></html>',
        '<html><meta http-equiv="refresh" content="0"></html>',
        '<html><meta http-equiv="refresh" content="0; url=/f"></html>',
        '<html><!-- <meta http-equiv="refresh" content="0; url=/new"> --></html>',
        '<html><noscript><meta http-equiv="refresh" content="0; url=/new"></noscript></html>',
        '<rss><title><meta http-equiv="refresh" content="0; url=/new"/></title></rss>',
    ],
)
async def test_what_is_to_be_read_is_not_left(web: Web, fetcher: Fetcher, page: str) -> None:
    web.pages |= {"/f": answer(page), "/new": answer("<rss/>")}
    assert (await fetcher.fetch(f"{web.root}/f")).body == page.encode()
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "to", ["http://10.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "http://localhost/"]
)
async def test_page_that_sends_on_to_a_private_address_is_not_followed(web: Web, fetcher: Fetcher, to: str) -> None:
    web.pages["/f"] = answer(f'<html><meta http-equiv="refresh" content="0; url={to}"></html>')
    result = await fetcher.fetch(f"{web.root}/f")
    assert result.error and not result.body


async def test_pages_that_send_on_for_ever_end_after_five(web: Web, fetcher: Fetcher) -> None:
    for n in range(9):
        web.pages[f"/{n}"] = answer(f'<html><meta http-equiv="refresh" content="0; url=/{n + 1}"></html>')
    assert "more than 5 redirects" in (await fetcher.fetch(f"{web.root}/0")).error


async def test_redirects_end_after_five(web: Web, fetcher: Fetcher) -> None:
    web.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(11)}
    assert (await fetcher.fetch(f"{web.root}/0")).error == "more than 5 redirects"
    assert len(web.requests) == 6


async def test_circle_is_left(web: Web, fetcher: Fetcher) -> None:
    web.pages |= {"/a": moved("/b"), "/b": moved("/a")}
    assert (await fetcher.fetch(f"{web.root}/a")).error == "redirects in a circle"


@pytest.mark.parametrize("to", ["http://169.254.169.254/", "http://localhost:{port}/x", "http://127.0.0.2:{port}/x"])
async def test_redirect_to_a_private_address_is_not_followed(web: Web, fetcher: Fetcher, to: str) -> None:
    web.pages |= {"/a": moved(to.format(port=web.port)), "/x": answer("secret")}
    result = await fetcher.fetch(f"{web.root}/a")
    assert result.error
    assert web.count("/x") == 0


async def test_redirect_to_a_file_is_not_followed(web: Web, fetcher: Fetcher) -> None:
    web.pages["/a"] = moved("file:///etc/hostname")
    assert "http://" in (await fetcher.fetch(f"{web.root}/a")).error


# ------------------------------------------------------------------ names


def named(names: Names, *allowed: str, **settings: float) -> Fetcher:
    """A fetcher that looks names up in a test's table."""
    return Fetcher(Fetch(allow_hosts=allowed, **settings), resolver=names, gap=0.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["100.64.0.9"], ["::ffff:8.8.8.8"]])
async def test_name_that_stands_for_a_private_address_is_refused(answers: list[str]) -> None:
    fetcher = named(Names({"news.example": [answers]}))
    assert "stands for" in (await fetcher.fetch("http://news.example/f")).error
    await fetcher.close()


async def test_name_that_changes_its_mind_reaches_nothing_private(web: Web) -> None:
    """Each connection goes to the very answer that was checked, so the second answer is checked too."""
    names = Names({"news.example": [["192.0.2.1"], ["127.0.0.1"]]})
    fetcher = named(names, timeout=0.2)
    first, second = await fetcher.fetch("http://news.example/f"), await fetcher.fetch("http://news.example/f")
    assert "stands for" in first.error  # a documentation address, so that nothing leaves this machine
    assert "stands for 127.0.0.1" in second.error
    assert web.requests == []
    await fetcher.close()


async def test_allowed_name_reaches_its_private_address(web: Web) -> None:
    web.pages["/f"] = answer("<rss/>")
    names = Names({"feeds": [["127.0.0.1"]]})
    fetcher = named(names, "feeds")
    assert (await fetcher.fetch(f"http://feeds:{web.port}/f")).body == b"<rss/>"
    assert names.asked == ["feeds"]
    await fetcher.close()


async def test_name_is_looked_up_by_the_system(web: Web) -> None:
    web.pages["/f"] = answer("<rss/>")
    fetcher = Fetcher(Fetch(allow_hosts=("localhost",)))
    assert (await fetcher.fetch(f"http://localhost:{web.port}/f")).body == b"<rss/>"
    await fetcher.close()


async def test_name_that_is_none_is_a_failure() -> None:
    fetcher = Fetcher(Fetch())
    assert (await fetcher.fetch(f"http://{'a' * 64}.example/")).error
    await fetcher.close()


async def test_own_hosts_are_asked_side_by_side(web: Web, fetcher: Fetcher) -> None:
    web.pages |= {"/slow": Hang, "/f": answer("<rss/>")}
    slow = asyncio.create_task(fetcher.fetch(f"{web.root}/slow"))
    assert (await fetcher.fetch(f"{web.root}/f")).body == b"<rss/>"
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_other_hosts_are_asked_one_request_at_a_time() -> None:
    rate, inside, most = HostRate(0.0), 0, 0

    async def ask(host: str) -> None:
        nonlocal inside, most
        async with rate.turn(Target(scheme="http", host=host, port=80)):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask("news.example") for _ in range(5)))
    assert most == 1
    await asyncio.gather(*(ask(f"{n}.example") for n in range(5)))
    assert most == 5
