"""When and how a chat is told, from the command to the message: quiet hours, digests, budgets, follows, remarks."""

import dataclasses
from datetime import timedelta

import msgspec
import pytest
from fakes import HOLDER, NOW, PLACES, report
from talking import ADMIN, ANN, NAMES, message, say_to, tap

from bot.alerts.delivery import compose, record
from bot.alerts.digests import make_due
from bot.alerts.gate import Rules
from bot.alerts.outcome import Sent
from bot.commands import COMMANDS, TAPS, Caller, answer
from bot.incidents import split_proposals
from bot.incidents.ingest import commit, seeded_ids
from bot.render import text
from bot.store import articles, backlog, cards, chats, deferred, incidents, lease, outbox, preferences, subscriptions
from bot.types import Card, DeferralReason, Preferences, Subscription
from extract.types import Action, Article, ArticleRef, Change, Extraction, Severity, TimePrecision, When

IDS = seeded_ids("hearing")
MANAGER = Caller(chat=ANN, is_manager=True)
pytestmark = pytest.mark.usefixtures("simple_tracking")


def happen(store, key, place="Karachi", severity=Severity.SEVERE, killed=4, *, at=NOW, source="post.example"):
    """One incident in the news; its id."""
    told = Article(
        id=key, title=f"{key} in {place}", text="x", url=f"https://{source}/{key}", published=at, source=source
    )
    store.write_sync(articles.add, "", told, at, baseline=False)
    kind = "shooting" if "shooting" in key else "bombing"
    said = report(place=PLACES[place], severity=severity, killed=killed, kind=kind)
    extraction = Extraction(id=key, relevant=True, reports=(said,))
    for stored in store.read_sync(articles.waiting, 1):
        store.write_sync(commit, stored, extraction, now=at, new_id=IDS, rules=Rules())
    return store.read_sync(incidents.incident_of, key, 0)


def subscribe(store, **kw):
    store.write_sync(chats.touch, ANN, "private", NOW)
    return store.write_sync(subscriptions.add, Subscription(chat=ANN, **kw), NOW)


def choose(store, **kw):
    store.write_sync(preferences.put, ANN, 0, Preferences(**kw), NOW + timedelta(hours=1))


def due(store, at=NOW):
    """What is sent now: (action, silent, whether it is a notice)."""
    store.write_sync(lease.take, HOLDER, at)
    found = []
    while claimed := store.write_sync(outbox.claim, holder=HOLDER, now=at, limit=50, busy=()):
        for one in claimed:
            store.write_sync(outbox.mark_sent, one, at)
            if one.action is Action.NEW and not one.notice:
                card = Card(chat=one.chat, thread=one.thread, incident=one.incident, message_id=one.id, version=1)
                store.write_sync(cards.put, card)
            found.append(one)
    return found


def kept(store):
    return {(one.incident, one.why) for one in store.read_sync(deferred.of, ANN, 0)}


# ------------------------------------------------------------------ digest, quiet hours, budget


def test_a_digest_gathers_what_is_not_severe_and_tells_it_once(store, names):
    subscribe(store)
    choose(store, digest="daily")
    first = happen(store, "a", severity=Severity.MODERATE)
    second = happen(store, "b", "Lahore", severity=Severity.MINOR)
    assert due(store) == []
    assert kept(store) == {(first, DeferralReason.DIGEST), (second, DeferralReason.DIGEST)}
    later = NOW + timedelta(hours=1)
    assert store.write_sync(make_due, names, later) == 1
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert "2 incidents" in said and first in said and second in said
    assert kept(store) == set()
    store.write_sync(make_due, names, later)
    assert due(store, later) == []


def test_a_digest_names_the_time_it_covers(store, names):
    subscribe(store)
    choose(store, digest="daily")
    happen(store, "a", severity=Severity.MODERATE)
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert said.startswith("Digest, 1 Mar 2026, 13:00 UTC to 2 Mar 2026, 13:00 UTC: 1 incident")


def test_a_digest_that_could_not_be_made_in_time_covers_the_time_since(store, names):
    subscribe(store)
    choose(store, digest="hourly")
    happen(store, "a", severity=Severity.MODERATE)
    later = NOW + timedelta(days=2)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert said.startswith("Digest, 2 Mar 2026, 12:00 UTC to 4 Mar 2026, 12:00 UTC")


