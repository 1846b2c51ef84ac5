"""Updates in, requests out: the Telegram side against a fake connection."""

import json

import httpx
import pytest
from fakes import NOW, report
from talking import ADMIN, ANN, CHANNEL, GROUP, message, say_to, tap
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.alerts import gate
from bot.alerts.outcome import CardGone, Closed, Moved, NoAnswer, NotSent, Outgoing, Refused, Sent, ServerError, Wait
from bot.chat.outcome import outcome_of
from bot.commands import COMMANDS
from bot.incidents import ingest
from bot.render.message import Button, say
from bot.store import articles, cards, chats, incidents, sources, subscriptions, unread
from bot.types import Card, Source, Subscription
from extract.types import Article, Extraction


def save_incident(store):
    article = Article(id="a", title="Bomb kills 4 in Karachi", text="x", url="https://p.example/a", published=NOW)
    store.write_sync(articles.add, "", article, NOW, baseline=False)
    stored = store.read_sync(articles.waiting, 1)[0]
    told = Extraction(id="a", relevant=True, reports=(report(killed=4),))
    new_id = ingest.seeded_ids("x")
    store.write_sync(ingest.commit, stored, told, now=NOW, new_id=new_id, rules=gate.Rules())
    return store.read_sync(incidents.latest)[0].id


# ------------------------------------------------------------------ commands


async def test_start_names_the_first_step(chatting, wire):
    assert "/subscribe" in (await say_to(chatting, wire, message("/start")))[0]


async def test_subscribe_acts_at_once_and_says_so(store, chatting, wire):
    answer = await say_to(chatting, wire, message("/subscribe Karachi 50km severe"))
    assert answer[0].startswith("Subscribed: <b>Karachi, Sindh, Pakistan within 50 km · severe or worse</b>")
    assert [one.km for one in store.read_sync(subscriptions.of_chat, ANN)] == [50]


async def test_subscribe_without_a_place_asks_and_takes_the_answer(store, chatting, wire):
    asked = (await say_to(chatting, wire, message("/subscribe")))[0]
    assert wire.said()[-1]["reply_markup"]
    reply = message("Karachi", reply_to_message=message(asked, user=1, chat=ANN)["message"])
    await say_to(chatting, wire, reply)
    assert len(store.read_sync(subscriptions.of_chat, ANN)) == 1


async def test_an_unknown_place_is_answered_with_how_to_mend_it(chatting, wire):
    assert "I know no place called “Atlantis”" in (await say_to(chatting, wire, message("/subscribe Atlantis")))[0]


async def test_every_command_answers_something_even_without_words(chatting, wire):
    for name in COMMANDS:
        assert await say_to(chatting, wire, message(f"/{name}", user=ADMIN)), name


async def test_unknown_commands_and_other_words_get_a_hint_in_private_only(chatting, wire):
    assert "/help" in (await say_to(chatting, wire, message("/nonsense")))[0]
    assert "/help" in (await say_to(chatting, wire, message("hello")))[0]
    for text in ("hello", "/nonsense"):
        assert await say_to(chatting, wire, message(text, chat=GROUP, kind="supergroup")) == []


async def test_a_command_for_another_bot_is_left_alone(chatting, wire):
    assert await say_to(chatting, wire, message("/start@other_bot", chat=GROUP, kind="supergroup")) == []
    assert await say_to(chatting, wire, message("/start@Tocsin_Bot", chat=GROUP, kind="supergroup"))


async def test_edited_messages_are_ignored(chatting, wire):
    update = message("/start")
    update["edited_message"] = update.pop("message")
    assert await say_to(chatting, wire, update) == []


