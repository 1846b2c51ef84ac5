"""What may be told of a change, to whom, and why not to others? Every change becomes outbox rows here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from bot.alerts.quiet_hours import Hearing, hearing
from bot.alerts.routing import Holds, Match, Routing, Situation, matches, route
from bot.i18n.translate import default_locale, in_locale, mark_in
from bot.store import (
    Tx,
    acknowledgements,
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
from bot.store.fanout import Telling
from bot.types import Alert, Held, HeldFor, Subscription
from extract.types import Action, Change, Incident, Lifecycle, News, Place, Severity

Pair = tuple[int, int]
# lower than any chat
_BEFORE_ALL = -(2**63)
HISTORY = mark_in("reason", "history of a new source")


def same_place_only(area: Place, place: Place) -> bool:
    """Does an area hold a place, where nothing is known of what lies in what: only where it is the place."""
    return area.geonameid is not None and area.geonameid == place.geonameid


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What counts as news and for whom: the settings that ingesting depends on.

    ``fresh`` is how old an article may be and ``act_within`` how long ago the act, for a first card. ``families``
    gives the owner of a source, ``holds`` whether one place holds another. ``part`` is how many chats are told in one
    transaction; None: all of them.
    """

    fresh: timedelta = timedelta(hours=48)
    act_within: timedelta = timedelta(days=7)
    loud: Severity = Severity.SEVERE
    families: Mapping[str, str] = field(default_factory=dict)
    part: int | None = None
    holds: Holds = same_place_only


@dataclass(frozen=True, kw_only=True)
class Told:
    """What made a change: when it was published, as news of the act or of its sequel, and from a source's history?

    ``is_first_account``: of the act itself, where only its sequel has been heard of. ``is_known_sequel``: probably of
    an act that chats have been told of under another incident.
    """

    published: datetime | None
    news: News
    is_history: bool = False
    is_first_account: bool = False
    is_known_sequel: bool = False


def restrain(
    change: Change,
    incident: Incident,
    told: Told,
    *,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Change, str]:
    """What may be told of a change, and why less, if so. ``announced``: chats know of the incident already."""
    action, note = _allowed(change, incident, told, announced=announced, now=now, rules=rules)
    return msgspec.structs.replace(change, action=action), note


def _allowed(
    change: Change,
    incident: Incident,
    told: Told,
    *,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Action | None, str]:
    action = change.action
    if action is None:
        return None, ""
    if announced:
        quiet = told.is_history and action is Action.REPLY
        return (Action.EDIT, HISTORY) if quiet else (action, "")
    if action is Action.RETRACT or (action is Action.EDIT and not told.is_first_account):
        return None, mark_in("reason", "nobody has been told of this incident, and the change is small")
    why = _why_no_first_card(incident, told, now, rules)
    return (None, why) if why else (Action.NEW, "")


def _why_no_first_card(incident: Incident, told: Told, now: datetime, rules: Rules) -> str:
    """Why an incident that nobody has been told of is no news; empty where it is."""
    if told.is_history:
        return HISTORY
    if told.published is not None and now - told.published > rules.fresh:
        return mark_in("reason", "the article is old")
    if told.is_known_sequel:
        return mark_in("reason", "probably the sequel of an incident that is known already")
    when = incident.facts.when
    if when is not None and when.last_day < (now - rules.act_within).date():
        return mark_in("reason", "the act lies too far back")
    if when is None and told.news is News.FOLLOW_UP:
        return mark_in("reason", "a follow-up to something whose time isn't known")
    return ""


