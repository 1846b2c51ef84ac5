"""What is a webhook told of a change? One JSON object: what happened, and the whole record after it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from extract.types import Action, Change, Incident, Lifecycle
from extract.wire import incident_json


class Event(StrEnum):
    """What happened to an incident, as the receiver sees it."""

    NEW = "incident.new"
    UPDATED = "incident.updated"
    RETRACTED = "incident.retracted"
    MERGED = "incident.merged"


def event_of(action: Action | None, incident: Incident) -> Event | None:
    """The event of what a chat in the receiver's place would get; None for nothing."""
    if action is None:
        return None
    if incident.merged_into:
        return Event.MERGED
    if incident.lifecycle is Lifecycle.RETRACTED:
        return Event.RETRACTED
    return Event.NEW if action is Action.NEW else Event.UPDATED


def body(event: Event, change: Change, incident: Incident, pages: str) -> str:
    """The message as JSON; ``pages`` is the beginning of the addresses of incidents' pages, empty for none.

    ``incident`` has the fields of ``tocsin export --format jsonl``.
    """
    article = next((one for one in incident.articles if one.id == change.article), None)
    data: dict[str, Any] = {
        "incident": incident_json(incident),
        "because": list(change.because),
        "changes": msgspec.to_builtins(change.fields),
        "article": article.url if article is not None else "",
        "page": f"{pages}{incident.id}" if pages else "",
    }
    if event is Event.MERGED:
        data["merged_into"] = incident.merged_into
    whole = {"type": event.value, "timestamp": _moment(change.at), "data": data}
    return msgspec.json.encode(whole).decode()


def message_id(hook: str, incident: str, version: int) -> str:
    """The id of a message: the same for the same version of an incident, whenever it is made or sent."""
    made = hashlib.blake2s(f"{hook}\n{incident}\n{version}".encode(), digest_size=16).hexdigest()
    return f"msg_{made}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
