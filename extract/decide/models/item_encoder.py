"""What does a small neural encoder read in a short item: its role, kind, country, place, and which story it tells?

A feed shows a title and the first words of the text. A transformer encoder of 22 million weights (MiniLM, fine-tuned by
``scripts/train_item_encoder.py`` on labelled feed items) reads both at once and answers several questions with one head
each. It runs in ONNX Runtime on one core. Languages that say so share one for many languages (the lower half of
multilingual-e5-small, fine-tuned by ``scripts/train_multilingual_encoder.py``); any other has no such reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from extract.decide.models.roles import RoleProbabilities, is_short_item
from extract.language import Language
from extract.text.layout import Layout
from extract.text.unigram_pieces import UnigramPieces
from extract.text.word_pieces import Piece, WordPieces
from extract.types import Article

MODEL = "item_encoder"
MAX_TOKENS = 77
MULTILINGUAL_TOKENS = 64
MAX_SECTION_TOKENS = 10
TEASER_CHARS = 260
TAGS = ("place", "killed", "injured")
_STORY_SCALE = 127
_SECTION = re.compile(r"[^\W\d_]{2,}")


class ItemReading(NamedTuple):
    """What the encoder says of a short item.

    ``roles``, ``kinds`` and ``countries`` (ISO 3166-1 alpha-2) are probabilities, which add up to 1 over what was
    learned. ``story`` is a unit vector as signed bytes, 127 times each number: items on one incident have a high
    cosine. ``tags`` has, for each of ``TAGS``, the probability that the word at an offset of the laid-out text is part
    of the name of the place of the act, or the number of the killed or injured.
    """

    roles: RoleProbabilities
    kinds: Mapping[str, float]
    countries: Mapping[str, float]
    story: bytes
    tags: Mapping[str, Mapping[int, float]]


class Pieces(Protocol):
    """A vocabulary of word pieces."""

    begin: int
    separator: int

    def pieces(self, text: str, limit: int) -> list[Piece]:
        """At most ``limit`` pieces from the beginning of a text."""


class ItemEncoder:
    """An ONNX model with the names of its answers in its metadata, and its vocabulary.

    ``vectors``: those of the word pieces, packed (``read_vectors``), where the model does not contain them.
    ``most``: the tokens of title and teaser that it reads.
    """

    def __init__(
        self, model: bytes, pieces: Pieces, *, vectors: NDArray[np.uint8] | None = None, most: int = MAX_TOKENS
    ) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        names = self._session.get_modelmeta().custom_metadata_map
        self._kinds: list[str] = json.loads(names["kinds"])
        self._countries: list[str] = json.loads(names["countries"])
        self._pieces, self._vectors, self._most = pieces, vectors, most
        # a further number, 0, so that vectors of two encoders, which can't be compared, differ in length
        self._mark = b"" if vectors is None else b"\0"

    def read(self, layout: Layout, url: str) -> ItemReading:
        """The reading of one item."""
        tokens = item_tokens(layout, url, self._pieces, self._most)
        feed: dict[str, NDArray[Any]] = {"token_type_ids": np.array([tokens.parts], dtype=np.int64)}
        if self._vectors is None:
            feed["input_ids"] = np.array([tokens.ids], dtype=np.int64)
        else:
            feed["vectors"] = read_vectors(self._vectors[tokens.ids])[None]
        roles, kinds, countries, story, tags = (out[0] for out in self._session.run(None, feed))
        return ItemReading(
            roles=RoleProbabilities(*_softmax(roles).tolist()),
            kinds=dict(zip(self._kinds, _softmax(kinds).tolist(), strict=True)),
            countries=dict(zip(self._countries, _softmax(countries).tolist(), strict=True)),
            story=np.round(story * _STORY_SCALE).astype(np.int8).tobytes() + self._mark,
            tags={
                tag: {at: p for at, p in zip(tokens.starts, column, strict=True) if at is not None}
                for tag, column in zip(TAGS, _sigmoid(tags).T.tolist(), strict=True)
            },
        )


class ItemTokens(NamedTuple):
    """An item as the encoder reads it: title, teaser and sections of its address, each closed by a separator.

    ``parts``: 0 in the title, 1 after it. ``starts``: the offset of each token's word in the laid-out text, None for
    separators and sections.
    """

    ids: list[int]
    parts: list[int]
    starts: list[int | None]


def item_tokens(layout: Layout, url: str, pieces: Pieces, most: int = MAX_TOKENS) -> ItemTokens:
    """The tokens of a title without the site's name, of the first ``TEASER_CHARS`` characters of the text, together at
    most ``most``, and of the sections that the item's address names."""
    title = pieces.pieces(layout.plain[: layout.brand], most)
    body = pieces.pieces(layout.plain[layout.shift : layout.shift + TEASER_CHARS], most - len(title))
    where = pieces.pieces(sections(url), MAX_SECTION_TOKENS)
    end = pieces.separator
    return ItemTokens(
        ids=[
            pieces.begin,
            *(p.number for p in title),
            end,
            *(p.number for p in body),
            end,
            *(p.number for p in where),
            end,
        ],
        parts=[0] * (len(title) + 2) + [1] * (len(body) + len(where) + 2),
        starts=[
            None,
            *(p.start for p in title),
            None,
            *(layout.shift + p.start for p in body),
            *[None] * (len(where) + 2),
        ],
    )


