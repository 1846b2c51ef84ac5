"""Commands that explain why this chat did or did not get something: /missed and /whynot."""

from __future__ import annotations

from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n import translate
from bot.i18n.translate import mark, t, tp
from bot.incidents import queries
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Line, Message, bold, code, line, moment, say, sentence
from bot.render.stored_values import reason_words
from bot.store import deferred, incidents, outbox, subscriptions
from bot.types import DeferralReason

MOST_MISSED = 20
MOST_ALERTS = 8
DEFERRAL_WORDS = {
    DeferralReason.DIGEST: mark("waits for your digest"),
    DeferralReason.BUDGET: mark("over your limit a day"),
    DeferralReason.QUIET: mark("came without a sound in your quiet hours"),
}


async def missed(services: Services, caller: Caller, _text: str) -> Message:
    """The incidents that were deferred here, or sent without a sound in quiet hours, and why."""
    kept = (await services.store.read(deferred.of, caller.chat, caller.thread))[-MOST_MISSED:]
    if not kept:
        return say(t("Nothing has been held back: what this chat asked for has come."))
    lines: list[Line] = [line(bold(t("Held back here: {incidents}", incidents=words.incidents(len(kept)))))]
    for one in kept[::-1]:
        known = await services.store.read(incidents.resolve, one.incident)
        if known is not None:
            what = headline(known, services.names)
            lines.append(line(moment(one.at), f" · {what} · {t(DEFERRAL_WORDS[one.why])} · ", code(known.id)))
    return say(*lines)


async def whynot(services: Services, caller: Caller, text: str) -> Message:
    """Why an incident was or wasn't sent here: whether each subscription matches, and what was sent."""
    known = await find(services, caller, text, articles_too=True)
    now = services.clock()
    lines: list[Line] = [line(bold(t("Here") + " · "), headline(known, services.names))]
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    found = await services.store.read(queries.verdicts, known, mine, contains=services.contains, now=now)
    for one, match in zip(mine, found, strict=True):
        verdict = t("asks for it") if match.yes else t("doesn't")
        lines.append(
            line(f"{lists.subscription(one, services.names)}: ", bold(verdict), f", {reason_words(match.why)}")
        )
    if not mine:
        lines.append(line(t("This chat has no subscriptions: /subscribe begins.")))
    kept = await services.store.read(deferred.of, caller.chat, caller.thread)
    lines += [
        sentence("Held: {why}, {at}", why=t(DEFERRAL_WORDS[one.why]), at=moment(one.at))
        for one in kept
        if one.incident == known.id
    ]
    sent = await services.store.read(outbox.of_chat, caller.chat, caller.thread, known.id)
    lines += [
        line(moment(at), f" · {tp('action', action)}: {translate.joined((tp('alert', state), reason_words(why)))}")
        for action, state, why, at in sent[-MOST_ALERTS:]
    ]
    if not sent:
        decided = await services.store.read(incidents.decisions, incident=known.id)
        notes = dict.fromkeys(reason_words(record.note) for record in decided if record.note)
        lines += [line(t("Nobody was told: {why}", why=note)) for note in notes]
        lines += [] if notes else [line(t("Nothing about it was sent here."))]
    return say(*lines)
