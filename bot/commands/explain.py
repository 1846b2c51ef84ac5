"""Commands that explain why this chat did or did not get something: /missed and /whynot."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.alerts.routing import is_paused, unpaused
from bot.commands.base import Caller, Services
from bot.commands.browse import find
from bot.i18n import translate
from bot.i18n.translate import mark, t, tp
from bot.incidents import queries
from bot.render import lists, words
from bot.render.card import headline
from bot.render.message import Line, Message, bold, code, line, moment, say, sentence
from bot.render.stored_values import reason_words
from bot.store import articles, cards, deferred, incidents, outbox, subscriptions
from bot.types import DeferralReason
from extract.types import Incident

MOST_MISSED = 20
MOST_ALERTS = 8
MOST_MERGED = 5
MERGED_SPAN = timedelta(hours=24)
DEFERRAL_WORDS = {
    DeferralReason.DIGEST: mark("waits for your digest"),
    DeferralReason.BUDGET: mark("over your limit a day"),
    DeferralReason.QUIET: mark("came without a sound in your quiet hours"),
    DeferralReason.PAUSED: mark("came while its subscription was paused"),
}
# does a subscription ask for an incident, and is it paused?
VERDICTS = {
    (True, False): mark("asks for it"),
    (False, False): mark("doesn't"),
    (True, True): mark("would ask for it, but is paused"),
    (False, True): mark("is paused, and doesn't ask for it"),
}


async def missed(services: Services, caller: Caller, _text: str) -> Message:
    """What was deferred, came without a sound, fell into a pause or only added to a card here, and why."""
    now = services.clock()
    kept = (await services.store.read(deferred.of, caller.chat, caller.thread))[-MOST_MISSED:]
    lines: list[Line] = []
    for one in kept[::-1]:
        known = await services.store.read(incidents.resolve, one.incident)
        if known is not None:
            parts = (headline(known, services.names), t(DEFERRAL_WORDS[one.why]), _merged_note(one.incident, known))
            said = " · ".join(part for part in parts if part)
            lines.append(line(moment(one.at), f" · {said} · ", code(known.id)))
    if lines:
        lines.insert(0, line(bold(t("Held back here: {incidents}", incidents=words.incidents(len(lines))))))
    else:
        lines.append(line(t("Nothing has been held back: what this chat asked for has come.")))
    lines += await _added_to_cards(services, caller, now)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    paused = [one for one in mine if is_paused(one, now)]
    lines += [line(t("Paused: {subscription}", subscription=lists.subscription(one, services.names))) for one in paused]
    return say(*lines)


def _merged_note(name: str, known: Incident) -> str:
    """That the record of this id is part of another one now; empty where it is not."""
    return "" if name == known.id else t("merged with another record")


async def _added_to_cards(services: Services, caller: Caller, now: datetime) -> list[Line]:
    """The articles of the last day that joined incidents of which the chat has a card already."""
    added = await services.store.read(cards.merged_since, caller.chat, caller.thread, now - MERGED_SPAN)
    lines: list[Line] = []
    for name, articles_ in list(added.items())[:MOST_MERGED]:
        known = await services.store.read(incidents.resolve, name)
        if known is not None:
            said = f"{headline(known, services.names)} · {words.articles(articles_)} · "
            lines.append(line(said, code(known.id)))
    return [line(bold(t("Merged in the last 24 hours into cards that are here already:"))), *lines] if lines else []


async def whynot(services: Services, caller: Caller, text: str) -> Message:
    """Why an incident was or wasn't sent here: whether each subscription matches, and what was sent."""
    known = await find(services, caller, text, articles_too=True)
    now = services.clock()
    lines: list[Line] = [line(bold(t("Here") + " · "), headline(known, services.names))]
    lines += await _merged_lines(services, text.strip(), known)
    mine = await services.store.read(subscriptions.of_chat, caller.chat, caller.thread)
    wanted = [unpaused(one) for one in mine]
    found = await services.store.read(
        queries.verdicts, known, wanted, contains=services.contains, now=now, reached=services.rules.reached
    )
    for one, match in zip(mine, found, strict=True):
        verdict = t(VERDICTS[match.yes, is_paused(one, now)])
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


async def _merged_lines(services: Services, name: str, known: Incident) -> list[Line]:
    """That this article or record was merged into an incident known already, and what the article changed."""
    if not name or name == known.id:
        return []
    if await services.store.read(incidents.get, name) is not None:
        note = _merged_note(name, known)
        return [line(f"{note[:1].upper()}{note[1:]}: ", code(name), " → ", code(known.id))]
    stored = await services.store.read(articles.find, name)
    decided = await services.store.read(incidents.decisions, article=stored.article.id) if stored else []
    merged = [one for one in decided if one.decision.action == "merge" and one.decision.incident]
    if not merged:
        return []
    change = merged[-1].change
    because = [words.in_line(field) for field in change.because] if change else []
    action = tp("action", change.action.value) if change and change.action else t("nobody told")
    told = sentence(
        "That article, read {at}, was merged into this incident, which was known already: {what}.",
        at=moment(merged[-1].at),
        what=translate.joined((*because, action)),
    )
    return [told]
