"""Commands about when and how a chat is told: quiet hours, digests, mutes, following, and what was held back."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import available_timezones

import msgspec

from bot import hours, rounds
from bot.commands.base import Caller, Services
from bot.commands.look import find
from bot.errors import ChatError
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Button, Line, Message, bold, code, line, say
from bot.route import matches
from bot.store import Tx, alerts, cards, chats, follows, held, incidents, preferences, subscriptions
from bot.types import Alert, HeldFor, Preferences, Remark, Rhythm
from extract.types import Action, Incident

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLDS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST_MUTE = timedelta(days=90)
HELD_WORDS = {
    HeldFor.DIGEST: "waits for your digest",
    HeldFor.BUDGET: "over your limit a day",
    HeldFor.QUIET: "came without a sound in your quiet hours",
}
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
_SPAN = re.compile(r"(\d{1,3}) ?(h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)


async def quiet(services: Services, caller: Caller, text: str) -> Message:
    """Quiet hours: nothing but what is extreme makes a sound, and a summary comes when they end."""
    chosen = await _chosen(services, caller)
    if not text:
        now = f"Quiet hours: {_quiet_words(chosen)}."
        return say(now, line("Set them: ", code("/quiet 22:00-07:00"), " · end them: ", code("/quiet off")))
    if text.casefold() == "off":
        await _keep(services, caller, msgspec.structs.replace(chosen, quiet=None))
        return say("Quiet hours are off.")
    span, _, zone = text.partition(" ")
    start, dash, end = span.replace("–", "-").partition("-")
    if not dash or _clock(start) == _clock(end):
        raise ChatError("From when until when? As in: /quiet 22:00-07:00 or /quiet 22:00-07:00 Asia/Karachi")
    chosen = msgspec.structs.replace(
        chosen, quiet=(_clock(start), _clock(end)), zone=await _zone(services, caller, zone)
    )
    await _keep(services, caller, chosen)
    return say(
        line(bold(f"Quiet from {_quiet_words(chosen)}.")),
        "Messages still come, without a sound; only what is extreme makes one. A summary comes when they end.",
        line("Another time zone? As in: ", code("/quiet 22:00-07:00 Europe/Berlin")),
    )


async def digest(services: Services, caller: Caller, text: str) -> Message:
    """Gather what isn't severe into one message: hourly, daily or weekly; or show what has been gathered."""
    chosen = await _chosen(services, caller)
    word, _, rest = text.casefold().partition(" ")
    if word in ("", "now"):
        if word == "now":
            return await _digest_now(services, caller)
        said = f"Digest: {_digest_words(chosen)}."
        how = line(code("/digest daily 08:00"), " · ", code("/digest weekly mon 08:00"), " · ", code("/digest off"))
        return say(said, how, line("What there is so far: ", code("/digest now")))
    if word == "off":
        chosen = msgspec.structs.replace(chosen, digest=Rhythm.AT_ONCE)
    elif word in (Rhythm.HOURLY, Rhythm.DAILY, Rhythm.WEEKLY):
        chosen = await _with_digest(services, caller, chosen, Rhythm(word), rest)
    else:
        raise ChatError("How often? As in: /digest hourly, /digest daily 08:00, /digest weekly mon 08:00, /digest off")
    await _keep(services, caller, chosen)
    return say(f"Digest: {_digest_words(chosen)}.", "What is severe or worse still comes at once.")


async def _digest_now(services: Services, caller: Caller) -> Message:
    """What has been gathered, else what this chat's subscriptions ask for of the last day."""
    found = await services.store.read(rounds.gathered, caller.chat, caller.thread, services.names)
    if found:
        return found
    now = services.clock()
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    known = await services.store.read(incidents.latest, since=now - timedelta(days=1), limit=2000)
    asked = [one for one in known if any(matches(one, wish, holds=services.holds, now=now).yes for wish in mine)]
    if not asked:
        return say("Nothing in the last 24 hours that this chat asks for.")
    asked.sort(key=lambda one: (-one.facts.severity.rank, one.first_seen))
    return lists.digest("The last 24 hours", asked[: rounds.PAGE], len(asked), services.names)


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
    return say(f"Muted until {words.clock(until)}: {said}. Its messages still come, without a sound.")


async def unmute(services: Services, caller: Caller, _text: str) -> Message:
    """End all mutes here."""
    ended = await services.store.write(chats.unmute, caller.chat, caller.thread)
    return say(f"Ended: {words.plural(ended, 'mute')}." if ended else "Nothing is muted here.")


