"""Does a text take back, correct or deny what was reported? By the wording of its title, its opening and its end.

What a language says in such notices is in ``notices.toml`` of its lexicon; one without that file has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from extract.decide.corrected_values import KIND, CorrectedValues, is_contrast, topics_of, values_of
from extract.decide.findings import Findings, weights
from extract.nlp.mentions import HARM
from extract.notice_wording import (
    MOST_QUOTED,
    Piece,
    Wording,
    correction_in,
    first_match,
    is_hinted,
    pieces_of,
    retraction_in,
    wording_of,
)
from extract.types import Article, Manner, Notice, Precision, Quote


class _Denied(NamedTuple):
    piece: Piece
    by: str
    is_party: bool


class NoticeFound(NamedTuple):
    """A notice, and the values that it gives if it is a correction."""

    notice: Notice
    values: CorrectedValues | None = None


def notice_of(found: Findings) -> NoticeFound | None:
    """The notice that an article consists of or ends with; None for any other, and for a list of corrections."""
    wording, article = wording_of(found.lexicon), found.article
    if wording is None or first_match(wording.columns, article.title) is not None:
        return None
    pieces, hinted = pieces_of(article), is_hinted(article, wording)
    retraction = retraction_in(pieces, wording) if hinted else None
    denied = _denials(found, pieces, wording)
    if retraction is not None:
        denial = denied[0] if denied else None
        return NoticeFound(
            Notice(
                manner=Manner.RETRACTION,
                quote=_quote(article, retraction),
                by=denial.by if denial else "",
                denies=denial is not None,
                kinds=_kinds(found, pieces),
            )
        )
    if denied:
        best = next((one for one in denied if not one.piece.is_title), denied[0])
        by = next((one for one in denied if one.by), best)
        return NoticeFound(
            Notice(
                manner=Manner.DENIAL,
                quote=_quote(article, best.piece),
                by=by.by,
                denies=True,
                is_party=by.is_party,
                kinds=_kinds(found, [one.piece for one in denied]),
            )
        )
    facts = [piece for piece in pieces if wording.denial_hint.search(piece.plain)]
    told = next(((piece, match) for piece in facts if (match := first_match(wording.facts, piece.plain))), None)
    if told is not None and (corrected := _set_right(found, *told, wording)) is not None:
        return corrected
    correction = correction_in(article, pieces, wording) if hinted else None
    if correction is None:
        return None
    corrected = _corrected(found, correction[0], wording, is_whole=correction[1])
    return corrected if _says_of_what(corrected.notice) else None


def _says_of_what(notice: Notice) -> bool:
    """Does it name an act or a value? "A story misspelt the mayor's name" corrects no incident."""
    return bool(not notice.is_whole or notice.kinds or notice.corrects or notice.was)


def _set_right(found: Findings, piece: Piece, match: re.Match[str], wording: Wording) -> NoticeFound | None:
    """An official's account of what it was, in place of what was reported; None unless it is of another kind."""
    values = values_of(found, [_laid_out(found, piece)])
    if values.kind is None:
        return None
    notice = Notice(
        manner=Manner.CORRECTION,
        quote=_quote(found.article, piece),
        by=_named(match["by"], wording),
        kinds=_kinds(found, [piece]),
        corrects=(KIND,),
        is_whole=False,
    )
    return NoticeFound(notice, values)


def _corrected(found: Findings, pieces: list[Piece], wording: Wording, *, is_whole: bool) -> NoticeFound:
    spans = [_laid_out(found, piece) for piece in pieces]
    values = values_of(found, spans)
    body = [piece for piece in pieces if not piece.is_title] or pieces
    telling = (p for p in body if first_match(wording.correction, p.plain) or is_contrast(found, _laid_out(found, p)))
    shown = next(telling, body[0])
    last = max((piece for piece in pieces if piece.is_title is shown.is_title), key=lambda piece: piece.end)
    text = found.article.title if shown.is_title else found.article.text
    end = min(last.end, shown.start + MOST_QUOTED)
    fields = values.fields or (() if is_whole else topics_of(found, " ".join(piece.plain for piece in pieces)))
    said = next((m for piece in pieces if (m := first_match(wording.speaker, piece.plain))), None)
    by = _named(said["by"], wording) if said and is_whole and not values.by_outlet else ""
    notice = Notice(
        manner=Manner.CORRECTION,
        quote=Quote(
            where="title" if shown.is_title else "text", start=shown.start, end=end, quote=text[shown.start : end]
        ),
        by=by,
        kinds=_kinds(found, pieces),
        was=values.was,
        corrects=fields,
        is_whole=is_whole,
    )
    return NoticeFound(notice, values)


