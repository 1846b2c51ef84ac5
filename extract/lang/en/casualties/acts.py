"""How many people does a number of acts stand for: "two counts of murder", "quadruple shooting"?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc

from extract.lang.en.casualties.patterns import count_of, number_expression
from extract.lang.en.lexicon import table, word_set
from extract.nlp.extensions import sentence_at, sentences_of, text_of
from extract.nlp.mentions import CountField, CountMention, counted
from extract.nlp.token_search import sentences_with


def by_charges(doc: Doc) -> Iterator[CountMention]:
    """Numbers of people killed by charges ("two counts of murder"), for texts that give no other number."""
    text, sentences = text_of(doc), sentences_of(doc)
    for at in sorted(sentences_with(doc, word_set("casualties", "charges", "words"))):
        for match in _charges().finditer(text, sentences[at].start, sentences[at].end):
            count = count_of(match, text)
            if count is not None:
                yield CountMention(
                    field=CountField.KILLED,
                    count=count,
                    start=match.start("n"),
                    end=match.end("n"),
                    sentence=at,
                    total=True,
                    cue=match.end(),
                )


@cache
def _charges() -> re.Pattern[str]:
    return re.compile(table("casualties")["charges"]["pattern"].replace("<n>", number_expression()), re.IGNORECASE)


def by_multiple(doc: Doc) -> Iterator[CountMention]:
    """Numbers by a multiple: "quadruple shooting" means four people shot."""
    data = table("casualties")
    acts = {word: field for field, words in data["multiple_of"].items() for word in words}
    earlier = "|".join(data["multiple_earlier"]["words"])
    expression = rf"\b({'|'.join(data['multiples'])})[ -](?:fatal )?({'|'.join(acts)})\b(?!\s+(?:{earlier})\b)"
    for match in re.finditer(expression, text_of(doc), re.IGNORECASE):
        number = data["multiples"][match[1].lower()]
        yield CountMention(
            field=CountField(acts[match[2].lower()]),
            count=counted(number, number),
            start=match.start(),
            end=match.end(),
            sentence=sentence_at(doc, match.start()),
            cue=match.end(),
        )
