"""A chat's language: chosen, kept, spoken in everywhere, right to left without a turn; moments by the reader's clock."""

import json
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from fakes import NOW, PLACES
from hypothesis import given, settings
from hypothesis import strategies as st
from talking import ANN, GROUP, NAMES, message, say_to, tap
from telegram import Update
from telegram.error import BadRequest
from test_notifications import happen, subscribe
from test_render import facts, incident

from bot.alerts.delivery import Deliverer
from bot.alerts.outcome import Outgoing, Sent
from bot.chat import menu
from bot.commands import COMMANDS, subscribing
from bot.i18n import translate
from bot.i18n.translate import BIDI, CODES, FSI, PDI, ChatLocale, in_locale, language
from bot.render import evidence, text, words
from bot.render.card import card, headline
from bot.render.message import Block, Message, Span, code, foreign, line, link, moment, say, sentence
from bot.render.stored_values import changed_value, changed_value_in_english
from bot.store import chats, outbox, preferences
from bot.terminal import talk
from bot.types import Reason
from extract.types import (
    Certainty,
    CertaintyValue,
    ConflictFieldsValue,
    Count,
    CountState,
    CountValue,
    KindValue,
    PerpetratorsValue,
    PlaceValue,
    Responsibility,
    ResponsibilityValue,
    Severity,
    SeverityValue,
    Status,
    StatusValue,
    Target,
    TextValue,
    TimePrecision,
    TimeValue,
    When,
)

pytestmark = pytest.mark.usefixtures("simple_tracking")
ARABIC, URDU, SPANISH, FRENCH = (ChatLocale(language(code)) for code in ("ar", "ur", "es", "fr"))


def in_language(chat_update, code):
    for key in ("message", "callback_query"):
        if key in chat_update:
            chat_update[key]["from"]["language_code"] = code
    return chat_update


def chosen(store, chat, thread=0):
    return store.read_sync(preferences.locale, chat, thread).language.code


# ------------------------------------------------------------------ which language


async def test_who_starts_in_private_is_spoken_to_in_their_own_language(chatting, wire, store):
    said = await say_to(chatting, wire, in_language(message("/start"), "es-MX"))
    assert chosen(store, ANN) == "es" and "Karachi" in said[0]
    with in_locale(SPANISH):
        assert translate.t("See an example") in str(wire.said()[-1]["reply_markup"])


async def test_a_language_that_is_not_spoken_here_is_answered_in_english(chatting, wire, store):
    said = await say_to(chatting, wire, in_language(message("/start"), "ja"))
    assert chosen(store, ANN) == "en" and "Tocsin tells you about incidents" in said[0]


async def test_another_command_than_start_chooses_no_language(chatting, wire, store):
    await say_to(chatting, wire, in_language(message("/help"), "fr"))
    assert chosen(store, ANN) == "en"


async def test_a_group_speaks_english_whoever_starts(chatting, wire, store):
    await say_to(chatting, wire, in_language(message("/start", chat=GROUP, kind="supergroup"), "ar"))
    assert chosen(store, GROUP) == "en"


async def test_a_choice_outlives_another_start(chatting, wire, store):
    await say_to(chatting, wire, message("/lang fr"))
    await say_to(chatting, wire, in_language(message("/start"), "es"))
    assert chosen(store, ANN) == "fr"


async def test_lang_offers_every_language_and_marks_drafts(chatting, wire):
    await say_to(chatting, wire, message("/lang"))
    rows = wire.said()[-1]["reply_markup"]["inline_keyboard"]
    labels = [one["text"] for row in rows for one in row]
    assert labels == [
        "✓ English",
        f"{FSI}العربية{PDI} (draft)",
        "Español (draft)",
        "Français (draft)",
        f"{FSI}اردو{PDI} (draft)",
    ]


@pytest.mark.parametrize("word", ["es", "Español", "spanish", "ES"])
async def test_lang_takes_a_code_or_a_name(chatting, wire, store, word):
    await say_to(chatting, wire, message(f"/lang {word}"))
    assert chosen(store, ANN) == "es"


