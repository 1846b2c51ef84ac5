"""Who did it in whose name, what was hit, who was hurt, with what, and which groups are only background?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.participants.argument_roles import ArgumentRole, Part, parts_of
from extract.language import Cue
from extract.nlp.mentions import MentionRole, NamedMention, NounMention, ResponsibilityCue
from extract.types import Confidence, Effect, Frozen, Perpetrator, Quote, Responsibility, Target, Victim, Weapon

_MOST = 8
# what a claim or an accusation says is listed, however unlikely the rest of the text makes it
_SAID = frozenset({Confidence.CLAIMED_OR_ADMITTED, Confidence.SUSPECTED, Confidence.SUSPECTED_BY_AUTHORITIES})
_RIVALS = {
    ArgumentRole.TARGET: ArgumentRole.VICTIM,
    ArgumentRole.VICTIM: ArgumentRole.TARGET,
    ArgumentRole.PERPETRATOR: ArgumentRole.VICTIM,
}
_TYPES = {ArgumentRole.TARGET: "targets", ArgumentRole.VICTIM: "people"}


class Cast(Frozen, frozen=True, kw_only=True):
    """Everyone and everything in the act, with the quotes they rest on."""

    perpetrators: tuple[Perpetrator, ...]
    responsibility: Responsibility
    targets: tuple[Target, ...]
    victims: tuple[Victim, ...]
    weapons: tuple[Weapon, ...]
    context: tuple[str, ...]
    quotes: dict[str, tuple[Quote, ...]]


def cast_of(found: Findings, choice: KindChoice | None = None) -> Cast:
    """The act's cast. Where the text says that nobody knows who did it, unnamed attackers are not listed as known."""
    parts = parts_of(found, choice)
    organizations = _organizations(found, parts)
    responsibility, cue = _responsibility(found, organizations)
    doers = [] if responsibility is Responsibility.NONE_REPORTED else _doers(found, parts)
    perpetrators = _distinct([*organizations, *doers])[:_MOST]
    targets = _likely(found, parts, ArgumentRole.TARGET, found.targets)
    victims = _likely(found, parts, ArgumentRole.VICTIM, found.victims)
    weapons = _weapons(found, parts)
    known = {p.name.lower() for p in organizations}
    context = tuple(dict.fromkeys(g.name for g in found.groups if g.name.lower() not in known))
    quotes = {
        "perpetrators": _quotes(found, perpetrators),
        "responsibility": _quotes(found, [cue] if cue else []),
        "targets": _quotes(found, targets),
        "victims": _quotes(found, victims),
        "weapons": _quotes(found, weapons),
        "context": _quotes(found, [g for g in found.groups if g.name in context]),
    }
    return Cast(
        perpetrators=tuple(_perpetrator(m) for m in perpetrators),
        responsibility=responsibility,
        targets=tuple(Target(name=m.name, type=m.type) for m in targets),
        victims=tuple(Victim(name=m.name, type=m.type, effect=m.effect) for m in victims),
        weapons=tuple(Weapon(name=m.name, type=m.type) for m in weapons),
        context=context,
        quotes={field: q for field, q in quotes.items() if q},
    )


def _organizations(found: Findings, parts: list[Part]) -> list[NamedMention]:
    """Groups that claim it or are accused of it, and those that the whole text makes likely."""
    told = [m for m in found.actors if m.role is MentionRole.GROUP]
    if any(cue.type == ResponsibilityCue.NONE_REPORTED for cue in found.responsibility):
        return _distinct(told)
    likely = _likely(found, parts, ArgumentRole.ORGANIZATION, told)
    return _distinct([*(m for m in told if m.confidence in _SAID), *likely])


def _doers(found: Findings, parts: list[Part]) -> list[NamedMention]:
    return _likely(found, parts, ArgumentRole.PERPETRATOR, (m for m in found.actors if m.role is MentionRole.ATTACKER))


def _likely(found: Findings, parts: list[Part], role: ArgumentRole, told: Iterable[NamedMention]) -> list[NamedMention]:
    """Those who probably have the role, the likeliest first; what the grammar said of them is kept.

    Things of which the grammar says that they were hit need less, and people where nobody is likely enough.
    """
    said = [m for m in told if found.is_foreground(m.sentence)]
    least, rival = weights("participants")["least"][role.value], _RIVALS.get(role)
    parts = [p for p in parts if role is ArgumentRole.ORGANIZATION or not p.candidate.place]
    if role is ArgumentRole.TARGET:
        parts = [p for p in parts if not any(_has_age(found, m) for m in p.candidate.mentions)]
    chosen = [p for p in parts if p.chances[role] >= least and (rival is None or p.chances[role] >= p.chances[rival])]
    if not chosen or role is ArgumentRole.TARGET:
        told_of = [p for p in parts if p not in chosen and _known(p, said)]
        chosen += [p for p in told_of if p.chances[role] >= weights("participants")["by_grammar"][role.value]]
    chosen.sort(key=lambda p: -p.chances[role])
    return _distinct(_mention(found, part, role, said) for part in chosen)[:_MOST]


