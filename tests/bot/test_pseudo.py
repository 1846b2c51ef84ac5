"""Whatever is said to a person comes from the catalogues: a language that brackets every message leaves no English."""

import json
import re
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES
from pseudo import PSEUDO, VOICE, bare, texts_of
from talking import ADMIN, ANN, GROUP, NAMES, message, tap
from telegram import Update
from test_notifications import happen, subscribe
from test_render import facts, incident

from bot.alerts import digests, service_notices
from bot.chat import menu
from bot.commands import COMMANDS, TAPS
from bot.i18n.translate import in_locale
from bot.operations import integrity_sweep
from bot.picture.incident_map import precision_note as how_exactly
from bot.questions import statistics
from bot.render import answer, evidence, lists
from bot.render.card import card, headline
from bot.render.message import Message, line
from bot.render.update import update
from bot.store import button_payloads, preferences, sources
from bot.store.integrity import Damage
from bot.types import (
    Acknowledgement,
    Amendment,
    Bounds,
    DecisionRecord,
    Part,
    Reason,
    Source,
    SourceState,
    Subscription,
    Tally,
    Version,
)
from bot.types import Answer as Found
from extract.ask import Condition, Measure, Period, Query, Reading, Spot, Trouble
from extract.track import SourceReliability
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    CertaintyValue,
    Change,
    Claim,
    Conflict,
    ConflictFieldsValue,
    ConflictValue,
    Count,
    CountState,
    CountValue,
    Decision,
    FieldChange,
    KindValue,
    Lifecycle,
    MatchScore,
    PerpetratorsValue,
    PlaceValue,
    Precision,
    Quote,
    Responsibility,
    ResponsibilityValue,
    Severity,
    SeverityValue,
    Stage,
    Status,
    StatusValue,
    TimePrecision,
    TimeValue,
    When,
)

pytestmark = pytest.mark.usefixtures("simple_tracking")
# what isn't ours to translate: names, places, addresses, words of articles and of the person, time zones, formats; the
# reason that the stand-in of tracking gives
DATA = frozenset(
    [
        "Karachi",
        "Sindh",
        "Pakistan",
        "Nairobi",
        "Kenya",
        "Lahore",
        "Punjab",
        "Harbour",
        "Post",
        "Dock",
        "Herald",
        "Ann",
        "UTC",
        "Asia",
        "Berlin",
        "Europe",
        "cricket",
        "post",
        "example",
        "https",
        "http",
        "feed",
        "xml",
        "com",
        "news",
        "twelve",
        "dead",
        "gone",
        "zone",
        "police",
        "TTP",
        "BLA",
        "csv",
        "jsonl",
        "geojson",
        "cap",
        "rss",
        "km",
        "English",
        "nothing",
        "like",
        "it",
        "is",
        "known",
    ]
)
COUNTED = Count(low=4, high=8, state=CountState.COUNTED)
QUOTE = Quote(where="title", start=0, end=11, quote="twelve dead", article="a")
FIELDS = {
    "kind": (KindValue(slug="armed_assault"), KindValue(slug="bombing")),
    "place": (PlaceValue(place=PLACES["Karachi"]), PlaceValue(place=PLACES["Lahore"])),
    "when": tuple(
        TimeValue(when=When(start=start, end=start, precision=precision))
        for start, precision in (("2023-02-17", TimePrecision.DAY), ("2023-02-18T10:30", TimePrecision.MINUTE))
    ),
    "killed": (
        CountValue(count=Count(low=4, state=CountState.COUNTED)),
        CountValue(count=Count(low=8, high=10, state=CountState.COUNTED)),
    ),
    "injured": tuple(CountValue(count=Count(state=state)) for state in (CountState.NONE, CountState.NOT_YET_KNOWN)),
    "responsibility": tuple(
        ResponsibilityValue(responsibility=one) for one in (Responsibility.NONE_REPORTED, Responsibility.CLAIMED)
    ),
    "perpetrators": (PerpetratorsValue(names=("TTP",)), PerpetratorsValue(names=("BLA",))),
    "status": (StatusValue(status=Status.ONGOING), StatusValue(status=Status.ENDED)),
    "severity": (SeverityValue(severity=Severity.MODERATE), SeverityValue(severity=Severity.SEVERE)),
    "certainty": (CertaintyValue(certainty=Certainty.POSSIBLE), CertaintyValue(certainty=Certainty.LIKELY)),
    "conflicts": (ConflictFieldsValue(fields=("killed",)), ConflictFieldsValue(fields=("killed", "injured"))),
    "sources": (1, 2),
}


