"""May a change be told at all? What is history, old, or probably known already is no news.

Decided once for every chat, before it is decided which chats it goes to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from bot.alerts.routing import Holds
from bot.i18n.translate import mark_in
from extract.types import Action, Change, Incident, News, Place, Severity

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
