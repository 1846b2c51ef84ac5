"""Train the model of relevance: python scripts/train_relevance.py MUC.jsonl.gz DOCS.jsonl.gz

A logistic regression over the features of extract/decide/relevance_features.py, by maximum a posteriori. The means of
the prior are the weights set by hand in extract/data/weights.toml, so that features which the data never show keep
these. Positives and negatives are the MUC texts (with and without a template), articles about shootings (positives) and
the project's own corpus; of the last two also the first sentences alone, without title and days, since feeds contain
such short articles too.

Prints figures by five-fold cross-validation. Writes to extract/lang/en/data the weights of the bag of words,
linear_wording_incident.npz, and then the section [relevance] of ranker.toml. The bag of words is learned on the MUC
texts alone: with the corpus in addition it was surer of the corpus and less sure of other texts. The regression learns
from values of the feature "wording" by weights that were not learned on the same text.
"""

from __future__ import annotations

import re
import sys
import tomllib
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import linear_file
import numpy as np
from known_incidents import FOLDS, findings, rows_of
from ranker_file import update

from extract import Extractor
from extract.decide.findings import weights
from extract.decide.kind import choose_kind
from extract.decide.models import bag_of_words
from extract.decide.relevance_features import features
from extract.decide.when import choose_when

ROOT = Path(__file__).parent.parent
PRIOR_STRENGTH = 6.0  # of the penalty on the squared distance from the prior's means
# how much an article of each origin counts
SHARES = {"muc": 1.0, "docs": 0.5, "corpus": 6.0, "brief": 2.0}
EVERY_DOC = 9  # only every ninth article about a shooting is used
BRIEF_SENTENCES = 2
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"“A-Z])")
DAY = re.compile(
    r",? ?\b(?:(?:late|early) )?(?:on|in the night to|late|early)? ?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:'s)?"
    r"(?: (?:morning|afternoon|evening|night))?\b|\b(?:today|yesterday|tonight|overnight|this morning)\b"
)
STEPS = 60
MIN_TEXTS = 15  # a word or pair of words is learned if at least this many texts contain it
RIDGE = 100.0
MIN_WEIGHT = 0.02


class Case(NamedTuple):
    """An article: its origin, whether it reports an incident, its features, and its words and pairs of words.

    ``features`` is None where it has no kind of incident.
    """

    kind: str
    label: int
    features: dict[str, float] | None
    fold: int
    grams: frozenset[str]


def main(muc: str, docs: str) -> None:
    rows = [("muc", bool(r["templates"]), r) for r in rows_of(muc)]
    rows += [("docs", True, r) for r in rows_of(docs)[::EVERY_DOC]]
    rows += [("corpus", "want" in r, r) for r in corpus()]
    rows += [("brief", label, brief(r)) for kind, label, r in rows if kind in ("docs", "corpus")]
    with ProcessPoolExecutor(2) as pool:
        seen = [case for part in pool.map(cases_of, [rows[i::12] for i in range(12)]) for case in part]
    cases = with_wording(seen)
    names = sorted(weights("relevance_prior"))
    print(len(cases), "articles")
    for label, w in (("by hand", np.array([weights("relevance_prior")[n] for n in names])), ("learned", None)):
        report(label, cases, folds(cases, names) if w is None else probabilities(cases, names, w))
    update({"relevance": dict(zip(names, fit(cases, names).tolist(), strict=True))})


def corpus() -> list[dict]:
    found = []
    for path in sorted((ROOT / "tests" / "corpus").glob("*.toml")):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [row for value in rows.values() if isinstance(value, list) for row in value if "text" in row]
    return [row for row in found if not row.get("loose")]


def brief(row: dict) -> dict:
    """The article as in a feed without dates and titles: its first sentences, without days."""
    text = " ".join(SENTENCE_END.split(row["text"].strip())[:BRIEF_SENTENCES])
    return {"id": row["id"], "text": DAY.sub("", text).strip()}


def cases_of(rows: list[tuple[str, bool, dict]]) -> list[Case]:
    extractor = Extractor()
    return [case_of(extractor, kind, label, row) for kind, label, row in rows]


