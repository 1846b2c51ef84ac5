"""The questions of ``tests/questions``: what each must be answered with, and the invented news that they are about."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from extract.types import Article

FOLDER = Path(__file__).parent.parent / "questions"
SETS = ("tuned", "measured")


class Asked(NamedTuple):
    """A question, what was asked ``before`` it, and what it expects: the ids of articles, which ``may`` be among them.

    ``refused``: there is no answer. ``figures``: name of a count -> its value. ``said``: one of these is in the answer.
    """

    question: str
    before: str
    wanted: frozenset[str]
    may: frozenset[str]
    refused: bool
    figures: dict[str, int]
    said: tuple[str, ...]


def articles() -> list[Article]:
    """The invented news, in order of publication."""
    table = tomllib.loads((FOLDER / "articles.toml").read_text(encoding="utf-8"))
    made = [
        Article(
            id=name,
            title=row["title"],
            text=row["text"],
            url=f"https://harbourpost.example/{name}",
            published=datetime.fromisoformat(f"{row['day']}T{'06' if row['day'].endswith('30') else '15'}:00:00+00:00"),
            source="harbourpost.example",
        )
        for name, row in table.items()
    ]
    return sorted(made, key=lambda one: (one.published, one.id))


def questions(name: str) -> list[Asked]:
    """The questions of a set, in the file's order."""
    lines = (FOLDER / "asked.txt").read_text(encoding="utf-8").split(f"[{name}]\n")[1].split("\n[")[0]
    return [_read(line) for line in lines.splitlines() if line and not line.startswith("#")]


def _read(line: str) -> Asked:
    typed, _, expected = line.partition(" => ")
    before, _, question = typed.rpartition(" || ")
    first, *more = (part.strip() for part in expected.split(";"))
    ids = [] if first in ("none", "refused") else first.split()
    pairs = dict(part.split("=", 1) for part in more)
    return Asked(
        question=question,
        before=before,
        wanted=frozenset(one for one in ids if not one.endswith("?")),
        may=frozenset(one.rstrip("?") for one in ids),
        refused=first == "refused",
        figures={key: int(value) for key, value in pairs.items() if key != "names"},
        said=tuple(pairs.get("names", "").split("|")) if "names" in pairs else (),
    )


def faults(asked: Asked, answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer, as the JSON object of the command line; the incidents' articles are compared."""
    out: list[str] = []
    total = answer["answer"]
    if asked.refused and total is not None:
        out.append("answered")
    if not asked.refused:
        got = set(answer["articles"])
        if total is None or not asked.wanted <= got or not got <= asked.may:
            out.append(f"{sorted(got) if total is not None else 'refused'} instead of {sorted(asked.may)}")
    out += [
        f"{name} {(total or {}).get(name)} instead of {value}"
        for name, value in asked.figures.items()
        if (total or {}).get(name) != value
    ]
    if asked.said and not any(word.casefold() in answer["why"].casefold() for word in asked.said):
        out.append(f"none of {asked.said} said")
    return out
