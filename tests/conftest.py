"""Sums are not shared out to threads, as on the command line; they would take a quarter more of the processors' time."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported
