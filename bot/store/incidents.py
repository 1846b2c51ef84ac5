"""What is known of each incident? Its newest version, all earlier ones, its member reports and the decisions made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.store import audit, integrity, stories
from bot.store.codec import checksum, dump, dump_reason, load, load_reason, moment, stamp
from bot.store.db import Row, Tx
from bot.types import DecisionRecord, Version
from extract.geo import half_extent
from extract.track.signature import signature_parts
from extract.types import Change, Decision, Incident, Lifecycle, Member, Place, Report

TABLE = "incidents"
VERSIONS = "incident_versions"
MEMBERS = "members"
DECISIONS = "decisions"
WORDS = "incident_words"
NAMES = "incident_names"
# the columns that an integrity check needs; the record as bytes, since a damaged one may be no UTF-8
RECORD = "id, digest, CAST(record AS BLOB) AS record"
_RECORD_COLUMNS = ("id", "digest", "record")
_IS_ON_TRIAL = """EXISTS (
  SELECT 1 FROM articles a INDEXED BY articles_on_trial WHERE a.ref = m.article AND a.on_trial = 1)"""


def save(tx: Tx, incident: Incident, change: Change, *, announced: bool) -> None:
    """Write an incident's new version and its change; ``announced``: chats have been or are being alerted."""
    num = tx.value("SELECT num FROM incidents WHERE id = :id", id=incident.id)
    record = dump(incident)
    row = {**_indexed(incident), "announced": int(announced), "record": record, "digest": checksum(record)}
    if num is None:
        num = tx[TABLE].insert(row)
    else:
        tx[TABLE].update(num, row)
        tx.execute(f"DELETE FROM {WORDS} WHERE rowid = :num", num=num)
    tx.execute(f"INSERT INTO {WORDS} (rowid, words) VALUES (:num, :words)", num=num, words=_words(incident))
    if incident.facts.story and not incident.merged_into and incident.lifecycle is not Lifecycle.RETRACTED:
        stories.save(tx, num, incident.facts.story, incident.last_seen)
    else:
        stories.delete(tx, num)
    names = dump(sorted(signature_parts(incident.facts.words).names))
    tx.execute(f"INSERT OR IGNORE INTO {NAMES} SELECT value, :num FROM json_each(:names)", num=num, names=names)
    if incident.merged_into or incident.lifecycle is Lifecycle.RETRACTED:  # no evidence of its sources' reliability
        tx.execute("DELETE FROM trials WHERE incident = :id", id=incident.id)
    version: Row = {
        "incident": incident.id,
        "version": incident.version,
        "at": stamp(change.at),
        "article": change.article,
        "record": record,
        "change": dump(change),
    }
    tx[VERSIONS].insert(audit.sealed(tx, VERSIONS, version))


def get(tx: Tx, incident_id: str) -> Incident | None:
    """An incident's newest version, None where there is no such incident."""
    found = loaded(tx, tx.rows(f"SELECT {RECORD} FROM incidents WHERE id = :id", id=incident_id))
    return found[0] if found else None


def resolve(tx: Tx, incident_id: str) -> Incident | None:
    """An incident's newest version, or that of the incident it was merged into, over several merges."""
    found = get(tx, incident_id)
    seen = {incident_id}
    while found is not None and found.merged_into and found.merged_into not in seen:
        seen.add(found.merged_into)
        found = get(tx, found.merged_into)
    return found


def is_announced(tx: Tx, incident_id: str) -> bool:
    """Have chats been alerted of this incident?"""
    return bool(tx.value("SELECT announced FROM incidents WHERE id = :id", id=incident_id))


def mark_announced(tx: Tx, incident_id: str) -> None:
    """Mark an incident as announced: chats have the card of another one that was merged into it."""
    tx.execute("UPDATE incidents SET announced = 1 WHERE id = :id", id=incident_id)


