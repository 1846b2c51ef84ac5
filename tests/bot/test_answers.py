"""Questions answered from the store: numbers, incidents that satisfy what is shown, going on, buttons, the command line."""

import json
from datetime import date, timedelta

import msgspec
import pytest
from fakes import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talking import ANN, message, say_to, tap
from telegram import Update

from bot.batch import ask as batch
from bot.errors import UsageError
from bot.questions import answer as answering
from bot.render import answer as render
from bot.render.text import plain
from bot.render.words import Names
from bot.store import articles, chats, incidents, questions
from bot.terminal.talk import reply
from extract.ask import Asker, Condition, Measure, Period, Query, Reading, Spot
from extract.kinds import load_kinds
from extract.places import Gazetteer
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    Change,
    Codes,
    Count,
    CountState,
    Effect,
    Incident,
    Lifecycle,
    News,
    Perpetrator,
    Precision,
    Quote,
    Report,
    Responsibility,
    TimePrecision,
    Victim,
    Weapon,
    When,
)

KINDS, GAZETTEER = load_kinds(), Gazetteer.open()
KNOWN = answering.AnswerContext(asker=Asker(KINDS, GAZETTEER), contains=GAZETTEER.contains, extent=GAZETTEER.extent)
NAMES = Names(KINDS, GAZETTEER.country_name)
TODAY = date(2026, 3, 2)
PLACES = {
    name: GAZETTEER.search(name, 1)[0]
    for name in (
        "Karachi",
        "Lahore",
        "Sindh",
        "Pakistan",
        "Columbus, Ohio",
        "Ohio",
        "Kansas City, Kansas",
        "Kansas City, Missouri",
    )
}


def number(n: int | None) -> Count:
    return Count(low=n, high=n, state=CountState.COUNTED) if n is not None else Count()


def incident(
    key, kind="bombing", place="Karachi", day="2026-02-10", *, killed=None, injured=None, by="", weapon="", until=""
) -> Incident:
    """One record with one article, whose title names the kind and the key."""
    told = ArticleRef(
        id=f"a-{key}", url=f"https://post.example/{key}", source="post.example", published=NOW, title=f"{kind} {key}"
    )
    quote = Quote(where="title", start=0, end=len(told.title), quote=told.title, article=told.id)
    facts = Report(
        news=News.EVENT,
        kind=kind,
        codes=Codes(),
        place=PLACES[place] if place else None,
        when=When(start=day, end=until or day, precision=TimePrecision.DAY) if day else None,
        killed=number(killed),
        injured=number(injured),
        perpetrators=(Perpetrator(name=by, type="organization", confidence="claimed_or_admitted"),) if by else (),
        responsibility=Responsibility.CLAIMED if by else Responsibility.NOT_MENTIONED,
        weapons=(Weapon(name="gun", type=weapon),) if weapon else (),
        evidence={"kind": (quote,)},
    )
    return Incident(
        id=key, version=1, lifecycle=Lifecycle.NEW, first_seen=NOW, last_seen=NOW, facts=facts, origins=1, articles=(told,),
        summary=f"{kind} {key}",
    )  # fmt: skip


def keep(store, *made: Incident) -> None:
    def save(tx):
        for one in made:
            change = Change(incident=one.id, version=1, at=NOW, article=one.articles[0].id, action=Action.NEW)
            incidents.save(tx, one, change, announced=False)
            told = Article(id=one.articles[0].id, title=one.articles[0].title, text=f"Names: Dana Marvale {one.id}.")
            articles.add(tx, "", told, NOW, baseline=False)
            row = {"incident": one.id, "article": told.id, "position": 0, "record": "{}", "joined": "2026"}
            tx["members"].insert(row)

    store.write_sync(save)


def answer(store, question, before=None):
    return store.read_sync(answering.answer, KNOWN, question, today=TODAY, before=before, whole=True)


def said(store, question) -> str:
    return plain(render.answer(answer(store, question), NAMES))


