"""Train the forest that chooses the time: python scripts/train_when.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, date). Prints
how often the best candidate is the true day, by five-fold cross-validation over incidents. Writes
extract/lang/en/data/forest_when.npz.
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

MIN_CANDIDATES = 100  # a feature is learned if at least this many candidates have it
SEEDS = (1, 2, 3)  # one forest is grown from each: their sum has fewer errors than one alone


def main(docs: str, incidents: str) -> None:
    articles = learn_from(docs, incidents, dates_of_article)
    rows = [row for _, candidates in articles for row, _ in candidates]
    right = np.array([label for _, candidates in articles for _, label in candidates])
    article = np.array([i for i, (_, candidates) in enumerate(articles) for _ in candidates])
    fold = np.array([fold for fold, candidates in articles for _ in candidates])
    names = [name for name, times in Counter(n for row in rows for n in row).most_common() if times >= MIN_CANDIDATES]
    table = table_of(rows, names)
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


def dates_of_article(found: Findings, choice: KindChoice | None, gold: dict) -> tuple[int, list[tuple[dict, bool]]]:
    dates = when.candidates(found)
    right = [m[0].first[:10] == gold["date"] and m[0].precision.value in ("day", "hour", "minute") for m in dates]
    return gold["fold"], list(zip(when.features(found, dates, choice), right, strict=True))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
