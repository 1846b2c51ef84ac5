"""Train the models that choose the place: python scripts/train_where.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, city, state,
lat, lon). Fits a conditional logit over mentions, with an L2 penalty, by gradient ascent, and a forest over places.
Prints how often the best candidate of each, and of their sum, is the right one, by five-fold cross-validation over
incidents. Writes to extract/lang/en/data the section [where] of ranker.toml, and forest_where.npz.
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
from extract.geo import distance_km
from extract.places import Gazetteer, Resolved
from extract.track.signature import word_key

L2 = 0.02  # strength of the penalty
STEPS = 600
RATE = 0.5
NEAR_KM = 8.0  # a site or district this near to the incident is the right place
MIN_PLACES = 100  # the forest learns a feature if at least this many places have it ...
MAX_FEATURES = 200  # ... and at most this many features, the most frequent ones
# fold, features of the mentions of an article, whether each is right
Case = tuple[int, list[dict[str, float]], list[bool]]
# fold, features of the mentions by place, features of the places, whether each mention is right by place
ArticlePlaces = tuple[int, list[list[dict[str, float]]], list[dict[str, float]], list[list[bool]]]


def main(docs: str, incidents: str) -> None:
    articles = [seen for seen in learn_from(docs, incidents, places_of_article) if seen[1]]
    cases: list[Case] = [
        (fold_, [s for each in by_mention for s in each], [r for each in right for r in each])
        for fold_, by_mention, _, right in articles
    ]
    fold_of = np.array([fold_ for fold_, _, rows, _ in articles for _ in rows])
    article = np.array([i for i, (_, _, rows, _) in enumerate(articles) for _ in rows])
    right = np.array([any(each) for _, _, _, labels in articles for each in labels])
    rows = [row for _, _, by_place, _ in articles for row in by_place]
    names = [n for n, times in Counter(n for row in rows for n in row).most_common() if times >= MIN_PLACES][
        :MAX_FEATURES
    ]
    table = table_of(rows, names)
    logit, trees = np.zeros(len(rows)), np.zeros(len(rows))
    for k in range(FOLDS):
        weights = fit([case for case in cases if case[0] != k])
        best = [max(weighted_sum(s, weights) for s in each) for _, by_mention, _, _ in articles for each in by_mention]
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


def places_of_article(found: Findings, choice: KindChoice | None, gold: dict) -> ArticlePlaces:
    """The candidates of one article, as in ``ArticlePlaces``."""
    named, gazetteer = choose.candidates(found), Gazetteer.open()
    places = choose.by_place(named)
    by_mention = [[choose.mention_features(found, p, choice) for p in mentions] for mentions in places]
    right = [
        [
            is_right(p.resolved, gold, is_city_district=city_of_district(p, named, gazetteer) is not None)
            for p in mentions
        ]
        for mentions in places
    ]
    return gold["fold"], by_mention, choose.place_features(found, places, by_mention), right


def weighted_sum(features: dict[str, float], weights: dict[str, float]) -> float:
    return sum(value * weights.get(name, 0.0) for name, value in features.items())


def is_right(resolved: Resolved, gold: dict, *, is_city_district: bool) -> bool:
    """Is a resolved place that of the incident: by name, or for a site or district by distance?"""
    place = resolved.place
    if place.country != "US" or (place.admin1 and place.admin1 != gold["state"]):
        return False
    names = {word_key(place.name), word_key(resolved.name)}
    wanted = {word_key(part.strip(" )")) for part in gold["city"].split("(")}
    if names & wanted or {n.removesuffix(" county") for n in names} & wanted:
        return True
    fine = is_city_district or place.precision in ("site", "district")
    if not fine or place.lat is None or gold.get("lat") is None:
        return False
    return distance_km(place.lat, place.lon, gold["lat"], gold["lon"]) <= NEAR_KM


def fit(cases: list[Case]) -> dict[str, float]:
    """The weights with the highest likelihood that a right candidate is chosen, less L2 times their squares."""
    usable = [(features, labels) for _, features, labels in cases if any(labels) and not all(labels)]
    names = sorted({name for features, _ in usable for row in features for name in row})
    x = np.array([[row.get(n, 0.0) for n in names] for features, _ in usable for row in features])
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
