"""Which tables and indexes are there? Every migration in order; none is edited after a release.

Over 400 lines, since the schema is the sum of all migrations and each builds on the SQL of earlier ones.
"""

from __future__ import annotations

import re

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.store import english_phrases, hash_chain, subscription_columns
from bot.store.codec import checksum, headline_key

MIGRATIONS = Migrations("tocsin")

# The first release. Times are ISO 8601 text in UTC with microseconds, so that they sort as text.
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

# Changes that an administrator made by hand; ``record`` has what an undo needs.
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

# A chat's preferences, deferred incidents (``held``), follows and feedback.
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

# Flags of the service with their times: its heartbeat, countries whose sources all fail.
_MARKS = """
CREATE TABLE marks (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (at);
"""

# An R-tree of the place and days of each incident, to find a report's candidates by index: days as ordinals, a box in
# degrees, the country as a number. An unknown value spans the whole range.
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

# The facts that questions are answered from, as columns, for each incident that is neither merged nor retracted;
# triggers keep them up to date. A count has its lower bound and, with suffix ``_most``, its upper bound; NULL where
# unknown.
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
# the columns that make an index cover a sum, so that the table's rows aren't read
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

# An index of articles by the id that their source gave them.
_LOOKUPS = """
CREATE INDEX articles_by_key ON articles (key);
"""

# Checksums of payloads, since SQLite's own check doesn't detect a changed payload. The trigger is absent while they are
# filled, since that changes no fact.
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

# Changes that are announced to many chats in parts, and the last chat reached.
_TELLINGS = """
CREATE TABLE tellings (
  id INTEGER PRIMARY KEY, incident TEXT NOT NULL, version INTEGER NOT NULL, before INTEGER NOT NULL,
  change TEXT NOT NULL, chat INTEGER NOT NULL, at TEXT NOT NULL
) STRICT;
"""

# Who acknowledged which incident.
_ACKNOWLEDGEMENTS = """
CREATE TABLE acknowledgements (
  incident TEXT NOT NULL, chat INTEGER NOT NULL, thread INTEGER NOT NULL, severity INTEGER NOT NULL, at TEXT NOT NULL,
  user INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', PRIMARY KEY (incident, chat, thread)
) STRICT;
CREATE INDEX acknowledgements_of_user ON acknowledgements (user) WHERE user <> 0;
CREATE INDEX acknowledgements_of_chat ON acknowledgements (chat);
"""

# An index over the facts replaces the R-tree: it finds a report's candidates in a tenth of the time, since each box of
# the tree covered many days and countries. The facts depend on the record: a change of another column doesn't fire the
# trigger.
_OF_RECORD = "AFTER UPDATE OF version, lifecycle, merged_into, record ON incidents"
_DAYS = f"""
CREATE INDEX incident_facts_by_span
  ON incident_facts (country, vague, last_day, first_day, kind, lat, lon, precision, place);
CREATE INDEX incidents_undated ON incidents (last_seen) WHERE first_day IS NULL;
DROP TABLE incident_spans;
DROP TRIGGER incident_facts_change;
{_FACTS_CHANGE.replace("AFTER UPDATE ON incidents", _OF_RECORD)};
"""

# A group that becomes a supergroup during a fan-out gets an id that the fan-out has passed: a row with an upper bound
# (``last``) reaches that chat alone.
_LAST_TOLD = """
ALTER TABLE tellings ADD COLUMN last INTEGER;
"""

# The names in each incident: texts that share several names are about one incident, whatever day and kind they give.
# '*aftermath' is one of them where the incident's day may be later than the act.
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

# Whether an incident's day may be later than its act becomes a fact (``late``) instead of a name: its news is a
# follow-up, or its words include a time marker (prefix '*').
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

# Each source's result at each settled incident.
_TRIALS = """
CREATE TABLE trials (
  source TEXT NOT NULL, incident TEXT NOT NULL, first INTEGER NOT NULL, counted INTEGER NOT NULL,
  stood INTEGER NOT NULL, PRIMARY KEY (source, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX trials_of ON trials (incident);
"""

# The vectors of short items' stories: what a report's is compared with, whatever place and day it gives.
_STORIES = """
CREATE TABLE incident_stories (
  num INTEGER PRIMARY KEY, last_seen TEXT NOT NULL, story BLOB NOT NULL
) STRICT;
CREATE INDEX incident_stories_by_time ON incident_stories (last_seen);
CREATE TRIGGER incident_stories_end AFTER DELETE ON incidents BEGIN
  DELETE FROM incident_stories WHERE num = old.num; END;
"""

