"""Is English only in its own folder? No other module compares with its words or has one in an expression."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract import types

ROOT = Path(__file__).parents[2] / "extract"
ENGLISH = ROOT / "lang" / "en"
MODULES = sorted(p for p in ROOT.rglob("*.py") if ENGLISH not in p.parents)
# methods that compare a text with their argument
_COMPARING = frozenset({"startswith", "endswith", "removeprefix", "removesuffix", "find", "index", "replace", "split"})
_EXPRESSIONS = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"})
# keys of JSON and XML documents, HTML and protocols are read in these
_FORMATS, _PUBLISHERS = ROOT / "feeds", ROOT / "publishers.py"
_GROUP_NAME = re.compile(r"\(\?P<\w+>|\(\?P=\w+\)|\\[a-zA-Z]|\(\?[aiLmsux-]+\)")


def words_of_data() -> frozenset[str]:
    """Every word of three letters or more in the data of English."""
    found: set[str] = set()
    for file in sorted((ENGLISH / "data").glob("*.toml")):
        found.update(_words_in(tomllib.loads(file.read_text(encoding="utf-8"))))
    return frozenset(found)


def _literals(annotations: dict[str, str]) -> Iterator[str]:
    """The values of the fields that are annotated with ``Literal``."""
    for annotation in annotations.values():
        if annotation.startswith("Literal["):
            yield from re.findall(r"\w+", annotation)[1:]


def _words_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield from re.findall(r"[a-z]{3,}", value.lower())
        case list():
            for one in value:
                yield from _words_in(one)
        case dict():
            for one in value.values():
                yield from _words_in(one)


# labels of dependencies that spaCy's models give, and the values of the contract's own vocabularies
_LABELS = frozenset({"compound"})
_VOCABULARY = frozenset(
    value for name in ("Quote", "Perpetrator", "Decision") for value in _literals(getattr(types, name).__annotations__)
)
WORDS = words_of_data() - _LABELS - _VOCABULARY


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each string that is compared with something, or is part of a regular expression."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                yield from _strings(side)
        elif isinstance(node, ast.MatchValue):
            yield from _strings(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in _EXPRESSIONS:
                yield from ((line, _GROUP_NAME.sub(" ", text)) for line, text in _strings(node.args[0]))
            elif node.func.attr in _COMPARING:
                for argument in node.args:
                    yield from _strings(argument)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("frozenset", "set"):
            for argument in node.args:
                yield from _strings(argument)


def _strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Constant(value=str() as text):
            yield node.lineno, text
        case ast.Tuple() | ast.List() | ast.Set():
            for one in node.elts:
                yield from _strings(one)
        case ast.JoinedStr():
            for one in node.values:
                yield from _strings(one)
        case ast.BinOp():
            yield from _strings(node.left)
            yield from _strings(node.right)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_compares_with_no_word_of_english(path: Path) -> None:
    if _FORMATS in path.parents or path == _PUBLISHERS:
        pytest.skip("reads documents or a table, whose keys are English")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        f"line {line}: {text!r}"
        for line, text in literals(tree)
        if not WORDS.isdisjoint(re.findall(r"\b[a-z]{3,}", text))
    ]
    assert found == []


def test_the_check_finds_words() -> None:
    tree = ast.parse(
        'import re\na = token == "killed"\nb = re.compile(r"\\b(?:police) said")\nc = frozenset({"gunmen"})\n'
        'd = word.endswith("wounded")\n'
    )
    found = {text for _, text in literals(tree) if not WORDS.isdisjoint(re.findall(r"[a-z]{3,}", text.lower()))}
    assert len(found) == 4
