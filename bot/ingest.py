"""One article's reports become incidents, changes and alerts, in one transaction.

The same function serves ``run`` and ``replay``: what differs is the clock, the ids and where articles come from.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from bot.errors import StoreError
from bot.route import Holds, Match, Situation, matches, route
from bot.store import Store, Tx, alerts, articles, cards, chats, incidents, numbers, subscriptions
from bot.types import Alert, DecisionRecord, StoredArticle, Subscription
from bot.workers import Failed, Workers
from extract import track
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Change,
    Decision,
    Extraction,
    Incident,
    Member,
    News,
    Place,
    Report,
    Severity,
)

log = logging.getLogger(__name__)

ID_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 8

# the number of incidents so far -> a new id
NewId = Callable[[int], str]
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


def random_id(_: int) -> str:
    """A new incident's id in the service."""
    return "".join(random.SystemRandom().choices(ID_LETTERS, k=ID_LENGTH))


def seeded_ids(seed: str) -> NewId:
    """Ids for a replay: the same for the same seed and number, also when it is resumed."""
    return lambda number: "".join(random.Random(f"{seed}:{number}").choices(ID_LETTERS, k=ID_LENGTH))


async def work_off(
    store: Store,
    workers: Workers,
    rules: Rules,
    *,
    limit: int,
    clock: Callable[[], datetime],
    new_id: NewId = random_id,
) -> int:
    """Extract the articles that wait, at most ``limit``, and commit each. How many there were."""
    waiting = await store.read(articles.waiting, limit)
    if not waiting:
        return 0
    for stored, result in zip(waiting, await workers.extract([one.article for one in waiting]), strict=True):
        if isinstance(result, Failed):
            await store.write(_set_aside, stored, result.why, clock())
            continue
        try:
            await store.write(commit, stored, result, now=clock(), new_id=new_id, rules=rules)
        except StoreError:
            raise
        except Exception as error:  # a bug met by one article must not hold up the others
            log.exception("article can't be ingested", extra={"article": stored.article.id})
            await store.write(_set_aside, stored, f"{type(error).__name__}: {error}", clock())
    return len(waiting)


def replay(
    store: Store, article: Article, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    """One article of a recorded stream through the same pipeline; [] where it has been through it."""
    return store.write_sync(_replay, article, extraction, now=now, new_id=new_id, rules=rules)


def is_known(store: Store, article_id: str) -> bool:
    """Has this article of a recorded stream been replayed already? Then it needn't be extracted again."""
    return store.read_sync(articles.is_done, article_id)


def commit(
    tx: Tx, stored: StoredArticle, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    """T2: reports, decisions, incidents, versions, changes and alerts of one article, and the article is done."""
    article = stored.article
    ref = ArticleRef(
        id=article.id,
        url=article.url,
        source=article.source,
        published=article.published,
        title=article.title,
        origin=track.origin_of(article, rules.families),
    )
    changes: list[Change] = []
    for position, report in enumerate(extraction.reports):
        member = Member(article=ref, report=report)
        change = _commit_report(tx, stored, member, position, now=now, new_id=new_id, rules=rules)
        changes += [change] if change else []
    articles.done(tx, stored, extraction)
    return changes


def restrain(
    change: Change,
    incident: Incident,
    report: Report,
    *,
    stored: StoredArticle,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Change, str]:
    """What may be told of a change, and why less, if so. ``announced``: chats know of the incident already."""
    action, note = _allowed(change, incident, report, stored=stored, announced=announced, now=now, rules=rules)
    return msgspec.structs.replace(change, action=action), note


def _allowed(
    change: Change,
    incident: Incident,
    report: Report,
    *,
    stored: StoredArticle,
    announced: bool,
    now: datetime,
    rules: Rules,
) -> tuple[Action | None, str]:
    action = change.action
    if action is None:
        return None, ""
    if announced:
        quiet = stored.baseline and action is Action.REPLY
        return (Action.EDIT, "history of a new source") if quiet else (action, "")
    if action in (Action.EDIT, Action.RETRACT):
        return None, "nobody has been told of this incident, and the change is small"
    why = _why_no_first_card(incident, report, stored, now, rules)
    return (None, why) if why else (Action.NEW, "")


def _why_no_first_card(incident: Incident, report: Report, stored: StoredArticle, now: datetime, rules: Rules) -> str:
    """Why an incident that nobody has been told of is no news; empty where it is."""
    if stored.baseline:
        return "history of a new source"
    published = stored.article.published
    if published is not None and now - published > rules.fresh:
        return "the article is old"
    when = incident.facts.when
    if when is not None and when.last_day < (now - rules.act_within).date():
        return "the act lies too far back"
    if when is None and report.news is News.FOLLOW_UP:
        return "a follow-up to something whose time isn't known"
    return ""


def _commit_report(
    tx: Tx, stored: StoredArticle, member: Member, position: int, *, now: datetime, new_id: NewId, rules: Rules
) -> Change | None:
    decision = _decide(tx, stored, member, position)
    record = DecisionRecord(
        article=stored.article.id, revision=stored.revision, position=position, at=now, decision=decision
    )
    if decision.action == "drop":
        incidents.decide(tx, record)
        return None
    before = incidents.get(tx, decision.incident) if decision.incident else None
    incident_id = before.id if before else new_id(incidents.count(tx))
    incidents.join(tx, incident_id, member, position, now)
    after = track.fuse(incidents.members(tx, incident_id), id=incident_id, before=before, now=now)
    raw = track.change(before, after, article=stored.article.id, now=now)
    announced = before is not None and incidents.announced(tx, incident_id)
    change, note = restrain(raw, after, member.report, stored=stored, announced=announced, now=now, rules=rules)
    incidents.save(tx, after, change, announced=announced or change.action is Action.NEW)
    incidents.decide(
        tx,
        msgspec.structs.replace(
            record, decision=msgspec.structs.replace(decision, incident=incident_id), change=change, note=note
        ),
    )
    if change.action is not None:
        _enqueue(tx, change, before, after, now=now, rules=rules)
    return change


def _decide(tx: Tx, stored: StoredArticle, member: Member, position: int) -> Decision:
    """Where a report belongs. A revised article's report stays where the earlier one is."""
    home = incidents.home(tx, stored.article.id, position)
    if home is not None:
        return Decision(action="merge", incident=home, reason="a new revision of an article that is part of it")
    published = stored.article.published or stored.first_seen
    known = incidents.candidates(tx, track.search_window(member.report, published))
    return track.decide(member, known)


def _enqueue(tx: Tx, change: Change, before: Incident | None, after: Incident, *, now: datetime, rules: Rules) -> None:
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


def _replay(
    tx: Tx, article: Article, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    if articles.add(tx, "", article, now, baseline=False) == "known":
        return []
    stored = articles.get(tx, article.id)
    if stored is None:
        raise StoreError(f"the article {article.id} was added and is not there")
    return commit(tx, stored, extraction, now=now, new_id=new_id, rules=rules)


def _set_aside(tx: Tx, stored: StoredArticle, why: str, now: datetime) -> None:
    articles.failed(tx, stored, why)
    numbers.problem(tx, f"article {stored.article.id}", "extract", why, now)
