"""How many were killed, hurt, taken, and how many attacked? Out of all numbers a text gives, the one it stands for.

By the rules, mentions are summed within the sentence that speaks loudest for a field; a later "another" adds to it, a
running total replaces it. Attackers who died are counted apart and in the toll (the convention of GTD and GVA). In
whole articles on the kinds that it was learned from, a forest then weighs every number the text gives
(``options``): it was right more often there, and less often in briefs and on other kinds, where the rules stand.
"""

from __future__ import annotations

from collections.abc import Iterable

from extract.decide.casualties.by_rules import chosen_for, generic_words, is_explicit, of_field, words_of_count
from extract.decide.casualties.candidates import options, signs
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words
from extract.decide.models.gradient_boosting import forest
from extract.nlp.mentions import HARM, CasualtyNote, CountField, CountGroup, CountMention, SpeakerKind, Talk, counted
from extract.types import Claim, Count, CountState, Frozen, Quote

# what a number of attackers "among them" can be a part of
FIELDS = (
    CountField.KILLED,
    CountField.INJURED,
    CountField.KIDNAPPED,
    CountField.ATTACKERS,
    CountField.KILLED_ATTACKERS,
)


class Tally(Frozen, frozen=True, kw_only=True):
    """The chosen counts, the quotes they rest on, and every claim in the text."""

    counts: dict[str, Count]
    quotes: dict[str, tuple[Quote, ...]]
    claims: tuple[Claim, ...]


Counts = dict[str, Count]
Quotes = dict[str, tuple[Quote, ...]]


def tally(found: Findings, choice: KindChoice | None) -> Tally:
    """Chooses a count for each field; unknown and none are told apart from not mentioned."""
    counts, quotes = by_rules(found)
    if choice is not None and _is_learned(found, choice):
        for field in ("killed", "injured"):
            _learned(found, field, choice, counts, quotes)
    return Tally(counts=counts, quotes=quotes, claims=tuple(_claims(found)))


def by_rules(found: Findings) -> tuple[Counts, Quotes]:
    """The counts and their quotes as the rules alone have them."""
    counts: Counts = {}
    quotes: Quotes = {}
    for field in FIELDS:
        chosen = chosen_for(found, field)
        if chosen:
            counts[field], chosen = _careful(found, field, _total(chosen), chosen)
            quotes[field] = tuple(found.layout.quote(m.start, m.end) for m in chosen)
    _settle_shot(found, counts, quotes)
    _add_attackers(found, counts, quotes)
    _unknown_and_none(found, counts, quotes)
    return counts, quotes


def _is_learned(found: Findings, choice: KindChoice) -> bool:
    rule = weights("count_forest")
    return choice.kind in rule["kinds"] and len(found.sentences) - found.first_body >= rule["sentences"]


def _learned(found: Findings, field: str, choice: KindChoice, counts: Counts, quotes: Quotes) -> None:
    """Puts the number that fits best in place of the rules', with the mentions it rests on."""
    some = [o for o in options(found, field, counts) if o.mentions or not o.value or "rule" in o.ways]
    known = signs(found, field, some, counts, choice)
    probable = bag_of_words.probabilities(found.layout, field, found.lexicon)
    told = [row | bag_of_words.features(o.value, probable) for row, o in zip(known, some, strict=True)]
    trees = forest(found.lexicon, field)
    if trees is None:
        return
    scores = trees.scores(told)
    best = some[max(range(len(some)), key=scores.__getitem__)]
    if "rule" in best.ways:
        return
    counts.pop(field, None)
    quotes.pop(field, None)
    if best.value:
        alone = best.mentions[0].count if len(best.mentions) == 1 else None
        counts[field] = alone if alone is not None and alone.low == best.value else counted(best.value, best.value)
        quotes[field] = tuple(found.layout.quote(m.start, m.end) for m in best.mentions)


def _total(mentions: Iterable[CountMention]) -> Count:
    numbers = [m.count for m in mentions]
    low = sum(c.low or 0 for c in numbers)
    high = None if any(c.high is None for c in numbers) else sum(c.high or 0 for c in numbers)
    return counted(low, high)


def _careful(found: Findings, field: str, count: Count, chosen: list[CountMention]) -> tuple[Count, list[CountMention]]:
    """A headline's "kills 4" is "at least four" where the opening says so of the same number."""
    if not found.sentences[chosen[0].sentence].is_title or count.high is None:
        return count, chosen
    opening = range(found.first_body, found.first_body + 2)
    for mention in of_field(found, field):
        if mention.sentence in opening and mention.count.low == count.low and mention.count.high is None:
            return counted(count.low or 0, None), [mention, *chosen]
    return count, chosen


