"""Who did it, in whose name, what and who was hit, with what weapon, and which groups are only mentioned?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.participants.argument_roles import ArgumentRole, ScoredCandidate, scored_candidates
from extract.language import Cue
from extract.nlp.mentions import MentionRole, NamedMention, NounMention, ResponsibilityCue
from extract.types import Confidence, Effect, Frozen, Perpetrator, Quote, Responsibility, Target, Victim, Weapon

_MAX_LISTED = 8  # names in one field of a report
# groups that claimed the act or were accused of it are listed, however improbable the rest of the text makes them
_STATED = frozenset({Confidence.CLAIMED_OR_ADMITTED, Confidence.SUSPECTED, Confidence.SUSPECTED_BY_AUTHORITIES})
# a candidate has the role on the left only if the one on the right is no more probable
_COMPETING_ROLES = {
    ArgumentRole.TARGET: ArgumentRole.VICTIM,
    ArgumentRole.VICTIM: ArgumentRole.TARGET,
    ArgumentRole.PERPETRATOR: ArgumentRole.VICTIM,
}
# the sections of roles.toml that give the type of a head noun
_TYPE_SECTIONS = {ArgumentRole.TARGET: "targets", ArgumentRole.VICTIM: "people"}


class Participants(Frozen, frozen=True, kw_only=True):
    """Everyone and everything that has a role in the event, with the quotes as evidence.

    ``context`` are groups that are mentioned and have no role.
    """

    perpetrators: tuple[Perpetrator, ...]
    responsibility: Responsibility
    targets: tuple[Target, ...]
    victims: tuple[Victim, ...]
    weapons: tuple[Weapon, ...]
    context: tuple[str, ...]
    quotes: dict[str, tuple[Quote, ...]]


def choose_participants(found: Findings, choice: KindChoice | None = None) -> Participants:
    """The participants of the event. If the text says that nobody claimed it, no person is a perpetrator."""
    candidates = scored_candidates(found, choice)
    organizations = _organizations(found, candidates)
    responsibility, cue = _responsibility(found, organizations)
    persons = [] if responsibility is Responsibility.NONE_REPORTED else _perpetrators(found, candidates)
    perpetrators = _distinct([*organizations, *persons])[:_MAX_LISTED]
    targets = _with_role(found, candidates, ArgumentRole.TARGET, found.targets)
    victims = _with_role(found, candidates, ArgumentRole.VICTIM, found.victims)
    weapons = _weapons(found, candidates)
    listed = {p.name.lower() for p in organizations}
    context = tuple(dict.fromkeys(g.name for g in found.groups if g.name.lower() not in listed))
    quotes = {
        "perpetrators": _quotes(found, perpetrators),
        "responsibility": _quotes(found, [cue] if cue else []),
        "targets": _quotes(found, targets),
        "victims": _quotes(found, victims),
        "weapons": _quotes(found, weapons),
        "context": _quotes(found, [g for g in found.groups if g.name in context]),
    }
    return Participants(
        perpetrators=tuple(_perpetrator(m) for m in perpetrators),
        responsibility=responsibility,
        targets=tuple(Target(name=m.name, type=m.type) for m in targets),
        victims=tuple(Victim(name=m.name, type=m.type, effect=m.effect) for m in victims),
        weapons=tuple(Weapon(name=m.name, type=m.type) for m in weapons),
        context=context,
        quotes={field: q for field, q in quotes.items() if q},
    )


def _organizations(found: Findings, candidates: list[ScoredCandidate]) -> list[NamedMention]:
    """Groups that claim the act or are accused of it, and those that are probable by the learned weights.

    Where the text says that nobody claimed it, every group that the grammar gives as an attacker.
    """
    groups = [m for m in found.attackers if m.role is MentionRole.GROUP]
    if any(cue.type == ResponsibilityCue.NONE_REPORTED for cue in found.responsibility):
        return _distinct(groups)
    likely = _with_role(found, candidates, ArgumentRole.ORGANIZATION, groups)
    return _distinct([*(m for m in groups if m.confidence in _STATED), *likely])


def _perpetrators(found: Findings, candidates: list[ScoredCandidate]) -> list[NamedMention]:
    return _with_role(
        found, candidates, ArgumentRole.PERPETRATOR, (m for m in found.attackers if m.role is MentionRole.ATTACKER)
    )


def _with_role(
    found: Findings, candidates: list[ScoredCandidate], role: ArgumentRole, by_grammar: Iterable[NamedMention]
) -> list[NamedMention]:
    """The candidates that probably have the role, most probable first, with type, confidence and effect by the grammar.

    ``by_grammar`` are the mentions to which the grammar gives the role. They need a lower probability if the role is
    that of a target, or if no candidate reaches the usual one (``data/weights.toml``, ``participants``).
    """
    stated = [m for m in by_grammar if found.is_foreground(m.sentence)]
    least, competing = weights("participants")["least"][role.value], _COMPETING_ROLES.get(role)
    candidates = [p for p in candidates if role is ArgumentRole.ORGANIZATION or not p.candidate.place]
    if role is ArgumentRole.TARGET:
        candidates = [p for p in candidates if not any(_has_age(found, m) for m in p.candidate.mentions)]
    chosen = [
        p
        for p in candidates
        if p.probabilities[role] >= least and (competing is None or p.probabilities[role] >= p.probabilities[competing])
    ]
    if not chosen or role is ArgumentRole.TARGET:
        likely = weights("participants")["by_grammar"][role.value]
        rest = [p for p in candidates if p not in chosen and _overlapping(p, stated)]
        chosen += [p for p in rest if p.probabilities[role] >= likely]
    chosen.sort(key=lambda p: -p.probabilities[role])
    return _distinct(_as_mention(found, scored, role, stated) for scored in chosen)[:_MAX_LISTED]


def _has_age(found: Findings, mention: NounMention) -> bool:
    """Does an age stand beside the name? Then it names a person, even one called Banks or Church."""
    plain = found.layout.plain
    before, behind = found.language.cue(Cue.AGE_BEFORE), found.language.cue(Cue.AGE_BEHIND)
    return bool(before.search(plain[max(0, mention.start - 20) : mention.start]) or behind.match(plain, mention.end))


def _overlapping(scored: ScoredCandidate, named: list[NamedMention]) -> NamedMention | None:
    """The first of the named mentions that overlaps with a mention of the candidate."""
    return next((n for m in scored.candidate.mentions for n in named if n.start < m.end and m.start < n.end), None)


def _as_mention(
    found: Findings, scored: ScoredCandidate, role: ArgumentRole, stated: list[NamedMention]
) -> NamedMention:
    """The candidate under its longest name, a target under its most frequent one.

    Type, confidence and effect are those of the mention in ``stated`` that overlaps with one of its own.
    """
    best = _most_frequent(scored) if role is ArgumentRole.TARGET else scored.candidate.fullest
    known = _overlapping(scored, stated)
    return NamedMention(
        name=found.layout.raw[best.start : best.end],
        type=_type(found, scored, role, known),
        start=best.start,
        end=best.end,
        sentence=best.sentence,
        role=MentionRole.GROUP if role is ArgumentRole.ORGANIZATION else MentionRole.ATTACKER,
        confidence=known.confidence if known else _confidence(found, scored, role),
        effect=known.effect if known else Effect.UNKNOWN,
    )


def _most_frequent(scored: ScoredCandidate) -> NounMention:
    times = Counter(m.name.lower() for m in scored.candidate.mentions)
    return max(scored.candidate.mentions, key=lambda m: (times[m.name.lower()], len(m.name), -m.start))


def _type(found: Findings, scored: ScoredCandidate, role: ArgumentRole, known: NamedMention | None) -> str | None:
    if known is not None and known.type:
        return known.type
    types = found.lexicon.type_of_head(_TYPE_SECTIONS[role]) if role in _TYPE_SECTIONS else {}
    words = [w for m in scored.candidate.mentions for w in (m.head, *reversed(m.name.lower().split()))]
    return next((types[w] for w in words if w in types), None)


def _confidence(found: Findings, scored: ScoredCandidate, role: ArgumentRole) -> Confidence:
    """How sure the text is of a perpetrator who is not the subject of a verb of attacking or claiming."""
    features = {feature for m in scored.candidate.mentions for feature in m.features}
    claimed, accused = (found.lexicon.words("cast", "sure", what) for what in ("claimed", "accused"))
    if role is ArgumentRole.ORGANIZATION and not features.isdisjoint(claimed):
        return Confidence.CLAIMED_OR_ADMITTED
    if not features.isdisjoint(accused):
        return Confidence.SUSPECTED
    return (
        Confidence.REPORTED_AS_FACT
        if scored.probabilities[role] >= weights("participants")["fact"]
        else Confidence.POSSIBLE
    )


def _weapons(found: Findings, candidates: list[ScoredCandidate]) -> list[NamedMention]:
    """The weapons named, and for types of which none is named the words that imply one ("was shot").

    Where no named weapon is probable enough, all that are named in the opening sentences.
    """
    least = weights("participants")["least"][ArgumentRole.WEAPON.value]
    opening = found.first_body + weights("participants")["weapon_sentences"]
    named = [m for m in found.weapons if m.role is MentionRole.WEAPON]
    likely = _longest_names(named, candidates, least) or [m for m in named if m.sentence < opening]
    word_bonus = weights("participants")["weapon_word_bonus"]
    things = _most_prominent(found, likely, lambda m: word_bonus * len(m.name.split()))
    types = {m.type for m in things}
    implied = (m for m in found.weapons if m.role is MentionRole.WEAPON_IMPLIED and m.sentence < opening)
    words = _most_prominent(found, (m for m in implied if m.type not in types), lambda _: 0.0)
    first = {m.type: m for m in reversed(words)}
    return [*things, *first.values()][:_MAX_LISTED]


def _longest_names(named: list[NamedMention], candidates: list[ScoredCandidate], least: float) -> list[NamedMention]:
    """For each candidate that is probably a weapon, the mention with the longest name; mentions of none are kept."""
    out: dict[int, NamedMention] = {}
    for mention in named:
        matching = [i for i, p in enumerate(candidates) if _overlapping(p, [mention])]
        at = matching[0] if matching else -mention.start - 1
        if matching and candidates[at].probabilities[ArgumentRole.WEAPON] < least:
            continue
        if at not in out or len(mention.name) > len(out[at].name):
            out[at] = mention
    return list(out.values())


def _perpetrator(mention: NamedMention) -> Perpetrator:
    return Perpetrator(
        name=mention.name,
        type="organization" if mention.role is MentionRole.GROUP else "person",
        confidence=mention.confidence or Confidence.POSSIBLE,
    )


def _responsibility(found: Findings, organizations: list[NamedMention]) -> tuple[Responsibility, NamedMention | None]:
    """The state of responsibility and the words that say so.

    The strongest state for which the text has the cue and, where the state needs one, a named group.
    """
    cues: dict[str, NamedMention] = {}
    for cue in found.responsibility:
        cues.setdefault(cue.type or "", cue)
    by = {c: {m.name.lower() for m in organizations if m.confidence is c} for c in Confidence}
    claimed = by[Confidence.CLAIMED_OR_ADMITTED]
    if len(claimed) > 1 and ResponsibilityCue.CLAIMED in cues and ResponsibilityCue.COMPETING in cues:
        return Responsibility.COMPETING, cues[ResponsibilityCue.CLAIMED]
    if ResponsibilityCue.NONE_REPORTED in cues and not claimed:
        suspected = by[Confidence.SUSPECTED] | by[Confidence.SUSPECTED_BY_AUTHORITIES]
        if suspected and ResponsibilityCue.SUSPECTED in cues:
            return Responsibility.SUSPECTED, cues[ResponsibilityCue.SUSPECTED]
        return Responsibility.NONE_REPORTED, cues[ResponsibilityCue.NONE_REPORTED]
    if claimed and ResponsibilityCue.CLAIMED in cues:
        return (
            (Responsibility.CONFIRMED, cues[ResponsibilityCue.CONFIRMED])
            if ResponsibilityCue.CONFIRMED in cues
            else (Responsibility.CLAIMED, cues[ResponsibilityCue.CLAIMED])
        )
    if ResponsibilityCue.CLAIMED_BY in cues:
        return Responsibility.CLAIMED, cues[ResponsibilityCue.CLAIMED_BY]  # "an anarchist group claimed responsibility"
    if organizations and ResponsibilityCue.DENIED in cues:
        return Responsibility.DENIED, cues[ResponsibilityCue.DENIED]
    if organizations and ResponsibilityCue.SUSPECTED in cues:
        return Responsibility.SUSPECTED, cues[ResponsibilityCue.SUSPECTED]
    return Responsibility.NOT_MENTIONED, None


def _distinct(mentions: Iterable[NamedMention]) -> list[NamedMention]:
    """One mention for each name; names whose words all occur in an earlier one, or the reverse, are dropped."""
    out: list[NamedMention] = []
    for mention in mentions:
        words = set(mention.name.lower().split())
        if not any(words <= set(o.name.lower().split()) or set(o.name.lower().split()) <= words for o in out):
            out.append(mention)
    return out


def _most_prominent(
    found: Findings, mentions: Iterable[NamedMention], bonus: Callable[[NamedMention], float]
) -> list[NamedMention]:
    """The mentions in the sentences of the highest weight plus ``bonus``, best first, without duplicates."""
    foreground = [m for m in mentions if found.is_foreground(m.sentence)]
    ranked = sorted(foreground, key=lambda m: (-(found.weight(m.sentence) + bonus(m)), m.start))
    return sorted(_distinct(ranked)[:_MAX_LISTED], key=lambda m: -found.weight(m.sentence) - bonus(m))


def _quotes(found: Findings, mentions: Iterable[NamedMention]) -> tuple[Quote, ...]:
    return tuple(found.layout.quote(m.start, m.end) for m in mentions)
