"""How are articles read from JSON Lines, and extractions and incidents written, in the shapes of the contract?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from extract.places import Resolved
from extract.types import Article, Change, Extraction, Incident, Notice, Quote, Report, StatedFacts


class BadLineError(ValueError):
    """An input line can't be read; the message says what was expected."""


class _Line(msgspec.Struct):
    id: str
    text: str
    title: str | None = None
    url: str | None = None
    published: str | None = None
    source: str | None = None
    lang: str | None = None
    revises: str | None = None
    withdrawn: bool | None = None
    stated: StatedFacts | None = None


def read_article(line: str | bytes) -> Article:
    """The article in one line of JSON; unknown fields are ignored.

    Raises:
        BadLineError: it is not JSON, or a field is missing or of the wrong type; the message names the field.
    """
    try:
        row = msgspec.json.decode(line, type=_Line)
    except msgspec.DecodeError as error:
        raise BadLineError(f"expected an article as a JSON object with id and text: {error}") from error
    except UnicodeDecodeError as error:
        raise BadLineError(f"expected UTF-8: {error}") from error
    if not row.id:
        raise BadLineError("expected an id that is not empty")
    published, day_only = read_time(row.published) if row.published else (None, False)
    return Article(
        id=row.id,
        text=row.text,
        title=row.title or "",
        url=row.url or "",
        published=published,
        published_day_only=day_only,
        source=row.source or "",
        lang=row.lang or "",
        revises=row.revises or "",
        withdrawn=bool(row.withdrawn),
        stated=row.stated,
    )


def read_time(text: str) -> tuple[datetime, bool]:
    """An ISO 8601 date or date-time as (aware UTC, only the day is known); a time without a zone is taken as UTC.

    Raises:
        BadLineError: the text is neither a date nor a date-time.
    """
    try:
        if len(text) <= len("2023-02-17"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC), True
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadLineError(f"expected published as an ISO 8601 date or date-time, got {text[:40]!r}") from error
    return moment, False


def article_json(article: Article) -> dict[str, Any]:
    """An article as ``parse-feed`` prints it; fields that are not known are left out."""
    out: dict[str, Any] = {"id": article.id}
    out |= {name: getattr(article, name) for name in ("title", "url") if getattr(article, name)}
    if article.published is not None:
        out["published"] = moment_json(article.published, day_only=article.published_day_only)
    out |= {name: getattr(article, name) for name in ("source", "lang") if getattr(article, name)}
    out |= {name: getattr(article, name) for name in ("revises", "withdrawn") if getattr(article, name)}
    out |= {"stated": _stated_json(article.stated)} if article.stated is not None else {}
    return {**out, "text": article.text}


def _stated_json(stated: StatedFacts) -> dict[str, Any]:
    """The facts that a document states; those that it does not state are left out."""
    empty = StatedFacts(kind="")
    return {
        name: value
        for name, value in msgspec.to_builtins(stated).items()
        if getattr(stated, name) != getattr(empty, name)
    }


def extraction_json(extraction: Extraction) -> dict[str, Any]:
    """An extraction as ``extract`` prints it."""
    return {
        "id": extraction.id,
        "relevant": extraction.relevant,
        "reports": [report_json(r) for r in extraction.reports],
        "ms": extraction.ms,
    }


def report_json(report: Report) -> dict[str, Any]:
    """A report as it is printed; ``words`` and ``story``, which only matching uses, are left out.

    The place has the name that the article gives it, in its own language.
    """
    out: dict[str, Any] = msgspec.to_builtins(report)
    del out["words"], out["story"]
    written = out.pop("place_as_written")
    if written and out["place"] is not None:
        out["place"]["name"] = written
    del out["notice"]
    out |= {"notice": _notice(report.notice)} if report.notice is not None else {}
    if report.official is None:
        del out["official"]
    out["evidence"] = {field: [_quote(q) for q in quotes] for field, quotes in report.evidence.items()}
    out["claims"] = [
        {**claim, "evidence": _quote(c.evidence)} for claim, c in zip(out["claims"], report.claims, strict=True)
    ]
    return out


def incident_json(incident: Incident) -> dict[str, Any]:
    """An incident as ``export --format jsonl`` prints it: the fields of its facts, then those of the record."""
    out = report_json(incident.facts)
    out |= {
        "id": incident.id,
        "version": incident.version,
        "lifecycle": incident.lifecycle.value,
        "first_seen": moment_json(incident.first_seen),
        "last_seen": moment_json(incident.last_seen),
        "origins": incident.origins,
        "articles": [
            {
                "id": a.id,
                "url": a.url,
                "source": a.source,
                "published": moment_json(a.published) if a.published else None,
            }
            for a in incident.articles
        ],
        "conflicts": msgspec.to_builtins(incident.conflicts),
        "summary": incident.summary,
    }
    if incident.notices:
        out["notices"] = [_notice(notice) for notice in incident.notices]
    return out | ({"merged_into": incident.merged_into} if incident.merged_into else {})


def _notice(notice: Notice) -> dict[str, Any]:
    return {**msgspec.to_builtins(notice), "quote": _quote(notice.quote)}


def change_json(change: Change) -> dict[str, Any]:
    """A change as ``replay --alerts`` prints it."""
    return {
        "at": moment_json(change.at),
        "incident": change.incident,
        "version": change.version,
        "action": change.action.value if change.action else None,
        "because": list(change.because),
        "article": change.article,
    }


def places_json(article_id: str, found: list[Resolved]) -> dict[str, Any]:
    """The place names of one article's text as ``places`` prints them, with offsets into the text."""
    rows = [
        {"start": p.start, "end": p.end, **msgspec.to_builtins(p.place), "name": p.name, "place": p.place.name}
        for p in found
        if p.where == "text"
    ]
    return {"id": article_id, "places": rows}


def moment_json(moment: datetime, *, day_only: bool = False) -> str:
    """A time in UTC as ``2023-02-17T19:40:00Z``, or only its date."""
    if day_only:
        return moment.date().isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _quote(quote: Quote) -> dict[str, Any]:
    out: dict[str, Any] = msgspec.to_builtins(quote)
    if not quote.article:
        del out["article"]
    return out