def by_number(tx: Tx, nums: Sequence[int]) -> list[Incident]:
    """The incidents with these row numbers, in that order."""
    found = [tx.rows(f"SELECT {RECORD} FROM incidents WHERE num = :num", num=num) for num in nums]
    return [incident for rows in found for incident in loaded(tx, rows)]


def count(tx: Tx) -> int:
    """How many incidents there are."""
    return int(tx.value("SELECT COUNT(*) FROM incidents"))


def version_as_of(tx: Tx, incident_id: str, at: datetime) -> Incident | None:
    """The version of an incident that was the newest at a time; None where it wasn't known yet."""
    text = tx.value(
        "SELECT record FROM incident_versions WHERE incident = :id AND at <= :at ORDER BY version DESC LIMIT 1",
        id=incident_id,
        at=stamp(at),
    )
    return load(text, Incident) if text else None


def versions(tx: Tx, incident_id: str) -> list[Version]:
    """Every version of an incident with its change, oldest first."""
    rows = tx.rows("SELECT record, change FROM incident_versions WHERE incident = :id ORDER BY version", id=incident_id)
    return [Version(incident=load(r["record"], Incident), change=load(r["change"], Change)) for r in rows]


def version_times(tx: Tx, ids: Iterable[str]) -> dict[str, tuple[datetime, ...]]:
    """When each version of these incidents was made, by their ids; the first version first."""
    found: dict[str, tuple[datetime, ...]] = {}
    for incident_id in ids:
        rows = tx.cells("SELECT at FROM incident_versions WHERE incident = ? ORDER BY version", incident_id)
        found[incident_id] = tuple(moment(at) for (at,) in rows)
    return found


def members(tx: Tx, incident_id: str) -> list[Member]:
    """The member reports that make an incident's facts, in the order they joined.

    Those of sources on trial decide nothing beside others; alone they make a record of which nobody is alerted.
    """
    rows = tx.rows(
        f"""SELECT m.record, {_IS_ON_TRIAL} AS on_trial FROM members m
            WHERE incident = :id ORDER BY joined, article, position""",
        id=incident_id,
    )
    counted = [row for row in rows if not row["on_trial"]]
    if len(counted) < len(rows) and not counted and not is_announced(tx, incident_id):
        counted = rows
    return [load(row["record"], Member) for row in counted]


def is_only_on_trial(tx: Tx, incident_id: str) -> bool:
    """Do sources tell of an incident that are all on trial? False where none tells of it."""
    query = f"SELECT MIN({_IS_ON_TRIAL}) FROM members m WHERE incident = :id"
    return bool(tx.value(query, id=incident_id))


def incident_of(tx: Tx, article: str, position: int) -> str | None:
    """The id of the incident that an article's report at this position is a member of; None where there is none."""
    found = tx.value(
        "SELECT incident FROM members WHERE article = :article AND position = :position",
        article=article,
        position=position,
    )
    return str(found) if found is not None else None


def join(tx: Tx, incident_id: str, member: Member, position: int, now: datetime) -> None:
    """Make a report a member of an incident, in place of the article's earlier report at this position."""
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
        }
    )


def leave(tx: Tx, article: str, position: int) -> None:
    """Remove an article's report from its incident."""
    tx.execute(
        "DELETE FROM members WHERE article = :article AND position = :position", article=article, position=position
    )


def reports_of(tx: Tx, article: str) -> list[tuple[int, str]]:
    """The (position, incident id) of each report of an article that is a member of an incident."""
    rows = tx.rows("SELECT position, incident FROM members WHERE article = :article ORDER BY position", article=article)
    return [(row["position"], row["incident"]) for row in rows]


def reports_by_position(tx: Tx, article: str) -> dict[int, Report]:
    """The reports of an article that are members of incidents, by their positions."""
    rows = tx.rows("SELECT position, record FROM members WHERE article = :article ORDER BY position", article=article)
    return {row["position"]: load(row["record"], Member).report for row in rows}