def case_of(extractor: Extractor, kind: str, label: bool, row: dict) -> Case:
    found = findings(extractor, row)
    choice = choose_kind(found, extractor.kinds)
    fold = zlib.crc32(str(row["id"]).encode()) % FOLDS  # an article and its brief stay together
    grams = found.layout.words.grams
    if choice is None:
        return Case(kind, int(label), None, fold, grams)
    when = choose_when(found, choice)
    return Case(
        kind,
        int(label),
        {"bias": 1.0, **features(found, choice, extractor.kinds[choice.kind], when[0] if when else None)},
        fold,
        grams,
    )


def with_wording(cases: list[Case]) -> list[Case]:
    """The cases with a kind of incident, with the feature "wording" by weights that were not learned on them."""
    is_muc = np.array([case.kind == "muc" for case in cases])
    times = Counter(gram for case, of in zip(cases, is_muc, strict=True) if of for gram in case.grams)
    names = sorted(gram for gram, k in times.items() if k >= MIN_TEXTS)
    everything = linear_file.sparse_table([case.grams for case in cases], names)
    fold = np.array([case.fold for case in cases])
    label = np.array([[case.label] for case in cases], dtype=float)

    def fit_to(which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return linear_file.fit(everything[which], label[which], np.ones((which.sum(), 1)), ridge=RIDGE)

    weights_, bias = fit_to(is_muc)
    linear_file.save("wording_incident", ["incident"], names, weights_, bias, min_weight=MIN_WEIGHT)
    odds = (everything @ weights_ + bias)[:, 0]
    for k in range(FOLDS):
        weights_, bias = fit_to(is_muc & (fold != k))
        inside = is_muc & (fold == k)
        odds[inside] = (everything[inside] @ weights_ + bias)[:, 0]
    return [
        case._replace(features=case.features | {"wording": bag_of_words.scaled_log_odds(1 / (1 + np.exp(-z)))})
        for case, z in zip(cases, odds.tolist(), strict=True)
        if case.features is not None
    ]


def matrix(cases: list[Case], names: list[str]) -> np.ndarray:
    return np.array([[case.features.get(n, 0.0) for n in names] for case in cases])


def probabilities(cases: list[Case], names: list[str], w: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(matrix(cases, names) @ w)))


def folds(cases: list[Case], names: list[str]) -> np.ndarray:
    out = np.zeros(len(cases))
    for fold in range(FOLDS):
        inside = [i for i, case in enumerate(cases) if case.fold == fold]
        w = fit([case for case in cases if case.fold != fold], names)
        out[inside] = probabilities([cases[i] for i in inside], names, w)
    return out


def fit(cases: list[Case], names: list[str]) -> np.ndarray:
    x, y = matrix(cases, names), np.array([case.label for case in cases], dtype=float)
    share = np.array([SHARES[case.kind] for case in cases])
    prior = np.array([weights("relevance_prior")[n] for n in names])
    w = prior.copy()
    for _ in range(STEPS):  # Newton's method, the step halved while it overshoots
        p = 1 / (1 + np.exp(-(x @ w)))
        gradient = x.T @ (share * (y - p)) - PRIOR_STRENGTH * (w - prior)
        curvature = (x * (share * p * (1 - p))[:, None]).T @ x + PRIOR_STRENGTH * np.eye(len(w))
        step = np.linalg.solve(curvature, gradient)
        while loss(w + step, x, y, share, prior) > loss(w, x, y, share, prior) and np.abs(step).max() > 1e-6:
            step /= 2
        w = w + step
    return w


def loss(w: np.ndarray, x: np.ndarray, y: np.ndarray, share: np.ndarray, prior: np.ndarray) -> float:
    """The negative logarithm of the posterior."""
    z = x @ w
    return float((share * (np.logaddexp(0, z) - y * z)).sum() + PRIOR_STRENGTH / 2 * ((w - prior) ** 2).sum())


def report(label: str, cases: list[Case], p: np.ndarray) -> None:
    for kind in SHARES:
        own = [i for i, c in enumerate(cases) if c.kind == kind]
        y, q = np.array([cases[i].label for i in own]), p[own]
        reported = q >= weights("relevance")["event"]
        hit = int((reported & (y == 1)).sum())
        precision, recall = hit / max(1, reported.sum()), hit / max(1, y.sum())
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        bins = [(q >= low) & (q < low + 0.1) for low in np.arange(0, 1, 0.1)]
        ece = sum(b.sum() / len(q) * abs(y[b].mean() - q[b].mean()) for b in bins if b.any())
        brier = ((q - y) ** 2).mean()
        print(f"  {label:8} {kind:7} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} Brier {brier:.3f} ECE {ece:.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
