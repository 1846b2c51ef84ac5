"""Learn what chooses the place: python scripts/train_where.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, city, state,
lat, lon), fits a conditional logit with L2 by gradient ascent over mentions and grows a forest over places, prints by
five folds over incidents how often the best candidate of each, and of their sum, is the right one, and writes the
section [where] of extract/data/ranker.toml and extract/data/forest_where.npz.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
from forest_file import grow, save, table_of
from known_incidents import FOLDS, learn_from
from ranker_file import update

from extract.decide.findings import Findings
from extract.decide.kind import KindChoice
from extract.decide.place import choose
from extract.decide.place.refine import city_of_district
from extract.places import Gazetteer, Resolved
from extract.places.gazetteer import distance
from extract.track.signature import fold

L2 = 0.02
STEPS = 600
RATE = 0.5
NEAR_KM = 8.0
LEAST = 100  # places that have a sign, for the forest to learn it
WORDS = 200  # signs it may learn besides those of every place
Case = tuple[int, list[dict[str, float]], list[bool]]
Seen = tuple[int, list[list[dict[str, float]]], list[dict[str, float]], list[list[bool]]]


def main(docs: str, incidents: str) -> None:
    articles = [seen for seen in learn_from(docs, incidents, seen_of) if seen[1]]
    cases: list[Case] = [
        (fold_, [s for each in own for s in each], [r for each in right for r in each])
        for fold_, own, _, right in articles
    ]
    fold_of = np.array([fold_ for fold_, _, rows, _ in articles for _ in rows])
    article = np.array([i for i, (_, _, rows, _) in enumerate(articles) for _ in rows])
    right = np.array([any(each) for _, _, _, labels in articles for each in labels])
    rows = [row for _, _, known, _ in articles for row in known]
    names = [n for n, times in Counter(n for row in rows for n in row).most_common() if times >= LEAST][:WORDS]
    table = table_of(rows, names)
    logit, trees = np.zeros(len(rows)), np.zeros(len(rows))
    for k in range(FOLDS):
        weights = fit([case for case in cases if case[0] != k])
        best = [max(total(s, weights) for s in each) for _, own, _, _ in articles for each in own]
        logit[fold_of == k] = np.array(best)[fold_of == k]
        trees[fold_of == k] = grow(table[fold_of != k], right[fold_of != k]).predict(
            table[fold_of == k], raw_score=True
        )
    print(f"{len(articles)} articles with candidates, by five folds the right place is chosen")
    for name, scores in (("by the logit", logit), ("by the forest", trees), ("by their sum", logit + trees)):
        chosen: dict[int, int] = {}
        for row, i in enumerate(article.tolist()):
            if i not in chosen or scores[row] > scores[chosen[i]]:
                chosen[i] = row
        print(f"  {name}: {np.mean(right[list(chosen.values())]):.3f}")
    update({"where": fit(cases)})
    print("written", save("where", [grow(table, right)], names))


def seen_of(found: Findings, choice: KindChoice | None, gold: dict) -> Seen:
    """The fold, each place's mentions' signs, each place's traits, and which mentions are right."""
    named, gazetteer = choose.candidates(found), Gazetteer.open()
    places = choose.by_place(named)
    own = [[choose.mention_features(found, p, choice) for p in mentions] for mentions in places]
    right = [
        [is_right(p.resolved, gold, quarter=city_of_district(p, named, gazetteer) is not None) for p in mentions]
        for mentions in places
    ]
    return gold["fold"], own, choose.place_features(found, places, own), right


def total(signs: dict[str, float], weights: dict[str, float]) -> float:
    return sum(value * weights.get(name, 0.0) for name, value in signs.items())


def is_right(resolved: Resolved, gold: dict, *, quarter: bool) -> bool:
    place = resolved.place
    if place.country != "US" or (place.admin1 and place.admin1 != gold["state"]):
        return False
    names = {fold(place.name), fold(resolved.name)}
    wanted = {fold(part.strip(" )")) for part in gold["city"].split("(")}
    if names & wanted or {n.removesuffix(" county") for n in names} & wanted:
        return True
    fine = quarter or place.precision in ("site", "district")
    if not fine or place.lat is None or gold.get("lat") is None:
        return False
    return distance(place.lat, place.lon, gold["lat"], gold["lon"]) <= NEAR_KM


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
