"""Commands about the service itself: its sources, its state, what it keeps about a chat."""

from __future__ import annotations

from bot import queries
from bot.commands.base import Caller, Services
from bot.errors import ChatError
from bot.render import lists, words
from bot.render.message import Message, bold, line, say
from bot.store import chats, sources


async def sources_(services: Services, caller: Caller, _text: str) -> Message:
    """What is read."""
    return lists.sources(await services.store.read(sources.listing), details=caller.is_admin)


async def add_source(services: Services, _caller: Caller, text: str) -> Message:
    """Check an address and begin to read it."""
    url = text.strip()
    if not url or " " in url:
        raise ChatError("One address, as in: /addsource https://news.example/feed.xml")
    source = await services.add_source(url)
    return say(line("Added: ", source.url), "What it shows now is history; what comes next is alerted.")


async def remove_source(services: Services, _caller: Caller, text: str) -> Message:
    """Stop reading a source."""
    if not await services.store.write(sources.remove, text.strip()):
        raise ChatError("That address is no source. /sources lists them.")
    return say(f"Removed: {text.strip()}", "A source of the configuration file comes back at the next start.")


async def status(services: Services, caller: Caller, _text: str) -> Message:
    """How the service is doing; an operator sees the problems too."""
    state = await services.store.read(queries.health, services.clock())
    rows = [
        ("Sources", f"{len(state.sources)}, failing {len(state.failing)}"),
        ("Incidents", str(state.totals.get("incidents", 0))),
        ("Articles", f"{state.totals.get('done', 0)} read, {state.totals.get('waiting', 0)} waiting"),
    ]
    whole = next((stage for stage in state.latency if stage.name == "published to sent"), None)
    if whole:
        rows.append(("From publication to you", f"half within {_span(whole.p50)}, 95 of 100 within {_span(whole.p95)}"))
    unseen = ", ".join(services.names.country(code) or code for code in state.unseen)
    rows += [("Cannot be seen at the moment", unseen)] if unseen else []
    if not caller.is_admin:
        return lists.table("Status", rows)
    rows += [("Articles set aside", str(state.totals.get("failed", 0))), ("Subscriptions", str(state.subscriptions))]
    rows += [(f"Chats {name}", str(n)) for name, n in sorted(state.chats.items())]
    rows += [(f"Alerts {name}", str(n)) for name, n in sorted(state.alerts.items())]
    rows += [(name.replace("_", " ").capitalize(), str(n)) for name, n in state.counters.items()]
    rows += [
        (stage.name.capitalize(), f"{_span(stage.p50)} / {_span(stage.p95)} (50 / 95 of 100)")
        for stage in state.latency
    ]
    rows += [(f"Problem {one.ref}", f"{words.clock(one.at)}: {one.place}: {one.what[:120]}") for one in state.problems]
    return lists.table("Status", rows)


def _span(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


async def privacy(_services: Services, _caller: Caller, _text: str) -> Message:
    """What is kept about a chat."""
    return say(
        line(bold("What is kept about you")),
        "The number and kind of this chat, its subscriptions, which cards it was sent, what is muted.",
        "What it has chosen (hours, digest), follows, and said is wrong.",
        "No names and no messages: a command's words are wiped as soon as it has been answered.",
        "What a question was understood as is kept for an hour, so that the next can go on from it.",
        "Of a location you share only the area of about 11 km is kept, for 30 days, and only if you subscribe to it.",
        "Nothing is passed on. /export_me gives you all of it, /forget_me deletes all of it at once.",
    )


async def forget_me(services: Services, caller: Caller, _text: str) -> Message:
    """Leave no row about this chat."""
    await services.store.write(chats.forget, caller.chat)
    return say("Everything about this chat has been deleted. Nothing more will be sent.")
