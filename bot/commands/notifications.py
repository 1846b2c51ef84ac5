"""Commands about when a chat gets messages: quiet hours, the digest, and all its settings at a glance."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from bot.alerts import digests, quiet_hours
from bot.commands.base import Caller, Services
from bot.commands.maps import maps_words
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import t, tn
from bot.incidents import queries
from bot.render import lists
from bot.render.message import Button, Message, bold, code, line, say, sentence
from bot.store import chats, deferred, preferences, subscriptions
from bot.types import Preferences, Rhythm
from extract.types import Lifecycle

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ZONES = 6
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")


async def quiet(services: Services, caller: Caller, text: str) -> Message:
    """Show or set quiet hours: only what is extreme makes a sound, and a list is sent when they end."""
    chosen = await _preferences(services, caller)
    if not text:
        now = t("Quiet hours: {hours}.", hours=_quiet_words(chosen))
        return say(
            now, sentence("Set them: {set} · end them: {end}", set=code("/quiet 22:00-07:00"), end=code("/quiet off"))
        )
    if text.casefold() == "off":
        await _save(services, caller, msgspec.structs.replace(chosen, quiet=None))
        return say(t("Quiet hours are off."))
    span, _, zone = text.partition(" ")
    start, dash, end = span.replace("–", "-").partition("-")
    if not dash or _clock(start) == _clock(end):
        raise ChatError(t("From when until when? As in: /quiet 22:00-07:00 or /quiet 22:00-07:00 Asia/Karachi"))
    zoned = _in_zone(chosen, zone)
    if zoned is None:
        return await _ask_zone(services, caller, "quiet", span)
    chosen = msgspec.structs.replace(zoned, quiet=(_clock(start), _clock(end)))
    await _save(services, caller, chosen)
    return say(
        line(bold(t("Quiet from {hours}.", hours=_quiet_words(chosen)))),
        t("Messages still come, without a sound; only what is extreme makes one. A summary comes when they end."),
        line(t("Another time zone? As in: "), code("/quiet 22:00-07:00 Europe/Berlin")),
    )


async def digest(services: Services, caller: Caller, text: str) -> Message:
    """Show or set the digest, which gathers what isn't severe; with "now", show what has been gathered."""
    chosen = await _preferences(services, caller)
    word, _, rest = text.casefold().partition(" ")
    if word in ("", "now"):
        if word == "now":
            return await _digest_now(services, caller)
        said = t("Digest: {rhythm}.", rhythm=_digest_words(chosen))
        how = line(code("/digest daily 08:00"), " · ", code("/digest weekly mon 08:00"), " · ", code("/digest off"))
        return say(said, how, line(t("What there is so far: "), code("/digest now")))
    if word == "off":
        chosen = msgspec.structs.replace(chosen, digest=Rhythm.AT_ONCE)
    elif word in (Rhythm.HOURLY, Rhythm.DAILY, Rhythm.WEEKLY):
        asked = _with_digest(chosen, Rhythm(word), rest)
        if asked is None:
            return await _ask_zone(services, caller, "digest", f"{word} {rest}".strip())
        chosen = asked
    else:
        raise ChatError(
            t("How often? As in: /digest hourly, /digest daily 08:00, /digest weekly mon 08:00, /digest off")
        )
    await _save(services, caller, chosen)
    return say(t("Digest: {rhythm}.", rhythm=_digest_words(chosen)), t("What is severe or worse still comes at once."))


async def _digest_now(services: Services, caller: Caller) -> Message:
    """What has been gathered; if nothing, the incidents of the last day that this chat's subscriptions ask for."""
    found = await services.store.read(
        digests.gathered, caller.chat, caller.thread, services.names, now=services.clock(), contains=services.contains
    )
    if found:
        return found
    now = services.clock()
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    since = now - timedelta(days=1)
    # those of which something was read since then, also history that a new source shows and follow-ups of earlier acts
    read = await services.store.read(queries.matching, mine, contains=services.contains, now=now, since=since)
    asked = [one for one in read if one.first_told >= since and one.lifecycle is not Lifecycle.RETRACTED]
    if not asked:
        return say(t("Nothing in the last 24 hours that this chat asks for."))
    asked.sort(key=lambda one: (-one.facts.severity.rank, one.first_seen))
    shown = asked[: digests.PAGE]
    called = await services.store.read(digests.names_of_matching, shown, mine, contains=services.contains, now=now)
    return lists.digest(line(t("The last 24 hours")), shown, len(asked), services.names, called, since=since)


