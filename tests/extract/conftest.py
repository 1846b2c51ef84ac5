"""One extractor for all tests of this folder: building it takes a second."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from extract import Extractor

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor()
