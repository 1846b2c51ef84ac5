"""Which commands and buttons are there, for chats and the terminal alike?

A handler gets the services, the caller and the words after the command, and returns the message to render. The folder
has more than 15 modules because each holds the commands of one subject, so that none grows into a list of handlers.
"""

from __future__ import annotations

import msgspec

from bot.commands import (
    acknowledge,
    browse,
    calibration,
    charts,
    corrections,
    explain,
    feedback,
    language,
    location,
    maps,
    mute_and_follow,
    notifications,
    onboarding,
    privacy,
    questions,
    sharing,
    sources,
    status,
    subscribing,
)
from bot.commands.base import Caller, Command, Handler, Permission, Services
from bot.commands.onboarding import NOT_EMERGENCY, around
from bot.commands.subscribing import ASK_NAME, ASK_PLACE
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.render.message import Line, Message, foreign, italic, line, say
from bot.store import cards, chats, counters


async def help_(_services: Services, caller: Caller, _text: str) -> Message:
    """The commands that this caller may use."""
    usable = [one for one in COMMANDS.values() if one.permission is not Permission.ADMIN or caller.is_admin]
    lines = [line(foreign(one.usage), f": {t(one.help)}") for one in usable]
    return say(*(_bold_first(made) for made in lines), line(italic(t(NOT_EMERGENCY))))


def _bold_first(made: Line) -> Line:
    first, *rest = made
    return (msgspec.structs.replace(first, bold=True), *rest)


