"""Why a chat got an alert or didn't: data in the store, words of the chat's language where it is shown."""

import contextlib
import json
import sqlite3
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES
from talking import ANN, NAMES, message, say_to
from test_english_phrases import old_database
from test_render import facts
from test_render import incident as rendered
from test_routing import KARACHI, NOWHERE_KNOWN, PAKISTAN, SINDH, THATTA, incident

from bot.alerts.gate import ReportContext, Rules, restrict_action
from bot.alerts.routing import ChatState, Match, matches, route
from bot.batch.explain import explanation_json
from bot.commands import privacy
from bot.commands.base import Caller
from bot.i18n.translate import CODES, FSI, PDI, ChatLocale, in_locale, language
from bot.incidents.explanation import explain
from bot.render import evidence, text
from bot.render.stored_values import reason_words
from bot.store import Store, chats, incidents, integrity, outbox
from bot.store.codec import dump_reason, load_reason
from bot.types import Reason, Subscription, Term
from extract.kinds import load_kinds
from extract.places.containment import by_names
from extract.types import Action, ArticleRef, Certainty, Change, News, Severity, TimePrecision, When

# the reason of an alert as the version before stored it -> what /whynot said in English and in Spanish
OLD_ALERTS = (
    ("in Karachi", "in Karachi", "en Karachi"),
    ("in New York, US", "in New York, US", "en New York, US"),
    (f"in {FSI}كراتشي{PDI}", f"in {FSI}كراتشي{PDI}", f"en {FSI}كراتشي{PDI}"),
    ("17 km from Karachi, 50 km asked for", "17 km from Karachi, 50 km asked for", "a 17 km de Karachi, se pidieron 50 km"),
    ("12,345 km from X, 12,500.5 km asked for", "12,345 km from X, 12,500.5 km asked for", "a 12.345 km de X, se pidieron 12.500,5 km"),
    ("everywhere", "everywhere", "en todas partes"),
    ("followed", "followed", "seguido"),
    ("it has a card", "it has a card", "tiene una tarjeta"),
    ("a bug; see the log", "a bug; see the log", "un error del programa; véase el registro"),
    ("about the service", "about the service", "sobre el servicio"),
    ("told in a list", "told in a list", "told in a list"),
    ("one with def23456", "one with def23456", "one with def23456"),
    ("Forbidden: bot was {blocked} ممنوع", "Forbidden: bot was {blocked} ممنوع", f"{FSI}Forbidden: bot was {{blocked}} ممنوع{PDI}"),
    ('{"ok": false}', '{"ok": false}', '{"ok": false}'),
)  # fmt: skip
OLD_NOTES = (
    ("history of a new source", "history of a new source", "historial de una fuente nueva"),
    ("the article is old", "the article is old", "el artículo es antiguo"),
    ("a follow-up to something whose time isn't known", "a follow-up to something whose time isn't known", "continuación de algo cuya fecha no se conoce"),
    ("an earlier wording", "an earlier wording", "an earlier wording"),
)  # fmt: skip


@pytest.fixture
def store(tmp_path, request):
    """A database of the version before, opened by this one."""
    old_database(tmp_path / "old.db", **request.param)
    made = Store(tmp_path / "old.db")
    yield made
    made.close()


def cases(rows, made):
    return [
        pytest.param(made(stored), code, words, id=f"{number} {code}")
        for number, (stored, *both) in enumerate(rows)
        for code, words in zip(("en", "es"), both, strict=True)
    ]


@pytest.mark.parametrize(
    ("store", "code", "words"),
    cases(OLD_ALERTS, lambda why: {"alert": {"chat": ANN, "why": why, "state": "dropped"}}),
    indirect=["store"],
)
async def test_whynot_says_why_an_old_alert_was_made(chatting, wire, store, code, words):
    await say_to(chatting, wire, message(f"/lang {code}"))
    said = (await say_to(chatting, wire, message("/whynot abc23456")))[0]
    assert said.split("\n")[-1].endswith(
        {"en": f"reply: dropped, {words}", "es": f"respuesta: descartado, {words}"}[code]
    )
    assert store.read_sync(integrity.damaged_rows) == []


@pytest.mark.parametrize(("store", "code", "words"), cases(OLD_NOTES, lambda note: {"note": note}), indirect=["store"])
async def test_whynot_why_and_explain_say_why_nobody_was_told(chatting, wire, store, code, words):
    await say_to(chatting, wire, message(f"/lang {code}"))
    said = (await say_to(chatting, wire, message("/whynot abc23456")))[0]
    assert said.split("\n")[-1] == {"en": f"Nobody was told: {words}", "es": f"No se avisó a nadie: {words}"}[code]
    decided = store.read_sync(incidents.decisions, incident="abc23456")
    with in_locale(ChatLocale(language(code))):
        shown = text.visible(evidence.why(rendered(facts(), version=2), [], decided, NAMES))
    assert f"({words})" in shown
    printed = explanation_json(store.read_sync(explain, "abc23456"), load_kinds())["decisions"][0]["note"]
    assert printed in {english for _, english, _ in OLD_NOTES} and (code != "en" or printed == words)


