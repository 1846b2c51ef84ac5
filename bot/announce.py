"""What may be told of a change, to whom, and why not to others? Every change becomes outbox rows here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from bot.route import Holds, Match, Situation, matches, route
from bot.store import Tx, alerts, cards, chats, incidents, subscriptions
from bot.types import Alert, Subscription
from extract.types import Action, Change, Incident, Lifecycle, News, Place, Severity

Pair = tuple[int, int]


def _same_place_only(area: Place, place: Place) -> bool:
    return area.geonameid is not None and area.geonameid == place.geonameid


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What counts as news and for whom: the settings that ingesting depends on.

    ``fresh`` is how old an article may be and ``act_within`` how long ago the act, for a first card. ``families``
    gives the owner of a source, ``holds`` whether one place holds another.
    """

    fresh: timedelta = timedelta(hours=48)
    act_within: timedelta = timedelta(days=7)
    loud: Severity = Severity.SEVERE
    families: Mapping[str, str] = field(default_factory=dict)
    holds: Holds = _same_place_only


@dataclass(frozen=True, kw_only=True)
class Told:
    """What made a change: when it was published, as news of the act or of its sequel, and from a source's history?"""

    published: datetime | None
    news: News
    is_history: bool = False


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
        return (Action.EDIT, "history of a new source") if quiet else (action, "")
    if action in (Action.EDIT, Action.RETRACT):
        return None, "nobody has been told of this incident, and the change is small"
    why = _why_no_first_card(incident, told, now, rules)
    return (None, why) if why else (Action.NEW, "")


def _why_no_first_card(incident: Incident, told: Told, now: datetime, rules: Rules) -> str:
    """Why an incident that nobody has been told of is no news; empty where it is."""
    if told.is_history:
        return "history of a new source"
    if told.published is not None and now - told.published > rules.fresh:
        return "the article is old"
    when = incident.facts.when
    if when is not None and when.last_day < (now - rules.act_within).date():
        return "the act lies too far back"
    if when is None and told.news is News.FOLLOW_UP:
        return "a follow-up to something whose time isn't known"
    return ""


def publish(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """Save an incident's new version, and make due what its change asks for."""
    known = before is not None and incidents.announced(tx, after.id)
    incidents.save(tx, after, change, announced=known or change.action is Action.NEW)
    if after.lifecycle is Lifecycle.RETRACTED:
        alerts.drop_first_cards(tx, after.id, why="taken back before it was sent", now=now)
    if change.action is not None:
        tell(tx, change, before, after, now=now, rules=rules)


def tell(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
    """The outbox rows of one change: for every chat that has a card or asks for the incident."""
    told = cards.holders(tx, after.id) | alerts.open_first_cards(tx, after.id)
    muted = chats.muted(tx, after.id, now)
    asked = _asked(tx, after, now, rules)
    asked_before = _asked(tx, before, now, rules) if before else {}
    for pair in sorted(told | set(asked)):
        situation = Situation(has_card=pair in told, muted=pair in muted, matched_before=pair in asked_before)
        wanted = asked.get(pair) or Match(False, "not asked for")
        routing = route(change, after, wanted, situation, loud=rules.loud)
        for action in _messages(routing.action):
            alert = Alert(
                id=0,
                chat=pair[0],
                thread=pair[1],
                incident=after.id,
                version=after.version,
                action=action,
                silent=routing.silent or action is Action.EDIT,
                change=change,
            )
            alerts.enqueue(tx, alert, severity=after.facts.severity.rank, why=routing.why, now=now)


def _messages(action: Action | None) -> tuple[Action, ...]:
    """What is sent: a reply comes with an edit of the card."""
    match action:
        case None:
            return ()
        case Action.REPLY | Action.RETRACT:
            return (action, Action.EDIT)
        case _:
            return (action,)


def _asked(tx: Tx, incident: Incident, now: datetime, rules: Rules) -> dict[Pair, Match]:
    """Each chat (and topic) that asks for an incident, with why; two subscriptions count once."""
    place = incident.facts.place
    asked: dict[Pair, Match] = {}
    for subscription in subscriptions.possible(tx, place.country if place else None):
        pair = (subscription.chat, subscription.thread)
        if pair not in asked:
            match = matches(incident, subscription, holds=rules.holds, now=now)
            asked |= {pair: match} if match.yes else {}
    return asked


def preview(found: Iterable[Incident], subscription: Subscription, *, holds: Holds, now: datetime) -> list[Incident]:
    """Which of these incidents a subscription asks for."""
    return [incident for incident in found if matches(incident, subscription, holds=holds, now=now).yes]
