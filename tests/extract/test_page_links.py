"""A page without a feed: which links a selector finds, and what of CSS is read."""

from __future__ import annotations

import pytest
from lxml import etree

from extract.feeds import links_of
from extract.feeds.selector import xpath_of

PAGE = b"""<!doctype html><html><body>
<nav><a href="/">Home</a></nav>
<main id="top" class="wide main-list" lang="en-GB">
  <article class="teaser"><h2 class="Headline big"><a href="/news/2026/fire">Fire  at <b>the mill</b></a></h2>
    <a class="picture" href="/news/2026/fire"><img src="x.png"></a></article>
  <article class="teaser sponsored"><h2><a href="https://shop.example/offer?utm_source=x" rel="nofollow">Buy now</a></h2></article>
  <ul><li><a href="news/2026/quake" title="Quake">Quake shakes town</a></li><li><a href="javascript:void(0)">More</a></li>
    <li><a href="/news/2026/fire#comments">Comments</a></li><li><a>No address</a></li></ul>
</main></body></html>"""


def titles(selector: str) -> list[str]:
    return [one.title for one in links_of(PAGE, "https://quay.example/x/", selector, 100).articles]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("main h2 a", ["Fire at the mill", "Buy now"]),
        ("main a", ["Fire at the mill", "Buy now", "Quake shakes town"]),
        ("#top article.teaser > h2 > a", ["Fire at the mill", "Buy now"]),
        ("article:not(.sponsored) a", ["Fire at the mill"]),
        ('a[href*="/news/"]', ["Fire at the mill"]),
        ("a[href^=news]", ["Quake shakes town"]),
        ("a[href$='quake'], nav a", ["Home", "Quake shakes town"]),
        ("a[rel]", ["Buy now"]),
        ("a[title=Quake]", ["Quake shakes town"]),
        (".main-list li", ["Quake shakes town", "Comments"]),
        ("h2.Headline.big", ["Fire at the mill"]),
        ("main[lang|=en] > ul a:not([title])", ["Comments"]),
        ("*[class~=teaser] a", ["Fire at the mill", "Buy now"]),
        ("h5 a", []),
    ],
)
def test_the_links_of_a_selector_are_the_articles(selector: str, expected: list[str]) -> None:
    assert titles(selector) == expected


def test_an_article_has_an_absolute_address_as_its_id() -> None:
    [article] = links_of(PAGE, "https://quay.example/x/", "ul a[title]", 100).articles
    assert (article.id, article.url, article.text) == (
        "https://quay.example/x/news/2026/quake",
        "https://quay.example/x/news/2026/quake",
        "",
    )


@pytest.mark.parametrize("selector", ["", " ", "a,", "a >", "> a", "a:hover", "a::before", "a + b", "a ~ b", "a[", "a[x=]", ":not(a b)", "a{}", "//a", "..x", "a:nth-child(2)"])  # fmt: skip
def test_what_is_not_read_of_css_is_a_mistake(selector: str) -> None:
    with pytest.raises(ValueError, match="selector"):
        xpath_of(selector)


@pytest.mark.parametrize("selector", ["a[href='x\"y']", 'a[href="x\'y"]', "main h2 > a.b#c[d]:not(e), f"])
def test_every_selector_that_is_read_makes_an_expression(selector: str) -> None:
    etree.XPath(xpath_of(selector))


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 99, b"<html>", b"<a>" * 50_000, b"no page", PAGE[:150]])
def test_a_page_without_such_links_says_so(body: bytes) -> None:
    feed = links_of(body, "https://quay.example/", "h2 a", 100)
    assert feed.articles == () and len(feed.problems) == 1


def test_a_long_page_is_cut() -> None:
    body = b"".join(b"<a href='/%d'>Title %d</a>" % (n, n) for n in range(2_000))
    assert len(links_of(body, "https://quay.example/", "a", 50).articles) == 50
