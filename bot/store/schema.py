"""Which tables there are; each migration is one step and is never edited after a release."""

from __future__ import annotations

import re

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.store import english_phrases
from bot.store.digests import digest

MIGRATIONS = Migrations("tocsin")

# Times are ISO 8601 text in UTC with microseconds, so that they sort as text.
_FIRST = """
CREATE TABLE sources (
  url TEXT PRIMARY KEY, origin TEXT NOT NULL, record TEXT NOT NULL, fetch_url TEXT NOT NULL,
  etag TEXT NOT NULL DEFAULT '', last_modified TEXT NOT NULL DEFAULT '',
  next_check TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0, last_check TEXT, last_ok TEXT,
  last_error TEXT NOT NULL DEFAULT '', items INTEGER NOT NULL DEFAULT 0, baseline INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX sources_due ON sources (next_check);

CREATE TABLE articles (
  num INTEGER PRIMARY KEY, ref TEXT NOT NULL, revision INTEGER NOT NULL,
  source_url TEXT NOT NULL, key TEXT NOT NULL, canonical TEXT NOT NULL,
  record TEXT NOT NULL, digest TEXT NOT NULL, baseline INTEGER NOT NULL,
  first_seen TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'same_url')),
  error TEXT NOT NULL DEFAULT '', extraction TEXT, UNIQUE (ref, revision)
) STRICT;
CREATE INDEX articles_waiting ON articles (state, num) WHERE state = 'waiting';
CREATE INDEX articles_canonical ON articles (canonical) WHERE canonical <> '';
CREATE VIRTUAL TABLE article_words USING fts5 (title, text, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE incidents (
  num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, kind TEXT NOT NULL,
  lifecycle TEXT NOT NULL, severity INTEGER NOT NULL, country TEXT, precision TEXT, lat REAL, lon REAL,
  first_day TEXT, last_day TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
  announced INTEGER NOT NULL DEFAULT 0, record TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_kind ON incidents (kind, last_day, lat);
CREATE INDEX incidents_by_place ON incidents (lat, lon);
CREATE INDEX incidents_by_time ON incidents (last_seen);
CREATE VIRTUAL TABLE incident_words USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE incident_versions (
  incident TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, article TEXT NOT NULL,
  record TEXT NOT NULL, change TEXT NOT NULL, PRIMARY KEY (incident, version)
) STRICT;

CREATE TABLE members (
  incident TEXT NOT NULL, article TEXT NOT NULL, position INTEGER NOT NULL, record TEXT NOT NULL, joined TEXT NOT NULL,
  PRIMARY KEY (article, position)
) STRICT;
CREATE INDEX members_of ON members (incident);

CREATE TABLE decisions (
  article TEXT NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL, at TEXT NOT NULL,
  incident TEXT, record TEXT NOT NULL, change TEXT, note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (article, revision, position)
) STRICT;
CREATE INDEX decisions_of ON decisions (incident);

CREATE TABLE chats (
  chat INTEGER PRIMARY KEY, type TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'active',
  reason TEXT NOT NULL DEFAULT '', not_before TEXT NOT NULL DEFAULT '', since TEXT NOT NULL
) STRICT;

CREATE TABLE subscriptions (
  id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, thread INTEGER NOT NULL, country TEXT, area INTEGER NOT NULL,
  record TEXT NOT NULL, made TEXT NOT NULL
) STRICT;
CREATE INDEX subscriptions_of ON subscriptions (chat, thread);
CREATE INDEX subscriptions_by_country ON subscriptions (country);

CREATE TABLE mutes (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, incident TEXT NOT NULL, until TEXT NOT NULL,
  PRIMARY KEY (chat, thread, incident)
) STRICT;

CREATE TABLE choices (token TEXT PRIMARY KEY, chat INTEGER NOT NULL, made TEXT NOT NULL, record TEXT NOT NULL) STRICT;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, thread INTEGER NOT NULL, incident TEXT NOT NULL,
  version INTEGER NOT NULL, action TEXT NOT NULL, silent INTEGER NOT NULL, severity INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'unknown', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0, not_before TEXT NOT NULL,
  change TEXT, why TEXT NOT NULL DEFAULT '', made TEXT NOT NULL, ended TEXT,
  UNIQUE (chat, thread, incident, version, action)
) STRICT;
CREATE INDEX alerts_due ON alerts (severity DESC, id) WHERE state IN ('pending', 'unknown');
CREATE INDEX alerts_open ON alerts (chat, thread, incident, id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX alerts_by_state ON alerts (state);
CREATE INDEX alerts_of ON alerts (incident);

CREATE TABLE cards (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, incident TEXT NOT NULL, message_id INTEGER NOT NULL,
  version INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (chat, thread, incident)
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY, alert INTEGER NOT NULL, chat INTEGER NOT NULL, thread INTEGER NOT NULL,
  incident TEXT NOT NULL, version INTEGER NOT NULL, action TEXT NOT NULL, message_id INTEGER NOT NULL,
  digest TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_of ON deliveries (incident);

CREATE TABLE updates (
  update_id INTEGER PRIMARY KEY, chat INTEGER, payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'done')), attempts INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL
) STRICT;
CREATE INDEX updates_open ON updates (update_id) WHERE state = 'open';
CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
CREATE TABLE problems (ref TEXT PRIMARY KEY, at TEXT NOT NULL, place TEXT NOT NULL, what TEXT NOT NULL) STRICT;
CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until TEXT NOT NULL) STRICT;
"""

