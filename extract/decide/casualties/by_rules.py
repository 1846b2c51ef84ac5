"""Which mentions of a text together give the number of a field: those of the sentence that speaks loudest?"""

from __future__ import annotations

from collections import defaultdict

from extract.decide.findings import Findings, weights
from extract.nlp.mentions import HARM, UNNUMBERED, CountField, CountGroup, CountMention, SpeakerKind, Talk


def generic_words(found: Findings) -> frozenset[str]:
    """Words of a count that say nothing about who was counted: number words, "people", "at least"."""
    return found.lexicon.words("casualties", "generic", "words") | found.language.numbers.words.keys()


def of_field(found: Findings, field: str) -> list[CountMention]:
    """The mentions of a field; those of dead attackers are their own."""
    if field == CountField.KILLED_ATTACKERS:
        return [m for m in found.counts if m.field is CountField.KILLED and m.group is CountGroup.ATTACKER]
    return [m for m in found.counts if m.field == field]


def chosen_for(found: Findings, field: str) -> list[CountMention]:
    """The mentions that together give the number."""
    mentions = [m for m in of_field(found, field) if not m.part]
    if field == CountField.KILLED:
        people = [m for m in mentions if m.group is not CountGroup.ATTACKER]
        mentions = people or mentions
    court = _in_court(found)
    told = [m for m in mentions if court or found.is_foreground(m.sentence)]
    if not told and not any(found.is_foreground(m.sentence) for m in found.counts if m.field in HARM):
        told = mentions
    if not told:
        return []
    by_sentence: dict[int, list[CountMention]] = defaultdict(list)
    for mention in told:
        by_sentence[mention.sentence].append(mention)
    scored = {s: _loudness(found, ms, court=court) for s, ms in by_sentence.items()}
    best = max(scored, key=lambda s: (scored[s], -s))
    best = _told_longer(found, by_sentence, best)
    chosen = _without_repeats(by_sentence[best])
    return chosen if any(m.total for m in chosen) else chosen + _additions(found, told, chosen, best)


def _told_longer(found: Findings, by_sentence: dict[int, list[CountMention]], best: int) -> int:
    """Where the title's "20 pupils" are "20 pupils and a teacher" in the opening: that sentence."""
    if not found.sentences[best].is_title or len(by_sentence[best]) != 1:
        return best
    mention = by_sentence[best][0]
    said = words_of_count(found, mention)
    if mention.total or not set(said[1:]) - generic_words(found):
        return best  # "five killed" counts them all
    for at in range(found.first_body, found.first_body + 2):
        told = _without_repeats(by_sentence.get(at, []))
        same = any(words_of_count(found, m)[:1] == said[:1] for m in told)
        if same and sum(m.count.low or 0 for m in told) > (mention.count.low or 0):
            return at
    return best


def words_of_count(found: Findings, mention: CountMention) -> list[str]:
    """The words of a count, its number in digits."""
    words = found.layout.plain[mention.start : mention.end].lower().split()
    return [str(found.language.numbers.words.get(word, word)) for word in words]


def _in_court(found: Findings) -> bool:
    """A story of a court tells the act as history."""
    return any(Talk.COURT in s.flags for s in found.opening(1))


def _loudness(found: Findings, mentions: list[CountMention], *, court: bool) -> float:
    rule = weights("count")
    score = found.weight(mentions[0].sentence, count_background=court)
    score += rule["total"] if any(m.total for m in mentions) else 0.0
    score += rule["explicit"] if any(is_explicit(found, m) for m in mentions) else rule["single"]
    score += rule["vague"] if all(_is_vague(found, m) for m in mentions) else 0.0
    score += rule["unnumbered"] if all(m.count == UNNUMBERED for m in mentions) else 0.0
    speaker = found.speaker(mentions[0].sentence)
    score += rule["official"] if speaker is not None and speaker.kind is SpeakerKind.OFFICIAL else 0.0
    return float(score)


def is_explicit(found: Findings, mention: CountMention) -> bool:
    """Is a number written there, rather than "a man"?"""
    text = found.layout.plain[mention.start : mention.end].lower()
    return mention.count.low != 1 or means_one(found, text.split()[0]) if text.strip() else False


def means_one(found: Findings, word: str) -> bool:
    """ "1" or "one"."""
    return word == "1" or found.language.numbers.words.get(word) == 1


def _is_vague(found: Findings, mention: CountMention) -> bool:
    """ "Dozens", where the text may give a number elsewhere."""
    return mention.count.high is None and not found.language.numbers.vague.keys().isdisjoint(
        found.layout.plain[mention.start : mention.end].lower().split()
    )


def _without_repeats(mentions: list[CountMention]) -> list[CountMention]:
    """One sentence's mentions, of which a total stands alone and "the man" repeats "a man"."""
    totals = [m for m in mentions if m.total]
    if totals:
        return [max(totals, key=lambda m: m.count.low or 0)]
    plain = [m for m in mentions if m.group is not CountGroup.DEFINITE]
    return plain or mentions[:1]


def _additions(found: Findings, told: list[CountMention], chosen: list[CountMention], at: int) -> list[CountMention]:
    reach = weights("count")["addition_reach"]
    base = 2 if found.sentences[at].is_title else 0
    return [
        m
        for m in told
        if m.group is CountGroup.ADDITIONAL
        and m not in chosen
        and not m.total
        and Talk.APART not in found.sentences[m.sentence].flags
        and at < m.sentence <= at + reach
        and not base
        and not any(c.group is CountGroup.ADDITIONAL for c in chosen)
    ]