async def test_a_tap_changes_the_language_and_the_menu_in_place(chatting, wire, store):
    await chatting.handle(Update.de_json(tap("lang:ur"), wire.bot))
    assert chosen(store, ANN) == "ur" and wire.asked[-1][0] == "editMessageText"


async def test_only_who_manages_a_group_chooses_its_language(chatting, wire, store):
    said = await say_to(chatting, wire, message("/lang fr", chat=GROUP, kind="supergroup"))
    assert chosen(store, GROUP) == "en" and "administrators" in said[0]


def test_a_topic_speaks_as_its_chat_until_it_has_chosen(store):
    store.write_sync(preferences.set_language, GROUP, 0, "fr")
    assert chosen(store, GROUP, 7) == "fr"
    store.write_sync(preferences.set_language, GROUP, 7, "ar")
    assert (chosen(store, GROUP, 7), chosen(store, GROUP)) == ("ar", "fr")


def test_the_choice_leaves_hours_and_the_next_digest_as_they_are(store):
    before = msgspec.structs.replace(
        store.read_sync(preferences.get, ANN, 0), zone="Asia/Karachi", quiet=("22:00", "07:00")
    )
    store.write_sync(preferences.put, ANN, 0, before, NOW)
    store.write_sync(preferences.set_language, ANN, 0, "ur")
    assert store.read_sync(preferences.due, NOW) == [(ANN, 0, msgspec.structs.replace(before, language="ur"))]


async def test_export_me_and_forget_me_cover_it(chatting, wire, store):
    await say_to(chatting, wire, message("/lang fr"))
    assert '"language":"fr"' in json.dumps(store.read_sync(chats.everything, ANN)).replace('\\"', '"')
    await say_to(chatting, wire, message("/forget_me yes"))
    assert chosen(store, ANN) == "en"


async def test_an_answer_to_the_question_for_a_place_is_known_in_every_language(chatting, wire, store):
    await say_to(chatting, wire, message("/lang ar"))
    asked = (await say_to(chatting, wire, message("/subscribe")))[0].split("\n")[0]
    assert asked in translate.in_every_language(subscribing.ASK_PLACE)
    answered = message("Karachi", reply_to_message=message(asked)["message"])
    await say_to(chatting, wire, answered)
    assert len(store.read_sync(lambda tx: tx.rows("SELECT id FROM subscriptions"))) == 1


# ------------------------------------------------------------------ what reaches people


class Keeping:
    """A sender that keeps what it was given."""

    def __init__(self):
        self.sent = []

    async def is_reachable(self):
        return True

    async def send(self, outgoing):
        self.sent.append(outgoing)
        return Sent(len(self.sent))


async def test_each_chat_gets_its_card_in_its_language(store, clock):
    for chat, spoken in ((1, "en"), (2, "es"), (3, "ar")):
        store.write_sync(chats.touch, chat, "private", NOW)
        store.write_sync(preferences.set_language, chat, 0, spoken)
        store.write_sync(
            lambda tx, chat=chat: subscribing.subscriptions.add(tx, subscribing.Subscription(chat=chat), NOW)
        )
    happen(store, "dock")
    sender = Keeping()
    deliverer = Deliverer(store=store, sender=sender, names=NAMES, holder="this process", clock=clock)
    for alert in store.write_sync(outbox.claim, holder="this process", now=NOW, limit=9, busy=()):
        await deliverer.deliver(alert)
    heads = {one.chat: text.visible(one.message).split("\n")[0] for one in sender.sent}
    assert heads[1].startswith("SEVERE · Karachi, Pakistan · ")
    for chat, voice in ((2, SPANISH), (3, ARABIC)):
        with in_locale(voice):
            assert heads[chat].startswith(f"{translate.tp('severity', 'severe').upper()} · ")
            assert NAMES.kind("bombing") in heads[chat]


async def test_why_something_was_told_is_stored_as_data(chatting, wire, store):
    await say_to(chatting, wire, message("/lang es"))
    subscribe(store, place=PLACES["Karachi"])
    with in_locale(SPANISH):
        known = happen(store, "dock")
    assert [why for _, _, why, _ in store.read_sync(outbox.of_chat, ANN, 0, known)] == [
        Reason("in {place}", {"place": "Karachi"})
    ]
    said = (await say_to(chatting, wire, message(f"/whynot {known}")))[0]
    with in_locale(SPANISH):
        assert said.count(translate.tp("reason", "in {place}", place="Karachi")) == 2