# What an administrator's hand changed: ``record`` holds what undoing it needs.
_AMENDMENTS = """
ALTER TABLE incidents ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
CREATE INDEX incidents_by_life ON incidents (lifecycle, last_seen) WHERE lifecycle IN ('new', 'developing', 'stable');
CREATE TABLE amendments (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL CHECK (action IN ('merge', 'split', 'retract')),
  incident TEXT NOT NULL, other TEXT NOT NULL DEFAULT '', record TEXT NOT NULL, undone TEXT
) STRICT;
CREATE INDEX amendments_of ON amendments (incident);
CREATE INDEX amendments_of_other ON amendments (other) WHERE other <> '';
"""

# When a chat wants to hear of things, what it was not told at once, what it follows, and what it says is wrong.
_PREFERENCES = """
ALTER TABLE alerts ADD COLUMN notice TEXT NOT NULL DEFAULT '';
CREATE TABLE preferences (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, record TEXT NOT NULL, next_round TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (chat, thread)
) STRICT;
CREATE INDEX preferences_due ON preferences (next_round) WHERE next_round <> '';
CREATE INDEX alerts_of_chat ON alerts (chat, made) WHERE action = 'new';
CREATE TABLE held (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, incident TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (chat, thread, incident, why)
) STRICT;
CREATE TABLE follows (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, incident TEXT NOT NULL, PRIMARY KEY (chat, thread, incident)
) STRICT;
CREATE INDEX follows_of ON follows (incident);
CREATE TABLE feedback (
  id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, incident TEXT NOT NULL, version INTEGER NOT NULL,
  what TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (chat, incident, what)
) STRICT;
"""

# When things about the service itself were last so: its heartbeat, countries that can't be seen.
_MARKS = """
CREATE TABLE marks (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (at);
"""

# Where and when each incident was, so that those a report can belong to are found and not searched for: days as
# ordinals, a box in degrees, the country as a number. What isn't known spans everything.
_SPANS = """
CREATE VIRTUAL TABLE incident_spans USING rtree (num, first, last, south, north, west, east, land, land_end);
INSERT INTO incident_spans SELECT num,
  iif(first_day IS NULL, 0, julianday(first_day) - 1721424.5),
  iif(first_day IS NULL, julianday(substr(last_seen, 1, 10)) - 1721424.5 + 14, julianday(last_day) - 1721424.5),
  iif(lat IS NULL OR precision IN ('province', 'country'), -90, lat),
  iif(lat IS NULL OR precision IN ('province', 'country'), 90, lat),
  iif(lat IS NULL OR precision IN ('province', 'country'), -180, lon),
  iif(lat IS NULL OR precision IN ('province', 'country'), 180, lon),
  iif(country IS NULL, 0, unicode(country) * 256 + unicode(substr(country, 2))),
  iif(country IS NULL, 65535, unicode(country) * 256 + unicode(substr(country, 2)))
  FROM incidents;
"""

