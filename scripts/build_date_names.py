"""Build ``extract/data/date_names.json``: names of months, weekdays and parts of a day, in many languages.

They are those of Unicode CLDR (Unicode License v3), by ``babel``; nothing else is needed. Keys are folded as
``extract.feeds.date_words`` folds what a feed writes. A name of two months in two languages ("listopad") has the
languages of each.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel import Locale

sys.path.insert(0, str(Path(__file__).parent.parent))
from extract.feeds.date_words import folded

OUT = Path(__file__).parent.parent / "extract" / "data" / "date_names.json"
LOCALES = """ar ar_DZ ar_EG ar_MA ar_SY az be bg bn ca cs da de de_AT el en en_AU en_CA en_GB en_IN es es_CL es_MX et eu
    fa fi fil fr fr_CA gl gu ha he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl pa pl
    ps pt pt_PT ro ru sd si sk sl so sq sr sr_Latn sv sw ta te tg th tr uk ur uz vi zh zh_Hant zu"""
# forms that feeds write and CLDR lacks: other abbreviations, English habits
MORE = {
    "en": {"sept": 9, "febr": 2, "june": 6, "july": 7},
    "es": {"setiembre": 9, "set": 9},
    "id": {"agust": 8, "agt": 8, "nop": 11, "nopember": 11, "pebruari": 2},
    "de": {"jaenner": 1, "maerz": 3},
    "it": {"sett": 9},
    "ar": {"اغسطس": 8, "ايلول": 9},
    "ur": {"نومبر": 11},
}
# parts of the day, and the fewest letters of one in the Latin script, where shorter ones are also other words
LEAST = {"am": 3, "pm": 3, "noon": 4, "midnight": 4}


def main() -> None:
    """Write the file."""
    months: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    days: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    parts: dict[str, set[str]] = defaultdict(set)
    for name in LOCALES.split():
        locale = Locale.parse(name)
        for word, number in _words(locale.months):
            months[word][number].add(locale.language)
        for word, number in _words(locale.days):
            days[word][number].add(locale.language)
        for kind, word in _parts(locale):
            parts[word].add(kind)
    for language, words in MORE.items():
        for word, number in words.items():
            months[folded(word)][number].add(language)
    names = {
        "source": "Unicode CLDR, Unicode License v3; written by scripts/build_date_names.py",
        "months": {word: _meaning(of) for word, of in sorted(months.items())},
        "weekdays": {word: _meaning(of) for word, of in sorted(days.items())},
        "parts": {word: next(iter(of)) for word, of in sorted(parts.items()) if len(of) == 1},
    }
    OUT.write_text(json.dumps(names, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, {len(months)} names of months")


def _words(table: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in table[context][width].items():
                word = folded(name)
                is_word = any(char.isalpha() for char in word) and not any(char.isdigit() for char in word)
                if is_word and not word.startswith("de ") and (not word.isascii() or len(word) > 2):
                    yield word, number


def _parts(locale: Locale) -> Iterator[tuple[str, str]]:
    for context in locale.day_periods.values():
        for names in context.values():
            for kind, name in names.items():
                word = folded(name)
                least = LEAST.get(kind, 0) if word.isascii() else 1
                if kind in LEAST and (word == kind or (len(word) >= least and not any(map(str.isdigit, word)))):
                    yield kind, word


def _meaning(of: dict[int, set[str]]) -> int | dict[str, str]:
    """The number, or the languages of each where there are several."""
    return next(iter(of)) if len(of) == 1 else {str(n): " ".join(sorted(languages)) for n, languages in of.items()}


if __name__ == "__main__":
    main()
