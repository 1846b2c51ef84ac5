"""Train the forests that choose the numbers of killed and injured.

    python scripts/train_counts.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, killed,
injured). Prints how often the rules and the forest choose the true number, by five-fold cross-validation over
incidents. Writes to extract/lang/en/data the forests, forest_killed.npz and forest_injured.npz, and the weights of the
bag of words, linear_wording_killed.npz and linear_wording_injured.npz. The probabilities by the wording from which the
forest learns come from weights that were learned on the other folds.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import NamedTuple

import linear_file
import numpy as np
from forest_file import grow, save, table_of
from known_incidents import FOLDS, learn_from

from extract.decide.casualties.candidates import candidates, features
from extract.decide.casualties.choose import counts_by_rules
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words

FIELDS = ("killed", "injured")
MIN_CANDIDATES = 60  # a feature is learned if at least this many candidates have it
MAX_LEAVES = 31  # of one tree
MIN_TEXTS = 25  # a word or pair of words is learned if at least this many texts contain it
RIDGE = 100.0  # strength of the L2 penalty
MIN_WEIGHT = 0.01  # words whose weights are all smaller are not stored


class Candidate(NamedTuple):
    """A number that a text may give: its features, whether it is the true one, and whether the rules choose it."""

    value: int
    features: dict[str, float]
    right: bool
    ruled: bool


class Text(NamedTuple):
    """An article: its fold, its words and pairs of words, the true numbers, and the candidates for each field."""

    fold: int
    grams: frozenset[str]
    truth: dict[str, int]
    candidates: dict[str, list[Candidate]]


def main(docs: str, incidents: str) -> None:
    texts = learn_from(docs, incidents, text_of)
    for field in FIELDS:
        probable = learn_wording(texts, field)
        rows = [(i, candidate) for i, text in enumerate(texts) for candidate in text.candidates.get(field, [])]
        article = np.array([i for i, _ in rows])
        fold = np.array([texts[i].fold for i, _ in rows])
        right = np.array([candidate.right for _, candidate in rows])
        known = [candidate.features | bag_of_words.features(candidate.value, probable[i]) for i, candidate in rows]
        times = Counter(name for row in known for name in row)
        names = [n for n, k in times.most_common() if k >= MIN_CANDIDATES]
        table = table_of(known, names)
        guess = np.zeros(len(rows))
        for k in range(FOLDS):
            guess[fold == k] = grow(table[fold != k], right[fold != k], num_leaves=MAX_LEAVES).predict(table[fold == k])
        for name, score in (
            ("rules", np.array([candidate.ruled for _, candidate in rows], dtype=float)),
            ("forest", guess),
        ):
            best: dict[int, int] = {}
            for row, i in enumerate(article.tolist()):
                if i not in best or score[row] > score[best[i]]:
                    best[i] = row
            hits = sum(bool(right[row]) for row in best.values())
            print(f"{field} by {name}: {hits / len(texts):.3f} of {len(texts)} articles, five folds")
        print("written", save(field, [grow(table, right, num_leaves=MAX_LEAVES)], names))


def learn_wording(texts: list[Text], field: str) -> list[list[float]]:
    """The probabilities of each number by the wording of each text, by weights learned on the other folds.

    Writes the weights learned on all texts.
    """
    times = Counter(gram for text in texts for gram in text.grams)
    names = sorted(gram for gram, k in times.items() if k >= MIN_TEXTS)
    table = linear_file.sparse_table([text.grams for text in texts], names)
    truth = np.array([min(text.truth[field], len(bag_of_words.NUMBERS) - 1) for text in texts])
    right = (truth[:, None] == np.arange(len(bag_of_words.NUMBERS))).astype(float)
    fold, counts = np.array([text.fold for text in texts]), np.ones(right.shape)
    probable = np.zeros(right.shape)
    for k in range(FOLDS):
        weights, bias = linear_file.fit(table[fold != k], right[fold != k], counts[fold != k], ridge=RIDGE)
        probable[fold == k] = 1 / (1 + np.exp(-(table[fold == k] @ weights + bias)))
    print(f"{field} by the wording alone: {(probable.argmax(axis=1) == truth).mean():.3f}, five folds")
    weights, bias = linear_file.fit(table, right, counts, ridge=RIDGE)
    linear_file.save(f"wording_{field}", bag_of_words.NUMBERS, names, weights, bias, min_weight=MIN_WEIGHT)
    return probable.tolist()


def text_of(found: Findings, choice: KindChoice | None, gold: dict) -> Text:
    """The candidates of an article; none where it has no kind of incident."""
    truth = {field: gold[field] for field in FIELDS}
    seen = Text(gold["fold"], found.layout.words.grams, truth, {})
    if choice is None:
        return seen
    counts, _ = counts_by_rules(found)
    for field in FIELDS:
        numbers = candidates(found, field, counts)
        rows = features(found, field, numbers, counts, choice)
        seen.candidates[field] = [
            Candidate(candidate.value, row, candidate.value == truth[field], "rule" in candidate.ways)
            for row, candidate in zip(rows, numbers, strict=True)
        ]
    return seen


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
