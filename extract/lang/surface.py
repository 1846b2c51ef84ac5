"""How is a language built from the data files of its folder alone, without code of its own?

``numbers.toml``: ``[words]`` value -> number words, ``[multipliers]`` factor -> words (1000 -> "mil";
one below 100 multiplies what is smaller and adds to the rest: 20 in "quatre-vingts", "cent vingt"), ``[joiners]``
``words`` that stand between the words of one number ("y"), ``[vague]`` lower bound -> words (20 -> "decenas"),
``[order]`` ``ones_first`` ("five and twenty"), ``[joined]`` ``words``: letters joined to the front of number words.
``patterns.toml``: ``[cues]`` name of a ``Cue`` -> regular expression, upper and lower case alike. The other files are
those of every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from importlib import resources

from extract.language import Cue, Language
from extract.lexicon import Lexicon
from extract.text.numbers import Number, Numbers, read_digits
from extract.text.phrases import lowered

_MAX = 1_000_000_000
_SCORE = 100
_GROUP = 3  # digits between separators


def by_surface(code: str) -> Language:
    """The language of the folder ``extract/lang/<code>``, read by its words and the shared encoder."""
    lexicon = Lexicon(resources.files(f"extract.lang.{code}") / "data")
    table = lexicon.table("numbers")
    words, factors, vague = (
        {lowered(word): int(value) for value, words in table.get(name, {}).items() for word in words}
        for name in ("words", "multipliers", "vague")
    )
    words, factors, vague = (
        _with_joined(each, table.get("joined", {}).get("words", ())) for each in (words, factors, vague)
    )
    joiners = frozenset(map(lowered, table.get("joiners", {}).get("words", ())))
    ones_first = bool(table.get("order", {}).get("ones_first", False))
    numbers = Numbers(
        words={**words, **factors, **vague},
        vague=vague,
        read=partial(read_number, words=words, factors=factors, vague=vague, joiners=joiners, ones_first=ones_first),
    )
    return Language(code=code, lexicon=lexicon, numbers=numbers, cues=partial(_cues, lexicon), shares_encoder=True)


def _cues(lexicon: Lexicon) -> Mapping[Cue, re.Pattern[str]]:
    return {Cue(name): re.compile(text, re.IGNORECASE) for name, text in lexicon.section("patterns", "cues").items()}


def _with_joined(words: dict[str, int], letters: list[str]) -> dict[str, int]:
    return words | {lowered(joined) + word: value for joined in letters for word, value in words.items()}


def read_number(
    said: list[str],
    *,
    words: dict[str, int],
    factors: dict[str, int],
    vague: dict[str, int],
    joiners: frozenset[str],
    ones_first: bool = False,
) -> Number | None:
    """The number that lower-case words mean together: digits, words, and both with a factor ("3 mil", "ciento dos")."""
    if not said or said[0] in joiners or said[-1] in joiners:
        return None
    total, current, exact, was_digits = 0, 0, True, False
    for word in said:
        digits = read_digits(word)
        if digits is not None and was_digits and len(word) == _GROUP:
            current = current * 1000 + digits  # "27 000"
            continue
        was_digits = digits is not None
        if word in joiners:
            continue
        if word in factors and word not in vague and (factors[word] >= _SCORE or current < factors[word]):
            current = max(1, current) * factors[word]
            if factors[word] >= 1000:
                total, current = total + current, 0
        elif digits is not None or word in words or (word in factors and word not in vague):
            value = digits if digits is not None else words.get(word, factors.get(word, 0))
            is_ten_behind = ones_first and 0 < current % 100 < 10 <= value < 100 and not value % 10
            is_second_one = bool(current % 10) and value < 10
            if current and not is_ten_behind and (value >= current or is_second_one or digits is not None):
                return None  # "2 3", "dos tres": two numbers
            current += value
        elif word in vague:
            current, exact = max(1, current) * vague[word], False
        else:
            return None
    value = total + current
    return Number(value, exact) if value < _MAX else None