async def follow(services: Services, caller: Caller, text: str) -> Message:
    """Be told everything that matters about one incident, whatever this chat is subscribed to."""
    known = await find(services, caller, text)
    sent = await services.store.write(_follow, caller, known, services)
    said = "Its card comes now." if sent else "Its card is here already."
    return say(
        line("Followed: ", headline(known, services.names)),
        said,
        buttons=((Button("Unfollow", "unfollow", known.id),),),
    )


async def unfollow(services: Services, caller: Caller, text: str) -> Message:
    """No more about an incident than this chat's subscriptions ask for."""
    known = await find(services, caller, text)
    ended = await services.store.write(follows.unfollow, caller.chat, caller.thread, known.id)
    return say("No longer followed." if ended else "That wasn't followed here.")


async def missed(services: Services, caller: Caller, _text: str) -> Message:
    """What this chat asked for and wasn't told at once, or only without a sound, and why."""
    kept = (await services.store.read(held.of, caller.chat, caller.thread))[-MOST_MISSED:]
    if not kept:
        return say("Nothing has been held back: what this chat asked for has come.")
    lines: list[Line] = [line(bold(f"Held back here: {words.plural(len(kept), 'incident')}"))]
    for one in kept[::-1]:
        known = await services.store.read(incidents.resolve, one.incident)
        if known is not None:
            what = headline(known, services.names)
            lines.append(line(f"{words.clock(one.at)} · {what} · {HELD_WORDS[one.why]} · ", code(known.id)))
    return say(*lines)


async def whynot(services: Services, caller: Caller, text: str) -> Message:
    """Why an incident did or didn't come here: each subscription's word on it, and what was sent."""
    known = await find(services, caller, text, articles_too=True)
    now = services.clock()
    lines: list[Line] = [line(bold("Here · "), headline(known, services.names))]
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    for one in mine:
        match = matches(known, one, holds=services.holds, now=now)
        verdict = "asks for it" if match.yes else "doesn't"
        lines.append(line(f"{lists.subscription(one, services.names)}: ", bold(verdict), f", {match.why}"))
    if not mine:
        lines.append(line("This chat has no subscriptions: /subscribe begins."))
    kept = await services.store.read(held.of, caller.chat, caller.thread)
    lines += [line(f"Held: {HELD_WORDS[one.why]}, {words.clock(one.at)}") for one in kept if one.incident == known.id]
    sent = await services.store.read(alerts.of_chat, caller.chat, caller.thread, known.id)
    lines += [line(f"{words.clock(at)} · {action}: {state}, {why}") for action, state, why, at in sent[-MOST_ALERTS:]]
    if not sent:
        decided = await services.store.read(incidents.decisions, incident=known.id)
        notes = dict.fromkeys(record.note for record in decided if record.note)
        lines += [line(f"Nobody was told: {note}") for note in notes]
        lines += [] if notes else [line("Nothing about it was sent here.")]
    return say(*lines)


async def wrong(services: Services, caller: Caller, text: str) -> Message:
    """Say that something about an incident is wrong; the service's administrators see it."""
    first, _, rest = text.partition(" ")
    known = await find(services, caller, caller.card or first)
    what = (text if caller.card else rest).strip()
    if not what:
        rows = tuple((Button(label, "say", f"{known.id} {slug}"),) for slug, label in WRONG.items())
        return say(line("What is wrong with it? ", headline(known, services.names)), buttons=rows)
    note = WRONG.get(what, what)[:300]
    remark = Remark(incident=known.id, version=known.version, what=note, at=services.clock())
    await services.store.write(follows.remark, caller.chat, remark)
    return say("Thank you: it has been noted for the people who run this service.")


async def remarks(services: Services, _caller: Caller, _text: str) -> Message:
    """What people say is wrong, newest first."""
    found = await services.store.read(follows.remarks)
    rows = [line(f"{words.clock(one.at)} · {one.what} · ", code(one.incident), f" v{one.version}") for one in found]
    return say(line(bold("Feedback")), *(rows or [line("None yet.")]))


async def settings(services: Services, caller: Caller, _text: str) -> Message:
    """Everything this chat has chosen."""
    chosen = await _chosen(services, caller)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    muted = await services.store.read(chats.mutes, caller.chat, caller.thread, services.clock())
    rows = [
        ("Subscriptions", f"{len(mine)} (/subs)"),
        ("Quiet hours", f"{_quiet_words(chosen)} (/quiet)"),
        ("Digest", f"{_digest_words(chosen)} (/digest)"),
        ("Time zone", chosen.zone),
        ("Muted", f"{words.plural(len(muted), 'thing')} (/unmute ends all)"),
    ]
    return lists.table("Settings of this chat", rows)