def check(*messages):
    for one in messages:
        for said in texts_of(one):
            assert set(bare(said)) <= DATA, said


def full(**kw):
    """An incident about which everything can be said."""
    claims = tuple(
        Claim(field="injured", count=Count(low=n, high=n, state=CountState.COUNTED), said_by=who, evidence=QUOTE)
        for n, who in ((3, "police"), (5, "zone"))
    )
    known = facts(
        killed=COUNTED,
        injured=COUNTED,
        attackers=Count(state=CountState.NOT_YET_KNOWN),
        kidnapped=Count(state=CountState.NOT_YET_KNOWN),
        stage=Stage.ATTEMPTED,
        status=Status.ENDED,
        certainty=Certainty.LIKELY,
        responsibility=Responsibility.NONE_REPORTED,
        claims=claims,
        evidence={"killed": (QUOTE,)},
    )
    conflict = Conflict(
        field="killed",
        values=(ConflictValue(low=4, high=4, articles=("a",)), ConflictValue(low=8, high=None, articles=("b", "c"))),
    )
    articles = tuple(
        ArticleRef(id=name, url=f"https://{name}.example/1", source="Harbour Post", published=NOW) for name in "abc"
    )
    made = incident(known, version=3, conflicts=(conflict,), articles=articles)
    return msgspec.structs.replace(made, **kw)


def changed(action=Action.REPLY, because=("killed",)):
    fields = tuple(FieldChange(field=name, before=old, after=new) for name, (old, new) in FIELDS.items())
    return Change(incident="abc23456", version=3, at=NOW, article="a", action=action, because=because, fields=fields)


def test_cards_and_updates():
    with in_locale(VOICE):
        for one in (full(), full(lifecycle=Lifecycle.RETRACTED), full(merged_into="other"), incident()):
            check(card(one, NAMES, repeat=True), card(one, NAMES))
            for name, rank in (("Ann", 0), ("", 9)):
                seen = Acknowledgement(chat=1, thread=0, incident=one.id, severity=rank, at=NOW, name=name)
                check(card(one, NAMES, seen=seen, loud=Severity.UNKNOWN))
        check(update(full(), changed(), NAMES, repeat=True), update(full(), changed(Action.RETRACT), NAMES))
        for name in FIELDS:
            check(update(full(), changed(because=(name,)), NAMES))
        for value in Responsibility:
            check(card(full(facts=facts(responsibility=value)), NAMES))
        for value in (*Severity, *Status, *Stage, *Certainty):
            field = type(value).__name__.lower()
            check(card(full(facts=facts(**{field: value})), NAMES))


def test_every_kind_has_a_word():
    with in_locale(VOICE):
        assert [slug for slug in NAMES.kinds if bare(NAMES.kind(slug))] == []


def test_evidence_and_why():
    texts = {"a": Article(id="a", title="twelve dead", text="")}
    outlets = {"harbour post": Source(url="https://post.example", family="Dock", tier=2)}
    versions = [Version(incident=full(), change=changed()), Version(incident=full(), change=changed(because=()))]
    reasons = (
        MatchScore(score=0.41, needed=0.5),
        MatchScore(),
        MatchScore(score=0.31, needed=0.5, probability=0.2, least=0.4),
        "nothing like it is known",
    )
    decisions = [
        DecisionRecord(
            article="a",
            revision=1,
            position=0,
            at=NOW,
            decision=Decision(action=action, reason=why),
            note=Reason("the article is old"),
        )
        for why in reasons
        for action in ("merge", "drop")
    ]
    by_hand = [
        Amendment(at=NOW, action=action, incident="abc23456", other="", undone=NOW)
        for action in ("merge", "split", "retract")
    ]
    with in_locale(VOICE):
        records = {
            "harbour post": SourceReliability(incidents=40, times_first=20, numbers_checked=24, numbers_confirmed=17)
        }
        check(evidence.evidence(full(), NAMES, texts, outlets, records), evidence.evidence(incident(), NAMES))
        check(evidence.why(full(), versions, [], NAMES, by_hand), evidence.why(full(), [], decisions[:0], NAMES))
        check(evidence.why(full(), versions, decisions, NAMES))


