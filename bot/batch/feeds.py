"""How does ``parse-feed`` turn the bytes of feed documents into articles?"""

from __future__ import annotations

import base64
import binascii
import sys

import msgspec

from bot.batch.json_lines import STDIN, Lines, flush, open_input, write
from bot.sources.parse_worker import MAX_BODY, ParseWorker
from extract.types import ParsedFeed
from extract.wire import BadLineError, article_json


class _Document(msgspec.Struct):
    id: str
    body_b64: str
    base_url: str | None = None
    content_type: str | None = None


def parse_one(name: str, *, base_url: str, content_type: str) -> int:
    """Write every article of one document as one line, and its problems to stderr; returns the exit code."""
    with open_input(name) as stream:
        body = stream.read(MAX_BODY + 1)
    with ParseWorker() as worker:
        feed = worker.parse(body, base_url=base_url, content_type=content_type)
    for article in feed.articles:
        write(article_json(article))
    flush()
    for problem in feed.problems:
        print(f"{'stdin' if name == STDIN else name}: {problem}", file=sys.stderr)  # noqa: T201
    return 0


def parse_batch(name: str, *, strict: bool) -> int:
    """Parse a file of documents, one on each line, each answered before the next; returns how many lines were bad."""
    lines = Lines(name, strict=strict)
    with ParseWorker() as worker:
        for document in lines.read(_read):
            feed = _parsed(worker, document)
            rows = [article_json(article) for article in feed.articles]
            write({"id": document.id, "articles": rows, "problems": list(feed.problems)})
            flush()
    lines.report()
    return lines.bad


def _parsed(worker: ParseWorker, document: _Document) -> ParsedFeed:
    """The parsed feed; a document whose body isn't base64 has a problem instead of articles."""
    try:
        body = base64.b64decode(document.body_b64, validate=True)
    except (binascii.Error, ValueError) as error:
        return ParsedFeed(problems=(f"expected body_b64 as base64: {error}",))
    return worker.parse(body, base_url=document.base_url or "", content_type=document.content_type or "")


def _read(line: bytes) -> _Document:
    try:
        document = msgspec.json.decode(line, type=_Document)
    except msgspec.DecodeError as error:
        raise BadLineError(f"expected a JSON object with id and body_b64: {error}") from error
    return document
