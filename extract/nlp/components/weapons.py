"""Component ``tocsin_weapons``: which weapons were used, in the article's words and GTD's weapon types?"""

from __future__ import annotations

from spacy.tokens import Doc

from extract.nlp.extensions import layout_of, lexicon_of, sentence_at, words_of_doc
from extract.nlp.mentions import MentionRole, NamedMention
from extract.nlp.registration import component
from extract.text.phrases import Hit


@component("tocsin_weapons", requires=["doc._.sentences"], assigns=["doc._.weapons"])
def weapons(doc: Doc) -> Doc:
    """Lists the weapons; of overlapping hits a named weapon is kept before an implied one, then the longer one."""
    raw, lexicon = layout_of(doc).raw, lexicon_of(doc)
    implying = lexicon.words("roles", "weapon_signs", "words")

    def is_implied(hit: Hit[str]) -> bool:
        return raw[hit.start : hit.end].lower().split()[0] in implying

    hits = list(lexicon.book("roles", "weapons").find(words_of_doc(doc)))
    named = longest([h for h in hits if not is_implied(h)])
    # "fired two rockets at": the named weapon says what was used
    implied = longest([h for h in hits if is_implied(h) and not any(_overlap(h, one) for one in named)])
    doc._.weapons = [
        NamedMention(
            name=raw[h.start : h.end],
            type=h.value,
            start=h.start,
            end=h.end,
            sentence=sentence_at(doc, h.start),
            role=MentionRole.WEAPON_IMPLIED if is_implied(h) else MentionRole.WEAPON,
        )
        for h in sorted([*named, *implied], key=lambda h: h.start)
    ]
    return doc


def _overlap(one: Hit[str], two: Hit[str]) -> bool:
    return one.start < two.end and two.start < one.end


def longest(hits: list[Hit[str]]) -> list[Hit[str]]:
    """The hits in the order of the text; of overlapping ones only the longest."""
    kept: list[Hit[str]] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if not any(_overlap(k, hit) for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)
