"""What would a source have told? Its articles of the last week, extracted on the side and tracked in memory alone.

Nothing is stored and nobody is alerted. The articles go to the same workers as the news, a few at a time, so that news
waits for a fraction of a second at most.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from bot.errors import ClusterUnavailable
from bot.extraction.worker import Batch, Failed, Result
from bot.sources.normalise import normalised
from bot.types import Preview, Source
from extract import track
from extract.lang import LANGUAGES
from extract.lang.detect import language_of
from extract.types import Article, ArticleRef, Incident, Member, News, ParsedFeed, Report

log = logging.getLogger(__name__)

SPAN = timedelta(days=7)
MOST_TITLES = 3
# articles that are extracted, the newest
MOST_READ = 60
# articles in one batch: what comes meanwhile waits for so many, some 50 ms each
AT_ONCE = 4
# seconds that the person waits for all of them, and that one batch may take
SECONDS = 10.0
BATCH_SECONDS = 5.0


class Aside(Protocol):
    """Extracts a few articles between the news: ``bot.extraction.executor.BatchExtractor``."""

    async def extract_aside(self, articles: Batch, *, wait: float, seconds: float) -> tuple[Result, ...]:
        """One result per article, in order."""


async def look(source: Source, parsed: ParsedFeed, extractor: Aside, now: datetime) -> Preview:
    """What the source would have told in the last week, as far as its articles could be read in ``SECONDS``."""
    found, recent = await asyncio.to_thread(_recent, source, parsed, now)
    results = await _extracted(extractor, recent)
    return await asyncio.to_thread(summary, source, found, list(zip(recent, results, strict=False)), now, len(recent))


def _recent(source: Source, parsed: ParsedFeed, now: datetime) -> tuple[Sequence[Article], list[Article]]:
    """All articles as they would be kept, and those of the last week or without a date, the newest first."""
    found = normalised(parsed.articles, source, now)
    recent = [one for one in found if one.published is None or one.published >= now - SPAN]
    recent.sort(key=lambda one: one.published or now, reverse=True)
    return found, recent[:MOST_READ]


async def _extracted(extractor: Aside, articles: Sequence[Article]) -> list[Result]:
    """The results of the first articles, as many as are read in time."""
    results: list[Result] = []
    until = time.monotonic() + SECONDS
    for start in range(0, len(articles), AT_ONCE):
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            batch = tuple(articles[start : start + AT_ONCE])
            results += await extractor.extract_aside(batch, wait=left, seconds=BATCH_SECONDS)
        except (TimeoutError, ClusterUnavailable) as error:
            log.info("preview cut short", extra={"why": str(error) or "no turn in time"})
            break
    return results


def summary(
    source: Source,
    found: Sequence[Article],
    results: Sequence[tuple[Article, Result]],
    now: datetime,
    recent: int,
) -> Preview:
    """The preview of a source with the articles ``found``, ``recent`` of which were to be extracted."""
    told = incidents_of(results, now)
    told.sort(key=lambda one: (one.facts.severity.rank, one.last_seen), reverse=True)
    lang, is_read = _language(source, found)
    return Preview(
        items=len(found),
        newest=max((one.published for one in found if one.published), default=None),
        recent=recent,
        read=len(results),
        incidents=len(told),
        titles=tuple(one.articles[0].title for one in told[:MOST_TITLES] if one.articles),
        lang=lang,
        is_language_read=is_read,
        has_facts=bool(found) and all(one.stated is not None for one in found),
    )


def incidents_of(results: Sequence[tuple[Article, Result]], now: datetime) -> list[Incident]:
    """The incidents of the last week that articles tell of, matched to one another but to nothing that is known."""
    members: dict[str, list[Member]] = {}
    known: dict[str, Incident] = {}
    for article, result in sorted(results, key=lambda pair: pair[0].published or now):
        for report in _reports(article, result):
            member = Member(article=_reference(article, now), report=report, sketch=track.sketch(article))
            decision = track.decide(member, list(known.values()))
            if decision.action == "drop":
                continue
            name = decision.incident or f"p{len(known)}"
            members.setdefault(name, []).append(member)
            at = article.published or now
            known[name] = track.fuse(members[name], id=name, before=known.get(name), now=at)
    return [one for one in known.values() if _is_recent(one, now)]


def _reports(article: Article, result: Result) -> Sequence[Report]:
    if isinstance(result, Failed) or article.withdrawn:
        return ()
    return [report for report in result.reports if report.notice is None]


def _is_recent(incident: Incident, now: datetime) -> bool:
    when = incident.facts.when
    return incident.facts.news is News.EVENT and (when is None or when.last_day >= (now - SPAN).date())


def _reference(article: Article, now: datetime) -> ArticleRef:
    return ArticleRef(
        id=article.id,
        url=article.url,
        source=article.source,
        published=article.published,
        title=article.title,
        origin=track.origin_of(article, {}),
        seen=None if article.published else now,
    )


def _language(source: Source, found: Sequence[Article]) -> tuple[str, bool | None]:
    """The language of most articles (BCP 47), and whether it is read; None where there is too little to say.

    The tag is the source's word. Where it is one that is read, the words of the articles decide.
    """
    if not found:
        return source.lang, None
    tags = [one.lang for one in found]
    lang = max(set(tags), key=tags.count)
    words = " ".join(f"{one.title}. {one.text[:300]}" for one in found[:20])
    sample = msgspec.structs.replace(found[0], lang=lang)
    return lang, language_of(sample, words, LANGUAGES.values()) is not None
