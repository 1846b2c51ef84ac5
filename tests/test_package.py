"""Every file of the two packages gets into the wheel: its folder is found, and what is no code has a pattern."""

from __future__ import annotations

import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from setuptools import find_namespace_packages

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def packaged_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(["git", "ls-files", "-z", "bot", "extract"], cwd=ROOT, capture_output=True, check=True)
    return [Path(name) for name in listed.stdout.decode().split("\0") if name]


def test_every_folder_is_found() -> None:
    found = find_namespace_packages(str(ROOT), include=SETUPTOOLS["packages"]["find"]["include"])
    assert {".".join(path.parent.parts) for path in packaged_files()} <= set(found)


def test_every_file_that_is_no_code_has_a_pattern() -> None:
    patterns = SETUPTOOLS["package-data"]["*"]
    left_out = [
        str(path)
        for path in packaged_files()
        if path.suffix != ".py" and not any(fnmatch(path.name, pattern) for pattern in patterns)
    ]
    assert left_out == []


def test_both_packages_say_that_they_are_typed() -> None:
    assert {Path("bot/py.typed"), Path("extract/py.typed")} <= set(packaged_files())