COMMANDS = {
    one.name: one
    for one in (
        Command(name="start", args="", help="what this is, and the first step", handle=onboarding.start),
        Command(name="help", args="", help="all commands", handle=help_),
        Command(
            name="subscribe",
            args="PLACE [50km] [kind] [severe] [+word] [-word] [called NAME]",
            help="be told about incidents in a place",
            handle=subscribing.subscribe_,
            permission=Permission.MANAGER,
        ),
        Command(
            name="subs", args="[name, place or number]", help="this chat's subscriptions", handle=subscribing.subs_
        ),
        Command(
            name="unsubscribe",
            args="[name, place or number]",
            help="end a subscription",
            handle=subscribing.unsubscribe_,
            permission=Permission.MANAGER,
        ),
        Command(
            name="rename",
            args="[number or name] NAME",
            help="what a subscription is called",
            handle=subscribing.rename,
            permission=Permission.MANAGER,
        ),
        Command(
            name="quiet",
            args="[22:00-07:00 [ZONE] or off]",
            help="hours without a sound",
            handle=notifications.quiet,
            permission=Permission.MANAGER,
        ),
        Command(
            name="digest",
            args="[hourly, daily 08:00, weekly mon 08:00, off or now]",
            help="gather what isn't severe into one message",
            handle=notifications.digest,
            permission=Permission.MANAGER,
        ),
        Command(
            name="mute",
            args="ID [kind, place or source] [24h]",
            help="no sound about something for a while",
            handle=mute_and_follow.mute,
            permission=Permission.MANAGER,
        ),
        Command(
            name="unmute",
            args="",
            help="end all mutes here",
            handle=mute_and_follow.unmute,
            permission=Permission.MANAGER,
        ),
        Command(
            name="follow",
            args="ID",
            help="be told all about an incident",
            handle=mute_and_follow.follow,
            permission=Permission.MANAGER,
        ),
        Command(
            name="unfollow", args="ID", help="no longer", handle=mute_and_follow.unfollow, permission=Permission.MANAGER
        ),
        Command(
            name="ack",
            args="ID [off]",
            help="acknowledge an incident: no more sound unless it gets worse",
            handle=acknowledge.acknowledge,
            permission=Permission.MEMBER,
        ),
        Command(name="missed", args="", help="what was held back here, and why", handle=explain.missed),
        Command(
            name="maps",
            args="[severe, extreme or off]",
            help="a map with every card as severe as that",
            handle=maps.maps,
            permission=Permission.MANAGER,
        ),
        Command(name="settings", args="", help="what this chat has chosen", handle=notifications.settings),
        Command(
            name="lang",
            args="[LANGUAGE]",
            help="the language that I speak here",
            handle=language.lang,
            permission=Permission.MANAGER,
        ),
        Command(name="ask", args="QUESTION", help="any question in plain words", handle=questions.ask_),
        Command(name="latest", args="[place or kind]", help="the newest incidents", handle=browse.latest),
        Command(name="near", args="PLACE [50km]", help="incidents around a place", handle=browse.near),
        Command(name="search", args="WORDS", help="incidents by words, place and kind", handle=browse.search),
        Command(name="incident", args="ID", help="one incident's card", handle=browse.incident),
        Command(name="map", args="[ID, or place or kind]", help="where it happened", handle=maps.map_),
        Command(
            name="stats",
            args="[place or kind] [30d, 12w or 12m]",
            help="how many, and is that usual",
            handle=charts.stats_,
        ),
        Command(name="evidence", args="ID", help="the quotes behind each fact", handle=browse.evidence_),
        Command(name="why", args="ID", help="how an incident's record came about", handle=browse.why),
        Command(name="whynot", args="ID or link", help="why it did or didn't come here", handle=explain.whynot),
        Command(name="wrong", args="ID [WORDS]", help="say that something is wrong with it", handle=feedback.wrong),
        Command(name="asof", args="TIME [ID or words]", help="what was known at a time", handle=browse.as_of),
        Command(name="export", args="FORMAT [words]", help="incidents as a file", handle=browse.export),
        Command(name="sources", args="[NAME or opml]", help="what is read, and who owns it", handle=sources.sources_),
        Command(
            name="addsource",
            args="URL",
            help="find the feeds of a page, see what one would have told, and read it",
            handle=sources.add_source,
            permission=Permission.ADMIN,
        ),
        Command(
            name="rmsource",
            args="URL",
            help="stop reading a feed",
            handle=sources.remove_source,
            permission=Permission.ADMIN,
        ),
        Command(
            name="feedback",
            args="",
            help="what people say is wrong",
            handle=feedback.remarks,
            permission=Permission.ADMIN,
        ),
        Command(
            name="merge",
            args="ID ID",
            help="two records are one incident",
            handle=corrections.merge,
            permission=Permission.ADMIN,
        ),
        Command(
            name="split",
            args="ID [NUMBERS]",
            help="some of its articles are another incident",
            handle=corrections.split,
            permission=Permission.ADMIN,
        ),
        Command(
            name="retract",
            args="ID",
            help="take an incident back",
            handle=corrections.retract,
            permission=Permission.ADMIN,
        ),
        Command(
            name="undo",
            args="",
            help="undo the last merge, split or retract",
            handle=corrections.undo,
            permission=Permission.ADMIN,
        ),
        Command(
            name="calibration",
            args="[90d]",
            help="how often what I am certain of stands",
            handle=calibration.calibration_,
        ),
        Command(name="status", args="", help="how the service is doing", handle=status.status),
        Command(name="privacy", args="", help="what is kept about you", handle=privacy.privacy),
        Command(
            name="for",
            args="@CHANNEL COMMAND",
            help="give a command for a channel or group that you administer",
            handle=onboarding.elsewhere,
        ),
        Command(name="share", args="[ID or number]", help="a link to an incident or a filter", handle=sharing.share),
        Command(
            name="export_me",
            args="",
            help="everything kept about this chat, as a file",
            handle=privacy.export_me,
            permission=Permission.MANAGER,
        ),
        Command(
            name="forget_me",
            args="[yes]",
            help="delete everything about this chat, after asking once",
            handle=privacy.forget_me,
            permission=Permission.MANAGER,
        ),
    )
}
# the button's verb -> what a tap on it does
TAPS = {
    one.name: one
    for one in (
        Command(name="ev", args="", help="", handle=browse.evidence_),
        Command(name="map", args="", help="", handle=maps.map_),
        Command(name="why", args="", help="", handle=browse.why),
        Command(name="card", args="", help="", handle=browse.incident),
        Command(name="asked", args="", help="", handle=questions.asked),
        Command(name="lang", args="", help="", handle=language.lang, permission=Permission.MANAGER),
        Command(name="subs", args="", help="", handle=subscribing.subs),
        Command(name="mute", args="", help="", handle=mute_and_follow.mute, permission=Permission.MANAGER),
        Command(name="follow", args="", help="", handle=mute_and_follow.follow, permission=Permission.MANAGER),
        Command(name="unfollow", args="", help="", handle=mute_and_follow.unfollow, permission=Permission.MANAGER),
        Command(name="ack", args="", help="", handle=acknowledge.acknowledge, permission=Permission.MEMBER),
        Command(name="wrong", args="", help="", handle=feedback.wrong),
        Command(name="maps", args="", help="", handle=maps.maps, permission=Permission.MANAGER),
        Command(name="say", args="", help="", handle=feedback.wrong),
        Command(name="sub", args="", help="", handle=subscribing.one, permission=Permission.MANAGER),
        Command(name="unsub", args="", help="", handle=subscribing.end_subscription, permission=Permission.MANAGER),
        Command(name="split", args="", help="", handle=corrections.split_off, permission=Permission.ADMIN),
        Command(name="undo", args="", help="", handle=corrections.undo, permission=Permission.ADMIN),
        Command(name="forget", args="", help="", handle=privacy.forget_me, permission=Permission.MANAGER),
        Command(name="page", args="", help="", handle=browse.page),
        Command(name="quiet", args="", help="", handle=notifications.quiet, permission=Permission.MANAGER),
        Command(name="digest", args="", help="", handle=notifications.digest, permission=Permission.MANAGER),
        Command(name="here", args="", help="", handle=location.here),
        Command(name="cell", args="", help="", handle=onboarding.cell, permission=Permission.MANAGER),
        Command(name="countries", args="", help="", handle=onboarding.countries),
        Command(name="country", args="", help="", handle=onboarding.country, permission=Permission.MANAGER),
        Command(name="example", args="", help="", handle=onboarding.example),
        Command(name="pick", args="", help="", handle=subscribing.pick, permission=Permission.MANAGER),
        Command(name="src", args="", help="", handle=sources.tapped, permission=Permission.ADMIN),
    )
}
_REFUSALS = {
    Permission.MEMBER: mark("Only members of this chat may do that; in a channel, its administrators."),
    Permission.MANAGER: mark("Only this chat's administrators may do that."),
    Permission.ADMIN: sources.ONLY_ADMINS,
}


