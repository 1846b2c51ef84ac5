"""How many people were killed, injured and kidnapped, and how many attackers were there, by all numbers in a text?

By the rules, mentions are summed within the sentence with the highest score for a field; a later "another" adds to it,
a running total replaces it. Attackers who died are counted separately and also among the killed (the convention of GTD
and GVA). In whole articles on the kinds of incident that it was learned from, a forest then scores every number that
the text gives (``candidates``): there it was right more often than the rules, but less often in short articles and on
other kinds, where the rules decide.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from extract.decide.casualties.by_rules import choose_mentions, generic_words, is_explicit, mentions_of, words_of_count
from extract.decide.casualties.by_tag import with_tagged_numbers
from extract.decide.casualties.candidates import candidates, features
from extract.decide.casualties.same_victim import is_victim_again, noun_of
from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.decide.models import bag_of_words
from extract.decide.models.gradient_boosting import forest
from extract.language import Cue
from extract.nlp.mentions import HARM, CasualtyNote, CountField, CountGroup, CountMention, SpeakerKind, Talk, counted
from extract.types import Claim, Count, CountState, Frozen, Quote

FIELDS = (
    CountField.KILLED,
    CountField.INJURED,
    CountField.KIDNAPPED,
    CountField.ATTACKERS,
    CountField.KILLED_ATTACKERS,
)


class CasualtyCounts(Frozen, frozen=True, kw_only=True):
    """The chosen count of each field, the quotes as evidence for it, and every number that the text gives."""

    counts: dict[str, Count]
    quotes: dict[str, tuple[Quote, ...]]
    claims: tuple[Claim, ...]


Counts = dict[str, Count]
Quotes = dict[str, tuple[Quote, ...]]


def choose_counts(found: Findings, choice: KindChoice | None) -> CasualtyCounts:
    """A count for each field that the text says something about: a number, none, or not yet known.

    A field that is not mentioned has no count.
    """
    found = with_tagged_numbers(without_earlier_deaths(found, choice))
    counts, quotes = counts_by_rules(found)
    if choice is not None and _uses_forest(found, choice):
        for field in ("killed", "injured"):
            _choose_by_forest(found, field, choice, counts, quotes)
    return CasualtyCounts(counts=counts, quotes=quotes, claims=tuple(_claims(found)))


def without_earlier_deaths(found: Findings, choice: KindChoice | None) -> Findings:
    """The findings without numbers of another act, which was the cause of this one or long before it."""
    answers = choice is not None and choice.kind in weights("count")["answers"]
    kept = tuple(m for m in found.counts if m.field not in HARM or not _is_of_earlier_act(found, m, answers=answers))
    return msgspec.structs.replace(found, counts=kept) if len(kept) < len(found.counts) else found


def _is_of_earlier_act(found: Findings, mention: CountMention, *, answers: bool) -> bool:
    """Is the number of an act "months after" which this one was, or, if this one answers another, of its cause?

    The earlier act can be the news of a whole article or of a follow-up: "families wait months after fire killed 31".
    """
    plain, start = found.layout.plain, found.sentences[mention.sentence].start
    is_report = found.reading is not None and found.reading.roles.is_report()
    if is_report and found.language.cue(Cue.LONG_AFTER_BEFORE).search(plain, start, mention.start):
        return True
    if not answers:
        return False
    behind = found.language.cue(Cue.EFFECT_BEHIND).match(plain, mention.end, found.sentences[mention.sentence].end)
    return behind is not None or bool(found.language.cue(Cue.CAUSE_BEFORE).search(plain, start, mention.start))


def counts_by_rules(found: Findings) -> tuple[Counts, Quotes]:
    """The counts by field and their quotes, by the rules alone."""
    counts: Counts = {}
    quotes: Quotes = {}
    for field in FIELDS:
        chosen = choose_mentions(found, field)
        if chosen:
            counts[field], chosen = _as_lower_bound(found, field, _sum(chosen), chosen)
            quotes[field] = tuple(found.layout.quote(m.start, m.end) for m in chosen)
    if is_victim_again(found, counts.get("killed"), choose_mentions(found, "injured")):
        counts.pop("injured")
        quotes.pop("injured")
    _count_shot_as_injured(found, counts, quotes)
    _add_attackers(found, counts, quotes)
    _unknown_and_none(found, counts, quotes)
    return counts, quotes


def _uses_forest(found: Findings, choice: KindChoice) -> bool:
    """Is it a whole article on a kind of incident that the forest was learned from?"""
    rule = weights("count_forest")
    return choice.kind in rule["kinds"] and len(found.sentences) - found.first_body >= rule["sentences"]


def _choose_by_forest(found: Findings, field: str, choice: KindChoice, counts: Counts, quotes: Quotes) -> None:
    """Replaces the rules' number of a field, and its quotes, by the candidate with the highest score.

    Without a forest in the language the rules' number stays.
    """
    trees = forest(found.lexicon, field)
    if trees is None:
        return
    numbers = [c for c in candidates(found, field, counts) if c.mentions or not c.value or "rule" in c.ways]
    known = features(found, field, numbers, counts, choice)
    probable = bag_of_words.probabilities(found.layout, field, found.lexicon)
    rows = [row | bag_of_words.features(c.value, probable) for row, c in zip(known, numbers, strict=True)]
    scores = trees.scores(rows)
    best = numbers[max(range(len(numbers)), key=scores.__getitem__)]
    if "rule" in best.ways:
        return
    counts.pop(field, None)
    quotes.pop(field, None)
    if best.value:
        alone = best.mentions[0].count if len(best.mentions) == 1 else None
        counts[field] = alone if alone is not None and alone.low == best.value else counted(best.value, best.value)
        quotes[field] = tuple(found.layout.quote(m.start, m.end) for m in best.mentions)


def _sum(mentions: Iterable[CountMention]) -> Count:
    numbers = [m.count for m in mentions]
    low = sum(c.low or 0 for c in numbers)
    high = None if any(c.high is None for c in numbers) else sum(c.high or 0 for c in numbers)
    return counted(low, high)


def _as_lower_bound(
    found: Findings, field: str, count: Count, chosen: list[CountMention]
) -> tuple[Count, list[CountMention]]:
    """The count with no upper bound, if the title says "kills 4" and the opening "at least four"; else as it is.

    Also returns the mentions as evidence.
    """
    if not found.sentences[chosen[0].sentence].is_title or count.high is None:
        return count, chosen
    opening = range(found.first_body, found.first_body + 2)
    for mention in mentions_of(found, field):
        if mention.sentence in opening and mention.count.low == count.low and mention.count.high is None:
            return counted(count.low or 0, None), [mention, *chosen]
    return count, chosen


def _count_shot_as_injured(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """Counts people who were shot and are not among the killed as injured.

    First drops injured people who are one of the killed, mentioned again.
    """
    killed = counts.get("killed")
    injured = choose_mentions(found, "injured")
    if injured and killed is not None and killed.low and all(_same_person(found, m) for m in injured):
        counts.pop("injured", None)
        quotes.pop("injured", None)
        injured = []
    shot = choose_mentions(found, "shot")
    if not shot or (killed is not None and killed.low and all(_same_person(found, m) for m in shot)):
        return
    total = _sum(shot)
    # in "3 shot, 1 killed" the killed are among those shot; not in "killed six and stabbed 12 others"
    others = all(m.group is CountGroup.ADDITIONAL for m in shot)
    others = others or _only_attackers_died(found, shot) or _are_other_people(found, shot)
    low = (total.low or 0) - ((killed.low or 0) if killed is not None and not others else 0)
    known = counts.get("injured")
    if low <= 0 or (known is not None and (known.low or 0) >= low):
        return
    if known is not None and any(is_explicit(found, m) and m.count.high is not None for m in injured):
        return
    counts["injured"] = counted(low, low if total.high is not None else None)
    quotes["injured"] = tuple(found.layout.quote(m.start, m.end) for m in shot)


def _are_other_people(found: Findings, shot: list[CountMention]) -> bool:
    """Are the killed counted beside those shot with a noun of their own: "two guards stabbed and man shot dead"?

    Not in "five people shot, a woman killed": she can be one of the five.
    """
    killed = choose_mentions(found, "killed")
    if not killed or {m.sentence for m in killed} != {m.sentence for m in shot} or _is_generic(found, shot):
        return False
    nouns = [{noun_of(found, m) for m in mentions} for mentions in (killed, shot)]
    return nouns[0].isdisjoint(nouns[1]) and not _is_number_alone(found, killed)


def _is_number_alone(found: Findings, mentions: list[CountMention]) -> bool:
    """Does one of the mentions not say who was counted: "one", "at least two"?"""
    words = [words_of_count(found, m) for m in mentions if is_explicit(found, m)]
    return any("of" in said or not set(said[1:]) - generic_words(found) for said in words)


def _only_attackers_died(found: Findings, shot: list[CountMention]) -> bool:
    """Are all the killed attackers and none of those shot: "an officer was shot in the leg and a robber was killed"?"""
    dead = [m for m in found.counts if m.field is CountField.KILLED and found.is_foreground(m.sentence)]
    return all(m.group is CountGroup.ATTACKER for m in dead) and not any(m.group is CountGroup.ATTACKER for m in shot)


def _same_person(found: Findings, mention: CountMention) -> bool:
    """Is the mention a single "he", "the man" or name, probably one of the killed who is mentioned again?

    Not so for "his brother", for "the targeted teenager" where only attackers died, or for somebody counted in the same
    sentence after the killed.
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
    """Adds the attackers who died to the killed, unless the number in the text includes them already."""
    _choose_attacker_deaths(found, counts, quotes)
    own, total = counts.get("killed_attackers"), counts.get("killed")
    people = [
        m
        for m in mentions_of(found, "killed")
        if m.group is not CountGroup.ATTACKER and found.is_foreground(m.sentence)
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
    if _counts_attackers(found) or _is_attacker_in_title(found, people, own):
        return
    beside = any(m.field is CountField.ATTACKER_DEATHS for m in found.counts)
    if not beside and not _are_separate(found, people, own) and (total.low or 0) >= own.low:
        return
    if _repeats_title_count(found, total, own):
        return
    high = None if total.high is None or own.high is None else total.high + own.high
    counts["killed"] = counted((total.low or 0) + own.low, high)
    quotes["killed"] = (*quotes["killed"], *quotes["killed_attackers"])


def _is_attacker_in_title(found: Findings, people: list[CountMention], own: Count) -> bool:
    """Is the only one killed, of whom the title says no more than "man", the attacker whom the text names so?

    "Man dead after shootout": the text adds that officers shot an armed suspect.
    """
    single = found.lexicon.words("casualties", "generic", "single")
    chosen = [m for m in people if found.sentences[m.sentence].is_title]
    said = [set(words_of_count(found, m)) - {"a", "the"} for m in chosen]
    return own.low == own.high == 1 and len(chosen) == 1 and len(people) == 1 and said[0] <= single


def _repeats_title_count(found: Findings, total: Count, own: Count) -> bool:
    """Does only the title count the attackers, with the same number as the killed?

    For example "four fighters killed" in the title, and in the text that a strike killed four members of a group.
    """
    counted_there = mentions_of(found, "killed_attackers")
    only_title = bool(counted_there) and all(found.sentences[m.sentence].is_title for m in counted_there)
    return only_title and total.low == own.low


def _counts_attackers(found: Findings) -> bool:
    """Do the words of the number name attackers among the killed: "nine civilians and three assailants"?"""
    chosen = [m for m in choose_mentions(found, "killed") if m.group is not CountGroup.ATTACKER]
    said = " ".join(found.layout.plain[m.start : m.end] for m in chosen).lower().split()
    if found.lexicon.words("casualties", "reflexive", "words") & set(said):
        return True  # "killing herself and two others"
    return len(said) > 1 and bool(found.lexicon.heads("attackers") & set(said))


def _are_separate(found: Findings, people: list[CountMention], own: Count) -> bool:
    """Are the attackers who died counted separately from the other killed?

    They are if a sentence gives both numbers, if the others are not just "people", or if the text excludes attackers.
    """
    attackers = {m.sentence for m in mentions_of(found, "killed_attackers")}
    chosen = choose_mentions(found, "killed")
    generic = _is_generic(found, chosen)
    together = any(m.sentence in attackers for m in chosen)
    return bool(own.low) and bool(people) and (together or not generic or _excludes_attackers(found, chosen))


def _is_generic(found: Findings, mentions: list[CountMention]) -> bool:
    """Do the mentions not say who was counted: "nine dead", "nine people", but not "nine officers"?"""
    said = " ".join(found.layout.plain[m.start : m.end].lower() for m in mentions).split()
    return not set(said) - generic_words(found) or not found.lexicon.words(
        "casualties", "generic", "people"
    ).isdisjoint(said)


def _excludes_attackers(found: Findings, chosen: list[CountMention]) -> bool:
    """Does the text exclude the attackers from the number of killed?

    As in "gunmen killed ten people", or in a number that is followed by "the attacker also died".
    """
    numbers = {m.count.low for m in chosen}
    also = any(m.also for m in [*mentions_of(found, "killed_attackers"), *(m for m in chosen if m.total)])
    return also or any(
        m.by_attackers and m.count.low in numbers and found.is_foreground(m.sentence)
        for m in mentions_of(found, "killed")
    )


def _choose_attacker_deaths(found: Findings, counts: Counts, quotes: Quotes) -> None:
    """Sets the number of attackers who died in their own attack.

    It is the number that the text includes in the killed, else the one given in addition to them, else the number of
    bombers in a suicide bombing.
    """
    foreground = [
        m
        for m in found.counts
        if m.field is CountField.ATTACKER_DEATHS and not m.part and found.is_foreground(m.sentence)
    ]
    included = _attacker_deaths_in_total(found)
    known = counts.get("killed_attackers")
    if included is not None and known is None:
        counts["killed_attackers"] = included.count
        quotes["killed_attackers"] = (found.layout.quote(included.start, included.end),)
        return
    additional = [m for m in foreground if m.total]
    bombers = (
        [m for m in foreground if not m.total]
        if any(t.kind in weights("kind")["suicide"] and t.strong for t in found.triggers)
        else []
    )
    chosen = additional[:1] or bombers[:1]
    if chosen and (known is None or (known.low or 0) < (chosen[0].count.low or 0)):
        counts["killed_attackers"] = chosen[0].count
        quotes["killed_attackers"] = (found.layout.quote(chosen[0].start, chosen[0].end),)


def _attacker_deaths_in_total(found: Findings) -> CountMention | None:
    """The attackers counted as a part of the killed: "at least 12 people, including five attackers, were killed"."""
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
    """Sets fields without a number: "no immediate word of casualties" is not yet known, "no one was hurt" is none."""
    for note in found.notes:
        state, fields = _NOTES[CasualtyNote(str(note.type))]
        for field in fields:
            if field not in counts and found.is_foreground(note.sentence):
                counts[field] = Count(state=state)
                quotes[field] = (found.layout.quote(note.start, note.end),)


def _corrects(found: Findings, sentence: int) -> bool:
    """Is the number given as a correction, by words of its sentence or of the title?"""
    flagged = Talk.CORRECTION in found.sentences[sentence].flags
    return flagged or any(Talk.CORRECTION in s.flags for s in found.sentences if s.is_title)


def _claims(found: Findings) -> Iterable[Claim]:
    """Every number in the foreground as a claim, with who said it; those shot count as injured."""
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