# ------------------------------------------------------------------ numbers


def test_province_holds_its_cities(store) -> None:
    keep(store, incident("one"), incident("two", place="Lahore"), incident("three", place="Sindh"))
    assert set(answer(store, "How many bombings in Sindh in February 2026?").ids) == {"one", "three"}
    assert answer(store, "How many bombings in Pakistan?").total.count == 3


def test_same_name_across_a_border_is_another_city(store) -> None:
    keep(store, incident("k", "shooting", "Kansas City, Kansas"), incident("m", "shooting", "Kansas City, Missouri"))
    assert answer(store, "How many shootings in Kansas City, Kansas?").ids == ("k",)


def test_killed_are_summed_and_the_unknown_kept_apart(store) -> None:
    keep(store, incident("a", killed=4), incident("b", killed=2), incident("c", killed=0), incident("d"))
    found = answer(store, "How many people were killed in Karachi in 2026?")
    assert (found.total.killed.low, found.total.killed.high, set(found.ids)) == (6, 6, {"a", "b"})


def test_at_least_stays_at_least(store) -> None:
    open_ended = incident("a", killed=4)
    counted = Count(low=4, high=None, state=CountState.COUNTED)
    keep(store, msgspec.structs.replace(open_ended, facts=msgspec.structs.replace(open_ended.facts, killed=counted)))
    assert "at least 4 killed" in said(store, "How many people were killed in Karachi in 2026?")


def test_spans_that_overlap_a_day_are_told_apart(store) -> None:
    keep(store, incident("sure", day="2026-02-10"), incident("week", day="2026-02-08", until="2026-02-14"))
    found = answer(store, "How many bombings in Karachi on 10 February 2026?")
    assert (found.ids, found.maybe) == (("sure",), 1)


def test_undated_count_by_their_report_in_long_periods_only(store) -> None:
    keep(store, incident("undated", day=""))
    assert answer(store, "How many bombings in Karachi in March 2026?").undated == 1
    day = answer(store, "How many bombings in Karachi on 2 March 2026?")
    assert (day.total.count, day.maybe) == (0, 1)


def test_other_kinds_done_with_firearms_are_shootings(store) -> None:
    keep(store, incident("shot", "homicide", weapon="firearms"), incident("stabbed", "homicide", weapon="melee"))
    assert answer(store, "How many shootings in Karachi?").ids == ("shot",)


def test_actor_is_who_did_it(store) -> None:
    keep(store, incident("t", by="Taliban"), incident("o", by="Baloch Liberation Army"), incident("n"))
    assert answer(store, "How many bombings by the Taliban?").ids == ("t",)
    assert "laimed by Taliban (1 incident)" in said(store, "Who claimed the bombing in Karachi?")


def test_names_are_looked_for_in_the_articles(store) -> None:
    keep(store, incident("one"))
    assert answer(store, "How many bombings involving Dana Marvale?").total.count == 1
    assert answer(store, "How many bombings involving Orlin Tesk?").total.count == 0


def test_retracted_records_do_not_count(store) -> None:
    gone = incident("gone")
    keep(store, gone)
    taken_back = msgspec.structs.replace(gone, lifecycle=Lifecycle.RETRACTED, version=2)
    change = Change(incident="gone", version=2, at=NOW, article="a-gone", action=Action.RETRACT)
    store.write_sync(incidents.save, taken_back, change, announced=False)
    assert answer(store, "How many bombings in Karachi?").total.count == 0


def test_last_and_first(store) -> None:
    keep(store, incident("old", day="2026-01-01"), incident("new", day="2026-02-20"))
    assert "20 Feb 2026" in said(store, "When was the last bombing in Karachi?")
    assert "1 Jan 2026" in said(store, "When was the first bombing in Karachi?")


def test_deadliest_comes_first(store) -> None:
    keep(store, incident("small", killed=1), incident("large", killed=9))
    assert answer(store, "What was the deadliest bombing in Karachi?").shown[0].id == "large"


