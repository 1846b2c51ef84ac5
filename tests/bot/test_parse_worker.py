"""Parsing in a process that may be killed: what it answers, and that nothing outlives its limits."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.sources.parse_worker import ParseWorker

FEED = b"<rss version='2.0'><channel><title>Quay</title><item><title>T</title><link>/1</link></item></channel></rss>"
# feedparser needs time that grows with the square of the number of attributes
SLOW = (
    b"<rss "
    + b" ".join(b'a%d="1"' % n for n in range(100_000))
    + b"><channel><item><title>t</title></item></channel></rss>"
)


@pytest.fixture(scope="module")
def worker() -> Iterator[ParseWorker]:
    with ParseWorker(cpu_seconds=0.3) as made:
        yield made


def test_feed_is_parsed_as_without_the_process(worker: ParseWorker) -> None:
    feed = worker.parse(FEED, base_url="https://quay.example/f")
    assert [(one.title, one.url) for one in feed.articles] == [("T", "https://quay.example/1")]
    assert feed.title == "Quay"


def test_document_that_takes_too_long_is_given_up_and_the_next_is_read(worker: ParseWorker) -> None:
    slow = worker.parse(SLOW)
    assert slow.articles == ()
    assert slow.problems == ("took more than 0.3 s to read: given up",)
    assert len(worker.parse(FEED).articles) == 1


def test_document_that_needs_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    with ParseWorker(memory_bytes=100 * 1024 * 1024) as worker:
        large = worker.parse(
            b"<rss><channel><item><title>" + b"&nosuch; " * 1_000_000 + b"</title></item></channel></rss>"
        )
        assert large.articles == ()
        assert large.problems
        assert len(worker.parse(FEED).articles) == 1


def test_killed_process_is_replaced(worker: ParseWorker) -> None:
    worker.parse(FEED)
    assert worker.pid is not None
    worker.kill()
    assert len(worker.parse(FEED).articles) == 1


def test_page_and_the_feeds_it_names() -> None:
    page = b'<html><head><link rel=alternate type="application/rss+xml" href=/f></head></html>'
    sentence = "Two boats collided off the Lantern Quay on Monday evening, the harbour master said. "
    with ParseWorker() as worker:
        assert [one.url for one in worker.alternates(page, base_url="https://quay.example/")] == [
            "https://quay.example/f"
        ]
        article = worker.article_of(f"<html><body><article><p>{sentence * 5}</p></article></body></html>".encode())
    assert article.text.startswith("Two boats collided")


def test_threads_take_turns(worker: ParseWorker) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(worker.parse(FEED).articles))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6
