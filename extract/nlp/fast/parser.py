"""Component ``tocsin_parser``: how are many articles parsed in one batch, faster than by the model's own parser?

Each step makes one decision for every article of the batch, which costs little more than one decision alone, and the
sums are done by numpy: an article takes a quarter of the time. The decisions are the same. A small batch is left to
spaCy's own loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.ml.parser_model import ParserStepModel
from spacy.pipeline import DependencyParser
from spacy.tokens import Doc

Floats = NDArray[np.float32]

# articles that are sorted by length together, and articles in a batch (about 1.5 MB each)
WINDOW = 64
SIDE_BY_SIDE = 32
# smaller batches are parsed faster by spaCy's own loop
_MIN_BATCH = 10


class Parser:
    """The component, with the model's parser."""

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser
        self._network = _Network(parser.model) if _is_supported(parser) else None

    def __call__(self, doc: Doc) -> Doc:
        """Sets heads and dependencies of one article."""
        parsed: Doc = self._parser(doc)
        return parsed

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = WINDOW) -> Iterator[Doc]:
        """The same for a stream of articles, in their order."""
        docs = iter(stream)
        while window := list(islice(docs, batch_size)):
            by_length = sorted(window, key=len)
            for start in range(0, len(by_length), SIDE_BY_SIDE):
                self._parse(by_length[start : start + SIDE_BY_SIDE])
            yield from window

    def _parse(self, docs: list[Doc]) -> None:
        if self._network is None or len(docs) < _MIN_BATCH:
            states = self._parser.predict(docs)
        else:
            states = self._side_by_side(self._network, docs)
        self._parser.set_annotations(docs, states)

    def _side_by_side(self, network: _Network, docs: list[Doc]) -> list[object]:
        """The parser's ``predict``, step by step for all articles at once."""
        states: list[object] = self._parser.moves.init_batch(docs)
        active = [state for state in states if not state.is_final()]  # type: ignore[attr-defined]
        if active:
            slot_values = network.slot_values(docs)
            while active:
                active = self._parser.transition_states(active, network.scores(slot_values, active))
        return states


class _Network:
    """The parser's weights, and the scores of the possible transitions.

    A state has a few tokens in its slots. The value of each token in each slot is computed for all tokens beforehand,
    so that a step only has to sum values.
    """

    def __init__(self, model: Any) -> None:
        self._tokens, affine, upper = model.layers
        weights, bias, pad = (affine.get_param(name) for name in ("W", "b", "pad"))
        self.nF, self._width, self._pieces, across = weights.shape
        # one piece after the other, so that the maximum is taken over whole blocks
        self._weights: Floats = np.ascontiguousarray(weights.transpose(3, 0, 2, 1).reshape(across, -1))
        self._missing: Floats = np.ascontiguousarray(pad[0].transpose(0, 2, 1)).ravel()
        self._bias: Floats = np.ascontiguousarray(bias.T).ravel()
        self._upper: Floats = np.ascontiguousarray(upper.get_param("W").T)
        self._upper_bias: Floats = upper.get_param("b")
        self._slots = np.arange(self.nF)
        # reused from batch to batch: allocating so much memory takes longer than the sums
        self._buffer: Floats = np.empty((0, self._weights.shape[1]), dtype=np.float32)

    @property
    def state2vec(self) -> _Network:
        """The object on which spaCy's ``get_token_ids`` reads ``nF``, the number of slots."""
        return self

    def slot_values(self, docs: list[Doc]) -> Floats:
        """The value of each token in each slot, one row for each pair; the last rows are for a missing token."""
        vectors: Floats = self._tokens.predict(docs)
        if len(vectors) >= len(self._buffer):
            self._buffer = np.empty((len(vectors) + 1, self._weights.shape[1]), dtype=np.float32)
        slot_values = self._buffer[: len(vectors) + 1]
        np.matmul(vectors, self._weights, out=slot_values[:-1])
        slot_values[-1] = self._missing
        slot_values[:, : len(self._bias)] += self._bias  # into the first slot, which every state has
        return slot_values.reshape(-1, len(self._bias))

    def scores(self, slot_values: Floats, states: list[object]) -> Floats:
        """The scores of the transitions: one row for each state, one column for each transition."""
        tokens: NDArray[np.int32] = ParserStepModel.get_token_ids(self, states)
        summed = slot_values.take(tokens * self.nF + self._slots, axis=0).sum(axis=1)
        best = summed[:, : self._width]
        for piece in range(1, self._pieces):
            best = np.maximum(best, summed[:, piece * self._width : (piece + 1) * self._width])
        scores: Floats = best @ self._upper
        scores += self._upper_bias
        return scores


def _is_supported(parser: DependencyParser) -> bool:
    """Whether the parser's network has the structure that this module computes, without beam search."""
    attrs = parser.model.attrs
    return bool(parser.cfg["beam_width"] == 1 and attrs["has_upper"] and not attrs["unseen_classes"])


@Language.factory("tocsin_parser", requires=["doc.tensor"], assigns=["token.dep", "token.head", "doc.sents"])
def make(nlp: Language, name: str) -> Parser:
    """Builds the component around the pipeline's parser."""
    parser = nlp.get_pipe("parser")
    if not isinstance(parser, DependencyParser):
        raise TypeError(f"{name}: the model's parser is a {type(parser).__name__}, not a dependency parser")
    return Parser(parser)