# Whom and what each incident hit, by what happened to them, and the classes of places and people in its words
# ("%where:", "%whom:"); and the incidents that are denied or unlikely. Triggers keep both up to date.
_HARMED = ", ".join(
    f"""(SELECT group_concat(json_extract(value, '$.name'), ' ') FROM json_each(record, '$.facts.victims')
  WHERE json_extract(value, '$.effect') = '{effect}')"""
    for effect in ("killed", "injured", "kidnapped", "freed")
)
_CLASSES = ", ".join(
    f"""(SELECT group_concat(substr(value, instr(value, ':') + 1), ' ') FROM json_each(record, '$.facts.words')
  WHERE substr(value, 1, instr(value, ':')) = '%{name}:')"""
    for name in ("where", "whom")
)
_HIT = f"""num, {_HARMED},
  (SELECT group_concat(json_extract(value, '$.name'), ' ') FROM json_each(record, '$.facts.targets')),
  {_CLASSES} FROM incidents"""
_HIT_ROW = "INSERT INTO incident_hits (rowid, killed, injured, kidnapped, freed, targets, places, people) SELECT"
_UNLIKELY = "num FROM incidents WHERE json_extract(record, '$.facts.certainty') = 'unlikely'"
_HITS = f"""
CREATE VIRTUAL TABLE incident_hits USING fts5 (
  killed, injured, kidnapped, freed, targets, places, people, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE incident_denied (num INTEGER PRIMARY KEY) STRICT;
{_HIT_ROW} {_HIT};
INSERT INTO incident_denied SELECT {_UNLIKELY};
CREATE TRIGGER incident_hits_new AFTER INSERT ON incidents BEGIN
  {_HIT_ROW} {_HIT} WHERE num = new.num; INSERT INTO incident_denied SELECT {_UNLIKELY} AND num = new.num; END;
CREATE TRIGGER incident_hits_change AFTER UPDATE OF record ON incidents BEGIN
  DELETE FROM incident_hits WHERE rowid = new.num; {_HIT_ROW} {_HIT} WHERE num = new.num; DELETE FROM incident_denied
  WHERE num = new.num; INSERT INTO incident_denied SELECT {_UNLIKELY} AND num = new.num; END;
CREATE TRIGGER incident_hits_end AFTER DELETE ON incidents BEGIN
  DELETE FROM incident_hits WHERE rowid = old.num; DELETE FROM incident_denied WHERE num = old.num; END;
"""

# An incident without a day counts by the day of its first article, since what a source shows when it is first read is
# history.
_RECEIVED = "substr(first_seen, 1, 10)"
_FIRST_ARTICLE = "SELECT min(substr(json_extract(value, '$.published'), 1, 10)) FROM json_each(record, '$.articles')"
_FIRST_TOLD = f"min({_RECEIVED}, coalesce(({_FIRST_ARTICLE}), {_RECEIVED}))"
_FACTS_TOLD = _FACTS_AND_LATE.replace(_RECEIVED, _FIRST_TOLD)
_TOLD = f"""
UPDATE incident_facts SET day = (SELECT {_FIRST_TOLD} FROM incidents WHERE incidents.num = incident_facts.num)
  WHERE first_day IS NULL;
DROP TRIGGER incident_facts_new;
DROP TRIGGER incident_facts_change;
{_FACTS_NEW.replace(_FACTS, _FACTS_TOLD)};
{_FACTS_CHANGE.replace(_FACTS, _FACTS_TOLD).replace("AFTER UPDATE ON incidents", _OF_RECORD)};
"""

# The log that seals each decision, version and delivery: ``bot.store.audit``.
_AUDIT = """
CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY, tbl TEXT NOT NULL, name TEXT NOT NULL, seal BLOB NOT NULL, replaces INTEGER,
  link BLOB NOT NULL
) STRICT;
ALTER TABLE decisions ADD COLUMN entry INTEGER;
ALTER TABLE incident_versions ADD COLUMN entry INTEGER;
ALTER TABLE deliveries ADD COLUMN entry INTEGER;
ALTER TABLE deliveries ADD COLUMN salt TEXT NOT NULL DEFAULT '';
UPDATE deliveries SET salt = lower(hex(randomblob(16)));
"""

# What subscriptions are looked up by: the place as JSON, a box around a circle, kinds as "|bombing|fire|", the least
# severity.
_SPOTS = """
ALTER TABLE subscriptions ADD COLUMN spot TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN least INTEGER NOT NULL DEFAULT 0;
CREATE VIRTUAL TABLE subscription_circles USING rtree (id, south, north, west, east);
CREATE INDEX subscriptions_by_spot ON subscriptions (area, country, spot, least, chat, kinds);
CREATE TRIGGER subscription_circles_end AFTER DELETE ON subscriptions BEGIN
  DELETE FROM subscription_circles WHERE id = old.id; END;
"""

