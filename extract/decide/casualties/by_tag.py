"""How many people were killed and injured by the numbers that the encoder's reading tags, where no words say so?"""

from __future__ import annotations

from msgspec.structs import replace

from extract.decide.findings import Findings, weights
from extract.nlp.mentions import CountField, CountMention
from extract.nlp.people_counted import count_of, counts_people, numbers_in

_FIELDS = (CountField.KILLED, CountField.INJURED)


def with_tagged_numbers(found: Findings) -> Findings:
    """The findings and, for each field that no words count, the number of the title or text that is tagged as its own.

    Only for languages that share an encoder; others read their grammar.
    """
    reading = found.reading
    if reading is None or not found.language.shares_encoder:
        return found
    words, least = found.layout.words, weights("shared_item")["count_tag"]
    numbers = [n for n in numbers_in(words, found.language) if counts_people(words, n, found.language)]
    taken = {m.start for m in found.counts}
    more: list[CountMention] = []
    for field in _FIELDS:
        if any(m.field is field for m in found.counts):
            continue
        tags = reading.tags[field.value]
        sure = [(tags.get(words[n.first].start, 0.0), n) for n in numbers if words[n.first].start not in taken]
        best = max(sure, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= least:
            start, end = words[best[1].first].start, words[best[1].last].end
            more.append(
                CountMention(
                    field=field,
                    count=count_of(words, best[1], found.lexicon),
                    start=start,
                    end=end,
                    sentence=max((i for i, s in enumerate(found.sentences) if s.start <= start), default=0),
                    cue=end,
                )
            )
    return replace(found, counts=(*found.counts, *more)) if more else found
