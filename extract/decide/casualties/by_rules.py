"""Which mentions of a text together give the number of a field, by rules: those of the sentence with the best score?"""

from __future__ import annotations

from collections import defaultdict

from extract.decide.findings import Findings, weights
from extract.nlp.mentions import HARM, UNNUMBERED, CountField, CountGroup, CountMention, SpeakerKind, Talk


def generic_words(found: Findings) -> frozenset[str]:
    """Words of a count that do not say who was counted: number words, "people", "at least"."""
    return found.lexicon.words("casualties", "generic", "words") | found.language.numbers.words.keys()


def mentions_of(found: Findings, field: str) -> list[CountMention]:
    """All mentions of a field; ``killed_attackers`` are the mentions of killed people who are attackers."""
    if field == CountField.KILLED_ATTACKERS:
        return [m for m in found.counts if m.field is CountField.KILLED and m.group is CountGroup.ATTACKER]
    return [m for m in found.counts if m.field == field]


def choose_mentions(found: Findings, field: str) -> list[CountMention]:
    """The mentions that together give the number of a field, [] where the text has none.

    Mentions in the background are used only in a story about a trial, or where no harm is in the foreground.
    """
    mentions = [m for m in mentions_of(found, field) if not m.part]
    if field == CountField.KILLED:
        people = [m for m in mentions if m.group is not CountGroup.ATTACKER]
        mentions = people or mentions
    court = _is_court_story(found)
    mentioned = [m for m in mentions if court or found.is_foreground(m.sentence)]
    if not mentioned and not any(found.is_foreground(m.sentence) for m in found.counts if m.field in HARM):
        mentioned = mentions
    if not mentioned:
        return []
    by_sentence: dict[int, list[CountMention]] = defaultdict(list)
    for mention in mentioned:
        by_sentence[mention.sentence].append(mention)
    scored = {s: _sentence_score(found, ms, court=court) for s, ms in by_sentence.items()}
    best = max(scored, key=lambda s: (scored[s], -s))
    best = _exact_count_sentence(found, by_sentence, _longer_count_sentence(found, by_sentence, best))
    chosen = _distinct_mentions(by_sentence[best])
    return chosen if any(m.total for m in chosen) else chosen + _additions(found, mentioned, chosen, best)


def _longer_count_sentence(found: Findings, by_sentence: dict[int, list[CountMention]], best: int) -> int:
    """The sentence of the opening that counts more people than the title, else ``best``.

    For example one with "20 pupils and a teacher", where the title has only "20 pupils".
    """
    if not found.sentences[best].is_title or len(by_sentence[best]) != 1:
        return best
    mention = by_sentence[best][0]
    words = words_of_count(found, mention)
    if mention.total or not set(words[1:]) - generic_words(found):
        return best  # "five killed" counts everybody
    for at in range(found.first_body, found.first_body + 2):
        mentioned = _distinct_mentions(by_sentence.get(at, []))
        same = any(words_of_count(found, m)[:1] == words[:1] for m in mentioned)
        if same and sum(m.count.low or 0 for m in mentioned) > (mention.count.low or 0):
            return at
    return best


def _exact_count_sentence(found: Findings, by_sentence: dict[int, list[CountMention]], best: int) -> int:
    """The sentence of the opening that tells exactly what the title only rounds, else ``best``.

    For example "Thirty-two miners" or "at least 32" after "Dozens of miners killed" and "More than 30 dead".
    """
    if not found.sentences[best].is_title:
        return best
    rounded = _distinct_mentions(by_sentence[best])
    least = sum(m.count.low or 0 for m in rounded)
    if any(m.count.high is not None for m in rounded):
        return best
    for at in range(found.first_body, found.first_body + 2):
        told = [m for m in _distinct_mentions(by_sentence.get(at, [])) if m.group is not CountGroup.ADDITIONAL]
        exact = told and not any(_is_vague(found, m) or m.count == UNNUMBERED for m in told)
        most = weights("count")["rounded"] * max(least, 1)
        if exact and least < sum(m.count.low or 0 for m in told) < most and _may_be_same(found, rounded, told):
            return at
    return best


