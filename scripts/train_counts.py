"""Grow the forests that choose the dead and the hurt: python scripts/train_counts.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, killed,
injured), prints by five folds over incidents how often the rules and the forest have the true number, and writes
extract/data/forest_killed.npz and forest_injured.npz.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
from forest_file import grow, save, table_of
from known_incidents import FOLDS, learn_from

from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.decide.options import options, signs
from extract.decide.tally import by_rules

FIELDS = ("killed", "injured")
LEAST = 60  # options that have a sign, for it to be learned
LEAVES = 31
Seen = dict[str, list[tuple[dict[str, float], bool, bool]]]


def main(docs: str, incidents: str) -> None:
    articles = learn_from(docs, incidents, options_of)
    for field in FIELDS:
        rows = [(i, fold, *option) for i, (fold, seen) in enumerate(articles) for option in seen.get(field, [])]
        article, fold = (np.array([row[k] for row in rows]) for k in (0, 1))
        known, right, ruled = [row[2] for row in rows], np.array([row[3] for row in rows]), [row[4] for row in rows]
        times = Counter(name for row in known for name in row)
        names = [n for n, k in times.most_common() if k >= LEAST]
        table = table_of(known, names)
        guess = np.zeros(len(rows))
        for k in range(FOLDS):
            guess[fold == k] = grow(table[fold != k], right[fold != k], num_leaves=LEAVES).predict(table[fold == k])
        for name, score in (("rules", np.array(ruled, dtype=float)), ("forest", guess)):
            best: dict[int, int] = {}
            for row, i in enumerate(article.tolist()):
                if i not in best or score[row] > score[best[i]]:
                    best[i] = row
            hits = sum(bool(right[row]) for row in best.values())
            print(f"{field} by {name}: {hits / len(articles):.3f} of {len(articles)} articles, five folds")
        print("written", save(field, grow(table, right, num_leaves=LEAVES), names))


def options_of(found: Findings, choice: KindChoice | None, gold: dict) -> tuple[int, Seen]:
    """For each field the options' signs, whether each is the true number, and whether it is the rules'."""
    if choice is None:
        return gold["fold"], {}
    counts, _ = by_rules(found)
    seen: Seen = {}
    for field in FIELDS:
        some = options(found, field, counts)
        told = signs(found, field, some, counts, choice)
        seen[field] = [
            (row, option.value == gold[field], "rule" in option.ways) for row, option in zip(told, some, strict=True)
        ]
    return gold["fold"], seen


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
