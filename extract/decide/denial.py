"""Does the article say that the act it names did not happen?"""

from __future__ import annotations

from extract.decide.findings import Findings, weights
from extract.decide.kind import KindChoice
from extract.nlp.mentions import HARM


def is_denied(found: Findings, choice: KindChoice) -> bool:
    """Does the opening deny the act, with nobody harmed: "There was no shooting", "Police deny that a bomb exploded"?

    A hoax is an act of its own: somebody made people believe it.
    """
    if choice.kind in weights("denial")["own_acts"]:
        return False
    if any(m.field in HARM and m.count.low and found.is_foreground(m.sentence) for m in found.counts):
        return False
    last = found.sentences[min(found.first_body + 1, len(found.sentences) - 1)].end
    denials = found.lexicon.book("cues", "denial").find(found.layout.words)
    return any(hit.start < last for hit in denials)