def _settle_shot(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """Those shot and not said to be dead are hurt; a dead person's wound makes nobody else hurt."""
    killed = counts.get("killed")
    hurt = chosen_for(found, "injured")
    if hurt and killed is not None and killed.low and all(_same_person(found, m) for m in hurt):
        counts.pop("injured", None)
        quotes.pop("injured", None)
        hurt = []
    shot = chosen_for(found, "shot")
    if not shot or (killed is not None and killed.low and all(_same_person(found, m) for m in shot)):
        return
    total = _total(shot)
    # "3 shot, 1 killed" in one breath counts the dead among the shot; a shot man who later is dead was one
    others = all(m.group is CountGroup.ADDITIONAL for m in shot)  # "killed six and stabbed 12 others"
    others = others or _only_attackers_died(found, shot)
    low = (total.low or 0) - ((killed.low or 0) if killed is not None and not others else 0)
    known = counts.get("injured")
    if low <= 0 or (known is not None and (known.low or 0) >= low):
        return
    if known is not None and any(is_explicit(found, m) and m.count.high is not None for m in hurt):
        return
    counts["injured"] = counted(low, low if total.high is not None else None)
    quotes["injured"] = tuple(found.layout.quote(m.start, m.end) for m in shot)


def _only_attackers_died(found: Findings, shot: list[CountMention]) -> bool:
    """ "An officer was shot in the leg and a robber was killed": the dead are none of those shot."""
    dead = [m for m in found.counts if m.field is CountField.KILLED and found.is_foreground(m.sentence)]
    return all(m.group is CountGroup.ATTACKER for m in dead) and not any(m.group is CountGroup.ATTACKER for m in shot)


def _same_person(found: Findings, mention: CountMention) -> bool:
    """A single "he", "the man" or name: most likely one of the dead, told of again.

    Not "his brother", "the targeted teenager" beside a dead attacker, or anyone in one breath with the dead.
    """
    single = mention.count.low == 1 and mention.count.high == 1 and not is_explicit(found, mention)
    if not single or not (mention.group is CountGroup.DEFINITE or mention.names):
        return False
    words = found.layout.plain[mention.start : mention.end].lower().split()
    dead = [m for m in found.counts if m.field is CountField.KILLED and found.is_foreground(m.sentence)]
    if words[0] in found.lexicon.words("casualties", "also", "whose") and not any(
        words_of_count(found, m)[-1:] == words[-1:] for m in dead
    ):
        return False  # "his bodyguard was wounded"
    if dead and all(m.group is CountGroup.ATTACKER for m in dead):
        return False
    beside = any(m.sentence == mention.sentence and m.end < mention.start for m in dead)
    return not (beside and len(words) > 1 and not mention.names)


def _add_attackers(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """The toll counts everyone who died, attackers too, unless the number said already does."""
    _own_deaths(found, counts, quotes)
    own, total = counts.get("killed_attackers"), counts.get("killed")
    people = [
        m for m in of_field(found, "killed") if m.group is not CountGroup.ATTACKER and found.is_foreground(m.sentence)
    ]
    if own is None or not own.low:
        return
    if total is None or not people:
        counts["killed"], quotes["killed"] = own, quotes["killed_attackers"]
        return
    totals = [m for m in people if m.total and _is_generic(found, [m])]
    if any(m.part and m.field is CountField.ATTACKER_DEATHS for m in found.counts) or (
        totals and not any(m.also for m in totals)
    ):
        return
    if _names_attackers(found):
        return
    beside = any(m.field is CountField.ATTACKER_DEATHS for m in found.counts)
    if not beside and not _apart(found, people, own) and (total.low or 0) >= own.low:
        return
    if _told_twice(found, total, own):
        return
    high = None if total.high is None or own.high is None else total.high + own.high
    counts["killed"] = counted((total.low or 0) + own.low, high)
    quotes["killed"] = (*quotes["killed"], *quotes["killed_attackers"])


def _told_twice(found: Findings, total: Count, own: Count) -> bool:
    """ "Four fighters killed", says the title, and the text that a strike killed four members of a group."""
    told = of_field(found, "killed_attackers")
    return bool(told) and all(found.sentences[m.sentence].is_title for m in told) and total.low == own.low


def _names_attackers(found: Findings) -> bool:
    """Does the number say itself that attackers are among the dead: "nine civilians and three assailants"?"""
    chosen = [m for m in chosen_for(found, "killed") if m.group is not CountGroup.ATTACKER]
    said = " ".join(found.layout.plain[m.start : m.end] for m in chosen).lower().split()
    if found.lexicon.words("casualties", "reflexive", "words") & set(said):
        return True  # "killing herself and two others"
    return len(said) > 1 and bool(found.lexicon.heads("attackers") & set(said))


def _apart(found: Findings, people: list[CountMention], own: Count) -> bool:
    """Are the dead attackers told apart from the other dead: in one breath with them, or from others than "people"?"""
    attackers = {m.sentence for m in of_field(found, "killed_attackers")}
    chosen = chosen_for(found, "killed")
    generic = _is_generic(found, chosen)
    together = any(m.sentence in attackers for m in chosen)
    return bool(own.low) and bool(people) and (together or not generic or _is_beside(found, chosen))


def _is_generic(found: Findings, mentions: list[CountMention]) -> bool:
    """ "Nine dead", "nine people", where "nine officers" says who they were."""
    said = " ".join(found.layout.plain[m.start : m.end].lower() for m in mentions).split()
    return not set(said) - generic_words(found) or not found.lexicon.words(
        "casualties", "generic", "people"
    ).isdisjoint(said)


def _is_beside(found: Findings, chosen: list[CountMention]) -> bool:
    """ "Gunmen killed ten people": the ten are none of the gunmen; nor are those told of before "the attacker also
    died"."""
    numbers = {m.count.low for m in chosen}
    also = any(m.also for m in [*of_field(found, "killed_attackers"), *(m for m in chosen if m.total)])
    return also or any(
        m.by_attackers and m.count.low in numbers and found.is_foreground(m.sentence) for m in of_field(found, "killed")
    )


def _own_deaths(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """Attackers who died of their act: named beside the toll, else the bombers of a suicide bombing."""
    told = [
        m
        for m in found.counts
        if m.field is CountField.ATTACKER_DEATHS and not m.part and found.is_foreground(m.sentence)
    ]
    included = _included(found)
    known = counts.get("killed_attackers")
    if included is not None and known is None:
        counts["killed_attackers"] = included.count
        quotes["killed_attackers"] = (found.layout.quote(included.start, included.end),)
        return
    beside = [m for m in told if m.total]
    bombers = (
        [m for m in told if not m.total]
        if any(t.kind in weights("kind")["suicide"] and t.strong for t in found.triggers)
        else []
    )
    chosen = beside[:1] or bombers[:1]
    if chosen and (known is None or (known.low or 0) < (chosen[0].count.low or 0)):
        counts["killed_attackers"] = chosen[0].count
        quotes["killed_attackers"] = (found.layout.quote(chosen[0].start, chosen[0].end),)


def _included(found: Findings) -> CountMention | None:
    """ "At least 12 people, including five attackers, were killed"."""
    for own in found.counts:
        if own.field is CountField.ATTACKER_DEATHS and own.part and found.is_foreground(own.sentence):
            before = [m for m in found.counts if m.sentence == own.sentence and m.start < own.start and m.field in HARM]
            if before and before[-1].field is CountField.KILLED and (before[-1].count.low or 0) >= (own.count.low or 0):
                return own
    return None


_NOTES = {
    CasualtyNote.NOT_YET_KNOWN: (CountState.NOT_YET_KNOWN, (CountField.KILLED, CountField.INJURED)),
    CasualtyNote.KILLED_NOT_YET_KNOWN: (CountState.NOT_YET_KNOWN, (CountField.KILLED,)),
    CasualtyNote.INJURED_NOT_YET_KNOWN: (CountState.NOT_YET_KNOWN, (CountField.INJURED,)),
    CasualtyNote.NONE: (CountState.NONE, (CountField.KILLED, CountField.INJURED)),
    CasualtyNote.NONE_KILLED: (CountState.NONE, (CountField.KILLED,)),
    CasualtyNote.NONE_INJURED: (CountState.NONE, (CountField.INJURED,)),
}


def _unknown_and_none(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """ "No immediate word of casualties" is unknown, "no one was hurt" is nobody; a number said beats both."""
    for note in found.notes:
        state, fields = _NOTES[CasualtyNote(str(note.type))]
        for field in fields:
            if field not in counts and found.is_foreground(note.sentence):
                counts[field] = Count(state=state)
                quotes[field] = (found.layout.quote(note.start, note.end),)


def _corrects(found: Findings, sentence: int) -> bool:
    """Is the number given as a correction, in its sentence or by the headline?"""
    flagged = Talk.CORRECTION in found.sentences[sentence].flags
    return flagged or any(Talk.CORRECTION in s.flags for s in found.sentences if s.is_title)


def _claims(found: Findings) -> Iterable[Claim]:
    for mention in found.counts:
        if not found.is_foreground(mention.sentence):
            continue
        field = (
            "killed_attackers"
            if mention.field is CountField.KILLED and mention.group is CountGroup.ATTACKER
            else mention.field
        )
        speaker = found.speaker(mention.sentence)
        yield Claim(
            field="injured" if field == CountField.SHOT else field,
            count=mention.count,
            said_by=found.layout.raw[speaker.start : speaker.end] if speaker else "",
            official=speaker is not None and speaker.kind is SpeakerKind.OFFICIAL,
            evidence=found.layout.quote(mention.start, mention.end),
            at=found.article.published,
            source=found.article.source,
            corrects=_corrects(found, mention.sentence),
        )
