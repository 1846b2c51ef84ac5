"""Which values flow through the service: sources and what a fetch brings."""

from __future__ import annotations

from extract.types import Frozen


class Source(Frozen, frozen=True, kw_only=True):
    """Something that is read again and again.

    ``every`` is the wished interval in seconds. ``family`` names the owner: outlets of one family count as one
    origin. ``tier`` is 1 (wire agencies, official bodies) to 4 (unknown). ``country`` is where the outlet sits
    (ISO 3166-1 alpha-2), ``lang`` a BCP 47 tag. ``kind`` is ``rss`` for any feed format.
    """

    url: str
    kind: str = "rss"
    every: float = 600.0
    name: str = ""
    family: str = ""
    country: str = ""
    tier: int = 3
    lang: str = "en"
    full_text: bool = False


class FetchResult(Frozen, frozen=True, kw_only=True):
    """What one request brought. ``status`` is the last hop's; a 304 has no body.

    ``url`` is where the body came from; ``moved_to`` is set where every redirect up to it was permanent.
    ``retry_after`` is in seconds. ``error`` is empty when the request succeeded.
    """

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: float | None = None
    moved_to: str = ""
    error: str = ""
