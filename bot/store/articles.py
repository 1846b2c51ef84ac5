"""Which articles were received, and which of them wait for extraction?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from bot.store.codec import dump, headline_key, load, moment, stamp
from bot.store.db import Row, Tx
from bot.types import StoredArticle
from extract import track
from extract.text.addresses import canonical_url
from extract.text.truncation import is_cut_off
from extract.types import Article, Extraction, Incident

TABLE = "articles"
WORDS = "article_words"
# a feed with a clock in its text changes at every read: later revisions of an article than this are ignored
MAX_REVISIONS = 20
# an authority's list of a storm or flood that goes on for weeks changes with every bulletin
MAX_STATED_REVISIONS = 500
# so many articles of a source with one address or title are compared with a new one, the latest ones
MOST_ALIKE = 5
# and so many with one id: a feed that gives all its stories one has thousands of them in a year
MOST_OF_ONE_ID = 20

Outcome = Literal["new", "revised", "known"]


def add(
    tx: Tx,
    source_url: str,
    article: Article,
    now: datetime,
    *,
    baseline: bool,
    beside: Collection[str] = (),
    on_trial: bool = False,
) -> Outcome:
    """Write one article of a source, to wait for extraction; returns whether it is new, a revision or known.

    ``article.id`` is the source's own; with an empty ``source_url`` (replay) it is unique already. The same story with
    another text is a revision, and so is an article whose ``revises`` names a known one. A source's ids are not
    trusted: another story under a known id is a new article, and a known one under a new id, with the address or title
    of a known one, is not. ``beside`` are the ids of the document's articles: what is still there under its own id has
    no new one, so that two items of one title are two articles. One whose text was cut off is known, and so is one with
    the address and title of an article from another source; that of a source on trial does not stand in its way.
    """
    digest, canonical = _digest(article), canonical_url(article.url)
    same_key = _latest(tx, source_url, article.id)
    if any(one["digest"] == digest for one in same_key):
        return "known"
    if article.stated is None and any(_is_cut_off(article, _text(tx, one)) for one in same_key):
        return "known"
    latest = _revised(tx, source_url, article, same_key, beside)
    most = MAX_REVISIONS if article.stated is None else MAX_STATED_REVISIONS
    if latest and (latest["digest"] == digest or latest["last"] >= most):
        return "known"
    same_url = latest is None and _other_source_has(tx, canonical, source_url, article, on_trial=on_trial)
    ref = latest["ref"] if latest else _new_reference(source_url, article, is_taken=bool(same_key))
    last = latest["last"] if latest else _last_revision(tx, ref)
    num = tx[TABLE].insert(
        {
            "ref": ref,
            "revision": last + 1,
            "source_url": source_url,
            "key": article.id,
            "canonical": canonical,
            "headline": headline_key(article.title),
            "record": dump(msgspec.structs.replace(article, id=ref)),
            "digest": digest,
            "baseline": int(baseline),
            "on_trial": int(on_trial),
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


def separate(tx: Tx, stored: StoredArticle, now: datetime) -> StoredArticle:
    """Make an article of its own of a revision that turned out to tell another story; returns it."""
    ref = _new_reference(stored.source_url, stored.article, is_taken=True)
    revision = _last_revision(tx, ref) + 1
    article = msgspec.structs.replace(stored.article, id=ref)
    tx.execute(
        """UPDATE articles SET ref = :new, revision = :number, record = :record, first_seen = :now
           WHERE ref = :ref AND revision = :revision""",
        new=ref,
        number=revision,
        record=dump(article),
        now=stamp(now),
        ref=stored.article.id,
        revision=stored.revision,
    )
    return msgspec.structs.replace(stored, article=article, revision=revision, first_seen=now)


def revision_before(tx: Tx, stored: StoredArticle) -> Article | None:
    """The text of the revision before this one; None for a first one."""
    record = tx.value(
        "SELECT record FROM articles WHERE ref = :ref AND revision < :revision ORDER BY revision DESC LIMIT 1",
        ref=stored.article.id,
        revision=stored.revision,
    )
    return load(record, Article) if record else None


def has_new_id(tx: Tx, stored: StoredArticle) -> bool:
    """Did the source give this revision an id under which no earlier one of the article came?"""
    keys = "SELECT key FROM articles WHERE ref = :ref AND revision"
    is_known = tx.value(
        f"{keys} = :revision AND key IN ({keys} < :revision)", ref=stored.article.id, revision=stored.revision
    )
    return is_known is None


def _latest(tx: Tx, source_url: str, key: str) -> list[Row]:
    """The latest revision of each article that came under this id of a source, the newest first.

    ``last`` is the number of the article's last revision, which may have come under another id.
    """
    return tx.rows(
        """SELECT num, ref, MAX(revision), digest, first_seen,
             (SELECT MAX(revision) FROM articles b WHERE b.ref = a.ref) AS last
           FROM articles a WHERE key = :key AND source_url = :source GROUP BY ref
           ORDER BY num DESC LIMIT :most""",
        key=key,
        source=source_url,
        most=MOST_OF_ONE_ID,
    )


def _last_revision(tx: Tx, ref: str) -> int:
    """The number of an article's last revision; 0 where there is no such article."""
    return int(tx.value("SELECT coalesce(MAX(revision), 0) FROM articles WHERE ref = :ref", ref=ref))


