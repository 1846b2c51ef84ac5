"""What is said about the numbers of people: by whom, and what was said before?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.i18n import translate
from bot.i18n.translate import t, tp
from bot.render import words
from bot.render.text import clean
from extract.types import ArticleRef, Claim, Conflict, Count, CountState, Incident

MOST_CLAIMS = 3
MOST_OUTLETS = 3
SPEAKER_UNITS = 60
# the numbers that the first line of a card gives
TOLL = ("killed", "injured", "kidnapped")


def toll(incident: Incident) -> list[str]:
    """The numbers of people killed, injured and kidnapped, as far as there are any: ["8 killed", "22 injured"]."""
    counts = ((field, getattr(incident.facts, field)) for field in TOLL)
    return [words.casualties(field, one.low, one.high) for field, one in counts if _is_some(one)]


def number_lines(incident: Incident) -> Iterator[tuple[str, str]]:
    """A label and a text for each number that the first line of the card doesn't tell, or not all of.

    Numbers that are not yet known share a line.
    """
    facts = incident.facts
    conflicts = {conflict.field: conflict for conflict in incident.conflicts}
    unknown: list[str] = []
    for field in words.COUNT_FIELDS:
        value = getattr(facts, field)
        if field in conflicts:
            yield words.label(field), _disagreement(conflicts[field], incident.articles)
        elif value.state is CountState.NOT_YET_KNOWN:
            unknown.append(words.label(field) if not unknown else words.in_line(field))
        elif words.count(value):
            said = _with_speakers(field, incident)
            if said or field not in TOLL or not _is_some(value):
                yield words.label(field), said or words.count(value)
    if unknown:
        yield translate.joined(unknown), tp("number", "not yet known")


def _is_some(count: Count) -> bool:
    """Does it count anybody?"""
    return count.state is CountState.COUNTED and bool(count.low or count.high)


def _with_speakers(field: str, incident: Incident) -> str:
    """The number with who gives it, those who give another at the same time, and the number given before.

    Empty if nobody is named and there was no other number.
    """
    present = getattr(incident.facts, field)
    value = words.count(present)
    claims = [one for one in incident.facts.claims if one.field == field and words.count(one.count)]
    telling = [one.evidence.article for one in claims if words.count(one.count) == value]
    if not telling:
        return ""
    now = [one for one in claims if one.evidence.article == telling[0]]
    speakers = {clean(one.said_by, SPEAKER_UNITS): words.count(one.count) for one in now if one.said_by}
    before = _before(present, claims, telling, {article.id: article for article in incident.articles})
    first = next((who for who, number in speakers.items() if number == value), "")
    others = [_by(number, who) for who, number in speakers.items() if first and number != value][: MOST_CLAIMS - 1]
    if not first and not before:
        return ""
    said = translate.joined_clauses((_by(value, first), *others))
    return t("{number}, before: {before}", number=said, before=before) if before else said


def _before(now: Count, claims: Sequence[Claim], telling: Sequence[str], articles: dict[str, ArticleRef]) -> str:
    """The last other number of an article from before the present one was told, and who gave it; empty if none.

    Of several numbers in one article the largest is the toll, the others are parts of it.
    """
    earlier: list[Claim] = []
    for claim in claims:
        if claim.evidence.article == telling[0]:
            break
        earlier.append(claim)
    rest = [one for one in earlier if one.evidence.article not in telling]
    if not rest:
        return ""
    last = [one for one in rest if one.evidence.article == rest[-1].evidence.article]
    toll_then = max(last, key=lambda one: one.count.low or 0)
    if toll_then.count.low == now.low:
        return ""
    article, number = articles.get(toll_then.evidence.article), words.count(toll_then.count)
    speaker = next((one.said_by for one in rest if one.said_by and words.count(one.count) == number), "")
    return _by(number, clean(speaker, SPEAKER_UNITS) or (words.outlet(article) if article else ""))


def _by(number: str, who: str) -> str:
    return f"{number} ({translate.isolate(who)})" if who else number


def _disagreement(conflict: Conflict, articles: Sequence[ArticleRef]) -> str:
    """The numbers that can't all be true, each with the outlets that give it."""
    outlets = {article.id: words.outlet(article) for article in articles}
    parts = []
    for value in conflict.values:
        given = list(dict.fromkeys(outlets[one] for one in value.articles if one in outlets))
        shown = translate.joined(translate.isolate(outlet) for outlet in given[:MOST_OUTLETS])
        number = words.interval(value.low, value.high)
        parts.append(f"{number} ({shown})" if shown else number)
    return t("{numbers}; accounts differ", numbers=t(" or ").join(parts))
