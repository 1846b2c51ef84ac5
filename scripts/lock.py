"""Write requirements.lock: every package that the service installs, with its version and the hashes of its files.

    make lock

Versions are those of constraints.txt, with which the tests have passed; hashes are the package index's own, of all
files of a release, so that one file is valid for every processor and Python version. Build requirements are included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
# prefixes of variables that could make uv use another index than the public one
ELSEWHERE = ("UV_", "PIP_")
HEAD = """\
# What the service installs, with hashes. Made by: make lock
# pip install --require-hashes -r requirements.lock && pip install --no-deps --no-build-isolation .
"""


def main() -> int:
    made = subprocess.run(
        command(), input=build_requirements(), env=environment(), text=True, capture_output=True, cwd=ROOT, check=False
    )
    if made.returncode:
        print(made.stderr, file=sys.stderr)
        return 1
    LOCK.write_text(HEAD + made.stdout, "utf-8")
    return 0


def command() -> list[str]:
    """uv's command line, which ignores this machine's configuration."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = settings["requires-python"].removeprefix(">=")
    return [
        sys.executable, "-m", "uv", "--no-config", "pip", "compile", "--quiet", "--universal", "--generate-hashes",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--python-version", oldest,
        "--constraints", "constraints.txt", "--no-strip-markers", "pyproject.toml", "-",
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """This process's environment, without the variables of other package indexes."""
    return {name: value for name, value in os.environ.items() if not name.startswith(ELSEWHERE)}


def build_requirements() -> str:
    """The build requirements in pyproject.toml, one on each line."""
    return "\n".join(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"])


if __name__ == "__main__":
    sys.exit(main())
