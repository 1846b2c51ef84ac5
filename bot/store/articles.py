"""Which articles were received, and which of them wait for extraction?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from bot.store.codec import dump, load, moment, stamp
from bot.store.db import Row, Tx
from bot.types import StoredArticle
from extract.types import Article, Extraction, Incident

TABLE = "articles"
WORDS = "article_words"
# a feed with a clock in its text changes at every read: later revisions of an article than this are ignored
MAX_REVISIONS = 20
# query parameters that track where a visitor came from and don't identify the page
TRACKING = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "cmp", "ref", "ref_src", "ito", "xtor"})
TRACKING_PREFIXES = ("utm_", "at_", "ns_")

Outcome = Literal["new", "revised", "known"]


def add(tx: Tx, source_url: str, article: Article, now: datetime, *, baseline: bool) -> Outcome:
    """Write one article of a source, to wait for extraction; returns whether it is new, a revision or known.

    ``article.id`` is the source's own; with an empty ``source_url`` (replay) it is unique already. The same id
    with another text is a revision, and so is an article whose ``revises`` names a known one. An article with the
    address and title of one from another source is known.
    """
    ref = reference(source_url, article.id)
    earlier = reference(source_url, article.revises) if article.revises else ref
    if earlier != ref and tx.value("SELECT 1 FROM articles WHERE ref = :ref LIMIT 1", ref=earlier):
        ref = earlier
    latest = tx.row(
        "SELECT revision, digest, first_seen, baseline FROM articles WHERE ref = :ref ORDER BY revision DESC LIMIT 1",
        ref=ref,
    )
    digest, canonical = _digest(article), canonical_url(article.url)
    if latest and (latest["digest"] == digest or latest["revision"] >= MAX_REVISIONS):
        return "known"
    same_url = latest is None and _other_source_has(tx, canonical, source_url, article.title)
    num = tx[TABLE].insert(
        {
            "ref": ref,
            "revision": latest["revision"] + 1 if latest else 1,
            "source_url": source_url,
            "key": article.id,
            "canonical": canonical,
            "record": dump(msgspec.structs.replace(article, id=ref)),
            "digest": digest,
            "baseline": int(baseline),
            "first_seen": latest["first_seen"] if latest else stamp(now),
            "state": "same_url" if same_url else "waiting",
        }
    )
    if same_url:
        return "known"
    tx.execute(
        f"INSERT INTO {WORDS} (rowid, title, text) VALUES (:num, :title, :text)",
        num=num,
        title=article.title,
        text=article.text,
    )
    return "revised" if latest else "new"


def reference(source_url: str, key: str) -> str:
    """An article's id in the store: its own id in a replay, else a digest of source and id."""
    if not source_url:
        return key
    return hashlib.blake2s(f"{source_url}\n{key}".encode(), digest_size=8).hexdigest()


def waiting(tx: Tx, limit: int) -> list[StoredArticle]:
    """The articles that wait for extraction, in the order they were received."""
    rows = tx.rows(
        """SELECT record, source_url, revision, baseline, first_seen FROM articles
           WHERE state = 'waiting' ORDER BY num LIMIT :limit""",
        limit=limit,
    )
    return [_stored(row) for row in rows]


def get(tx: Tx, ref: str) -> StoredArticle | None:
    """The latest revision of an article, by its id in the store or the id that its source gave it."""
    row = tx.row(
        """SELECT record, source_url, revision, baseline, first_seen FROM articles
           WHERE num IN (SELECT num FROM articles WHERE ref = :ref UNION SELECT num FROM articles WHERE key = :ref)
           ORDER BY ref = :ref DESC, revision DESC LIMIT 1""",
        ref=ref,
    )
    return _stored(row) if row else None


def find(tx: Tx, name: str) -> StoredArticle | None:
    """The latest revision of an article, by its id or its link."""
    canonical = canonical_url(name)
    ref = (
        tx.value("SELECT ref FROM articles WHERE canonical = :canonical LIMIT 1", canonical=canonical)
        if canonical
        else None
    )
    return get(tx, ref or name)


def texts(tx: Tx, refs: Sequence[str]) -> dict[str, Article]:
    """The latest revision of each known article among these, by its id in the store."""
    found = [get(tx, ref) for ref in refs]
    return {stored.article.id: stored.article for stored in found if stored is not None}


def bodies(tx: Tx, incident: Incident) -> Iterator[str]:
    """The texts of an incident's articles, each read when it is asked for."""
    for ref in incident.articles:
        stored = get(tx, ref.id)
        if stored is not None:
            yield stored.article.text


def is_done(tx: Tx, ref: str) -> bool:
    """Has the pipeline finished with this article's latest revision?"""
    state = tx.value("SELECT state FROM articles WHERE ref = :ref ORDER BY revision DESC LIMIT 1", ref=ref)
    return state is not None and state != "waiting"


def mark_done(tx: Tx, stored: StoredArticle, extraction: Extraction) -> None:
    """Mark an article as processed and keep its extraction."""
    _end(tx, stored, "done", extraction=dump(extraction))


def mark_failed(tx: Tx, stored: StoredArticle, error: str) -> None:
    """Mark an article as one that the extractor can't read, so that it doesn't block the queue."""
    _end(tx, stored, "failed", error=error[:500])


def extraction(tx: Tx, ref: str) -> Extraction | None:
    """The extraction of an article's latest processed revision; None where there is none."""
    text = tx.value(
        "SELECT extraction FROM articles WHERE ref = :ref AND extraction IS NOT NULL ORDER BY revision DESC LIMIT 1",
        ref=ref,
    )
    return load(text, Extraction) if text else None


def canonical_url(url: str) -> str:
    """A page's address without the parts that differ between links to it; empty for a site's front page.

    Scheme https, host in lower case without ``www.``, no trailing slash, no tracking parameters, no fragment.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # "Invalid IPv6 URL": not an address
        return ""
    if not parts.netloc or (parts.path in ("", "/") and not parts.query):
        return ""
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(k.lower())]
    host = parts.netloc.lower().removeprefix("www.")
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(query), ""))


def _tracks(parameter: str) -> bool:
    return parameter in TRACKING or parameter.startswith(TRACKING_PREFIXES)


def _digest(article: Article) -> str:
    text = " ".join(f"{article.title}\n{article.text}".split()) + ("\nwithdrawn" if article.withdrawn else "")
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _other_source_has(tx: Tx, canonical: str, source_url: str, title: str) -> bool:
    if not canonical or not source_url:
        return False
    rows = tx.rows(
        """SELECT record FROM articles WHERE canonical = :canonical AND source_url <> :source AND source_url <> ''
           AND state <> 'same_url' LIMIT 5""",
        canonical=canonical,
        source=source_url,
    )
    return any(load(row["record"], Article).title.casefold() == title.casefold() for row in rows)


def _end(tx: Tx, stored: StoredArticle, state: str, **values: str) -> None:
    num = tx.value(
        "SELECT num FROM articles WHERE ref = :ref AND revision = :revision",
        ref=stored.article.id,
        revision=stored.revision,
    )
    tx[TABLE].update(num, {"state": state, **values})


def _stored(row: Row) -> StoredArticle:
    return StoredArticle(
        article=load(row["record"], Article),
        source_url=row["source_url"],
        revision=row["revision"],
        baseline=bool(row["baseline"]),
        first_seen=moment(row["first_seen"]),
    )
