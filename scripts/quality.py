"""How well does the extractor do on the corpus? Prints a table of scores and every wrong field.

python scripts/quality.py [FIELD ...]     only these fields' errors
python scripts/quality.py --brief         the table alone
python scripts/quality.py --new           only errors that are not in tests/corpus/known_wrong.txt
python scripts/quality.py --raise         raises the floors to the current scores (none falls), writes the known errors
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "extract"))

from corpus_scores import FIELDS, FLOORS, KNOWN, Score, figures, floors, known_wrong, label, load, score, table

from extract import Extractor


def main(words: list[str]) -> None:
    """Run the extractor on the corpus and print the errors of each field."""
    cases = load()
    scores = score(cases, Extractor().extract)
    print(table(scores, floors()))
    print(
        " · ".join(f"{group} {n}" for group, n in Counter(c.group for c in cases).items()), "·", len(cases), "articles"
    )
    if "--raise" in words:
        raise_floors(scores)
    elif "--brief" not in words:
        known = known_wrong() if "--new" in words else frozenset()
        print_errors(scores, [name for name in words if name in FIELDS] or list(FIELDS), known)


def print_errors(scores: dict[str, Score], fields: list[str], known: frozenset[str]) -> None:
    """Print every wrong field that isn't a known error."""
    for name in fields:
        print(f"\n{name}")
        for verdict in scores[name].wrong:
            if label(verdict) not in known:
                print(f"  {verdict.article:38} expected {verdict.expected:36} got {verdict.got}")


def raise_floors(scores: dict[str, Score]) -> None:
    """Raise floors to the current scores, rounded down to two digits, where those are higher; the comment stays."""
    least, now = floors(), figures(scores)
    head = FLOORS.read_text(encoding="utf-8").partition("[floors]")[0]
    lines = [f"{name} = {max(least.get(name, 0), math.floor(now[name] * 100 + 1e-9) / 100):.2f}" for name in FIELDS]
    FLOORS.write_text(head + "\n".join(["[floors]", *lines, ""]), encoding="utf-8")
    KNOWN.write_text("".join(f"{label(v)}\n" for name in FIELDS for v in scores[name].wrong), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
