"""The command that answers: does what the cards are certain of stand?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import in_locale, t, tn, tp
from bot.picture.reliability_diagram import DiagramData, Point, diagram
from bot.questions import calibration
from bot.questions.calibration import Calibration, Share
from bot.render.message import Attached, Message, bold, line, say
from bot.store import settled

DAYS = 365
MOST_DAYS = 3_650
MOST_INCIDENTS = 20_000
_SPAN = re.compile(r"(\d{1,4}) ?d(?:ays?)?", re.IGNORECASE)


async def calibration_(services: Services, _caller: Caller, text: str) -> Message:
    """The certainty of first cards against the settled records, in words and as a reliability diagram."""
    days = _days(text)
    since = services.clock() - timedelta(days=days)
    found = calibration.calibrate(await services.store.read(settled.since, since, MOST_INCIDENTS))
    title = t("How often what I am certain of stands")
    if found.brier is None or found.error is None:
        return say(line(bold(title)), *_too_few(found))
    with in_locale(translate.picture_locale()):
        body = await asyncio.to_thread(_drawn, found, days)
    message = say(line(bold(title)), tn("last day", "last {n} days", days), *_in_words(found))
    return msgspec.structs.replace(message, file=Attached("tocsin-calibration.png", body))


def _days(text: str) -> int:
    if not text.strip():
        return DAYS
    found = _SPAN.fullmatch(text.strip())
    if not found or not 0 < int(found[1]) <= MOST_DAYS:
        raise ChatError(t("I count over a number of days, as in: /calibration 90d"))
    return int(found[1])


def _too_few(found: Calibration) -> Sequence[str]:
    """What is missing until it can be said."""
    return (
        t(
            "Too little is settled to say: {n} of the {least} records that it needs.",
            n=found.settled,
            least=calibration.LEAST,
        ),
        _meaning(),
        *_unsettled(found),
    )


def _in_words(found: Calibration) -> Sequence[str]:
    rows = [
        f"{tp('certainty', word.value)}: {_stood(share)}; "
        + t("{n} more rest on one publisher", n=translate.number(share.unsettled))
        for word, share in found.words
    ]
    return (*rows, _scores(found), _meaning(), *_unsettled(found))


def _rows(found: Calibration) -> list[tuple[str, str]]:
    """Each word that cards use for certainty, and how many of those first cards stood."""
    return [
        (
            tp("certainty", word.value),
            _stood(share),
        )
        for word, share in found.words
    ]


def _stood(share: Share) -> str:
    return t(
        "{stood} of {n} stood ({share})",
        stood=translate.number(share.stood),
        n=translate.number(share.n),
        share=translate.percent(share.observed),
    )


def _scores(found: Calibration) -> str:
    return t(
        "Brier score {brier} (0 is perfect, 0.25 a coin); what was said and what stood differ by {error} on average.",
        brier=translate.number(found.brier or 0.0, 3),
        error=translate.percent(found.error or 0.0),
    )


def _meaning() -> str:
    return t("A record stood if an independent publisher confirms it, and fell if it was taken back or is denied.")


def _unsettled(found: Calibration) -> Sequence[str]:
    if not found.unsettled:
        return ()
    return (
        tn(
            "{n} record rests on one publisher whom nobody confirmed or denied: not counted.",
            "{n} records rest on one publisher each whom nobody confirmed or denied: not counted.",
            found.unsettled,
        ),
    )


def _drawn(found: Calibration, days: int) -> bytes:
    points = tuple(
        Point(said=one.said, stood=one.observed, low=one.interval[0], high=one.interval[1], n=one.n)
        for one in found.bins
    )
    rows = (
        *_rows(found),
        (t("Brier score"), translate.number(found.brier or 0.0, 3)),
        (t("mean difference"), translate.percent(found.error or 0.0)),
        (t("settled records"), translate.number(found.settled)),
        (t("not settled"), translate.number(found.unsettled)),
    )
    figures = DiagramData(points=points, head=t("Certainty of the first report"), rows=rows)
    return diagram(
        figures,
        title=t("How often what I am certain of stands"),
        subtitle=tn("last day", "last {n} days", days),
        note=t("On the dashed line what was said and what stood are equal; bars: 95 of 100 times the true share."),
    )
