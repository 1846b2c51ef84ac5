"""Is any stage slower than it was? python benchmarks/compare.py RESULT.json [--store]

Prints the shortest time of each stage in a run of pytest-benchmark, which other work on the machine disturbs least, its
share of the stage "reference", and that share in baseline.json: machines differ, shares within a run differ less.
--store writes baseline.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

BASELINE = Path(__file__).with_name("baseline.json")
REFERENCE = "reference"
# a share varies by so much from run to run of one code on a shared machine
NOISE = 2.0


def main(result: str, *options: str) -> None:
    rows = json.loads(Path(result).read_text())["benchmarks"]
    times = {row["name"].removeprefix("test_"): row["stats"]["min"] for row in rows}
    shares = {name: seconds / times[REFERENCE] for name, seconds in times.items() if name != REFERENCE}
    if "--store" in options:
        kept = {name: round(share, 6) for name, share in sorted(shares.items())}
        BASELINE.write_text(json.dumps(kept, indent=2) + "\n")
    before = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print(f"{'stage':28}{'ms':>10}{'share':>10}{'before':>10}{'ratio':>8}")
    print(f"{REFERENCE:28}{1000 * times[REFERENCE]:10.1f}")
    for name, share in sorted(shares.items()):
        was = before.get(name)
        ratio = f"{share / was:8.2f}{'  slower' if share / was > NOISE else ''}" if was else ""
        print(f"{name:28}{1000 * times[name]:10.1f}{share:10.4f}{was or 0:10.4f}{ratio}")


if __name__ == "__main__":
    main(*sys.argv[1:])