async def test_menus_are_set_for_each_scope_and_language(chatting, wire):
    await menu.publish(wire.bot, [])
    told = [
        (str(params["scope"]["type"].value), params.get("language_code"))
        for name, params in wire.asked
        if name == "setMyCommands"
    ]
    scopes = ("default", "all_group_chats", "all_chat_administrators")
    assert sorted(map(str, told)) == sorted(
        str((scope, None if code == "en" else code)) for scope in scopes for code in CODES
    )
    assert sum(name == "setMyShortDescription" for name, _ in wire.asked) == len(CODES)


async def test_the_terminal_speaks_the_language_too(chatting, store):
    await talk.reply(chatting.services, "/lang fr")
    said = await talk.reply(chatting.services, "/privacy")
    with in_locale(FRENCH):
        assert text.visible(said).startswith(translate.t("What is kept about you"))


async def test_incidents_to_paste_come_in_the_language_of_whoever_asks_and_are_theirs_alone(chatting, wire, store):
    happen(store, "dock")
    user = {"id": ANN, "is_bot": False, "first_name": "x", "language_code": "es"}
    query = {"update_id": 3, "inline_query": {"id": "q", "from": user, "query": "", "offset": ""}}
    await chatting.handle(Update.de_json(query, wire.bot))
    name, params = wire.asked[-1]
    assert name == "answerInlineQuery" and params["is_personal"] is True
    with in_locale(SPANISH):
        assert translate.t("Open in the bot") in str(params["results"])


# ------------------------------------------------------------------ right to left


def test_names_numbers_and_links_stand_apart_in_arabic():
    with in_locale(ARABIC):
        said = text.visible(card(incident(), NAMES))
        assert f"{FSI}Karachi{PDI}" in said and f"{FSI}Harbour Post{PDI}" in said


def test_english_has_no_direction_marks_but_around_what_runs_the_other_way():
    assert BIDI.isdisjoint(text.visible(card(incident(), NAMES)))
    assert text.visible(say(line(foreign("عنوان"), " · 5"))) == f"{FSI}عنوان{PDI} · 5"


def test_a_command_to_copy_holds_no_marks():
    with in_locale(ARABIC):
        assert text.html(say(line(code("/subs")))) == f"{FSI}<code>/subs</code>{PDI}"


def test_a_command_within_a_sentence_stands_apart():
    with in_locale(ARABIC):
        assert f"{FSI}/subscribe Karachi{PDI}" in translate.t("No subscriptions here. Add one: /subscribe Karachi")


def test_quotes_stay_as_they_are_in_one_piece():
    known = facts(evidence={"killed": ()})
    with in_locale(URDU):
        shown = text.visible(evidence.evidence(incident(known), NAMES))
        assert "Harbour Post" in shown


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("aب1 \u2066\u2067\u2068\u2069\u202e\u200f<&"), max_size=60), st.integers(1, 70))
def test_marks_are_balanced_however_a_text_is_cut(foreign_text, limit):
    with in_locale(ARABIC):
        made = Message(
            (
                Block(
                    (
                        line(
                            foreign(foreign_text),
                            f"ب {translate.isolate(foreign_text)}",
                            link(foreign_text, "https://a.example"),
                        ),
                    )
                ),
            )
        )
        shown = text.visible(text.fit(made, limit))
        assert text.units(shown) <= limit
        for said in (text.cut(translate.isolate(foreign_text), limit), *shown.split("\n")):
            depth = 0
            for char in said:
                depth += (char == FSI) - (char == PDI)
                assert depth >= 0
            assert depth == 0
            assert set(said) & BIDI <= {FSI, PDI}


def test_plain_text_has_the_same_words():
    with in_locale(ARABIC):
        made = card(incident(), NAMES)
        assert text.plain(made).startswith(headline(incident(), NAMES))


# ------------------------------------------------------------------ numbers, days, plurals