def test_a_digest_gives_the_day_of_an_act_before_the_time_it_covers(store, names):
    subscribe(store)
    choose(store, digest="daily")
    first, second = (happen(store, name, town, Severity.MODERATE) for name, town in (("a", "Karachi"), ("b", "Lahore")))
    for name, day in ((first, "2026-02-12"), (second, "2026-03-02")):
        known = store.read_sync(incidents.get, name)
        when = When(start=day, end=day, precision=TimePrecision.DAY)
        dated = msgspec.structs.replace(known, version=9, facts=msgspec.structs.replace(known.facts, when=when))
        change = Change(incident=name, version=9, at=NOW, article="", action=None)
        store.write_sync(incidents.save, dated, change, announced=True)
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert f"12 Feb 2026 · {first}" in said and f"2 Mar 2026 · {second}" not in said


def test_a_gathered_message_that_may_have_arrived_says_so_when_it_is_sent_again(store, names):
    subscribe(store)
    choose(store, digest="daily")
    happen(store, "a", severity=Severity.MODERATE)
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    again = msgspec.structs.replace(notice, repeat=True)
    assert "you may have this twice" in text.plain(compose(again, None, None, names).message)
    assert "you may have this twice" not in text.plain(compose(notice, None, None, names).message)


def test_a_digest_with_nothing_in_it_is_not_sent(store, names):
    subscribe(store)
    choose(store, digest="daily")
    store.write_sync(make_due, names, NOW + timedelta(hours=2))
    assert due(store, NOW + timedelta(hours=2)) == []


def test_what_is_severe_comes_at_once_despite_a_digest_and_leaves_it(store):
    subscribe(store)
    choose(store, digest="daily")
    happen(store, "a", severity=Severity.MODERATE)
    happen(store, "b", severity=Severity.SEVERE, killed=9)
    assert [one.action for one in due(store)] == [Action.NEW]
    assert kept(store) == set()


def test_quiet_hours_take_the_sound_and_a_summary_follows(store, names):
    subscribe(store)
    choose(store, quiet=("11:00", "13:00"))
    first = happen(store, "a")
    assert [(one.action, one.silent) for one in due(store)] == [(Action.NEW, True)]
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert (
        said.startswith("While it was quiet, 2 Mar 2026, 12:00 UTC to 2 Mar 2026, 13:00 UTC")
        and first in said
        and not notice.silent
    )


def test_what_is_extreme_breaks_through(store):
    subscribe(store, most_a_day=1)
    choose(store, quiet=("11:00", "13:00"), digest="daily")
    happen(store, "a", severity=Severity.EXTREME)
    happen(store, "b", "Lahore", severity=Severity.EXTREME)
    assert [one.silent for one in due(store)] == [False, False]


def test_a_budget_holds_back_and_missed_lists_it(store):
    subscribe(store, most_a_day=1)
    happen(store, "a")
    second = happen(store, "b", "Lahore")
    assert len(due(store)) == 1
    assert kept(store) == {(second, DeferralReason.BUDGET)}
    happen(store, "c", "Nairobi", at=NOW + timedelta(hours=25))
    assert len(due(store, NOW + timedelta(hours=25))) == 1


def test_the_most_generous_subscription_counts(store):
    subscribe(store, most_a_day=1)
    subscribe(store, place=PLACES["Lahore"])
    happen(store, "a")
    happen(store, "b", "Lahore")
    assert len(due(store)) == 2


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        ({"min_origins": 2}, False),
        ({"min_origins": 1}, True),
        ({"without_sources": ("post.example",)}, False),
        ({"without_sources": ("other.example",)}, True),
        ({"min_certainty": "likely"}, False),
    ],
)
def test_a_filter_by_certainty_and_sources(store, wanted, comes):
    subscribe(store, **wanted)
    happen(store, "a")
    assert bool(due(store)) is comes


# ------------------------------------------------------------------ mutes, follows, remarks


@pytest.mark.parametrize("what", ["kind:bombing", "place:1174872", "source:post.example"])
def test_a_kind_a_place_or_a_source_is_muted(store, what):
    subscribe(store)
    store.write_sync(chats.mute, ANN, 0, what, until=NOW + timedelta(hours=1))
    happen(store, "a")
    happen(store, "shooting", "Lahore", source="other.example")
    assert sorted(one.silent for one in due(store)) == [False, True]


