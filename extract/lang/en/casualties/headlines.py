"""Whom does a headline count as killed, injured or shot, by the order of its words?

Headlines leave out articles and forms of "be", and list people with commas: "Mother, 2 sons fatally stabbed", "Gunman
kills 3 shoppers, guard", "Two officers hurt, suspect shot dead". The parser often misreads them; this grammar of lists
and states needs no parse. Its words are data (``data/casualties.toml``, ``headline``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec
from spacy.tokens import Doc

from extract.lang.en.casualties.patterns import fill
from extract.lang.en.lexicon import head_words, table, word_set
from extract.lang.en.numbers import NUMBER_WORDS, VAGUE, read_number
from extract.nlp.extensions import sentences_of, text_of
from extract.nlp.mentions import CountField, CountGroup, CountMention, counted
from extract.nlp.token_search import sentences_with
from extract.types import Count

_CASE = re.IGNORECASE
# before the second number of a range
_RANGE = re.compile(r"\d\s?[-–]\s?$")
# groups that only one item has
_NAMED = re.compile(r"\(\?P<(?!list>)\w+>")


def by_headline(doc: Doc) -> Iterator[CountMention]:
    """Mentions of the people in each title, in its order."""
    text = text_of(doc)
    worded = sentences_with(doc, _cue_words())
    for at, sentence in enumerate(sentences_of(doc)):
        if not sentence.is_title or at not in worded:
            continue
        for field in (CountField.KILLED, CountField.INJURED, CountField.SHOT):
            for expression, cue_first in _expressions()[field]:
                for match in expression.finditer(text, sentence.start, sentence.end):
                    mention = _mention(match, field, at, cue_first=cue_first)
                    if mention is not None:
                        yield mention
        for single, field in _singles():
            alone = single.search(text, sentence.start, sentence.end)
            if alone is not None and not _before("unreal").search(text[sentence.start : alone.start()].lower()):
                yield _of(alone, field, counted(1, 1), at)


def prefer_headline(found: list[CountMention], headline: list[CountMention]) -> list[CountMention]:
    """The mentions, in which a headline's replace those of its words; a number that they call a total stays one."""
    replaced = [
        [m for m in found if m.sentence == h.sentence and m.start < h.end and h.start < m.end] for h in headline
    ]
    gone = [m for others in replaced for m in others]
    out = [m for m in found if m not in gone]
    for mention, others in zip(headline, replaced, strict=True):
        same = (m for m in others if m.field is mention.field and m.count.low == mention.count.low)
        out.append(msgspec.structs.replace(mention, total=any(m.total for m in same)))
    return out


def _mention(match: re.Match[str], field: CountField, sentence: int, *, cue_first: bool) -> CountMention | None:
    """The mention of a matched list; None where it counts nobody, or something is only feared or denied."""
    before = match.string[max(0, match.start() - 40) : match.start()].lower()
    if _RANGE.search(before):
        return None  # "four boys aged 11- 15 are injured"
    if _before("unreal").search(before) or (not cue_first and _before("of_others").search(before)):
        return None
    items = list(_item().finditer(match["list"]))
    counts = [_count(item) for item in items]
    if not counts or any(count is None for count in counts):
        return None
    numbers = [count for count in counts if count is not None]
    high = None if any(n.high is None for n in numbers) else sum(n.high or 0 for n in numbers)
    attackers = all(_are_attackers(item) for item in items)
    count = counted(sum(n.low or 0 for n in numbers), high)
    mention = _of(match, field, count, sentence, CountGroup.ATTACKER if attackers else CountGroup.PERSON)
    return msgspec.structs.replace(mention, cue=match.start("list")) if cue_first else mention


def _of(
    match: re.Match[str], field: CountField, count: Count, sentence: int, group: CountGroup = CountGroup.PERSON
) -> CountMention:
    start, end = match.span("list")
    return CountMention(field=field, count=count, start=start, end=end, sentence=sentence, cue=match.end(), group=group)


def _count(item: re.Match[str]) -> Count | None:
    """The number of one item of a list: its number, 2 for a couple, or 1 for a single person."""
    if item["pair"] is not None:
        return counted(2, 2)
    if item["n"] is None:
        return counted(1, 1)
    number = read_number([w.lower() for w in re.split(r"[\s-]+", item["n"])])
    if number is None or (1900 < number.value < 2100 and item["n"].isdigit()):
        return None
    least = item["least"] is not None or not number.exact
    return counted(number.value, None if least else number.value)


