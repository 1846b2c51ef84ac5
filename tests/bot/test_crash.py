"""Killed at named points, again and again: nothing lost, and what may be a repeat says so."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"


def test_a_service_that_is_killed_loses_nothing():
    done = subprocess.run(
        [sys.executable, SCRIPTS / "crash.py", "12", "7"],
        env={"PYTHONPATH": str(SCRIPTS.parent)},
        timeout=300,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0" in done.stdout
