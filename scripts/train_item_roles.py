"""Train the model of an item's role: python scripts/train_item_roles.py [--without 2023-08] FEEDS.jsonl.gz ...

Each row is a feed item (id, title, text, published, source, url) and its label ``role``: R (report), F (follow-up),
C (comment), O (old act), M (several incidents, learned as a report) or "" (no incident). Uncertain labels, such as
"F?", are left out. --without leaves out the items published in a month, so that items of that month can be measured by
weights that never saw them or other items on the same incidents.

Writes extract/lang/en/data/linear_item_roles.npz.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime

import linear_file
import numpy as np
from known_incidents import rows_of

from extract import Article
from extract.decide.models.item_roles import MODEL, ItemRole, item_features
from extract.lang import ENGLISH

ROLES = {"R": ItemRole.REPORT, "M": ItemRole.REPORT, "F": ItemRole.FOLLOW_UP, "C": ItemRole.COMMENT, "O": ItemRole.OLD}
MIN_ITEMS = 3  # a word or pair of words is learned if at least this many items contain it
RIDGE = 3.0  # strength of the L2 penalty
MIN_WEIGHT = 0.05  # features whose weights are all smaller are not stored


def main(paths: list[str], without: str | None) -> None:
    rows = [row for path in paths for row in rows_of(path)]
    rows = [
        row for row in rows if row["role"] in {*ROLES, ""} and not (without and row["published"].startswith(without))
    ]
    features = [item_features(ENGLISH.lay_out(article_of(row))) for row in rows]
    found = [ROLES.get(row["role"], ItemRole.NONE) for row in rows]
    print(len(rows), "items:", dict(Counter(role.value for role in found)))
    times = Counter(name for row in features for name in row)
    names = sorted(name for name, count in times.items() if count >= MIN_ITEMS)
    right = (np.array(found)[:, None] == np.array(list(ItemRole))).astype(float)
    table = linear_file.sparse_table(features, names)
    weights, bias = linear_file.fit(table, right, np.ones_like(right), ridge=RIDGE)
    linear_file.save(MODEL, list(ItemRole), names, weights, bias, min_weight=MIN_WEIGHT)


def article_of(row: dict) -> Article:
    return Article(
        id=str(row["id"]),
        text=row["text"],
        title=row["title"],
        url=row.get("url") or "",
        source=row.get("source") or "",
        published=datetime.fromisoformat(row["published"]),
        lang="en",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("feeds", nargs="+")
    parser.add_argument("--without", metavar="YEAR-MONTH")
    given = parser.parse_args()
    main(given.feeds, given.without)
