"""How well does the extractor read the corpus of ``tests/corpus``? Loading, comparing, and one line of figures a field.

The notation of the expected values is described in ``tests/corpus/README.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.track.rules import alert_probability
from extract.types import Article, Count, CountState, Extraction, Report

CORPUS = Path(__file__).parent.parent / "corpus"
FLOORS = CORPUS / "floors.toml"
KNOWN = CORPUS / "known_wrong.txt"
COUNTS = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")
CLOSED = ("news", "kind", "stage", "responsibility", "status", "severity")
LISTS = ("perpetrators", "targets", "victims", "weapons")
# names that must not be among the perpetrators
INNOCENT = "innocent"
FIELDS = ("relevant", "reports", *CLOSED, "place", "country", "precision", "when", *COUNTS, *LISTS, INNOCENT, "silence")
# what holds of an article that says nothing else
IMPLIED = {"stage": "accomplished", "kidnapped": "nm", "killed_attackers": "nm"}
# fields of which a part may be empty: F1 of what is filled; the others always have a value: the share that is right
BY_F1 = frozenset({"relevant", "place", "country", "precision", "when", *COUNTS, *LISTS})
_EMPTY = {"", "nm"}
_STATES = {CountState.NONE: "0", CountState.NOT_YET_KNOWN: "nyk", CountState.NOT_MENTIONED: "nm"}


@dataclass(frozen=True)
class Case:
    """One article and what a careful reader takes from it, the main incident first."""

    article: Article
    group: str
    want: tuple[dict[str, Any], ...] = ()
    relevant: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Verdict:
    """One field of one article, expected and got, as written in the corpus."""

    article: str
    field: str
    expected: str
    got: str
    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def right(self) -> bool:
        return not self.fp and not self.fn


@dataclass
class Score:
    """The figures of one field."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    right: int = 0
    of: int = 0
    wrong: list[Verdict] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        both = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / both if both else 1.0

    @property
    def accuracy(self) -> float:
        return self.right / self.of if self.of else 1.0


def load() -> list[Case]:
    """The whole corpus, in the order of its files."""
    return [
        _case(row, path.stem)
        for path in sorted(CORPUS.glob("*.toml"))
        if path != FLOORS
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    ]


def floors() -> dict[str, float]:
    """Field -> the figure below which a change fails."""
    return dict(tomllib.loads(FLOORS.read_text(encoding="utf-8"))["floors"])


def known_wrong() -> frozenset[str]:
    """The fields that were wrong when the floors were set, as ``label`` writes them."""
    return frozenset(KNOWN.read_text(encoding="utf-8").splitlines())


def label(verdict: Verdict) -> str:
    """The article and the field of a verdict, one word each."""
    return f"{verdict.article} {verdict.field}"


def figures(scores: dict[str, Score]) -> dict[str, float]:
    """Field -> the figure that its floor is about."""
    return {name: one.f1 if name in BY_F1 else one.accuracy for name, one in scores.items()}


def score(cases: Iterable[Case], read: Callable[[Article], Extraction]) -> dict[str, Score]:
    """Every field's figures over ``cases``; ``silence`` is the share of negatives that raise no alarm."""
    scores = {name: Score() for name in FIELDS}
    for case in cases:
        got = read(case.article)
        silence = [] if case.want else [_binary(case.article.id, "silence", True, not got.relevant)]
        for verdict in judge(case, got) + silence:
            one = scores[verdict.field]
            one.tp, one.fp, one.fn = one.tp + verdict.tp, one.fp + verdict.fp, one.fn + verdict.fn
            one.right, one.of = one.right + verdict.right, one.of + 1
            if not verdict.right:
                one.wrong.append(verdict)
    return scores


def judge(case: Case, got: Extraction) -> list[Verdict]:
    """What is right and what is wrong in one article's extraction."""
    out = [_binary(case.article.id, "relevant", case.relevant, got.relevant)]
    if not case.loose:
        # of harmless articles, a report too doubtful to start an incident raises nothing
        told = got.reports if case.want else [r for r in got.reports if r.probability >= alert_probability()]
        numbers = str(len(case.want)), str(len(told))
        out.append(_closed(case.article.id, "reports", *numbers))
    left = list(got.reports)
    for number, want in enumerate(case.want):
        report = _partner(want, left, main=number == 0)
        if report is not None:
            left.remove(report)
        name = case.article.id if number == 0 else f"{case.article.id}#{number + 1}"
        out += [v for key in want for v in _field(name, key, want[key], report)]
    return out


def table(scores: dict[str, Score], least: dict[str, float]) -> str:
    """The figures as text, one line a field."""
    lines = [f"{'field':18}{'P':>7}{'R':>7}{'F1':>7}{'right':>12}{'share':>8}{'floor':>8}"]
    now = figures(scores)
    for name, one in scores.items():
        prf = f"{one.precision:7.3f}{one.recall:7.3f}{one.f1:7.3f}" if name in BY_F1 else " " * 21
        mark = " <" if now[name] < least.get(name, 0) else ""
        share = f"{one.right}/{one.of}"
        lines.append(f"{name:18}{prf}{share:>12}{one.accuracy:8.3f}{least.get(name, 0):8.2f}{mark}")
    return "\n".join(lines)


