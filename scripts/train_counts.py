"""Grow the forests that choose the dead and the hurt: python scripts/train_counts.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, killed,
injured), prints by five folds over incidents how often the rules and the forest have the true number, and writes
extract/data/forest_killed.npz and forest_injured.npz, and the weights of the wording, linear_wording_killed.npz and
linear_wording_injured.npz. The forest learns from what the wording says of texts that its weights were not learned on.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import NamedTuple

import linear_file
import numpy as np
from forest_file import grow, save, table_of
from known_incidents import FOLDS, learn_from

from extract.decide.casualties.candidates import options, signs
from extract.decide.casualties.choose import by_rules
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words

FIELDS = ("killed", "injured")
LEAST = 60  # options that have a sign, for it to be learned
LEAVES = 31
LEAST_TEXTS = 25  # texts that hold a word or pair, for it to be learned
RIDGE = 100.0
LIGHT = 0.01


class Option(NamedTuple):
    """A number that a text may mean: what is known of it, whether it is true, and whether it is the rules'."""

    value: int
    signs: dict[str, float]
    right: bool
    ruled: bool


class Text(NamedTuple):
    """An article: its fold, its words, the true numbers, and for each field what it may mean."""

    fold: int
    grams: frozenset[str]
    truth: dict[str, int]
    options: dict[str, list[Option]]


def main(docs: str, incidents: str) -> None:
    texts = learn_from(docs, incidents, text_of)
    for field in FIELDS:
        say = wording_of(texts, field)
        rows = [(i, option) for i, text in enumerate(texts) for option in text.options.get(field, [])]
        article = np.array([i for i, _ in rows])
        fold = np.array([texts[i].fold for i, _ in rows])
        right = np.array([option.right for _, option in rows])
        known = [option.signs | bag_of_words.features(option.value, say[i]) for i, option in rows]
        times = Counter(name for row in known for name in row)
        names = [n for n, k in times.most_common() if k >= LEAST]
        table = table_of(known, names)
        guess = np.zeros(len(rows))
        for k in range(FOLDS):
            guess[fold == k] = grow(table[fold != k], right[fold != k], num_leaves=LEAVES).predict(table[fold == k])
        for name, score in (("rules", np.array([option.ruled for _, option in rows], dtype=float)), ("forest", guess)):
            best: dict[int, int] = {}
            for row, i in enumerate(article.tolist()):
                if i not in best or score[row] > score[best[i]]:
                    best[i] = row
            hits = sum(bool(right[row]) for row in best.values())
            print(f"{field} by {name}: {hits / len(texts):.3f} of {len(texts)} articles, five folds")
        print("written", save(field, [grow(table, right, num_leaves=LEAVES)], names))


def wording_of(texts: list[Text], field: str) -> list[list[float]]:
    """What the wording of each text says, by weights learned on the other folds; writes those learned on all."""
    times = Counter(gram for text in texts for gram in text.grams)
    names = sorted(gram for gram, k in times.items() if k >= LEAST_TEXTS)
    table = linear_file.sparse_table([text.grams for text in texts], names)
    truth = np.array([min(text.truth[field], len(bag_of_words.NUMBERS) - 1) for text in texts])
    right = (truth[:, None] == np.arange(len(bag_of_words.NUMBERS))).astype(float)
    fold, counts = np.array([text.fold for text in texts]), np.ones(right.shape)
    say = np.zeros(right.shape)
    for k in range(FOLDS):
        weights, bias = linear_file.fit(table[fold != k], right[fold != k], counts[fold != k], ridge=RIDGE)
        say[fold == k] = 1 / (1 + np.exp(-(table[fold == k] @ weights + bias)))
    print(f"{field} by the wording alone: {(say.argmax(axis=1) == truth).mean():.3f}, five folds")
    weights, bias = linear_file.fit(table, right, counts, ridge=RIDGE)
    linear_file.save(f"wording_{field}", bag_of_words.NUMBERS, names, weights, bias, light=LIGHT)
    return say.tolist()


def text_of(found: Findings, choice: KindChoice | None, gold: dict) -> Text:
    """What an article may mean; nothing where it names no kind."""
    truth = {field: gold[field] for field in FIELDS}
    told = Text(gold["fold"], found.layout.words.grams, truth, {})
    if choice is None:
        return told
    counts, _ = by_rules(found)
    for field in FIELDS:
        some = options(found, field, counts)
        rows = signs(found, field, some, counts, choice)
        told.options[field] = [
            Option(option.value, row, option.value == truth[field], "rule" in option.ways)
            for row, option in zip(rows, some, strict=True)
        ]
    return told


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