@pytest.mark.parametrize(
    "store", [{"alert": {"chat": ANN, "why": "7 km from Ko, in Na, 12,000 km asked for"}}], indirect=True
)
async def test_an_old_reason_with_values_is_kept_as_data(chatting, store):
    kept = store.read_sync(outbox.of_chat, ANN, 0, "abc23456")[0][2]
    assert kept == Reason("{n} km from {place}, {km} km asked for", {"n": 7, "place": "Ko, in Na", "km": 12000})
    exported = store.read_sync(chats.everything, ANN)["alerts"][0]["why"]
    assert json.loads(exported) == msgspec.to_builtins(kept)
    with in_locale(ChatLocale(language("es"))):
        copied = await privacy.export_me(chatting.services, Caller(chat=ANN), "")
    assert json.loads(copied.file.body)["alerts"][0]["why"] == "7 km from Ko, in Na, 12,000 km asked for"


def test_a_damaged_old_reason_stays_as_it_is(tmp_path):
    old_database(tmp_path / "old.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as conn:
        conn.execute("UPDATE alerts SET why = CAST(x'696e204bff' AS TEXT)")
        conn.commit()
    store = Store(tmp_path / "old.db")
    assert store.read_sync(lambda tx: tx.value("SELECT CAST(why AS BLOB) FROM alerts")) == b"in K\xff"
    store.close()


# ------------------------------------------------------------------ what routing and the gate give

PLACELESS = incident(None)
SOURCED = msgspec.structs.replace(incident(), articles=(ArticleRef(id="a", source="City Post"),))
# a subscription and the incident -> does it ask for it, and why, in English and in Spanish
MATCHES = (
    ({}, incident(), True, "everywhere", "en todas partes"),
    ({"place": KARACHI}, incident(), True, "in Karachi", "en Karachi"),
    ({"place": KARACHI}, PLACELESS, False, "place not known", "lugar desconocido"),
    ({"place": KARACHI}, incident(PLACES["Nairobi"]), False, "not in Karachi", "no en Karachi"),
    ({"place": KARACHI}, incident(SINDH), False, "not in Karachi, as far as is known", "no en Karachi, que se sepa"),
    ({"place": KARACHI, "km": 120.5}, incident(THATTA), True, "93 km from Karachi, 120.5 km asked for", "a 93 km de Karachi, se pidieron 120,5 km"),
    ({"place": KARACHI, "km": 50}, incident(THATTA), False, "93 km from Karachi, 50 km asked for", "a 93 km de Karachi, se pidieron 50 km"),
    ({"place": KARACHI, "km": 50.0}, incident(SINDH), False, "only the province is known, no point to measure from", "solo se conoce la provincia, no hay punto desde el que medir"),
    ({"place": KARACHI, "km": 50.0}, incident(PAKISTAN), False, "only the country is known, no point to measure from", "solo se conoce el país, no hay punto desde el que medir"),
    ({"place": KARACHI, "km": 50.0}, incident(NOWHERE_KNOWN), False, "no point to measure from", "no hay punto desde el que medir"),
    ({"kinds": ("road_accident",)}, incident(), False, "kind bombing is not among those asked for", "el tipo bombing no está entre los pedidos"),
    ({"min_severity": Severity.EXTREME}, incident(), False, "severity severe is below extreme", "la gravedad grave está por debajo de extremo"),
    ({"min_certainty": Certainty.OBSERVED}, incident(), False, "certainty unknown is below observed", "la certeza desconocido está por debajo de observado"),
    ({"min_origins": 3}, incident(), False, "1 of 3 independent sources asked for", "1 de las 3 fuentes independientes pedidas"),
    ({"without_sources": ("city post",)}, SOURCED, False, "told by muted sources only", "contado solo por fuentes silenciadas"),
    ({"without": ("police",)}, incident(), False, "holds the word “police”", "contiene la palabra “police”"),
    ({"words": ("cricket",)}, incident(), False, "holds none of the words asked for", "no contiene ninguna de las palabras pedidas"),
    ({"paused_until": NOW + timedelta(1)}, incident(), False, "paused", "en pausa"),
    ({"ends": NOW}, incident(), False, "it has ended", "ha terminado"),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "known", "yes", "english", "spanish"), MATCHES)
def test_why_a_subscription_asks_for_an_incident_or_does_not(asked, known, yes, english, spanish):
    match = matches(known, Subscription(chat=1, **asked), contains=by_names, now=NOW)
    assert (match.yes, reason_words(match.why)) == (yes, english)
    with in_locale(ChatLocale(language("es"))):
        kept = matches(known, Subscription(chat=1, **asked), contains=by_names, now=NOW).why
        assert reason_words(kept) == spanish
    assert kept == match.why == load_reason(dump_reason(match.why))