@pytest.mark.parametrize(
    ("voice", "day", "month", "number"),
    [
        (translate.default_locale(), "17 Sep 2023", "Sep 2023", "12,345.6"),
        (SPANISH, "17 sept 2023", "sept 2023", "12.345,6"),
        (FRENCH, "17 sept. 2023", "sept. 2023", "12\u202f345,6"),
        (ARABIC, "17 سبتمبر 2023", "سبتمبر 2023", "12,345.6"),
        (URDU, "17 ستمبر، 2023", "ستمبر 2023", "12,345.6"),
    ],
)  # fmt: skip
def test_days_and_numbers_by_locale(voice, day, month, number):
    with in_locale(voice):
        assert translate.day(date(2023, 9, 17)) == day
        assert translate.month(date(2023, 9, 17)) == month
        assert translate.number(12345.6) == number


def test_countries_by_locale():
    with in_locale(SPANISH):
        assert NAMES.place(PLACES["Karachi"]) == "Karachi, Pakistán"
        assert NAMES.typed(PLACES["Karachi"]) == "Karachi, Sindh, Pakistan"


def test_arabic_has_its_six_plural_forms():
    with in_locale(ARABIC):
        assert len({words.sources(n).replace(str(n), "#") for n in (0, 1, 2, 3, 11, 100)}) >= 4


def test_a_moment_is_told_by_the_clock_of_the_chat():
    with in_locale(ChatLocale(language("en"), "Asia/Karachi")):
        assert translate.clock(datetime(2023, 2, 17, 19, 40, tzinfo=UTC)) == "18 Feb 2023, 00:40 Asia/Karachi"


def counted(low, high=None):
    return CountValue(count=Count(low=low, high=high, state=CountState.COUNTED))


def on(start, precision=TimePrecision.DAY):
    return TimeValue(when=When(start=start, end=start, precision=precision))


@pytest.mark.parametrize(
    ("value", "in_english", "in_spanish"),
    [
        (counted(8, 10), "8 to 10", "8 a 10"),
        (counted(6), "at least 6", "al menos 6"),
        (counted(4, 4), "4", "4"),
        (counted(11000), "at least 11000", "al menos 11.000"),
        (CountValue(count=Count(state=CountState.NONE)), "none", "ninguno"),
        (CountValue(count=Count(state=CountState.NOT_YET_KNOWN)), "not yet known", "aún no se sabe"),
        (KindValue(slug="armed_assault"), "armed attack", "ataque armado"),
        (PlaceValue(place=PLACES["Karachi"]), "Karachi, Sindh, Pakistan", "Karachi, Sindh, Pakistan"),
        (on("2023-02-17"), "2023-02-17", "17 feb 2023"),
        (on("2023-02-17T10:40", TimePrecision.MINUTE), "2023-02-17T10:40", "17 feb 2023, 10:40 hora local"),
        (ResponsibilityValue(responsibility=Responsibility.NONE_REPORTED), "none reported", "nadie señalado"),
        (PerpetratorsValue(names=("TTP", "BLA")), "TTP, BLA", "TTP, BLA"),
        (StatusValue(status=Status.ENDED), "ended", "terminado"),
        (SeverityValue(severity=Severity.SEVERE), "severe", "grave"),
        (CertaintyValue(certainty=Certainty.LIKELY), "likely", "probable"),
        (ConflictFieldsValue(fields=("killed", "killed_attackers")), "killed, killed_attackers", "muertos, atacantes muertos"),
        (TextValue(text="Karachi, Sindh, Pakistan"), "Karachi, Sindh, Pakistan", "Karachi, Sindh, Pakistan"),
        (3, "3", "3"),
        (None, "", ""),
    ],
)  # fmt: skip
def test_a_changed_value_in_words(value, in_english, in_spanish):
    assert changed_value(value, NAMES, 60) == changed_value_in_english(value, NAMES.kinds) == in_english
    with in_locale(SPANISH):
        assert changed_value(value, NAMES, 60) == in_spanish


def test_a_long_value_is_cut():
    assert changed_value(PerpetratorsValue(names=("a" * 40, "b" * 40)), NAMES, 60) == f"{'a' * 40}, {'b' * 17}…"