def test_lists():
    state = SourceState(
        source=Source(url="https://post.example/feed.xml", name="Harbour Post"),
        origin="chat",
        fetch_url="",
        next_check=NOW,
    )
    states = [
        state,
        msgspec.structs.replace(state, failures=2, last_error="gone"),
        msgspec.structs.replace(state, last_ok=NOW),
    ]
    wanted = Subscription(
        chat=1, place=PLACES["Karachi"], km=50.0, kinds=tuple(NAMES.kinds)[:8], min_severity=Severity.SEVERE, words=("cricket",),
        without=("cricket",), paused_until=NOW, min_certainty=Certainty.LIKELY, min_origins=2, without_sources=("zone",),
        most_a_day=3, name="zone",
    )  # fmt: skip
    everywhere = Subscription(chat=1)
    found = [full(id=f"id{n}") for n in range(25)]
    with in_locale(VOICE):
        check(
            lists.sources(states, details=True),
            lists.sources([], details=False),
            lists.sources(states * 40, details=True),
        )
        check(lists.subscriptions([wanted, everywhere], NAMES), lists.subscriptions([], NAMES))
        check(lists.subscription_menu(wanted, NAMES), lists.subscription_menu(everywhere, NAMES))
        check(lists.choices("Karachi", [PLACES["Karachi"]], "x", NAMES))
        check(lists.incidents("", found, NAMES, nothing="", pages=lists.Pages("latest", "", 10)))
        check(
            lists.incidents("", found, NAMES, nothing=""),
            lists.digest(line(""), found, 25, NAMES, {"id1": ""}, since=NOW),
        )


def test_answers_to_questions():
    total = Tally(
        count=3,
        killed=Bounds(low=4, high=8, unknown=1),
        injured=Bounds(low=1, high=1, unknown=1),
        kidnapped=Bounds(low=2),
    )
    spot = Spot(said="Karachi", options=(PLACES["Karachi"],))
    day = NOW.date()
    periods = (
        Period(),
        Period(since=day),
        Period(until=day),
        Period(since=day, until=day),
        Period(since=day - timedelta(1), until=day),
    )
    conditions = tuple(
        Condition(field=field, low=low, high=high)
        for field in ("killed", "injured", "kidnapped", "casualties")
        for low, high in ((0, 0), (1, None), (5, None), (2, 4), (0, 4))
    )
    with in_locale(VOICE):
        for measure in Measure:
            for empty in (total, Tally()):
                query = Query(
                    measure=measure, places=(spot,), periods=periods, conditions=conditions, label="shootings or riots",
                    actors=("TTP",), words=("cricket",), names=("Ann",), unread=("zone",),
                )  # fmt: skip
                units = {"day": "2026-03-01", "week": "2026-03-01", "month": "2026-03"}
                for unit, key in units.items():
                    found = Found(
                        reading=Reading(query=query), total=empty, maybe=2, undated=1, shown=(full(),) * 2, unit=unit,
                        parts=(Part(key=key, tally=total),), others=(PLACES["Lahore"],),
                    )  # fmt: skip
                    check(answer.answer(found, NAMES, token="x"))
                    assert set(bare(answer.why(found, NAMES))) <= DATA
        check(
            answer.answer(
                Found(reading=Reading(query=Query()), total=total, parts=(Part(key="PK\tSindh", tally=total),)), NAMES
            )
        )
        for trouble in (*Trouble, None):
            for meant in ((), (PLACES["Karachi"],)):
                reading = Reading(query=Query(), trouble=trouble, what="zone", meant=meant)
                check(answer.answer(Found(reading=reading, nearest=total), NAMES, token="x"))


def test_figures_and_maps():
    with in_locale(VOICE):
        for text in ("1d", "3w", "12m", ""):
            assert not bare(statistics.read_span(text)[0].words)
        for last, mean in ((3, None), (3, 3.0), (5, 3.0), (40, 3.0), (0, 9.0), (8, 3.0)):
            assert not bare(statistics.describe(statistics.Usual(last, 9, 27, mean), ""))
        for precision in Precision:
            assert not bare(how_exactly(msgspec.structs.replace(PLACES["Karachi"], precision=precision), 5.0))


async def test_menus(chatting, wire, monkeypatch):
    monkeypatch.setattr(menu, "language", lambda _code: PSEUDO)
    await menu.publish(wire.bot, [ADMIN])
    said = [params["commands"] for name, params in wire.asked if name == "setMyCommands"]
    assert said and all(not bare(one["description"]) for listed in said for one in listed)


