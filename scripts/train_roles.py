"""Train the model of the participants' roles: python scripts/train_roles.py MUC.jsonl.gz

Reads news texts with filled MUC-4 templates (id, text, published, templates with perp_ind, perp_org, targets, victims
and instrument, each fill a list of equally right `alts`) and the project's own corpus, of which only the roles that a
row names are learned. Prints precision and recall of the fills at some probabilities, by five-fold cross-validation
over texts. Writes extract/lang/en/data/linear_roles.npz, read by extract/decide/participants/argument_roles.py.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
from known_incidents import FOLDS, findings, rows_of
from linear_file import fit, save, sparse_table
from train_relevance import corpus

from extract import Extractor
from extract.decide.kind import choose_kind
from extract.decide.participants.argument_roles import ArgumentRole, Candidate, candidates, features
from extract.decide.relevance import probability
from extract.decide.when import choose_when
from extract.lang import ENGLISH

ROLES = tuple(ArgumentRole)
MIN_CANDIDATES = 8  # a feature is learned if at least this many candidates have it
PART_WEIGHT = 0.3  # how much a candidate counts that names a fill only in part
CORPUS_WEIGHT = 2.0  # how much a candidate of the project's own corpus counts
MIN_PROBABILITY = 0.3  # of relevance; texts without a template below it are left out, since they give no report
PERPETRATORS = (ArgumentRole.PERPETRATOR, ArgumentRole.ORGANIZATION)
# roles of which the corpus gives types: its field, and the section of roles.toml with the words of each type
TYPED = {
    ArgumentRole.TARGET: ("targets", "targets"),
    ArgumentRole.VICTIM: ("victims", "people"),
    ArgumentRole.WEAPON: ("weapons", "weapons"),
}
WORD = re.compile(r"[a-z0-9]+")
EMPTY = frozenset(
    ["a", "an", "and", "at", "by", "for", "her", "his", "in", "of", "on", "the", "their", "three", "to", "two"]
)


class Row(NamedTuple):
    """A candidate: the id of its text, its features, and for each role how right it is and how much that counts."""

    text: str
    features: frozenset[str]
    right: tuple[float, ...]
    counts: tuple[float, ...]


def main(muc: str) -> None:
    tasks = [("muc", row) for row in rows_of(muc)] + [("own", row) for row in corpus() if "want" in row]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(look_at, [tasks[i::12] for i in range(12)]) for row in part]
    names = sorted(
        n for n, times in Counter(n for row in rows for n in row.features).items() if times >= MIN_CANDIDATES
    )
    table = sparse_table([row.features for row in rows], names)
    right, counts = (np.array([getattr(row, part) for row in rows]) for part in ("right", "counts"))
    fold = np.array([zlib.crc32(row.text.encode()) % FOLDS for row in rows])
    guess = np.zeros(right.shape)
    for k in range(FOLDS):
        weights, bias = fit(table[fold != k], right[fold != k], counts[fold != k])
        guess[fold == k] = table[fold == k] @ weights + bias
    report(rows, 1 / (1 + np.exp(-guess)), right, counts)
    save("roles", [role.value for role in ROLES], names, *fit(table, right, counts))


def look_at(tasks: list[tuple[str, dict]]) -> list[Row]:
    extractor = Extractor()
    return [found for origin, row in tasks for found in candidates_of(extractor, origin, row)]


def candidates_of(extractor: Extractor, origin: str, row: dict) -> list[Row]:
    found = findings(extractor, row | {"published": str(row["published"])[:10] if row.get("published") else None})
    choice = choose_kind(found, extractor.kinds)
    if choice is None:
        return []
    when = choose_when(found, choice)
    if (
        origin == "muc"
        and not row["templates"]
        and probability(found, choice, extractor.kinds, when and when[0]) < MIN_PROBABILITY
    ):
        return []
    out = []
    for candidate in candidates(found):
        if origin == "muc":
            right = [
                max((overlap_score(f, candidate) for t in row["templates"] for f in t[role]), default=0.0)
                for role in ROLES
            ]
            counts = [PART_WEIGHT if value == 0.5 else 1.0 for value in right]
        else:
            right, counts = corpus_labels(row["want"], candidate)
        out.append(Row(row["id"], frozenset(features(candidate, choice)), tuple(right), tuple(counts)))
    return out


def overlap_score(fill: dict, candidate: Candidate) -> float:
    """1 if a mention names the fill, 0.5 if it does so in part, else 0: the scoring of MUC-4."""
    best = max(similarity(alt, m.name) for alt in fill["alts"] for m in candidate.mentions)
    if best == 0.5 and max(similarity(alt, candidate.fullest.name) for alt in fill["alts"]) < best:
        return 0.0
    return best


def similarity(one: str, two: str) -> float:
    a, b = ([w for w in WORD.findall(name.lower()) if w not in EMPTY] for name in (one, two))
    if not a or not b:
        return 0.0
    share = len({*a} & {*b}) / min(len({*a}), len({*b}))
    return 1.0 if share == 1 else 0.5 if a[-1] == b[-1] or share >= 0.5 else 0.0


def corpus_labels(want: dict, candidate: Candidate) -> tuple[list[float], list[float]]:
    """For each role whether a row of the corpus gives it to the candidate, and how much that counts (0: not said)."""
    right, counts = dict.fromkeys(ROLES, 0.0), dict.fromkeys(ROLES, 0.0)
    names = {m.name.lower() for m in candidate.mentions}
    if want.get("perpetrators") == [] or any(w in name for w in want.get("innocent", ()) for name in names):
        counts |= dict.fromkeys(PERPETRATORS, CORPUS_WEIGHT)
    if any(similarity(w, name) == 1 for w in want.get("perpetrators", ()) for name in names):
        role = ArgumentRole.ORGANIZATION if "group" in features(candidate, None) else ArgumentRole.PERPETRATOR
        right[role], counts[role] = 1.0, CORPUS_WEIGHT
    for role, (field, words) in TYPED.items():
        kinds = {ENGLISH.lexicon.type_of_head(words).get(m.head) for m in candidate.mentions} - {None}
        if field in want and (kinds or not want[field]):
            right[role], counts[role] = float(bool(kinds & {*want[field]})), CORPUS_WEIGHT
    return list(right.values()), list(counts.values())


def report(rows: list[Row], guess: np.ndarray, right: np.ndarray, counts: np.ndarray) -> None:
    """Prints precision, recall and F1 of each role at some probabilities, over the candidates of the MUC texts."""
    muc = np.array([row.counts[-1] > 0 for row in rows])
    print(len({row.text for row in rows}), "texts,", len(rows), "candidates")
    for i, role in enumerate(ROLES):
        of = muc & (right[:, i] != 0.5) & (counts[:, i] > 0)
        for threshold in (0.2, 0.3, 0.4, 0.5, 0.6):
            chosen = of & (guess[:, i] >= threshold)
            hits = right[chosen, i].sum()
            p, r = hits / max(1, chosen.sum()), hits / right[of, i].sum()
            print(f"  {role:10} from {threshold:.1f}: P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
