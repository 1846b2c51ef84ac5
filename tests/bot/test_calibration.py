"""Is it said truly how often what was certain at first stood, and is it left unsaid where too little is known?"""

import io
import random
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES, report
from PIL import Image

from bot.commands import Caller, calibration
from bot.errors import ChatError
from bot.questions.calibration import LEAST, Share, calibrate
from bot.render import text
from bot.store import incidents, settled
from bot.types import Settled
from extract.types import ArticleRef, Certainty, Change, Incident, Lifecycle


def said(probability, *, stood, certainty=Certainty.LIKELY):
    """A settled incident that stood (True), fell (False), or that nobody confirmed or denied (None)."""
    return Settled(
        probability=probability, certainty=certainty, is_taken_back=stood is False, origins=2 if stood else 1
    )


def test_one_that_was_taken_back_fell_whoever_confirmed_it_and_one_of_a_single_publisher_is_not_judged():
    taken_back = Settled(probability=0.9, certainty=Certainty.LIKELY, is_taken_back=True, origins=3)
    found = calibrate([taken_back, said(0.9, stood=True), said(0.9, stood=None)])
    assert (found.settled, found.unsettled) == (2, 1)
    assert found.bins == (Share(n=2, stood=1, said=0.9, unsettled=1),)


def test_too_few_give_no_score():
    found = calibrate([said(0.9, stood=True)] * (LEAST - 1))
    assert (found.brier, found.error) == (None, None)


def test_the_scores_are_those_of_their_definitions():
    found = calibrate([*[said(0.8, stood=True)] * 15, *[said(0.8, stood=False)] * 5, *[said(0.35, stood=False)] * 10])
    assert found.brier == pytest.approx((15 * 0.04 + 5 * 0.64 + 10 * 0.1225) / 30)
    assert found.error == pytest.approx((20 * 0.05 + 10 * 0.35) / 30)
    assert [(one.n, one.stood) for one in found.bins] == [(10, 0), (20, 15)]


def test_a_perfect_forecaster_has_a_small_error_and_intervals_that_hold_it():
    chance = random.Random(7)
    draws = [chance.random() for _ in range(5_000)]
    found = calibrate([said(p, stood=chance.random() < p) for p in draws])
    assert found.error < 0.02
    inside = [low <= one.said <= high for one in found.bins for low, high in [one.interval]]
    assert sum(inside) >= 8


@pytest.mark.parametrize(
    ("n", "stood", "low", "high"), [(10, 10, 0.722, 1.0), (10, 0, 0.0, 0.278), (100, 50, 0.404, 0.596)]
)
def test_the_interval_is_that_of_wilson(n, stood, low, high):
    assert Share(n=n, stood=stood, said=0.5).interval == (pytest.approx(low, abs=2e-3), pytest.approx(high, abs=2e-3))


# ------------------------------------------------------------------ from the store, and in chat


def keep(store, name, *, probability=0.9, certainty=Certainty.LIKELY, origins=2, lifecycle=Lifecycle.CLOSED, ago=30):
    """An incident of two versions: as it was first said, and as it is settled."""
    at = NOW - timedelta(days=ago)
    facts = msgspec.structs.replace(
        report(place=PLACES["Karachi"], killed=4), probability=probability, certainty=certainty
    )
    first = Incident(
        id=name,
        version=1,
        lifecycle=Lifecycle.NEW,
        first_seen=at,
        last_seen=at,
        facts=facts,
        origins=1,
        articles=(ArticleRef(id=name, source="post.example", title="Bomb kills 4"),),
        summary="a bomb",
    )
    later = msgspec.structs.replace(facts, probability=0.99, certainty=Certainty.OBSERVED)
    last = msgspec.structs.replace(first, version=2, lifecycle=lifecycle, origins=origins, facts=later)
    for one in (first, last):
        change = Change(incident=name, version=one.version, at=at, article=name, action=None)
        store.write_sync(incidents.save, one, change, announced=True)


def test_what_was_said_first_counts_against_what_the_record_says_at_last(store):
    keep(store, "stood")
    keep(store, "fell", lifecycle=Lifecycle.RETRACTED, probability=0.6, certainty=Certainty.POSSIBLE)
    keep(store, "alone", origins=1)
    keep(store, "open", lifecycle=Lifecycle.DEVELOPING)
    keep(store, "old", ago=400)
    found = store.read_sync(settled.since, NOW - timedelta(days=365), 100)
    assert sorted((one.probability, one.certainty.value, one.is_taken_back, one.origins) for one in found) == [
        (0.6, "possible", True, 2), (0.9, "likely", False, 1), (0.9, "likely", False, 2),
    ]  # fmt: skip


async def asked(chatting, words=""):
    return await calibration.calibration_(chatting.services, Caller(chat=1), words)


async def test_with_little_settled_it_says_what_is_missing(store, chatting):
    keep(store, "stood")
    keep(store, "alone", origins=1)
    answered = text.visible(await asked(chatting))
    assert "Too little is settled to say: 1 of the 20 records that it needs." in answered
    assert "1 record rests on one publisher" in answered


async def test_with_enough_it_gives_the_numbers_and_a_diagram(store, chatting):
    for number in range(30):
        keep(store, f"stood{number}", probability=0.95, certainty=Certainty.OBSERVED)
    for number in range(10):
        lifecycle = Lifecycle.RETRACTED if number < 3 else Lifecycle.CLOSED
        keep(store, f"other{number}", probability=0.7, lifecycle=lifecycle)
    message = await asked(chatting, "90d")
    answered = text.visible(message)
    assert "last 90 days" in answered
    assert "observed: 30 of 30 stood (100%); 0 more rest on one publisher" in answered
    assert "likely: 7 of 10 stood (70%)" in answered
    assert "Brier score 0.054" in answered
    assert Image.open(io.BytesIO(message.file.body)).size == (1200, 800)


async def test_a_span_that_is_none_is_refused_with_an_example(chatting):
    with pytest.raises(ChatError, match="/calibration 90d"):
        await asked(chatting, "Karachi")
