"""How well does the extractor read the corpus? Prints the table of figures and every wrong field.

python scripts/quality.py [FIELD ...] [--brief]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "extract"))

from corpus_scores import FIELDS, floors, load, score, table

from extract import Extractor


def main() -> None:
    """Reads the corpus once and prints what is wrong, field by field."""
    wanted = [name for name in sys.argv[1:] if name in FIELDS] or list(FIELDS)
    cases = load()
    extractor = Extractor()
    scores = score(cases, extractor.extract)
    print(table(scores, floors()))
    print(
        " · ".join(f"{group} {n}" for group, n in Counter(c.group for c in cases).items()), "·", len(cases), "articles"
    )
    if "--brief" in sys.argv:
        return
    for name in wanted:
        print(f"\n{name}")
        for verdict in scores[name].wrong:
            print(f"  {verdict.article:38} expected {verdict.expected:36} got {verdict.got}")


if __name__ == "__main__":
    main()