# ------------------------------------------------------------------ what is searched where


def _denials(found: Findings, pieces: list[Piece], wording: Wording) -> list[_Denied]:
    """The pieces that deny the act; [] if the opening counts people who were harmed besides."""
    denied = [one for piece in pieces if (one := _denied(found, piece, wording)) is not None]
    if not any(one.by for one in denied):  # an outlet's own doubts are no denial by somebody who can know
        return []
    # what an article mentions further on is not its news; and a side that fights denies much in passing
    lead = next((piece for piece in pieces if not piece.is_title), None)
    news = [
        one for one in denied if one.piece.is_title or (one.piece == lead and not (one.is_party and pieces[0].is_title))
    ]
    if not news:
        return []
    spans = [_laid_out(found, one.piece) for one in denied]
    end = max(_laid_out(found, piece)[1] for piece in pieces)
    for mention in found.counts:
        is_outside = not any(start <= mention.start < stop for start, stop in spans)
        if mention.field in HARM and mention.count.low and mention.start < end and is_outside:
            return []
    return denied


def _denied(found: Findings, piece: Piece, wording: Wording) -> _Denied | None:
    if not wording.denial_hint.search(piece.plain) or not wording.act.search(piece.plain):
        return None
    if first_match(wording.exceptions, piece.plain):
        return None
    for patterns, is_party in ((wording.parties, True), (wording.denial, False)):
        match = first_match(patterns, piece.plain)
        if match is None:
            continue
        if _is_about_doer(found, piece, match, wording):
            return None
        by = match["by"] or ""
        start = match.start("by")
        if not by:
            said = first_match(wording.speaker, piece.plain)
            by, start = (said["by"], said.start("by")) if said else ("", -1)
        is_state = _is_side(found, piece, start, by)
        is_side = is_state or bool(wording.party.fullmatch(by))
        if is_party and not is_side:  # somebody who denies a deed of his own
            continue
        return _Denied(piece, _named(by, wording), is_side)
    return None


def _is_about_doer(found: Findings, piece: Piece, match: re.Match[str], wording: Wording) -> bool:
    """Is what is denied only that a state did it: "denies report claiming that Ruritania blew up the bridge"?"""
    start = _laid_out(found, piece)[0]
    states = (p for p in found.places if p.resolved.place.precision is Precision.COUNTRY)
    inside = (p for p in states if start + match.start() < p.start and p.end < start + match.end())
    return any(wording.deed.match(piece.plain, p.end - start) for p in inside)


def _is_side(found: Findings, piece: Piece, start: int, by: str) -> bool:
    """Is who denies it a state or an armed group?"""
    if start < 0:
        return False
    at = _laid_out(found, piece)[0] + start
    states = any(p.start == at and p.end == at + len(by) for p in found.places)
    return states or any(at <= g.start < at + len(by) for g in found.groups)


def _kinds(found: Findings, pieces: Iterable[Piece]) -> tuple[str, ...]:
    """The kinds of acts that the pieces name; a hoax is an act of its own."""
    spans = [_laid_out(found, piece) for piece in pieces]
    own = weights("denial")["own_acts"]
    kinds = (t.kind for t in found.triggers if any(start <= t.start < end for start, end in spans))
    return tuple(dict.fromkeys(kind for kind in kinds if kind not in own))


def _laid_out(found: Findings, piece: Piece) -> tuple[int, int]:
    """Start and end of a piece in the laid-out text."""
    shift = 0 if piece.is_title else found.layout.shift
    return piece.start + shift, piece.end + shift


def _quote(article: Article, piece: Piece) -> Quote:
    text = article.title if piece.is_title else article.text
    end = min(piece.end, piece.start + MOST_QUOTED)
    return Quote(where="title" if piece.is_title else "text", start=piece.start, end=end, quote=text[piece.start : end])


def _named(by: str, wording: Wording) -> str:
    """A speaker without the capital letter of a sentence's first word: "police", "Kumasi police"."""
    first, _, rest = by.strip().partition(" ")
    is_common = first.lower() in wording.common and not rest[:1].isupper()
    return f"{first.lower() if is_common else first} {rest}".strip()
