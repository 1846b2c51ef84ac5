"""Learn the weights that choose the place: python scripts/train_where.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, city, state,
lat, lon), fits a conditional logit with L2 by gradient ascent, prints by five folds over incidents how often the best
candidate is the right one, and writes the section [where] of extract/data/ranker.toml. Trees chose no better here.
"""

from __future__ import annotations

import sys

import numpy as np
from known_incidents import FOLDS, learn_from
from ranker_file import update

from extract.decide import where
from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.places import Resolved
from extract.places.gazetteer import distance
from extract.text.signature import fold

L2 = 0.02
STEPS = 600
RATE = 0.5
NEAR_KM = 8.0
Case = tuple[int, list[dict[str, float]], list[bool]]


def main(docs: str, incidents: str) -> None:
    cases = [case for case in learn_from(docs, incidents, case_of) if case[1]]
    known = np.mean([any(right) for _, _, right in cases])
    print(f"{len(cases)} articles with candidates, the right one among them: {known:.3f}")
    print("  right by five folds:", f"{cross_validated(cases):.3f}")
    update({"where": fit(cases)})


def case_of(found: Findings, choice: KindChoice | None, gold: dict) -> Case:
    places = where.candidates(found)
    return (
        gold["fold"],
        [where.signs(found, p, choice) for p in places],
        [is_right(p.resolved, gold) for p in places],
    )


def is_right(resolved: Resolved, gold: dict) -> bool:
    place = resolved.place
    if place.country != "US" or (place.admin1 and place.admin1 != gold["state"]):
        return False
    names = {fold(place.name), fold(resolved.name)}
    wanted = {fold(part.strip(" )")) for part in gold["city"].split("(")}
    if names & wanted or {n.removesuffix(" county") for n in names} & wanted:
        return True
    fine = place.precision in ("site", "district") and place.lat is not None and gold.get("lat") is not None
    return fine and distance(place.lat, place.lon, gold["lat"], gold["lon"]) <= NEAR_KM


def cross_validated(cases: list[Case]) -> float:
    right = 0
    for fold_ in range(FOLDS):
        weights = fit([c for c in cases if c[0] != fold_])
        for own, signs, labels in cases:
            if own == fold_:
                sums = [sum(v * weights.get(k, 0.0) for k, v in s.items()) for s in signs]
                right += labels[int(np.argmax(sums))]
    return right / len(cases)


def fit(cases: list[Case]) -> dict[str, float]:
    """Maximises the likelihood that a right candidate is chosen, less L2 times the weights' squares."""
    usable = [(signs, labels) for _, signs, labels in cases if any(labels) and not all(labels)]
    names = sorted({name for signs, _ in usable for sign in signs for name in sign})
    x = np.array([[s.get(n, 0.0) for n in names] for signs, _ in usable for s in signs])
    y = np.array([label for _, labels in usable for label in labels], dtype=float)
    group = np.repeat(np.arange(len(usable)), [len(labels) for _, labels in usable])
    w = np.zeros(len(names))
    velocity = np.zeros(len(names))
    for _ in range(STEPS):
        power = np.exp(np.clip(x @ w, -30, 30))
        every = np.bincount(group, power)
        good = np.bincount(group, power * y)
        gradient = x.T @ (power * y / good[group] - power / every[group]) / len(usable) - L2 * w / 10
        velocity = 0.9 * velocity + RATE * gradient
        w = w + velocity
    return dict(zip(names, w.tolist(), strict=True))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
