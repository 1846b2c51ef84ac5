"""Is this name a place here, and in which role? Signs from the words around it, summed."""

from __future__ import annotations

import re
from typing import Literal

from extract.places.gazetteer import Gazetteer
from extract.places.rows import GIVEN, SURNAME, WORD
from extract.places.tokens import Tokens
from extract.places.types import Mention, Role
from extract.places.words import Words

Span = tuple[int, int, str]
_DATELINE = re.compile(r"(?:,?[ \t]+[^\n]{0,40}?)?[ \t]*(?:\([^)\n]{2,60}\)[ \t]*)?(?:--|—|–|-[ \t])")
_HOME = re.compile(r"\b\d{1,3},?[ \t]+(?:both |all |who lives |who lived )?(?:of|from|in)[ \t]+\Z")
_SENTENCE_END = re.compile(r"[.!?:;\n\"“”•*|]")
_AGED = re.compile(r",[ \t]*(?:age[d]?[ \t]*)?\d{1,2}\b")


class Judge:
    """Scores the names of one text. The weights are summed signs: see ``_score``."""

    def __init__(self, tokens: Tokens, gazetteer: Gazetteer, words: Words) -> None:
        self.tokens = tokens
        self.gazetteer = gazetteer
        self.words = words
        self.people = _people(tokens, gazetteer, words)
        self.taken: set[int] = set()

    def judge(self, found: list[Span], where: Literal["title", "text"]) -> list[Mention]:
        """The names with score, role and level."""
        self.taken = {i for first, end, _ in found for i in range(first, end)}
        return [self._mention(first, end, key, where) for first, end, key in found]

    def _mention(self, first: int, end: int, key: str, where: Literal["title", "text"]) -> Mention:
        tokens, gazetteer = self.tokens, self.gazetteer
        start, stop = tokens.starts[first], tokens.ends[end - 1]
        name = tokens.text[start:stop]
        if name in gazetteer.demonyms and (key not in gazetteer or name in gazetteer.demonyms):
            return Mention(where=where, start=start, end=stop, name=name, key=key, role=Role.DEMONYM,
                           country=gazetteer.demonyms[name])  # fmt: skip
        row = -1
        dotted = tokens.text[stop : stop + 1] == "."
        if name in gazetteer.standing or (dotted and name + "." in gazetteer.standing):
            row = gazetteer.standing.get(name, -1) if name in gazetteer.standing else gazetteer.standing[name + "."]
            if name not in gazetteer.standing:
                stop, name = stop + 1, name + "."
        elif name in gazetteer.abbreviations and self._after_comma(first) and key not in ("us",):
            row = gazetteer.abbreviations[name]
        elif end - first == 1 and (len(key) <= 2 and key not in self.words.acronyms or (key not in gazetteer)):
            return Mention(where=where, start=start, end=stop, name=name, key=key, score=-99.0)
        level = self._level(first, end)
        stop = self._with_generic(end, stop, level)
        name = tokens.text[start:stop]
        role = self._role(first, end)
        score = 6.0 if row >= 0 else self._score(first, end, key, role)
        return Mention(where=where, start=start, end=stop, name=name, key=key, role=role, score=score, level=level, row=row)

    # -------------------------------------------------------------- signs

    def _score(self, first: int, end: int, key: str, role: Role) -> float:  # noqa: PLR0912
        words, tokens = self.words, self.tokens
        score = 1.5 if end - first > 1 else 0.0
        flags = self.gazetteer.flags(key)
        headline = self._headline(first, end)
        before, gap_before = self._before(first)
        after, gap_after = self._after(end)
        starts = first == 0 or bool(_SENTENCE_END.search(gap_before))
        if role is Role.DATELINE:
            score += 4
        if role is Role.HOME:
            score += 3
        if flags & WORD:
            score -= 3
        if end - first == 1:
            score -= 1.0 * bool(flags & GIVEN) + 0.5 * bool(flags & SURNAME)
        if key in words.stop and key not in words.acronyms:
            score -= 4
        elif key in words.soft:
            score -= 1
        if not starts and gap_before.strip() == "":
            if before in words.strong:
                score += 2
            elif before in words.before:
                score += 0.7
        if gap_after in (" ", "'s ", "’s ") and (after in words.organisation or after in words.people):
            score += 1.5
        if self._level(first, end):
            score += 2.5
        if not headline:
            score += self._neighbours(first, end, starts)
        if end - first == 1 and key in self.people:
            score -= 1.5 if before in words.strong and not starts else 4
        if tokens.upper and end - first == 1 and flags & WORD:
            score -= 2
        word = tokens.text[tokens.starts[first] : tokens.ends[end - 1]]
        if not tokens.upper and word.isupper() and len(word) > 3 and role is not Role.DATELINE and not headline:
            score -= 1
        return score

    def _neighbours(self, first: int, end: int, starts: bool) -> float:
        """What capital words right beside the name say: it is a part of another name."""
        words, tokens = self.words, self.tokens
        score = 0.0
        before, gap_before = self._before(first)
        after, gap_after = self._after(end)
        beside = gap_before in (" ", ". ", "-") and not starts or gap_before == ". " and len(before) == 1
        if beside and before in words.title and (tokens.capital[first - 1] or before == "officer"):
            score -= 5
        elif beside and tokens.capital[first - 1] and not tokens.upper and first - 1 not in self.taken:
            if before in self.gazetteer.given or len(before) == 1:
                score -= 4
            elif before not in words.before and before not in words.container:
                score -= 2.5
        elif beside and before == "of" and first > 1 and tokens.folded[first - 2] in words.organisation_of:
            score -= 1.5
        if gap_after == " " and end < len(tokens.starts) and tokens.capital[end] and not tokens.upper:
            if after in words.road:
                score -= 3
            elif after in words.other:
                score -= 2.5
            elif after in words.generic or after in words.organisation or after in words.hospital:
                score += 0.0
            elif end not in self.taken:
                score -= 2.0
            elif self.gazetteer.flags(tokens.folded[first]) & GIVEN:
                score -= 2.5
        if _AGED.match(gap_after + after) and tokens.capital[max(0, first - 1)]:
            score -= 1
        return score

    def _headline(self, first: int, end: int) -> bool:
        """Are most longer words around it capitalised? Then capitals beside it say nothing."""
        tokens = self.tokens
        around = [i for i in (*range(max(0, first - 5), first), *range(end, min(len(tokens.starts), end + 5)))
                  if tokens.ends[i] - tokens.starts[i] > 3]  # fmt: skip
        return len(around) >= 4 and sum(tokens.capital[i] for i in around) >= 0.85 * len(around)

    # -------------------------------------------------------------- roles

    def _role(self, first: int, end: int) -> Role:
        words, tokens = self.words, self.tokens
        after, gap_after = self._after(end)
        before, gap_before = self._before(first)
        if self._dateline(first, end):
            return Role.DATELINE
        if gap_after in (" ", ". ") and end < len(tokens.starts) and after in words.road and (tokens.capital[end]):
            return Role.ROAD
        if gap_after in (" ", "'s ", "’s "):
            near = {tokens.folded[i] for i in range(end, min(end + 3, len(tokens.starts))) if tokens.capital[i]} | {after}
            if near & words.hospital:
                return Role.HOSPITAL
            if after in words.organisation:
                return Role.ORGANISATION
        if _HOME.search(tokens.text[max(0, tokens.starts[first] - 30) : tokens.starts[first]]):
            return Role.HOME
        if gap_before.strip() == "" and before in words.strong:
            return Role.LOCATIVE
        return Role.PLAIN

    def _dateline(self, first: int, end: int) -> bool:
        """At the start of a paragraph, in capitals or before "(AP) —"."""
        tokens = self.tokens
        if first and not re.search(r"\n[ \t?*]*\Z", tokens.gap(first - 1)) and self._paragraph_words(first) > 3:
            return False
        line = tokens.text[tokens.ends[end - 1] : tokens.ends[end - 1] + 110]
        return bool(_DATELINE.match(line)) and (
            tokens.text[tokens.starts[first] : tokens.ends[end - 1]].isupper() or "(" in line[:70] or line[:6].strip()[:1] in "-–—")

    def _paragraph_words(self, first: int) -> int:
        start = self.tokens.text.rfind("\n", 0, self.tokens.starts[first])
        return len(self.tokens.text[start + 1 : self.tokens.starts[first]].split())

    def _level(self, first: int, end: int) -> str:
        words, tokens = self.words, self.tokens
        after, gap = self._after(end)
        if gap in (" ", "\n") and after in words.generic:
            return after
        if first > 1 and tokens.folded[first - 1] == "of" and tokens.folded[first - 2] in words.generic | {"city", "town", "village"}:
            return tokens.folded[first - 2]
        if first > 0 and tokens.gap(first - 1) == " " and tokens.folded[first - 1] in ("county", "province", "co"):
            return tokens.folded[first - 1]
        return ""

    def _with_generic(self, end: int, stop: int, level: str) -> int:
        """Where the name ends: "Swat District" is one name, "Swat district" is a name and a word."""
        tokens = self.tokens
        if level and end < len(tokens.starts) and tokens.folded[end] == level and tokens.capital[end] and not tokens.upper:
            return tokens.ends[end]
        return stop

    # -------------------------------------------------------------- neighbours

    def _before(self, first: int) -> tuple[str, str]:
        if first == 0:
            return "", self.tokens.text[: self.tokens.starts[0]] or "\n"
        return self.tokens.folded[first - 1], self.tokens.gap(first - 1)

    def _after(self, end: int) -> tuple[str, str]:
        if end >= len(self.tokens.starts):
            return "", "\n"
        gap = self.tokens.gap(end - 1)
        if gap in ("'", "’") and self.tokens.folded[end] == "s" and end + 1 < len(self.tokens.starts):
            return self.tokens.folded[end + 1], gap + "s" + self.tokens.gap(end)
        return self.tokens.folded[end], gap

    def _after_comma(self, first: int) -> bool:
        tokens = self.tokens
        if not first or first - 1 not in self.taken:
            return False
        gap = tokens.gap(first - 1)
        word = tokens.text[tokens.starts[first] : tokens.ends[first]]
        if gap in (", ", ",", ",\n"):
            return True
        return gap == " " and word.isupper() and word not in self.gazetteer.guarded and not tokens.upper


def _people(tokens: Tokens, gazetteer: Gazetteer, words: Words) -> frozenset[str]:
    """Folded last words of names that the text introduces as people's: after a title or a given name."""
    found: set[str] = set()
    for i in range(1, len(tokens.starts)):
        if not tokens.capital[i] or not tokens.joined[i - 1] or not tokens.capital[i - 1]:
            continue
        before = tokens.folded[i - 1]
        named = before in gazetteer.given and not (i > 1 and tokens.folded[i - 2] in words.strong)
        initial = len(before) == 1 and i > 1 and tokens.folded[i - 2] in gazetteer.given
        if (named or initial or before in words.title) and tokens.folded[i] not in words.generic | words.road:
            found.add(tokens.folded[i])
    return frozenset(found)