# A digest of each article's title, by which one is found that its source gave a new id.
_HEADLINES = """
ALTER TABLE articles ADD COLUMN headline TEXT NOT NULL DEFAULT '';
UPDATE articles SET headline = headline_key(iif(json_valid(record), json_extract(record, '$.title'), ''));
CREATE INDEX articles_by_headline ON articles (headline, source_url) WHERE headline <> '';
"""

# Which articles are reduced to their title and what incidents quote of them.
_PRUNED = """
ALTER TABLE articles ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_whole ON articles (first_seen) WHERE pruned = 0;
"""

# What webhooks are sent, which incidents each of them knows, and how it does.
_WEBHOOKS = """
CREATE TABLE webhook_messages (
  num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, hook TEXT NOT NULL, incident TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL, digest INTEGER,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0, not_before TEXT NOT NULL, made TEXT NOT NULL, ended TEXT,
  why TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX webhook_messages_due ON webhook_messages (hook, num) WHERE state = 'pending';
CREATE INDEX webhook_messages_open ON webhook_messages (hook, incident, num) WHERE state IN ('pending', 'sending');
CREATE INDEX webhook_messages_by_state ON webhook_messages (hook, state);
CREATE TABLE webhook_told (hook TEXT NOT NULL, incident TEXT NOT NULL, PRIMARY KEY (hook, incident)) STRICT;
CREATE TABLE webhook_states (
  hook TEXT PRIMARY KEY, failures INTEGER NOT NULL DEFAULT 0, since TEXT, paused TEXT,
  not_before TEXT NOT NULL DEFAULT '', last_ok TEXT, why TEXT NOT NULL DEFAULT ''
) STRICT;
"""

# Sources on trial, and those that are paused because they failed for long; the articles of a trial. What came on trial
# stays so until the source is kept.
_TRIAL = """
ALTER TABLE sources ADD COLUMN trial_since TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN trial_ends TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN paused TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN on_trial INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_on_trial ON articles (ref) WHERE on_trial = 1;
CREATE INDEX articles_of_trial ON articles (source_url, ref) WHERE on_trial = 1;
"""

# How many items of a source were in a language that is not read, a day.
_UNREAD = """
CREATE TABLE unread_items (
  source_url TEXT NOT NULL, day TEXT NOT NULL, lang TEXT NOT NULL, items INTEGER NOT NULL,
  PRIMARY KEY (source_url, day, lang)
) STRICT;
"""

TABLES = frozenset(
    re.findall(
        r"CREATE (?:VIRTUAL )?TABLE (\w+)",
        _FIRST
        + _AMENDMENTS
        + _PREFERENCES
        + _MARKS
        + _ASKED
        + _TELLINGS
        + _ACKNOWLEDGEMENTS
        + _NAMES
        + _TRIALS
        + _STORIES
        + _HITS
        + _AUDIT
        + _SPOTS
        + _WEBHOOKS
        + _UNREAD,
    )
)


@MIGRATIONS()
def first_schema(db: Database) -> None:
    """The tables of the first release."""
    _run(db, _FIRST)


@MIGRATIONS()
def amendments(db: Database) -> None:
    """Incidents can be merged, split and retracted by hand."""
    _run(db, _AMENDMENTS)


@MIGRATIONS()
def preferences(db: Database) -> None:
    """Chats have quiet hours, digests, a daily limit, follows and feedback."""
    _run(db, _PREFERENCES)


@MIGRATIONS()
def marks(db: Database) -> None:
    """The service records when it was last alive and which countries it can't see."""
    _run(db, _MARKS)


@MIGRATIONS()
def spans(db: Database) -> None:
    """A report's candidate incidents are found by place and day, by an R-tree."""
    _run(db, _SPANS)


@MIGRATIONS()
def asked(db: Database) -> None:
    """Questions in plain words can be answered, also follow-up questions."""
    _run(db, _ASKED)


@MIGRATIONS()
def lookups(db: Database) -> None:
    """An article is found by its source's id, by an index."""
    _run(db, _LOOKUPS)


@MIGRATIONS()
def digests(db: Database) -> None:
    """A damaged payload is detected by its checksum."""
    db.conn.create_function("payload_digest", -1, checksum, deterministic=True)
    _run(db, _DIGESTS)


