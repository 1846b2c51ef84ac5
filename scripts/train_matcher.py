"""Train the weights of matching: python scripts/train_matcher.py DOCS.jsonl.gz [EXTRACTIONS.pickle]

Reads articles (id, title, text, published, source, url, incident_id) and extracts them, or takes the pickled list of
(article, extraction) of an earlier run. Builds the true incidents article by article, and fits a logistic regression on
the features of each candidate pair. Then builds the incidents that result from these weights, each article by weights
that were learned without its own fold, and fits again with those pairs too, so that wrong splits and merges are learned
from as well. The weights stay near those set by hand (L2); those that can't be learned from the stream, since all its
incidents are shootings, keep the values set by hand. Prints precision and recall of the candidate pairs by five folds
over incidents, and writes extract/data/track.toml.
"""

from __future__ import annotations

import gzip
import json
import pickle
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from extract import Article, Extractor, track
from extract.lang import ENGLISH
from extract.track.features import compare_all
from extract.track.match import search_window
from extract.track.rules import rules
from extract.track.signature import signature, signature_parts
from extract.types import ArticleRef, Extraction, Incident, Member, SearchWindow
from extract.wire import read_article

TABLE = Path("extract/data/track.toml")
L2 = 3.0
FOLDS = 5
# added to the threshold: a wrong merge hides an incident, a wrong split only annoys
MARGIN = 0.5
# kept as set by hand: nothing can be learned about kinds and means from one kind of incident; half of the single
# victims with other names are errors of the extraction; the stream contains few of a night's incidents, so place and
# day say more in it; and it has no tolls that rise for weeks
FIXED = {
    "same_kind": 0.5,
    "turns_into": 0.3,
    "other_means": -2.4,
    "other_target": -0.3,
    "other_act": -2.0,
    "other_day": -3.0,
    "other_victim": -1.6,
    "unlike": -1.5,
    "other_hour": -0.5,
    "same_road": 0.3,
    "like_toll": 2.0,
}
PRIOR = {
    **{"same_place": 1.5, "near": 1.0, "around": 0.0, "far": -1.0, "within": 0.0, "same_area": 0.8},
    **{"unknown_place": -0.8, "same_day": 2.0, "next_day": 0.6, "near_day": -0.4, "later": -2.5, "unknown_time": 0.6},
    **{"overlap_coarse": 0.0, "same_killed": 0.7, "other_killed": -0.3, "same_injured": 0.5, "other_injured": -0.3},
    **{"victim": 1.2, "names": 0.8, "no_name": -0.8, "same_age": 0.4, "other_age": -0.4, "wording": 3.0},
    **{"same_name": -0.5, "elsewhere": -1.5, "place_named": 0.5, "person": 0.8, "event_later": 0.0},
    **{"other_toll": -0.5, "rivals": -0.3},
    **{"apart": -0.3, "other_road": -0.8, "large_toll": 0.2, "headline": 0.5},
}
# the features, whether the two are one incident, the report's true incident, the candidate's
Pair = tuple[dict[str, float], bool, str, str]
Model = tuple[dict[str, float], float]
# a report, the known incidents and the report's true incident -> the incident it joins, None for a new one
Assign = Callable[[Member, list[Incident], str], str | None]


def main(docs: str, extractions: str = "") -> None:
    with gzip.open(docs, "rt", encoding="utf-8") as stream:
        rows = sorted((json.loads(line) for line in stream), key=lambda row: (row["published"], row["id"]))
    found = extracted(rows, extractions)
    of_truth = pairs_of(rows, found, lambda _member, _known, true: true)
    folds = [learned(of_truth, fold) for fold in range(FOLDS)]
    of_decisions = pairs_of(rows, found, lambda member, known, true: decided(member, known, folds[fold_of(true)]))
    pairs = of_truth + of_decisions
    print_quality(pairs)
    write(*learned(pairs, None))


def print_quality(pairs: list[Pair]) -> None:
    """Precision and recall of the pairs, each by weights that were learned without its incidents."""
    models = [learned(pairs, fold) for fold in range(FOLDS)]
    yes = [score(features, models[fold_of(true)]) >= 0 for features, _, true, _ in pairs]
    same = [pair[1] for pair in pairs]
    right = sum(a and b for a, b in zip(yes, same, strict=True))
    print(f"{len(pairs)} pairs, {FOLDS} folds: precision {right / sum(yes):.3f}, recall {right / sum(same):.3f}")


