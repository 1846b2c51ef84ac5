"""Build the fonts of bot/picture/data: DejaVu Sans Condensed, reduced to the letters of place names and titles.

    pip install fonttools==4.68.0 && python scripts/build_fonts.py /usr/share/fonts/truetype/dejavu

The folder is that of DejaVu 2.37 (in Debian: fonts-dejavu-extra). 110 kB each instead of 680.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

OUT = Path(__file__).parents[1] / "bot" / "picture" / "data"
FACES = ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf")
# Latin with all diacritics, modifier letters, combining marks, Greek, Cyrillic, punctuation, arrows, symbols
LETTERS = (
    "U+0020-007E,U+00A0-02FF,U+0300-036F,U+0370-03FF,U+0400-04FF,U+1E00-1EFF,U+2010-2027,U+2030-203A,U+20AC,"
    "U+2190-2199,U+2212,U+2248,U+2264,U+2265,U+25A0-25CF,U+26A0"
)


def main() -> None:
    """Read the fonts in the folder and write the reduced ones."""
    for face in FACES:
        subset.main(
            [
                str(Path(sys.argv[1]) / face),
                f"--unicodes={LETTERS}",
                "--layout-features=kern,mark,mkmk,ccmp,locl",
                "--no-hinting",
                f"--output-file={OUT / face}",
            ]
        )
        print(OUT / face, (OUT / face).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