# what is typed: each command as often as it has another thing to say; {id} is an incident's
TYPED = (
    "/start", "/start s_{id}", "/start sub_x", "/help", "/subscribe", "/subscribe Karachi 50km bombing severe 2/day",
    "/subscribe Nowhere", "/subscribe 50km", "/subs", "/unsubscribe", "/unsubscribe Nowhere", "/unsubscribe 1",
    "/subscribe Karachi called zone", "/subs zone", "/subs Karachi", "/subs Nowhere", "/subscribe Lahore called zone", "/rename",
    "/rename 1 off", "/rename 1 all", "/rename 9 zone", "/rename 1 zone", "/digest now", "/whynot {id}", "/why {id}", "/unsubscribe zone",
    "/quiet", "/quiet 22:00-07:00 Asia/Karachi", "/quiet", "/quiet 22:00-07:00 zone", "/quiet x", "/quiet xx-yy", "/quiet off",
    "/digest", "/digest hourly", "/digest daily 08:00 utc", "/digest weekly mon 08:00", "/digest x", "/digest daily x",
    "/digest now", "/digest off", "/mute {id}", "/mute {id} 24h", "/mute {id} kind 24h", "/mute {id} place 24h",
    "/mute {id} source 24h", "/unmute", "/unmute", "/follow {id}", "/unfollow {id}", "/unfollow {id}", "/missed",
    "/ack", "/ack {id}", "/ack {id}", "/ack {id} off", "/ack {id} off", "/maps", "/maps zone", "/maps severe", "/settings", "/lang", "/lang xx", "/ask", "/ask x", "/latest", "/latest Nairobi", "/near", "/near Karachi",
    "/near Nowhere", "/near Nairobi", "/search", "/search Karachi", "/search zone", "/incident", "/incident zone",
    "/incident https://gone.example", "/incident {id}", "/map {id}", "/map", "/map Nairobi", "/stats", "/stats Karachi 99w 999w",
    "/stats Karachi 12w", "/stats Karachi +cricket", "/calibration", "/calibration 90d", "/calibration ever", "/evidence {id}", "/why {id}", "/whynot {id}", "/wrong {id}", "/wrong {id} place",
    "/wrong {id} cricket", "/asof", "/asof 2h ago", "/asof 2026-03-02 {id}", "/export", "/export csv", "/export csv Nairobi", "/sources", "/sources post", "/sources opml",
    "/addsource", "/addsource https://post.example/feed.xml", "/addsource https://post.example/zone", "/addsource https://post.example/gone", "/addsource https://private.post.example", "/sources", "/rmsource zone", "/rmsource https://post.example/feed.xml",
    "/feedback", "/merge x", "/merge x y", "/merge {id} {id}", "/merge {id} {other}", "/undo", "/split {id}", "/split {id} 9",
    "/split {id} 1", "/retract {id}", "/retract {id}", "/undo", "/undo", "/undo", "/status", "/privacy", "/for", "/for @gone_zone subs",
    "/share {id}", "/share 9", "/subscribe Karachi", "/share 1", "/export_me", "/unknown", "hello", "/forget_me", "/forget_me yes",
)  # fmt: skip
LISTED = b"""<opml><body><outline xmlUrl="https://gone.zone/f"/><outline xmlUrl="https://private.zone"/><outline
xmlUrl="https://zone.zone/f"/><outline xmlUrl="https://zone.zone/f"/></body></opml>"""
TAPPED = (
    "ev:{id}", "map:{id}", "why:{id}", "card:{id}", "asked:x all", "lang:", "subs:", "mute:{id}", "follow:{id}", "unfollow:{id}",
    "ack:{id}", "ack:{id}", "ack:{id} off", "maps:", "maps:off", "wrong:{id}", "say:{id} place", "say:{id} apart", "split:{id} x", "sub:1", "sub:1 1d", "sub:1 resume", "sub:1 renew", "sub:1 severe", "sub:1 name", "unsub:1", "unsub:1", "sub:1", "undo:1",
    "page:latest 0 ", "page:x", "here:", "cell:24.9 67.0 50", "cell:x", "countries:", "country:PK", "country:XX",
    "example:", "pick:x 0", "src:x 0 add", "src:src-zone 0 menu", "src:src-zone 1 menu", "src:src-zone 2 menu", "src:src-zone 0 keep", "src:src-zone 0 keep", "src:src-zone 0 longer", "src:src-zone 1 resume", "src:src-zone 1 resume", "src:src-zone 0 trial", "src:src-zone all trial", "src:src-zone 0 no", "src:src-zone 0 remove", "quiet:22-7 UTC", "quiet:off", "digest:daily 8 UTC", "digest:off", "forget:", "forget:no", "forget:yes", "nonsense:x",
)  # fmt: skip