def test_places_side_by_side(store) -> None:
    keep(store, incident("one"), incident("two"), incident("three", place="Lahore"))
    found = answer(store, "Compare bombings in Karachi and Lahore")
    assert [part.tally.count for part in found.parts] == [2, 1]
    assert found.total.count == 3


def test_trend_goes_by_its_unit(store) -> None:
    keep(
        store, incident("one", day="2026-01-05"), incident("two", day="2026-02-05"), incident("three", day="2026-02-06")
    )
    parts = answer(store, "bombings per month in Karachi in 2026").parts
    assert [(part.key, part.tally.count) for part in parts] == [("2026-01", 1), ("2026-02", 2)]


def test_where_ranks_places(store) -> None:
    keep(store, incident("one"), incident("two"), incident("three", place="Lahore"))
    assert "Karachi, Sindh, Pakistan: 2" in said(store, "Where did bombings happen in February 2026?")


def test_every_answer_shows_what_was_understood_and_a_quote(store) -> None:
    keep(store, incident("one", killed=3))
    text = said(store, "How many bombings were there in Karachi in February 2026?")
    assert "Understood: bombings · in Karachi, Sindh, Pakistan · 1 Feb 2026 to 28 Feb 2026" in text
    assert "“bombing one”" in text and "https://post.example/one" in text


def test_unknown_place_is_asked_about_with_the_rest_answered(store) -> None:
    keep(store, incident("one"))
    found = answer(store, "How many bombings in Krachii?")
    assert found.total is None and found.nearest is not None and found.nearest.count == 1
    assert "I know no place called “Krachii”. Do you mean Karachi" in render.why(found, NAMES)


@pytest.mark.parametrize(
    "question", ["'; DROP TABLE incidents; --", '"NEAR(a b)" OR * ^', "😀", "x" * 4000, "a OR 1=1", ""]
)
def test_hostile_input_gets_a_sentence(store, question) -> None:
    keep(store, incident("one"))
    text = said(store, question)
    assert text.strip() and store.read_sync(incidents.count) == 1


# ------------------------------------------------------------------ property: every incident satisfies the query