def _case(row: dict[str, Any], group: str) -> Case:
    published: datetime = row["published"]
    article = Article(
        id=row["id"], text=row["text"], title=row["title"], published=published, source=row["source"], lang="en"
    )
    wanted = (row["want"], *row.get("also", ())) if "want" in row else ()
    relevant = row.get("relevant", bool(wanted))
    implied = {**IMPLIED, "news": "event"} if relevant else IMPLIED
    want = tuple({**implied, **one} for one in wanted)
    return Case(article=article, group=group, want=want, relevant=relevant, loose=row.get("loose", False))


def _partner(want: dict[str, Any], left: list[Report], *, main: bool) -> Report | None:
    """The report that tells of the wanted incident: the first for the main one, else the likest."""
    if main or not left:
        return left[0] if left else None
    return max(left, key=lambda r: sum(v.right for key in want for v in _field("", key, want[key], r)))


def _field(name: str, key: str, want: Any, report: Report | None) -> list[Verdict]:
    if key == "place":
        return _place(name, want, report)
    if key in LISTS:
        return [_list(name, key, want, report)]
    if key == INNOCENT:
        return [_innocent(name, want, report)]
    got = "" if report is None else _shown(report, key)
    return [_closed(name, key, want, got) if key in CLOSED else _slot(name, key, want, got, told=report is not None)]


def _shown(report: Report, key: str) -> str:
    value = getattr(report, key)
    if key == "when":
        return str(report.when.first_day) if report.when else ""
    return count_text(value) if isinstance(value, Count) else str(value)


def count_text(count: Count) -> str:
    """A count in the notation of the corpus."""
    if count.state is not CountState.COUNTED:
        return _STATES[count.state]
    if count.high is None:
        return f"{count.low}+"
    return str(count.high) if count.low == count.high else f"{count.low}-{count.high}"


def _slot(name: str, key: str, want: str, got: str, *, told: bool) -> Verdict:
    """A field that may be empty."""
    options = want.split("|")
    if not told:
        return Verdict(name, key, want, "no report", fn=int(not _EMPTY & set(options)))
    if any(_same(option, got) for option in options):
        return Verdict(name, key, want, got, tp=int(got not in _EMPTY))
    return Verdict(name, key, want, got, fp=int(got not in _EMPTY), fn=int(not _EMPTY & set(options)))


def _same(option: str, got: str) -> bool:
    if re.fullmatch(r"-\d+", option):  # up to: any low
        return bool(re.fullmatch(rf"(?:\d+-)?{option[1:]}", got))
    return option == got


def _closed(name: str, key: str, want: str, got: str) -> Verdict:
    """A field that always has a value."""
    right = got in want.split("|")
    return Verdict(name, key, want, got or "no report", tp=int(right), fn=int(not right))


def _binary(name: str, key: str, want: bool, got: bool) -> Verdict:
    return Verdict(
        name, key, str(want), str(got), tp=int(want and got), fp=int(got and not want), fn=int(want and not got)
    )


def _place(name: str, want: str, report: Report | None) -> list[Verdict]:
    """The place itself, its country alone, and its precision."""
    told, place = report is not None, report.place if report else None
    if not want:
        return [_slot(name, "place", "", place.name if place else "", told=told)]
    names, admin1, country, precision = (part.strip() for part in want.split(";"))
    got = f"{place.name} ; {place.admin1} ; {place.country}" if place else ""
    right = (
        place is not None
        and any(_fold(n) in (_fold(place.name), _fold(place.name).removeprefix("the ")) for n in names.split("/"))
        and (not admin1 or admin1 == place.admin1)
        and country == place.country
    )
    out = [_slot(name, "place", want, want if right else got, told=told)]
    out.append(_slot(name, "country", country, (place.country or "") if place else "", told=told))
    if precision:
        shown = str(place.precision) if place else ""
        out.append(_slot(name, "precision", precision.replace(",", "|"), shown, told=told))
    return out


def _fold(name: str) -> str:
    return name.casefold().replace("’", "'")


def _list(name: str, key: str, want: list[str], report: Report | None) -> Verdict:
    """Names or types that must be among those found; an empty list forbids any."""
    found = [] if report is None else [str(x.name if key == "perpetrators" else x.type) for x in getattr(report, key)]
    if not want:
        return Verdict(name, key, "none", ", ".join(found), fp=len(found))
    hit = Counter(_found(one, found, whole=key != "perpetrators") for one in want)[True]
    shown = ", ".join(found) if report else "no report"
    return Verdict(name, key, ", ".join(want), shown, tp=hit, fn=len(want) - hit)


def _innocent(name: str, want: list[str], report: Report | None) -> Verdict:
    """Nobody of these is called a perpetrator."""
    named = [p.name for p in report.perpetrators] if report else []
    blamed = [n for n in named if any(w.casefold() in n.casefold() for w in want)]
    return Verdict(name, INNOCENT, f"not {', '.join(want)}", ", ".join(blamed), tp=int(not blamed), fp=len(blamed))


def _found(one: str, found: list[str], *, whole: bool) -> bool:
    options = one.split("|")
    if whole:
        return bool(set(options) & set(found))
    return any(o.casefold() in f.casefold() or f.casefold() in o.casefold() for o in options for f in found)
