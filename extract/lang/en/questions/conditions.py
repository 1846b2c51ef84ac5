"""What does a question count, and how many people must the incidents have harmed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from extract.lang.en.lexicon import table, word_set
from extract.lang.en.numbers import read_number
from extract.lang.en.questions.vocabulary import Mark, Marked
from extract.query import Condition, Counted, Measure, Trouble

# words between a word such as "killed" and its number or "nobody", at most
NEAR = 4
_EFFECTS: dict[str, Measure] = {
    "killed": Measure.KILLED,
    "injured": Measure.INJURED,
    "kidnapped": Measure.KIDNAPPED,
    "casualties": Measure.CASUALTIES,
    "freed": Measure.FREED,
    "arrested": Measure.ARRESTED,
}
_UNITS = ("day", "week", "month", "year")


class Asked(NamedTuple):
    """The measure and the conditions of a question.

    ``said``: the question names the measure. ``thing``: something else that it asks to count. ``is_of_incidents``: it
    names incidents, or people harmed in them. ``by``: a unit of time or of place.
    """

    measure: Measure
    conditions: tuple[Condition, ...]
    order: Literal["first", "last"]
    by: str
    said: bool
    thing: str
    is_of_incidents: bool
    beyond: Trouble | None
    effects: tuple[Mark, ...]


def asked(marked: Marked) -> Asked:
    """The measure and the conditions of a question."""
    effects = harm(marked)
    measures = marked.hits("measures")
    measure = _measure(marked, measures)
    consumed: set[Mark] = set()
    thing = ""
    if measure is Measure.COUNT:
        cue = next(m for m in measures if m.sense.value == "count")
        measure, consumed, thing = _counted(marked, cue, effects)
    elif any(m.sense.value == "toll" for m in measures) and measure in (Measure.LIST, Measure.ANY):
        toll = next(m for m in measures if m.sense.value == "toll")
        first = next((e for e in effects if e.first >= toll.first - 1), None)
        measure = _EFFECTS[first.sense.value] if first else Measure.KILLED
        consumed = {e for e in effects if e.first <= toll.last and e.last >= toll.first}
    elif measure is Measure.DEADLIEST:
        consumed = set(effects)
    counted = marked.hits("counted")
    named = [m.sense.value for m in marked.hits("order")]
    return Asked(
        measure=measure,
        conditions=tuple(_conditions(marked, [e for e in effects if e not in consumed])),
        order="first" if "first" in named else "last",
        by=_by(marked, measure),
        said=measure is Measure.ANY or any(m.sense.value not in ("list", "any") for m in measures),
        thing=thing,
        is_of_incidents=bool(
            [m for m in counted if m.sense.value == "incidents"]
            or effects
            or marked.hits("kind")
            or measure in (Measure.LATEST, Measure.TREND)
            or marked.hits("measures", "latest")
        ),
        beyond=_beyond(marked),
        effects=tuple(effects),
    )


def compared(asked: Asked) -> Asked:
    """The same question as a comparison of numbers: "Did more people die in ... than in ..."."""
    first = next((one for one in asked.conditions if one.high is None), None)
    if first is None:
        return asked._replace(measure=Measure.COUNT)
    return asked._replace(
        measure=_EFFECTS[first.field], conditions=tuple(one for one in asked.conditions if one is not first)
    )


def _measure(marked: Marked, measures: Sequence[Mark]) -> Measure:
    """The measure by its cue: a trend or a superlative anywhere, else the first cue."""
    first: dict[str, Mark] = {}
    for mark in measures:
        first.setdefault(mark.sense.value, mark)
    if "trend" in first or _ranked_unit(marked):
        return Measure.TREND
    if "claimed" in first and "deadliest" in first and first["claimed"].first == 0:
        return Measure.CLAIMED
    where = first.get("where")
    if "deadliest" in first and not (where and where.first <= 1 and _ranks_places(marked, where, first["deadliest"])):
        return Measure.DEADLIEST
    if "claimed" in first and "count" not in first and _is_yes_or_no(marked, measures):
        return Measure.CLAIMED
    if any(token.text in ("if", "whether") for token in marked.tokens) and "count" not in first:
        return Measure.ANY
    is_yes_or_no = _is_yes_or_no(marked, measures)
    if "any" in first and not is_yes_or_no:
        del first["any"]
    cues = [first[name] for name in ("when", "where", "claimed", "count", "toll", "any") if name in first]
    if not cues and is_yes_or_no:
        return Measure.ANY
    if not cues:
        return Measure.LATEST if "latest" in first else Measure.LIST
    name = min(cues, key=lambda m: m.first).sense.value
    return Measure.LIST if name == "toll" else Measure(name)


def _ranked_unit(marked: Marked) -> str:
    """The unit of time that a question ranks ("which month had most attacks", "the deadliest day"), "" if none."""
    superlatives = marked.hits("measures", "deadliest")
    most = bool(superlatives) or marked.has_word(word_set("ask", "ranks", "most"))
    for n, token in enumerate(marked.tokens[1:], 1):
        before = marked.tokens[n - 1].text
        is_ranked = before in ("which", "what") or any(mark.last == n - 1 for mark in superlatives)
        if most and token.text in _UNITS and is_ranked:
            return token.text
    return ""


def _ranks_places(marked: Marked, where: Mark, superlative: Mark) -> bool:
    """Whether places are ranked: "which city is worst", "where did most die"; not "where was the worst attack"."""
    return where.last > where.first or marked.tokens[superlative.first].text in ("most", "highest")


def _is_yes_or_no(marked: Marked, measures: Sequence[Mark]) -> bool:
    """Whether it is a yes-or-no question: "were there any ...", but not "which were there"."""
    opens = bool(marked.tokens) and marked.tokens[0].text in word_set("ask", "heads", "yes_or_no")
    asks = opens or any(m.sense.value == "any" and (m.first == 0 or m.last > m.first) for m in measures)
    return asks and not any(m.sense.value == "list" and m.first == 0 for m in measures)


def harm(marked: Marked) -> list[Mark]:
    """The words for harm to people, in order; of overlapping readings the longest, then the first in the data file."""
    out: list[Mark] = []
    marks = [m for name in _EFFECTS for m in marked.hits("effects", name)]
    for mark in sorted(marks, key=lambda m: (-(m.last - m.first), m.first)):
        if not any(m.first <= mark.last and mark.first <= m.last for m in out):
            out.append(mark)
    return sorted(out, key=lambda m: m.first)


# ------------------------------------------------------------------ how many of what


def _counted(marked: Marked, cue: Mark, effects: Sequence[Mark]) -> tuple[Measure, set[Mark], str]:
    """Measure, marks used and unknown noun of "how many ...": incidents are counted, people are summed by harm."""
    at = cue.last + 1
    before_head = word_set("ask", "heads", "before")
    while (
        at < len(marked.tokens) and not _possible_roles(marked, effects, at) and marked.tokens[at].text in before_head
    ):
        at += 1
    roles: list[str] = []
    first_after = at
    while at < len(marked.tokens):
        classes = _possible_roles(marked, effects, at)
        if classes:
            roles.append(_role(marked, classes, roles, at))
            if roles[-1] == "verb":
                break
        elif not _is_skipped(marked, effects, roles, at):
            break
        at += 1
    behind = [e for e in effects if e.first >= first_after]
    if "people" in roles or "noun" in roles or roles[:1] == ["effect"]:
        return _summed(marked, behind)
    if roles:
        return Measure.COUNT, set(), ""
    if cue.last + 1 >= len(marked.tokens) or marked.tokens[cue.last].text in ("often", "frequently"):
        return Measure.COUNT, set(), ""
    if behind and _is_passive(marked, behind[0]):
        return _summed(marked, behind)  # "how many villagers were kidnapped"
    unread = [t.text for t in marked.tokens[first_after:] if not marked.is_read(t)]
    if unread and marked.tokens[first_after].text == unread[0]:
        return Measure.COUNT, set(), unread[0]
    return _summed(marked, behind) if behind and not marked.hits("kind") else (Measure.COUNT, set(), "")


def _is_passive(marked: Marked, effect: Mark) -> bool:
    """Whether the verb is in the passive or the perfect: "were kidnapped", "have died"."""
    before = {token.text for token in marked.tokens[max(0, effect.first - 3) : effect.first]}
    return bool(before & word_set("ask", "heads", "passive"))


def _is_skipped(marked: Marked, effects: Sequence[Mark], roles: Sequence[str], at: int) -> bool:
    """Whether an unknown word can be skipped here: "shootings and stabbings", "gangland shootings"."""
    if roles:
        return marked.tokens[at].text in word_set("ask", "heads", "joining")
    is_next = at + 1 < len(marked.tokens) and bool(_possible_roles(marked, effects, at + 1))
    return is_next and not marked.is_read(marked.tokens[at])


def _possible_roles(marked: Marked, effects: Sequence[Mark], at: int) -> set[str]:
    out = {"effect"} if any(e.first <= at <= e.last for e in effects) else set()
    out |= {"people"} if any(m.first <= at <= m.last for m in marked.hits("whom")) else set()
    for section in ("kind", "conditions", "settings"):
        out |= {section} if any(m.first <= at <= m.last for m in marked.hits(section)) else set()
    return out | {m.sense.value for m in marked.hits("counted") if m.first <= at <= m.last}


def _role(marked: Marked, classes: set[str], roles: Sequence[str], at: int) -> str:
    """The role of a word at this position of the counted noun phrase."""
    if "effect" in classes and marked.tokens[at].text in word_set("ask", "nouns", "words"):
        return "noun"
    if "people" in classes:
        return "people"
    if "conditions" in classes:
        return "kind"
    if "effect" in classes:
        return "verb" if roles else "effect"
    return "kind"


def _summed(marked: Marked, effects: Sequence[Mark]) -> tuple[Measure, set[Mark], str]:
    if not effects:
        return Measure.CASUALTIES, set(), ""
    if (told := next((e for e in effects if e.sense.value in ("freed", "arrested")), None)) is not None:
        return _EFFECTS[told.sense.value], {told, *(e for e in effects if e.sense.value == "kidnapped")}, ""
    first = effects[0]
    measure, consumed = _EFFECTS[first.sense.value], {first}
    for other in effects[1:]:
        between = [t.text for t in marked.tokens[first.last + 1 : other.first]]
        if other.sense.value == first.sense.value and len(between) <= 2:
            consumed.add(other)
        elif len(between) <= 2 and set(between) <= word_set("ask", "heads", "pairing"):
            consumed.add(other)
            measure = measure if first.sense.value == "kidnapped" else Measure.CASUALTIES
        else:
            break
    return measure, consumed, ""


# ------------------------------------------------------------------ conditions


def _conditions(marked: Marked, effects: Sequence[Mark]) -> Iterator[Condition]:
    """How many people must have been harmed, by the words around each word for harm; one a field."""
    found: dict[str, Condition] = {}
    for mark in marked.hits("conditions"):
        if mark.sense.value == "nobody":
            found["killed"] = Condition(field="killed", low=0, high=0)
        else:
            field: Counted = "killed" if mark.sense.value == "killed" else "injured"
            found.setdefault(field, Condition(field=field, low=1))
    for effect in effects:
        name = effect.sense.value
        if name == "casualties" and not _has_number(marked, effect) and _is_kind(marked, effect):
            continue  # "shot" alone only names a kind
        made = _condition(marked, effect, effects)
        if name not in found or made.low > 1 or made.high is not None:
            found[name] = made
    yield from found.values()


def _condition(marked: Marked, effect: Mark, effects: Sequence[Mark]) -> Condition:
    field: Counted = effect.sense.value  # type: ignore[assignment]
    low_at = max([e.last + 1 for e in effects if e.last < effect.first] or [0])
    high_at = min([e.first for e in effects if e.first > effect.last] or [len(marked.tokens)])
    before = range(effect.first - 1, max(low_at, effect.first - NEAR - 2) - 1, -1)
    around = [*before, *range(effect.last + 1, min(high_at, effect.last + NEAR + 1))]
    if _is_negated(marked, effect, low_at):
        return Condition(field=field, low=0, high=0)
    for n in around:
        number = read_number([marked.tokens[n].text])
        if number is not None and number.exact and not _is_other_number(marked, n) and not _is_rank(marked, n):
            return _bounded(marked, field, n, number.value)
    several = any(abs(m.first - effect.first) <= NEAR for m in marked.hits("number", "multiple"))
    return Condition(field=field, low=2 if several else 1)


def _bounded(marked: Marked, field: Counted, at: int, value: int) -> Condition:
    """The condition of a number with its qualifier: "at least 3", "more than 3", "3 or more", "exactly 3", "3"."""
    said = {m.sense.value for m in marked.hits("number") if m.last == at - 1 and m.sense.value != "nobody"}
    said |= {m.sense.value for m in marked.hits("number") if m.first == at + 1 and m.sense.value.endswith("_after")}
    if "more" in said:
        return Condition(field=field, low=value + 1)
    if "most" in said or "most_after" in said:
        return Condition(field=field, low=0, high=value)
    if "fewer" in said:
        return Condition(field=field, low=0, high=max(0, value - 1))
    if said & {"least", "least_after"}:
        return Condition(field=field, low=value)
    is_one = value == 1 and "exactly" not in said
    return Condition(field=field, low=value, high=None if is_one else value)


def _is_negated(marked: Marked, effect: Mark, low_at: int) -> bool:
    """Whether the harm is negated: "nobody was killed", "no deaths", "without anyone being hurt"."""
    return any(low_at <= m.first and effect.first - 4 <= m.last < effect.first for m in marked.hits("number", "nobody"))


def _is_other_number(marked: Marked, at: int) -> bool:
    """Whether a number word is part of another phrase ("no one", "more than one") or is "half" or "couple"."""
    said = [m for m in marked.hits("number") if m.first <= at <= m.last]
    return marked.tokens[at].text in ("half", "couple") or bool(said)


def _is_rank(marked: Marked, at: int) -> bool:
    """Whether a number says how many of a ranking are asked for: "top ten"."""
    return at > 0 and marked.tokens[at - 1].text == "top"


def _is_kind(marked: Marked, effect: Mark) -> bool:
    return any(m.first <= effect.first and effect.last <= m.last for m in marked.hits("kind"))


def _has_number(marked: Marked, effect: Mark) -> bool:
    tokens = marked.tokens[max(0, effect.first - NEAR) : effect.last + NEAR]
    return any(read_number([t.text]) is not None for t in tokens)


# ------------------------------------------------------------------ the rest


def _by(marked: Marked, measure: Measure) -> str:
    """The unit of a trend, or the level of place."""
    words = [t.text for t in marked.tokens]
    if measure is Measure.TREND and (unit := _ranked_unit(marked)):
        return unit
    if measure is Measure.TREND:
        forms = {unit: {unit, f"{unit}s", f"{unit}ly", "daily" if unit == "day" else unit} for unit in _UNITS}
        return next((unit for unit in _UNITS if forms[unit] & set(words)), "")
    if measure is Measure.WHERE:
        levels: dict[str, str] = table("ask")["ranked"]
        return next((levels[word] for word in words if word in levels), "city")
    return ""


def _beyond(marked: Marked) -> Trouble | None:
    """The trouble if a question asks for a reason or the future, which no record has; else None."""
    beyond = marked.hits("beyond")
    if any(m.sense.value == "safety" for m in beyond):
        return Trouble.SAFETY
    if any(m.sense.value == "why" for m in beyond):
        return Trouble.WHY
    if any(m.sense.value == "least" for m in beyond):
        return Trouble.LEAST
    return Trouble.FUTURE if any(m.sense.value == "future" for m in beyond) else None
