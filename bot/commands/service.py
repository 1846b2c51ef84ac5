"""Commands about the service itself: its sources, its state, what it keeps about a chat."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import mark, t
from bot.incidents import queries
from bot.render import lists, words
from bot.render.message import Message, bold, foreign, line, say
from bot.store import chats, source_reliability, sources
from bot.store.acknowledgements import NAMED_FOR


async def sources_(services: Services, caller: Caller, _text: str) -> Message:
    """What is read."""
    known = await services.store.read(sources.listing)
    records = await services.store.read(
        source_reliability.of, [name for state in known for name in state.source.called]
    )
    return lists.sources(known, details=caller.is_admin, records=records)


async def add_source(services: Services, _caller: Caller, text: str) -> Message:
    """Check an address and begin to read it."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError(t("One address, as in: /addsource https://news.example/feed.xml"))
    source = await services.add_source(url)
    return say(line(t("Added: "), foreign(source.url)), t("What it shows now is history; what comes next is alerted."))


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Stop reading a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError(t("That address is no source. /sources lists them."))
    return say(
        line(t("Removed: "), foreign(text.strip())),
        t("A source of the configuration file comes back at the next start."),
    )


async def status(services: Services, caller: Caller, _text: str) -> Message:
    """How the service is doing; an operator sees the problems too."""
    state = await services.store.read(queries.health, services.clock())
    rows = [
        (words.label("sources"), t("{n}, failing {failing}", n=len(state.sources), failing=len(state.failing))),
        (t("Incidents"), translate.number(state.totals.get("incidents", 0))),
        (
            t("Articles"),
            t(
                "{read} read, {waiting} waiting",
                read=state.totals.get("done", 0),
                waiting=state.totals.get("waiting", 0),
            ),
        ),
    ]
    whole = next((stage for stage in state.latency if stage.name == "published to sent"), None)
    if whole:
        said = t("half within {half}, 95 of 100 within {most}", half=_span(whole.p50), most=_span(whole.p95))
        rows.append((t("From publication to you"), said))
    unseen = translate.joined(services.names.country_name(code) for code in state.unseen)
    rows += [(t("Cannot be seen at the moment"), unseen)] if unseen else []
    if not caller.is_admin:
        return lists.table(t("Status"), rows)
    rows += [
        (t("Articles set aside"), translate.number(state.totals.get("failed", 0))),
        (t("Subscriptions"), translate.number(state.subscriptions)),
    ]
    rows += [(t(CHATS.get(name, name)), translate.number(n)) for name, n in sorted(state.chats.items())]
    rows += [(t(ALERTS.get(name, name)), translate.number(n)) for name, n in sorted(state.alerts.items())]
    rows += [(_counter(name), translate.number(n)) for name, n in state.counters.items()]
    rows += [
        (t(STAGES[stage.name]), t("{half} / {most} (50 / 95 of 100)", half=_span(stage.p50), most=_span(stage.p95)))
        for stage in state.latency
    ]
    rows += [
        (
            t("Problem {ref}", ref=one.ref),
            f"{words.clock(one.at)}: {translate.isolate(f'{one.place}: {one.what[:120]}')}",
        )
        for one in state.problems
    ]
    return lists.table(t("Status"), rows)


def _counter(name: str) -> str:
    return t(COUNTERS[name]) if name in COUNTERS else name.replace("_", " ").capitalize()


LOCATIONS = mark(
    "Of a location you share only the area of about 11 km is kept, for 30 days, and only if you subscribe to it."
)
LOCATIONS = mark(
    "Of a location you share only the area of about 11 km is kept, for 30 days, and only if you subscribe to it."
)
CHATS = {"active": mark("Chats active"), "paused": mark("Chats paused")}
ALERTS = {
    "pending": mark("Alerts pending"),
    "sending": mark("Alerts sending"),
    "unknown": mark("Alerts unknown"),
    "sent": mark("Alerts sent"),
    "failed": mark("Alerts failed"),
    "dropped": mark("Alerts dropped"),
}
COUNTERS = {
    "sent_new": mark("Sent new"),
    "sent_reply": mark("Sent reply"),
    "sent_edit": mark("Sent edit"),
    "sent_retract": mark("Sent retract"),
    "sent_notice": mark("Sent notice"),
    "unanswered": mark("Unanswered"),
    "closed_chats": mark("Closed chats"),
    "refused": mark("Refused"),
    "reads_failed": mark("Reads failed"),
    "problems": mark("Problems"),
    "damaged_rows": mark("Damaged rows"),
}
STAGES = {
    "published to read": mark("Published to read"),
    "read to decided": mark("Read to decided"),
    "decided to sent": mark("Decided to sent"),
    "published to sent": mark("Published to sent"),
}


def _span(seconds: float) -> str:
    return (
        t("{seconds} s", seconds=translate.number(seconds, 1))
        if seconds < 90
        else t("{minutes} min", minutes=round(seconds / 60))
    )


async def privacy(_services: Services, _caller: Caller, _text: str) -> Message:
    """What is kept about a chat."""
    return say(
        line(bold(t("What is kept about you"))),
        t("The number and kind of this chat, its subscriptions, which cards it was sent, what is muted."),
        t("What it has chosen (hours, digest), follows, and said is wrong."),
        t("No names and no messages: a command's words are wiped as soon as it has been answered."),
        t(
            "Who acknowledges an incident in a group is kept with number and first name for {n} days, "
            "and stands on the card.",
            n=NAMED_FOR.days,
        ),
        t("What a question was understood as is kept for an hour, so that the next can go on from it."),
        t(LOCATIONS),
        t("Nothing is passed on. /export_me gives you all of it, /forget_me deletes all of it at once."),
    )


async def forget_me(services: Services, caller: Caller, _text: str) -> Message:
    """Leave no row about this chat."""
    await services.store.write(chats.forget, caller.chat, services.clock())
    return say(t("Everything about this chat has been deleted. Nothing more will be sent."))
