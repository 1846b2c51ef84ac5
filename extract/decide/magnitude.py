"""Which magnitude had the earthquake that a text reports?"""

from __future__ import annotations

from extract.decide.findings import Findings
from extract.language import Cue
from extract.lexicon import shared_table
from extract.types import Quote


def choose_magnitude(found: Findings, kind: str) -> tuple[float, Quote] | None:
    """The first magnitude that the text gives, in the title or else in a sentence of the foreground, and its words.

    None for kinds that have none (``data/severity.toml``), and where the text gives none.
    """
    if kind not in shared_table("severity")["magnitude"]["kinds"]:
        return None
    cue = found.language.cue(Cue.MAGNITUDE)
    for number, sentence in enumerate(found.sentences):
        if found.is_foreground(number):
            match = cue.search(found.layout.plain, sentence.start, sentence.end)
            if match is not None:
                digits = next(group for group in match.groups() if group)
                return float(digits.replace(",", ".").replace("٫", ".")), found.layout.quote(match.start(), match.end())
    return None
