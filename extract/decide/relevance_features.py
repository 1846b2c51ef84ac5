"""What speaks for and against an article telling of a real, current incident?

Each sign is a number of 0 to about 1 (``wording`` of -1 to 1). The weights are learned (``data/ranker.toml``, section
``relevance``), their starting points are set by hand (``data/weights.toml``, section ``relevance_prior``).
"""

from __future__ import annotations

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words
from extract.kinds import Kind
from extract.nlp.mentions import HARM, NamedMention, ResponsibilityCue, Sentence, Talk, Trigger
from extract.types import TimePrecision, When

# kinds of talk, by how much of the opening is of it
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
# talk that shows in a whole article rather than in its opening
_THROUGHOUT = (Talk.FICTION, Talk.SPORT, Talk.BUSINESS, Talk.POLITICS, Talk.STATISTICS)
_SUPPOSED = frozenset({Talk.HYPOTHETICAL, Talk.NEGATED, Talk.ADVICE, Talk.STATISTICS})
_OPENING = 5
_TELLING = 10


def signs(found: Findings, choice: KindChoice, kind: Kind, when: When | None) -> dict[str, float]:
    """All signs by name; ``trigger`` goes up to ``trigger_cap``."""
    rule = weights("relevance")
    told = [t for t in found.triggers if t.strong and found.is_foreground(t.sentence)]
    acts = [t for t in told if not t.modifies]
    harm = {m.sentence for m in found.counts if m.field in HARM and found.is_foreground(m.sentence)}
    word_of_it = any(found.is_foreground(n.sentence) for n in _words_of_it(found))
    talk = _opening_talk(found)
    of_acts, of_time = _of_acts(found, told, acts, harm), _of_time(found, when)
    length = min(1.0, len(found.article.text) / rule["long_text"])
    return {
        **talk,
        **of_acts,
        **of_time,
        "length": length,
        "long_undated": length * (1.0 - max(of_acts["day"], of_time["fresh"])),
        "long_thin": length * of_acts["thin"],
        "trigger": min(rule["trigger_cap"], sum({t.sentence: found.weight(t.sentence) for t in told}.values())),
        "lead_trigger": float(any(t.strong and t.sentence <= found.first_body for t in choice.triggers)),
        "prior": kind.specificity - 1.0,
        "doer": float(any(found.is_foreground(a.sentence) for a in found.actors)),
        "word_of_it": float(word_of_it),
        "emergency": float(any(s.talk.get(Talk.EMERGENCY) for s in found.opening(_OPENING))),
        "throughout": _throughout(found.sentences),
        "wording": bag_of_words.incident_score(found.layout, found.lexicon),
        "harmless_talk": 0.0 if harm or word_of_it else max(talk[name] for name in _HARMLESS),
    }


def days_back(found: Findings, when: When | None) -> int | None:
    """Days from the last day the act can have been on to publication; None where either is unknown."""
    published = found.article.published
    if when is None or published is None:
        return None
    return (published.date() - when.last_day).days


def _of_acts(found: Findings, told: list[Trigger], acts: list[Trigger], harm: set[int]) -> dict[str, float]:
    """Where and how thickly the article tells acts and harm, and whether the two stand together."""
    by_sentence = {t.sentence for t in told}
    telling = {t.sentence for t in acts} | harm
    weighed = sum(found.weight(t.sentence) for t in told)
    strong = [t for t in found.triggers if t.strong]
    body = [s for s in telling if s >= found.first_body]
    first = min(body, default=found.first_body + _TELLING) - found.first_body
    size = min(_TELLING, len(found.sentences) - found.first_body) or 1
    return {
        "harm": float(bool(harm)),
        "lead_harm": float(any(s < found.first_body + 2 for s in harm)),
        "act_harm": float(bool(harm & {t.sentence for t in acts})),
        "place": float(any(p.sentence in by_sentence for p in found.places)),
        "place_harm": float(any(p.sentence in harm for p in found.places)),
        "late": min(1.0, first / _TELLING),
        "thin": 1.0 - len([s for s in body if s < found.first_body + _TELLING]) / size,
        "modifier": _share(found, [t for t in told if t.modifies], weighed),
        "supposed": _share(found, [t for t in told if found.sentences[t.sentence].flags & _SUPPOSED], weighed),
        "untold": 1.0 - len(told) / len(strong) if strong else 0.0,
        "no_act": float(not acts),
        "day": float(any(Talk.DAY in found.sentences[s].flags for s in telling)),
    }


def _of_time(found: Findings, when: When | None) -> dict[str, float]:
    """How long ago the act was, and whether its day is known at all."""
    days, fresh = days_back(found, when), weights("relevance")["fresh_days"]
    coarse = when is not None and when.precision in (TimePrecision.MONTH, TimePrecision.YEAR)
    return {
        "fresh": float(days is not None and 0 <= days <= fresh),
        "old": float(days is not None and days > fresh),
        "coarse": float(coarse and (days is None or days > fresh)),
    }


def _share(found: Findings, triggers: list[Trigger], whole: float) -> float:
    return sum(found.weight(t.sentence) for t in triggers) / whole if whole else 0.0


def _opening_talk(found: Findings) -> dict[str, float]:
    """How much of the opening is of each kind of talk."""
    opening = found.opening(_OPENING)
    return {talk: _full(sum(s.talk.get(talk, 0) for s in opening) / max(1, len(opening))) for talk in _TALK}


def _throughout(sentences: tuple[Sentence, ...]) -> float:
    """The kind of harmless talk that the whole article is fullest of."""
    return max(_full(sum(s.talk.get(talk, 0) for s in sentences) / max(1, len(sentences))) for talk in _THROUGHOUT)


def _full(words: float) -> float:
    """Words of some talk a sentence -> 0 to 1."""
    rule = weights("relevance")
    return float(min(1.0, max(0.0, (words - rule["talk_from"]) / (rule["talk_to"] - rule["talk_from"]))))


def _words_of_it(found: Findings) -> list[NamedMention]:
    """Words on casualties, and on who claims the act or that nobody does."""
    told = (ResponsibilityCue.NONE_REPORTED, ResponsibilityCue.CLAIMED)
    return [*found.notes, *(r for r in found.responsibility if r.type in told)]
