"""Commands about when and how a chat is told: quiet hours, digests, mutes, following, and what was held back."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import available_timezones

import msgspec

from bot.alerts import digests, quiet_hours
from bot.alerts.routing import matches
from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.commands.maps_and_charts import maps_words
from bot.errors import ChatError
from bot.i18n import translate
from bot.i18n.translate import mark, stored_reason, t, tn, tp
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Button, Line, Message, Span, bold, code, foreign, line, moment, say, sentence
from bot.render.text import cut
from bot.store import Tx, cards, chats, deferred, follows, incidents, outbox, preferences, subscriptions
from bot.types import Alert, HeldFor, Preferences, Remark, Rhythm
from extract.types import Action, Incident

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLDS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST_MUTE = timedelta(days=90)
HOW_OFTEN = mark("How often? As in: /digest hourly, /digest daily 08:00, /digest weekly mon 08:00, /digest off")
HELD_WORDS = {
    HeldFor.DIGEST: mark("waits for your digest"),
    HeldFor.BUDGET: mark("over your limit a day"),
    HeldFor.QUIET: mark("came without a sound in your quiet hours"),
}
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
_SPAN = re.compile(r"(\d{1,3}) ?(h|d|w)(?:ours?|ays?|eeks?)?", re.IGNORECASE)


async def quiet(services: Services, caller: Caller, text: str) -> Message:
    """Quiet hours: nothing but what is extreme makes a sound, and a summary comes when they end."""
    chosen = await _chosen(services, caller)
    if not text:
        now = t("Quiet hours: {hours}.", hours=_quiet_words(chosen))
        return say(
            now, sentence("Set them: {set} · end them: {end}", set=code("/quiet 22:00-07:00"), end=code("/quiet off"))
        )
    if text.casefold() == "off":
        await _keep(services, caller, msgspec.structs.replace(chosen, quiet=None))
        return say(t("Quiet hours are off."))
    span, _, zone = text.partition(" ")
    start, dash, end = span.replace("–", "-").partition("-")
    if not dash or _clock(start) == _clock(end):
        raise ChatError(t("From when until when? As in: /quiet 22:00-07:00 or /quiet 22:00-07:00 Asia/Karachi"))
    chosen = msgspec.structs.replace(await _in_zone(services, caller, chosen, zone), quiet=(_clock(start), _clock(end)))
    await _keep(services, caller, chosen)
    return say(
        line(bold(t("Quiet from {hours}.", hours=_quiet_words(chosen)))),
        t("Messages still come, without a sound; only what is extreme makes one. A summary comes when they end."),
        line(t("Another time zone? As in: "), code("/quiet 22:00-07:00 Europe/Berlin")),
    )


async def digest(services: Services, caller: Caller, text: str) -> Message:
    """Gather what isn't severe into one message: hourly, daily or weekly; or show what has been gathered."""
    chosen = await _chosen(services, caller)
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
        chosen = await _with_digest(services, caller, chosen, Rhythm(word), rest)
    else:
        raise ChatError(
            t("How often? As in: /digest hourly, /digest daily 08:00, /digest weekly mon 08:00, /digest off")
        )
    await _keep(services, caller, chosen)
    return say(t("Digest: {rhythm}.", rhythm=_digest_words(chosen)), t("What is severe or worse still comes at once."))


async def _digest_now(services: Services, caller: Caller) -> Message:
    """What has been gathered, else what this chat's subscriptions ask for of the last day."""
    found = await services.store.read(
        digests.gathered, caller.chat, caller.thread, services.names, now=services.clock(), holds=services.holds
    )
    if found:
        return found
    now = services.clock()
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    known = await services.store.read(incidents.latest, since=now - timedelta(days=1), limit=2000)
    asked = [one for one in known if any(matches(one, wish, holds=services.holds, now=now).yes for wish in mine)]
    if not asked:
        return say(t("Nothing in the last 24 hours that this chat asks for."))
    asked.sort(key=lambda one: (-one.facts.severity.rank, one.first_seen))
    shown = asked[: digests.PAGE]
    called = digests.asked_by(shown, mine, holds=services.holds, now=now)
    return lists.digest(line(t("The last 24 hours")), shown, len(asked), services.names, called)


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


