"""Learn the weights of matching: python scripts/train_matcher.py DOCS.jsonl.gz [EXTRACTIONS.pickle]

Reads articles (id, title, text, published, source, url, incident_id), extracts them (or takes the pickled list of
(article, extraction) that an earlier run left), grows the true incidents article by article, and fits a logistic
regression on what speaks for and against each candidate. The weights stay near those set by hand (L2); those that the
stream can't teach, since all its incidents are shootings, keep them. Prints precision and recall of the candidate
pairs by five folds over incidents, and writes extract/data/track.toml.
"""

from __future__ import annotations

import gzip
import json
import pickle
import re
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from extract import Article, Extractor, track
from extract.text.layout import lay_out
from extract.text.signature import signature
from extract.track.match import names_held, search_window, signs
from extract.types import ArticleRef, Extraction, Incident, Member, SearchWindow
from extract.wire import read_article

TABLE = Path("extract/data/track.toml")
L2 = 3.0
# above even odds: a wrong merge hides an incident, a wrong split only annoys
MARGIN = 0.1
# kept as set by hand: one kind of incident teaches nothing of kinds and means, and half of the single victims with
# other names are slips of the extraction
FIXED = {
    "same_kind": 0.5,
    "turns_into": 0.3,
    "other_means": -2.4,
    "other_act": -2.0,
    "other_day": -3.0,
    "other_victim": -1.6,
}
PRIOR = {
    **{"same_place": 1.5, "near": 1.0, "around": 0.0, "far": -1.0, "within": 0.0, "same_area": 0.8},
    **{"unknown_place": -0.8, "same_day": 2.0, "next_day": 0.6, "near_day": -0.4, "later": -2.5, "unknown_time": 0.6},
    **{"overlap_coarse": 0.0, "same_killed": 0.7, "other_killed": -0.3, "same_injured": 0.5, "other_injured": -0.3},
    **{"victim": 1.2, "names": 0.8, "no_name": -0.8, "same_age": 0.4, "other_age": -0.4, "wording": 3.0},
}
Pair = tuple[dict[str, float], bool, str, str]


def main(docs: str, extractions: str = "") -> None:
    with gzip.open(docs, "rt", encoding="utf-8") as stream:
        rows = sorted((json.loads(line) for line in stream), key=lambda row: (row["published"], row["id"]))
    pairs = pairs_of(rows, extracted(rows, extractions))
    x = np.array([[signs.get(name, 0.0) for name in PRIOR] for signs, *_ in pairs])
    fixed = np.array([sum(v * signs.get(name, 0.0) for name, v in FIXED.items()) for signs, *_ in pairs])
    y = np.array([float(same) for _, same, *_ in pairs])
    one, two = (np.array([zlib.crc32(pair[i].encode()) % 5 for pair in pairs]) for i in (2, 3))
    scores = np.zeros(len(y))
    for fold in range(5):
        train, test = (one != fold) & (two != fold), one == fold
        weights = fit(x[train], y[train], fixed[train])
        scores[test] = np.c_[x[test], np.ones(test.sum())] @ weights + fixed[test]
    yes = scores >= MARGIN
    right = (yes & (y == 1)).sum()
    print(f"{len(y)} pairs, five folds: precision {right / yes.sum():.3f}, recall {right / y.sum():.3f}")
    *weights, intercept = fit(x, y, fixed)
    write(dict(zip(PRIOR, weights, strict=True)) | FIXED, MARGIN - intercept)


def extracted(rows: list[dict], name: str) -> dict[str, tuple[Article, Extraction]]:
    """By the article's id, with signatures made anew: they may have changed since."""
    if name and Path(name).exists():
        found = pickle.loads(Path(name).read_bytes())
    else:
        with ProcessPoolExecutor(2) as pool:
            found = [pair for part in pool.map(extract_part, [rows[i::16] for i in range(16)]) for pair in part]
        if name:
            Path(name).write_bytes(pickle.dumps(found))
    return {article.id: (article, signed(article, extraction)) for article, extraction in found}


def extract_part(rows: list[dict]) -> list[tuple[Article, Extraction]]:
    extractor = Extractor()
    articles = [read_article(json.dumps(row)) for row in rows]
    return [(article, extractor.extract(article)) for article in articles]


def signed(article: Article, extraction: Extraction) -> Extraction:
    words = signature(lay_out(article))
    reports = tuple(msgspec.structs.replace(report, words=words) for report in extraction.reports)
    return msgspec.structs.replace(extraction, reports=reports)


def pairs_of(rows: list[dict], found: dict[str, tuple[Article, Extraction]]) -> list[Pair]:
    """Each article against the true incidents known then that no veto forbids."""
    known: dict[str, Incident] = {}
    members: dict[str, list[Member]] = {}
    pairs: list[Pair] = []
    for row in rows:
        article, extraction = found[row["id"]]
        if not extraction.reports or article.published is None:
            continue
        true, now = row["incident_id"], article.published
        ref = ArticleRef(id=article.id, source=article.source, published=now, origin=track.origin_of(article, {}))
        member = Member(article=ref, report=extraction.reports[0])
        window = search_window(member.report, now)
        candidates = [incident for incident in known.values() if qualifies(incident, window)]
        held = names_held(member.report, candidates)
        for incident in candidates:
            spoken, vetoes = signs(member, incident, held)
            pairs += [] if vetoes else [(spoken, incident.id == true, true, incident.id)]
        members.setdefault(true, []).append(member)
        known[true] = track.fuse(members[true], id=true, before=known.get(true), now=now)
    return pairs


def qualifies(incident: Incident, window: SearchWindow) -> bool:
    """As the store looks candidates up; places far apart are left to the vetoes."""
    when = incident.facts.when
    return incident.facts.kind in window.kinds and (
        when is None or (when.first_day <= window.until and when.last_day >= window.since)
    )


def fit(x: np.ndarray, y: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Newton's method; the last weight is the intercept."""
    x = np.c_[x, np.ones(len(x))]
    prior = np.array([*PRIOR.values(), -3.0])
    penalty = np.diag([*[L2] * len(PRIOR), 1e-3])
    weights = prior.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-(x @ weights + fixed)))
        gradient = x.T @ (p - y) + penalty @ (weights - prior)
        weights = weights - np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty, gradient)
    return weights


def write(weights: dict[str, float], threshold: float) -> None:
    head, section, rest = TABLE.read_text(encoding="utf-8").partition("[match.weights]")
    own, next_section, rest = rest.partition("\n[fuse]")
    for name, value in weights.items():
        own = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value:.2f}", own)
    head = re.sub(r"(?m)^threshold = \S+", f"threshold = {threshold:.2f}", head)
    TABLE.write_text(head + section + own + next_section + rest, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
