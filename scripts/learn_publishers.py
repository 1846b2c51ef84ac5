"""Learn the home states of publishers: python scripts/learn_publishers.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles with their true incidents (id, source, incident_id; incident_id, state) and writes
extract/data/publishers.toml: the state of nearly all of a publisher's incidents. Only facts are kept (domain, state).
Prints, by five-fold cross-validation over incidents, how often such a home is right for unseen incidents.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

LEAST = 2
SHARE = 0.8
OUT = Path(__file__).parent.parent / "extract" / "data" / "publishers.toml"


def main(docs: str, incidents: str) -> None:
    states = {row["incident_id"]: row["state"] for row in read(incidents)}
    rows = [(d["source"], d["incident_id"], states[d["incident_id"]]) for d in read(docs) if d.get("source")]
    right = known = 0
    for fold in range(5):
        homes = learn([row for row in rows if hash_fold(row[1]) != fold])
        for source, incident, state in rows:
            if hash_fold(incident) == fold and source in homes:
                known, right = known + 1, right + (homes[source] == state)
    print(f"unseen incidents with a known home: {known} of {len(rows)}, right: {right / max(1, known):.3f}")
    write(learn(rows))


def read(path: str) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def hash_fold(incident: str) -> int:
    return int(incident) % 5


def learn(rows: list[tuple[str, str, str]]) -> dict[str, str]:
    """Domain -> state, where at least LEAST of its incidents are in the state and make up SHARE of all of them."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for source, _, state in {(s, i, st) for s, i, st in rows}:
        seen[source][state] += 1
    best = {source: counts.most_common(1)[0] for source, counts in seen.items()}
    return {s: state for s, (state, n) in best.items() if n >= LEAST and n >= SHARE * seen[s].total()}


def write(homes: dict[str, str]) -> None:
    lines = [
        "# Where publishers are at home: domain -> country/first-order division. Facts learned by",
        "# scripts/learn_publishers.py from records of shootings (Gun Violence Archive).",
        "",
        "[home]",
        *(f'"{source}" = "US/{state}"' for source, state in sorted(homes.items())),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(homes)} homes -> {OUT.name}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