async def answer(services: Services, caller: Caller, command: Command, text: str) -> Message:
    """The answer to a command.

    Raises:
        ChatError: the caller may not use it, or it can't be carried out; the text is for the person.
    """
    allowed = {
        Permission.ANYONE: True,
        Permission.MEMBER: caller.is_member,
        Permission.MANAGER: caller.is_manager,
        Permission.ADMIN: caller.is_admin,
    }
    if not allowed[command.permission]:
        raise ChatError(t(_REFUSALS[command.permission]))
    return await command.handle(services, caller, text)


async def answer_file(services: Services, caller: Caller, body: bytes) -> Message:
    """The answer to a file that somebody sends: a list of feeds in OPML.

    Raises:
        ChatError: the caller may not add sources, or it can't be read; the text is for the person.
    """
    return await sources.add_list(services, caller, body)


async def meet(services: Services, caller: Caller) -> Caller:
    """Store the caller's chat, so that messages can be sent to it; returns the caller."""
    await services.store.write(chats.touch, caller.chat, caller.kind, services.clock())
    return caller


async def report_bug(services: Services, place: str, error: Exception, ref: str) -> None:
    """Record an unexpected error under the reference that the person was given."""
    await services.store.write(counters.problem, ref, place, type(error).__name__, services.clock())


async def card_of_message(services: Services, chat: int, message_id: int) -> str:
    """The incident whose card a message is; empty if it is no card."""
    known = await services.store.read(cards.by_message, chat, message_id)
    return known.incident if known else ""


__all__ = [
    "ASK_NAME",
    "ASK_PLACE",
    "COMMANDS",
    "TAPS",
    "Caller",
    "Command",
    "Handler",
    "Permission",
    "Services",
    "answer",
    "answer_file",
    "around",
    "card_of_message",
    "meet",
    "report_bug",
]
