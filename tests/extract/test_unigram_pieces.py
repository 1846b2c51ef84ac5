"""Are words of any script cut into the most probable pieces of a vocabulary, each at the offset of its word?"""

from __future__ import annotations

import pytest

from extract.text.unigram_pieces import UnigramPieces

PIECES = {
    "<s>": 0, "<pad>": 0, "</s>": 0, "<unk>": 0,
    "▁взры": -5, "в": -4, "▁в": -3, "▁": -3.5, "▁взрыв": -9.5, "▁Харькове": -8, "Харькове": -11, "3": -4, "▁3": -4, ".": -2,
}  # fmt: skip


@pytest.fixture(scope="module")
def pieces() -> UnigramPieces:
    return UnigramPieces("".join(f"{piece}\t{score}\n" for piece, score in PIECES.items()))


def _names(pieces: UnigramPieces, text: str, limit: int = 50) -> list[tuple[str, int]]:
    names = list(PIECES)
    return [(names[piece.number], piece.start) for piece in pieces.pieces(text, limit)]


def test_the_most_probable_way_to_cut_a_word_is_taken(pieces: UnigramPieces) -> None:
    assert _names(pieces, "взрыв") == [("▁взры", 0), ("в", 0)]


def test_each_piece_has_the_offset_of_its_word(pieces: UnigramPieces) -> None:
    assert _names(pieces, "в Харькове 3.") == [("▁в", 0), ("▁Харькове", 2), ("▁3", 11), (".", 12)]


def test_a_sign_after_a_word_begins_none(pieces: UnigramPieces) -> None:
    assert _names(pieces, "3.3") == [("▁3", 0), (".", 1), ("3", 2)]


def test_a_character_that_no_piece_covers_is_unknown(pieces: UnigramPieces) -> None:
    assert _names(pieces, "爆3") == [("▁", 0), ("<unk>", 0), ("3", 0)]


def test_no_more_pieces_than_asked_for(pieces: UnigramPieces) -> None:
    assert len(pieces.pieces("в " * 100, 7)) == 7