def _may_be_same(found: Findings, some: list[CountMention], others: list[CountMention]) -> bool:
    """Do two counts name the same people: does one say no more than "people", or have both the same last word?

    A language read by words alone has the number without the people, who can be the same.
    """
    if found.language.shares_encoder:
        return True
    nouns = [{words_of_count(found, m)[-1] for m in mentions} - generic_words(found) for mentions in (some, others)]
    return not nouns[0] or not nouns[1] or bool(nouns[0] & nouns[1])


def words_of_count(found: Findings, mention: CountMention) -> list[str]:
    """The words of a count in lower case, number words as digits."""
    words = found.layout.plain[mention.start : mention.end].lower().split()
    return [str(found.language.numbers.words.get(word, word)) for word in words]


def _is_court_story(found: Findings) -> bool:
    """Does the title or first sentence speak of a court? Such a story tells the act itself as background."""
    return any(Talk.COURT in s.flags for s in found.opening(1))


def _sentence_score(found: Findings, mentions: list[CountMention], *, court: bool) -> float:
    """How much the mentions of one sentence are to be preferred (``data/weights.toml``, ``count``)."""
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
    """Does the mention contain a number, rather than "a man"?"""
    text = found.layout.plain[mention.start : mention.end].lower()
    return mention.count.low != 1 or means_one(found, text.split()[0]) if text.strip() else False


def means_one(found: Findings, word: str) -> bool:
    """Is the word "1" or "one"?"""
    return word == "1" or found.language.numbers.words.get(word) == 1


def _is_vague(found: Findings, mention: CountMention) -> bool:
    """Is it a vague number such as "dozens"? The text may give an exact one elsewhere."""
    return mention.count.high is None and not found.language.numbers.vague.keys().isdisjoint(
        found.layout.plain[mention.start : mention.end].lower().split()
    )


def _distinct_mentions(mentions: list[CountMention]) -> list[CountMention]:
    """The mentions of one sentence that count different people.

    A total replaces all others, and "the man" repeats "a man".
    """
    totals = [m for m in mentions if m.total]
    if totals:
        return [max(totals, key=lambda m: m.count.low or 0)]
    plain = [m for m in mentions if m.group is not CountGroup.DEFINITE]
    return plain or mentions[:1]


def _additions(
    found: Findings, mentioned: list[CountMention], chosen: list[CountMention], at: int
) -> list[CountMention]:
    """The mentions of additional people ("another two") in the sentences after the chosen one; none after a title."""
    if found.sentences[at].is_title:
        return _also_after_title(found, mentioned, chosen)
    reach = weights("count")["addition_reach"]
    return [
        m
        for m in mentioned
        if m.group is CountGroup.ADDITIONAL
        and m not in chosen
        and not m.total
        and Talk.APART not in found.sentences[m.sentence].flags
        and at < m.sentence <= at + reach
        and not _is_repeated(found, m, chosen)
        and not any(c.group is CountGroup.ADDITIONAL for c in chosen)
    ]


def _is_repeated(found: Findings, mention: CountMention, chosen: list[CountMention]) -> bool:
    """Is the addition already chosen: "Five more pupils injured. ... Five others were injured"?"""
    additional = found.lexicon.words("casualties", "additional", "words")
    return any(m.count == mention.count and not additional.isdisjoint(words_of_count(found, m)) for m in chosen)


def _also_after_title(found: Findings, mentioned: list[CountMention], chosen: list[CountMention]) -> list[CountMention]:
    """The people who "also" died by the opening, where the title counts others by a noun: "killing 8 students"."""
    generic = generic_words(found)
    if not all({w for w in words_of_count(found, m) if not w.isdigit()} - generic for m in chosen):
        return []
    opening = range(found.first_body, found.first_body + 3)
    said = {words_of_count(found, m)[-1] for m in chosen}
    others = (m for m in mentioned if m.also and m.sentence in opening and not m.total and m.names == ())
    return [m for m in others if words_of_count(found, m)[-1] not in said][:1]