# What questions are answered from: the facts of each record that stands, as columns; triggers keep them. Of a number
# there is what at least is known and, as ``most``, what at most; NULL where nobody says.
_COUNTED = ", ".join(
    f"iif(json_extract(record, '$.facts.{field}.state') = 'none', 0, json_extract(record, '$.facts.{field}.{bound}'))"
    for field in ("killed", "injured", "kidnapped")
    for bound in ("low", "high")
)
_FACTS = f"""num, id, kind, country, json_extract(record, '$.facts.place.admin1'),
  json_extract(record, '$.facts.place.name'), precision, lat, lon, json_extract(record, '$.facts.place.geonameid'),
  first_day, last_day, coalesce(first_day, substr(first_seen, 1, 10)), first_day IS NULL OR last_day > first_day,
  {_COUNTED}, instr(json_extract(record, '$.facts.weapons'), '"type":"firearms"') > 0,
  instr(json_extract(record, '$.facts.weapons'), '"type":"melee"') > 0,
  nullif(json_extract(record, '$.facts.perpetrators'), '[]')
  FROM incidents WHERE merged_into = '' AND lifecycle <> 'retracted'"""
# an index with these is enough for a sum: the rows needn't be looked at
_SUMMED = """killed, killed_most, injured, injured_most, kidnapped, kidnapped_most, first_day, last_day, firearms,
  melee"""
_FACTS_NEW = f"""CREATE TRIGGER incident_facts_new AFTER INSERT ON incidents BEGIN
  INSERT INTO incident_facts SELECT {_FACTS} AND num = new.num; END"""
_FACTS_CHANGE = f"""CREATE TRIGGER incident_facts_change AFTER UPDATE ON incidents BEGIN
  DELETE FROM incident_facts WHERE num = new.num; INSERT INTO incident_facts SELECT {_FACTS} AND num = new.num; END"""
_ASKED = f"""
CREATE TABLE incident_facts (
  num INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, country TEXT, admin1 TEXT, place TEXT, precision TEXT,
  lat REAL, lon REAL, geonameid INTEGER, first_day TEXT, last_day TEXT, day TEXT NOT NULL, vague INTEGER NOT NULL,
  killed INTEGER, killed_most INTEGER, injured INTEGER, injured_most INTEGER, kidnapped INTEGER, kidnapped_most INTEGER,
  firearms INTEGER, melee INTEGER, doers TEXT
) STRICT;
INSERT INTO incident_facts SELECT {_FACTS};
CREATE INDEX incident_facts_by_place ON incident_facts (country, admin1, day, kind, place, {_SUMMED});
CREATE INDEX incident_facts_by_kind ON incident_facts (kind, day, country, admin1, place, {_SUMMED});
CREATE INDEX incident_facts_by_day ON incident_facts (day, kind, country, admin1, place, {_SUMMED});
CREATE INDEX incident_facts_by_point ON incident_facts (lat, lon, place, precision, country, admin1, geonameid);
CREATE INDEX incident_facts_by_killed ON incident_facts (killed, injured, day, kind);
CREATE INDEX incident_facts_by_id ON incident_facts (id);
CREATE INDEX incident_facts_vague ON incident_facts (day) WHERE vague = 1;
{_FACTS_NEW};
{_FACTS_CHANGE};
CREATE TRIGGER incident_facts_end AFTER DELETE ON incidents BEGIN DELETE FROM incident_facts WHERE num = old.num; END;
CREATE TABLE questions (
  chat INTEGER NOT NULL, thread INTEGER NOT NULL, token TEXT NOT NULL, record TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (chat, thread, token)
) STRICT;
"""