QUERIES = st.builds(
    Query,
    measure=st.sampled_from(Measure),
    kinds=st.sampled_from([(), ("bombing",), ("shooting", "bombing")]),
    places=st.lists(st.sampled_from(sorted(PLACES)), max_size=2, unique=True).map(
        lambda names: tuple(Spot(said=name, options=(PLACES[name],)) for name in names)
    ),
    periods=st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 40)).map(
            lambda pair: Period(since=date(2026, 1, 1) + timedelta(days=pair[0]), until=date(2026, 1, 1) + timedelta(days=sum(pair)))
        ),
        max_size=2,
    ).map(tuple),
    conditions=st.sampled_from([(), (Condition(field="killed", low=2),), (Condition(field="injured", low=0, high=0),)]),
    actors=st.sampled_from([(), ("Taliban",)]),
)  # fmt: skip
KEPT = [
    incident(f"i{n}", kind, place, day, killed=killed, injured=injured, by=by, until=until)
    for n, (kind, place, day, until, killed, injured, by) in enumerate(
        (kind, place, day, until, (None, 0, 1, 5)[n % 4], (0, None, 3)[n % 3], ("", "Taliban")[n % 2])
        for n, (kind, place, (day, until)) in enumerate(
            (kind, place, days)
            for kind in ("bombing", "shooting", "fire")
            for place in (*PLACES, "")
            for days in (("2026-01-10", ""), ("2026-02-10", ""), ("2026-01-30", "2026-02-03"), ("", ""))
        )
    )
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_no_incident_fails_the_shown_query(store, query) -> None:
    if not store.read_sync(incidents.count):
        keep(store, *KEPT)
    found = store.read_sync(answering.execute, KNOWN, Reading(query=query), today=TODAY, whole=True)
    by_id = {one.id: one for one in KEPT}
    assert found.total.count == len(found.ids) == len(set(found.ids))
    assert all(satisfies(by_id[name], found.query) for name in found.ids)
    assert {one.id for one in found.shown} <= set(found.ids)
    field = query.measure.field
    if field in ("killed", "injured"):
        assert getattr(found.total, field).low == sum(getattr(by_id[name].facts, field).low or 0 for name in found.ids)


def satisfies(one: Incident, query: Query) -> bool:
    """The query's meaning, written out once more without SQL."""
    facts = one.facts
    if query.kinds and facts.kind not in query.kinds:
        return False
    areas = [spot.place for spot in query.places]
    if areas and (facts.place is None or not any(KNOWN.inside(facts.place, area) for area in areas)):
        return False
    if query.periods and not any(within(one, period) for period in query.periods):
        return False
    if query.actors and not any(p.name in query.actors for p in facts.perpetrators):
        return False
    return all(
        (getattr(facts, c.field).low or 0) >= c.low
        and (c.high is None or (getattr(facts, c.field).high is not None and getattr(facts, c.field).high <= c.high))
        for c in query.conditions
    )


def within(one: Incident, period: Period) -> bool:
    if one.facts.when is None:
        return (period.until - period.since).days + 1 >= 28 and period.since <= NOW.date() <= period.until
    return period.since <= one.facts.when.first_day and one.facts.when.last_day <= period.until


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("Middle East", {"aden", "hormuz", "gaza"}),
        ("Gaza Strip", {"gaza"}),
        ("Gulf of Aden", {"aden"}),
        ("Persian Gulf", {"hormuz"}),
        ("Greater Manchester", {"oldham"}),
        ("England", {"oldham", "harrow"}),
        ("London", {"harrow"}),
        ("South Asia", {"karachi"}),
        ("northern Nigeria", {"kano"}),
        ("West Africa", {"kano", "nigeria"}),
        ("Asia", {"aden", "gaza", "hormuz", "karachi"}),
    ],
)
def test_an_area_in_a_question_is_what_it_holds(store, area, expected) -> None:
    told = {
        "aden": "Aden, Yemen",
        "hormuz": "Strait of Hormuz",
        "oldham": "Oldham, England",
        "harrow": "Harrow, England",
        "kano": "Kano, Nigeria",
        "nigeria": "Nigeria",
        "karachi": "Karachi",
    }
    places = {key: GAZETTEER.search(name, 1)[0] for key, name in told.items()}
    # an earlier version stored towns without the division that GeoNames doesn't give
    gaza = next(place for place in GAZETTEER.search("Gaza") if place.precision is Precision.CITY)
    places["gaza"] = msgspec.structs.replace(gaza, admin1=None)
    with pytest.MonkeyPatch.context() as patch:
        for key, place in places.items():
            patch.setitem(PLACES, key, place)
        keep(store, *(incident(key, place=key) for key in places))
    found = answer(store, f"List incidents in {area}")
    assert set(found.ids) == expected
    surely = {key for key, place in places.items() if GAZETTEER.contains(GAZETTEER.search(area)[0], place) == 2}
    assert surely == expected


# ------------------------------------------------------------------ chat, terminal, command line


@pytest.fixture
def asking(chatting):
    """The bot with somebody who reads questions."""
    services = chatting.services
    object.__setattr__(services, "asker", KNOWN.asker)
    object.__setattr__(services, "names", NAMES)
    object.__setattr__(services, "holds", GAZETTEER.contains)
    return chatting


async def test_plain_words_in_private_are_a_question(asking, wire, store) -> None:
    keep(store, incident("one", killed=3))
    answered = await say_to(asking, wire, message("How many bombings in Karachi in February 2026?"))
    assert "1 incident; 3 killed." in answered[0]


