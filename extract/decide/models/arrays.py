"""How are the learned weights of a language read from its folder?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from extract.lexicon import Lexicon

T = TypeVar("T")


def read_arrays(lexicon: Lexicon, name: str, make: Callable[[Mapping[str, NDArray[Any]]], T]) -> T | None:
    """``make`` called with the NumPy arrays of a language's ``<name>.npz``; None where there is no such file."""
    file = lexicon.folder / f"{name}.npz"
    if not file.is_file():
        return None
    with resources.as_file(file) as path, np.load(path) as arrays:
        return make(dict(arrays))
