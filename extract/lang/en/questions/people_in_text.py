"""How many people does a text say were freed or arrested, and does it say that these people were harmed?"""

from __future__ import annotations

import re
from functools import cache

from extract.lang.en.lexicon import table
from extract.lang.en.numbers import NUMBER_WORDS, read_number
from extract.query import Hit

_NUMBER = rf"(?P<n>\d[\d,]*|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}|an?)"
_FEW_WORDS = r"(?:[\w'’-]+\s+){0,4}?"
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def people_in(text: str, effect: str) -> int | None:
    """The most people that a sentence says were freed or arrested; 0 without a number, None if none were."""
    found: list[int] = []
    if _verb(effect).search(text) is None:
        return None
    for sentence in _SENTENCE.split(text):
        for match in _verb(effect).finditer(sentence):
            if not _DENIED.search(sentence[: match.start()][-40:]):
                found.append(_number(sentence, match))
    return max(found, default=None)


def tells_hit(text: str, hit: Hit) -> bool:
    """Whether a sentence says that people of these words were harmed in this way."""
    if _people(hit.words).search(text) is None:
        return False
    return _hit(hit.words, hit.effect or "casualties").search(text) is not None


def _number(sentence: str, verb: re.Match[str]) -> int:
    """The number of people beside a verb: "freed all eight hostages", "two men were arrested"; 0 if there is none."""
    behind = re.compile(
        rf"\s+(?:of\s+)?(?:(?:at\s+least|more\s+than|about|around|some|all|another|over|nearly)\s+)*{_NUMBER}\b", re.I
    )
    before = re.compile(
        rf"\b{_NUMBER}\s+{_FEW_WORDS}(?:(?:was|were|are|have|has|had|been|being|later|since|also|all|then)\s+)*\Z", re.I
    )
    for match in (behind.match(sentence, verb.end()), before.search(sentence[: verb.start()])):
        if match is not None:
            number = read_number([match["n"].lower().replace(",", "")])
            if match["n"].lower() in ("a", "an"):
                return 1
            if number is not None and number.value < 100_000:
                return int(number.value)
    return 0


_DENIED = re.compile(r"\b(?:no|not|nobody|none|never|without|yet to)\b(?:\s+\w+){0,3}\s*\Z", re.IGNORECASE)


@cache
def _verb(effect: str) -> re.Pattern[str]:
    """The verbs that say so in articles."""
    return re.compile(rf"\b(?:{'|'.join(table('ask')['told'][effect])})\b", re.IGNORECASE)


@cache
def _people(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_words(words)})\b", re.IGNORECASE)


def _words(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words)


@cache
def _hit(words: tuple[str, ...], effect: str) -> re.Pattern[str]:
    """These people beside a verb for such harm: "killed five police officers", "three of the dead were children"."""
    told = table("ask")["told"]
    names = ("killed", "injured", "kidnapped") if effect == "casualties" else (effect,)
    verb = "|".join(word for name in names for word in told[name])
    dead = "|".join(word for name in names for word in told.get(f"{name}_people", ()))
    people = _words(words)
    few = r"(?:(?!and\b|while\b|when\b|said\b|by\b)[\w'’-]+\s+){0,3}"
    return re.compile(
        rf"\b(?:{verb})\s+{few}(?:{people})\b"
        rf"|\b(?:{people})\s+(?:[\w'’-]+\s+){{0,1}}(?:was|were|is|are|have|has|had|been|being|also|get|got)?\s*(?:been\s+)?(?:{verb})\b"
        rf"|\b(?:{dead})\b[^.!?]{{0,60}}\b(?:{people})\b"
        rf"|\b(?:{verb})\b[^.!?]{{0,80}}\b(?:including|among\s+them|of\s+(?:them|whom)|mostly|most\s+of\s+them|all\s+of\s+them)\s[^.!?]{{0,40}}\b(?:{people})\b",
        re.IGNORECASE,
    )
