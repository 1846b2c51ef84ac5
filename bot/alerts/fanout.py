"""Which chats is a change told to, and with which messages? Every change becomes outbox rows here."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial

import msgspec

from bot.alerts import mutes
from bot.alerts.gate import Rules
from bot.alerts.quiet_hours import NotificationDecision, decide_notification
from bot.alerts.routing import (
    PAUSED,
    POINTS,
    ChatState,
    Match,
    Routing,
    is_felt_in,
    is_paused,
    kinds_of,
    matches,
    route,
    unpaused,
)
from bot.alerts.webhooks import due as webhooks_due
from bot.i18n.translate import mark_in
from bot.store import (
    Tx,
    acknowledgements,
    articles,
    cards,
    chats,
    deferred,
    fanout,
    follows,
    incidents,
    outbox,
    preferences,
    subscriptions,
)
from bot.store.db import ABOVE_CHATS, BELOW_CHATS
from bot.store.fanout import PendingFanout
from bot.store.subscription_columns import Box
from bot.store.subscriptions import Asked
from bot.types import Alert, Deferral, DeferralReason, Preferences, Reason
from extract.felt import FeltArea, felt_area
from extract.geo import half_extent
from extract.places.containment import Contains
from extract.types import Action, Change, Incident, Lifecycle, Place

log = logging.getLogger(__name__)

# a chat and the forum topic in it, 0 for none
Recipient = tuple[int, int]
# of so many places it is remembered which spots hold them: a fan-out asks for its place in each of its parts
PLACES_KEPT = 4
NO_PREFERENCES = Preferences()


@dataclass(frozen=True)
class Interest:
    """A chat's best match with an incident, and how many first cards a day it takes at most (None: any number)."""

    match: Match
    most_a_day: int | None


@dataclass(frozen=True)
class _Settings:
    """What the chats of a batch have set, and for which of them the incident is deferred."""

    preferences: Mapping[Recipient, Preferences]
    deferred: Collection[Recipient]