def sections(url: str) -> str:
    """The words of an address that say where a site puts an item: its top-level domain and the folders of its path.

    "https://example.co.uk/news/england-london/2026/a-title" gives "uk news england london"; no address gives "".
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[x"
        return ""
    folders = [word for part in parts.path.split("/")[:-1] for word in _SECTION.findall(part)]
    return " ".join([(parts.hostname or "").rpartition(".")[2], *folders])


def read_item(article: Article, layout: Layout, language: Language) -> ItemReading | None:
    """The reading of a short item; None for a whole article, and where the language has no encoder.

    Where a language has no models for whole articles, their title and first words are read like an item.
    """
    if not is_short_item(layout) and not (language.shares_encoder and layout.title_chars):
        return None
    encoder = item_encoder(language)
    return encoder.read(layout, article.url) if encoder is not None else None


@cache
def item_encoder(language: Language) -> ItemEncoder | None:
    """The encoder in a language's folder or the shared one, read once; None where the language has none."""
    if language.shares_encoder:
        return _shared_encoder()
    model, words = language.lexicon.folder / f"{MODEL}.onnx", language.lexicon.folder / f"{MODEL}.txt"
    if not model.is_file():
        return None
    return ItemEncoder(model.read_bytes(), WordPieces(words.read_text(encoding="utf-8")))


@cache
def _shared_encoder() -> ItemEncoder:
    with resources.as_file(resources.files("extract") / "data" / "items") as folder:
        return read_encoder(folder)


def read_encoder(folder: Path) -> ItemEncoder:
    """The encoder for many languages in a folder: ``items.onnx``, ``pieces.txt`` and ``pieces.npy``."""
    pieces = UnigramPieces((folder / "pieces.txt").read_text(encoding="utf-8"))
    vectors: NDArray[np.uint8] = np.load(folder / "pieces.npy", mmap_mode="r")
    model = (folder / "items.onnx").read_bytes()
    return ItemEncoder(model, pieces, vectors=vectors, most=MULTILINGUAL_TOKENS)


def read_vectors(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rows of numbers that are packed in blocks of 32: a scale in 16 bits, then 4 bits a number, less 8.

    The low half of byte ``i`` is number ``i``, its high half number ``i + 16``. Shape (rows, blocks * 18) to
    (rows, blocks * 32).
    """
    blocks = packed.reshape(len(packed), -1, 18)
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8.0
    return (numbers * scales).reshape(len(packed), -1)


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float64]:
    raised = np.exp(values.astype(np.float64) - values.max())
    out: NDArray[np.float64] = raised / raised.sum()
    return out


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-values.astype(np.float64)))
    return out
