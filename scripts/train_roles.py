"""Train the roles of participants (who did it to whom with what): python scripts/train_roles.py MUC.jsonl.gz

Reads news texts with filled templates (id, text, published, templates with perp_ind, perp_org, targets, victims and
instrument, each fill a list of equally right `alts`) and the project's own corpus, of which only the fields that a row
states are used. Prints by five-fold cross-validation over texts the precision and recall of the fills at some
probabilities, and writes extract/lang/en/data/linear_roles.npz, the weights that
extract/decide/participants/argument_roles.py reads.
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
from extract.decide.participants.argument_roles import ArgumentRole, Candidate, candidates, signs
from extract.decide.relevance import probability
from extract.decide.when import choose_when
from extract.lexicon import role_of_head

ROLES = tuple(ArgumentRole)
LEAST = 8  # a feature is used if at least this many candidates have it
HALF = 0.3  # the weight of a candidate that matches a fill only in part
OWN = 2.0  # the weight of a candidate from our own corpus
LIKELY = 0.3  # texts without a template are used from this probability on: others don't get to this stage
PERPETRATORS = (ArgumentRole.PERPETRATOR, ArgumentRole.ORGANIZATION)
# role -> the field with its types in the corpus, and the section of roles.toml with the words of each type
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
    """A candidate: the id of its text, its features, and for each role how right it is and its weight."""

    text: str
    signs: frozenset[str]
    right: tuple[float, ...]
    counts: tuple[float, ...]


def main(muc: str) -> None:
    tasks = [("muc", row) for row in rows_of(muc)] + [("own", row) for row in corpus() if "want" in row]
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(look_at, [tasks[i::12] for i in range(12)]) for row in part]
    names = sorted(n for n, times in Counter(n for row in rows for n in row.signs).items() if times >= LEAST)
    table = sparse_table([row.signs for row in rows], names)
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
    if origin == "muc" and not row["templates"] and probability(found, choice, when and when[0]) < LIKELY:
        return []
    out = []
    for option in candidates(found):
        if origin == "muc":
            right = [max((credit(f, option) for t in row["templates"] for f in t[role]), default=0.0) for role in ROLES]
            counts = [HALF if value == 0.5 else 1.0 for value in right]
        else:
            right, counts = own(row["want"], option)
        out.append(Row(row["id"], frozenset(signs(option, choice)), tuple(right), tuple(counts)))
    return out


def credit(fill: dict, option: Candidate) -> float:
    """1 where a mention matches the fill, 1/2 where it does so in part, as in MUC-4 scoring; else 0."""
    best = max(likeness(alt, m.name) for alt in fill["alts"] for m in option.mentions)
    if best == 0.5 and max(likeness(alt, option.fullest.name) for alt in fill["alts"]) < best:
        return 0.0
    return best


def likeness(one: str, two: str) -> float:
    a, b = ([w for w in WORD.findall(name.lower()) if w not in EMPTY] for name in (one, two))
    if not a or not b:
        return 0.0
    share = len({*a} & {*b}) / min(len({*a}), len({*b}))
    return 1.0 if share == 1 else 0.5 if a[-1] == b[-1] or share >= 0.5 else 0.0


def own(want: dict, option: Candidate) -> tuple[list[float], list[float]]:
    """How right a candidate is for each role by a row of the corpus, and the weights: 0 where the row doesn't say."""
    right, counts = dict.fromkeys(ROLES, 0.0), dict.fromkeys(ROLES, 0.0)
    names = {m.name.lower() for m in option.mentions}
    if want.get("perpetrators") == [] or any(w in name for w in want.get("innocent", ()) for name in names):
        counts |= dict.fromkeys(PERPETRATORS, OWN)
    if any(likeness(w, name) == 1 for w in want.get("perpetrators", ()) for name in names):
        role = ArgumentRole.ORGANIZATION if "group" in signs(option, None) else ArgumentRole.PERPETRATOR
        right[role], counts[role] = 1.0, OWN
    for role, (field, words) in TYPED.items():
        kinds = {role_of_head(words).get(m.head) for m in option.mentions} - {None}
        if field in want and (kinds or not want[field]):
            right[role], counts[role] = float(bool(kinds & {*want[field]})), OWN
    return list(right.values()), list(counts.values())


def report(rows: list[Row], guess: np.ndarray, right: np.ndarray, counts: np.ndarray) -> None:
    """Print precision and recall of the candidates at some probabilities."""
    muc = np.array([row.counts[-1] > 0 for row in rows])
    print(len({row.text for row in rows}), "texts,", len(rows), "candidates")
    for i, role in enumerate(ROLES):
        of = muc & (right[:, i] != 0.5) & (counts[:, i] > 0)
        for least in (0.2, 0.3, 0.4, 0.5, 0.6):
            chosen = of & (guess[:, i] >= least)
            hits = right[chosen, i].sum()
            p, r = hits / max(1, chosen.sum()), hits / right[of, i].sum()
            print(f"  {role:10} from {least:.1f}: P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