async def test_following_brings_the_card_and_what_matters_later(store, chatting, wire):
    first = happen(store, "a")
    assert due(store) == []
    assert "Its card comes now" in (await say_to(chatting, wire, message(f"/follow {first}")))[0]
    assert [one.action for one in due(store)] == [Action.NEW]
    happen(store, "b", killed=9)
    assert [one.action for one in due(store)] == [Action.REPLY, Action.EDIT]
    await say_to(chatting, wire, message(f"/unfollow {first}"))
    happen(store, "c", killed=12)
    assert [one.action for one in due(store)] == [Action.EDIT]


async def test_two_chats_not_the_same_propose_a_split_that_an_admin_does_with_one_tap(store, chatting, wire):
    store.write_sync(chats.touch, ADMIN, "private", NOW)
    chatting = dataclasses.replace(chatting, services=dataclasses.replace(chatting.services, admins=(ADMIN,)))
    first = happen(store, "a")
    assert happen(store, "b", source="herald.example") == first
    known = store.read_sync(incidents.get, first)
    asked = await say_to(chatting, wire, tap(f"say:{first} apart"))
    assert "Which article is about another incident?" in asked[0]
    key = split_proposals.article_key(known.articles[1])
    for user in (ANN, ANN):  # one chat counts once
        assert "they are asked" not in (await say_to(chatting, wire, tap(f"say:{first} apart {key}", user=user)))[0]
    assert due(store) == []
    assert "they are asked to split it" in (await say_to(chatting, wire, tap(f"say:{first} apart {key}", user=777)))[0]
    await say_to(chatting, wire, tap(f"say:{first} apart {key}", user=778))
    (proposal,) = due(store)
    said = compose(proposal, None, None, NAMES).message
    assert proposal.chat == ADMIN and "2 chats say" in text.visible(said) and "“b in Karachi”" in text.visible(said)
    button = said.buttons[0][0]
    assert (button.verb, button.arg) == ("split", f"{first} {key}")
    await say_to(chatting, wire, tap(f"split:{button.arg}"))
    assert len(store.read_sync(incidents.get, first).articles) == 2  # not an admin's tap
    done = (await say_to(chatting, wire, tap(f"split:{button.arg}", user=ADMIN)))[0]
    assert "Split. What stayed:" in done
    assert [one.id for one in store.read_sync(incidents.get, first).articles] == ["a"]
    assert store.read_sync(incidents.incident_of, "b", 0) != first
    await say_to(chatting, wire, tap(f"split:{button.arg}", user=ADMIN))
    assert "it mixes two incidents" in (await say_to(chatting, wire, message("/feedback", user=ADMIN)))[0]
    await say_to(chatting, wire, message("/undo", user=ADMIN))
    assert len(store.read_sync(incidents.get, first).articles) == 2


async def test_what_is_wrong_reaches_the_operators_without_a_name(store, chatting, wire):
    first = happen(store, "a")
    await say_to(chatting, wire, message(f"/wrong {first} it was in Lahore"))
    said = (await say_to(chatting, wire, message("/feedback", user=ADMIN)))[0]
    assert "it was in Lahore" in said and str(ANN) not in said
    assert "administrators" in (await say_to(chatting, wire, message("/feedback")))[0]


# ------------------------------------------------------------------ commands


async def test_a_digest_on_demand_is_what_the_last_day_brought(store, chatting, wire):
    assert "Nothing in the last 24 hours" in (await say_to(chatting, wire, message("/digest now")))[0]
    subscribe(store, place=PLACES["Karachi"])
    happen(store, "a")
    happen(store, "b", "Lahore")
    said = (await say_to(chatting, wire, message("/digest now")))[0]
    assert "1 incident" in said and "Karachi" in said


