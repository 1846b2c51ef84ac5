"""Which number stands before a noun, or ends at a token: "at least two dozen", "between eight and 10"?"""

from __future__ import annotations

import re

from spacy.tokens import Token

from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import NUMBER_WORDS, VAGUE, read_number, times_scale
from extract.nlp.extensions import text_of
from extract.nlp.mentions import counted
from extract.types import Count

# the first of two ages: "aged 11- " before 15
_FIRST_AGE = re.compile(r"\d{1,2}\s?(?:-|–|to|and)\s?$")
_RANGE = re.compile(r"([\w,]+)\s*(-|–|—|and|to|or)\s*([\w,]+)", re.IGNORECASE)
_MAX_PEOPLE = 2_000_000
_BEFORE_NOUN = frozenset({"nummod", "amod", "quantmod", "det", "compound"})


def number_before(token: Token) -> tuple[Count, int, int] | None:
    """The number before ``token`` in its noun phrase ("at least two dozen" people), with its start and end."""
    numbers = [t for t in token.lefts if t.dep_ in _BEFORE_NOUN and numeric(t)]
    # "thirteen" in "thirteen Algerian civilians" is sometimes read with the next word
    numbers = numbers or [g for t in token.lefts if t.dep_ in ("amod", "compound") for g in t.lefts if g.tag_ == "CD"]
    numbers = [t for t in numbers if t.nbor(1).text != "-"]  # "7-year-old boy"
    numbers = [t for t in numbers if not t.text.count("-") or read_number([t.lower_]) is not None]
    numbers = numbers or _detached_number(token)
    if not numbers:
        return None
    return read_count(numbers[-1])


def _detached_number(token: Token) -> list[Token]:
    """The number word directly before a noun phrase that the parser reads apart from it.

    "Four" read as a sentence of its own in "Four soldiers have been killed", "dozen" as the object of "over".
    """
    first = token.left_edge.i
    before = token.doc[first - 1] if first else None
    numbers = word_set("roles", "determiners", "not_detached")
    detached = before is not None and before.lower_ in (NUMBER_WORDS.keys() | VAGUE.keys()) - numbers
    return [before] if before is not None and detached else []


def read_count(token: Token) -> tuple[Count, int, int] | None:
    """The count that ends at the numeric ``token``, with qualifier and range applied, and its start and end.

    None if it is no number or above ``_MAX_PEOPLE``.
    """
    doc = token.doc
    first = token.i
    while first > token.sent.start and numeric(doc[first - 1]) and doc[first - 1].text not in ("one",):
        first -= 1
    if first - 2 >= token.sent.start and doc[first - 1].text == "-" and _is_one_number(doc[first - 2], doc[first]):
        first -= 2  # "twenty-two" and "two-dozen" are three tokens
    if (
        first - 2 >= token.sent.start
        and doc[first - 1].lower_ in word_set("roles", "determiners", "range")
        and numeric(doc[first - 2])
    ):
        earlier = read_count(doc[first - 2])
        if earlier and earlier[0].low != earlier[0].high and earlier[0].high is not None:
            return earlier  # "between eight and 10" was read from its first number
    half = _half_before(doc[first])
    words = [*(["half"] if half else []), *(t.lower_ for t in doc[first : token.i + 1] if t.text != "-")]
    number = read_number(words) or read_number([token.lower_])
    first -= half
    times = times_scale(doc[first - 2].lower_, token.lower_) if first > 1 and doc[first - 1].lower_ == "of" else None
    if times is not None:
        return counted(times, None), doc[first - 2].idx, token.idx + len(token)
    if number is None or number.value > _MAX_PEOPLE:
        return None
    start, end = doc[first].idx, token.idx + len(token)
    before = text_of(doc)[max(token.sent.start_char, start - 24) : start].lower()
    range_ = _range_at(text_of(doc), start, between=before.rstrip().endswith("between"))
    if range_:
        return counted(range_[0], range_[1]), start, range_[2]
    low, high = number.value, number.value if number.exact else None
    if ends_with(before, "at_least"):
        high = None
    elif ends_with(before, "at_most"):
        low = min(1, low)
    return counted(low, high), start, end


def _half_before(dozen: Token) -> int:
    """How many tokens before "dozen" make it a half: two in "half a dozen", one in "half dozen"; 0 without them."""
    if dozen.lower_ != "dozen":
        return 0
    before = [t.lower_ for t in dozen.doc[max(0, dozen.i - 2) : dozen.i]]
    if before == ["half", "a"]:
        return 2
    return 1 if before[-1:] == ["half"] else 0


def _is_one_number(first: Token, second: Token) -> bool:
    """Whether two number words with a hyphen between them are one number."""
    return first.lower_.endswith("ty") or (second.lower_ == "dozen" and numeric(first))


def _range_at(text: str, start: int, *, between: bool) -> tuple[int, int, int] | None:
    """(low, high, end) of a range such as "eight to 10" that starts at ``start``; "and" joins one after "between"."""
    match = _RANGE.match(text, start)
    if not match or (match[2].lower() == "and" and not between):
        return None
    low, high = read_number([match[1].lower()]), read_number([match[3].lower()])
    if not low or not high or low.value >= high.value or match[3].lower() == "dozen":
        return None
    return low.value, high.value, match.end()


def ends_with(text: str, section: str) -> bool:
    """Whether the text ends with a phrase of a section of ``data/casualties.toml``: "at least", "mother of"."""
    stripped = text.rstrip()
    return any(
        re.search(rf"\b{word}(?: (?:the|an?|some))?$", stripped) for word in table("casualties")[section]["words"]
    )


def numeric(token: Token) -> bool:
    """Whether the token is a number, in digits, words or a vague plural such as "dozens"."""
    return token.like_num or token.lower_ in NUMBER_WORDS or token.lower_ in VAGUE


def is_age(text: str, at: int) -> bool:
    """Whether the number is an age: "two boys aged 14 both die"."""
    before = _FIRST_AGE.sub("", text[max(0, at - 14) : at].lower()).split()
    return bool(before) and before[-1] in word_set("roles", "determiners", "aged")
