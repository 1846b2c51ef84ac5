"""Is the injured person of a short item the one who died, before the death: "found with stab wounds and died later"?"""

from __future__ import annotations

from extract.decide.casualties.by_rules import mentions_of, words_of_count
from extract.decide.findings import Findings
from extract.nlp.mentions import CountGroup, CountMention
from extract.types import Count


def is_victim_again(found: Findings, killed: Count | None, injured: list[CountMention]) -> bool:
    """Is exactly one person dead, and are all those injured one person who can be the same by the words?

    Not so where the title counts the injured too, where a sentence counts both with words of their own ("a guard was
    killed and a guard injured"), and for "another man".
    """
    if found.reading is None or killed is None or not injured or not killed.low == killed.high == 1:
        return False
    dead = [m for m in mentions_of(found, "killed") if found.is_foreground(m.sentence)]
    return bool(dead) and all(_is_same(found, m, dead) for m in injured)


def noun_of(found: Findings, mention: CountMention) -> str:
    """The last word of a count, in the singular: "man" of "two men"."""
    word = words_of_count(found, mention)[-1]
    plurals: dict[str, str] = found.lexicon.section("casualties", "generic").get("plurals", {})
    return plurals.get(word, word.rstrip("s"))


def _is_same(found: Findings, mention: CountMention, dead: list[CountMention]) -> bool:
    if not mention.count.low == mention.count.high == 1 or mention.also or mention.group is CountGroup.ADDITIONAL:
        return False
    if any(m.start < mention.end and mention.start < m.end for m in dead):
        return True  # "a baker died days after being injured"
    beside = any(m.sentence == mention.sentence for m in dead)
    if beside or found.sentences[mention.sentence].is_title:
        return False
    anyone, noun = found.lexicon.words("casualties", "generic", "anyone"), noun_of(found, mention)
    nouns = {noun_of(found, m) for m in dead}
    return noun in nouns or noun in anyone or not nouns.isdisjoint(anyone)