async def test_forget_me_asks_once(store, chatting, wire):
    await say_to(chatting, wire, message("/subscribe Karachi"))
    asked = (await say_to(chatting, wire, message("/forget_me")))[0]
    assert "Delete everything about this chat?" in asked and "in every topic: 1;" in asked
    assert "Nothing has been deleted" in (await say_to(chatting, wire, tap("forget:no")))[0]
    assert len(store.read_sync(subscriptions.of_chat, ANN)) == 1
    assert "has been deleted" in (await say_to(chatting, wire, tap("forget:yes")))[0]
    assert wire.asked[-1][0] == "editMessageText" and store.read_sync(subscriptions.of_chat, ANN) == []


async def test_forget_me_of_a_group_is_confirmed_by_its_administrators_only(store, chatting, wire):
    wire.member = "creator"
    await say_to(chatting, wire, message("/subscribe Karachi", chat=GROUP, kind="supergroup"))
    wire.member = "member"
    await say_to(chatting, wire, tap("forget:yes", chat=GROUP, kind="supergroup"))
    assert len(store.read_sync(subscriptions.of_chat, GROUP)) == 1


async def test_forget_me_leaves_no_row(store, chatting, wire):
    await say_to(chatting, wire, message("/subscribe Karachi"))
    assert "deleted" in (await say_to(chatting, wire, message("/forget_me yes")))[0]
    for table in chats.TABLES_WITH_CHAT:
        assert store.read_sync(lambda tx, t=table: tx.value(f"SELECT COUNT(*) FROM {t}")) == 0


async def test_something_unexpected_is_answered_with_a_reference_and_counted(store, chatting, wire, monkeypatch):
    def broken(*_args, **_kw):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("bot.operations.health.snapshot", broken)
    answer = (await say_to(chatting, wire, message("/status")))[0]
    assert "Something went wrong (ref " in answer
    assert "secret detail" not in answer
    monkeypatch.undo()
    assert "Problem" in (await say_to(chatting, wire, message("/status", user=ADMIN)))[0]


# ------------------------------------------------------------------ who may


async def test_only_operators_add_and_remove_sources(store, chatting, wire):
    assert "Only the service" in (await say_to(chatting, wire, message("/addsource https://a.example/f")))[0]
    assert store.read_sync(sources.listing) == []
    assert "Added" in (await say_to(chatting, wire, message("/addsource https://a.example/f", user=ADMIN)))[0]
    assert "https://a.example/f" in (await say_to(chatting, wire, message("/sources", user=ADMIN)))[0]
    assert "not allowed" in (await say_to(chatting, wire, message("/addsource https://private/", user=ADMIN)))[0]


async def test_somebody_who_speaks_as_a_chat_is_no_operator(store, chatting, wire):
    as_channel = {"sender_chat": {"id": CHANNEL, "type": "channel", "title": "x"}}
    update = message("/addsource https://a.example/f", user=ADMIN, chat=GROUP, kind="supergroup", **as_channel)
    await say_to(chatting, wire, update)
    assert store.read_sync(sources.listing) == []


@pytest.mark.parametrize(("status", "expected"), [("member", 0), ("creator", 1)])
async def test_in_a_group_only_its_administrators_change_settings(store, chatting, wire, status, expected):
    wire.member = status
    await say_to(chatting, wire, message("/subscribe Karachi", chat=GROUP, kind="supergroup"))
    assert len(store.read_sync(subscriptions.of_chat, GROUP)) == expected


async def test_an_anonymous_administrator_speaks_as_the_group(store, chatting, wire):
    anonymous = {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "x"}}
    await say_to(chatting, wire, message("/subscribe Karachi", chat=GROUP, kind="supergroup", **anonymous))
    assert len(store.read_sync(subscriptions.of_chat, GROUP)) == 1


async def test_what_is_posted_in_a_channel_counts(store, chatting, wire):
    post = message("/subscribe Karachi", chat=CHANNEL, kind="channel")
    post["channel_post"] = post.pop("message")
    del post["channel_post"]["from"]
    await say_to(chatting, wire, post)
    assert len(store.read_sync(subscriptions.of_chat, CHANNEL)) == 1