def _revised(tx: Tx, source_url: str, article: Article, same_key: Sequence[Row], beside: Collection[str]) -> Row | None:
    """The latest revision of the known article that this one is a revision of; None where it is a new article."""
    if article.revises and (named := _latest(tx, source_url, article.revises)):
        return named[0]
    if article.stated is not None:
        return _stated_before(tx, source_url, article, same_key)
    if not source_url:
        return same_key[0] if same_key else None
    by_url = _alike(tx, "canonical", canonical_url(article.url), source_url)
    by_title = _alike(tx, "headline", headline_key(article.title), source_url)
    return (
        _most_alike(tx, same_key, article, track.is_same_story)
        or _most_alike(tx, by_url, article, track.is_same_story)
        or _most_alike(tx, [row for row in by_title if row["key"] not in beside], article, track.is_same_article)
    )


def _stated_before(tx: Tx, source_url: str, article: Article, same_key: Sequence[Row]) -> Row | None:
    """The earlier message of an authority under the article's id, else the newest of those that it says it replaces.

    An authority's ids are trusted, and its titles are forms of words that recur.
    """
    named = article.stated.revises if article.stated is not None else ()
    found = (row for key in named for row in _latest(tx, source_url, key))
    return same_key[0] if same_key else next(found, None)


def _most_alike(
    tx: Tx, rows: Sequence[Row], article: Article, is_one: Callable[[Article, Article], bool]
) -> Row | None:
    """The row whose text is most like the article's, among those that are one with it; the newest of equals."""
    told = ((row, _text(tx, row)) for row in rows)
    same = [(row, track.texts_alike(known, article)) for row, known in told if is_one(known, article)]
    return max(same, key=lambda pair: pair[1])[0] if same else None


# the indexes leave out empty values, and serve only queries that say so (``<> ''``)
def _alike(tx: Tx, column: str, value: str, source_url: str) -> list[Row]:
    """The latest revisions of a source's articles with this address or title, the newest first."""
    if not value:
        return []
    return tx.rows(
        f"""SELECT num, ref, key, revision AS last, digest, first_seen FROM articles a
            WHERE {column} = :value AND {column} <> '' AND source_url = :source
              AND revision = (SELECT MAX(revision) FROM articles b WHERE b.ref = a.ref)
            ORDER BY num DESC LIMIT {MOST_ALIKE}""",
        value=value,
        source=source_url,
    )


def _text(tx: Tx, row: Row) -> Article:
    return load(tx.value("SELECT record FROM articles WHERE num = :num", num=row["num"]), Article)


