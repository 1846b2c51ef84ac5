"""Grow the forest that chooses the time: python scripts/train_when.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, date), prints by
five folds over incidents how often the best candidate is the true day, and writes extract/data/forest_when.npz.
"""

from __future__ import annotations

import sys
from collections import Counter

import lightgbm
import numpy as np
from forest_file import grow, save, table_of
from known_incidents import FOLDS, learn_from

from extract.decide import when
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice

LEAST = 100  # candidates that have a sign, for it to be learned
SEEDS = (1, 2, 3)  # a forest grown from each: together they err less than one


def main(docs: str, incidents: str) -> None:
    articles = learn_from(docs, incidents, candidates_of)
    known = [signs for _, candidates in articles for signs, _ in candidates]
    right = np.array([label for _, candidates in articles for _, label in candidates])
    article = np.array([i for i, (_, candidates) in enumerate(articles) for _ in candidates])
    fold = np.array([fold for fold, candidates in articles for _ in candidates])
    names = [name for name, times in Counter(n for signs in known for n in signs).most_common() if times >= LEAST]
    table = table_of(known, names)
    guess = np.zeros(len(right))
    for k in range(FOLDS):
        guess[fold == k] = sum(
            tree.predict(table[fold == k], raw_score=True) for tree in forests(table[fold != k], right[fold != k])
        )
    hits = sum(right[max(np.flatnonzero(article == i), key=guess.__getitem__)] for i in set(article.tolist()))
    print(f"{len(articles)} articles, the true day chosen by five folds: {hits / len(articles):.3f}")
    print("written", save("when", forests(table, right), names))


def forests(table: np.ndarray, right: np.ndarray) -> list[lightgbm.Booster]:
    return [grow(table, right, seed=seed) for seed in SEEDS]


def candidates_of(found: Findings, choice: KindChoice | None, gold: dict) -> tuple[int, list[tuple[dict, bool]]]:
    options = when.candidates(found)
    right = [m[0].first[:10] == gold["date"] and m[0].precision.value in ("day", "hour", "minute") for m in options]
    return gold["fold"], list(zip(when.features(found, options, choice), right, strict=True))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
