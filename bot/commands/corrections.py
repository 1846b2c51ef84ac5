"""Commands that correct records: merge, split, retract, undo. For the service's administrators."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.incidents import corrections, split_proposals
from bot.incidents.ingest import random_id
from bot.render import words
from bot.render.card import headline
from bot.render.message import Button, Line, Message, bold, code, foreign, line, link, say
from bot.types import Amendment
from extract.types import Incident

MOST_LISTED = 40
DONE = {
    "merge": mark("Undone: the merge of {time}."),
    "split": mark("Undone: the split of {time}."),
    "retract": mark("Undone: the retraction of {time}."),
}


async def merge(services: Services, caller: Caller, text: str) -> Message:
    """Merge two records of one incident; the first one stays, or that of the card replied to."""
    names = [*([caller.card] if caller.card else []), *text.split()]
    if len(names) != 2:
        raise ChatError(t("Which two? The first stays, as in: /merge 3kx9m2pa 7hq4wz8c"))
    done = await services.store.write(corrections.merge, names[0], names[1], now=services.clock(), rules=services.rules)
    return _said(services, await _now(services, done), t("Merged. Cards of both now show this:"), done)


async def split(services: Services, caller: Caller, text: str) -> Message:
    """Move the articles of these numbers into a record of their own; without numbers, list the articles."""
    first, _, rest = (f"{caller.card} {text}" if caller.card else text).partition(" ")
    known = await find(services, caller, first)
    articles = known.articles[:MOST_LISTED]
    if not rest.strip():
        lines = [
            line(f"{number}. ", link(words.outlet(one), one.url), " · ", foreign(one.title))
            for number, one in enumerate(articles, 1)
        ]
        return say(line(bold(t("Which of these are another incident?"))), *lines, line(code(f"/split {known.id} 2 3")))
    numbers = rest.replace(",", " ").split()
    if not all(number.isdecimal() and 1 <= int(number) <= len(articles) for number in numbers):
        raise ChatError(t("By number, from 1 to {n}: /split {id} lists them.", n=len(articles), id=known.id))
    leaving = [articles[int(number) - 1].id for number in numbers]
    return await _split(services, known, leaving)


async def split_off(services: Services, _caller: Caller, text: str) -> Message:
    """A button of a proposal: split off the article of this key."""
    name, _, key = text.partition(" ")
    known = await find(services, Caller(chat=0), name)
    article = split_proposals.article_of(known, key)
    if article is None:
        raise ChatError(t("That article is no longer part of this incident."))
    return await _split(services, known, [article.id])


async def _split(services: Services, known: Incident, leaving: Sequence[str]) -> Message:
    """Split a record, and say what stayed and what is an incident of its own now."""
    done = await services.store.write(
        corrections.split, known.id, leaving, now=services.clock(), new_id=random_id, rules=services.rules
    )
    kept = _said(services, await _now(services, done), t("Split. What stayed:"), done)
    part = await find(services, Caller(chat=0), done.other)
    both = (*kept.blocks[0].lines, line(t("What is now an incident of its own:")), _line(services, part))
    return say(*both, buttons=_undo(done))


async def retract(services: Services, caller: Caller, text: str) -> Message:
    """Retract a record; chats that have its card are told."""
    known = await find(services, caller, text)
    done = await services.store.write(corrections.retract, known.id, now=services.clock(), rules=services.rules)
    return _said(services, await _now(services, done), t("Taken back. Whoever was told of it is told so:"), done)


async def undo(services: Services, _caller: Caller, text: str) -> Message:
    """Undo the newest merge, split or retraction that has not been undone."""
    number = int(text) if text.isdecimal() else None
    done = await services.store.write(corrections.undo, now=services.clock(), rules=services.rules, number=number)
    told = _said(services, await _now(services, done), t(DONE[done.action], time=words.clock(done.at)), done)
    return say(*told.blocks[0].lines)


async def _now(services: Services, done: Amendment) -> Incident:
    return await find(services, Caller(chat=0), done.incident)


def _said(services: Services, incident: Incident, what: str, done: Amendment) -> Message:
    return say(line(bold(what)), _line(services, incident), buttons=_undo(done))


def _undo(done: Amendment) -> tuple[tuple[Button, ...], ...]:
    """The button that undoes just this correction."""
    return ((Button(t("Undo"), "undo", str(done.id)),),)


def _line(services: Services, incident: Incident) -> Line:
    return line(headline(incident, services.names), " · ", code(incident.id))
