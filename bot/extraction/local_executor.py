"""Batches are read by processes of this machine, each with its own extractor."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial

from bot.extraction.executor import BatchExtractor
from bot.extraction.worker import Batch, Result, Work, read_batch


class LocalExecutor:
    """A pool of ``workers`` processes, each started when a batch finds no idle one.

    Where one process dies the whole pool is broken: every batch under way fails with ``BrokenExecutor``.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare)

    def submit(self, work: Work, batch: Batch) -> Future[tuple[Result, ...]]:
        """Let a process do the work.

        Raises:
            BrokenExecutor: a process died earlier; this batch was not begun.
        """
        return self._pool.submit(work, batch)

    def close(self) -> None:
        """Kill the processes at once, also one that hangs: shutting the pool down would wait for it."""
        # the pool offers no way to kill its processes before Python 3.14
        processes = list((getattr(self._pool, "_processes", None) or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with contextlib.suppress(OSError, ValueError):
                process.kill()


def local_extractor(*, model: str, workers: int, timeout: float, batch: int) -> BatchExtractor:
    """Extracts in ``workers`` processes of this machine, ``batch`` articles at a time in each."""
    return BatchExtractor(partial(LocalExecutor, workers), partial(read_batch, model), timeout=timeout, batch=batch)


def _prepare() -> None:
    """In the new process: leave Ctrl-C to the parent process, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
