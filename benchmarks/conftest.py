"""Where the measurements find the modules of the tests and scripts; one thread a process, as in the service."""

import os
import sys
from pathlib import Path

from bot.cli import THREADS

for name in THREADS:  # before numpy is imported
    os.environ.setdefault(name, "1")

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bot"), str(ROOT / "scripts")]
