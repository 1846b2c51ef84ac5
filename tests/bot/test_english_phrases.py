"""Changes that an earlier version stored as English phrases become data, and read as they did before."""

import contextlib
import json
import sqlite3

import msgspec
import pytest
from fakes import NOW
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from talking import NAMES
from test_render import facts, incident

from bot.batch.explain import explanation_json
from bot.i18n.translate import ChatLocale, in_locale, language, t
from bot.incidents.explanation import explain
from bot.render import text, words
from bot.render.stored_values import changed_value, decision_reason
from bot.render.update import update
from bot.store import Store, english_phrases, fanout, incidents, integrity, schema
from bot.store.codec import checksum as digest
from bot.store.codec import dump, load, stamp
from extract.kinds import load_kinds
from extract.types import Change, Decision, FieldChange, MatchScore

STEPS = [migration.name for migration in schema.MIGRATIONS._migrations]
BEFORE = STEPS.index("values")
# field, before and after, as the earlier version stored them -> what a reply said in Spanish
OLD = (
    ("kind", "armed attack", "bombing", "Tipo: ataque armado → atentado con bomba"),
    ("place", "", "Karachi, Sindh, Pakistan", "Lugar: se desconoce → Karachi, Sindh, Pakistan"),
    ("when", "2023-02-17", "2023-02-17T10:40", "Fecha: 17 feb 2023 → 17 feb 2023, 10:40 hora local"),
    ("killed", "not yet known", "at least 11000", "Muertos: aún no se sabe → al menos 11.000"),
    ("injured", "none", "8 to 10", "Heridos: ninguno → 8 a 10"),
    ("attackers", "", "2", "Atacantes: se desconoce → 2"),
    ("killed_attackers", "2", "", "Atacantes muertos: 2 → se desconoce"),
    ("responsibility", "none reported", "claimed", "Responsabilidad: nadie señalado → reivindicado"),
    ("perpetrators", "TTP", "TTP, BLA", "Autores: TTP → TTP, BLA"),
    ("status", "ongoing", "ended", "Estado: en curso → terminado"),
    ("severity", "moderate", "severe", "Gravedad: moderado → grave"),
    ("certainty", "possible", "observed", "Certeza: posible → observado"),
    ("conflicts", "", "killed, killed_attackers", "Discrepancia: se desconoce → muertos, atacantes muertos"),
    ("sources", "1", "12", "Artículos: 1 → 12"),
)
PHRASES = [{"field": field, "before": before, "after": after} for field, before, after, _ in OLD]
CHANGE = {
    "incident": "abc23456", "version": 2, "at": "2026-03-02T12:00:00Z", "article": "b", "action": "reply",
    "because": ["killed"], "fields": PHRASES,
}  # fmt: skip


def old_database(path, change=None, *, alert=None, action="merge", reason="same place", note=""):
    """A database as the version before left it: the same change in each table that keeps changes."""
    database = Database(path)
    earlier = Migrations("tocsin")
    earlier._migrations = schema.MIGRATIONS._migrations[:BEFORE]
    earlier.apply(database)
    kept = dump(change or CHANGE)
    record, at = dump(incident(facts(), version=2)), stamp(NOW)
    row = {"incident": "abc23456", "version": 2, "at": at}
    database["incidents"].insert(
        {
            "id": "abc23456", "version": 2, "kind": "armed_assault", "lifecycle": "new", "severity": 3, "record": record,
            "first_seen": at, "last_seen": at, "digest": digest(record),
        }
    )  # fmt: skip
    database["incident_versions"].insert({**row, "article": "b", "record": record, "change": kept})
    database["decisions"].insert(
        {
            "article": "b", "revision": 1, "position": 0, "at": at, "incident": "abc23456", "change": kept,
            "note": note, "record": dump(Decision(action=action, incident="abc23456", reason=reason)),
        }
    )  # fmt: skip
    database["tellings"].insert({**row, "before": 0, "change": kept, "chat": 5})
    database["alerts"].insert(
        {
            "chat": 1, "thread": 0, "incident": "abc23456", "version": 2, "action": "reply", "silent": 0, "severity": 3,
            "state": "pending", "not_before": at, "made": at, "change": kept, "digest": digest(kept, ""),
            **(alert or {}),
        }
    )  # fmt: skip
    database.conn.commit()
    database.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "old.db"


@contextlib.contextmanager
def opened(path):
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


def told(change):
    """Each changed field with its values before and after, in words of the current language."""
    pairs = ((words.label(one.field), one.before, one.after) for one in change.fields)
    return sorted(
        f"{label}: {' → '.join(changed_value(value, NAMES, 200) or t('not known') for value in values)}"
        for label, *values in pairs
    )


def test_a_reply_says_what_it_said_before_in_english_and_in_another_language(path):
    old_database(path)
    with opened(path) as store:
        change = store.read_sync(incidents.versions, "abc23456")[0].change
    labels = {field: told(_only(change, field))[0].partition(": ")[0] for field, *_ in OLD}
    expected = [f"{labels[field]}: {old or 'not known'} → {new or 'not known'}" for field, old, new, _ in OLD]
    assert told(change) == sorted(expected)
    reply = text.visible(update(incident(facts(), version=2), change, NAMES))
    assert reply.startswith("At least 11,000 killed, was not yet known · Karachi, Pakistan")
    with in_locale(ChatLocale(language("es"))):
        assert told(change) == sorted(line for *_, line in OLD)