async def test_a_question_goes_on_for_an_hour(asking, wire, store, clock) -> None:
    keep(store, incident("one"), incident("two", place="Lahore"), incident("three", place="Lahore"))
    await say_to(asking, wire, message("/ask How many bombings in Karachi in February 2026?"))
    assert "2 incidents" in (await say_to(asking, wire, message("and in Lahore?")))[0]
    clock.tick(3700)
    assert store.read_sync(questions.last, (ANN, 0), clock()) is None


async def test_buttons_change_the_question(asking, wire, store) -> None:
    keep(store, incident("one"), incident("old", day="2020-01-01"))
    await say_to(asking, wire, message("How many bombings in Karachi in February 2026?"))
    token = store.read_sync(lambda tx: tx.value("SELECT token FROM questions"))
    assert "2 incidents" in (await say_to(asking, wire, tap(f"asked:{token} any")))[0]


async def test_a_misspelt_place_is_chosen_by_a_button(asking, wire, store) -> None:
    keep(store, incident("one"))
    asked_back = await say_to(asking, wire, message("How many bombings in Krachii?"))
    assert "Do you mean Karachi" in asked_back[0]
    token = store.read_sync(lambda tx: tx.value("SELECT token FROM questions"))
    assert "1 incident" in (await say_to(asking, wire, tap(f"asked:{token} m0")))[0]


async def test_a_part_of_what_was_understood_is_taken_out_by_a_button(asking, wire, store) -> None:
    keep(store, incident("one"), incident("two", "fire"), incident("three", place="Lahore"))
    await say_to(asking, wire, message("bombings in Karachi"))
    token = store.read_sync(lambda tx: tx.value("SELECT token FROM questions"))
    assert "2 incidents" in (await say_to(asking, wire, tap(f"asked:{token} kinds")))[0]
    assert "2 incidents" in (await say_to(asking, wire, tap(f"asked:{token} all")))[0]


async def test_what_the_last_question_gave_is_shown_and_taken_out(asking, wire, store) -> None:
    keep(store, incident("one"), incident("two", place="Lahore"), incident("three", "fire", "Lahore"))
    await say_to(asking, wire, message("bombings in Karachi"))
    answered = await say_to(asking, wire, message("and in Lahore?"))
    assert "1 incident" in answered[0] and "From your last question: bombings" in answered[0]
    token = store.read_sync(lambda tx: tx.value("SELECT token FROM questions WHERE token LIKE '%~'")).removesuffix("~")
    assert "2 incidents" in (await say_to(asking, wire, tap(f"asked:{token} alone")))[0]


async def test_a_place_alone_answers_which_was_meant(asking, wire, store) -> None:
    keep(store, incident("one"), incident("two", "fire"), incident("three", place="Lahore"))
    await say_to(asking, wire, message("How many bombings in Krachii?"))
    answered = await say_to(asking, wire, message("Karachi"))
    assert "1 incident" in answered[0] and "bombings" in answered[0]


async def test_an_old_button_says_so(asking, wire, store) -> None:
    await asking.handle(Update.de_json(tap("asked:gone any"), wire.bot))
    assert any("more than an hour" in str(params) for _, params in wire.asked)


async def test_forget_me_takes_the_questions_along(asking, wire, store) -> None:
    keep(store, incident("one"))
    await say_to(asking, wire, message("bombings in Karachi"))
    store.write_sync(chats.forget, ANN, NOW)
    assert store.read_sync(lambda tx: tx.value("SELECT COUNT(*) FROM questions")) == 0


async def test_the_terminal_takes_questions_too(asking, store) -> None:
    keep(store, incident("one"))
    assert "1 incident" in plain(await reply(asking.services, "How many bombings in Karachi?"))


async def test_in_the_terminal_a_typed_place_answers_which_was_meant(asking, store) -> None:
    keep(store, incident("one"), incident("two", place="Lahore"))
    asked_back = await reply(asking.services, "How many bombings in Krachii?")
    buttons = [button for row in asked_back.buttons for button in row]
    assert "1 incident" in plain(await reply(asking.services, "karachi, pakistan", buttons, plain(asked_back)))