async def settings(services: Services, caller: Caller, _text: str) -> Message:
    """All settings of this chat."""
    chosen = await _preferences(services, caller)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    muted = await services.store.read(chats.mutes, caller.chat, caller.thread, services.clock())
    rows = [
        (t("Subscriptions"), t("{n} (/subs)", n=len(mine))),
        (t("Quiet hours"), t("{hours} (/quiet)", hours=_quiet_words(chosen))),
        (t("Digest"), t("{rhythm} (/digest)", rhythm=_digest_words(chosen))),
        (t("Maps"), t("{maps} (/maps)", maps=maps_words(chosen.maps))),
        (t("Time zone"), _zone_words(chosen)),
        (t("Language"), t("{language} (/lang)", language=translate.current().language.name)),
        (t("Muted"), tn("{n} thing (/unmute ends all)", "{n} things (/unmute ends all)", len(muted))),
    ]
    said = lists.table(t("Settings of this chat"), rows)
    return msgspec.structs.replace(said, buttons=((Button(t("Maps…"), "maps", ""),),))


async def _preferences(services: Services, caller: Caller) -> Preferences:
    return await services.store.read(preferences.get, caller.chat, caller.thread)


async def _save(services: Services, caller: Caller, chosen: Preferences) -> None:
    now = services.clock()
    waiting = await services.store.read(deferred.of, caller.chat, caller.thread, *digests.GATHERED)
    # without a next digest, what has been gathered is sent now
    due = quiet_hours.next_digest(chosen, now) or (now if waiting else None)
    await services.store.write(preferences.put, caller.chat, caller.thread, chosen, due)


def _in_zone(chosen: Preferences, text: str) -> Preferences | None:
    """The preferences with the named time zone, else with that chosen before; None where none was ever chosen."""
    if text:
        known = {name.casefold(): name for name in available_timezones()}
        found = known.get(text.strip().casefold().replace(" ", "_"))
        if found is None:
            raise ChatError(t("I know no time zone “{zone}”. As in: Asia/Karachi, Europe/Berlin, UTC", zone=text[:40]))
        return msgspec.structs.replace(chosen, zone=found, zone_chosen=True)
    return chosen if _has_zone(chosen) else None


def _has_zone(chosen: Preferences) -> bool:
    return chosen.zone_chosen or chosen.zone != Preferences().zone


async def _ask_zone(services: Services, caller: Caller, command: str, typed: str) -> Message:
    """Ask for the chat's time zone; a button gives the command again with a zone of a subscribed place.

    Where the places lie doesn't say where the people are, so none is taken without asking.
    """
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    zones = [zone for one in mine if one.place is not None and (zone := services.zone_at(one.place))]
    offered = [*list(dict.fromkeys(zones))[:MOST_ZONES], Preferences().zone]
    now = services.clock()
    rows = tuple(
        (Button(f"{zone} · {now.astimezone(ZoneInfo(zone)):%H:%M}", command, f"{typed} {zone}"),)
        for zone in dict.fromkeys(offered)
    )
    return say(
        line(bold(t("Which time zone? Nothing is set yet."))),
        line(t("Choose the one that shows your time, or type yours: "), code(f"/{command} {typed} Europe/Berlin")),
        buttons=rows,
    )


def _with_digest(chosen: Preferences, rhythm: Rhythm, rest: str) -> Preferences | None:
    """The preferences with this digest; None where its time needs a time zone and none was ever chosen."""
    parts = rest.split()
    day = next((DAYS.index(part[:3]) for part in parts if part[:3] in DAYS), chosen.digest_day)
    clocks = [part for part in parts if _CLOCK.fullmatch(part)]
    zone = next((part for part in parts if "/" in part or part == "utc"), "")
    known = {part for part in parts if part[:3] in DAYS} | set(clocks) | {zone}
    if set(parts) - known:
        raise ChatError(t("As in: /digest daily 08:00 or /digest weekly mon 08:00 Europe/Berlin"))
    at = _clock(clocks[0]) if clocks else chosen.digest_at
    zoned = chosen if rhythm is Rhythm.HOURLY and not zone else _in_zone(chosen, zone)
    if zoned is None:
        return None
    return msgspec.structs.replace(zoned, digest=rhythm, digest_at=at, digest_day=day)


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ChatError(t("“{text}” is no time of day. As in: 22:00", text=text[:20]))
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _zone_words(chosen: Preferences) -> str:
    zone = translate.isolate(chosen.zone)
    return zone if _has_zone(chosen) else t("{zone}, until one is chosen (/quiet)", zone=zone)


def _quiet_words(chosen: Preferences) -> str:
    if chosen.quiet is None:
        return t("none")
    return t("{start} to {end}, {zone}", start=chosen.quiet[0], end=chosen.quiet[1], zone=chosen.zone)


def _digest_words(chosen: Preferences) -> str:
    match chosen.digest:
        case Rhythm.AT_ONCE:
            return t("none, everything comes at once")
        case Rhythm.HOURLY:
            return t("every hour")
        case Rhythm.DAILY:
            return t("every day at {time}, {zone}", time=chosen.digest_at, zone=chosen.zone)
        case Rhythm.WEEKLY:
            day = translate.weekday(chosen.digest_day)
            return t("every {day} at {time}, {zone}", day=day, time=chosen.digest_at, zone=chosen.zone)
