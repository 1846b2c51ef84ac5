"""Which words of old articles are still needed? The title, and the sentences that incidents quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec

from bot.store import incidents
from bot.store.articles import TABLE, WORDS
from bot.store.codec import dump, load, stamp
from bot.store.db import Row, Tx
from extract.types import Article, Extraction, News, Quote, Report

# so many articles are pruned in one transaction
AT_ONCE = 500
_SENTENCE_END = re.compile(r"[.!?؟۔][\"'”’»)]*(?=\s)|\n")


def prune(tx: Tx, before: datetime) -> int:
    """Reduce articles first seen before a time to their title and quoted sentences; returns how many, AT_ONCE at most.

    An article of an incident that had news since then stays whole. What tells a known article from a new one stays: its
    id, link and digest. Its extraction is deleted: incidents keep its reports.
    """
    rows = tx.rows(
        f"""SELECT num, ref, record FROM {TABLE} a
            WHERE pruned = 0 AND first_seen < :before AND state <> 'waiting'
              AND NOT EXISTS (SELECT 1 FROM members m JOIN incidents i ON i.id = m.incident
                              WHERE m.article = a.ref AND i.last_seen >= :before)
            ORDER BY first_seen LIMIT :most""",
        before=stamp(before),
        most=AT_ONCE,
    )
    for row in rows:
        _reduce(tx, row, tuple(incidents.reports_by_position(tx, row["ref"]).values()))
    return len(rows)


def extraction(tx: Tx, article: Article) -> Extraction | None:
    """What incidents keep of the extraction of a pruned article, its quotes by their offsets in what is left of it."""
    reports = incidents.reports_by_position(tx, article.id).values()
    if not reports:
        return None
    found = tuple(_with_quotes(report, lambda quote: _found_again(quote, article)) for report in reports)
    return Extraction(id=article.id, relevant=any(one.news is News.EVENT for one in found), reports=found)


def quoted_sentences(text: str, quotes: Iterable[Quote]) -> str:
    """The sentences of a text that quotes touch, in their order; a line break stands for each gap."""
    spans = [(quote.start, quote.end) for quote in quotes if quote.where == "text"]
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    runs: list[tuple[int, int]] = []
    for start, end in pairwise(ends):
        if any(first < end and start < last for first, last in spans):
            begins = runs.pop()[0] if runs and runs[-1][1] == start else start
            runs.append((begins, end))
    return "\n".join(filter(None, (text[start:end].strip() for start, end in runs)))


def _reduce(tx: Tx, row: Row, reports: Sequence[Report]) -> None:
    article = load(row["record"], Article)
    text = quoted_sentences(article.text, (quote for report in reports for quote in _quotes(report)))
    record = dump(msgspec.structs.replace(article, text=text))
    tx[TABLE].update(row["num"], {"record": record, "extraction": None, "pruned": 1})
    tx.execute(f"DELETE FROM {WORDS} WHERE rowid = :num", num=row["num"])
    if reports:
        tx.execute(
            f"INSERT INTO {WORDS} (rowid, title, text) VALUES (:num, :title, :text)",
            num=row["num"],
            title=article.title,
            text=text,
        )


def _quotes(report: Report) -> Iterable[Quote]:
    for quotes in report.evidence.values():
        yield from quotes
    yield from (claim.evidence for claim in report.claims)
    if report.notice:
        yield report.notice.quote


def _with_quotes(report: Report, moved: Callable[[Quote], Quote]) -> Report:
    notice = report.notice
    return msgspec.structs.replace(
        report,
        evidence={field: tuple(map(moved, quotes)) for field, quotes in report.evidence.items()},
        claims=tuple(msgspec.structs.replace(claim, evidence=moved(claim.evidence)) for claim in report.claims),
        notice=msgspec.structs.replace(notice, quote=moved(notice.quote)) if notice else None,
    )


def _found_again(quote: Quote, article: Article) -> Quote:
    start = getattr(article, quote.where).find(quote.quote)
    return msgspec.structs.replace(quote, start=start, end=start + len(quote.quote)) if start >= 0 else quote
