"""Which number do one or more English words mean?"""

from __future__ import annotations

from extract.text.numbers import Number, Numbers, read_digits

NUMBER_WORDS: dict[str, int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "million": 1_000_000,
    "dozen": 12, "couple": 2, "half": 0,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
# plural scale words alone mean a lower bound: "dozens" is two dozen or more
VAGUE: dict[str, int] = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "several": 2, "many": 2}
# "tens of thousands": the word before "of", and how many of the scale it means at least
_TIMES = {"tens": 10, "hundreds": 100}


def times_scale(word: str, scale: str) -> int | None:
    """The lower bound of "tens of thousands" or "hundreds of thousands" by its first and last word, else None."""
    return 2 * _TIMES[word] * 1000 if word in _TIMES and scale == "thousands" else None


def read_number(words: list[str]) -> Number | None:
    """The number that all of ``words`` (lower-cased) together mean, or None.

    Reads digits with separators, "twenty-two", "two dozen", "three hundred", "a dozen", "half a dozen",
    "4 million" and the vague plurals.
    """
    parts = [part for word in words for part in word.lower().split("-") if part and part not in ("and", "a", "an")]
    if parts == ["half", "dozen"]:
        return Number(6, True)
    if len(parts) == 1 and parts[0] in VAGUE:
        return Number(VAGUE[parts[0]], False)
    total = current = 0
    for i, part in enumerate(parts):
        value = _one(part)
        if value is None:
            return None
        if part in _SCALES:
            current = max(current, 1) * value
            if value >= 1000:
                total, current = total + current, 0
        elif i and parts[i - 1] not in _SCALES and not (current % 10 == 0 and 20 <= current <= 90 and value < 10):
            return None
        else:
            current += value
    return Number(total + current, True) if parts else None


def _one(part: str) -> int | None:
    if part in NUMBER_WORDS:
        return NUMBER_WORDS[part]
    return read_digits(part)


NUMBERS = Numbers(words=NUMBER_WORDS, vague=VAGUE, read=read_number)
