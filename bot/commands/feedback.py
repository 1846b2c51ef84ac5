"""Commands about errors in records: a chat reports one, the administrators read what was reported."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n.translate import mark, t
from bot.render.card import headline
from bot.render.message import Button, Message, Span, bold, code, foreign, line, moment, say
from bot.store import follows
from bot.types import Feedback

WRONG = {
    "place": mark("The place is wrong"),
    "count": mark("A number is wrong"),
    "twice": mark("It is the same as another one"),
    "none": mark("It is no incident, or an old one"),
}


async def wrong(services: Services, caller: Caller, text: str) -> Message:
    """Store what somebody says is wrong with an incident; the service's administrators see it."""
    first, _, rest = text.partition(" ")
    known = await find(services, caller, caller.card or first)
    what = (text if caller.card else rest).strip()
    if not what:
        rows = tuple((Button(t(label), "say", f"{known.id} {slug}"),) for slug, label in WRONG.items())
        return say(line(t("What is wrong with it? "), headline(known, services.names)), buttons=rows)
    note = WRONG.get(what, what)[:300]
    remark = Feedback(incident=known.id, version=known.version, what=note, at=services.clock())
    await services.store.write(follows.add_feedback, caller.chat, remark)
    return say(t("Thank you: it has been noted for the people who run this service."))


async def remarks(services: Services, _caller: Caller, _text: str) -> Message:
    """What people said is wrong, newest first."""
    found = await services.store.read(follows.latest_feedback)
    rows = [
        line(moment(one.at), " · ", _remark(one.what), " · ", code(one.incident), f" v{one.version}") for one in found
    ]
    return say(line(bold(t("Feedback"))), *(rows or [line(t("None yet."))]))


def _remark(what: str) -> Span:
    """A remark as a span: translated if a button offers it, else somebody's own words."""
    return Span(t(what)) if what in WRONG.values() else foreign(what)