def learned(pairs: list[Pair], left_out: int | None) -> Model:
    """The weights and the threshold learned from all pairs but those of the incidents of one fold."""
    kept = [pair for pair in pairs if left_out not in (fold_of(pair[2]), fold_of(pair[3]))]
    x = np.array([[features.get(name, 0.0) for name in PRIOR] for features, *_ in kept])
    fixed = np.array([sum(v * features.get(name, 0.0) for name, v in FIXED.items()) for features, *_ in kept])
    *weights, intercept = fit(x, np.array([float(same) for _, same, *_ in kept]), fixed)
    return dict(zip(PRIOR, map(float, weights), strict=True)) | FIXED, MARGIN - float(intercept)


def fold_of(incident: str) -> int:
    return zlib.crc32(incident.encode()) % FOLDS


def score(features: dict[str, float], model: Model) -> float:
    weights, threshold = model
    return sum(weights[name] * value for name, value in features.items()) - threshold


def decided(member: Member, known: list[Incident], model: Model) -> str | None:
    """The incident that a report joins by these weights; None for a new one."""
    rules("match").update(weights=model[0], threshold=model[1])
    return track.decide(member, known).incident


def extracted(rows: list[dict], name: str) -> dict[str, tuple[Article, Extraction]]:
    """Article id -> article and extraction; signatures are computed again, since the code for them may have changed."""
    if name and Path(name).exists():
        found = pickle.loads(Path(name).read_bytes())
    else:
        with ProcessPoolExecutor(2) as pool:
            found = [pair for part in pool.map(extract_part, [rows[i::16] for i in range(16)]) for pair in part]
        if name:
            Path(name).write_bytes(pickle.dumps(found))
    return {article.id: (article, with_signature(article, extraction)) for article, extraction in found}


def extract_part(rows: list[dict]) -> list[tuple[Article, Extraction]]:
    extractor = Extractor()
    articles = [read_article(json.dumps(row)) for row in rows]
    return [(article, extractor.extract(article)) for article in articles]


def with_signature(article: Article, extraction: Extraction) -> Extraction:
    words = signature(ENGLISH.lay_out(article), ENGLISH)
    reports = tuple(msgspec.structs.replace(report, words=words) for report in extraction.reports)
    return msgspec.structs.replace(extraction, reports=reports)


def pairs_of(rows: list[dict], found: dict[str, tuple[Article, Extraction]], assign: Assign) -> list[Pair]:
    """Each article paired with the incidents known then that it may be linked to.

    The true incident of a built one is that of most of its articles.
    """
    truth = {row["id"]: row["incident_id"] for row in rows}
    known: dict[str, Incident] = {}
    members: dict[str, list[Member]] = {}
    pairs: list[Pair] = []
    for row in rows:
        article, extraction = found[row["id"]]
        if not extraction.reports or article.published is None:
            continue
        true, now = row["incident_id"], article.published
        ref = ArticleRef(
            id=article.id, source=article.source, published=now, title=article.title, origin=article.source
        )
        member = Member(article=ref, report=extraction.reports[0])
        window = search_window(member.report, now)
        candidates = [incident for incident in known.values() if qualifies(incident, window)]
        for one in compare_all(member, candidates):
            other = Counter(truth[m.article.id] for m in members[one.incident]).most_common(1)[0][0]
            pairs += [] if one.cannot_link else [(one.features, other == true, true, other)]
        name = assign(member, candidates, true) or article.id
        members.setdefault(name, []).append(member)
        known[name] = track.fuse(members[name], id=name, before=known.get(name), now=now)
    return pairs


def qualifies(incident: Incident, window: SearchWindow) -> bool:
    """Is an incident a candidate for the window? Nearly the rule of ``bot.store.blocking``."""
    when, place = incident.facts.when, incident.facts.place
    if len(window.names & signature_parts(incident.facts.words).names) >= window.least_names:
        return True
    if incident.facts.kind not in window.kinds:
        return False
    if when is not None and (when.first_day > window.until or when.last_day < window.since):
        return False
    if window.lat is None or place is None or place.lat is None or abs(place.lat - window.lat) * 111 <= window.km:
        return True
    first, last = window.days or (window.since, window.until)
    return when is None or (when.first_day <= last and when.last_day >= first)


def fit(x: np.ndarray, y: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """The weights of the logistic regression by Newton's method; the last one is the intercept."""
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
    lines, next_section, rest = rest.partition("\n[fuse]")
    for name, value in weights.items():
        lines = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value:.2f}", lines)
    head = re.sub(r"(?m)^threshold = \S+", f"threshold = {threshold:.2f}", head)
    TABLE.write_text(head + section + lines + next_section + rest, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