def change(action, *because):
    return Change(incident="i1", version=2, at=NOW, article="a", action=action, because=because)


@pytest.mark.parametrize(
    ("made", "yes", "state", "english"),
    [
        (change(None), True, {}, "nothing a reader could see"),
        (change(Action.EDIT), True, {"has_card": True}, "an edit of its card"),
        (change(Action.RETRACT), True, {"has_card": True}, "it was told what is taken back, or no longer is"),
        (change(Action.REPLY, "restored"), True, {"has_card": True}, "it was told what is taken back, or no longer is"),
        (change(Action.REPLY), False, {"has_card": True, "matched_before": False}, "it has a card and no longer asks for this"),
        (change(Action.REPLY), True, {"has_card": True}, "it has a card"),
        (change(Action.REPLY), True, {"has_card": True, "acknowledged": True}, "acknowledged"),
        (change(Action.REPLY), True, {"has_card": True, "acknowledged": True, "muted": True}, "muted"),
        (change(Action.NEW), False, {}, "in Karachi"),
        (change(Action.RETRACT), True, {}, "it was never told"),
        (change(Action.EDIT), True, {}, "no card, and the change is small"),
        (change(Action.NEW), True, {}, "in Karachi"),
    ],
)  # fmt: skip
def test_why_a_chat_gets_a_change_or_does_not(made, yes, state, english):
    wanted = Match(yes, IN_KARACHI)
    got = route(made, incident(), wanted, ChatState(**{"has_card": False, **state})).why
    assert reason_words(got) == english


IN_KARACHI = Reason("in {place}", {"place": "Karachi"})
LONG_AGO = NOW - timedelta(days=30)


@pytest.mark.parametrize(
    ("action", "announced", "report", "when", "english"),
    [
        (None, False, {}, None, ""),
        (Action.NEW, False, {}, None, ""),
        (Action.REPLY, True, {"is_history": True}, None, "history of a new source"),
        (Action.NEW, False, {"is_history": True}, None, "history of a new source"),
        (Action.EDIT, False, {}, None, "nobody has been told of this incident, and the change is small"),
        (Action.NEW, False, {"published": LONG_AGO}, None, "the article is old"),
        (Action.NEW, False, {"is_known_aftermath": True}, None, "probably the sequel of an incident that is known already"),
        (Action.NEW, False, {}, LONG_AGO, "the act lies too far back"),
        (Action.NEW, False, {"news": News.FOLLOW_UP}, None, "a follow-up to something whose time isn't known"),
    ],
)  # fmt: skip
def test_why_a_change_is_not_told_to_anybody(action, announced, report, when, english):
    known = incident()
    day = when and When(start=f"{when:%Y-%m-%d}", end=f"{when:%Y-%m-%d}", precision=TimePrecision.DAY)
    known = msgspec.structs.replace(known, facts=msgspec.structs.replace(known.facts, when=day))
    context = ReportContext(**{"published": NOW, "news": News.EVENT, **report})
    note = restrict_action(change(action), known, context, announced=announced, now=NOW, rules=Rules())[1]
    assert (reason_words(note) if note else "") == english


# ------------------------------------------------------------------ a reason in the store, and in words


@pytest.mark.parametrize(
    ("reason", "stored"),
    [
        (Reason(""), ""),
        (Reason("muted"), "muted"),
        (Reason("in {place}"), "in {place}"),
        (Reason('{"message":"x"}'), '{"message":"{\\"message\\":\\"x\\"}","values":{}}'),
        (IN_KARACHI, '{"message":"in {place}","values":{"place":"Karachi"}}'),
        (
            Reason("severity {value}", {"value": Term("severity", "minor")}),
            '{"message":"severity {value}","values":{"value":{"vocabulary":"severity","word":"minor"}}}',
        ),
    ],
)
def test_a_reason_is_stored_as_its_message_or_as_json(reason, stored):
    assert dump_reason(reason) == stored
    assert load_reason(stored) == reason


def test_a_long_error_is_cut_in_the_store(store_with_alert):
    store, alert = store_with_alert
    store.write_sync(outbox.end, alert, "failed", why=Reason("{" * 1000), now=NOW)
    assert store.read_sync(outbox.of_chat, 1, 0, "abc23456")[0][2] == Reason("{" * 300)


@pytest.fixture
def store_with_alert(tmp_path):
    old_database(tmp_path / "old.db")
    made = Store(tmp_path / "old.db")
    yield made, made.read_sync(outbox.everything)[0]
    made.close()


@pytest.mark.parametrize("code", CODES)
def test_plain_text_stays_as_it_is_in_every_language(code):
    said = "Bad Request: {0} /start"
    with in_locale(ChatLocale(language(code))):
        words = reason_words(Reason(said))
        assert reason_words(Reason("")) == ""
    assert words.strip(FSI + PDI) == said
    assert words.startswith(FSI) is (code in ("ar", "ur"))
