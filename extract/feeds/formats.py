"""Which format does a document have, and which articles does it contain? One module and one line here per format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from extract.feeds import (
    bluesky,
    cap,
    cap_geojson,
    cap_index,
    emsc,
    gdacs,
    gdelt,
    jsonfeed,
    mastodon,
    page,
    reliefweb,
    sitemap,
    syndication,
    telegram,
    usgs,
)
from extract.feeds.document import MAX_ITEMS, Document, open_document
from extract.types import ParsedFeed


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of feed documents: how it is recognised, and how it is read."""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document], ParsedFeed]


# tried in this order: the first that recognises a document reads it
FORMATS = (
    Format(name="earthquakes of the EMSC", recognises=emsc.recognises, read=emsc.read),
    Format(name="CAP as GeoJSON", recognises=cap_geojson.recognises, read=cap_geojson.read),
    Format(name="earthquakes as GeoJSON", recognises=usgs.recognises, read=usgs.read),
    Format(name="ReliefWeb", recognises=reliefweb.recognises, read=reliefweb.read),
    Format(name="GDELT", recognises=gdelt.recognises, read=gdelt.read),
    Format(name="Bluesky", recognises=bluesky.recognises, read=bluesky.read),
    Format(name="Mastodon", recognises=mastodon.recognises, read=mastodon.read),
    Format(name="JSON Feed", recognises=jsonfeed.recognises, read=jsonfeed.read),
    Format(name="CAP", recognises=cap.recognises, read=cap.read),
    Format(name="index of CAP", recognises=cap_index.recognises, read=cap_index.read),
    Format(name="GDACS", recognises=gdacs.recognises, read=gdacs.read),
    Format(name="news sitemap", recognises=sitemap.recognises, read=sitemap.read),
    Format(name="Telegram channel", recognises=telegram.recognises, read=telegram.read),
    Format(name="web page", recognises=page.recognises, read=page.read),
    Format(name="RSS, RDF or Atom", recognises=syndication.recognises, read=syndication.read),
)


def parse(body: bytes, *, base_url: str = "", content_type: str = "", max_items: int = MAX_ITEMS) -> ParsedFeed:
    """The articles of a feed document, in its order, and what was wrong with it.

    An article's ``id`` is the one it gives, else its link, else a hash of its content. ``url`` is absolute where the
    document or ``base_url`` gives a base. ``published`` is None where the date is missing or impossible. A document
    that can't be read has no articles, and a problem that says why.
    """
    document = open_document(body, base_url=base_url, content_type=content_type, max_items=max_items)
    if not document.body.strip():
        return ParsedFeed(problems=document.problems or ("the document is empty",))
    reader = next((one for one in FORMATS if one.recognises(document)), None)
    if reader is None:
        return ParsedFeed(problems=(*document.problems, "no feed: neither RSS, RDF, Atom nor JSON Feed"))
    parsed = reader.read(document)
    return msgspec.structs.replace(
        parsed, articles=parsed.articles[:max_items], problems=(*document.problems, *parsed.problems)
    )
