"""How do the reports of an article become incidents, changes and alerts? In one transaction per article.

``intake`` and ``replay`` use the same function; they differ in the clock, the ids and the origin of the articles.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from bot.alerts.fanout import publish
from bot.alerts.gate import ON_TRIAL, ReportContext, Rules, restrict_action
from bot.errors import StoreError
from bot.i18n.translate import mark_in
from bot.incidents.undated import with_known_text
from bot.store import Store, Tx, articles, blocking, cards, incidents, outbox, source_reliability, unread
from bot.types import Alert, DecisionRecord, Reason, StoredArticle
from extract import track
from extract.lang import ENGLISH, LANGUAGES
from extract.lang.detect import language_of
from extract.publishers import packaged_publishers
from extract.text.layout import plain_text
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Change,
    Decision,
    Extraction,
    Incident,
    Lifecycle,
    Member,
    Report,
    Severity,
)

ID_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 8
REFRESHED_AT_ONCE = 200
# a card that could not be edited within this time after its incident was closed stays as it is
REFRESHED_FOR = timedelta(days=2)
AGED = Reason(mark_in("reason", "no news for a while"))

# the number of incidents so far -> a new id
NewId = Callable[[int], str]


def random_id(_: int) -> str:
    """A random id for a new incident, as the service uses it."""
    return "".join(random.SystemRandom().choices(ID_LETTERS, k=ID_LENGTH))


def seeded_ids(seed: str) -> NewId:
    """A function that makes ids for a replay: the same for the same seed and number, also after a resumption."""
    return lambda number: "".join(random.Random(f"{seed}:{number}").choices(ID_LETTERS, k=ID_LENGTH))


def replay(
    store: Store, article: Article, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    """Commit one article of a recorded stream, after ageing the incidents to its time; returns the changes.

    [] if the article has been replayed before.
    """
    return store.write_sync(_replay, article, extraction, now=now, new_id=new_id, rules=rules)


def is_known(store: Store, article_id: str) -> bool:
    """Has this article of a recorded stream been replayed before, so that it need not be extracted again?"""
    return store.read_sync(articles.is_done, article_id)


def commit(
    tx: Tx, stored: StoredArticle, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    """T2: write the reports, decisions, incidents, versions, changes and alerts of one article, and mark it done.

    Returns the changes. An article that its source withdraws has no reports any more: an incident without another
    report is retracted. An article whose new text only reports less keeps its earlier reports.
    """
    article = stored.article
    changes: list[Change | None] = []
    known = incidents.reports_of(tx, article.id)
    if known and track.is_withdrawn(article):
        members = _members(stored, extraction, rules)
        notice = next((one for one in members if one.report.notice is not None), None)
        for position, incident in known:
            incidents.leave(tx, article.id, position)
            if notice is not None:
                incidents.join(tx, incident, notice, position, now)
            changes.append(_without_withdrawn(tx, incident, article.id, now=now, rules=rules))
    elif not article.withdrawn:
        stored, places = _placed(tx, stored, extraction, now)
        for position, member in zip(places, _members(stored, extraction, rules), strict=True):
            changes.append(_commit_report(tx, stored, member, position, now=now, new_id=new_id, rules=rules))
    if extraction.unread:
        unread.count(tx, stored.source_url, extraction.unread, now)
    articles.mark_done(tx, stored, extraction)
    return [change for change in changes if change is not None]


def _members(stored: StoredArticle, extraction: Extraction, rules: Rules) -> list[Member]:
    ref, sketch = _reference(stored, rules), track.sketch(stored.article)
    return [Member(article=ref, report=report, sketch=sketch) for report in extraction.reports]


def _placed(
    tx: Tx, stored: StoredArticle, extraction: Extraction, now: datetime
) -> tuple[StoredArticle, Sequence[int]]:
    """The article and the positions of its reports; a revision that tells another act becomes an article of its own."""
    before = articles.revision_before(tx, stored)
    if before is None or stored.article.stated is not None or any(map(track.is_notice, extraction.reports)):
        return stored, range(len(extraction.reports))
    earlier = incidents.reports_by_position(tx, stored.article.id)
    renamed = articles.has_new_id(tx, stored)
    if track.tells_another_act(before, stored.article, earlier, extraction.reports, has_new_id=renamed):
        return articles.separate(tx, stored, now), range(len(extraction.reports))
    return stored, track.positions(earlier, extraction.reports, track.texts_alike(before, stored.article))


def grow_old(tx: Tx, now: datetime) -> int:
    """Make incidents without recent reports stable or closed, without alerts; returns how many.

    A closed incident is settled: the reliability of its sources is assessed by it.
    """
    rule = track.rules("lifecycle")
    stable, closed = (now - timedelta(hours=rule[name]) for name in ("stable_hours", "closed_hours"))
    due = incidents.inactive(tx, stable=stable, closed=closed)
    for incident in due:
        after = track.age(incident, now)
        if after is not None:
            change = Change(
                incident=after.id, version=after.version, at=now, article="", action=None, because=("lifecycle",)
            )
            incidents.save(tx, after, change, announced=incidents.is_announced(tx, after.id))
            if after.lifecycle is Lifecycle.CLOSED:
                source_reliability.put(tx, after.id, track.assess_sources(after.facts, incidents.members(tx, after.id)))
    return len(due)


def refresh_aged(tx: Tx, now: datetime, limit: int = REFRESHED_AT_ONCE) -> int:
    """Enqueue silent edits of cards whose incident became stable or closed; returns how many, at most ``limit``.

    They are less urgent than any alert.
    """
    rule = track.rules("lifecycle")
    oldest = now - timedelta(hours=rule["closed_hours"]) - REFRESHED_FOR
    found = cards.outdated(tx, since=oldest, until=now - timedelta(hours=rule["stable_hours"]), limit=limit)
    for card in found:
        alert = Alert(
            id=0,
            chat=card.chat,
            thread=card.thread,
            incident=card.incident,
            version=card.version,
            action=Action.EDIT,
            silent=True,
        )
        outbox.enqueue(tx, alert, severity=Severity.UNKNOWN.rank, why=AGED, now=now)
    return len(found)


def _reference(stored: StoredArticle, rules: Rules) -> ArticleRef:
    article = stored.article
    known = ArticleRef(
        id=article.id,
        url=article.url,
        source=article.source,
        published=article.published,
        title=article.title,
        origin=track.origin_of(article, rules.families),
        seen=None if article.published else stored.first_seen,
        lang=_language(article),
    )
    publisher = packaged_publishers().find(article.source, article.url)
    tier = rules.tiers.get(article.source, publisher.tier if publisher else known.tier)
    return msgspec.structs.replace(known, tier=tier)


def _language(article: Article) -> str:
    """The code of the language that an article was read in; empty for English."""
    language = language_of(article, plain_text(article), LANGUAGES.values())
    return "" if language is None or language is ENGLISH else language.code


def _without_withdrawn(tx: Tx, incident_id: str, article: str, *, now: datetime, rules: Rules) -> Change | None:
    """Publish an incident again after one of its reports was withdrawn; returns the change."""
    before = incidents.get(tx, incident_id)
    if before is None:
        return None
    after = track.fuse(incidents.members(tx, incident_id), id=incident_id, before=before, now=now)
    change = track.change(before, after, article=article, now=now)
    if not incidents.is_announced(tx, incident_id):
        change = msgspec.structs.replace(change, action=None)
    publish(tx, change, before, after, now=now, rules=rules)
    return change


def _commit_report(
    tx: Tx, stored: StoredArticle, member: Member, position: int, *, now: datetime, new_id: NewId, rules: Rules
) -> Change | None:
    decision = _decide(tx, stored, member, position)
    record = DecisionRecord(
        article=stored.article.id, revision=stored.revision, position=position, at=now, decision=decision
    )
    if decision.action == "drop":
        incidents.record_decision(tx, record)
        return None
    before = incidents.get(tx, decision.incident) if decision.incident else None
    incident_id = before.id if before else new_id(incidents.count(tx))
    is_only_on_trial = before is not None and incidents.is_only_on_trial(tx, incident_id)
    incidents.join(tx, incident_id, member, position, now)
    if (
        stored.on_trial and before is not None and not is_only_on_trial
    ):  # it is evidence that the source told it too, and changes nothing
        decision = msgspec.structs.replace(decision, incident=incident_id)
        incidents.record_decision(tx, msgspec.structs.replace(record, decision=decision, note=ON_TRIAL))
        return None
    after = track.fuse(incidents.members(tx, incident_id), id=incident_id, before=before, now=now)
    # what only a source on trial told so far is new to everybody
    known = None if is_only_on_trial and not stored.on_trial else before
    raw = track.change(known, after, article=stored.article.id, now=now)
    announced = before is not None and incidents.is_announced(tx, incident_id)
    report_context = ReportContext(
        published=stored.article.published,
        news=member.report.news,
        is_history=stored.baseline,
        is_on_trial=stored.on_trial,
        is_first_account=before is not None and _is_first_account(before, after, member.report),
        is_known_aftermath=decision.aftermath_of is not None and incidents.is_announced(tx, decision.aftermath_of),
    )
    change, note = restrict_action(raw, after, report_context, announced=announced, now=now, rules=rules)
    publish(tx, change, before, after, now=now, rules=rules)
    incidents.record_decision(
        tx,
        msgspec.structs.replace(
            record, decision=msgspec.structs.replace(decision, incident=incident_id), change=change, note=note
        ),
    )
    return change


def _is_first_account(before: Incident, after: Incident, report: Report) -> bool:
    """Is it the first report about the event itself, after reports about its aftermath only?"""
    is_news = before.facts.news is not after.facts.news
    return is_news or (track.is_about_aftermath(before.facts) and not track.is_about_aftermath(report))


def _decide(tx: Tx, stored: StoredArticle, member: Member, position: int) -> Decision:
    """Decide which incident a report belongs to; that of a revised article stays in the incident of the earlier one."""
    current = incidents.incident_of(tx, stored.article.id, position)
    if current is not None:
        return Decision(action="merge", incident=current, reason="a new revision of an article that is part of it")
    published = stored.article.published or stored.first_seen
    if track.is_notice(member.report):
        return track.decide_noticed(member, blocking.candidates(tx, track.notice_window(member.report, published)))
    known = blocking.candidates(tx, track.search_window(member.report, published))
    return with_known_text(tx, member, track.decide(member, known))


def _replay(
    tx: Tx, article: Article, extraction: Extraction, *, now: datetime, new_id: NewId, rules: Rules
) -> list[Change]:
    if articles.add(tx, "", article, now, baseline=False) == "known":
        return []
    grow_old(tx, now)
    stored = articles.get(tx, article.id)
    if stored is None:
        raise StoreError(f"the article {article.id} was added and is not there")
    return commit(tx, stored, extraction, now=now, new_id=new_id, rules=rules)
