"""The command that shows how the service is doing."""

from __future__ import annotations

from bot.alerts.latency import STAGES, WHOLE
from bot.commands.base import Caller, Services
from bot.i18n import translate
from bot.i18n.translate import mark, t
from bot.operations import health
from bot.render import lists, words
from bot.render.message import Message, Span, code
from bot.render.text import clean
from bot.types import HookState

CHATS = {"active": mark("Chats active"), "paused": mark("Chats paused")}
ALERTS = {
    "pending": mark("Alerts pending"),
    "sending": mark("Alerts sending"),
    "unknown": mark("Alerts unknown"),
    "sent": mark("Alerts sent"),
    "failed": mark("Alerts failed"),
    "dropped": mark("Alerts dropped"),
}
COUNTERS = {
    "sent_new": mark("Sent new"),
    "sent_reply": mark("Sent reply"),
    "sent_edit": mark("Sent edit"),
    "sent_retract": mark("Sent retract"),
    "sent_notice": mark("Sent notice"),
    "unanswered": mark("Unanswered"),
    "closed_chats": mark("Closed chats"),
    "refused": mark("Refused"),
    "reads_failed": mark("Reads failed"),
    "problems": mark("Problems"),
    "damaged_rows": mark("Damaged rows"),
    "webhooks_sent": mark("Webhook messages sent"),
    "webhooks_failed": mark("Webhook tries failed"),
}
# the audit log's number and enough of its digits for ``tocsin verify --head``
_HEAD = 32


async def status(services: Services, caller: Caller, _text: str) -> Message:
    """The state of the service; its administrators see more, and the last problems."""
    state = await services.store.read(health.snapshot, services.clock())
    rows: list[tuple[str, str | Span]] = [
        (t("Sources"), t("{n}, failing {failing}", n=len(state.sources), failing=len(state.failing))),
        (t("Incidents"), translate.number(state.totals.get("incidents", 0))),
        (
            t("Articles"),
            t(
                "{read} read, {waiting} waiting",
                read=state.totals.get("done", 0),
                waiting=state.totals.get("waiting", 0),
            ),
        ),
    ]
    whole = next((stage for stage in state.latency if stage.name == WHOLE), None)
    if whole:
        said = t("half within {half}, 95 of 100 within {most}", half=_span(whole.p50), most=_span(whole.p95))
        rows.append((t("From publication to you"), said))
    unseen = translate.joined(services.names.country_name(code) for code in state.unseen)
    rows += [(t("Cannot be seen at the moment"), unseen)] if unseen else []
    if not caller.is_admin:
        return lists.table(t("Status"), rows)
    rows += [
        (t("Articles set aside"), translate.number(state.totals.get("failed", 0))),
        (t("Subscriptions"), translate.number(state.subscriptions)),
        (t("Audit log"), code(state.audited[:_HEAD])),
    ]
    rows += [(t(CHATS.get(name, name)), translate.number(n)) for name, n in sorted(state.chats.items())]
    rows += [(t(ALERTS.get(name, name)), translate.number(n)) for name, n in sorted(state.alerts.items())]
    rows += [(_counter(name), translate.number(n)) for name, n in state.counters.items()]
    rows += [(t("Webhook {name}", name=one.host), _webhook(one)) for one in state.webhooks]
    rows += [
        (t(STAGES[stage.name]), t("{half} / {most} (50 / 95 of 100)", half=_span(stage.p50), most=_span(stage.p95)))
        for stage in state.latency
    ]
    rows += [
        (
            t("Problem {ref}", ref=one.ref),
            f"{words.clock(one.at)}: {translate.isolate(f'{one.place}: {one.what[:120]}')}",
        )
        for one in state.problems
    ]
    return lists.table(t("Status"), rows)


def _webhook(state: HookState) -> str:
    """How many messages wait, and since when and why it fails if it does."""
    waiting, why = t("{n} waiting", n=state.waiting), clean(state.why, 120)
    if state.paused is not None:
        return translate.joined_clauses(
            (waiting, t("paused since {time}: {why}", time=words.clock(state.paused), why=why))
        )
    if state.failures and state.since is not None:
        return translate.joined_clauses(
            (waiting, t("failing since {time}: {why}", time=words.clock(state.since), why=why))
        )
    return waiting


def _counter(name: str) -> str:
    return t(COUNTERS[name]) if name in COUNTERS else name.replace("_", " ").capitalize()


def _span(seconds: float) -> str:
    return (
        t("{seconds} s", seconds=translate.number(seconds, 1))
        if seconds < 90
        else t("{minutes} min", minutes=round(seconds / 60))
    )
