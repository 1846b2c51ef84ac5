"""What does an administrator's hand change? Records are merged, split or taken back, and each can be undone.

Reports move, records are fused anew from what they then hold, and cards that were sent are pointed at the record that
now tells their story.
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
from bot.types import Amendment, Card
from extract import track
from extract.types import Action, Incident, Lifecycle

NO_SUCH = mark("There is no incident “{id}”. /latest shows what there is.")


def merge(tx: Tx, kept: str, other: str, *, now: datetime, rules: Rules) -> Amendment:
    """Make two records one: the first is kept, the other points to it from now on.

    Raises:
        ChatError: there is no such incident, or they are one already.
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
        reports=tuple(incidents.keys(tx, gone.id)),
        cards=_take_over(tx, gone, into, now=now, rules=rules),
    )
    return amendments.add(tx, amendment)


def split(
    tx: Tx, incident_id: str, articles: Sequence[str], *, now: datetime, new_id: NewId, rules: Rules
) -> Amendment:
    """Take the reports of some articles out of a record and make a record of their own of them.

    Raises:
        ChatError: there is no such incident, none of its reports is meant, or none would be left.
    """
    whole = _known(tx, incident_id)
    _not_retracted(whole)
    held = incidents.keys(tx, whole.id)
    leaving = tuple(key for key in held if key[0] in articles)
    if not leaving or len(leaving) == len(held):
        raise ChatError(t("Some of its articles must go, and some must stay."))
    part = new_id(incidents.count(tx))
    incidents.move(tx, leaving, whole.id, part)
    _renew(tx, whole, because="split", now=now, rules=rules)
    _begin(tx, part, now=now, rules=rules)
    return amendments.add(tx, Amendment(at=now, action="split", incident=whole.id, other=part, reports=leaving))


def retract(tx: Tx, incident_id: str, *, now: datetime, rules: Rules) -> Amendment:
    """Take a record back, whatever its reports say: whoever was told of it is told so.

    Raises:
        ChatError: there is no such incident, or it has been taken back already.
    """
    before = _known(tx, incident_id)
    if before.lifecycle is Lifecycle.RETRACTED:
        raise ChatError(t("That has been taken back already."))
    after = msgspec.structs.replace(before, version=before.version + 1, lifecycle=Lifecycle.RETRACTED)
    _tell(tx, before, after, because="retracted", now=now, rules=rules)
    return amendments.add(tx, Amendment(at=now, action="retract", incident=before.id, lifecycle=before.lifecycle))


def undo(tx: Tx, *, now: datetime, rules: Rules, number: int | None = None) -> Amendment:
    """Take back the newest thing that was done by hand and still holds; with a ``number`` only if it is that one.

    Raises:
        ChatError: there is none, or another was done since.
    """
    done = amendments.last(tx)
    if done is None:
        raise ChatError(t("Nothing that was done by hand is left to undo."))
    if number is not None and done.id != number:
        raise ChatError(t("That is undone already, or something else was done since. /undo takes back the newest."))
    amendments.undone(tx, done, now)
    first = incidents.get(tx, done.incident)
    other = incidents.get(tx, done.other) if done.other else None
    if done.action == "merge" and first and other:
        _part_again(tx, done, first, other, now=now, rules=rules)
    elif done.action == "split" and first and other:
        _take_over(tx, other, first, now=now, rules=rules)
    elif first:
        alive = msgspec.structs.replace(first, lifecycle=done.lifecycle, version=first.version + 1)
        _tell(tx, first, alive, because=RESTORED, now=now, rules=rules, action=Action.REPLY)
    return done


def _not_retracted(*records: Incident) -> None:
    if any(one.lifecycle is Lifecycle.RETRACTED for one in records):
        raise ChatError(t("That has been taken back. /undo stands it up again, if that was done by hand."))


