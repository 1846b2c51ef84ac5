"""What the extractor reads out of the corpus never gets worse: a floor for every field, and evidence for every value."""

from __future__ import annotations

import pytest
from corpus_scores import FIELDS, Case, Score, figures, floors, known_wrong, label, load, score, table

from extract import Extractor
from extract.kinds import load_kinds
from extract.types import CountState, Extraction, Report, Responsibility, Stage, Status

CASES = load()
COUNTED = ("killed", "injured", "kidnapped", "attackers", "killed_attackers")


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> dict[str, Extraction]:
    """Every article of the corpus, read once."""
    return {case.article.id: extractor.extract(case.article) for case in CASES}


@pytest.fixture(scope="session")
def scores(read: dict[str, Extraction]) -> dict[str, Score]:
    return score(CASES, lambda article: read[article.id])


def test_every_field_has_a_floor() -> None:
    assert set(floors()) == set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_field_keeps_its_floor(field: str, scores: dict[str, Score]) -> None:
    known = known_wrong()
    worse = "\n".join(
        f"{v.article}: expected {v.expected}, got {v.got}" for v in scores[field].wrong if label(v) not in known
    )
    figure, least = figures(scores)[field], floors()[field]
    assert figure >= least, f"\n{table(scores, floors())}\n\n{field} got worse in:\n{worse}"


def test_every_quote_is_its_slice(read: dict[str, Extraction]) -> None:
    wrong = [
        (case.article.id, field, quote.quote)
        for case in CASES
        for report in read[case.article.id].reports
        for field, quotes in report.evidence.items()
        for quote in quotes
        if (case.article.title if quote.where == "title" else case.article.text)[quote.start : quote.end] != quote.quote
    ]
    assert wrong == []


def test_every_filled_field_has_evidence(read: dict[str, Extraction]) -> None:
    wrong = [
        (case.article.id, field)
        for case in CASES
        for report in read[case.article.id].reports
        for field in filled(report)
        if not report.evidence.get(field)
    ]
    assert wrong == []


def filled(report: Report) -> list[str]:
    """The fields that say something about the incident."""
    lists = ("perpetrators", "targets", "victims", "weapons", "context")
    out = ["kind", *(f for f in ("place", "when") if getattr(report, f) is not None)]
    out += [f for f in COUNTED if getattr(report, f).state is not CountState.NOT_MENTIONED]
    out += [f for f in lists if getattr(report, f)]
    out += ["responsibility"] if report.responsibility is not Responsibility.NOT_MENTIONED else []
    out += ["status"] if report.status is not Status.UNKNOWN else []
    return out + (["stage"] if report.stage is not Stage.ACCOMPLISHED else [])


# ------------------------------------------------------------------ the corpus itself


def test_every_article_has_its_own_id() -> None:
    assert len({case.article.id for case in CASES}) == len(CASES)


def test_every_kind_is_told_of_at_least_twice() -> None:
    told = [slug for case in CASES for want in case.want for slug in want.get("kind", "").split("|")]
    assert {slug for slug in load_kinds() if told.count(slug) < 2} == set()


def test_every_expected_kind_exists() -> None:
    told = {slug for case in CASES for want in case.want for slug in want.get("kind", "attack").split("|")}
    assert told - set(load_kinds()) == set()


@pytest.mark.parametrize("case", [c for c in CASES if c.want], ids=lambda c: c.article.id)
def test_expected_fields_are_known(case: Case) -> None:
    assert {key for want in case.want for key in want} <= {*FIELDS}


def test_there_are_as_many_hard_negatives_as_promised() -> None:
    assert sum(1 for case in CASES if not case.want) >= 60