async def test_a_topic_keeps_its_own_subscriptions_and_answers(store, chatting, wire):
    wire.member = "creator"
    topic = {"is_topic_message": True, "message_thread_id": 42}
    await say_to(chatting, wire, message("/subscribe Karachi", chat=GROUP, kind="supergroup", **topic))
    assert [one.thread for one in store.read_sync(subscriptions.of_chat, GROUP)] == [42]
    assert wire.said()[-1]["message_thread_id"] == 42


# ------------------------------------------------------------------ buttons


@pytest.mark.usefixtures("simple_tracking")
async def test_buttons_of_a_card_answer_and_always_end_the_spinner(store, chatting, wire):
    known = save_incident(store)
    for data, expected in (
        (f"ev:{known}", "Evidence"),
        (f"why:{known}", "Why"),
        (f"card:{known}", "SEVERE"),
        (f"mute:{known}", "No sound about what?"),
        (f"mute:{known} kind 24h", "every"),
        (f"mute:{known} place 24h", "everything in Karachi"),
        (f"follow:{known}", "Followed"),
        (f"unfollow:{known}", "No longer followed"),
        (f"wrong:{known}", "What is wrong"),
        (f"say:{known} place", "Thank you"),
        ("subs:", "No subscriptions"),
    ):
        assert expected in (await say_to(chatting, wire, tap(data)))[0]
        assert "answerCallbackQuery" in [name for name, _ in wire.asked]
        wire.asked.clear()
    for data in ("nonsense", "ev:gone", "unsub:99", "pick:gone 0"):
        assert await say_to(chatting, wire, tap(data)) == []
        assert wire.asked[-1][0] == "answerCallbackQuery"


async def test_a_tap_ends_a_subscription_of_this_chat_only(store, chatting, wire):
    mine = store.write_sync(subscriptions.add, Subscription(chat=ANN), NOW)
    other = store.write_sync(subscriptions.add, Subscription(chat=502), NOW)
    await say_to(chatting, wire, tap(f"unsub:{other.id}"))
    assert len(store.read_sync(subscriptions.of_chat, 502)) == 1
    await say_to(chatting, wire, tap(f"unsub:{mine.id}"))
    assert store.read_sync(subscriptions.of_chat, ANN) == []


async def test_in_a_channel_a_reader_can_not_change_settings_by_a_tap(store, chatting, wire):
    one = store.write_sync(subscriptions.add, Subscription(chat=CHANNEL), NOW)
    await say_to(chatting, wire, tap(f"unsub:{one.id}", chat=CHANNEL, kind="channel"))
    assert len(store.read_sync(subscriptions.of_chat, CHANNEL)) == 1


@pytest.mark.usefixtures("simple_tracking")
async def test_a_command_that_answers_a_card_is_about_it(store, chatting, wire):
    known = save_incident(store)
    store.write_sync(cards.put, Card(chat=ANN, thread=0, incident=known, message_id=5, version=1))
    answered = message("card", user=1, chat=ANN)["message"]
    assert "Why" in (await say_to(chatting, wire, message("/why", reply_to_message=answered)))[0]


# ------------------------------------------------------------------ membership


async def test_a_block_pauses_the_chat_and_coming_back_ends_it(store, chatting, wire):
    await say_to(chatting, wire, message("/start"))
    user = {"id": 1, "is_bot": True, "first_name": "T"}

    def became(status):
        new = {"status": status, "user": user, **({"until_date": 0} if status == "kicked" else {})}
        chat = {"id": ANN, "type": "private"}
        who = {"id": ANN, "is_bot": False, "first_name": "x"}
        old = {"status": "member", "user": user}
        return {"chat": chat, "from": who, "date": 1, "old_chat_member": old, "new_chat_member": new}

    await say_to(chatting, wire, {"update_id": 3, "my_chat_member": became("kicked")})
    assert not store.read_sync(chats.is_active, ANN)
    await say_to(chatting, wire, {"update_id": 4, "my_chat_member": became("member")})
    assert store.read_sync(chats.is_active, ANN)