async def missed(services: Services, caller: Caller, _text: str) -> Message:
    """What this chat asked for and wasn't told at once, or only without a sound, and why."""
    kept = (await services.store.read(deferred.of, caller.chat, caller.thread))[-MOST_MISSED:]
    if not kept:
        return say(t("Nothing has been held back: what this chat asked for has come."))
    lines: list[Line] = [line(bold(t("Held back here: {incidents}", incidents=words.incidents(len(kept)))))]
    for one in kept[::-1]:
        known = await services.store.read(incidents.resolve, one.incident)
        if known is not None:
            what = headline(known, services.names)
            lines.append(line(moment(one.at), f" · {what} · {t(HELD_WORDS[one.why])} · ", code(known.id)))
    return say(*lines)


async def whynot(services: Services, caller: Caller, text: str) -> Message:
    """Why an incident did or didn't come here: each subscription's word on it, and what was sent."""
    known = await find(services, caller, text, articles_too=True)
    now = services.clock()
    lines: list[Line] = [line(bold(t("Here") + " · "), headline(known, services.names))]
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    for one in mine:
        match = matches(known, one, holds=services.holds, now=now)
        verdict = t("asks for it") if match.yes else t("doesn't")
        lines.append(line(f"{lists.subscription(one, services.names)}: ", bold(verdict), f", {match.why}"))
    if not mine:
        lines.append(line(t("This chat has no subscriptions: /subscribe begins.")))
    kept = await services.store.read(deferred.of, caller.chat, caller.thread)
    lines += [
        sentence("Held: {why}, {at}", why=t(HELD_WORDS[one.why]), at=moment(one.at))
        for one in kept
        if one.incident == known.id
    ]
    sent = await services.store.read(outbox.of_chat, caller.chat, caller.thread, known.id)
    lines += [
        line(moment(at), f" · {tp('action', action)}: {translate.joined((tp('alert', state), stored_reason(why)))}")
        for action, state, why, at in sent[-MOST_ALERTS:]
    ]
    if not sent:
        decided = await services.store.read(incidents.decisions, incident=known.id)
        notes = dict.fromkeys(record.note for record in decided if record.note)
        lines += [line(t("Nobody was told: {why}", why=stored_reason(note))) for note in notes]
        lines += [] if notes else [line(t("Nothing about it was sent here."))]
    return say(*lines)


async def wrong(services: Services, caller: Caller, text: str) -> Message:
    """Say that something about an incident is wrong; the service's administrators see it."""
    first, _, rest = text.partition(" ")
    known = await find(services, caller, caller.card or first)
    what = (text if caller.card else rest).strip()
    if not what:
        rows = tuple((Button(t(label), "say", f"{known.id} {slug}"),) for slug, label in WRONG.items())
        return say(line(t("What is wrong with it? "), headline(known, services.names)), buttons=rows)
    note = WRONG.get(what, what)[:300]
    remark = Remark(incident=known.id, version=known.version, what=note, at=services.clock())
    await services.store.write(follows.remark, caller.chat, remark)
    return say(t("Thank you: it has been noted for the people who run this service."))


async def remarks(services: Services, _caller: Caller, _text: str) -> Message:
    """What people say is wrong, newest first."""
    found = await services.store.read(follows.remarks)
    rows = [
        line(moment(one.at), " · ", _remark(one.what), " · ", code(one.incident), f" v{one.version}") for one in found
    ]
    return say(line(bold(t("Feedback"))), *(rows or [line(t("None yet."))]))