# Articles are looked up by the id that their source gave them, too.
_LOOKUPS = """
CREATE INDEX articles_by_key ON articles (key);
"""

# Digests of what rows hold, since SQLite's own check doesn't see a changed payload. Filling them changes no fact.
_DIGESTS = """
ALTER TABLE incidents ADD COLUMN digest INTEGER;
ALTER TABLE alerts ADD COLUMN digest INTEGER;
ALTER TABLE subscriptions ADD COLUMN digest INTEGER;
DROP TRIGGER incident_facts_change;
UPDATE incidents SET digest = payload_digest(CAST(record AS BLOB));
UPDATE alerts SET digest = payload_digest(CAST(change AS BLOB), CAST(notice AS BLOB));
UPDATE subscriptions SET digest = payload_digest(CAST(record AS BLOB));
"""
_DIGESTS += f"{_FACTS_CHANGE};\n"

# Changes that are told to their many chats in parts: how far each has come.
_TELLINGS = """
CREATE TABLE tellings (
  id INTEGER PRIMARY KEY, incident TEXT NOT NULL, version INTEGER NOT NULL, before INTEGER NOT NULL,
  change TEXT NOT NULL, chat INTEGER NOT NULL, at TEXT NOT NULL
) STRICT;
"""

# Who deals with which incident.
_ACKNOWLEDGEMENTS = """
CREATE TABLE acknowledgements (
  incident TEXT NOT NULL, chat INTEGER NOT NULL, thread INTEGER NOT NULL, severity INTEGER NOT NULL, at TEXT NOT NULL,
  user INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', PRIMARY KEY (incident, chat, thread)
) STRICT;
CREATE INDEX acknowledgements_of_user ON acknowledgements (user) WHERE user <> 0;
CREATE INDEX acknowledgements_of_chat ON acknowledgements (chat);
"""

# Where and when each incident was, again: an index over the facts finds those that a report can belong to in a tenth of
# the time of the boxes, which held many days and countries each. The facts are those of the record: a change of another
# column doesn't read it.
_OF_RECORD = "AFTER UPDATE OF version, lifecycle, merged_into, record ON incidents"
_DAYS = f"""
CREATE INDEX incident_facts_by_span
  ON incident_facts (country, vague, last_day, first_day, kind, lat, lon, precision, place);
CREATE INDEX incidents_undated ON incidents (last_seen) WHERE first_day IS NULL;
DROP TABLE incident_spans;
DROP TRIGGER incident_facts_change;
{_FACTS_CHANGE.replace("AFTER UPDATE ON incidents", _OF_RECORD)};
"""

# A group that becomes a supergroup while a change is told gets an id that has had its turn: it is told by itself.
_LAST_TOLD = """
ALTER TABLE tellings ADD COLUMN last INTEGER;
"""

# Which incidents tell of whom and what by name: what shares several is one incident, whatever day and kind it gives.
# '*aftermath' stands among them where the day may be a later one than the act's.
_NAMES = """
CREATE TABLE incident_names (
  name TEXT NOT NULL, num INTEGER NOT NULL, PRIMARY KEY (name, num)
) STRICT, WITHOUT ROWID;
INSERT INTO incident_names SELECT DISTINCT substr(word.value, 2), num
  FROM incidents, json_each(record, '$.facts.words') AS word WHERE substr(word.value, 1, 1) = '^';
INSERT OR IGNORE INTO incident_names SELECT '*aftermath', num FROM incidents
  WHERE json_extract(record, '$.facts.news') = 'follow_up' OR EXISTS (
    SELECT 1 FROM json_each(record, '$.facts.words') WHERE value = '*aftermath');
"""