async def test_an_upgraded_group_keeps_its_subscriptions(store, chatting, wire):
    wire.member = "creator"
    await say_to(chatting, wire, message("/subscribe Karachi", chat=-5, kind="group"))
    await say_to(chatting, wire, message("", chat=-5, kind="group", migrate_to_chat_id=-1009))
    assert len(store.read_sync(subscriptions.of_chat, -1009)) == 1


# ------------------------------------------------------------------ what a send comes to


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryAfter(7), Wait(7.0)),
        (ChatMigrated(-100), Moved(-100)),
        (Forbidden("Forbidden: bot was blocked by the user"), Closed),
        (BadRequest("Chat not found"), Closed),
        (BadRequest("Not enough rights to send text messages to the chat"), Closed),
        (BadRequest("Message to edit not found"), CardGone),
        (BadRequest("Something else"), Refused),
        (InvalidToken("The token was rejected"), NotSent),
        (caused(NetworkError("x"), httpx.ConnectError("refused")), NotSent),
        (caused(TimedOut(), httpx.ConnectTimeout("x")), NotSent),
        (caused(TimedOut(), httpx.PoolTimeout("x")), NotSent),
        (caused(TimedOut(), httpx.ReadTimeout("x")), NoAnswer),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("x")), NoAnswer),
        (caused(NetworkError("x"), httpx.ReadError("x")), NoAnswer),
        (NetworkError("Bad Gateway"), ServerError),
    ],
)
def test_outcomes(error, expected):
    outcome = outcome_of(error)
    assert outcome == expected if not isinstance(expected, type) else isinstance(outcome, expected)


def test_not_modified_counts_as_done():
    error = BadRequest("Message is not modified: specified new message content is the same")
    assert outcome_of(error, edits=7) == Sent(7)


def bad_request(text):
    return 400, json.dumps({"ok": False, "error_code": 400, "description": f"Bad Request: {text}"}).encode()


async def test_refused_markup_is_sent_once_more_as_plain_text(chatting, wire):
    wire.script = [bad_request("can't parse entities: unsupported start tag")]
    assert await chatting.sender.send(Outgoing(chat=1, message=say("a <b> & c"))) == Sent(77)
    first, second = wire.said()
    assert (first["text"], first.get("parse_mode")) == ("a &lt;b&gt; &amp; c", "HTML")
    assert (second["text"], second.get("parse_mode")) == ("a <b> & c", None)


@pytest.mark.parametrize(
    ("why", "gone"), [("message thread not found", True), ("TOPIC_DELETED", True), ("TOPIC_CLOSED", False)]
)
async def test_a_closed_or_deleted_topic_is_answered_in_the_chat(chatting, wire, why, gone):
    wire.script = [bad_request(why)]
    sent = await chatting.sender.send(Outgoing(chat=1, thread=42, message=say("x")))
    assert sent == Sent(77, topic_gone=gone)
    assert [params.get("message_thread_id") for params in wire.said()] == [42, None]


async def test_button_data_is_never_too_long(chatting):
    message_ = say("x", buttons=((Button("x", "ev", "a" * 80),),))
    with pytest.raises(ValueError, match="64 bytes"):
        await chatting.sender.send(Outgoing(chat=1, message=message_))


async def test_operators_see_how_many_items_are_in_languages_that_are_not_read(store, chatting, wire):
    store.write_sync(sources.upsert, Source(url="https://dhaka.example/f", name="Dhaka Kantha"), "chat", NOW)
    for _ in range(12):
        store.write_sync(unread.count, "https://dhaka.example/f", "bn", NOW)
    assert "12 items a day in Bangla, not read" in (await say_to(chatting, wire, message("/sources", user=ADMIN)))[0]
    assert "12 items a day in Bangla" in (await say_to(chatting, wire, message("/sources Dhaka", user=ADMIN)))[0]
    assert "Bangla" not in (await say_to(chatting, wire, message("/sources")))[0]
