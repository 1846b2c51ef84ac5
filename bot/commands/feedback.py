"""Commands about errors in records: a chat reports one, the administrators read what was reported."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n.translate import mark, t
from bot.incidents import split_proposals
from bot.render import words
from bot.render.card import headline, title_link
from bot.render.message import Button, Message, Span, bold, code, foreign, line, moment, say
from bot.render.text import cut
from bot.store import follows
from bot.types import Feedback
from extract.types import ArticleRef, Incident

WRONG = {
    "place": mark("The place is wrong"),
    "count": mark("A number is wrong"),
    "twice": mark("It is the same as another one"),
    "apart": mark("Not the same: it mixes two incidents"),
    "none": mark("It is no incident, or an old one"),
}
MOST_ARTICLES = 10
LABEL_UNITS = 60


async def wrong(services: Services, caller: Caller, text: str) -> Message:
    """Store what somebody says is wrong with an incident; the service's administrators see it."""
    first, _, rest = text.partition(" ")
    known = await find(services, caller, caller.card or first)
    what = (text if caller.card else rest).strip()
    if not what:
        rows = tuple((Button(t(label), "say", f"{known.id} {slug}"),) for slug, label in WRONG.items())
        return say(line(t("What is wrong with it? "), headline(known, services.names)), buttons=rows)
    slug, _, key = what.partition(" ")
    if slug == "apart" and len(known.articles) > 1:
        return await _apart(services, caller, known, key)
    note = WRONG.get(what, what)[:300]
    remark = Feedback(incident=known.id, version=known.version, what=note, at=services.clock())
    await services.store.write(follows.add_feedback, caller.chat, remark)
    return say(t("Thank you: it has been noted for the people who run this service."))


async def _apart(services: Services, caller: Caller, known: Incident, key: str) -> Message:
    """Which article is another incident? With the article's key store that, and perhaps propose a split."""
    article = split_proposals.article_of(known, key)
    if article is None:
        rows = tuple((_choice(one, known),) for one in known.articles[-MOST_ARTICLES:])
        return say(line(t("Which article is about another incident? "), headline(known, services.names)), buttons=rows)
    proposed = await services.store.write(
        split_proposals.report_apart,
        caller.chat,
        known,
        article,
        admins=services.admins,
        names=services.names,
        now=services.clock(),
    )
    thanks = t("Thank you: it has been noted for the people who run this service.")
    return say(thanks, t("Others said so too: they are asked to split it.")) if proposed else say(thanks)


def _choice(article: ArticleRef, known: Incident) -> Button:
    title = title_link(article, known)
    label = " · ".join(part for part in (words.outlet(article), title.text if title else "") if part)
    return Button(cut(label, LABEL_UNITS), "say", f"{known.id} apart {split_proposals.article_key(article)}")


async def remarks(services: Services, _caller: Caller, _text: str) -> Message:
    """What people said is wrong, newest first."""
    found = await services.store.read(follows.latest_feedback)
    rows = [
        line(moment(one.at), " · ", _remark(one.what), " · ", code(one.incident), f" v{one.version}") for one in found
    ]
    return say(line(bold(t("Feedback"))), *(rows or [line(t("None yet."))]))


def _remark(what: str) -> Span:
    """A remark as a span: translated if a button offers it, else somebody's own words."""
    if what.startswith(split_proposals.APART):
        return foreign(f"{t(WRONG['apart'])}: {what.removeprefix(split_proposals.APART)}")
    return Span(t(what)) if what in WRONG.values() else foreign(what)
