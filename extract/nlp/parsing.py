"""Component ``tocsin_parser``: the model's own parser, with many articles going through it side by side.

It takes each decision for all articles of a batch at once, which costs little more than taking it for one: a third of
the time an article. What is decided is the same. A single article is left to the parser as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.pipeline import DependencyParser
from spacy.tokens import Doc

# how many articles are looked at to find some of like length, and how many of them go side by side: some 1.5 MB each
WINDOW = 64
ABREAST = 32
# fewer are parsed sooner by spaCy's own loop
_FEW = 10


class Parser:
    """The component; holds the model's parser."""

    def __init__(self, parser: DependencyParser) -> None:
        self._parser = parser

    def __call__(self, doc: Doc) -> Doc:
        """Sets heads and dependencies of one article."""
        parsed: Doc = self._parser(doc)
        return parsed

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = WINDOW) -> Iterator[Doc]:
        """The same for a stream of articles, in its order."""
        docs = iter(stream)
        while window := list(islice(docs, batch_size)):
            by_length = sorted(window, key=len)
            for start in range(0, len(by_length), ABREAST):
                self._parse(by_length[start : start + ABREAST])
            yield from window

    def _parse(self, docs: list[Doc]) -> None:
        if len(docs) < _FEW or self._parser.cfg["beam_width"] != 1:
            states = self._parser.predict(docs)
        else:
            states = self._side_by_side(docs)
        self._parser.set_annotations(docs, states)

    def _side_by_side(self, docs: list[Doc]) -> list[object]:
        """The parser's ``predict``, one step of all articles after the other."""
        states: list[object] = self._parser.moves.init_batch(docs)
        step = self._parser.model.predict(docs)
        going = [state for state in states if not state.is_final()]  # type: ignore[attr-defined]
        while going:
            going = self._parser.transition_states(going, step.predict(going))
        step.clear_memory()
        return states


@Language.factory("tocsin_parser", requires=["doc.tensor"], assigns=["token.dep", "token.head", "doc.sents"])
def make(nlp: Language, name: str) -> Parser:
    """Builds the component around the pipeline's parser."""
    parser = nlp.get_pipe("parser")
    if not isinstance(parser, DependencyParser):
        raise TypeError(f"{name}: the model's parser is a {type(parser).__name__}, not a dependency parser")
    return Parser(parser)