# Whether an incident's day may be a later one than the act's is one of its facts, and no longer stands among its names:
# its news is what came after, or a mark of the time stands among its words.
_IS_LATE = (
    """json_extract(record, '$.facts.news') = 'follow_up' OR instr(json_extract(record, '$.facts.words'), '"*') > 0"""
)
_FACTS_AND_LATE = _FACTS.replace("\n  FROM", f",\n  {_IS_LATE}\n  FROM")
_LATE = f"""
ALTER TABLE incident_facts ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
UPDATE incident_facts SET late = (SELECT {_IS_LATE} FROM incidents WHERE incidents.num = incident_facts.num);
CREATE INDEX incident_facts_late ON incident_facts (country, last_day, kind, lat, lon, precision)
  WHERE late = 1 AND vague = 0;
DELETE FROM incident_names WHERE name = '*aftermath';
DROP TRIGGER incident_facts_new;
DROP TRIGGER incident_facts_change;
{_FACTS_NEW.replace(_FACTS, _FACTS_AND_LATE)};
{_FACTS_CHANGE.replace(_FACTS, _FACTS_AND_LATE).replace("AFTER UPDATE ON incidents", _OF_RECORD)};
"""

# How each source did at each incident that is settled.
_TRIALS = """
CREATE TABLE trials (
  source TEXT NOT NULL, incident TEXT NOT NULL, first INTEGER NOT NULL, counted INTEGER NOT NULL,
  stood INTEGER NOT NULL, PRIMARY KEY (source, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX trials_of ON trials (incident);
"""

TABLES = frozenset(
    re.findall(
        r"CREATE (?:VIRTUAL )?TABLE (\w+)",
        _FIRST + _AMENDMENTS + _PREFERENCES + _MARKS + _ASKED + _TELLINGS + _ACKNOWLEDGEMENTS + _NAMES + _TRIALS,
    )
)


@MIGRATIONS()
def first_schema(db: Database) -> None:
    """Everything of the first release."""
    _run(db, _FIRST)


@MIGRATIONS()
def amendments(db: Database) -> None:
    """Records can be merged, split and taken back by hand."""
    _run(db, _AMENDMENTS)


@MIGRATIONS()
def preferences(db: Database) -> None:
    """Chats have hours, digests, a budget, incidents that they follow, and a say."""
    _run(db, _PREFERENCES)


@MIGRATIONS()
def marks(db: Database) -> None:
    """The service knows when it was down and what it can't see."""
    _run(db, _MARKS)


@MIGRATIONS()
def spans(db: Database) -> None:
    """The incidents a report can belong to are found by place and day."""
    _run(db, _SPANS)


@MIGRATIONS()
def asked(db: Database) -> None:
    """Questions in plain words can be answered, and go on from the one before."""
    _run(db, _ASKED)


@MIGRATIONS()
def lookups(db: Database) -> None:
    """An article is found by its source's id without going through all of them."""
    _run(db, _LOOKUPS)


@MIGRATIONS()
def digests(db: Database) -> None:
    """A damaged payload is found."""
    db.conn.create_function("payload_digest", -1, digest, deterministic=True)
    _run(db, _DIGESTS)


@MIGRATIONS()
def tellings(db: Database) -> None:
    """A change that thousands are told of doesn't hold up everything else."""
    _run(db, _TELLINGS)


@MIGRATIONS()
def acknowledgements(db: Database) -> None:
    """Somebody in a chat can say that they deal with an incident."""
    _run(db, _ACKNOWLEDGEMENTS)


@MIGRATIONS()
def days(db: Database) -> None:
    """The incidents a report can belong to are found by country and day."""
    _run(db, _DAYS)


@MIGRATIONS()
def last_told(db: Database) -> None:
    """A change can be told up to a chat."""
    _run(db, _LAST_TOLD)


@MIGRATIONS()
def names(db: Database) -> None:
    """The incidents a report can belong to are found by the names that both hold, too."""
    _run(db, _NAMES)


@MIGRATIONS()
def late(db: Database) -> None:
    """The incidents whose day may be a later one than the act's are found by an index of their own."""
    _run(db, _LATE)


@MIGRATIONS()
def trials(db: Database) -> None:
    """Sources have a track record."""
    _run(db, _TRIALS)


@MIGRATIONS()
def values(db: Database) -> None:
    """The fields of a change and the reason of a decision are data; they were English phrases."""
    english_phrases.convert(db)


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
