"""What does a correction by an administrator change? Records are merged, split or retracted, and it can be undone.

Reports move between records, the records are fused again from the reports they then have, and cards that were sent are
pointed at the record that they now belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.alerts.fanout import publish
from bot.alerts.gate import ReportContext, Rules, restrict_action
from bot.alerts.routing import RESTORED
from bot.errors import ChatError
from bot.i18n.translate import mark, t
from bot.incidents.ingest import NewId
from bot.store import Tx, acknowledgements, amendments, cards, follows, incidents, outbox
from bot.types import Amendment, Card, Reason
from extract import track
from extract.types import Action, Incident, Lifecycle

NO_SUCH = mark("There is no incident “{id}”. /latest shows what there is.")


def merge(tx: Tx, kept: str, other: str, *, now: datetime, rules: Rules) -> Amendment:
    """Merge two records: the first is kept, the other only points to it.

    Raises:
        ChatError: there is no such incident, they are one already, or one is retracted.
    """
    into, gone = _known(tx, kept), _known(tx, other)
    if into.id == gone.id:
        raise ChatError(t("These are one incident already."))
    _not_retracted(into, gone)
    amendment = Amendment(
        at=now,
        action="merge",
        incident=into.id,
        other=gone.id,
        reports=tuple(incidents.report_keys(tx, gone.id)),
        cards=_take_over(tx, gone, into, now=now, rules=rules),
    )
    return amendments.add(tx, amendment)


def split(
    tx: Tx, incident_id: str, articles: Sequence[str], *, now: datetime, new_id: NewId, rules: Rules
) -> Amendment:
    """Move the reports of some articles out of a record into a new one.

    Raises:
        ChatError: there is no such incident, it is retracted, or no report would move, or none would stay.
    """
    whole = _known(tx, incident_id)
    _not_retracted(whole)
    keys = incidents.report_keys(tx, whole.id)
    leaving = tuple(key for key in keys if key[0] in articles)
    if not leaving or len(leaving) == len(keys):
        raise ChatError(t("Some of its articles must go, and some must stay."))
    part = new_id(incidents.count(tx))
    incidents.move(tx, leaving, whole.id, part)
    _fuse_again(tx, whole, because="split", now=now, rules=rules)
    _start_record(tx, part, now=now, rules=rules)
    return amendments.add(tx, Amendment(at=now, action="split", incident=whole.id, other=part, reports=leaving))


def retract(tx: Tx, incident_id: str, *, now: datetime, rules: Rules) -> Amendment:
    """Retract a record, whatever its reports say; chats that have its card are told.

    Raises:
        ChatError: there is no such incident, or it is retracted already.
    """
    before = _known(tx, incident_id)
    if before.lifecycle is Lifecycle.RETRACTED:
        raise ChatError(t("That has been taken back already."))
    after = msgspec.structs.replace(before, version=before.version + 1, lifecycle=Lifecycle.RETRACTED)
    _publish_version(tx, before, after, because="retracted", now=now, rules=rules)
    return amendments.add(tx, Amendment(at=now, action="retract", incident=before.id, lifecycle=before.lifecycle))


def undo(tx: Tx, *, now: datetime, rules: Rules, number: int | None = None) -> Amendment:
    """Undo the newest correction that has not been undone; with a ``number`` only if it is that one.

    Raises:
        ChatError: there is none, or there is a newer one than ``number``.
    """
    done = amendments.last(tx)
    if done is None:
        raise ChatError(t("Nothing that was done by hand is left to undo."))
    if number is not None and done.id != number:
        raise ChatError(t("That is undone already, or something else was done since. /undo takes back the newest."))
    amendments.mark_undone(tx, done, now)
    first = incidents.get(tx, done.incident)
    other = incidents.get(tx, done.other) if done.other else None
    if done.action == "merge" and first and other:
        _unmerge(tx, done, first, other, now=now, rules=rules)
    elif done.action == "split" and first and other:
        _take_over(tx, other, first, now=now, rules=rules)
    elif first:
        restored = msgspec.structs.replace(first, lifecycle=done.lifecycle, version=first.version + 1)
        _publish_version(tx, first, restored, because=RESTORED, now=now, rules=rules, action=Action.REPLY)
    return done


def _not_retracted(*records: Incident) -> None:
    if any(one.lifecycle is Lifecycle.RETRACTED for one in records):
        raise ChatError(t("That has been taken back. /undo stands it up again, if that was done by hand."))


def _known(tx: Tx, name: str) -> Incident:
    """The incident of this id, or the one that it was merged into; raises ChatError if there is none."""
    found = incidents.resolve(tx, name)
    if found is None:
        raise ChatError(t(NO_SUCH, id=name[:40]))
    return found


def _take_over(tx: Tx, gone: Incident, into: Incident, *, now: datetime, rules: Rules) -> tuple[Card, ...]:
    """Move the reports and cards of a record to another, to which it then points; returns the cards as they were."""
    if incidents.is_announced(tx, gone.id):
        incidents.mark_announced(tx, into.id)
    follows.join(tx, gone.id, into.id)
    acknowledgements.join(tx, gone.id, into.id)
    incidents.move(tx, incidents.report_keys(tx, gone.id), gone.id, into.id)
    moved = tuple(cards.reassign_all(tx, gone.id, into.id))
    outbox.drop_first_cards(tx, gone.id, why=Reason(f"one with {into.id}"), now=now)
    pointer = msgspec.structs.replace(gone, version=gone.version + 1, lifecycle=Lifecycle.CLOSED, merged_into=into.id)
    _publish_version(tx, gone, pointer, because="merged", now=now, rules=rules)
    _fuse_again(tx, into, because="merged", now=now, rules=rules)
    return moved


def _unmerge(tx: Tx, done: Amendment, into: Incident, other: Incident, *, now: datetime, rules: Rules) -> None:
    """Undo a merge: the reports and cards that came from the other record go back to it."""
    incidents.move(tx, done.reports, into.id, other.id)
    for card in done.cards:
        cards.reassign(tx, card, other.id)
    _fuse_again(tx, into, because="split", now=now, rules=rules)
    _fuse_again(tx, msgspec.structs.replace(other, merged_into=""), because="split", now=now, rules=rules)


def _fuse_again(tx: Tx, before: Incident, *, because: str, now: datetime, rules: Rules) -> None:
    """Fuse a record again from the reports that it now has; without any, it is retracted."""
    span = incidents.joined_span(tx, before.id)
    if span is None:  # its articles have been withdrawn since
        gone = msgspec.structs.replace(before, version=before.version + 1, lifecycle=Lifecycle.RETRACTED)
        _publish_version(tx, before, gone, because="retracted", now=now, rules=rules)
        return
    after = track.fuse(incidents.members(tx, before.id), id=before.id, before=before, now=now)
    # a correction is no new report: its age goes by its reports
    lifecycle = after.lifecycle if after.lifecycle is Lifecycle.RETRACTED else Lifecycle.DEVELOPING
    after = msgspec.structs.replace(after, first_seen=span[0], last_seen=span[1], lifecycle=lifecycle)
    aged = track.age(after, now)
    aged_version = msgspec.structs.replace(after, lifecycle=aged.lifecycle) if aged else after
    _publish_version(tx, before, aged_version, because=because, now=now, rules=rules)


def _start_record(tx: Tx, part: str, *, now: datetime, rules: Rules) -> None:
    """Publish the record of reports that were split off, as a new incident."""
    members, span = incidents.members(tx, part), incidents.joined_span(tx, part)
    after = track.fuse(members, id=part, before=None, now=now)
    if span is not None:
        after = msgspec.structs.replace(after, first_seen=span[0], last_seen=span[1])
    newest = max((m.article.published for m in members if m.article.published), default=None)
    raw = track.change(None, after, article=members[-1].article.id, now=now)
    report = ReportContext(published=newest, news=after.facts.news)
    change, _ = restrict_action(raw, after, report, announced=False, now=now, rules=rules)
    publish(tx, change, None, after, now=now, rules=rules)


def _publish_version(
    tx: Tx,
    before: Incident,
    after: Incident,
    *,
    because: str,
    now: datetime,
    rules: Rules,
    action: Action = Action.EDIT,
) -> None:
    """Publish the next version; an edit becomes ``action``, and a record that was never told stays so."""
    raw = track.change(before, after, article="", now=now)
    if raw.action in (None, Action.EDIT):
        raw = msgspec.structs.replace(raw, action=action, because=(because,))
    if not incidents.is_announced(tx, after.id):
        raw = msgspec.structs.replace(raw, action=None)
    publish(tx, raw, before, after, now=now, rules=rules)
