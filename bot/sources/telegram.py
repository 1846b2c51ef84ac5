"""The kind "telegram": a public Telegram channel, by the address that people share (https://t.me/NAME).

It is read by its preview on the web, https://t.me/s/NAME, without an account; a channel may have switched that off.
"""

from __future__ import annotations

import re

from bot.sources import feed
from bot.sources.kinds import Access, SourceKind
from bot.types import FetchResult, Source, SourceState

# names are 5 to 32 letters, digits and underscores; bought ones may be shorter
_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:t\.me|telegram\.me)/(?:s/)?(?P<name>[a-z][a-z0-9_]{3,31})(?:/\d+)?/?(?:\?.*)?",
    re.IGNORECASE,
)
# pages of t.me that are no channels
_PAGES = frozenset({"addstickers", "addemoji", "addlist", "joinchat", "proxy", "share", "socks", "login", "invoice"})


async def fetch(access: Access, state: SourceState) -> FetchResult:
    """The channel's preview."""
    return await access.fetch(preview(state.fetch_url), etag=state.etag, last_modified=state.last_modified)


async def identify(access: Access, url: str) -> Source:
    """The channel at an address, under the address of its preview.

    Raises:
        ChatError: it can't be fetched, or has no preview.
    """
    return await feed.identify(access, preview(url))


def preview(url: str) -> str:
    """The address of a channel's preview; any other address as it is."""
    found = _ADDRESS.fullmatch(url)
    return f"https://t.me/s/{found['name']}" if found is not None else url


def recognises(url: str) -> bool:
    """Is it the address of a channel, of its preview or of a message?"""
    found = _ADDRESS.fullmatch(url)
    return found is not None and found["name"].lower() not in _PAGES


KIND = SourceKind(noun="Telegram channel", fetch=fetch, parse=feed.parse, recognises=recognises, identify=identify)