def test_a_summary_in_another_language_is_told_from_the_facts():
    known = facts(
        killed=Count(low=12, high=12, state=CountState.COUNTED), targets=(Target(name="police station", type="police"),)
    )
    one = incident(known, summary="Armed attack on police station in Karachi, Sindh, Pakistan: 12 killed")
    with in_locale(FRENCH):
        said = headline(one, NAMES)
        assert words.casualties("killed", 12, 12) in said and "rmed attack" not in said


# ------------------------------------------------------------------ moments by the reader's clock


def test_a_moment_is_a_tag_with_words_inside():
    made = say(sentence("Digest, {at}", at=moment(NOW)))
    stamp = int(NOW.timestamp())
    assert (
        text.html(made, local_times=True)
        == f'Digest, <tg-time unix="{stamp}" format="Dt">2 Mar 2026, 12:00 UTC</tg-time>'
    )
    assert text.html(made) == text.plain(made) == "Digest, 2 Mar 2026, 12:00 UTC"


UNKNOWN_TAG = b'{"ok": false, "error_code": 400, "description": "Bad Request: can\'t parse entities: Unsupported start tag \\"tg-time\\" at byte offset 8"}'


async def test_a_server_that_knows_no_local_times_is_asked_once(chatting, wire):
    wire.script.append((400, UNKNOWN_TAG))
    made = say(line(moment(NOW)), line(Span("bold", bold=True)))
    for _ in range(2):
        assert isinstance(await chatting.sender.reply(ANN, 0, made), Sent)
    assert [("<tg-time" in one["text"], "<b>" in one["text"]) for one in wire.said()] == [
        (True, True),
        (False, True),
        (False, True),
    ]


async def test_a_message_under_way_when_another_is_refused_keeps_its_markup(chatting, wire, monkeypatch):
    wire.script.append((400, UNKNOWN_TAG))
    sender, trying = chatting.sender, chatting.sender._try

    async def beside_another(outgoing, *, plain):
        try:
            return await trying(outgoing, plain=plain)
        except BadRequest:
            sender._knows_local_times = False
            raise

    monkeypatch.setattr(sender, "_try", beside_another)
    await sender.send(Outgoing(chat=ANN, message=say(line(moment(NOW)), line(Span("bold", bold=True)))))
    assert [("<tg-time" in one["text"], "<b>" in one["text"]) for one in wire.said()] == [(True, True), (False, True)]


async def test_a_server_that_refuses_the_markup_gets_plain_words(chatting, wire):
    for what in ('Unsupported start tag \\"tg-time\\"', "Unclosed start tag"):
        wire.script.append(
            (
                400,
                f'{{"ok": false, "error_code": 400, "description": "Bad Request: can\'t parse entities: {what}"}}'.encode(),
            )
        )
    await chatting.sender.reply(ANN, 0, say(line(moment(NOW))))
    assert wire.said()[-1]["text"] == "2 Mar 2026, 12:00 UTC" and wire.said()[-1].get("parse_mode") is None


def test_every_command_says_what_it_does_in_every_language():
    for code_ in CODES[1:]:
        with in_locale(ChatLocale(language(code_))):
            for one in COMMANDS.values():
                assert one.usage and 3 <= len(translate.t(one.help)) <= 256


def test_a_card_is_made_in_little_time_in_any_language():
    """A thousand chats are told in half a minute: what is said to each must not cost more than a few milliseconds."""
    import time

    for code_ in CODES:
        with in_locale(ChatLocale(language(code_))):
            text.html(card(incident(), NAMES))
            start = time.perf_counter()
            for _ in range(100):
                text.html(card(incident(), NAMES))
            assert time.perf_counter() - start < timedelta(seconds=1).total_seconds()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1, 1, "1 muerto"), (4, 4, "4 muertos"), (1, 3, "1 a 3 muertos"), (1, None, "al menos 1 muerto")],
)
def test_so_many_people_take_the_plural_of_the_number_told_last(low, high, said):
    with in_locale(ChatLocale(language("es"))):
        assert words.casualties("killed", low, high) == said