def read_of(params):
    """All that a person reads of one request to Telegram."""
    keys = json.dumps(params.get("reply_markup") or {}, default=lambda one: one.to_dict())
    labels = re.findall(r'"text": ("(?:[^"\\]|\\.)*")', keys)
    return [params.get("text") or "", params.get("caption") or "", *(json.loads(one) for one in labels)]


def put_sources(store, who):
    """A source on trial, one that is paused and one that is neither, offered under one token."""
    found = tuple(Source(url=f"https://zone.zone/{name}") for name in ("a", "gone", "zone"))
    for one in found:
        store.write_sync(sources.upsert, one, "chat", NOW)
    store.write_sync(sources.start_trial, found[0].url, NOW, NOW)
    store.write_sync(sources.record_check, found[1].url, now=NOW, next_check=NOW, error="zone")
    store.write_sync(sources.pause, found[1].url, NOW)
    store.write_sync(button_payloads.put_sources, "src-zone", who, found, NOW)


def test_every_command_and_button_is_typed_here():
    assert {one.split()[0].removeprefix("/") for one in TYPED if one.startswith("/")} >= set(COMMANDS)
    assert {one.partition(":")[0] for one in TAPPED} >= set(TAPS)


@pytest.mark.parametrize("who", [ADMIN, ANN])
async def test_commands_and_buttons(chatting, wire, store, monkeypatch, who):
    monkeypatch.setattr(preferences, "language", lambda _code: PSEUDO)
    known, other = happen(store, "dock"), happen(store, "zone", "Lahore")
    subscribe(store, place=PLACES["Karachi"])
    put_sources(store, who)
    updates = [message(text.format(id=known, other=other), user=who) for text in TYPED]
    updates += [tap(data.format(id=known, other=other), user=who) for data in TAPPED]
    updates += [message("/quiet", user=ANN, chat=GROUP, kind="supergroup"), tap("here:", chat=GROUP, kind="supergroup")]
    updates.append({**message("", user=who)})
    updates[-1]["message"] |= {"location": {"latitude": 24.9, "longitude": 67.0}}
    wire.file = LISTED
    listed = {"file_id": "f", "file_unique_id": "u", "file_name": "gone.opml"}
    updates += [message("", user=who, document={**listed, "file_size": size}) for size in (1, 5_000_001)]
    allowed = DATA | {known, other}
    for one in updates:
        wire.asked.clear()
        chatting.patience.__init__()
        await chatting.handle(Update.de_json(one, wire.bot))
        for name, params in wire.asked:
            if name.startswith(("send", "edit", "answer")):
                for said in read_of(params):
                    left = set(bare(re.sub("(dock|zone) in (Karachi|Lahore)", "", said))) - set(
                        re.findall("[A-Za-z]+", " ".join(allowed))
                    )
                    assert not left, (one, said)


async def test_rounds_and_news_of_the_service(chatting, wire, store, monkeypatch):
    monkeypatch.setattr(preferences, "language", lambda _code: PSEUDO)
    known = happen(store, "dock")
    subscribe(store, place=PLACES["Karachi"])
    with in_locale(VOICE):
        for about in (digests.AWAY, digests.QUIET, digests.DIGEST):
            store.write_sync(digests._send, ANN, 0, about, [full()], since=NOW, names=NAMES, now=NOW)
        store.write_sync(
            service_notices.notify,
            ANN,
            0,
            "a",
            lambda: service_notices._downtime_message(NOW - timedelta(hours=3), NOW),
            now=NOW,
        )
        store.write_sync(
            service_notices.notify, ANN, 0, "b", lambda: service_notices._unseen_message(NAMES, "PK"), now=NOW
        )
        store.write_sync(
            service_notices.notify,
            ANN,
            0,
            "c",
            lambda: service_notices._seen_again_message(NAMES, "PK", timedelta(days=3)),
            now=NOW,
        )
        assert not bare(headline(full(), NAMES).replace("Karachi", "").replace("Pakistan", ""))
    rows = store.read_sync(lambda tx: tx.rows("SELECT notice FROM alerts WHERE notice <> ''"))
    assert len(rows) == 6 and known
    for row in rows:
        check(msgspec.json.decode(row["notice"], type=Message))


def test_news_of_damage():
    found = [Damage(table="zone", row="gone")] * 12
    with in_locale(VOICE):
        check(integrity_sweep._notice(found, found))