MOST_MISSED = 20
MOST_ALERTS = 8
WRONG = {
    "place": "The place is wrong",
    "count": "A number is wrong",
    "twice": "It is the same as another one",
    "none": "It is no incident, or an old one",
}


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
    alerts.forget_ended(tx, alert)
    has_card = cards.get(tx, caller.chat, caller.thread, known.id) is not None
    return not has_card and alerts.enqueue(tx, alert, severity=known.facts.severity.rank, why="followed", now=now)


def _mute_menu(services: Services, known: Incident) -> Message:
    kind = services.names.kind(known.facts.kind)
    options = [("This incident, 24 h", "24h"), ("This incident, a week", "1w"), (f"Every {kind}, 24 h", "kind 24h")]
    if known.facts.place is not None and known.facts.place.geonameid is not None:
        options.append((f"All of {known.facts.place.name}, 24 h", "place 24h"))
    if len({article.source for article in known.articles}) == 1 and known.articles[0].source:
        options.append((f"Only told by {words.outlet(known.articles[0])}, 24 h", "source 24h"))
    rows = tuple((Button(label[:60], "mute", f"{known.id} {arg}"),) for label, arg in options)
    return say("No sound about what? Its messages still come.", buttons=rows)


def _mute_key(services: Services, known: Incident, what: str) -> tuple[str, str]:
    facts = known.facts
    if what == "kind":
        return f"kind:{facts.kind}", f"every {services.names.kind(facts.kind)}"
    if what == "place" and facts.place is not None and facts.place.geonameid is not None:
        return f"place:{facts.place.geonameid}", f"everything in {services.names.place(facts.place)}"
    if what == "source" and known.articles and known.articles[0].source:
        source = known.articles[0].source.casefold()
        return f"source:{source}", f"what only {source} tells"
    return known.id, "this incident"


async def _chosen(services: Services, caller: Caller) -> Preferences:
    return await services.store.read(preferences.get, caller.chat, caller.thread)


async def _keep(services: Services, caller: Caller, chosen: Preferences) -> None:
    now = services.clock()
    waiting = await services.store.read(held.of, caller.chat, caller.thread, *rounds.ROUND)
    # what was gathered so far is told now where it would never be
    due = hours.next_round(chosen, now) or (now if waiting else None)
    await services.store.write(preferences.put, caller.chat, caller.thread, chosen, due)


async def _zone(services: Services, caller: Caller, text: str) -> str:
    """The time zone a person names, else that of the first place this chat is subscribed to, else the one it has."""
    if text:
        known = {name.casefold(): name for name in available_timezones()}
        found = known.get(text.strip().casefold().replace(" ", "_"))
        if found is None:
            raise ChatError(f"I know no time zone “{text[:40]}”. As in: Asia/Karachi, Europe/Berlin, UTC")
        return found
    chosen = await _chosen(services, caller)
    if chosen.zone != Preferences().zone:
        return chosen.zone
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    zones = (services.zone_at(one.place) for one in mine if one.place is not None)
    return next((zone for zone in zones if zone), chosen.zone)


async def _with_digest(
    services: Services, caller: Caller, chosen: Preferences, rhythm: Rhythm, rest: str
) -> Preferences:
    parts = rest.split()
    day = next((DAYS.index(part[:3]) for part in parts if part[:3] in DAYS), chosen.digest_day)
    clocks = [part for part in parts if _CLOCK.fullmatch(part)]
    zone = next((part for part in parts if "/" in part or part == "utc"), "")
    known = {part for part in parts if part[:3] in DAYS} | set(clocks) | {zone}
    if set(parts) - known:
        raise ChatError("As in: /digest daily 08:00 or /digest weekly mon 08:00 Europe/Berlin")
    at = _clock(clocks[0]) if clocks else chosen.digest_at
    return msgspec.structs.replace(
        chosen, digest=rhythm, digest_at=at, digest_day=day, zone=await _zone(services, caller, zone)
    )


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ChatError(f"“{text[:20]}” is no time of day. As in: 22:00")
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _quiet_words(chosen: Preferences) -> str:
    return f"{chosen.quiet[0]} to {chosen.quiet[1]}, {chosen.zone}" if chosen.quiet else "none"


def _digest_words(chosen: Preferences) -> str:
    match chosen.digest:
        case Rhythm.AT_ONCE:
            return "none, everything comes at once"
        case Rhythm.HOURLY:
            return "every hour"
        case Rhythm.DAILY:
            return f"every day at {chosen.digest_at}, {chosen.zone}"
        case Rhythm.WEEKLY:
            day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[chosen.digest_day]
            return f"every {day} at {chosen.digest_at}, {chosen.zone}"