async def test_a_digest_on_demand_holds_no_history_that_was_read_today(store, chatting, wire):
    subscribe(store)
    old, new = happen(store, "a"), happen(store, "b", "Lahore")
    known = store.read_sync(incidents.get, old)
    article = ArticleRef(id="a", url="", source="x", published=NOW - timedelta(days=20), origin="x")
    history = msgspec.structs.replace(known, version=9, articles=(article,))
    change = Change(incident=old, version=9, at=NOW, article="a", action=None)
    store.write_sync(incidents.save, history, change, announced=True)
    said = (await say_to(chatting, wire, message("/digest now")))[0]
    assert new in said and old not in said


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/quiet 22:00-07:00 Asia/Karachi", "Quiet from 22:00 to 07:00, Asia/Karachi"),
        ("/quiet 22-7 utc", "Quiet from 22:00 to 07:00, UTC"),
        ("/quiet 22:00", "From when until when?"),
        ("/quiet 25:00-07:00", "no time of day"),
        ("/quiet 22:00-07:00 Nowhere/Land", "no time zone"),
        ("/quiet off", "Quiet hours are off"),
        ("/quiet", "Quiet hours: none"),
        ("/digest daily 8 utc", "every day at 08:00, UTC"),
        ("/digest daily 8", "Which time zone? Nothing is set yet."),
        ("/quiet 22-7", "Which time zone? Nothing is set yet."),
        ("/digest weekly fri 18:30 Europe/Berlin", "every Friday at 18:30, Europe/Berlin"),
        ("/digest hourly", "every hour"),
        ("/digest off", "everything comes at once"),
        ("/digest sometimes", "How often?"),
        ("/digest daily bananas", "As in: /digest"),
        ("/digest", "Digest: none"),
        ("/missed", "Nothing has been held back"),
        ("/settings", "Settings of this chat"),
        ("/unmute", "Nothing is muted"),
        ("/follow nothing", "no incident"),
        ("/whynot nothing", "no incident"),
        ("/asof", "At what time?"),
        ("/asof 1h ago", "Nothing of that was known"),
    ],
)
async def test_answers(chatting, wire, typed, expected):
    assert expected in (await say_to(chatting, wire, message(typed)))[0]


async def test_why_not_names_the_rule_of_each_subscription(store, chatting, wire):
    subscribe(store, place=PLACES["Lahore"])
    subscribe(store, kinds=("shooting",))
    first = happen(store, "a")
    said = (await say_to(chatting, wire, message(f"/whynot {first}")))[0]
    assert "not in Lahore" in said and "kind bombing is not among those asked for" in said
    by_link = (await say_to(chatting, wire, message("/whynot https://post.example/a?utm_source=x")))[0]
    assert "not in Lahore" in by_link


