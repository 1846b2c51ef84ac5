"""Lists of feeds in OPML: what is read of them, and what is refused as a whole."""

import pytest

from extract.feeds import feeds_of
from extract.feeds.opml import MAX_BYTES, MAX_FEEDS
from extract.types import FeedLink


def opml(*outlines, head=""):
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def outline(url, **said):
    more = "".join(f' {name}="{value}"' for name, value in said.items())
    return f'<outline type="rss" xmlUrl="{url}"{more}/>'


def test_feeds_in_nested_outlines_come_in_their_order_with_title_and_language():
    inner = f'<outline text="World">{outline("https://b.example/f", text="B", language="fr")}</outline>'
    body = opml(outline("https://a.example/f", text="a", title="A"), f'<outline text="News">{inner}</outline>')
    assert feeds_of(body).links == (
        FeedLink(url="https://a.example/f", title="A"),
        FeedLink(url="https://b.example/f", title="B", lang="fr"),
    )


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed:https://a.example/f", "https://a.example/f"),
        ("feed://a.example/f", "https://a.example/f"),
        (" https://a.example/f?x=1&amp;y=2 ", "https://a.example/f?x=1&y=2"),
    ],
)
def test_addresses_as_readers_write_them(written, url):
    assert [one.url for one in feeds_of(opml(outline(written))).links] == [url]


def test_attributes_in_any_case_are_read():
    assert feeds_of(opml('<outline xmlurl="https://a.example/f" TITLE="A"/>')).links[0].title == "A"


def test_outlines_that_are_no_feeds_are_left_out():
    body = opml('<outline type="link" url="https://a.example/"/>', outline("https://a.example/f"))
    assert len(feeds_of(body).links) == 1


BOMB = "<!DOCTYPE opml [" + '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "can't be read as XML"),
        (b"hello", "can't be read as XML"),
        (opml(outline("https://a.example/f"))[:-9], "can't be read as XML"),
        (b"<html><body/></html>", "no OPML"),
        (opml(), "lists no feed"),
        (opml('<outline text="&j;"/>', head=f"{BOMB}]>"), ""),
        (opml(outline("https://a.example/f"), head='<!DOCTYPE opml SYSTEM "file:///etc/passwd">'), "document type"),
        (opml(outline("https://a.example/f", text="&x;"), head='<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), ""),
        (b"<opml>" + b"<outline>" * 100_000, "can't be read as XML"),
        (b"<opml>" + b" " * MAX_BYTES, "larger than 5 MB"),
        (opml(*(outline(f"https://a.example/{n}") for n in range(MAX_FEEDS + 1))), "more than 5,000 feeds"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_one_line(body, why):
    found = feeds_of(body)
    assert found.links == () and found.problem and why in found.problem
    assert "\n" not in found.problem and len(found.problem) < 250
    assert "root:" not in found.problem