def report_keys(tx: Tx, incident_id: str) -> list[tuple[str, int]]:
    """The (article id, position) of each member report of an incident, in the order they joined."""
    rows = tx.rows(
        "SELECT article, position FROM members WHERE incident = :id ORDER BY joined, article, position", id=incident_id
    )
    return [(row["article"], row["position"]) for row in rows]


def move(tx: Tx, reports: Iterable[tuple[str, int]], source: str, target: str) -> None:
    """Move member reports from one incident to another, except those that are no longer in ``source``."""
    for article, position in reports:
        tx.execute(
            """UPDATE members SET incident = :target
               WHERE article = :article AND position = :position AND incident = :source""",
            article=article,
            position=position,
            source=source,
            target=target,
        )


def joined_span(tx: Tx, incident_id: str) -> tuple[datetime, datetime] | None:
    """The times at which the first and the last of an incident's reports joined; None where it has none."""
    row = tx.row("SELECT MIN(joined) AS first, MAX(joined) AS last FROM members WHERE incident = :id", id=incident_id)
    return (moment(row["first"]), moment(row["last"])) if row and row["first"] else None


def record_decision(tx: Tx, record: DecisionRecord) -> None:
    """Write the decision about one report of an article revision."""
    row: Row = {
        "article": record.article,
        "revision": record.revision,
        "position": record.position,
        "at": stamp(record.at),
        "incident": record.decision.incident,
        "record": dump(record.decision),
        "change": dump(record.change) if record.change else None,
        "note": dump_reason(record.note) if record.note else "",
    }
    tx[DECISIONS].upsert(audit.sealed(tx, DECISIONS, row))


def decisions(tx: Tx, *, article: str = "", incident: str = "") -> list[DecisionRecord]:
    """The decisions about an article, or those that put reports into an incident, oldest first."""
    rows = tx.rows(
        """SELECT article, revision, position, at, record, change, note FROM decisions
           WHERE (:article <> '' AND article = :article) OR (:incident <> '' AND incident = :incident)
           ORDER BY at, article, revision, position""",
        article=article,
        incident=incident,
    )
    return [_decision(row) for row in rows]


def everything(tx: Tx) -> list[Incident]:
    """All incidents that aren't merged into another, in the order they were first seen."""
    rows = tx.rows(f"SELECT {RECORD} FROM incidents WHERE merged_into = '' ORDER BY first_seen, num")
    return loaded(tx, rows)


def as_of(tx: Tx, at: datetime, *, since: datetime | None = None) -> list[Incident]:
    """Every incident as it was known at a time, in the order first seen.

    With ``since``, only those whose newest version then was made at or after it.
    """
    rows = tx.rows(
        """SELECT record FROM incident_versions v
           WHERE at <= :at AND at >= :since AND version = (
             SELECT MAX(version) FROM incident_versions w WHERE w.incident = v.incident AND w.at <= :at)""",
        at=stamp(at),
        since=stamp(since) if since else "",
    )
    found = [load(row["record"], Incident) for row in rows]
    return sorted((one for one in found if not one.merged_into), key=lambda one: (one.first_seen, one.id))


def inactive(tx: Tx, *, stable: datetime, closed: datetime, limit: int = 200) -> list[Incident]:
    """The incidents to mark as stable or closed, since their last report is older than these times; oldest first."""
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents
           WHERE lifecycle IN ('new', 'developing', 'stable') AND last_seen <= :stable
             AND (lifecycle <> 'stable' OR last_seen <= :closed)
           ORDER BY last_seen, num LIMIT :limit""",
        stable=stamp(stable),
        closed=stamp(closed),
        limit=limit,
    )
    return loaded(tx, rows)


def changes(tx: Tx) -> list[Change]:
    """Every change of every incident, oldest first."""
    rows = tx.rows("SELECT change FROM incident_versions ORDER BY at, rowid")
    return [load(row["change"], Change) for row in rows]


def latest(tx: Tx, *, kinds: Sequence[str] = (), since: datetime | None = None, limit: int = 500) -> list[Incident]:
    """The incidents with the latest reports, newest first; of these kinds and since this time only, if given."""
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents
           WHERE (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds))) AND last_seen >= :since
             AND merged_into = ''
           ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        kinds=dump(list(kinds)),
        since=stamp(since) if since else "",
        limit=limit,
    )
    return loaded(tx, rows)


def merged(tx: Tx, *, limit: int) -> list[Incident]:
    """The incidents that were merged into another one and still are: the ``limit`` last merged."""
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents WHERE merged_into <> '' AND id IN (
              SELECT other FROM amendments WHERE action = 'merge' AND undone IS NULL ORDER BY id DESC LIMIT :limit)
            ORDER BY last_seen DESC, num DESC""",
        limit=limit,
    )
    return loaded(tx, rows)