def _only(change, field):
    return msgspec.structs.replace(change, fields=tuple(one for one in change.fields if one.field == field))


def test_explain_prints_the_phrases(path):
    old_database(path)
    with opened(path) as store:
        found = store.read_sync(explain, "abc23456")
    printed = json.loads(msgspec.json.encode(explanation_json(found, load_kinds())))
    assert printed["versions"][0]["change"] == printed["decisions"][0]["change"] == CHANGE


def test_every_table_that_keeps_changes_keeps_data(path):
    old_database(path)
    with opened(path) as store:
        change = store.read_sync(incidents.versions, "abc23456")[0].change
        assert store.read_sync(fanout.oldest).change == change
        assert store.read_sync(incidents.decisions, incident="abc23456")[0].change == change
        assert load(store.read_sync(lambda tx: tx.value("SELECT change FROM alerts")), Change) == change
        assert store.read_sync(integrity.damaged_rows) == []
    with contextlib.closing(sqlite3.connect(path)) as conn:
        kept = json.loads(conn.execute("SELECT change FROM incident_versions").fetchone()[0])
    assert kept["fields"][3] == {
        "field": "killed",
        "before": {"type": "count", "count": {"low": None, "high": None, "state": "not_yet_known"}},
        "after": {"type": "count", "count": {"low": 11000, "high": None, "state": "counted"}},
    }


@pytest.mark.parametrize(
    ("field", "phrase"),
    [("kind", "raid by camel"), ("killed", "a dozen"), ("when", "spring"), ("status", "unclear"), ("sources", "few")],
)
def test_a_phrase_of_no_known_form_is_shown_as_it_is(path, field, phrase):
    old_database(path, {**CHANGE, "because": [field], "fields": [{"field": field, "before": "", "after": phrase}]})
    with opened(path) as store:
        change = store.read_sync(incidents.versions, "abc23456")[0].change
    for code in ("en", "es"):
        with in_locale(ChatLocale(language(code))):
            assert told(change)[0].endswith(f" → {phrase}")


def test_a_damaged_alert_stays_damaged(path):
    old_database(path, alert={"digest": 1})
    with opened(path) as store:
        assert [one.table for one in store.read_sync(integrity.damaged_rows)] == ["alerts"]
        assert json.loads(store.read_sync(lambda tx: tx.value("SELECT change FROM alerts"))) == CHANGE


@pytest.mark.parametrize("damaged", ['{"fields": [{"before": "4"}]}', '{"before": ', '{"before": 1, "fields": [1]}'])
def test_a_change_that_cannot_be_read_stays_as_it_is(path, damaged):
    old_database(path, alert={"change": damaged, "digest": digest(damaged, "")})
    with opened(path) as store:
        assert store.read_sync(lambda tx: tx.value("SELECT change FROM alerts")) == damaged


@pytest.mark.parametrize(
    ("action", "reason", "score", "in_spanish"),
    [
        ("merge", "2.41 of 2.26 needed", MatchScore(score=2.41, needed=2.26), "2.41 de 2.26 necesarios"),
        ("new", "no known incident qualifies", MatchScore(), "ningún incidente conocido encaja"),
        (
            "drop",
            "the nearest reaches -1.30 of 2.0; and 0.05 of 0.59 needed to start one",
            MatchScore(score=-1.3, needed=2.0, probability=0.05, least=0.59),
            "el más cercano llega a -1.30 de 2.0; y 0.05 de 0.59 necesarios para abrir uno",
        ),
        ("drop", "the nearest reaches 1.5 of 2", "the nearest reaches 1.5 of 2", "the nearest reaches 1.5 of 2"),
        ("merge", "same place", "same place", "same place"),
    ],
)
def test_the_reason_of_a_decision_says_what_it_said_before(path, action, reason, score, in_spanish):
    old_database(path, action=action, reason=reason)
    with opened(path) as store:
        (record,) = store.read_sync(incidents.decisions, incident="abc23456")
        found = store.read_sync(explain, "abc23456")
    assert record.decision.reason == score
    assert explanation_json(found, load_kinds())["decisions"][0]["decision"]["reason"] == reason
    assert decision_reason(record.decision) == reason
    with in_locale(ChatLocale(language("es"))):
        assert decision_reason(record.decision) == in_spanish


def test_every_value_is_one_that_is_read_today():
    slugs = {kind.label: kind.slug for kind in load_kinds().values()}
    phrases = [(field, phrase) for field, *both, _ in OLD for phrase in both]
    phrases += [("kind", label) for label in slugs]
    made = [
        {"field": field, **dict.fromkeys(("before", "after"), english_phrases.value(field, phrase, slugs))}
        for field, phrase in phrases
    ]
    read = msgspec.convert(made, list[FieldChange])
    assert json.loads(dump(read)) == made
