"""Feed documents in, their articles out: ``parse-feed``; and whether an address would be read: ``check-url``."""

from __future__ import annotations

import base64
import binascii
import sys

import msgspec

from bot import guard
from bot.batch.lines import STDIN, Lines, flush, opened, write
from bot.parsing import MAX_BODY, ParseWorker
from extract.types import ParsedFeed
from extract.wire import BadLineError, article_json


class Document(msgspec.Struct, frozen=True):
    """One line of ``parse-feed --batch``."""

    id: str
    body_b64: str
    base_url: str | None = None
    content_type: str | None = None


def parse_feed(name: str, *, base_url: str, content_type: str) -> None:
    """One document: a line an article on stdout, a line a problem on stderr.

    Raises:
        UsageError: the file can't be opened.
    """
    with opened(name) as stream:
        body = stream.read(MAX_BODY + 1)
    with ParseWorker() as worker:
        feed = worker.parse(body, base_url=base_url, content_type=content_type)
    for article in feed.articles:
        write(article_json(article))
    flush()
    where = "stdin" if name == STDIN else name
    for problem in feed.problems:
        print(f"{where}: {problem}", file=sys.stderr)  # noqa: T201  the contract's place for it


def parse_feeds(name: str, *, strict: bool) -> int:
    """``--batch``: a document a line in, its articles a line out, flushed at each. How many lines were bad."""
    lines = Lines(name, strict=strict)
    with ParseWorker() as worker:
        for document in lines.read(_document):
            feed = _parsed(worker, document)
            articles = [article_json(article) for article in feed.articles]
            write({"id": document.id, "articles": articles, "problems": list(feed.problems)})
            flush()
    lines.report()
    return lines.bad


def check_url(url: str) -> int:
    """Prints ``allow`` or ``block: why``, for an installation without ``allow_hosts``. The exit code."""
    why = guard.verdict(url)
    print(f"block: {why}" if why else "allow")  # noqa: T201  the contract's answer
    return 3 if why else 0


def _parsed(worker: ParseWorker, document: Document) -> ParsedFeed:
    try:
        body = base64.b64decode(document.body_b64, validate=True)
    except (binascii.Error, ValueError) as error:
        return ParsedFeed(problems=(f"body_b64 is no base64: {error}",))
    return worker.parse(body, base_url=document.base_url or "", content_type=document.content_type or "")


def _document(line: bytes) -> Document:
    try:
        return msgspec.json.decode(line, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadLineError(f"expected an object with id and body_b64: {error}") from error
