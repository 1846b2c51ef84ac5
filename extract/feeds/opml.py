"""Which feeds does an OPML document list? (OPML 2.0, as readers of feeds write and take it)

It is refused as a whole where it is no OPML: half a list would be taken for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from extract.feeds.plain import MAX_LANG, MAX_SOURCE, clean, one_line
from extract.types import FeedLink, FeedList

MAX_BYTES = 5_000_000
MAX_FEEDS = 5_000
_MAX_URL = 4096
_ROOT = "opml"
# some readers write addresses with a scheme of their own: feed://news.example/rss, feed:https://news.example/rss
_SCHEME = "feed:"


def feeds_of(body: bytes) -> FeedList:
    """The feeds in the outlines of a document, however deeply nested, or why it is refused."""
    if len(body) > MAX_BYTES:
        return FeedList(problem=f"it is larger than {MAX_BYTES // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return FeedList(problem=f"it can't be read as XML: {one_line(str(error), 150)}")
    if root.tag != _ROOT:
        return FeedList(problem="it is no OPML: its first element is not <opml>")
    if root.getroottree().docinfo.internalDTD is not None:  # no reader of feeds writes one, but every bomb has one
        return FeedList(problem="it has a document type of its own, which OPML does not need")
    try:
        links = tuple(link for outline in root.iter("outline") if (link := _link(_attributes(outline))) is not None)
    except ValueError:  # a reference to half a character, &#55296;
        return FeedList(problem="it has characters that XML does not allow")
    if len(links) > MAX_FEEDS:
        return FeedList(problem=f"it lists more than {MAX_FEEDS:,} feeds")
    return FeedList(links=links) if links else FeedList(problem="it lists no feed: no outline in it has an xmlUrl")


def _attributes(outline: etree._Element) -> dict[str, str]:
    """The attributes by their names in lower case, since not every reader writes "xmlUrl" so."""
    return {str(name).lower(): str(value) for name, value in outline.attrib.items()}


def _link(said: Mapping[str, str]) -> FeedLink | None:
    url = said.get("xmlurl", "").strip()[:_MAX_URL]
    if url.startswith(_SCHEME):
        rest = url.removeprefix(_SCHEME).removeprefix("//")
        url = rest if rest.startswith(("http://", "https://")) else f"https://{rest}"
    if not url:
        return None
    title = one_line(said.get("title", "") or said.get("text", ""), MAX_SOURCE)
    return FeedLink(url=url, title=title, lang=clean(said.get("language", ""))[:MAX_LANG])
