"""Commands about one incident in this chat: no sound about it for a while, or all its news."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n.translate import t, tn
from bot.render import words
from bot.render.card import headline
from bot.render.message import Button, Message, line, moment, say, sentence
from bot.render.text import cut
from bot.store import Tx, cards, chats, follows, outbox
from bot.types import Alert
from extract.types import Action, Incident

HOLDS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST_MUTE = timedelta(days=90)
_SPAN = re.compile(r"(\d{1,3}) ?(h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)


async def mute(services: Services, caller: Caller, text: str) -> Message:
    """No sound for a while: of an incident, its kind, its place or its source. Messages still come."""
    parts = text.split()
    span = _SPAN.fullmatch(parts[-1]) if parts else None
    what = [part for part in parts[: -1 if span else None] if part in ("kind", "place", "source")]
    named = [part for part in parts[: -1 if span else None] if part not in what]
    known = await find(services, caller, " ".join(named))
    if not span:
        return _mute_menu(services, known)
    length = min(int(span[1]) * HOLDS[span[2][0].lower()], LONGEST_MUTE)
    key, said = _mute_key(services, known, what[0] if what else "")
    until = services.clock() + length
    await services.store.write(chats.mute, caller.chat, caller.thread, key, until=until)
    return say(
        sentence("Muted until {at}: {what}. Its messages still come, without a sound.", at=moment(until), what=said)
    )


async def unmute(services: Services, caller: Caller, _text: str) -> Message:
    """End all mutes here."""
    ended = await services.store.write(chats.unmute, caller.chat, caller.thread)
    return say(tn("Ended: {n} mute.", "Ended: {n} mutes.", ended) if ended else t("Nothing is muted here."))


async def follow(services: Services, caller: Caller, text: str) -> Message:
    """Be told everything that matters about one incident, whatever this chat is subscribed to."""
    known = await find(services, caller, text)
    sent = await services.store.write(_follow, caller, known, services)
    said = t("Its card comes now.") if sent else t("Its card is here already.")
    return say(
        line(t("Followed: "), headline(known, services.names)),
        said,
        buttons=((Button(t("Unfollow"), "unfollow", known.id),),),
    )


async def unfollow(services: Services, caller: Caller, text: str) -> Message:
    """No more about an incident than this chat's subscriptions ask for."""
    known = await find(services, caller, text)
    ended = await services.store.write(follows.unfollow, caller.chat, caller.thread, known.id)
    return say(t("No longer followed.") if ended else t("That wasn't followed here."))


def _follow(tx: Tx, caller: Caller, known: Incident, services: Services) -> bool:
    """Keep that it is followed; whether its card has to be sent."""
    follows.follow(tx, caller.chat, caller.thread, known.id)
    alert = Alert(
        id=0,
        chat=caller.chat,
        thread=caller.thread,
        incident=known.id,
        version=known.version,
        action=Action.NEW,
        silent=True,
    )
    now = services.clock()
    outbox.forget_ended(tx, alert)
    has_card = cards.get(tx, caller.chat, caller.thread, known.id) is not None
    return not has_card and outbox.enqueue(tx, alert, severity=known.facts.severity.rank, why="followed", now=now)


def _mute_menu(services: Services, known: Incident) -> Message:
    kind = services.names.kind(known.facts.kind)
    options = [
        (t("This incident, 24 h"), "24h"),
        (t("This incident, a week"), "1w"),
        (t("Every {kind}, 24 h", kind=kind), "kind 24h"),
    ]
    if known.facts.place is not None and known.facts.place.geonameid is not None:
        options.append((t("All of {place}, 24 h", place=known.facts.place.name), "place 24h"))
    if len({article.source for article in known.articles}) == 1 and known.articles[0].source:
        options.append((t("Only told by {source}, 24 h", source=words.outlet(known.articles[0])), "source 24h"))
    rows = tuple((Button(cut(label, 60), "mute", f"{known.id} {arg}"),) for label, arg in options)
    return say(t("No sound about what? Its messages still come."), buttons=rows)


def _mute_key(services: Services, known: Incident, what: str) -> tuple[str, str]:
    facts = known.facts
    if what == "kind":
        return f"kind:{facts.kind}", t("every {kind}", kind=services.names.kind(facts.kind))
    if what == "place" and facts.place is not None and facts.place.geonameid is not None:
        return f"place:{facts.place.geonameid}", t("everything in {place}", place=services.names.place(facts.place))
    if what == "source" and known.articles and known.articles[0].source:
        source = known.articles[0].source.casefold()
        return f"source:{source}", t("what only {source} tells", source=source)
    return known.id, t("this incident")
