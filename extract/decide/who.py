"""Who did it in whose name, what was hit, who was hurt, with what, and which groups are only background?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from extract.decide.findings import Findings
from extract.nlp.mentions import NamedMention
from extract.types import Confidence, Frozen, Perpetrator, Quote, Responsibility, Target, Victim, Weapon

_MOST = 6
_ORDER = ("competing", "confirmed", "claimed", "denied", "suspected", "none_reported")


class Cast(Frozen, frozen=True, kw_only=True):
    """Everyone and everything in the act, with the quotes they rest on."""

    perpetrators: tuple[Perpetrator, ...]
    responsibility: Responsibility
    targets: tuple[Target, ...]
    victims: tuple[Victim, ...]
    weapons: tuple[Weapon, ...]
    context: tuple[str, ...]
    quotes: dict[str, tuple[Quote, ...]]


def cast_of(found: Findings) -> Cast:
    """The act's cast. Where the text says that nobody knows who did it, unnamed attackers are not listed as known."""
    organizations = _distinct(m for m in found.actors if m.role == "group")
    responsibility, cue = _responsibility(found, organizations)
    doers = (
        [] if responsibility is Responsibility.NONE_REPORTED else _distinct(m for m in found.actors if m.role == "doer")
    )
    perpetrators = [*organizations, *doers][:_MOST]
    targets = _best(found, found.targets, lambda m: {"object": 1.0, "place": 0.7, "near": 0.2}[m.role])
    victims = _best(found, found.victims, lambda _: 0.5)
    weapons = _weapons(found)
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


def _weapons(found: Findings) -> list[NamedMention]:
    """The things named; of a type of which none is named, the words that say one was used."""
    things = _best(found, (m for m in found.weapons if m.role == "thing"), lambda m: 0.1 * len(m.name.split()))
    told = {m.type for m in things}
    signs = _best(found, (m for m in found.weapons if m.role == "sign" and m.type not in told), lambda _: 0.0)
    first = {m.type: m for m in reversed(signs)}
    return [*things, *first.values()][:_MOST]


def _perpetrator(mention: NamedMention) -> Perpetrator:
    return Perpetrator(
        name=mention.name,
        type="organization" if mention.role == "group" else "person",
        confidence=mention.confidence or Confidence.POSSIBLE,
    )


def _responsibility(found: Findings, organizations: list[NamedMention]) -> tuple[Responsibility, NamedMention | None]:
    """The strongest state that a cue and, where it needs one, a named group support."""
    cues: dict[str, NamedMention] = {}
    for cue in found.responsibility:
        cues.setdefault(cue.type or "", cue)
    by = {c: {m.name.lower() for m in organizations if m.confidence is c} for c in Confidence}
    claimed = by[Confidence.CLAIMED_OR_ADMITTED]
    if len(claimed) > 1 and "claimed" in cues and "competing" in cues:
        return Responsibility.COMPETING, cues["claimed"]
    if "none_reported" in cues and not claimed:
        suspected = by[Confidence.SUSPECTED] | by[Confidence.SUSPECTED_BY_AUTHORITIES]
        if suspected and "suspected" in cues:
            return Responsibility.SUSPECTED, cues["suspected"]
        return Responsibility.NONE_REPORTED, cues["none_reported"]
    if claimed and "claimed" in cues:
        return (
            (Responsibility.CONFIRMED, cues["confirmed"])
            if "confirmed" in cues
            else (Responsibility.CLAIMED, cues["claimed"])
        )
    if organizations and "denied" in cues:
        return Responsibility.DENIED, cues["denied"]
    if organizations and "suspected" in cues:
        return Responsibility.SUSPECTED, cues["suspected"]
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
    told = [m for m in mentions if found.told(m.sentence)]
    ranked = sorted(told, key=lambda m: (-(found.weight(m.sentence) + bonus(m)), m.start))
    return sorted(_distinct(ranked)[:_MOST], key=lambda m: -found.weight(m.sentence) - bonus(m))


def _quotes(found: Findings, mentions: Iterable[NamedMention]) -> tuple[Quote, ...]:
    return tuple(found.layout.quote(m.start, m.end) for m in mentions)
