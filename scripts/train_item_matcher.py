"""Train the weights by which two short items are matched: two steps, since each month is read by an encoder that never
saw it.

    python scripts/train_item_encoder.py MODEL extract/lang/en/data FEEDS.jsonl.gz ... --without 2023-08
    python scripts/train_item_matcher.py read 2023-08 FEEDS.jsonl.gz 2023-08.pickle
    python scripts/train_item_matcher.py learn 2023-02.pickle 2023-05.pickle 2023-08.pickle

``read`` extracts the items of a month that are about a labelled incident; ``learn`` pairs each of them with the
incidents known before it, built by the labels, and fits a logistic regression to whether the two are one. It prints
precision and recall of each month by weights learned from the others, and writes ``[match.items.weights]`` of
extract/data/track.toml.
"""

from __future__ import annotations

import argparse
import pickle
import re
from pathlib import Path

import numpy as np
from known_incidents import rows_of
from train_item_roles import article_of
from train_matcher import TABLE, qualifies

from extract import Extractor, track
from extract.track.features import compare_all
from extract.track.match import search_window
from extract.track.rules import rules
from extract.track.story import likeness
from extract.types import ArticleRef, Extraction, Incident, Member

# the features with a weight of their own for items; ``item`` is the intercept
NAMES = ("item", "story", "same_story", "hours_apart", "other_country", "same_kind", "wording", "headline")
L2 = 0.33
LEAST_ALIKE = 0.5  # an incident that the blocking keys don't find is a candidate if its story is this much alike
LATEST = 12  # articles of a known incident that its facts are fused from here
PROBABILITY = 0.25  # from which two items are one incident: one record too many is told twice, one too few is corrected
# features, whether the two are one incident
Pair = tuple[dict[str, float], bool]


def read(month: str, feeds: str, out: Path) -> None:
    """Pickles (row, extraction) of the month's items whose incident is labelled."""
    rows = [r for r in rows_of(feeds) if r["published"].startswith(month) and r["incident"] and r["role"] in "RFCO"]
    rows.sort(key=lambda row: (row["published"], row["id"]))
    found = list(Extractor().extract_all([article_of(row) for row in rows]))
    out.write_bytes(pickle.dumps(list(zip(rows, found, strict=True))))
    print("written", out, len(rows), "items")


def learn(paths: list[Path]) -> None:
    months = [pairs_of(pickle.loads(path.read_bytes())) for path in paths]
    for i, path in enumerate(paths):
        weights = fit([pair for j, pairs in enumerate(months) if j != i for pair in pairs])
        yes = [score(features, weights) >= threshold() for features, _ in months[i]]
        same = [pair[1] for pair in months[i]]
        right = sum(a and b for a, b in zip(yes, same, strict=True))
        print(f"{path.stem}: {len(same)} pairs, precision {right / sum(yes):.3f}, recall {right / sum(same):.3f}")
    write(fit([pair for pairs in months for pair in pairs]))


def pairs_of(items: list[tuple[dict, Extraction]]) -> list[Pair]:
    """Each item paired with the incidents known before it; those that a constraint forbids are left out."""
    known: dict[str, Incident] = {}
    members: dict[str, list[Member]] = {}
    pairs: list[Pair] = []
    for row, extraction in items:
        article, true = article_of(row), row["incident"]
        if not extraction.reports or article.published is None:
            continue
        report, now = extraction.reports[0], article.published
        member = Member(
            article=ArticleRef(id=article.id, source=article.source, published=now, title=article.title), report=report
        )
        window = search_window(report, now)
        near = [
            i
            for i in known.values()
            if qualifies(i, window) or (likeness(report.story, i.facts.story) or 0) >= LEAST_ALIKE
        ]
        pairs += [
            (one.features, one.incident == true)
            for one in compare_all(member, near)
            if "item" in one.features and not one.cannot_link
        ]
        members.setdefault(true, []).append(member)
        known[true] = track.fuse(members[true][-LATEST:], id=true, before=known.get(true), now=now)
    return pairs


def base(features: dict[str, float]) -> float:
    """The sum by the weights of any two texts, above the threshold."""
    return sum(rules("match")["weights"].get(name, 0.0) * value for name, value in features.items()) - threshold()


def threshold() -> float:
    return float(rules("match")["threshold"])


def fit(pairs: list[Pair]) -> dict[str, float]:
    """The weights of a logistic regression, shifted so that a score reaches the threshold at ``PROBABILITY``."""
    share = rules("match")["items"]["share"]
    fixed = share * np.array([base(f) for f, _ in pairs])
    x = np.array([[f.get(name, 0.0) for name in NAMES] for f, _ in pairs])
    y = np.array([float(same) for _, same in pairs])
    penalty = np.diag([1e-3, *[L2] * (len(NAMES) - 1)])
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-(x @ w + fixed)))
        w = w - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty, x.T @ (p - y) + penalty @ w)
    found = dict(zip(NAMES, map(float, w), strict=True))
    found["item"] += threshold() * (1 - share) - float(np.log(PROBABILITY / (1 - PROBABILITY)))
    return found


def score(features: dict[str, float], weights: dict[str, float]) -> float:
    """The score as ``extract.track.match`` computes it."""
    share = rules("match")["items"]["share"]
    return share * (base(features) + threshold()) + sum(weights[n] * features.get(n, 0.0) for n in NAMES)


def write(weights: dict[str, float]) -> None:
    text = TABLE.read_text(encoding="utf-8")
    head, _, rest = text.partition("[match.items]\n")
    own, _, tail = rest.partition("\n[fuse]")
    for name, value in weights.items():
        own = re.sub(rf"(?m)^{name} = [-.\d]+", f"{name} = {value:.2f}", own)
    TABLE.write_text(f"{head}[match.items]\n{own}\n[fuse]{tail}", encoding="utf-8")
    print({name: round(value, 2) for name, value in weights.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    reading = steps.add_parser("read")
    reading.add_argument("month"), reading.add_argument("feeds"), reading.add_argument("out", type=Path)
    learning = steps.add_parser("learn")
    learning.add_argument("pickles", nargs="+", type=Path)
    given = parser.parse_args()
    if given.step == "read":
        read(given.month, given.feeds, given.out)
    else:
        learn(given.pickles)
