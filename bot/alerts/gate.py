"""May a change be told at all? History, old news and what is probably known already are not.

Decided once for all chats; ``fanout`` then decides which of them get it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from bot.alerts.routing import Reached, reaches_nothing
from bot.i18n.translate import mark_in
from bot.types import Hook, Reason
from extract import track
from extract.places.containment import Contains, by_names
from extract.types import Action, Change, Incident, News, Severity

# nobody who was not told of an incident is told that it is denied or corrected
_NOTICES = frozenset({track.CORRECTED, track.DENIED, track.TAKEN_BACK})
ON_TRIAL = Reason(mark_in("reason", "its source is on trial"))
HISTORY = Reason(mark_in("reason", "history of a new source"))


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The settings that ingesting depends on: what is news, and how it is told.

    ``fresh`` is the greatest age of the article and ``act_within`` of the act for a first card. Incidents as severe as
    ``loud`` make a sound. ``families`` maps a source to its owner, ``tiers`` to its tier; ``contains`` says how surely
    the first place holds the second, ``reached`` which divisions a circle reaches. ``batch`` is how many chats one
    transaction fans out to; None: all of them. ``hooks`` are the programs that are told of changes too.
    """

    fresh: timedelta = timedelta(hours=48)
    act_within: timedelta = timedelta(days=7)
    loud: Severity = Severity.SEVERE
    families: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, int] = field(default_factory=dict)
    batch: int | None = None
    contains: Contains = by_names
    hooks: tuple[Hook, ...] = ()
    reached: Reached = reaches_nothing


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """The report that made a change: when it was published, whether of the act or its aftermath.

    ``is_history``: from the first read of a new source. ``is_on_trial``: its source starts no alerts yet.
    ``is_first_account``: of the act itself, when so far only its aftermath was reported. ``is_known_aftermath``:
    probably the aftermath of another incident that has been told.
    """

    published: datetime | None
    news: News
    is_history: bool = False
    is_on_trial: bool = False
    is_first_account: bool = False
    is_known_aftermath: bool = False


def restrict_action(
    change: Change,
    incident: Incident,
    report: ReportContext,
    *,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Change, Reason | None]:
    """The change with the action that may be taken on it, and the reason if that is less than it asked for.

    ``announced``: chats have been told of the incident before.
    """
    action, note = _allowed(change, incident, report, announced=announced, now=now, rules=rules)
    return msgspec.structs.replace(change, action=action), note


def _allowed(
    change: Change,
    incident: Incident,
    report: ReportContext,
    *,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Action | None, Reason | None]:
    action = change.action
    if action is None:
        return None, None
    if announced:
        quiet = report.is_history and action is Action.REPLY
        return (Action.EDIT, HISTORY) if quiet else (action, None)
    is_notice = not _NOTICES.isdisjoint(change.because) or any(one.denies for one in incident.notices)
    if action is Action.RETRACT or is_notice or (action is Action.EDIT and not report.is_first_account):
        return None, Reason(mark_in("reason", "nobody has been told of this incident, and the change is small"))
    why = _why_no_first_card(incident, report, now, rules)
    return (None, why) if why else (Action.NEW, None)


def _why_no_first_card(incident: Incident, report: ReportContext, now: datetime, rules: Rules) -> Reason | None:
    """Why an incident that has not been told yet gets no first card; None if it gets one."""
    if report.is_history:
        return HISTORY
    if report.is_on_trial:
        return ON_TRIAL
    if _is_old(report, incident, now, rules):
        return Reason(mark_in("reason", "the article is old"))
    if report.is_known_aftermath:
        return Reason(mark_in("reason", "probably the sequel of an incident that is known already"))
    when = incident.facts.when
    if when is not None and when.last_day < (now - rules.act_within).date():
        return Reason(mark_in("reason", "the act lies too far back"))
    if when is None and report.news is News.FOLLOW_UP:
        return Reason(mark_in("reason", "a follow-up to something whose time isn't known"))
    return None


def _is_old(report: ReportContext, incident: Incident, now: datetime, rules: Rules) -> bool:
    """Is the article old by its date or, where it has none, by its story, of which others told long ago?"""
    if report.published is None:
        return incident.first_told < now - rules.act_within
    return now - report.published > rules.fresh
