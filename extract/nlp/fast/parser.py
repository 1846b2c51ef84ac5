"""Component ``tocsin_parser``: the model's own parser, with many articles going through it side by side.

It takes each decision for all articles of a batch at once, which costs little more than taking it for one, and does
the sums with numpy, several times as fast as the parser's own: a quarter of the time an article. What is decided is
the same. A single article is left to the parser as it is.
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

# how many articles are looked at to find some of like length, and how many of them go side by side: some 1.5 MB each
WINDOW = 64
SIDE_BY_SIDE = 32
# fewer are parsed sooner by spaCy's own loop
_MIN_BATCH = 10


class Parser:
    """The component; holds the model's parser."""

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser
        self._network = _Network(parser.model) if _is_supported(parser) else None

    def __call__(self, doc: Doc) -> Doc:
        """Sets heads and dependencies of one article."""
        parsed: Doc = self._parser(doc)
        return parsed

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = WINDOW) -> Iterator[Doc]:
        """The same for a stream of articles, in its order."""
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
        """The parser's ``predict``, one step of all articles after the other."""
        states: list[object] = self._parser.moves.init_batch(docs)
        active = [state for state in states if not state.is_final()]  # type: ignore[attr-defined]
        if active:
            slot_values = network.slot_values(docs)
            while active:
                active = self._parser.transition_states(active, network.scores(slot_values, active))
        return states


class _Network:
    """The parser's weights, and how they score what can be done next.

    A state shows a few tokens, those in its slots: what each token tells in each slot is computed for all tokens
    beforehand, and only summed up at each step.
    """

    def __init__(self, model: Any) -> None:
        self._tokens, affine, upper = model.layers
        weights, bias, pad = (affine.get_param(name) for name in ("W", "b", "pad"))
        self.nF, self._width, self._pieces, across = weights.shape
        # the pieces one after the other, so that the largest is taken over whole blocks
        self._weights: Floats = np.ascontiguousarray(weights.transpose(3, 0, 2, 1).reshape(across, -1))
        self._missing: Floats = np.ascontiguousarray(pad[0].transpose(0, 2, 1)).ravel()
        self._bias: Floats = np.ascontiguousarray(bias.T).ravel()
        self._upper: Floats = np.ascontiguousarray(upper.get_param("W").T)
        self._upper_bias: Floats = upper.get_param("b")
        self._slots = np.arange(self.nF)
        # kept from batch to batch: asking for so much memory anew each time takes longer than the sums
        self._buffer: Floats = np.empty((0, self._weights.shape[1]), dtype=np.float32)

    @property
    def state2vec(self) -> _Network:
        """Where spaCy's ``get_token_ids`` looks for ``nF``, the number of slots."""
        return self

    def slot_values(self, docs: list[Doc]) -> Floats:
        """What each token tells in each slot, a row a token and slot; the last token is none at all."""
        vectors: Floats = self._tokens.predict(docs)
        if len(vectors) >= len(self._buffer):
            self._buffer = np.empty((len(vectors) + 1, self._weights.shape[1]), dtype=np.float32)
        slot_values = self._buffer[: len(vectors) + 1]
        np.matmul(vectors, self._weights, out=slot_values[:-1])
        slot_values[-1] = self._missing
        slot_values[:, : len(self._bias)] += self._bias  # into the first slot, which every state has
        return slot_values.reshape(-1, len(self._bias))

    def scores(self, slot_values: Floats, states: list[object]) -> Floats:
        """A row a state, a column a move."""
        tokens: NDArray[np.int32] = ParserStepModel.get_token_ids(self, states)
        summed = slot_values.take(tokens * self.nF + self._slots, axis=0).sum(axis=1)
        best = summed[:, : self._width]
        for piece in range(1, self._pieces):
            best = np.maximum(best, summed[:, piece * self._width : (piece + 1) * self._width])
        scores: Floats = best @ self._upper
        scores += self._upper_bias
        return scores


def _is_supported(parser: DependencyParser) -> bool:
    """Is the parser's network built as this module computes it, and does it take one decision after the other?"""
    attrs = parser.model.attrs
    return bool(parser.cfg["beam_width"] == 1 and attrs["has_upper"] and not attrs["unseen_classes"])


@Language.factory("tocsin_parser", requires=["doc.tensor"], assigns=["token.dep", "token.head", "doc.sents"])
def make(nlp: Language, name: str) -> Parser:
    """Builds the component around the pipeline's parser."""
    parser = nlp.get_pipe("parser")
    if not isinstance(parser, DependencyParser):
        raise TypeError(f"{name}: the model's parser is a {type(parser).__name__}, not a dependency parser")
    return Parser(parser)
