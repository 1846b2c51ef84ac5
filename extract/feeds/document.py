"""What do we hold before we know its format? One document's bytes, where they came from, and how much is read."""

from __future__ import annotations

import re
import zlib

import msgspec

from extract.types import Frozen

MAX_BYTES = 10 * 1024 * 1024
MAX_ITEMS = 5_000

_GZIP = b"\x1f\x8b\x08"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 4096
_GUESS_BYTES = 64 * 1024
_NAMES_ENCODING = re.compile(rb"\s*<\?xml[^>]*encoding\s*=")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"{\0", b"\0{", b"\0\0", b"Lo\xa7\x94")
_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<![^\[>]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL)


class Document(Frozen, frozen=True, kw_only=True):
    """One document as it came; ``problems`` are what was wrong with it so far."""

    body: bytes
    base_url: str = ""
    content_type: str = ""
    max_items: int = MAX_ITEMS
    problems: tuple[str, ...] = ()

    @property
    def is_wide(self) -> bool:
        """Is a character more than one byte (UTF-16, UTF-32), or none of ASCII's (EBCDIC)?"""
        return self.body.startswith(_WIDE)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def head(self) -> bytes:
        """How the document begins, in lower case: without byte order mark, declarations and comments."""
        start = self.body[:_HEAD_BYTES].replace(b"\0", b"")
        for mark in _MARKS:
            start = start.removeprefix(mark)
        while found := _PROLOG.match(start):
            start = start[found.end() :]
        return start.lstrip().lower()

    @property
    def guessed_charset(self) -> str:
        """The encoding of a document that names none and is no UTF-8, by its bytes; empty where it needs no guess."""
        named = self.is_wide or "charset" in self.content_type.lower() or _NAMES_ENCODING.match(self.body)
        if named or self.body.startswith(_MARKS) or _is_utf8(self.body):
            return ""
        from charset_normalizer import from_bytes  # noqa: PLC0415  seldom needed, and slow to load

        best = from_bytes(self.body[:_GUESS_BYTES]).best()
        return best.encoding if best else ""


def opened(body: bytes, *, base_url: str, content_type: str, max_items: int) -> Document:
    """The document, unpacked where it is gzip, and cut where it is larger than any feed."""
    problems: tuple[str, ...] = ()
    if body.startswith(_GZIP):
        body, problems = _unpacked(body)
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


def _unpacked(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """What a gzip file holds, up to one byte more than is read."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES + 1), ()
    except zlib.error as error:
        return b"", (f"damaged gzip data: {error}",)
