"""Is a sentence the caption of a picture? What the picture shows may be far away and long ago."""

from __future__ import annotations

from extract.decide.findings import Findings
from extract.language import Cue


def is_in_caption(found: Findings, at: int) -> bool:
    """Does the paragraph of the sentence with index ``at`` end with the credit of a picture: "(Reuters)"?"""
    sentence = found.sentences[at]
    if sentence.is_title:
        return False
    paragraph = found.layout.paragraphs[sentence.paragraph]
    return found.language.cue(Cue.CREDIT).search(found.layout.plain, paragraph.start, paragraph.end) is not None