def publish(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """Save an incident's new version, and make due what its change asks for."""
    known = before is not None and incidents.announced(tx, after.id)
    incidents.save(tx, after, change, announced=known or change.action is Action.NEW)
    if after.lifecycle is Lifecycle.RETRACTED:
        outbox.drop_first_cards(tx, after.id, why=mark_in("reason", "taken back before it was sent"), now=now)
    if change.action is not None:
        tell(tx, change, before, after, now=now, rules=rules)


def tell(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """The outbox rows of one change: for every chat that has a card, follows the incident or asks for it.

    Where ``rules.part`` says so, the first chats only, and none while another change is not told to all: ``tell_on``
    tells the rest. Why each was told is stored in English, whoever's hand made the change.
    """
    telling = Telling(change=change, before=before, after=after, chat=_BEFORE_ALL, at=now)
    if rules.part is None:
        while tell_on(tx, rules):  # what is not told yet comes first
            pass
    else:  # a chat whose turn comes later may have been sent its first card by then
        outbox.show_newest(tx, after.id, after.version)
        if fanout.is_any(tx):
            fanout.begin(tx, telling)
            return
    last = _tell_part(tx, telling, rules)
    if last is not None:
        fanout.begin(tx, msgspec.structs.replace(telling, chat=last))


def tell_on(tx: Tx, rules: Rules) -> bool:
    """The next part of a change that not every chat has been told of; False where there is none."""
    telling = fanout.next_one(tx)
    if telling is None:
        return False
    last = _tell_part(tx, telling, rules)
    if last is None:
        fanout.end(tx, telling.id)
    else:
        fanout.go_on(tx, telling.id, last)
    return True


def _tell_part(tx: Tx, telling: Telling, rules: Rules) -> int | None:
    """Tell the next chats; the last of them, None where that was all."""
    with in_locale(default_locale()):
        return _tell(tx, telling, rules)


def _tell(tx: Tx, telling: Telling, rules: Rules) -> int | None:
    change, before, after, now = telling.change, telling.before, telling.after, telling.at
    stands = incidents.get(tx, after.id) or after  # another report or a hand may have changed it meanwhile
    is_over = bool(stands.merged_into) or stands.lifecycle is Lifecycle.RETRACTED
    told = cards.holders(tx, after.id) | outbox.open_first_cards(tx, after.id)
    followers = follows.followers(tx, after.id)
    last = _last_of_part(tx, telling, told | followers, rules)
    told, followers = _between(told, telling.chat, last), _between(followers, telling.chat, last)
    muted = chats.muted(tx, _keys(after), now)
    seen = acknowledgements.covering(tx, after.id, after.facts.severity.rank)
    followed = dict.fromkeys(followers, Wanted(Match(True, mark_in("reason", "followed")), None))
    asked = _asked(tx, after, telling.chat, last, now, rules) | followed
    asked_before = (_asked(tx, before, telling.chat, last, now, rules) if before else {}) | followed
    for pair in sorted(told | set(asked)):
        situation = Situation(
            has_card=pair in told, muted=pair in muted, acknowledged=pair in seen, matched_before=pair in asked_before
        )
        wanted = asked.get(pair) or Wanted(Match(False, mark_in("reason", "not asked for")), None)
        routing = route(change, after, wanted.match, situation, loud=rules.loud)
        if routing.action is None or (routing.action is Action.NEW and is_over):
            continue
        heard = _heard(tx, pair, routing, after, wanted, now=now, rules=rules)
        if heard.held is not None:
            deferred.hold(tx, Held(chat=pair[0], thread=pair[1], incident=after.id, why=heard.held, at=now))
        for action in _messages(heard.action):
            alert = Alert(
                id=0,
                chat=pair[0],
                thread=pair[1],
                incident=after.id,
                version=stands.version if action is Action.NEW else after.version,
                action=action,
                silent=heard.silent or action is Action.EDIT,
                change=change,
            )
            outbox.enqueue(tx, alert, severity=after.facts.severity.rank, why=routing.why, now=now)
    return last if telling.last is None else None


def _last_of_part(tx: Tx, telling: Telling, known: set[Pair], rules: Rules) -> int | None:
    """Up to which chat this part goes; None where it goes to the end."""
    if rules.part is None or telling.last is not None:
        return telling.last
    facts = telling.after.facts
    country = facts.place.country if facts.place else None
    asking = subscriptions.chats_of(tx, country, after=telling.chat, limit=rules.part)
    others = sorted({chat for chat, _ in known if chat > telling.chat})[: rules.part]
    ends = [chats_[-1] for chats_ in (asking, others) if len(chats_) == rules.part]
    return min(ends, default=None)


def _between(pairs: set[Pair], after: int, last: int | None) -> set[Pair]:
    return {pair for pair in pairs if after < pair[0] and (last is None or pair[0] <= last)}


def _heard(
    tx: Tx, pair: Pair, routing: Routing, incident: Incident, wanted: Wanted, *, now: datetime, rules: Rules
) -> Hearing:
    """What becomes of a message by the hours, digest and budget that a chat has chosen."""
    if routing.action is None or routing.action is Action.EDIT:
        return Hearing(routing.action, True)
    over = wanted.most_a_day is not None and routing.action is Action.NEW
    if over and wanted.most_a_day is not None:
        over = outbox.first_cards_since(tx, *pair, now - timedelta(days=1)) >= wanted.most_a_day
    heard = hearing(
        routing.action,
        incident.facts.severity,
        preferences.get(tx, *pair),
        silent=routing.silent,
        loud=rules.loud,
        over=over,
        now=now,
    )
    if heard.action is Action.NEW:
        deferred.release(tx, *pair, HeldFor.DIGEST, HeldFor.BUDGET, incident=incident.id)
    return heard


def _keys(incident: Incident) -> list[str]:
    """What a chat can have muted of an incident: itself, its kind, its place, its source where it has but one."""
    facts = incident.facts
    keys = [incident.id, f"kind:{facts.kind}"]
    if facts.place is not None and facts.place.geonameid is not None:
        keys.append(f"place:{facts.place.geonameid}")
    named = {article.source.casefold() for article in incident.articles if article.source}
    return keys + ([f"source:{named.pop()}"] if len(named) == 1 else [])


def _messages(action: Action | None) -> tuple[Action, ...]:
    """What is sent: a reply comes with an edit of the card."""
    match action:
        case None:
            return ()
        case Action.REPLY | Action.RETRACT:
            return (action, Action.EDIT)
        case _:
            return (action,)


@dataclass(frozen=True)
class Wanted:
    """Does a chat ask for an incident, and how many first cards a day it takes at most: None is as many as come."""

    match: Match
    most_a_day: int | None


def _asked(tx: Tx, incident: Incident, after: int, last: int | None, now: datetime, rules: Rules) -> dict[Pair, Wanted]:
    """Each chat (and topic) that asks for an incident, with why; the subscription that allows most counts."""
    place = incident.facts.place
    asked: dict[Pair, Wanted] = {}
    for subscription in subscriptions.possible(tx, place.country if place else None, after=after, last=last):
        pair = (subscription.chat, subscription.thread)
        known = asked.get(pair)
        if known is not None and known.most_a_day is None:
            continue
        match = matches(incident, subscription, holds=rules.holds, now=now)
        if match.yes:
            most = subscription.most_a_day
            more = known is None or most is None or most > (known.most_a_day or 0)
            asked |= {pair: Wanted(match, most)} if more else {}
    return asked


def preview(found: Iterable[Incident], subscription: Subscription, *, holds: Holds, now: datetime) -> list[Incident]:
    """Which of these incidents a subscription asks for."""
    return [incident for incident in found if matches(incident, subscription, holds=holds, now=now).yes]
