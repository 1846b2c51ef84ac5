"""Which kind of incident is it, which other kinds show in the same act, and where does it say so?"""

from __future__ import annotations

from collections import defaultdict

from extract.decide.findings import Findings, weights
from extract.kinds import Kinds
from extract.nlp.mentions import HARM, CountField, Trigger
from extract.types import Frozen

_SECOND_SHARE = 0.35


class KindChoice(Frozen, frozen=True, kw_only=True):
    """The chosen kind, its score, the triggers that speak for it, and further kinds of the same act."""

    kind: str
    score: float
    triggers: tuple[Trigger, ...]
    also: tuple[str, ...] = ()
    scores: dict[str, float]


def choose_kind(found: Findings, kinds: Kinds) -> KindChoice | None:
    """The kind whose triggers weigh most; without a strong one, only where somebody is hurt in the lead."""
    scores = kind_scores(found, kinds)
    strong = {t.kind for t in found.triggers if t.strong}
    options = {kind: score for kind, score in scores.items() if kind in strong and kind in kinds}
    if not options and _harm_in_lead(found):
        options = {kind: score for kind, score in scores.items() if kind in kinds}  # "an attack that killed two"
    if not options:
        return None
    best = max(options, key=lambda kind: (options[kind], kind))
    best = _more_telling(best, {k: v for k, v in options.items() if k == best or not _is_beside(found, k)}, kinds)
    also = tuple(
        kind
        for kind, score in sorted(options.items(), key=lambda item: -item[1])
        if kind != best and score >= _SECOND_SHARE * options[best] and kind in kinds.compatible(best)
    )
    hits = tuple(t for t in found.triggers if t.kind == best and found.is_foreground(t.sentence)) or tuple(
        t for t in found.triggers if t.kind == best
    )
    return KindChoice(kind=best, score=options[best], triggers=hits, also=also, scores=scores)


def _is_beside(found: Findings, kind: str) -> bool:
    """ "The attackers also abducted two women": one more act, where the title tells of the dead and not of it."""
    titles = {i for i, s in enumerate(found.sentences) if s.is_title}
    return (
        kind in weights("kind")["beside"]
        and any(m.field is CountField.KILLED and m.sentence in titles for m in found.counts)
        and not any(t.kind == kind and t.sentence in titles for t in found.triggers)
    )


def _harm_in_lead(found: Findings) -> bool:
    return any(
        m.sentence <= found.first_body and m.field in HARM and found.is_foreground(m.sentence) for m in found.counts
    )


def kind_scores(found: Findings, kinds: Kinds) -> dict[str, float]:
    """Kind -> weight of its triggers; in one sentence a kind counts at most ``cap`` strong hits."""
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


def _more_telling(best: str, options: dict[str, float], kinds: Kinds) -> str:
    """A kind that says more of the same act takes over from a general one, when it is told nearly as clearly."""
    rivals = [
        kind
        for kind in options
        if kind in kinds.compatible(best)
        and kinds[kind].specificity > kinds[best].specificity
        and options[kind] >= 0.6 * options[best]
    ]
    return max(rivals, key=lambda kind: (kinds[kind].specificity, options[kind]), default=best)
