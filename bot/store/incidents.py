"""The living records: each incident's newest state, every version of it, its members and the decisions made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.store.codec import dump, load, moment, stamp
from bot.store.db import Row, Tx
from bot.types import DecisionRecord, Version
from extract.types import Change, Decision, Incident, Member, Place, SearchWindow

TABLE = "incidents"
VERSIONS = "incident_versions"
MEMBERS = "members"
DECISIONS = "decisions"
WORDS = "incident_words"
KM_PER_DEGREE = 111.2
# where one report's time isn't known, incidents last heard of this long before still qualify
UNDATED_DAYS = 14


def candidates(tx: Tx, window: SearchWindow) -> list[Incident]:
    """The incidents a report can belong to, latest first."""
    box = _box(window.lat, window.lon, window.km)
    rows = tx.rows(
        f"""SELECT record FROM incidents
            WHERE kind IN (SELECT value FROM json_each(:kinds)) AND lifecycle <> 'retracted'
              AND ((first_day <= :until AND last_day >= :since) OR (first_day IS NULL AND last_seen >= :heard))
              AND (:lat IS NULL OR lat IS NULL OR {_IN_BOX}
                   OR (precision IN ('province', 'country')
                       AND (country IS NULL OR :country IS NULL OR country = :country)))
            ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        kinds=dump(window.kinds),
        since=window.since.isoformat(),
        until=window.until.isoformat(),
        heard=(window.since - timedelta(days=UNDATED_DAYS)).isoformat(),
        lat=window.lat,
        country=window.country,
        limit=window.limit,
        **box,
    )
    return [load(row["record"], Incident) for row in rows]


def save(tx: Tx, incident: Incident, change: Change, *, announced: bool) -> None:
    """Write an incident's new version, with what changed; ``announced``: chats have been or are being told."""
    num = tx.value("SELECT num FROM incidents WHERE id = :id", id=incident.id)
    row = {**_indexed(incident), "announced": int(announced), "record": dump(incident)}
    if num is None:
        num = tx[TABLE].insert(row).last_pk
    else:
        tx[TABLE].update(num, row)
        tx.execute(f"DELETE FROM {WORDS} WHERE rowid = :num", num=num)
    tx.execute(f"INSERT INTO {WORDS} (rowid, words) VALUES (:num, :words)", num=num, words=_words(incident))
    tx[VERSIONS].insert(
        {
            "incident": incident.id,
            "version": incident.version,
            "at": stamp(change.at),
            "article": change.article,
            "record": dump(incident),
            "change": dump(change),
        }
    )


def get(tx: Tx, incident_id: str) -> Incident | None:
    """An incident's newest version, None where there is no such incident."""
    text = tx.value("SELECT record FROM incidents WHERE id = :id", id=incident_id)
    return load(text, Incident) if text else None


def announced(tx: Tx, incident_id: str) -> bool:
    """Have chats been told of this incident?"""
    return bool(tx.value("SELECT announced FROM incidents WHERE id = :id", id=incident_id))


def count(tx: Tx) -> int:
    """How many incidents there are."""
    return int(tx.value("SELECT COUNT(*) FROM incidents"))


def version_as_of(tx: Tx, incident_id: str, at: datetime) -> Incident | None:
    """What was known of an incident at a time."""
    text = tx.value(
        "SELECT record FROM incident_versions WHERE incident = :id AND at <= :at ORDER BY version DESC LIMIT 1",
        id=incident_id,
        at=stamp(at),
    )
    return load(text, Incident) if text else None


def versions(tx: Tx, incident_id: str) -> list[Version]:
    """Every version of an incident with what changed, oldest first."""
    rows = tx.rows("SELECT record, change FROM incident_versions WHERE incident = :id ORDER BY version", id=incident_id)
    return [Version(incident=load(r["record"], Incident), change=load(r["change"], Change)) for r in rows]


def members(tx: Tx, incident_id: str) -> list[Member]:
    """The reports an incident is made of, in the order they joined."""
    rows = tx.rows("SELECT record FROM members WHERE incident = :id ORDER BY joined, article, position", id=incident_id)
    return [load(row["record"], Member) for row in rows]


def home(tx: Tx, article: str, position: int) -> str | None:
    """The incident that an article's report at this position is part of."""
    found = tx.value(
        "SELECT incident FROM members WHERE article = :article AND position = :position",
        article=article,
        position=position,
    )
    return str(found) if found is not None else None


def join(tx: Tx, incident_id: str, member: Member, position: int, now: datetime) -> None:
    """Make a report part of an incident; an article's earlier report at this position gives way."""
    known = tx.value(
        "SELECT joined FROM members WHERE article = :article AND position = :position",
        article=member.article.id,
        position=position,
    )
    tx[MEMBERS].upsert(
        {
            "incident": incident_id,
            "article": member.article.id,
            "position": position,
            "record": dump(member),
            "joined": known or stamp(now),
        },
        pk=("article", "position"),
    )


def decide(tx: Tx, record: DecisionRecord) -> None:
    """Keep why a report went where it went."""
    tx[DECISIONS].upsert(
        {
            "article": record.article,
            "revision": record.revision,
            "position": record.position,
            "at": stamp(record.at),
            "incident": record.decision.incident,
            "record": dump(record.decision),
            "change": dump(record.change) if record.change else None,
            "note": record.note,
        },
        pk=("article", "revision", "position"),
    )


