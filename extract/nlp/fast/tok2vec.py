"""Component ``tocsin_vectors``: which vector does each token have, by a faster copy of the model's ``tok2vec``?

The vectors are the same except for rounding. The embedding of a word is computed once and cached; the layers over its
neighbours are computed for each text, without what only training needs. Tagger and parser read ``doc.tensor``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline.tok2vec import Tok2Vec
from spacy.tokens import Doc

Floats = NDArray[np.float32]

# a word takes about 600 bytes; the full cache is cleared at once, which is rare because news repeats its words
MAX_WORDS = 20_000
_TINY = np.float32(1e-8)
_EMBEDDING = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")
_WINDOW = ("expand_window", "maxout", "layernorm", "dropout")


class Vectors:
    """The component, with the weights of the model's own ``tok2vec``."""

    def __init__(self, tok2vec: Tok2Vec) -> None:
        embedding, windows = tok2vec.model.layers
        self._words = _Words(embedding)
        pairs = zip(_named(windows, "maxout"), _named(windows, "layernorm"), strict=True)
        self._layers = [_Layer(maxout, norm) for maxout, norm in pairs]

    def __call__(self, doc: Doc) -> Doc:
        """Sets ``doc.tensor``, one row for each token."""
        if len(doc):
            doc.tensor = self._neighbourhoods(self._words.vectors(doc))  # type: ignore[assignment]
        return doc

    def _neighbourhoods(self, words: Floats) -> Floats:
        """The rows after all layers. Each layer reads one token further to either side; beyond the text are zeros."""
        beyond = len(self._layers)
        rows: Floats = np.zeros((len(words) + 2 * beyond, words.shape[1]), dtype=np.float32)
        rows[beyond:-beyond] = words
        for layer in self._layers:
            rows += layer.of(rows)
        return rows[beyond:-beyond]


def is_supported(tok2vec: Tok2Vec) -> bool:
    """Whether the model has the structure that this module computes: hashed word features, then windows of 3 tokens."""
    if len(tok2vec.model.layers) != 2:
        return False
    embedding, windows = tok2vec.model.layers
    leaves = [node.name for node in windows.walk(order="dfs_pre") if not node.layers]
    layers = len(leaves) // len(_WINDOW)
    return (
        tuple(layer.name.split("(")[0] for layer in embedding.layers) == _EMBEDDING
        and tuple(leaves) == _WINDOW * layers
        and windows.attrs["pad"] == layers
        and all(node.attrs["window_size"] == 1 for node in _named(windows, "expand_window"))
    )


class _Words:
    """The embeddings of words, cached by the features of their spelling."""

    def __init__(self, embedding: Any) -> None:
        features, _, hashed, mixed, _ = embedding.layers
        self._columns: list[int | str] = features.attrs["columns"]
        self._hashed, self._mixed = hashed.layers[0], mixed.layers[0]
        self._clear(MAX_WORDS)

    def vectors(self, doc: Doc) -> Floats:
        """The embedding of each token, one row each."""
        features = np.ascontiguousarray(doc.to_array(self._columns), dtype=np.uint64)
        keys: list[bytes] = features.view(f"V{features.shape[1] * features.itemsize}").ravel().tolist()
        if len(self._row_of) + len(keys) > len(self._vectors):
            self._clear(max(MAX_WORDS, len(keys)))
        new = {key: i for i, key in enumerate(keys) if key not in self._row_of}
        if new:
            first = len(self._row_of)
            self._row_of.update((key, first + n) for n, key in enumerate(new))
            self._vectors[first : first + len(new)] = self._embedded(features[list(new.values())])
        return self._vectors[[self._row_of[key] for key in keys]]

    def _embedded(self, features: NDArray[np.uint64]) -> Floats:
        vectors: Floats = self._mixed.predict(self._hashed.predict(features))
        return vectors

    def _clear(self, room: int) -> None:
        self._row_of: dict[bytes, int] = {}
        self._vectors: Floats = np.zeros((room, self._mixed.get_dim("nO")), dtype=np.float32)


class _Layer:
    """One window layer: maxout of three pieces over a token and its two neighbours, then layer normalisation."""

    def __init__(self, maxout: Any, norm: Any) -> None:
        width, self._pieces, across = maxout.get_param("W").shape
        # one piece after the other, so that the maximum is taken over whole blocks
        self._weights: Floats = np.ascontiguousarray(
            maxout.get_param("W").transpose(1, 0, 2).reshape(self._pieces * width, across).T
        )
        self._bias: Floats = np.ascontiguousarray(maxout.get_param("b").T).ravel()
        self._gain: Floats = norm.get_param("G")
        self._shift: Floats = norm.get_param("b")

    def of(self, rows: Floats) -> Floats:
        """What the layer adds to each row."""
        mixed = _windows(rows) @ self._weights
        mixed += self._bias
        width = rows.shape[1]
        best = mixed[:, :width]
        for piece in range(1, self._pieces):
            np.maximum(best, mixed[:, piece * width : (piece + 1) * width], out=best)
        return self._scaled(best)

    def _scaled(self, rows: Floats) -> Floats:
        rows = rows - rows.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows) / np.float32(rows.shape[1])
        rows *= (1 / np.sqrt(spread + _TINY))[:, None]
        rows *= self._gain
        rows += self._shift
        return rows


def _windows(rows: Floats) -> Floats:
    """Each row with the one before and the one after it; zeros beyond the ends."""
    count, width = rows.shape
    out: Floats = np.zeros((count, 3 * width), dtype=np.float32)
    out[1:, :width] = rows[:-1]
    out[:, width : 2 * width] = rows
    out[:-1, 2 * width :] = rows[1:]
    return out


def _named(model: Any, name: str) -> list[Any]:
    return [node for node in model.walk(order="dfs_pre") if node.name == name]


@Language.factory("tocsin_vectors", assigns=["doc.tensor"])
def make(nlp: Language, name: str) -> Vectors:
    """Builds the component around the pipeline's ``tok2vec``."""
    tok2vec = nlp.get_pipe("tok2vec")
    if not isinstance(tok2vec, Tok2Vec) or not is_supported(tok2vec):
        raise TypeError(f"{name}: the model's tok2vec is not built as this component computes it")
    return Vectors(tok2vec)
