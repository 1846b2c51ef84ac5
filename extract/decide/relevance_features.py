"""Which features of an article show whether it reports a real, current incident?

Each feature is a number of 0 to about 1 (``wording`` of -1 to 1). The weights are learned (the language's
``ranker.toml``, section ``relevance``); the means of their prior are set by hand (``data/weights.toml``, section
``relevance_prior``).
"""

from __future__ import annotations

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words
from extract.kinds import Kind
from extract.nlp.mentions import HARM, NamedMention, ResponsibilityCue, Sentence, Talk, Trigger
from extract.types import TimePrecision, When

# kinds of talk that are features, by how much of the opening is of each
_TALK = (
    Talk.FICTION,
    Talk.SPORT,
    Talk.BUSINESS,
    Talk.POLITICS,
    Talk.STATISTICS,
    Talk.OPINION,
    Talk.ANNIVERSARY,
    Talk.HYPOTHETICAL,
    Talk.COURT,
    Talk.DRILL,
    Talk.OBITUARY,
    Talk.HISTORY,
    Talk.ADVICE,
    Talk.CAUSE,
)
_HARMLESS = (Talk.FICTION, Talk.SPORT, Talk.BUSINESS, Talk.POLITICS, Talk.OPINION, Talk.OBITUARY, Talk.STATISTICS)
# kinds of talk that are also measured over the whole article
_THROUGHOUT = (Talk.FICTION, Talk.SPORT, Talk.BUSINESS, Talk.POLITICS, Talk.STATISTICS)
_SUPPOSED = frozenset({Talk.HYPOTHETICAL, Talk.NEGATED, Talk.ADVICE, Talk.STATISTICS})
# numbers of sentences for which the weights are learned
_OPENING = 5
_LEADING = 10


def features(found: Findings, choice: KindChoice, kind: Kind, when: When | None) -> dict[str, float]:
    """All features by name; ``trigger`` is at most ``trigger_cap``."""
    rule = weights("relevance")
    foreground = [t for t in found.triggers if t.strong and found.is_foreground(t.sentence)]
    acts = [t for t in foreground if not t.modifies]
    harm = {m.sentence for m in found.counts if m.field in HARM and found.is_foreground(m.sentence)}
    has_cue = any(found.is_foreground(n.sentence) for n in _casualty_and_claim_cues(found))
    talk = _opening_talk(found)
    event, timing = _event_features(found, foreground, acts, harm), _time_features(found, when)
    length = min(1.0, len(found.article.text) / rule["long_text"])
    return {
        **talk,
        **event,
        **timing,
        "length": length,
        "long_undated": length * (1.0 - max(event["day"], timing["fresh"])),
        "long_thin": length * event["thin"],
        "trigger": min(rule["trigger_cap"], sum({t.sentence: found.weight(t.sentence) for t in foreground}.values())),
        "lead_trigger": float(any(t.strong and t.sentence <= found.first_body for t in choice.triggers)),
        "prior": kind.specificity - 1.0,
        "doer": float(any(found.is_foreground(a.sentence) for a in found.attackers)),
        "word_of_it": float(has_cue),
        "emergency": float(any(s.talk.get(Talk.EMERGENCY) for s in found.opening(_OPENING))),
        "throughout": _throughout(found.sentences),
        "wording": bag_of_words.incident_score(found.layout, found.lexicon),
        "harmless_talk": 0.0 if harm or has_cue else max(talk[name] for name in _HARMLESS),
    }


def age_in_days(found: Findings, when: When | None) -> int | None:
    """Days from the last possible day of the event to publication; None where either is unknown."""
    published = found.article.published
    if when is None or published is None:
        return None
    return (published.date() - when.last_day).days


def _event_features(
    found: Findings, foreground: list[Trigger], acts: list[Trigger], harm: set[int]
) -> dict[str, float]:
    """How early and how often the article mentions acts and harm, and whether in the same sentences.

    ``foreground`` are the strong triggers in the foreground, ``acts`` those that do not only modify another noun,
    ``harm`` the sentences that count harm.
    """
    triggered = {t.sentence for t in foreground}
    event_sentences = {t.sentence for t in acts} | harm
    total_weight = sum(found.weight(t.sentence) for t in foreground)
    strong = [t for t in found.triggers if t.strong]
    body = [s for s in event_sentences if s >= found.first_body]
    first = min(body, default=found.first_body + _LEADING) - found.first_body
    size = min(_LEADING, len(found.sentences) - found.first_body) or 1
    return {
        "harm": float(bool(harm)),
        "lead_harm": float(any(s < found.first_body + 2 for s in harm)),
        "act_harm": float(bool(harm & {t.sentence for t in acts})),
        "place": float(any(p.sentence in triggered for p in found.places)),
        "place_harm": float(any(p.sentence in harm for p in found.places)),
        "late": min(1.0, first / _LEADING),
        "thin": 1.0 - len([s for s in body if s < found.first_body + _LEADING]) / size,
        "modifier": _share(found, [t for t in foreground if t.modifies], total_weight),
        "supposed": _share(
            found, [t for t in foreground if found.sentences[t.sentence].flags & _SUPPOSED], total_weight
        ),
        "untold": 1.0 - len(foreground) / len(strong) if strong else 0.0,
        "no_act": float(not acts),
        "day": float(any(Talk.DAY in found.sentences[s].flags for s in event_sentences)),
    }


def _time_features(found: Findings, when: When | None) -> dict[str, float]:
    """How long ago the event was, and whether its day is known."""
    age, fresh = age_in_days(found, when), weights("relevance")["fresh_days"]
    coarse = when is not None and when.precision in (TimePrecision.MONTH, TimePrecision.YEAR)
    return {
        "fresh": float(age is not None and 0 <= age <= fresh),
        "old": float(age is not None and age > fresh),
        "coarse": float(coarse and (age is None or age > fresh)),
    }


def _share(found: Findings, triggers: list[Trigger], total: float) -> float:
    return sum(found.weight(t.sentence) for t in triggers) / total if total else 0.0


def _opening_talk(found: Findings) -> dict[str, float]:
    """0 to 1 for each kind of talk: how much of the opening is of it."""
    opening = found.opening(_OPENING)
    return {talk: _saturation(sum(s.talk.get(talk, 0) for s in opening) / max(1, len(opening))) for talk in _TALK}


def _throughout(sentences: tuple[Sentence, ...]) -> float:
    """0 to 1: how much of the whole article is of one kind of harmless talk, the most frequent one."""
    return max(
        _saturation(sum(s.talk.get(talk, 0) for s in sentences) / max(1, len(sentences))) for talk in _THROUGHOUT
    )


def _saturation(words: float) -> float:
    """Words of some kind of talk per sentence -> 0 to 1."""
    rule = weights("relevance")
    return float(min(1.0, max(0.0, (words - rule["talk_from"]) / (rule["talk_to"] - rule["talk_from"]))))


def _casualty_and_claim_cues(found: Findings) -> list[NamedMention]:
    """Words about casualties, and about who claims the act or that nobody does."""
    claim_cues = (ResponsibilityCue.NONE_REPORTED, ResponsibilityCue.CLAIMED)
    return [*found.notes, *(r for r in found.responsibility if r.type in claim_cues)]
