"""The kind "cap": a feed that links to alerts of the Common Alerting Protocol, each a document of its own.

Weather services announce their alerts in RSS with a title and a link; severity, area and references stand behind that.
A feed whose entries have CAP's elements themselves needs no such kind: "rss" reads it.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

import msgspec

from bot.sources import feed
from bot.sources.kinds import Access, SourceKind
from bot.types import FetchResult, Source
from extract.types import Article, ParsedFeed

# alerts fetched in one read of a source, the newest; the others come with the next reads
MAX_ALERTS = 60
_ADDRESS = re.compile(r"(?:^|[/._-])cap(?:[/._-]|$)", re.IGNORECASE)


async def parse(access: Access, result: FetchResult, _source: Source) -> ParsedFeed:
    """The feed's articles with the alerts that they link to in their place.

    An entry whose link is no alert stays as it is. One whose alert can't be fetched now is left out until a later read,
    so that it is not told twice, and so are those beyond ``MAX_ALERTS``.
    """
    index = await access.parse_feed(result)
    linked = [one for one in index.articles if one.stated is None and one.url]
    known = [one for one in linked if access.is_kept(one.url)]
    due = [one for one in linked if not access.is_kept(one.url)][:MAX_ALERTS]
    read = [*known, *due]
    found = await asyncio.gather(*(_alert(access, one) for one in read))
    alerts = {one.id: alert for one, alert in zip(read, found, strict=True)}
    kept = [alerts.get(one.id) if one in linked else one for one in index.articles]
    missing = sum(alert is None for alert in alerts.values())
    problems = (f"{missing} of {len(linked)} alerts can't be fetched",) if missing else ()
    return msgspec.structs.replace(
        index,
        articles=tuple(article for article in kept if article is not None),
        problems=(*index.problems, *problems),
    )


async def _alert(access: Access, article: Article) -> Article | None:
    """The alert behind an article's link, the article itself where that is none; None if it can't be fetched."""
    document = await access.parse_linked(article.url)
    if document is None:
        return None
    alert = next((one for one in document.articles if one.stated is not None), None)
    return msgspec.structs.replace(alert, url=alert.url or article.url) if alert is not None else article


def recognises(url: str) -> bool:
    """Does the address name the protocol?"""
    parts = urlsplit(url)
    return bool(_ADDRESS.search(parts.path) or _ADDRESS.search(parts.hostname or ""))


KIND = SourceKind(noun="feed of alerts", fetch=feed.fetch, parse=parse, recognises=recognises, identify=feed.identify)
