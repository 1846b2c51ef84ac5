"""The story of the demo comes out as it is told: a blast that five articles follow, a fire, and another attack."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extract import Article, Extractor, track
from extract.types import ArticleRef, Incident, Member

STORY = Path(__file__).parent.parent / "bot" / "demo" / "news.toml"


def test_the_demo_ends_with_three_incidents() -> None:
    extractor, now = Extractor(), datetime(2024, 3, 15, 12, tzinfo=UTC)
    members: dict[str, list[Member]] = {}
    known: dict[str, Incident] = {}
    for step, told in enumerate(tomllib.loads(STORY.read_text(encoding="utf-8"))["step"]):
        for position, row in enumerate(told.get("news", [])):
            at = now + timedelta(hours=step)
            title, text = (row[part].replace("{weekday}", "Friday") for part in ("title", "text"))
            article = Article(id=f"{step}-{position}", title=title, text=text, published=at, source=row["outlet"])
            for report in extractor.extract(article).reports:
                ref = ArticleRef(id=article.id, source=article.source, published=at, title=title, origin=article.source)
                member = Member(article=ref, report=report)
                decision = track.decide(member, list(known.values()))
                if decision.action == "drop":
                    continue
                name = decision.incident or article.id
                members.setdefault(name, []).append(member)
                known[name] = track.fuse(members[name], id=name, before=known.get(name), now=at)
    assert sorted(len(own) for own in members.values()) == [1, 1, 5], {
        incident.facts.kind: len(members[name]) for name, incident in known.items()
    }