async def test_in_the_terminal_a_typed_place_answers_what_to_subscribe_to(asking, store) -> None:
    asked_back = await reply(asking.services, "/subscribe")
    answered = plain(await reply(asking.services, "Karachi", (), plain(asked_back)))
    assert "Karachi" in answered and "incident" not in answered.split("\n")[0]


def test_a_denied_report_does_not_count_and_is_shown_where_there_is_no_other(store) -> None:
    denied = incident("denied")
    unlikely = msgspec.structs.replace(denied.facts, certainty=Certainty.UNLIKELY)
    keep(store, msgspec.structs.replace(denied, facts=unlikely))
    found = answer(store, "Was there a bombing in Karachi?")
    assert (found.total.count, found.denied, found.ids) == (0, 1, ("denied",))
    assert "denied or doubted" in said(store, "Was there a bombing in Karachi?")
    keep(store, incident("sure"))
    assert answer(store, "bombings in Karachi").ids == ("sure",)


def test_what_is_left_out_does_not_count(store) -> None:
    keep(store, incident("k"), incident("l", place="Lahore"), incident("f", "fire", "Lahore"), incident("n", place=""))
    assert set(answer(store, "bombings outside Karachi").ids) == {"l"}
    assert set(answer(store, "incidents in Lahore other than fires").ids) == {"l"}
    assert "without Karachi" in said(store, "bombings outside Karachi")


def test_whom_it_hit_is_found_in_the_record(store) -> None:
    hit = incident("hit", killed=2)
    victims = (Victim(name="two policemen", type="police", effect=Effect.KILLED),)
    keep(store, msgspec.structs.replace(hit, facts=msgspec.structs.replace(hit.facts, victims=victims)))
    keep(store, incident("other", killed=1))
    assert answer(store, "police killed in Karachi").ids == ("hit",)
    assert answer(store, "attacks on police").ids == ("hit",)


def test_equals_of_a_superlative_are_named_too(store) -> None:
    keep(store, incident("one", killed=3), incident("two", killed=3), incident("three", killed=1))
    assert set(answer(store, "deadliest bombing in Karachi").ids) == {"one", "two"}


def test_json_follows_the_contract(store, tmp_path, capsys) -> None:
    keep(store, incident("one", killed=2, injured=5))
    asked = tmp_path / "questions.jsonl"
    asked.write_text(
        '{"id": "q1", "question": "How many bombings in Karachi in 2026?"}\n{"id": "q2", "question": "hello"}\n'
    )
    batch.ask_batch(store.path, str(asked), now=NOW, strict=False)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["answer"] == {"count": 1, "killed": 2, "injured": 5, "kidnapped": 0}
    assert (first["id"], first["incidents"], first["articles"]) == ("q1", ["one"], ["a-one"])
    understood = first["understood"]
    assert (understood["measure"], understood["since"], understood["until"]) == ("count", "2026-01-01", "2026-12-31")
    assert understood["place"]["name"] == "Karachi" and "bombing" in understood["kinds"]
    assert second["answer"] is None and second["why"]


@pytest.mark.parametrize(
    ("now", "day"),
    [("2026-02-11T08:00:00Z", "2026-02-10"), ("2026-02-11", "2026-02-10"), ("2026-02-11T23:30:00-03:00", "2026-02-11")],
)
def test_today_is_counted_from_the_time_given(store, tmp_path, capsys, now, day) -> None:
    asked = tmp_path / "questions.jsonl"
    asked.write_text('{"id": "q1", "question": "How many bombings yesterday?"}\n')
    batch.ask_batch(store.path, str(asked), now=batch.read_now(now), strict=False)
    understood = json.loads(capsys.readouterr().out)["understood"]
    assert (understood["since"], understood["until"]) == (day, day)


@pytest.mark.parametrize("now", ["tomorrow", "30/11/2026", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_is_the_callers_mistake(now) -> None:
    with pytest.raises(UsageError, match="ISO 8601"):
        batch.read_now(now)