def _remark(what: str) -> Span:
    """One of the remarks that buttons offer, or somebody's own words."""
    return Span(t(what)) if what in WRONG.values() else foreign(what)


async def settings(services: Services, caller: Caller, _text: str) -> Message:
    """Everything this chat has chosen."""
    chosen = await _chosen(services, caller)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    muted = await services.store.read(chats.mutes, caller.chat, caller.thread, services.clock())
    rows = [
        (t("Subscriptions"), t("{n} (/subs)", n=len(mine))),
        (t("Quiet hours"), t("{hours} (/quiet)", hours=_quiet_words(chosen))),
        (t("Digest"), t("{rhythm} (/digest)", rhythm=_digest_words(chosen))),
        (t("Maps"), t("{maps} (/maps)", maps=maps_words(chosen.maps))),
        (t("Time zone"), translate.isolate(chosen.zone)),
        (t("Language"), t("{language} (/lang)", language=translate.current().language.name)),
        (t("Muted"), tn("{n} thing (/unmute ends all)", "{n} things (/unmute ends all)", len(muted))),
    ]
    said = lists.table(t("Settings of this chat"), rows)
    return msgspec.structs.replace(said, buttons=((Button(t("Maps…"), "maps", ""),),))


MOST_MISSED = 20
MOST_ALERTS = 8
WRONG = {
    "place": mark("The place is wrong"),
    "count": mark("A number is wrong"),
    "twice": mark("It is the same as another one"),
    "none": mark("It is no incident, or an old one"),
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


async def _chosen(services: Services, caller: Caller) -> Preferences:
    return await services.store.read(preferences.get, caller.chat, caller.thread)


async def _keep(services: Services, caller: Caller, chosen: Preferences) -> None:
    now = services.clock()
    waiting = await services.store.read(deferred.of, caller.chat, caller.thread, *digests.ROUND)
    # what was gathered so far is told now where it would never be
    due = quiet_hours.next_round(chosen, now) or (now if waiting else None)
    await services.store.write(preferences.put, caller.chat, caller.thread, chosen, due)


async def _in_zone(services: Services, caller: Caller, chosen: Preferences, text: str) -> Preferences:
    """With the time zone a person names, else the one chosen before, else that of the first place subscribed to."""
    if text:
        known = {name.casefold(): name for name in available_timezones()}
        found = known.get(text.strip().casefold().replace(" ", "_"))
        if found is None:
            raise ChatError(t("I know no time zone “{zone}”. As in: Asia/Karachi, Europe/Berlin, UTC", zone=text[:40]))
        return msgspec.structs.replace(chosen, zone=found, zone_chosen=True)
    if chosen.zone_chosen or chosen.zone != Preferences().zone:
        return chosen
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    zones = (services.zone_at(one.place) for one in mine if one.place is not None)
    return msgspec.structs.replace(chosen, zone=next((zone for zone in zones if zone), chosen.zone))


async def _with_digest(
    services: Services, caller: Caller, chosen: Preferences, rhythm: Rhythm, rest: str
) -> Preferences:
    parts = rest.split()
    day = next((DAYS.index(part[:3]) for part in parts if part[:3] in DAYS), chosen.digest_day)
    clocks = [part for part in parts if _CLOCK.fullmatch(part)]
    zone = next((part for part in parts if "/" in part or part == "utc"), "")
    known = {part for part in parts if part[:3] in DAYS} | set(clocks) | {zone}
    if set(parts) - known:
        raise ChatError(t("As in: /digest daily 08:00 or /digest weekly mon 08:00 Europe/Berlin"))
    at = _clock(clocks[0]) if clocks else chosen.digest_at
    chosen = await _in_zone(services, caller, chosen, zone)
    return msgspec.structs.replace(chosen, digest=rhythm, digest_at=at, digest_day=day)


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ChatError(t("“{text}” is no time of day. As in: 22:00", text=text[:20]))
    return f"{int(found[1]):02}:{found[2] or '00'}"


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