async def test_what_came_while_its_subscription_was_paused_is_missed_and_explained(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"], paused_until=NOW + timedelta(days=1))
    first = happen(store, "a")
    other = happen(store, "b", "Lahore")
    assert due(store) == [] and kept(store) == {(first, DeferralReason.PAUSED)}
    missed = (await say_to(chatting, wire, message("/missed")))[0]
    assert "came while its subscription was paused" in missed and first in missed and other not in missed
    assert "Paused: Karachi, Sindh, Pakistan" in missed
    said = (await say_to(chatting, wire, message(f"/whynot {first}")))[0]
    assert "would ask for it, but is paused" in said and "Held: came while its subscription was paused" in said
    said = (await say_to(chatting, wire, message(f"/whynot {other}")))[0]
    assert "is paused, and doesn't ask for it" in said and "not in Karachi" in said


def test_an_incident_that_a_pause_held_back_comes_with_its_next_news(store):
    subscribe(store, place=PLACES["Karachi"], paused_until=NOW + timedelta(hours=1))
    happen(store, "a")
    happen(store, "b", killed=9, at=NOW + timedelta(hours=2))
    assert [one.action for one in due(store, NOW + timedelta(hours=2))] == [Action.NEW]
    assert kept(store) == set()


def test_one_subscription_that_is_not_paused_is_enough(store):
    subscribe(store, place=PLACES["Karachi"], paused_until=NOW + timedelta(days=1))
    subscribe(store, kinds=("bombing",))
    happen(store, "a")
    assert len(due(store)) == 1 and kept(store) == set()


async def test_a_merged_article_has_its_line_in_whynot_and_missed(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"])
    first = happen(store, "a")
    due(store)
    assert happen(store, "b", source="herald.example") == first
    said = (await say_to(chatting, wire, message("/whynot https://herald.example/b")))[0]
    assert "was merged into this incident, which was known already" in said and "edit" in said
    assert "was merged into this" not in (await say_to(chatting, wire, message("/whynot https://post.example/a")))[0]
    missed = (await say_to(chatting, wire, message("/missed")))[0]
    assert "Merged in the last 24 hours into cards that are here already" in missed and "1 article" in missed


async def test_a_merged_record_is_named_by_whynot_and_missed(store, chatting, wire):
    subscribe(store, most_a_day=1)
    kept_one, gone = happen(store, "a"), happen(store, "b", "Lahore")
    due(store)
    await say_to(chatting, wire, message(f"/merge {kept_one} {gone}", user=ADMIN))
    said = (await say_to(chatting, wire, message(f"/whynot {gone}")))[0]
    assert f"Merged with another record: <code>{gone}</code> → <code>{kept_one}</code>" in said
    assert "merged with another record" in (await say_to(chatting, wire, message("/missed")))[0]


async def test_why_not_of_an_article_that_tells_of_nothing(store, chatting, wire):
    store.write_sync(
        articles.add, "", Article(id="z", title="Cricket", text="x", url="https://p.example/z"), NOW, baseline=False
    )
    assert "told to nobody" in (await say_to(chatting, wire, message("/whynot https://p.example/z")))[0]


async def test_a_subscription_is_changed_in_place_by_its_menu(store, chatting, wire):
    one = subscribe(store, place=PLACES["Karachi"])
    await say_to(chatting, wire, tap(f"sub:{one.id} severe"))
    assert wire.asked[-1][0] == "editMessageText"
    assert store.read_sync(subscriptions.of_chat, ANN)[0].min_severity is Severity.SEVERE
    await say_to(chatting, wire, tap(f"sub:{one.id} 1d"))
    assert store.read_sync(subscriptions.of_chat, ANN)[0].paused_until == NOW + timedelta(days=1)
    await say_to(chatting, wire, tap(f"sub:{one.id} resume"))
    assert store.read_sync(subscriptions.of_chat, ANN)[0].paused_until is None
    assert await say_to(chatting, wire, tap("sub:999 severe")) == []


async def test_the_preview_says_what_a_limit_would_hold_back(store, chatting, wire):
    happen(store, "a")
    happen(store, "shooting-b")
    said = (await say_to(chatting, wire, message("/subscribe Karachi max 1/day 1 source")))[0]
    assert "2 incidents: 2 with a sound, 0 without" in said
    assert "would have held back 1" in said


async def test_long_lists_are_turned_page_by_page_in_place(store, chatting, wire):
    for n in range(2):
        for place in PLACES:
            for kind in ("a", "shooting", "quake"):
                happen(store, f"{kind}{n}{place}", place, killed=n, at=NOW + timedelta(days=40 * n))
    assert len(store.read_sync(incidents.latest)) > 10
    first = (await say_to(chatting, wire, message("/latest")))[0]
    second = (await say_to(chatting, wire, tap("page:latest 10 ")))[0]
    assert wire.asked[-1][0] == "editMessageText"
    assert "10. " in first and "11. " in second and "10. " not in second
    for forged in ("page:latest x y", "page:drop 1", "page:", "page:latest 99999 "):
        await say_to(chatting, wire, tap(forged))
        assert "answerCallbackQuery" in [name for name, _ in wire.asked]


# ------------------------------------------------------------------ nothing is lost or loud by a change of mind


def test_a_digest_in_quiet_hours_makes_no_sound(store, names):
    subscribe(store)
    choose(store, digest="hourly", quiet=("11:00", "15:00"))
    happen(store, "a", severity=Severity.MODERATE)
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    assert [one.silent for one in due(store, later)] == [True]


async def test_what_was_gathered_is_told_when_the_digest_is_ended(store, names, chatting, wire):
    subscribe(store)
    choose(store, digest="daily")
    happen(store, "a", severity=Severity.MODERATE)
    await say_to(chatting, wire, message("/digest off"))
    store.write_sync(make_due, names, NOW)
    (notice,) = due(store)
    assert "1 incident" in text.plain(compose(notice, None, None, names).message)
    store.write_sync(make_due, names, NOW + timedelta(days=2))
    assert due(store, NOW + timedelta(days=2)) == []


async def test_following_what_came_in_a_list_brings_its_card(store, chatting, wire):
    subscribe(store)
    first = happen(store, "a")
    store.write_sync(backlog.drop_listed, ANN, 0, [first], now=NOW)
    assert due(store) == []
    assert "Its card comes now" in (await say_to(chatting, wire, message(f"/follow {first}")))[0]
    assert [one.incident for one in due(store)] == [first]


def test_a_chat_that_is_forgotten_while_it_is_written_to_leaves_no_row(store):
    subscribe(store)
    first = happen(store, "a")
    (alert,) = due(store)
    store.write_sync(chats.forget, ANN, NOW)
    known = store.read_sync(incidents.get, first)
    outgoing = compose(alert, known, None, NAMES)
    store.write_sync(record, alert, known, outgoing, Sent(77), now=NOW)
    assert store.read_sync(chats.everything, ANN) == {}


async def test_a_tap_after_forgetting_makes_the_chat_known_again(store, chatting, wire):
    first = happen(store, "a")
    await say_to(chatting, wire, tap(f"follow:{first}"))
    assert store.read_sync(chats.is_active, ANN)
    assert [one.incident for one in due(store)] == [first]


# ------------------------------------------------------------------ named subscriptions


async def test_a_subscription_is_named_in_its_menu_by_answering(store, chatting, wire):
    one = subscribe(store, place=PLACES["Karachi"])
    assert "Name…" in (await menu_of(chatting, wire, one.id))
    asked = (await say_to(chatting, wire, tap(f"sub:{one.id} name")))[0]
    assert wire.said()[-1]["reply_markup"]["force_reply"]
    answered = {"message_id": 4, "date": 1, "text": asked, "chat": {"id": ANN, "type": "private"}}
    said = await say_to(chatting, wire, message("Head <office>", reply_to_message=answered))
    assert "“Head &lt;office&gt;” · Karachi" in said[0]
    assert "Head &lt;office&gt;" in (await say_to(chatting, wire, message("/subs head <office>")))[0]
    assert (await say_to(chatting, wire, message("/share Head <office>")))[0].startswith("This filter for others: Kar")
    assert "Ended: “Head" in (await say_to(chatting, wire, message("/unsubscribe Head <office>")))[0]


async def menu_of(chatting, wire, number):
    await say_to(chatting, wire, tap(f"sub:{number}"))
    return str(wire.said()[-1]["reply_markup"])


async def test_why_and_whynot_name_the_subscription_that_asks(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"], name="الرئيسي")
    subscribe(store, place=PLACES["Lahore"], name="Port")
    known = happen(store, "a")
    said = (await say_to(chatting, wire, message(f"/why {known}")))[0]
    assert "Asked for here by" in said and "“\u2068الرئيسي\u2069” · Karachi" in said and "Port" not in said
    assert "“Port” · Lahore" in (await say_to(chatting, wire, message(f"/whynot {known}")))[0]


def test_a_digest_names_the_subscription_that_asks(store, names):
    subscribe(store, place=PLACES["Karachi"], name="Home")
    subscribe(store, place=PLACES["Lahore"])
    choose(store, digest="daily")
    first, second = happen(store, "a", severity=Severity.MODERATE), happen(store, "b", "Lahore", Severity.MINOR)
    later = NOW + timedelta(hours=1)
    store.write_sync(make_due, names, later)
    (notice,) = due(store, later)
    said = text.plain(compose(notice, None, None, names).message)
    assert f"“Home” · {first}" in said and said.count("Home") == 1 and second in said


# ------------------------------------------------------------------ time zones


async def test_a_chats_zone_is_asked_for_and_not_taken_from_a_subscription(store, chatting, wire):
    subscribe(store, place=PLACES["Karachi"])
    services = dataclasses.replace(chatting.services, zone_at=lambda _place: "Asia/Karachi")
    for command, typed in (("quiet", "22-7"), ("digest", "weekly mon 8")):
        asked = await answer(services, MANAGER, COMMANDS[command], typed)
        assert store.read_sync(preferences.get, ANN, 0) == Preferences()
        first, second = [row[0] for row in asked.buttons]
        assert (first.label, second.label) == ("Asia/Karachi · 17:00", "UTC · 12:00")
        said = text.plain(await answer(services, MANAGER, TAPS[first.verb], first.arg))
        assert "Asia/Karachi" in said
        assert store.read_sync(preferences.get, ANN, 0).zone_chosen
        store.write_sync(preferences.put, ANN, 0, Preferences(), None)


async def test_an_hourly_digest_needs_no_zone(chatting, wire):
    assert "every hour" in (await say_to(chatting, wire, message("/digest hourly")))[0]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["/quiet 22-7"], "UTC"),
        (["/quiet 22-7 utc", "/quiet 21-6"], "UTC"),
        (["/digest daily 8 UTC", "/quiet 21-6"], "UTC"),
        (["/quiet 22-7 utc", "/digest daily 8"], "UTC"),
        (["/quiet 22-7 utc", "/quiet 21-6 Europe/Berlin", "/digest daily 8"], "Europe/Berlin"),
    ],
)
async def test_a_zone_that_was_named_stays_whatever_a_place_suggests(store, chatting, wire, typed, expected):
    subscribe(store, place=PLACES["Karachi"])
    services = dataclasses.replace(chatting.services, zone_at=lambda _place: "Asia/Karachi")
    chatting = dataclasses.replace(chatting, services=services)
    for text_ in typed:
        await say_to(chatting, wire, message(text_))
    assert store.read_sync(preferences.get, ANN, 0).zone == expected