def _are_attackers(item: re.Match[str]) -> bool:
    """Whether the item is about attackers: "suspect", "3 militants", "armed man"."""
    words = item.group().lower().split()
    head = (item["many"] or item["one"] or "").lower()
    armed = head in word_set("roles", "arms", "people") and not word_set("roles", "arms", "words").isdisjoint(words)
    return armed or head in head_words("attackers")


@cache
def _cue_words() -> frozenset[str]:
    """The longest word of each state, verb and body: a title without one of these counts nobody."""
    words, states = table("casualties")["headline"], table("casualties")["states"]
    lists = [*words["states"].values(), *words["verbs"].values(), *states.values(), words["bodies"]]
    lists += [words["harm"]["harm"], words["harm"]["parts"]]
    return frozenset(max(phrase.split(), key=len) for phrases in lists for phrase in phrases)


@cache
def _item() -> re.Pattern[str]:
    """One item of a list of people, with groups ``least``, ``n``, ``many``, ``one``, ``aged``, ``pair``, ``other``."""
    return re.compile(_filled("one_item"), _CASE)


@cache
def _singles() -> list[tuple[re.Pattern[str], CountField]]:
    """Expressions for one who was harmed: "Body found in canal", "Man who threatened mayor killed during raid", and
    somebody who is only named ("Zakhar Example injured in car blast")."""
    data = table("casualties")
    killed = [*data["states"]["killed"], *data["headline"]["states"]["killed"]]
    return [
        (re.compile(_filled("body"), _CASE), CountField.KILLED),
        (re.compile(_filled("who", state=killed), _CASE), CountField.KILLED),
        (re.compile(_filled("anybody", state=data["headline"]["of_anybody"]), _CASE), CountField.INJURED),
    ]


@cache
def _expressions() -> dict[CountField, list[tuple[re.Pattern[str], bool]]]:
    """Field -> the expressions of a headline: people in a state, and people after a verb of harm (True)."""
    words, states = table("casualties")["headline"], table("casualties")["states"]
    found = {
        field: [
            (re.compile(_filled("in_state", state=[*states[field], *words["states"][field]]), _CASE), False),
            (re.compile(_filled("after_verb", verb=words["verbs"][field]), _CASE), True),
        ]
        for field in (CountField.KILLED, CountField.INJURED, CountField.SHOT)
    }
    found[CountField.INJURED] += [(re.compile(_filled(name), _CASE), False) for name in ("suffers", "loses")]
    return found


def _filled(name: str, **words: list[str]) -> str:
    """An expression of ``headline`` with its parts in place of each ``<name>``."""
    data = table("casualties")
    many, one = people_words()
    lists = {
        "least_words": data["at_least"]["words"],
        "number_word": [*(set(NUMBER_WORDS) - {"half", "many", "zero"}), *VAGUE],
        "several": many,
        "person": one,
        "body_word": data["headline"]["bodies"],
        "pair_word": data["headline"]["pairs"],
        "another_word": data["headline"]["another"],
        "nobody": data["headline"]["nobody"],
        "suffer": data["headline"]["harm"]["suffer"],
        "harm": data["headline"]["harm"]["harm"],
        "part": data["headline"]["harm"]["parts"],
        **words,
    }
    parts = {**data["headline"]["parts"], **{key: _any(value) for key, value in lists.items()}}
    if name == "one_item":
        return fill(parts[name], parts)
    plain = {key: _NAMED.sub("(?:", value) for key, value in parts.items()}
    return fill(parts[name], plain)


@cache
def people_words() -> tuple[list[str], list[str]]:
    """The words for several people, and for one person."""
    known = head_words("people") | head_words("attackers") | word_set("casualties", "headline", "also_people")
    known -= word_set("casualties", "headline", "states_of_people")
    groups = word_set("casualties", "headline", "groups")
    many = {
        w
        for w in known
        if w.endswith(("s", "men", "people", "children")) and w not in word_set("casualties", "headline", "singular")
    }
    return sorted(many | {"others", "more"} | groups), sorted(known - many - groups)


@cache
def _before(key: str) -> re.Pattern[str]:
    return re.compile(table("casualties")["headline"][key], _CASE)


def _any(words: list[str]) -> str:
    return "|".join(sorted({re.escape(w).replace(r"\ ", r"\s+") for w in words}, key=len, reverse=True))
