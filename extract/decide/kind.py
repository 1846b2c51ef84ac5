"""Which kind of incident is it, which other kinds does the same event show, and which words say so?"""

from __future__ import annotations

from collections import defaultdict

from extract.decide.findings import Findings, weights
from extract.decide.models.item_encoder import ItemReading
from extract.kinds import Kinds
from extract.nlp.mentions import HARM, CountField, Trigger
from extract.types import Frozen


class KindChoice(Frozen, frozen=True, kw_only=True):
    """The chosen kind, its score, its triggers, further kinds of the same event (``also``), and the scores of all.

    ``by_triggers`` is the kind that the triggers alone give, by which models of whole articles were learned.
    """

    kind: str
    score: float
    triggers: tuple[Trigger, ...]
    also: tuple[str, ...] = ()
    scores: dict[str, float]
    by_triggers: str


def choose_kind(found: Findings, kinds: Kinds) -> KindChoice | None:
    """The kind whose triggers have the highest weight; None if the text has none.

    Without a strong trigger, only if the title or first sentence counts harm. Of a short item the encoder's reading
    counts beside the triggers, and a kind that it is sure of needs none.
    """
    rule = weights("kind")
    scores = kind_scores(found, kinds)
    strong = {t.kind for t in found.triggers if t.strong}
    candidates = {kind: score for kind, score in scores.items() if kind in strong and kind in kinds}
    if not candidates and _harm_in_lead(found):
        candidates = {kind: score for kind, score in scores.items() if kind in kinds}  # "an attack that killed two"
    by_triggers = _best(found, candidates, kinds) if candidates else ""
    if found.reading is not None:
        candidates = _with_reading(found, found.reading, candidates, kinds)
    if not candidates:
        return None
    best = _best(found, candidates, kinds)
    also = tuple(
        kind
        for kind, score in sorted(candidates.items(), key=lambda item: -item[1])
        if kind != best and score >= rule["also_share"] * candidates[best] and kind in kinds.compatible(best)
    )
    hits = tuple(t for t in found.triggers if t.kind == best and found.is_foreground(t.sentence)) or tuple(
        t for t in found.triggers if t.kind == best
    )
    return KindChoice(
        kind=best, score=candidates[best], triggers=hits, also=also, scores=scores, by_triggers=by_triggers or best
    )


def _best(found: Findings, candidates: dict[str, float], kinds: Kinds) -> str:
    """The kind with the highest score, or a more specific one that it is too."""
    best = max(candidates, key=lambda kind: (candidates[kind], kind))
    return _most_specific(
        best, {k: v for k, v in candidates.items() if k == best or not _is_secondary(found, k)}, kinds
    )


def _with_reading(
    found: Findings, reading: ItemReading, candidates: dict[str, float], kinds: Kinds
) -> dict[str, float]:
    """The scores of the kinds of a short item: each kind's share of the triggers' scores and its probability by the
    encoder, averaged. Without any trigger only a report of a kind that the encoder finds probable has one, and not
    where the words of a trigger are a figure of speech, a drill or a film.
    """
    rule, total = weights("item"), sum(candidates.values())
    shared = weights("shared_item") if found.language.shares_encoder else rule
    least = shared["kind_beside"] if total else rule["kind_from"]
    likely = {kind: p for kind, p in reading.kinds.items() if p >= least and kind in kinds}
    if not total:
        is_told = max(reading.roles.report, reading.roles.follow_up) >= rule["kind_role"]
        return likely if is_told and not _has_unreal_trigger(found) else {}
    share = shared["kind"]
    return {
        kind: share * reading.kinds.get(kind, 0.0) + (1.0 - share) * candidates.get(kind, 0.0) / total
        for kind in (*candidates, *(kind for kind in likely if kind not in candidates))
    }


def _has_unreal_trigger(found: Findings) -> bool:
    """Are there words of a strong trigger that were found to mean no act?"""
    meant = {(t.kind, t.start) for t in found.triggers}
    hits = found.lexicon.triggers().find(found.layout.words)
    return any(hit.value[1] and (hit.value[0], hit.start) not in meant for hit in hits)


def _is_secondary(found: Findings, kind: str) -> bool:
    """Is the kind only a further act of the attackers: "the attackers also abducted two women"?

    It is if the title counts killed people and does not name that act.
    """
    titles = {i for i, s in enumerate(found.sentences) if s.is_title}
    return (
        kind in weights("kind")["secondary"]
        and any(m.field is CountField.KILLED and m.sentence in titles for m in found.counts)
        and not any(t.kind == kind and t.sentence in titles for t in found.triggers)
    )


def _harm_in_lead(found: Findings) -> bool:
    """Does the title or the first sentence count people who were harmed?"""
    return any(
        m.sentence <= found.first_body and m.field in HARM and found.is_foreground(m.sentence) for m in found.counts
    )


def kind_scores(found: Findings, kinds: Kinds) -> dict[str, float]:
    """Kind -> weight of its triggers; at most ``cap`` triggers of a kind count in one sentence."""
    rule = weights("kind")
    seen: dict[tuple[str, int], int] = defaultdict(int)
    scores: dict[str, float] = defaultdict(float)
    for trigger in found.triggers:
        key = (trigger.kind, trigger.sentence)
        seen[key] += 1
        if seen[key] <= rule["cap"]:
            scores[trigger.kind] += found.weight(trigger.sentence) * (
                rule["strong"] if trigger.strong else rule["weak"]
            )
    return {kind: score * kinds[kind].specificity for kind, score in scores.items()}


def _most_specific(best: str, candidates: dict[str, float], kinds: Kinds) -> str:
    """A compatible kind that is more specific than ``best`` and has nearly as high a score, else ``best``."""
    rivals = [
        kind
        for kind in candidates
        if kind in kinds.compatible(best)
        and kinds[kind].specificity > kinds[best].specificity
        and candidates[kind] >= weights("kind")["specific_share"] * candidates[best]
    ]
    return max(rivals, key=lambda kind: (kinds[kind].specificity, candidates[kind]), default=best)
