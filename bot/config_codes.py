"""Which codes of countries and languages are there, and which one does a name mean?

ISO 3166-1 alpha-2 and BCP 47 by the names of the Unicode CLDR.
"""

from __future__ import annotations

import difflib
import re
from functools import cache

_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"([a-z]{2,3})(-[A-Za-z0-9]{2,8})*")
# territories of the CLDR that are no countries
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
# other names in common use
_ALSO_COUNTRIES = {"uk": "GB", "great britain": "GB", "england": "GB", "usa": "US", "america": "US", "burma": "MM"}


def country_code(value: str) -> str:
    """The value itself, if it is the code of a country or empty.

    Raises:
        ValueError: it is not; the message says which code is meant.
    """
    if not value or value in _countries().values():
        return value
    key = value.strip().casefold()
    meant = _ALSO_COUNTRIES.get(key) or _countries().get(key) or _known(key.upper(), _countries())
    meant = meant or _near(key, _countries())
    mend = f'"{meant}" is {_name(meant, _countries())}' if meant else '"PK" is Pakistan'
    raise ValueError(f'"{value[:40]}" is no code of a country; it has two letters (ISO 3166-1): {mend}')


def language_tag(value: str) -> str:
    """The value itself, if it is the tag of a language or empty.

    Raises:
        ValueError: it is not; the message says which tag is meant.
    """
    found = _LANGUAGE.fullmatch(value)
    if not value or (found and found[1] in _languages().values()):
        return value
    key = value.strip().casefold()
    base = re.split(r"[-_]", key)[0]
    meant = _languages().get(key) or _known(base, _languages()) or _near(key, _languages())
    mend = f'"{meant}" is {_name(meant, _languages())}' if meant else '"en" is English'
    raise ValueError(f'"{value[:40]}" is no tag of a language (BCP 47): {mend}')


def _known(code: str, table: dict[str, str]) -> str:
    return code if code in table.values() else ""


def _near(key: str, table: dict[str, str]) -> str:
    near = difflib.get_close_matches(key, table, n=1, cutoff=0.8)
    return table[near[0]] if near else ""


def _name(code: str, table: dict[str, str]) -> str:
    return next(name for name, one in table.items() if one == code).title()


@cache
def _countries() -> dict[str, str]:
    """The English name of each country in lower case -> its code."""
    from babel import Locale  # noqa: PLC0415  reads its data from files, for a mistake or a configured source only

    names = Locale("en").territories
    return {
        name.casefold(): code for code, name in names.items() if _COUNTRY.fullmatch(code) and code not in _NO_COUNTRIES
    }


@cache
def _languages() -> dict[str, str]:
    """The English name of each language in lower case -> its tag."""
    from babel import Locale  # noqa: PLC0415  as above

    names = Locale("en").languages
    return {name.casefold(): code for code, name in names.items() if _LANGUAGE.fullmatch(code) and "-" not in code}