def decisions(tx: Tx, *, article: str = "", incident: str = "") -> list[DecisionRecord]:
    """The decisions about an article, or those that made an incident."""
    rows = tx.rows(
        """SELECT article, revision, position, at, record, change, note FROM decisions
           WHERE (:article <> '' AND article = :article) OR (:incident <> '' AND incident = :incident)
           ORDER BY at, article, revision, position""",
        article=article,
        incident=incident,
    )
    return [_decision(row) for row in rows]


def everything(tx: Tx) -> list[Incident]:
    """All incidents in the order they were first seen."""
    return [load(row["record"], Incident) for row in tx.rows("SELECT record FROM incidents ORDER BY first_seen, num")]


def changes(tx: Tx) -> list[Change]:
    """Every change of every incident, in the order in which they were made."""
    rows = tx.rows("SELECT change FROM incident_versions ORDER BY at, rowid")
    return [load(row["change"], Change) for row in rows]


def latest(tx: Tx, *, kinds: Sequence[str] = (), since: datetime | None = None, limit: int = 500) -> list[Incident]:
    """The incidents last heard of, newest first."""
    rows = tx.rows(
        """SELECT record FROM incidents
           WHERE (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds))) AND last_seen >= :since
           ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        kinds=dump(list(kinds)),
        since=stamp(since) if since else "",
        limit=limit,
    )
    return [load(row["record"], Incident) for row in rows]


def near(tx: Tx, lat: float, lon: float, km: float, limit: int) -> list[Incident]:
    """The incidents whose place lies within a square around a point, newest first; the caller cuts the circle."""
    rows = tx.rows(
        f"SELECT record FROM incidents WHERE {_IN_BOX} ORDER BY last_seen DESC, num DESC LIMIT :limit",
        limit=limit,
        **_box(lat, lon, km),
    )
    return [load(row["record"], Incident) for row in rows]


def search(tx: Tx, words: str, limit: int) -> list[Incident]:
    """The incidents whose record or articles hold all the words, newest first."""
    query = _match(words)
    if not query:
        return []
    rows = tx.rows(
        """SELECT record FROM incidents WHERE num IN (SELECT rowid FROM incident_words WHERE words MATCH :query)
             OR id IN (SELECT m.incident FROM members m JOIN articles a ON a.ref = m.article
                       WHERE a.num IN (SELECT rowid FROM article_words WHERE article_words MATCH :query LIMIT 500))
           ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        query=query,
        limit=limit,
    )
    return [load(row["record"], Incident) for row in rows]


_IN_BOX = "(lat BETWEEN :south AND :north AND (lon BETWEEN :west AND :east OR lon BETWEEN :west2 AND :east2))"


def _box(lat: float | None, lon: float | None, km: float) -> dict[str, float | None]:
    """A square that holds the circle; over the date line it has a second part."""
    if lat is None or lon is None:
        return dict.fromkeys(("south", "north", "west", "east", "west2", "east2"))
    high = km / KM_PER_DEGREE
    shrink = math.cos(math.radians(min(89.0, abs(lat) + high)))
    wide = min(180.0, high / max(shrink, 0.01))
    west, east = lon - wide, lon + wide
    shift = 360.0 if west < -180 else -360.0 if east > 180 else 0.0
    return {
        "south": lat - high,
        "north": lat + high,
        "west": west,
        "east": east,
        "west2": west + shift,
        "east2": east + shift,
    }


def _indexed(incident: Incident) -> Row:
    facts = incident.facts
    place = facts.place
    return {
        "id": incident.id,
        "version": incident.version,
        "kind": facts.kind,
        "lifecycle": incident.lifecycle.value,
        "severity": facts.severity.rank,
        "country": place.country if place else None,
        "precision": place.precision.value if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "first_day": facts.when.first_day.isoformat() if facts.when else None,
        "last_day": facts.when.last_day.isoformat() if facts.when else None,
        "first_seen": stamp(incident.first_seen),
        "last_seen": stamp(incident.last_seen),
    }


def _words(incident: Incident) -> str:
    facts = incident.facts
    parts = [incident.summary, facts.kind.replace("_", " "), *_place_words(facts.place)]
    parts += [perpetrator.name for perpetrator in facts.perpetrators] + [target.name for target in facts.targets]
    parts += [victim.name for victim in facts.victims] + [weapon.name for weapon in facts.weapons]
    parts += [article.title for article in incident.articles]
    return "\n".join(part for part in parts if part)


def _place_words(place: Place | None) -> list[str]:
    return [place.name, place.admin1 or "", place.country or ""] if place else []


def _match(words: str) -> str:
    """FTS5's own operators mean nothing to a person: each word is quoted, the last may be a beginning."""
    parts = ["".join(c for c in word if c.isalnum() or c in "-'") for word in words.split()]
    return " ".join(f'"{part}"*' for part in parts if any(c.isalnum() for c in part))


def _decision(row: Row) -> DecisionRecord:
    return DecisionRecord(
        article=row["article"],
        revision=row["revision"],
        position=row["position"],
        at=moment(row["at"]),
        decision=load(row["record"], Decision),
        change=load(row["change"], Change) if row["change"] else None,
        note=row["note"],
    )