def near(tx: Tx, lat: float, lon: float, km: float, limit: int) -> list[Incident]:
    """The incidents with a place in a square of ``km`` around a point, newest first; the caller cuts the circle."""
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents WHERE {IN_BOX} AND merged_into = ''
            ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        limit=limit,
        **box(lat, lon, km),
    )
    return loaded(tx, rows)


def search(tx: Tx, words: str, limit: int) -> list[Incident]:
    """The incidents whose record or articles contain all the words, newest first."""
    query = _match(words)
    if not query:
        return []
    rows = tx.rows(
        f"""SELECT {RECORD} FROM incidents
           WHERE merged_into = '' AND (num IN (SELECT rowid FROM incident_words WHERE words MATCH :query)
             OR id IN (SELECT m.incident FROM members m JOIN articles a ON a.ref = m.article
                       WHERE a.num IN (SELECT rowid FROM article_words WHERE article_words MATCH :query LIMIT 500)))
           ORDER BY last_seen DESC, num DESC LIMIT :limit""",
        query=query,
        limit=limit,
    )
    return loaded(tx, rows)


def ids_with_word(tx: Tx, word: str, most: int) -> set[str]:
    """The incidents that the newest ``most`` articles with these words, or words that begin so, report."""
    query = _match(word)
    if not query:
        return set()
    rows = tx.rows(
        """SELECT DISTINCT m.incident AS id FROM members m JOIN articles a ON a.ref = m.article
           WHERE a.num IN (SELECT rowid FROM article_words WHERE article_words MATCH :query
                           ORDER BY rowid DESC LIMIT :most)""",
        query=query,
        most=most,
    )
    return {row["id"] for row in rows}


def active_by_number(tx: Tx, nums: Collection[int], *, limit: int) -> list[Incident]:
    """The incidents with these row numbers that are neither retracted nor merged, last reported first."""
    query = (
        f"SELECT last_seen, num, {RECORD} FROM incidents"
        " WHERE num = ? AND lifecycle <> 'retracted' AND merged_into = ''"
    )
    rows = sorted((row for num in nums for row in tx.cells(query, num)), reverse=True)[:limit]
    return loaded(tx, (dict(zip(_RECORD_COLUMNS, row[2:], strict=True)) for row in rows))


def loaded(tx: Tx, rows: Iterable[Row]) -> list[Incident]:
    """The incidents of rows with the columns ``RECORD``; one whose record and copy are both damaged is left out."""
    records = (integrity.intact_record(tx, row) for row in rows)
    return [load(record, Incident) for record in records if record is not None]


IN_BOX = "(lat BETWEEN :south AND :north AND (lon BETWEEN :west AND :east OR lon BETWEEN :west2 AND :east2))"


def box(lat: float | None, lon: float | None, km: float) -> dict[str, float | None]:
    """The parameters of ``IN_BOX``: a square in degrees around a circle, with a second part across the date line."""
    if lat is None or lon is None:
        return dict.fromkeys(("south", "north", "west", "east", "west2", "east2"))
    high, wide = half_extent(lat, km)
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
        "merged_into": incident.merged_into,
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
    """An FTS5 query for all the words, each as a prefix; quoted, so that FTS5's operators in them mean nothing."""
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
        note=load_reason(row["note"]) if row["note"] else None,
    )
