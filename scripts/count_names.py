"""Count the names that many incidents share: python scripts/count_names.py DOCS.jsonl.gz

Reads articles with their incidents (id, title, text, published, incident_id) and writes
extract/lang/en/data/names.toml: single capitalised words by the number of incidents whose articles contain them. Where
two texts share such a name, it is less evidence that they are about one incident, or none.
"""

from __future__ import annotations

import gzip
import json
import sys
import textwrap
from collections import defaultdict
from pathlib import Path

from extract import Article
from extract.lang import ENGLISH
from extract.track.signature import NAME_MARK, signature

OUT = Path(__file__).parent.parent / "extract" / "lang" / "en" / "data" / "names.toml"
COMMON, FREQUENT = 40, 12
HEADING = """\
# How much does a name that two texts have in common say? Capitalised words by the number of incidents of the
# development stream (US news of 2013 to 2016) in whose articles they stand: in 40 or more they say nothing, in 12 to 39
# half as much as one that isn't listed. Made by scripts/count_names.py; counts of single words, no text.
"""


def main(docs: str) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    with gzip.open(docs, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            article = Article(id=row["id"], title=row.get("title") or "", text=row["text"])
            for word in signature(ENGLISH.lay_out(article), ENGLISH):
                if word.startswith(NAME_MARK):
                    holders[word.removeprefix(NAME_MARK)].add(row["incident_id"])
    counts = {word: len(incidents) for word, incidents in holders.items()}
    common = sorted(w for w, n in counts.items() if n >= COMMON)
    frequent = sorted(w for w, n in counts.items() if FREQUENT <= n < COMMON)
    OUT.write_text(f"{HEADING}common = {block(common)}\nfrequent = {block(frequent)}\n", encoding="utf-8")
    print(f"{len(common)} common, {len(frequent)} frequent names")


def block(words: list[str]) -> str:
    return '"""\n' + "\n".join(textwrap.wrap(" ".join(words), 116)) + '\n"""'


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
