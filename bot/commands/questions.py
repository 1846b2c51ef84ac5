"""Commands that answer questions in plain words, follow-up questions, and the buttons that change a question."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import msgspec

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.questions import answer
from bot.render import answer as render
from bot.render.message import Block, Message, line
from bot.store import questions
from bot.types import Answer
from extract.ask import Period, Query, Reading, Spot, Trouble

GONE = mark("That question is more than an hour old. Ask it again.")
# the fields that a button takes out of the question
_LESS: dict[str, tuple[str, ...]] = {
    "all": ("places",),
    "kinds": ("kinds", "also", "weapons", "label"),
    "whole": ("without",),
    "every": ("limit", "rank", "nth"),
}
_NOTHING = Query()
# after the token of a question that goes on with the one before: the same question by itself
_ALONE = "~"
NO_QUESTION = mark("Ask what? As in: /ask How many bombings were there in Karachi this year?")


async def ask_(services: Services, caller: Caller, text: str) -> Message:
    """Answer a question, which may refer to the last one."""
    if not text.strip():
        raise ChatError(t(NO_QUESTION))
    now, place = services.clock(), (caller.chat, caller.thread)
    before = await services.store.read(questions.last, place, now)
    found = await services.store.read(answer.answer, _context(services), text, today=now.date(), before=before)
    return await _message(services, caller, found)


async def asked(services: Services, caller: Caller, text: str) -> Message:
    """A button of an answer: the same question with another place or time, or the nearest that has an answer."""
    token, _, change = text.partition(" ")
    now, place = services.clock(), (caller.chat, caller.thread)
    alone = _ALONE if change == "alone" else ""
    query = await services.store.read(questions.get, place, token + alone)
    if query is None:
        raise ChatError(t(GONE))
    reading = Reading(query=msgspec.structs.replace(_changed(query, change, now.date()), pending=""))
    return await _message(
        services, caller, await services.store.read(answer.execute, _context(services), reading, today=now.date())
    )


def _changed(query: Query, change: str, today: date) -> Query:
    """The question with another place (``p1``; ``m0``: what a misspelt name meant) or period, or a part less."""
    if change[:1] in ("p", "m") and change[1:].isdecimal():
        return _with_place(query, change[0], int(change[1:]))
    if change in _LESS:
        return msgspec.structs.replace(query, **{name: getattr(_NOTHING, name) for name in _LESS[change]})
    periods = {
        "30d": (Period(since=today - timedelta(days=29), until=today, words="the last 30 days"),),
        "year": (Period(since=today.replace(month=1, day=1), until=today, words="this year"),),
        "any": (),
    }
    return msgspec.structs.replace(query, periods=periods[change]) if change in periods else query


def _with_place(query: Query, verb: str, number: int) -> Query:
    """The place of a button in the question: a namesake of one of its places, or what a misspelt name meant."""
    spots: list[Spot] = []
    for spot in query.places:
        offered = list(spot.options) if verb == "m" else answer.namesakes(spot)
        chosen = offered[number] if 0 <= number < len(offered) else None
        spots.append(Spot(said=spot.said, options=(chosen,)) if chosen else spot)
        number -= len(offered)
    if number >= 0:
        raise ChatError(t(GONE))
    return msgspec.structs.replace(query, places=tuple(spots))


async def _message(services: Services, caller: Caller, found: Answer) -> Message:
    """The answer as a message; stores its query for an hour."""
    if found.query is None:
        said = render.answer(found, services.names)
        return Message((*said.blocks, Block((line(t("All commands: /help")),))))
    query, token = found.query, secrets.token_urlsafe(6)
    if found.reading.trouble is Trouble.PLACE:
        what, options = found.reading.what, found.reading.meant
        meant = (Spot(said=what, options=options),) if options else ()
        query = msgspec.structs.replace(query, places=meant, pending=what)
    now, place = services.clock(), (caller.chat, caller.thread)
    if found.reading.alone is not None:
        await services.store.write(questions.put, place, token + _ALONE, found.reading.alone, now)
    await services.store.write(questions.put, place, token, query, now)
    return render.answer(found, services.names, token=token)


def _context(services: Services) -> answer.AnswerContext:
    if services.asker is None:
        raise ChatError(t("Questions can't be answered here. /help lists what there is."))
    return answer.AnswerContext(asker=services.asker, contains=services.contains, extent=services.extent)