def _known(tx: Tx, name: str) -> Incident:
    """The incident of this name, or the one that it was merged into."""
    found = incidents.resolve(tx, name)
    if found is None:
        raise ChatError(t(NO_SUCH, id=name[:40]))
    return found


def _take_over(tx: Tx, gone: Incident, into: Incident, *, now: datetime, rules: Rules) -> tuple[Card, ...]:
    """One record takes the reports and cards of another, which then only points to it. The cards, as they were."""
    if incidents.announced(tx, gone.id):
        incidents.announce(tx, into.id)
    follows.join(tx, gone.id, into.id)
    acknowledgements.join(tx, gone.id, into.id)
    incidents.move(tx, incidents.keys(tx, gone.id), gone.id, into.id)
    moved = tuple(cards.repoint(tx, gone.id, into.id))
    outbox.drop_first_cards(tx, gone.id, why=f"one with {into.id}", now=now)
    pointer = msgspec.structs.replace(gone, version=gone.version + 1, lifecycle=Lifecycle.CLOSED, merged_into=into.id)
    _tell(tx, gone, pointer, because="merged", now=now, rules=rules)
    _renew(tx, into, because="merged", now=now, rules=rules)
    return moved


def _part_again(tx: Tx, done: Amendment, into: Incident, other: Incident, *, now: datetime, rules: Rules) -> None:
    """A merge is undone: the reports and cards that came with the other record go back to it."""
    incidents.move(tx, done.reports, into.id, other.id)
    for card in done.cards:
        cards.point(tx, card, other.id)
    _renew(tx, into, because="split", now=now, rules=rules)
    _renew(tx, msgspec.structs.replace(other, merged_into=""), because="split", now=now, rules=rules)


def _renew(tx: Tx, before: Incident, *, because: str, now: datetime, rules: Rules) -> None:
    """Fuse a record anew from the reports that it now holds."""
    span = incidents.span(tx, before.id)
    if span is None:  # what it rested on has been withdrawn meanwhile
        gone = msgspec.structs.replace(before, version=before.version + 1, lifecycle=Lifecycle.RETRACTED)
        _tell(tx, before, gone, because="retracted", now=now, rules=rules)
        return
    after = track.fuse(incidents.members(tx, before.id), id=before.id, before=before, now=now)
    # nothing was heard of it just now: its age goes by its reports
    after = msgspec.structs.replace(after, first_seen=span[0], last_seen=span[1], lifecycle=Lifecycle.DEVELOPING)
    aged = track.age(after, now)
    settled = msgspec.structs.replace(after, lifecycle=aged.lifecycle) if aged else after
    _tell(tx, before, settled, because=because, now=now, rules=rules)


def _begin(tx: Tx, part: str, *, now: datetime, rules: Rules) -> None:
    """The record of reports that were split off: news to everybody, as any new incident is."""
    members, span = incidents.members(tx, part), incidents.span(tx, part)
    after = track.fuse(members, id=part, before=None, now=now)
    if span is not None:
        after = msgspec.structs.replace(after, first_seen=span[0], last_seen=span[1])
    newest = max((m.article.published for m in members if m.article.published), default=None)
    raw = track.change(None, after, article=members[-1].article.id, now=now)
    told = ReportContext(published=newest, news=after.facts.news)
    change, _ = restrict_action(raw, after, told, announced=False, now=now, rules=rules)
    publish(tx, change, None, after, now=now, rules=rules)


def _tell(
    tx: Tx,
    before: Incident,
    after: Incident,
    *,
    because: str,
    now: datetime,
    rules: Rules,
    action: Action = Action.EDIT,
) -> None:
    """Save the next version; holders of a card see it, with a sound where it says something that matters."""
    raw = track.change(before, after, article="", now=now)
    if raw.action in (None, Action.EDIT):
        raw = msgspec.structs.replace(raw, action=action, because=(because,))
    if not incidents.announced(tx, after.id):
        raw = msgspec.structs.replace(raw, action=None)
    publish(tx, raw, before, after, now=now, rules=rules)
