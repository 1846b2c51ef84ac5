"""Learn the weights that choose time and place: python scripts/train_ranker.py DOCS.jsonl.gz INCIDENTS.jsonl.gz

Reads articles (id, title, text, published, source, url, incident_id) and their incidents (incident_id, date, city,
state, lat, lon), fits one conditional logit a chooser with L2 by gradient ascent, prints by five folds over incidents
how often the best candidate is the right one, and writes extract/data/ranker.toml from all of them.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import numpy as np
from ranker_file import update

from extract import Article, Extractor
from extract.assemble import findings_of
from extract.decide import when, where
from extract.decide.kind import choose_kind
from extract.nlp.build import read
from extract.places import places_of
from extract.places.gazetteer import distance
from extract.text.layout import lay_out
from extract.text.signature import fold

L2 = 0.02
STEPS = 600
RATE = 0.5
NEAR_KM = 8.0
Case = tuple[str, list[dict[str, float]], list[bool]]


def main(docs: str, incidents: str) -> None:
    gold = {row["incident_id"]: row for row in rows_of(incidents)}
    rows = [(row, gold[row["incident_id"]]) for row in rows_of(docs)]
    with ProcessPoolExecutor(2) as pool:
        cases = [case for part in pool.map(cases_of, [rows[i::16] for i in range(16)]) for case in part]
    learned = {}
    for chooser in ("when", "where"):
        own = [(incident, signs, right) for name, (incident, signs, right) in cases if name == chooser]
        known = np.mean([any(c[2]) for c in own])
        print(chooser, f"{len(own)} articles with candidates, the right one among them: {known:.3f}")
        print("  right by five folds:", f"{cross_validated(own):.3f}")
        learned[chooser] = fit(own)
    update(learned)


def rows_of(path: str) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def cases_of(rows: list[tuple[dict, dict]]) -> list[tuple[str, Case]]:
    extractor = Extractor()
    return [case for row, gold in rows for case in case_of(extractor, row, gold)]


def case_of(extractor: Extractor, row: dict, gold: dict) -> Iterator[tuple[str, Case]]:
    day = datetime.fromisoformat(row["published"][:10]).replace(tzinfo=UTC) if row.get("published") else None
    article = Article(
        id=row["id"], text=row["text"], title=row.get("title") or "", url=row.get("url") or "",
        source=row.get("source") or "", published=day, published_day_only=True, lang="en",
    )  # fmt: skip
    doc = read(extractor._nlp, article, lay_out(article), extractor._common)
    found = findings_of(doc, places_of(article, extractor.gazetteer))
    choice = choose_kind(found, extractor.kinds)
    times = [m for m in found.times if not when._is_future(found, m)]
    if times:
        yield (
            "when",
            (
                gold["incident_id"],
                [when.signs(found, m, choice) for m in times],
                [m.first[:10] == gold["date"] and m.precision in ("day", "hour", "minute") for m in times],
            ),
        )
    places = where.candidates(found)
    if places:
        yield (
            "where",
            (
                gold["incident_id"],
                [where.signs(found, p, choice) for p in places],
                [is_right(p.resolved, gold) for p in places],
            ),
        )


def is_right(resolved, gold: dict) -> bool:
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
    for fold_ in range(5):
        weights = fit([c for c in cases if int(c[0]) % 5 != fold_])
        for incident, signs, labels in cases:
            if int(incident) % 5 == fold_:
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
