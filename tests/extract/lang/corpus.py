"""How much of the short invented articles of one language is read right?

``XX.toml``: ``[floors]`` the least shares; ``[[item]]`` ``title``, ``text``, ``published``, ``half`` (1: written before its
rules were tried, 2: after), ``kind`` ("" for no incident), and of an incident ``country``, ``place``, ``killed``, ``injured``.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from extract import Extractor
from extract.types import Article, Report

FOLDER = Path(__file__).parent
PARTS = ("found", "quiet", "kind", "country", "place", "killed", "injured")


def corpora() -> list[str]:
    """The languages that have a corpus."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_corpus(lang: str) -> dict[str, Any]:
    """Its floors and items."""
    return tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))


def shares(extractor: Extractor, lang: str, items: list[dict[str, Any]]) -> tuple[dict[str, float], list[str]]:
    """The share of items that are right in each part, and one line for each mistake.

    ``found``: incidents that are told; ``quiet``: others that are not; the rest: incidents of which it is right.
    """
    right: dict[str, list[bool]] = {part: [] for part in PARTS}
    wrong: list[str] = []
    for number, item in enumerate(items):
        article = Article(
            id=f"{lang}-{number}",
            title=item["title"],
            text=item["text"],
            published=datetime.fromisoformat(item["published"]),
            source="Invented Post",
            url=f"https://example.org/{lang}/{number}",
            lang=lang,
        )
        result = extractor.extract(article)
        report = result.reports[0] if result.relevant and result.reports else None
        parts = _parts(item, report)
        for part, is_right in parts.items():
            right[part].append(is_right)
        missed = [part for part, is_right in parts.items() if not is_right]
        if missed:
            wrong.append(f"{' '.join(missed)}: {item['title']} -> {_said(report)}")
    return {part: sum(values) / len(values) for part, values in right.items() if values}, wrong


def _parts(item: dict[str, Any], report: Report | None) -> dict[str, bool]:
    if not item["kind"]:
        return {"quiet": report is None}
    place = report.place if report is not None else None
    return {
        "found": report is not None,
        "kind": report is not None and report.kind == item["kind"],
        "country": place is not None and place.country == item["country"],
        "place": place is not None and place.name == item["place"],
        "killed": report is not None and report.killed.low == item.get("killed"),
        "injured": report is not None and report.injured.low == item.get("injured"),
    }


def _said(report: Report | None) -> str:
    if report is None:
        return "nothing"
    place = report.place
    where = f"{place.name} ({place.country})" if place else "nowhere"
    return f"{report.kind}, {where}, {report.killed.low} killed, {report.injured.low} injured"
