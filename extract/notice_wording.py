"""Does an article's wording take something back, correct or deny it? Its sentences beside the language's expressions.

What a language says in such notices is in ``notices.toml`` of its lexicon; one without that file has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from extract.lexicon import Lexicon
from extract.text.layout import PLAIN
from extract.types import Article, Manner

# sentences of the text that are read after the title, for a notice and for a denial
_OPENING = 3
# characters at the end of the text in which the note of an editor stands
_END = 700
MOST_QUOTED = 320
_SENTENCE = re.compile(r"\S.*?(?:[.!?][\"”')\]]*(?=\s|$)|\n\s*\n|$)", re.DOTALL)
_PARAGRAPH_END = re.compile(r"\n\s*\n")
# from this length on a text tells more than a notice
_WHOLE = 600


class Wording(NamedTuple):
    """The expressions of one language."""

    hints: tuple[str, ...]
    denial_hint: re.Pattern[str]
    act: re.Pattern[str]
    columns: tuple[re.Pattern[str], ...]
    retraction_title: tuple[re.Pattern[str], ...]
    retraction: tuple[re.Pattern[str], ...]
    correction_title: tuple[re.Pattern[str], ...]
    refiled: tuple[re.Pattern[str], ...]
    correction: tuple[re.Pattern[str], ...]
    facts: tuple[re.Pattern[str], ...]
    deed: re.Pattern[str]
    denial: tuple[re.Pattern[str], ...]
    parties: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]
    party: re.Pattern[str]
    speaker: tuple[re.Pattern[str], ...]
    common: frozenset[str]


class Piece(NamedTuple):
    """A sentence of the title or of the text, with its offset there; ``plain`` has plain quotes and spaces."""

    is_title: bool
    start: int
    plain: str

    @property
    def end(self) -> int:
        return self.start + len(self.plain)


def may_be_notice(article: Article, lexicon: Lexicon) -> bool:
    """Does the article's wording take something back or correct it, whatever it is about? A denial alone doesn't."""
    wording = wording_of(lexicon)
    if wording is None or not is_hinted(article, wording):
        return False
    pieces = pieces_of(article)
    return retraction_in(pieces, wording) is not None or correction_in(article, pieces, wording) is not None


def is_retraction(article: Article, lexicon: Lexicon) -> bool:
    """Does the article say that its outlet takes a story back?"""
    wording = wording_of(lexicon)
    if wording is None or not is_hinted(article, wording):
        return False
    return retraction_in(pieces_of(article), wording) is not None


def pieces_of(article: Article) -> list[Piece]:
    """The title and the first sentences of the text."""
    title = article.title.translate(PLAIN)
    opening = article.text[: MOST_QUOTED * _OPENING].translate(PLAIN)
    sentences = [Piece(False, m.start(), m.group().rstrip()) for m in _SENTENCE.finditer(opening)][:_OPENING]
    return ([Piece(True, 0, title)] if title else []) + sentences


def is_hinted(article: Article, wording: Wording) -> bool:
    """Has the article a word without which it can be no retraction and no correction?"""
    parts = "\n".join((article.title, article.text[: MOST_QUOTED * _OPENING], article.text[-_END:])).casefold()
    return any(hint in parts for hint in wording.hints)


def retraction_in(pieces: list[Piece], wording: Wording) -> Piece | None:
    """The piece that takes a story back, one of the text before the title."""
    found = [piece for piece in pieces[1:] if first_match(wording.retraction, piece.plain) is not None]
    in_title = (*wording.retraction_title, *wording.retraction)
    found += [piece for piece in pieces[:1] if first_match(in_title, piece.plain) is not None]
    found += [p for p in pieces[1:2] if first_match(wording.retraction_title, p.plain) is not None]
    return found[0] if found else None


def correction_in(article: Article, pieces: list[Piece], wording: Wording) -> tuple[list[Piece], bool] | None:
    """The pieces of a correction, and whether the text is nothing else."""
    title = [piece for piece in pieces if piece.is_title]
    body = [piece for piece in pieces if not piece.is_title]
    if title and first_match(wording.correction_title, title[0].plain):
        return title + body, True
    in_opening = [n for n, piece in enumerate(body) if first_match(wording.correction, piece.plain)]
    if in_opening and in_opening[0] == 0 and len(article.text) < _WHOLE:
        return title + body, True
    note = _note(article, wording)
    if note:
        return note, False
    if title and first_match(wording.refiled, title[0].plain):
        return title + body, False
    return None


def _note(article: Article, wording: Wording) -> list[Piece]:
    """The note of an editor at the end of the text, or in a paragraph of its own near the beginning; [] without one."""
    size = len(article.text)
    for start in dict.fromkeys((max(0, size - _END), 0)):
        part = article.text[start : start + _END].translate(PLAIN)
        for match in _SENTENCE.finditer(part):
            if first_match(wording.correction, match.group()):
                break_ = _PARAGRAPH_END.search(part, match.end())
                rest = part[match.start() : break_.start() if break_ else len(part)]
                sentences = list(_SENTENCE.finditer(rest))[:_OPENING]
                return [Piece(False, start + match.start() + m.start(), m.group().rstrip()) for m in sentences]
    return []


# ------------------------------------------------------------------ the wording of a language


def first_match(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.search(text)) is not None), None)


@cache
def wording_of(lexicon: Lexicon) -> Wording | None:
    parts = lexicon.section("notices", "parts")
    if not parts:
        return None
    retraction, correction, denial = (lexicon.section("notices", name) for name in Manner)
    hints = lexicon.section("notices", "hints")
    return Wording(
        hints=tuple(hints.get("outlet", ())),
        denial_hint=_compiled((hints.get("denial", ""),), parts)[0],
        act=_compiled((r"\b(?:{act}|{deed}|{gerund})\b",), parts)[0],
        columns=_compiled(correction.get("columns", ()), parts),
        retraction_title=_compiled(retraction.get("title", ()), parts),
        retraction=_compiled(retraction.get("text", ()), parts),
        correction_title=_compiled(correction.get("title", ()), parts),
        refiled=_compiled(correction.get("refiled", ()), parts),
        correction=_compiled(correction.get("text", ()), parts),
        facts=_compiled(correction.get("facts", ()), parts),
        deed=_compiled((r"\s+(?:had |has )?{deed}\b",), parts)[0],
        denial=_compiled(denial.get("patterns", ()), parts),
        parties=_compiled(denial.get("parties", ()), parts),
        exceptions=_compiled(denial.get("exceptions", ()), parts),
        party=_compiled((parts.get("party", "(?!)"),), parts)[0],
        speaker=_compiled(denial.get("speaker", ()), parts),
        common=frozenset(denial.get("common", ())),
    )


def _compiled(patterns: Iterable[str], parts: dict[str, Any]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(filled(pattern, parts), re.IGNORECASE) for pattern in patterns)


def filled(pattern: str, parts: dict[str, Any]) -> str:
    """A pattern with the parts that it names in braces, which can name others."""
    before = ""
    while pattern != before:
        before = pattern
        for name, part in parts.items():
            pattern = pattern.replace("{" + name + "}", part)
    return pattern
