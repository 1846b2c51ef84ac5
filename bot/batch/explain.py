"""The JSON that ``explain`` prints: why an article or an incident became what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.incidents.explanation import Explanation
from bot.render.stored_values import changed_value_in_english, decision_reason, reason_words
from extract.kinds import Kind
from extract.types import Change


def explanation_json(found: Explanation, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """An explanation as JSON, with English words for the values of changed fields, reasons and notes."""
    out: dict[str, Any] = msgspec.to_builtins(found)
    for row, version in zip(out["versions"], found.versions, strict=True):
        row["change"]["fields"] = _fields(version.change, kinds)
    for row, record in zip(out["decisions"], found.decisions, strict=True):
        if not isinstance(record.decision.reason, str):
            row["decision"]["reason"] = decision_reason(record.decision)
        row["note"] = reason_words(record.note) if record.note else ""
        if record.change is not None:
            row["change"]["fields"] = _fields(record.change, kinds)
    return out


def _fields(change: Change, kinds: Mapping[str, Kind]) -> list[dict[str, str]]:
    return [
        {
            "field": one.field,
            "before": changed_value_in_english(one.before, kinds),
            "after": changed_value_in_english(one.after, kinds),
        }
        for one in change.fields
    ]