def _has_age(found: Findings, mention: NounMention) -> bool:
    """Somebody whose age is told is a person, even if called Banks or Church."""
    plain = found.layout.plain
    before, behind = found.language.cue(Cue.AGE_BEFORE), found.language.cue(Cue.AGE_BEHIND)
    return bool(before.search(plain[max(0, mention.start - 20) : mention.start]) or behind.match(plain, mention.end))


def _known(part: Part, told: list[NamedMention]) -> NamedMention | None:
    return next((t for m in part.candidate.mentions for t in told if t.start < m.end and m.start < t.end), None)


def _mention(found: Findings, part: Part, role: ArgumentRole, told: list[NamedMention]) -> NamedMention:
    """The candidate under its fullest name, a thing under its usual one, with what was said of any of its mentions."""
    best = _usual(part) if role is ArgumentRole.TARGET else part.candidate.fullest
    known = _known(part, told)
    return NamedMention(
        name=found.layout.raw[best.start : best.end],
        type=_type(found, part, role, known),
        start=best.start,
        end=best.end,
        sentence=best.sentence,
        role=MentionRole.GROUP if role is ArgumentRole.ORGANIZATION else MentionRole.ATTACKER,
        confidence=known.confidence if known else _confidence(found, part, role),
        effect=known.effect if known else Effect.UNKNOWN,
    )


def _usual(part: Part) -> NounMention:
    times = Counter(m.name.lower() for m in part.candidate.mentions)
    return max(part.candidate.mentions, key=lambda m: (times[m.name.lower()], len(m.name), -m.start))


def _type(found: Findings, part: Part, role: ArgumentRole, known: NamedMention | None) -> str | None:
    if known is not None and known.type:
        return known.type
    types = found.lexicon.type_of_head(_TYPES[role]) if role in _TYPES else {}
    words = [w for m in part.candidate.mentions for w in (m.head, *reversed(m.name.lower().split()))]
    return next((types[w] for w in words if w in types), None)


def _confidence(found: Findings, part: Part, role: ArgumentRole) -> Confidence:
    """How sure the text is of a perpetrator whom no grammar of doing or claiming names."""
    signs = {sign for m in part.candidate.mentions for sign in m.signs}
    claimed, accused = (found.lexicon.words("cast", "sure", what) for what in ("claimed", "accused"))
    if role is ArgumentRole.ORGANIZATION and not signs.isdisjoint(claimed):
        return Confidence.CLAIMED_OR_ADMITTED
    if not signs.isdisjoint(accused):
        return Confidence.SUSPECTED
    return Confidence.REPORTED_AS_FACT if part.chances[role] >= weights("participants")["fact"] else Confidence.POSSIBLE


def _weapons(found: Findings, parts: list[Part]) -> list[NamedMention]:
    """The things that were used; of a type of which none is named, the words that say one was used.

    Where no thing is likely, any that the opening names.
    """
    least = weights("participants")["least"][ArgumentRole.WEAPON.value]
    opening = found.first_body + weights("participants")["weapon_sentences"]
    named = [m for m in found.weapons if m.role is MentionRole.WEAPON]
    likely = _one_each(named, parts, least) or [m for m in named if m.sentence < opening]
    things = _best(found, likely, lambda m: 0.1 * len(m.name.split()))
    told = {m.type for m in things}
    implied = (m for m in found.weapons if m.role is MentionRole.WEAPON_IMPLIED and m.sentence < opening)
    words = (m for m in implied if m.type not in told)
    signs = _best(found, words, lambda _: 0.0)
    first = {m.type: m for m in reversed(signs)}
    return [*things, *first.values()][:_MOST]


def _one_each(named: list[NamedMention], parts: list[Part], least: float) -> list[NamedMention]:
    """Of the mentions of one likely thing the longest name."""
    out: dict[int, NamedMention] = {}
    for mention in named:
        held = [i for i, p in enumerate(parts) if _known(p, [mention])]
        at = held[0] if held else -mention.start - 1
        if held and parts[at].chances[ArgumentRole.WEAPON] < least:
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
    """The strongest state that a cue and, where it needs one, a named group support."""
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
    """One mention a name; a name that another holds whole is dropped."""
    out: list[NamedMention] = []
    for mention in mentions:
        words = set(mention.name.lower().split())
        if not any(words <= set(o.name.lower().split()) or set(o.name.lower().split()) <= words for o in out):
            out.append(mention)
    return out


def _best(
    found: Findings, mentions: Iterable[NamedMention], bonus: Callable[[NamedMention], float]
) -> list[NamedMention]:
    told = [m for m in mentions if found.is_foreground(m.sentence)]
    ranked = sorted(told, key=lambda m: (-(found.weight(m.sentence) + bonus(m)), m.start))
    return sorted(_distinct(ranked)[:_MOST], key=lambda m: -found.weight(m.sentence) - bonus(m))


def _quotes(found: Findings, mentions: Iterable[NamedMention]) -> tuple[Quote, ...]:
    return tuple(found.layout.quote(m.start, m.end) for m in mentions)