def publish(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """Save a new version of an incident and enqueue the alerts that its change asks for."""
    known = before is not None and incidents.is_announced(tx, after.id)
    incidents.save(tx, after, change, announced=known or change.action is Action.NEW)
    if after.lifecycle is Lifecycle.RETRACTED:
        why = Reason(mark_in("reason", "taken back before it was sent"))
        outbox.drop_first_cards(tx, after.id, why=why, now=now)
    if change.action is not None:
        webhooks_due.enqueue(tx, change, before, after, now=now, rules=rules)
        fan_out(tx, change, before, after, now=now, rules=rules)


def fan_out(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """Enqueue the alerts of one change for every chat that has a card, follows the incident or asks for it.

    With ``rules.batch`` only for the first chats, and for none while an earlier change is pending; ``continue_fan_out``
    does the others.
    """
    pending = PendingFanout(change=change, before=before, after=after, chat=BELOW_CHATS, at=now)
    if rules.batch is None:
        while continue_fan_out(tx, rules):  # earlier changes come first
            pass
    else:  # until a later batch is reached, its chats may be sent a first card that waits in the outbox
        outbox.update_pending_cards(tx, after.id, after.version)
        if fanout.is_any_open(tx):
            fanout.start(tx, pending)
            return
    last = _fan_out_batch(tx, pending, rules)
    if last is not None:
        fanout.start(tx, msgspec.structs.replace(pending, chat=last))


def continue_fan_out(tx: Tx, rules: Rules) -> bool:
    """Enqueue the next batch of the oldest pending change; False if none is pending."""
    pending = fanout.oldest(tx)
    if pending is None:
        return False
    last = _fan_out_batch(tx, pending, rules)
    if last is None:
        fanout.finish(tx, pending.id)
    else:
        fanout.advance(tx, pending.id, last)
    return True


def _fan_out_batch(tx: Tx, pending: PendingFanout, rules: Rules) -> int | None:
    """Enqueue the alerts of the next chats; returns the last of them, None if no chat is left."""
    change, before, after, now = pending.change, pending.before, pending.after, pending.at
    current = incidents.get(tx, after.id) or after  # another report or a correction may have changed it since
    is_over = bool(current.merged_into) or current.lifecycle is Lifecycle.RETRACTED
    with_card = cards.holders(tx, after.id, pending.chat) | outbox.open_first_cards(tx, after.id, pending.chat)
    followers = follows.followers(tx, after.id)
    question = asked(tx, after, rules)
    last = _last_of_batch(tx, pending, question, with_card | followers, rules)
    with_card, followers = _between(with_card, pending.chat, last), _between(followers, pending.chat, last)
    muted = chats.muted(tx, mutes.keys_of(after), now)
    acknowledged = acknowledgements.covering(tx, after.id, after.facts.severity.rank)
    followed = dict.fromkeys(followers, Interest(Match(True, Reason(mark_in("reason", "followed"))), None))
    interests = _interests(tx, after, question, pending.chat, last, now, rules) | followed
    interests_before = _interests_before(tx, before, pending.chat, last, now, rules) | followed
    settings = _settings(tx, after, pending.chat, last)
    entries: list[tuple[Alert, Reason]] = []
    for recipient in sorted(with_card | set(interests)):
        state = ChatState(
            has_card=recipient in with_card,
            muted=recipient in muted,
            acknowledged=recipient in acknowledged,
            matched_before=recipient in interests_before and interests_before[recipient].match.yes,
        )
        interest = interests.get(recipient) or Interest(Match(False, Reason(mark_in("reason", "not asked for"))), None)
        routing = route(change, after, interest.match, state, loud=rules.loud)
        if routing.action is None and interest.match.why is PAUSED and change.action in (Action.NEW, Action.REPLY):
            _defer(tx, recipient, after, DeferralReason.PAUSED, now)
        if routing.action is None or (routing.action is Action.NEW and is_over):
            continue
        decision = _decide(tx, recipient, routing, after, interest, settings, now=now, rules=rules)
        chat, thread = recipient
        if decision.deferral is not None:
            _defer(tx, recipient, after, decision.deferral, now)
        for action in _messages(decision.action):
            alert = Alert(
                id=0,
                chat=chat,
                thread=thread,
                incident=after.id,
                version=current.version if action is Action.NEW else after.version,
                action=action,
                silent=decision.silent or action is Action.EDIT,
                change=change,
            )
            entries.append((alert, routing.why))
    outbox.enqueue_all(tx, entries, severity=after.facts.severity.rank, now=now)
    return last if pending.last is None else None


def _defer(tx: Tx, recipient: Recipient, incident: Incident, why: DeferralReason, now: datetime) -> None:
    chat, thread = recipient
    deferred.add(tx, Deferral(chat=chat, thread=thread, incident=incident.id, why=why, at=now))


def _last_of_batch(tx: Tx, pending: PendingFanout, question: Asked, known: set[Recipient], rules: Rules) -> int | None:
    """The last chat of this batch; None if it takes all that are left."""
    if rules.batch is None or pending.last is not None:
        return pending.last
    asking = subscriptions.chats_of(tx, question, after=pending.chat, limit=rules.batch)
    others = sorted({chat for chat, _ in known if chat > pending.chat})[: rules.batch]
    ends = [chats_[-1] for chats_ in (asking, others) if len(chats_) == rules.batch]
    return min(ends, default=None)


def _settings(tx: Tx, incident: Incident, after: int, last: int | None) -> _Settings:
    end = ABOVE_CHATS if last is None else last
    return _Settings(
        preferences.of_chats(tx, after, end),
        deferred.holders(tx, incident.id, after, end),
    )


def _between(recipients: set[Recipient], after: int, last: int | None) -> set[Recipient]:
    return {recipient for recipient in recipients if after < recipient[0] and (last is None or recipient[0] <= last)}


def _decide(
    tx: Tx,
    recipient: Recipient,
    routing: Routing,
    incident: Incident,
    interest: Interest,
    settings: _Settings,
    *,
    now: datetime,
    rules: Rules,
) -> NotificationDecision:
    """What becomes of a message under the chat's quiet hours, digest and limit a day."""
    if routing.action is None or routing.action is Action.EDIT:
        return NotificationDecision(routing.action, True)
    over = interest.most_a_day is not None and routing.action is Action.NEW
    if over and interest.most_a_day is not None:
        over = outbox.first_cards_since(tx, *recipient, now - timedelta(days=1), now) >= interest.most_a_day
    decision = decide_notification(
        routing.action,
        incident.facts.severity,
        settings.preferences.get(recipient, NO_PREFERENCES),
        silent=routing.silent,
        loud=rules.loud,
        over=over,
        now=now,
    )
    if decision.action is Action.NEW and recipient in settings.deferred:
        told = (DeferralReason.DIGEST, DeferralReason.BUDGET, DeferralReason.PAUSED)
        deferred.remove(tx, *recipient, *told, incident=incident.id)
    return decision


def _messages(action: Action | None) -> tuple[Action, ...]:
    """The messages of an action: a reply comes with an edit of the card."""
    match action:
        case None:
            return ()
        case Action.REPLY | Action.RETRACT:
            return (action, Action.EDIT)
        case _:
            return (action,)


def _interests_before(
    tx: Tx, incident: Incident | None, after: int, last: int | None, now: datetime, rules: Rules
) -> dict[Recipient, Interest]:
    """``_interests`` for the version before a change; {} for none."""
    if incident is None:
        return {}
    return _interests(tx, incident, asked(tx, incident, rules), after, last, now, rules)


def _interests(
    tx: Tx, incident: Incident, question: Asked, after: int, last: int | None, now: datetime, rules: Rules
) -> dict[Recipient, Interest]:
    """The interest of each chat and topic that asks for an incident; of several subscriptions the most generous.

    Where only a paused one would ask for it, the match is no, for ``PAUSED``.
    """
    found: dict[Recipient, Interest] = {}
    for subscription in subscriptions.possible(tx, question, after=after, last=last):
        recipient = (subscription.chat, subscription.thread)
        known = found.get(recipient)
        if known is not None and known.match.yes and known.most_a_day is None:
            continue
        is_asleep = is_paused(subscription, now)
        wanted = unpaused(subscription) if is_asleep else subscription
        texts = partial(articles.bodies, tx)
        match = matches(incident, wanted, contains=rules.contains, now=now, texts=texts, reached=rules.reached)
        if match.yes and is_asleep:
            found.setdefault(recipient, Interest(Match(False, PAUSED), None))
        elif match.yes:
            most = subscription.most_a_day
            more = known is None or not known.match.yes or most is None or most > (known.most_a_day or 0)
            found |= {recipient: Interest(match, most)} if more else {}
    return found


def asked(tx: Tx, incident: Incident, rules: Rules) -> Asked:
    """What subscriptions to an incident's place, kinds and severity are looked up by."""
    place, felt = incident.facts.place, felt_area(incident.facts)
    countries = _countries(tx, place)
    if felt is not None:
        towns = rules.reached(felt.lat, felt.lon, felt.km)
        countries = tuple(dict.fromkeys([*countries, *(town.country for town in towns if town.country)]))
    return Asked(
        countries=countries,
        spots=_holding([spot for one in countries for spot in subscriptions.spots(tx, one)], place, felt, rules),
        wide=_holding(subscriptions.spots(tx, None), place, felt, rules),
        box=_box(place) if felt is None else _felt_box(felt),
        kinds=tuple(sorted(kinds_of(incident))),
        severity=incident.facts.severity.rank,
    )


def _countries(tx: Tx, place: Place | None) -> tuple[str, ...]:
    """The countries in which a place may lie: its own; any if it has none, as the sea and Kashmir have none."""
    if place is None:
        return ()
    return (place.country,) if place.country else tuple(subscriptions.countries(tx))


def _holding(spots: Iterable[bytes], place: Place | None, felt: FeltArea | None, rules: Rules) -> tuple[str, ...]:
    """The spots that hold a place, or in which an earthquake was felt."""
    known = _answers(place, felt, rules.contains)
    for spot in spots:
        if spot not in known:
            known[spot] = _holds(spot, place, felt, rules)
    return tuple(spot.decode() for spot in spots if known[spot])


@lru_cache(maxsize=PLACES_KEPT)
def _answers(_place: Place | None, _felt: FeltArea | None, _contains: Contains) -> dict[bytes, bool]:
    """Spot -> does it hold the place, or was it felt there? Filled as spots are asked for."""
    return {}


def _holds(spot: bytes, place: Place | None, felt: FeltArea | None, rules: Rules) -> bool:
    try:
        area = subscriptions.place_of(spot)
    except (msgspec.DecodeError, UnicodeDecodeError):
        log.exception("a damaged row", extra={"table": subscriptions.TABLE, "row": spot})
        return False
    if area is None or (place is not None and bool(rules.contains(area, place))):
        return True
    return felt is not None and is_felt_in(area, felt, contains=rules.contains, reached=rules.reached)


def _felt_box(felt: FeltArea) -> Box:
    """Where the centre of a circle may lie that an earthquake was felt at; any circle that reaches it may hold it."""
    high, wide = half_extent(felt.lat, felt.km)
    west, east = felt.lon - wide, felt.lon + wide
    is_whole = west < -180 or east > 180
    return Box(felt.lat - high, felt.lat + high, -180.0 if is_whole else west, 180.0 if is_whole else east)


def _box(place: Place | None) -> Box | None:
    """Where a place may lie in a circle: its point; anywhere if it has none; None if no point of it is known."""
    if place is None or place.precision not in POINTS:
        return None
    if place.lat is None or place.lon is None:
        return Box()
    return Box(place.lat, place.lat, place.lon, place.lon)