@MIGRATIONS()
def tellings(db: Database) -> None:
    """A change for thousands of chats is announced in parts and doesn't block other work."""
    _run(db, _TELLINGS)


@MIGRATIONS()
def acknowledgements(db: Database) -> None:
    """A person in a chat can acknowledge an incident."""
    _run(db, _ACKNOWLEDGEMENTS)


@MIGRATIONS()
def days(db: Database) -> None:
    """A report's candidate incidents are found by country and day, by an index instead of the R-tree."""
    _run(db, _DAYS)


@MIGRATIONS()
def last_told(db: Database) -> None:
    """A fan-out can have an upper bound of chat ids."""
    _run(db, _LAST_TOLD)


@MIGRATIONS()
def names(db: Database) -> None:
    """A report's candidate incidents are also found by shared names."""
    _run(db, _NAMES)


@MIGRATIONS()
def late(db: Database) -> None:
    """Incidents whose day may be later than their act have an index of their own."""
    _run(db, _LATE)


@MIGRATIONS()
def trials(db: Database) -> None:
    """Each source has a track record."""
    _run(db, _TRIALS)


@MIGRATIONS()
def values(db: Database) -> None:
    """The fields of a change and the reason of a decision are data; they were English phrases."""
    english_phrases.convert(db)


@MIGRATIONS()
def reasons(db: Database) -> None:
    """The reason of an alert is data; one with values was an English phrase."""
    english_phrases.convert_reasons(db)


@MIGRATIONS()
def stories(db: Database) -> None:
    """A report's candidate incidents are also found by the story that they tell."""
    _run(db, _STORIES)


@MIGRATIONS()
def hits(db: Database) -> None:
    """Questions can ask whom or what an incident hit, and which incidents are denied."""
    _run(db, _HITS)


@MIGRATIONS()
def told(db: Database) -> None:
    """An incident without a day counts by the day on which it was first told, not by that on which it was read."""
    _run(db, _TOLD)


@MIGRATIONS()
def cards_of(db: Database) -> None:
    """The chats that have a card of an incident are found by an index."""
    _run(db, "CREATE INDEX cards_of ON cards (incident)")


@MIGRATIONS()
def audited(db: Database) -> None:
    """Every decision, version and delivery is sealed by an entry of the audit log, those of before in their order."""
    _run(db, _AUDIT)
    hash_chain.seal_everything(db.conn)


@MIGRATIONS()
def spots(db: Database) -> None:
    """The subscriptions that ask for an incident are found by its place, by indexes."""
    _run(db, _SPOTS)
    subscription_columns.fill(db.conn)


@MIGRATIONS()
def headlines(db: Database) -> None:
    """An article is found by its title, by an index."""
    db.conn.create_function("headline_key", 1, lambda title: headline_key(title or ""), deterministic=True)
    _run(db, _HEADLINES)


@MIGRATIONS()
def leads(db: Database) -> None:
    """A source's time zone is learned from how far its clock leads ours when something new shows up."""
    _run(db, "ALTER TABLE sources ADD COLUMN leads TEXT NOT NULL DEFAULT '[]'")


@MIGRATIONS()
def waits(db: Database) -> None:
    """Since when a chat waits is known, so that a clock that is set back does not make it wait for longer."""
    _run(db, "ALTER TABLE chats ADD COLUMN waits_since TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def arrivals(db: Database) -> None:
    """When a source last had something new is found by an index."""
    _run(db, "CREATE INDEX articles_of_source ON articles (source_url, first_seen DESC) WHERE baseline = 0")


@MIGRATIONS()
def pruned(db: Database) -> None:
    """Old articles can be reduced to what incidents quote of them; those that are whole are found by an index."""
    _run(db, _PRUNED)


@MIGRATIONS()
def alerts_of_chats(db: Database) -> None:
    """The alerts about an incident to some chats are found by an index, for a fan-out in parts."""
    _run(db, "DROP INDEX alerts_of;\nCREATE INDEX alerts_of ON alerts (incident, chat)")


@MIGRATIONS()
def webhooks(db: Database) -> None:
    """Webhooks are told of changes."""
    _run(db, _WEBHOOKS)


@MIGRATIONS()
def source_trials(db: Database) -> None:
    """A source can be on trial, so that it starts no alert, and is paused when it has failed for long."""
    _run(db, _TRIAL)


@MIGRATIONS()
def unread_languages(db: Database) -> None:
    """Items in languages that are not read are counted by source and day."""
    _run(db, _UNREAD)


def is_known(name: str) -> bool:
    """Is this one of the migrations above? Any other is of a newer version."""
    return any(migration.name == name for migration in MIGRATIONS._migrations)


def _run(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
