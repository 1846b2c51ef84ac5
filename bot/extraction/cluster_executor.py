"""Batches are read by workers of a Dask cluster, on this machine or others; they may die, join and leave.

Every call to the cluster waits for the network, so all are made in order by one thread of its own. A batch is read by
one thread at a time in each worker, and only where the worker has the same code and models as the service.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from distributed import Client, KilledWorker

from bot.errors import ClusterUnavailable
from bot.extraction.executor import BatchExtractor
from bot.extraction.fingerprint import fingerprint
from bot.extraction.worker import Batch, Result, Work, read_batch

log = logging.getLogger(__name__)

# how long the scheduler may take to answer
CONNECT_SECONDS = 10.0
# how long a cluster may be without any worker, as it is when its only one was killed
WORKERS_SECONDS = 20.0
# how often it is looked whether workers are left while batches are under way
LOOK_SECONDS = 2.0
# workers that hang are started anew within this time
RESTART_SECONDS = 30.0
_ONE_AT_A_TIME = threading.Lock()

Answer = Future[tuple[Result, ...]]
# a future of distributed, which has no types
ClusterFuture = Any


class ClusterExecutor:
    """The workers of the cluster whose scheduler is at an address such as "tcp://host:8786".

    ``workers`` is how many there were when it was last looked, at least 1; the cluster is called when the first batch
    is submitted. A future fails with ``BrokenExecutor`` where the batch killed its workers, with ``ClusterUnavailable``
    where no worker is left, none answers or one has other code: nothing was wrong with the batch.
    """

    def __init__(self, address: str) -> None:
        self.workers = 1
        self._address = address
        self._line = ThreadPoolExecutor(1, thread_name_prefix="cluster")
        self._client: Client | None = None
        self._under_way: dict[Answer, ClusterFuture] = {}
        self._look: threading.Timer | None = None

    def submit(self, work: Work, batch: Batch) -> Answer:
        """Let a worker of the cluster do the work; returns at once.

        Raises:
            BrokenExecutor: it was closed.
        """
        answer: Answer = Future()
        try:
            self._line.submit(self._send, work, batch, answer)
        except RuntimeError as error:
            raise BrokenExecutor("the connection to the cluster was closed") from error
        return answer

    def close(self) -> None:
        """Leave the cluster; returns at once. Workers that read a batch of ours are started anew: one may hang."""
        try:
            self._line.submit(self._leave)
        except RuntimeError:  # closed before
            return
        self._line.shutdown(wait=False)

    # ------------------------------------------------------------------ on the thread of the cluster

    def _send(self, work: Work, batch: Batch, answer: Answer) -> None:
        if not answer.set_running_or_notify_cancel():
            return
        try:
            client = self._connected()
            self._count_workers(client)
            sent = client.submit(read_if_same, fingerprint(), work, batch, pure=False)
        except (OSError, TimeoutError, RuntimeError, ValueError, ClusterUnavailable) as error:
            answer.set_exception(self._unavailable(error))
            return
        self._under_way[answer] = sent
        sent.add_done_callback(partial(self._pass_on, answer))
        self._look_again()

    def _connected(self) -> Client:
        if self._client is None:
            self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        return self._client

    def _count_workers(self, client: Client) -> None:
        """Raises ClusterUnavailable where there are none, also after some time: one that died is started anew."""
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            why = f"the cluster at {self._address} has no workers: start dask worker {self._address}"
            raise ClusterUnavailable(why) from None
        self.workers = max(1, len(client.nthreads()))

    def _pass_on(self, answer: Answer, sent: ClusterFuture) -> None:
        self._under_way.pop(answer, None)
        if answer.done():
            return
        try:
            answer.set_result(sent.result())
        except KilledWorker as error:
            answer.set_exception(BrokenExecutor(str(error)))
        except (CancelledError, OSError) as error:
            answer.set_exception(self._unavailable(error or "the scheduler forgot the batch"))
        except Exception as error:  # whatever the work raised
            answer.set_exception(error)

    def _look_again(self) -> None:
        if self._look is None or not self._look.is_alive():
            self._look = threading.Timer(LOOK_SECONDS, self._submit_look)
            self._look.daemon = True
            self._look.start()

    def _submit_look(self) -> None:
        try:
            self._line.submit(self._look_for_workers)
        except RuntimeError:  # closed
            return

    def _look_for_workers(self) -> None:
        """Give up what is under way where no worker is left to do it."""
        if not self._under_way or self._client is None:
            return
        try:
            self._count_workers(self._client)
        except (OSError, TimeoutError, RuntimeError, ValueError, ClusterUnavailable) as error:
            for answer in list(self._under_way):
                self._under_way.pop(answer, None)
                if not answer.done():
                    answer.set_exception(self._unavailable(error))
            return
        self._look = None
        self._look_again()

    def _leave(self) -> None:
        if self._client is None:
            return
        try:
            ours = {sent.key for sent in self._under_way.values()}
            busy = [worker for worker, keys in self._client.processing().items() if ours.intersection(keys)]
            self._client.cancel(list(self._under_way.values()))
            if busy:
                self._client.restart_workers(busy, timeout=RESTART_SECONDS, raise_for_error=False)
            self._client.close(timeout=CONNECT_SECONDS)
        except Exception as error:  # what the cluster says no longer matters
            log.info("left the cluster", extra={"why": str(error)})
        self._client = None

    def _unavailable(self, why: Any) -> ClusterUnavailable:
        if isinstance(why, ClusterUnavailable):
            return why
        return ClusterUnavailable(f"the cluster at {self._address} does not answer: {why}")


def read_if_same(expected: str, work: Work, batch: Batch) -> tuple[Result, ...]:
    """In a worker: the batch read by ``work``, one batch at a time.

    Raises:
        ClusterUnavailable: this worker's code or models are not those of the service.
    """
    if fingerprint() != expected:
        raise ClusterUnavailable(
            "a worker of the cluster has another version of Tocsin's code or models: install the same one everywhere"
        )
    with _ONE_AT_A_TIME:
        return work(batch)


def cluster_extractor(address: str, *, model: str, timeout: float, batch: int) -> BatchExtractor:
    """Extracts on the cluster at this address, ``batch`` articles at a time in each worker."""
    return BatchExtractor(partial(ClusterExecutor, address), partial(read_batch, model), timeout=timeout, batch=batch)
