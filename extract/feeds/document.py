"""What is known of a document before its format is: its bytes, its address, its encoding, and how much is read?"""

from __future__ import annotations

import re
import zlib

import msgspec

from extract.types import Frozen

MAX_BYTES = 10 * 1024 * 1024
# articles of one document
MAX_ITEMS = 5_000

_GZIP = b"\x1f\x8b\x08"
# byte order marks
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 4096
_GUESS_BYTES = 64 * 1024
_NAMES_ENCODING = re.compile(rb"\s*<\?xml[^>]*encoding\s*=")
# how a document in UTF-16, UTF-32 or EBCDIC begins
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"{\0", b"\0{", b"\0\0", b"Lo\xa7\x94")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<![^\[>]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL)


class Document(Frozen, frozen=True, kw_only=True):
    """One document as it was fetched; ``problems`` are sentences about what was wrong with it so far."""

    body: bytes
    base_url: str = ""
    content_type: str = ""
    max_items: int = MAX_ITEMS
    problems: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Is each character more than one byte (UTF-16, UTF-32), or not compatible with ASCII (EBCDIC)?"""
        return self.body.startswith(_WIDE)

    @property
    def head(self) -> bytes:
        """The beginning of the document in lower case, without byte order mark, declarations and comments."""
        start = self.body[:_HEAD_BYTES].replace(b"\0", b"")
        for mark in _MARKS:
            start = start.removeprefix(mark)
        while found := _PROLOG.match(start):
            start = start[found.end() :]
        return start.lstrip().lower()

    @property
    def guessed_charset(self) -> str:
        """The encoding guessed from the bytes; empty for a document that names one or is UTF-8."""
        named = self.is_wide or "charset" in self.content_type.lower() or _NAMES_ENCODING.match(self.body)
        if named or self.body.startswith(_MARKS) or _is_utf8(self.body):
            return ""
        from charset_normalizer import from_bytes  # noqa: PLC0415  seldom needed, and slow to load

        best = from_bytes(self.body[:_GUESS_BYTES]).best()
        return best.encoding if best else ""


def open_document(body: bytes, *, base_url: str, content_type: str, max_items: int) -> Document:
    """The document with these bytes: decompressed if it is gzip, cut after ``MAX_BYTES``, without NUL bytes."""
    problems: tuple[str, ...] = ()
    if body.startswith(_GZIP):
        body, problems = _decompressed(body)
    if len(body) > MAX_BYTES:
        body, problems = body[:MAX_BYTES], (*problems, f"larger than {MAX_BYTES >> 20} MiB: the rest was not read")
    document = Document(body=body, base_url=base_url, content_type=content_type, max_items=max_items, problems=problems)
    if document.is_wide or b"\0" not in body:
        return document
    return msgspec.structs.replace(document, body=body.replace(b"\0", b""), problems=(*problems, "holds NUL bytes"))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decompressed(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The content of a gzip file, up to one byte more than is read, and what was wrong with it."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES + 1), ()
    except zlib.error as error:
        return b"", (f"damaged gzip data: {error}",)
