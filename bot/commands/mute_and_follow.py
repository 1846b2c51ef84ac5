"""Commands about one incident in a chat: mute it or what is like it for a while, follow it or not."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.alerts import mutes
from bot.alerts.mutes import MuteScope
from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n.translate import t, tn
from bot.render import words
from bot.render.card import headline
from bot.render.message import Button, Message, line, moment, say, sentence
from bot.render.text import cut
from bot.store import Tx, cards, chats, follows, outbox
from bot.types import Alert, Reason
from extract.types import Action, Incident

SPAN_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST_MUTE = timedelta(days=90)
_SPAN = re.compile(r"(\d{1,3}) ?(h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)


async def mute(services: Services, caller: Caller, text: str) -> Message:
    """No sound for a while: of an incident, its kind, its place or its source. Messages still come."""
    parts = text.split()
    span = _SPAN.fullmatch(parts[-1]) if parts else None
    scopes = [part for part in parts[: -1 if span else None] if part in list(MuteScope)]
    named = [part for part in parts[: -1 if span else None] if part not in scopes]
    known = await find(services, caller, " ".join(named))
    if not span:
        return _mute_menu(services, known)
    length = min(int(span[1]) * SPAN_UNITS[span[2][0].lower()], LONGEST_MUTE)
    key, said = _mute_key(services, known, MuteScope(scopes[0]) if scopes else None)
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
    """Send every important change of one incident here, whatever this chat is subscribed to."""
    known = await find(services, caller, text)
    sent = await services.store.write(_follow, caller, known, services)
    said = t("Its card comes now.") if sent else t("Its card is here already.")
    return say(
        line(t("Followed: "), headline(known, services.names)),
        said,
        buttons=((Button(t("Unfollow"), "unfollow", known.id),),),
    )


async def unfollow(services: Services, caller: Caller, text: str) -> Message:
    """Stop following an incident: only the subscriptions count again."""
    known = await find(services, caller, text)
    ended = await services.store.write(follows.unfollow, caller.chat, caller.thread, known.id)
    return say(t("No longer followed.") if ended else t("That wasn't followed here."))


def _follow(tx: Tx, caller: Caller, known: Incident, services: Services) -> bool:
    """Record the follow; true if the incident's card was enqueued because the chat has none."""
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
    outbox.delete_ended(tx, alert)
    has_card = cards.get(tx, caller.chat, caller.thread, known.id) is not None
    rank = known.facts.severity.rank
    return not has_card and outbox.enqueue(tx, alert, severity=rank, why=Reason("followed"), now=now)


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


def _mute_key(services: Services, known: Incident, scope: MuteScope | None) -> tuple[str, str]:
    """The stored key of a mute and what it is called; of the incident alone if the scope does not apply to it."""
    facts = known.facts
    if scope is MuteScope.KIND:
        return mutes.key(scope, facts.kind), t("every {kind}", kind=services.names.kind(facts.kind))
    if scope is MuteScope.PLACE and facts.place is not None and facts.place.geonameid is not None:
        return mutes.key(scope, facts.place.geonameid), t(
            "everything in {place}", place=services.names.place(facts.place)
        )
    if scope is MuteScope.SOURCE and known.articles and known.articles[0].source:
        source = known.articles[0].source.casefold()
        return mutes.key(scope, source), t("what only {source} tells", source=source)
    return known.id, t("this incident")
