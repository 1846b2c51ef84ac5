"""How many people does a text count outside of a clause: headlines ("3 dead"), tolls, lives claimed, and unknowns?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from extract.nlp.lexicons import table, word_set
from extract.nlp.mentions import CountMention
from extract.nlp.nounphrase import counted
from extract.nlp.state import sentence_at
from extract.text.numbers import NUMBER_WORDS, VAGUE, read_number
from extract.types import Count, CountState

# more than one person, and no number said
UNNUMBERED = Count(low=2, high=None, state=CountState.COUNTED)

_PART = re.compile(r"\b(?:including|among them|among whom|of (?:them|whom|those|the (?:dead|victims|injured|wounded|people)))\b")


def by_pattern(doc: Doc) -> Iterator[CountMention]:
    """Numbers told by fixed turns of phrase. Later ones may repeat what the grammar found."""
    text = str(doc.text)
    for regex, field, total in _patterns():
        for match in regex.finditer(text):
            count = _count(match, text)
            if count is not None and not _is_part(text, match.start("n")):
                yield CountMention(
                    field=field, count=count, start=match.start("n"), end=_end(match),
                    sentence=sentence_at(doc, match.start("n")), total=total, cue=match.end(),
                    group="additional" if _is_additional(match) else "person",
                )  # fmt: skip


def _end(match: re.Match[str]) -> int:
    """Behind the number and the people it counts, before the word that says what happened to them."""
    state = match.groupdict().get("s")
    if state is None or match.start("s") < match.start("n"):
        return match.end("n")
    return match.start("n") + len(match.string[match.start("n") : match.start("s")].rstrip())


def _count(match: re.Match[str], text: str) -> Count | None:
    words = match["n"].replace(" and ", " ").split()
    spread = re.fullmatch(r"([\w,]+)\s*(?:-|–|to|or)\s*([\w,]+)", match["n"].strip())
    if spread and read_number(words) is None:
        low, high = read_number([spread[1].lower()]), read_number([spread[2].lower()])
        return counted(low.value, high.value) if low and high and low.value < high.value else None
    number = read_number([w.lower() for w in words])
    if number is None or number.value > 500_000 or (number.value > 1900 and number.value < 2100 and "," not in match["n"]):
        return None
    before = text[max(0, match.start("n") - 24) : match.start("n")].lower().rstrip()
    qualifiers = table("casualties")
    if any(before.endswith(" " + w) or before == w for w in qualifiers["at_least"]["words"]) or not number.exact:
        return counted(number.value, None)
    if any(before.endswith(" " + w) for w in qualifiers["at_most"]["words"]):
        return counted(1, number.value)
    return counted(number.value, number.value)


def _is_part(text: str, at: int) -> bool:
    """Does the number only name a part ("seven people, including three children")?"""
    before = text[max(0, at - 30) : at].lower()
    return bool(_PART.search(before))


def _is_additional(match: re.Match[str]) -> bool:
    words = match.group().lower().split()
    return any(word in word_set("casualties", "additional", "words") for word in words)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str, bool]]:
    """(expression with a group ``n``, field, is a running total), from ``data/casualties.toml``."""
    data = table("casualties")
    words = "|".join(sorted({*NUMBER_WORDS, *VAGUE} - {"half", "many", "zero"}, key=len, reverse=True))
    one = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{words})(?:[- ](?:{words}))*)"
    n = rf"(?P<n>\b(?:half a dozen|a dozen|{one}(?:\s*(?:-|–|to)\s*{one})?))"
    people = "|".join(sorted({w for row in table("roles")["people"].values() for p in row for w in p.split("|") if " " not in w}))
    filler = rf"(?:\s+(?!(?:and|or|but|were|was|are|is|after|in|when|as|by)\b)[a-z'-]+){{0,3}}?(?:\s+(?:{people}))?"
    out: list[tuple[re.Pattern[str], str, bool]] = []

    def add(expression: str, field: str, total: bool = False) -> None:
        out.append((re.compile(expression, re.IGNORECASE), field, total))

    for field, states in data["states"].items():
        state = "|".join(states)
        add(rf"{n}{filler}\s+(?:were\s+|was\s+|are\s+|is\s+|reported\s+|reportedly\s+|confirmed\s+|left\s+|feared\s+|found\s+|fatally\s+|critically\s+|seriously\s+|others?\s+)*(?P<s>{state})\b(?!\s+end)", field)
        add(rf"\b(?:{state})\s+(?:at least\s+|about\s+|some\s+|another\s+|up to\s+)?{n}(?=\s+(?:{people}|other|others|more)\b)", field)
    for field, nouns in data["nouns_counted"].items():
        add(rf"{n}(?:\s+[a-z-]+)?\s+(?P<s>{'|'.join(nouns)})\b(?!\s+(?:row|penalty|threats?))", field, field == "killed")
    add(rf"\b(?:death|fatality)\s+toll\b[^.;\d]{{0,60}}?{n}\b", "killed", True)
    add(rf"\btoll\b[^.;\d]{{0,40}}?\b(?:to|at|of|reached|hits?|is|was|rose to|climbed to)\s+(?:at least\s+)?{n}\b", "killed", True)
    add(rf"\b(?:number|total)\s+of\s+(?:dead|deaths|fatalities|people killed|those killed)\b[^.;\d]{{0,40}}?{n}\b", "killed", True)
    add(rf"\b(?:number|total)\s+of\s+(?:injured|wounded|injuries)\b[^.;\d]{{0,40}}?{n}\b", "injured", True)
    add(rf"\b(?:claim|claimed|claims|claiming|cost|costing)\s+the\s+lives\s+of\s+(?:at least\s+|about\s+)?{n}\b", "killed", True)
    add(rf"\b(?:kill|kills|killed|killing)\s+(?:at least\s+|about\s+|some\s+|another\s+|up to\s+|more than\s+|as many as\s+)?{n}\b(?!\s+(?:years?|days?|weeks?|months?|hours?|minutes?))", "killed")
    add(rf"\b(?:injures?|injured|injuring|wounds|wounded|wounding|hurts?|hurting)\s+(?:at least\s+|about\s+|some\s+|another\s+|up to\s+|more than\s+|as many as\s+)?{n}\b(?!\s+(?:years?|days?|weeks?|months?|hours?|minutes?|in\b))", "injured")
    return out
