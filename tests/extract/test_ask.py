"""Questions in English: how they are read, and which are not answered."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.ask import Asker, Condition, Measure, Query, Reading, Trouble
from extract.kinds import load_kinds
from extract.places import Gazetteer

TODAY = date(2026, 3, 4)
FILE = Path(__file__).parent / "paraphrases.txt"
LINES = [line.split(" => ") for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
LEAST_UNDERSTOOD = 0.95
ASKER = Asker(load_kinds(), Gazetteer.open())


def read(question: str, before: Query | None = None) -> Reading:
    return ASKER.read(question, TODAY, before)


def query(question: str, before: Query | None = None) -> Query:
    found = read(question, before)
    assert found.trouble is None and found.query is not None, found
    return found.query


def wrong(question: str, expected: str) -> list[str]:
    """What a reading lacks of the expectation."""
    found, missed = read(question), []
    wanted = [part.strip() for part in expected.split(";")]
    if wanted[0].startswith("trouble="):
        return [] if found.trouble == wanted[0].partition("=")[2] else [f"{wanted[0]}, got {found.trouble}"]
    if found.trouble is not None or found.query is None:
        return [f"trouble {found.trouble} {found.what}"]
    got = told(found.query)
    missed += [part for part in wanted if part not in got]
    named = {part.partition("=")[0] for part in wanted} | {re.split("[>=]", part)[0] for part in wanted}
    checked = ("kind", "in", "time", "killed", "injured", "by", "word", "name")
    missed += [
        f"not {part}"
        for part in got
        if re.split("[>=]", part)[0] in checked
        and part not in wanted
        and not (re.split("[>=]", part)[0] in ("kind", "in") and re.split("[>=]", part)[0] not in named)
    ]
    return missed


def told(found: Query) -> list[str]:
    """A query in the words of the data file."""
    out = [found.measure.value, *([f"kind={found.label}"] if found.label else [])]
    out += [f"in={spot.place.name} {spot.place.country}" for spot in found.places]
    out += [f"time={p.since or ''}..{p.until or ''}" for p in found.periods]
    out += [f"{c.field}>={c.low}" if c.high is None else f"{c.field}={c.low}" for c in found.conditions]
    out += [f"by={one}" for one in found.actors] + [f"word={one}" for one in found.words]
    out += [f"name={one}" for one in found.names] + ([f"per={found.by}"] if found.by else [])
    return out + (["first"] if found.order == "first" else []) + (["compare"] if found.compare else [])


def test_paraphrases_are_understood() -> None:
    """The share read correctly must not fall; failures are listed."""
    missed = {question: wrong(question, expected) for question, expected in LINES}
    bad = {question: why for question, why in missed.items() if why}
    assert len(LINES) >= 150
    assert len(bad) <= len(LINES) * (1 - LEAST_UNDERSTOOD), bad


# ------------------------------------------------------------------ follow-up questions


def test_another_place_keeps_kind_measure_and_time() -> None:
    before = query("How many bombings were there in Karachi in 2025?")
    after = query("and in Lahore?", before)
    assert (after.measure, after.label, after.places[0].place.name) == (Measure.COUNT, "bombings", "Lahore")
    assert after.periods == before.periods


def test_another_time_keeps_the_place() -> None:
    after = query("and last year?", query("How many bombings were there in Karachi in 2024?"))
    assert after.places[0].place.name == "Karachi"
    assert after.periods[0].since == date(2025, 1, 1)


def test_there_means_the_place_before() -> None:
    after = query("how many people were killed there?", query("latest attacks in Kabul"))
    assert (after.measure, after.places[0].place.name, after.label) == (Measure.KILLED, "Kabul", "attacks")


def test_another_kind_keeps_place_and_time() -> None:
    after = query("what about kidnappings?", query("How many bombings were there in Karachi in 2025?"))
    assert (after.label, after.places[0].place.name, len(after.periods)) == ("kidnappings", "Karachi", 1)


def test_a_whole_question_does_not_go_on() -> None:
    after = query("How many shootings were there in Ohio?", query("How many bombings in Karachi in 2025?"))
    assert after.periods == ()


# ------------------------------------------------------------------ words that are not understood are reported


@pytest.mark.parametrize(
    ("question", "trouble"),
    [
        ("", Trouble.NOTHING),
        ("😀😀😀", Trouble.NOTHING),
        ("?!?", Trouble.NOTHING),
        ("what do you think of the weather", Trouble.NOTHING),
        ("shooting " * 100, Trouble.LENGTH),
        ("x" * 4000, Trouble.LENGTH),
        ("Сколько терактов было в Кабуле?", Trouble.LANGUAGE),
        ("How many bombings in Krachii City?", Trouble.PLACE),
        ("How many bananas were sold in Kenya?", Trouble.THING),
    ],
)
def test_trouble_is_named(question: str, trouble: Trouble) -> None:
    assert read(question).trouble == trouble


def test_unknown_place_is_not_guessed() -> None:
    found = read("How many bombings in Krachii in 2025?")
    assert found.trouble is Trouble.PLACE and found.what == "Krachii"
    assert "Karachi" in {place.name for place in found.meant}
    assert found.query is not None and found.query.places == ()


def test_words_without_meaning_are_reported() -> None:
    assert query("How many bombings sploofed in Karachi?").unread == ("sploofed",)


def test_injection_is_only_words() -> None:
    found = read("shootings in Ohio'; DROP TABLE incidents; --")
    assert found.query is not None and found.query.label == "shootings"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(question: str) -> None:
    found = read(question)
    assert found.query is not None or found.trouble is not None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([w for question, _ in LINES for w in question.split()]), max_size=20).map(" ".join))
def test_any_words_of_questions_are_read(question: str) -> None:
    found = read(question)
    for one in found.query.periods if found.query else ():
        assert one.since is None or one.until is None or one.since <= one.until


def test_case_does_not_matter() -> None:
    for question, expected in LINES:
        if expected.startswith(("count", "killed", "injured")) and "by=" not in expected and "name=" not in expected:
            upper, lower = read(question).query, read(question.lower()).query
            assert upper is not None and lower is not None, question
            assert upper.measure == lower.measure, question
            assert upper.periods[:1] == () or lower.periods[0].since == upper.periods[0].since, question
            assert [s.place.geonameid for s in upper.places] == [s.place.geonameid for s in lower.places], question


def test_exact_number_and_bounds() -> None:
    assert query("shootings with at most 3 dead in Ohio").conditions == (Condition(field="killed", low=0, high=3),)
    assert query("shootings that killed 3 or more in Ohio").conditions == (Condition(field="killed", low=3),)