def _new_reference(source_url: str, article: Article, *, is_taken: bool) -> str:
    """The id in the store of a new article; with its title (or text) and day where its own id is taken."""
    if not is_taken:
        return reference(source_url, article.id)
    day = f"{article.published:%Y-%m-%d}" if article.published else ""
    return reference(source_url or "replay", f"{article.id}\n{headline_key(article.title or article.text)}\n{day}")


def reference(source_url: str, key: str) -> str:
    """An article's id in the store: its own id in a replay, else a digest of source and id."""
    if not source_url:
        return key
    return hashlib.blake2s(f"{source_url}\n{key}".encode(), digest_size=8).hexdigest()


def waiting(tx: Tx, limit: int, *, skip: int = 0) -> list[StoredArticle]:
    """The articles that wait for extraction, in the order they were received, without the first ``skip``."""
    rows = tx.rows(
        """SELECT record, source_url, revision, baseline, first_seen, on_trial FROM articles
           WHERE state = 'waiting' ORDER BY num LIMIT :limit OFFSET :skip""",
        limit=limit,
        skip=skip,
    )
    return [_stored(row) for row in rows]


def get(tx: Tx, ref: str) -> StoredArticle | None:
    """The latest revision of an article, by its id in the store or the id that its source gave it."""
    row = tx.row(
        """SELECT record, source_url, revision, baseline, first_seen, on_trial FROM articles
           WHERE num IN (SELECT num FROM articles WHERE ref = :ref UNION SELECT num FROM articles WHERE key = :ref)
           ORDER BY ref = :ref DESC, revision DESC LIMIT 1""",
        ref=ref,
    )
    return _stored(row) if row else None


def kept_as(tx: Tx, source_url: str, article: Article) -> Article | None:
    """This article of a source as it is kept, perhaps with a longer text or another id; None where it is new."""
    known = get(tx, reference(source_url, article.id))
    if known is not None and known.article.title == article.title:
        return known.article
    rows = _alike(tx, "headline", headline_key(article.title), source_url)
    texts = (_text(tx, row) for row in rows)
    return next((text for text in texts if track.is_same_article(text, article)), None)


def find(tx: Tx, name: str) -> StoredArticle | None:
    """The latest revision of an article, by its id or its link."""
    canonical = canonical_url(name)
    ref = (
        tx.value(
            "SELECT ref FROM articles WHERE canonical = :canonical AND canonical <> '' LIMIT 1", canonical=canonical
        )
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


def _digest(article: Article) -> str:
    text = " ".join(f"{article.title}\n{article.text}".split()) + ("\nwithdrawn" if article.withdrawn else "")
    text += f"\n{dump(article.stated)}" if article.stated is not None else ""
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _is_cut_off(article: Article, known: Article) -> bool:
    """Is it the known article with the end of its text missing?"""
    is_same_title = article.title == known.title or is_cut_off(article.title, known.title)
    is_same_text = article.text == known.text or is_cut_off(article.text, known.text)
    return is_same_title and is_same_text and not article.withdrawn


def _other_source_has(tx: Tx, canonical: str, source_url: str, article: Article, *, on_trial: bool) -> bool:
    if not canonical or not source_url:
        return False
    rows = tx.rows(
        """SELECT record FROM articles WHERE canonical = :canonical AND canonical <> ''
           AND source_url <> :source AND source_url <> '' AND state <> 'same_url' AND on_trial <= :on_trial LIMIT 5""",
        canonical=canonical,
        on_trial=int(on_trial),
        source=source_url,
    )
    return any(_is_same_page(load(row["record"], Article), article) for row in rows)


def _is_same_page(known: Article, article: Article) -> bool:
    """Are articles of two sources with one address one? Of an authority's by the ids of the event alone."""
    if known.stated is None or article.stated is None:
        return track.is_same_page(known, article)
    return not set(known.stated.ids).isdisjoint(article.stated.ids)


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
        on_trial=bool(row["on_trial"]),
    )
