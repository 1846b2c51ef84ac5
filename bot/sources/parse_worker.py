"""How are untrusted documents parsed safely? In one process with limited memory, killed when it takes too long.

``ParseWorker`` keeps the process and exchanges messages with it over pipes (MessagePack, length first). A document that
exceeds the CPU time or memory kills that process and does no other harm: the next document gets a new process.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

import msgspec

from extract.feeds.document import MAX_BYTES, MAX_ITEMS
from extract.types import Article, FeedLink, FeedList, Frozen, ParsedFeed

CPU_SECONDS = 1.5
MEMORY_BYTES = 256 * 1024 * 1024
# on a busy machine a document gets its CPU time slowly
WALL_SECONDS = 10.0
START_SECONDS = 30.0
# parsers read no further than this, and note that the body is larger
MAX_BODY = MAX_BYTES
_LENGTH = struct.Struct(">I")
_ROOT = Path(__file__).resolve().parents[2]
# documents that one process parses before it is replaced, because of memory leaks in libraries
_MAX_SERVED = 20_000


class Job(Frozen, frozen=True, kw_only=True):
    """One document to parse: for a feed's articles, a page's article, feeds or selected links, or a list's feeds."""

    body: bytes
    what: Literal["feed", "page", "alternates", "links", "opml"] = "feed"
    selector: str = ""
    base_url: str = ""
    content_type: str = ""
    max_items: int = MAX_ITEMS


class Answer(Frozen, frozen=True, kw_only=True):
    """What the process found; the fields that the job didn't ask for are empty."""

    feed: ParsedFeed = ParsedFeed()
    article: Article | None = None
    links: tuple[FeedLink, ...] = ()
    listed: FeedList = FeedList()


class ParseWorker:
    """One process that parses one document after the other; safe to use from several threads."""

    def __init__(self, *, cpu_seconds: float = CPU_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._limits = (str(cpu_seconds), str(memory_bytes))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._served = 0
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def parse(
        self, body: bytes, *, base_url: str = "", content_type: str = "", max_items: int = MAX_ITEMS
    ) -> ParsedFeed:
        """``extract.feeds.parse`` with limits: a document that exceeds one has no articles and a problem."""
        job = Job(body=body, base_url=base_url, content_type=content_type, max_items=max_items)
        answer = self._ask(job)
        return answer.feed if isinstance(answer, Answer) else ParsedFeed(problems=(answer,))

    def parse_links(self, body: bytes, selector: str, *, base_url: str = "", max_items: int = MAX_ITEMS) -> ParsedFeed:
        """``extract.feeds.links_of`` with limits: a page that exceeds one has no articles and a problem."""
        answer = self._ask(Job(body=body, base_url=base_url, what="links", selector=selector, max_items=max_items))
        return answer.feed if isinstance(answer, Answer) else ParsedFeed(problems=(answer,))

    def article_of(self, body: bytes, *, url: str = "") -> Article:
        """``extract.feeds.article_of`` with limits: without text where the page exceeds one."""
        answer = self._ask(Job(body=body, base_url=url, what="page"))
        found = answer.article if isinstance(answer, Answer) else None
        return found or Article(id=url, url=url, text="")

    def alternates(self, body: bytes, *, base_url: str = "") -> tuple[FeedLink, ...]:
        """``extract.feeds.alternates`` with limits: empty where the page exceeds one."""
        answer = self._ask(Job(body=body, base_url=base_url, what="alternates"))
        return answer.links if isinstance(answer, Answer) else ()

    def feeds_of(self, body: bytes) -> FeedList:
        """``extract.feeds.feeds_of`` with limits: a list that exceeds one is refused."""
        answer = self._ask(Job(body=body, what="opml"))
        return answer.listed if isinstance(answer, Answer) else FeedList(problem=answer)

    @property
    def pid(self) -> int | None:
        """The process's id; None where there is no process."""
        return self._process.pid if self._process else None

    def kill(self) -> None:
        """Kill the process, also in the middle of a document; the next document gets a new one."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process; a caller that waits for it gets a problem instead of articles."""
        self._is_closed = True
        self.kill()
        with self._lock:
            self._end()

    def _ask(self, job: Job) -> Answer | str:
        """The process's answer, or why there is none.

        If somebody else killed the process (out of memory, say), the document is tried once more.
        """
        message = msgspec.msgpack.encode(job)
        with self._lock:
            reply = self._exchange(message)
            if reply == -signal.SIGKILL and not self._is_closed:
                reply = self._exchange(message)
            if isinstance(reply, bytes):
                return msgspec.msgpack.decode(reply, type=Answer)
            return self._reason(reply)

    def _exchange(self, message: bytes) -> bytes | int | None:
        """The process's reply, or its exit code where it ended; None where it took too long and was killed."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        self._served += 1
        try:
            process.stdin.write(_LENGTH.pack(len(message)) + message)
            process.stdin.flush()
            reply = _read_within(process.stdout, WALL_SECONDS if self._served > 1 else START_SECONDS)
        except OSError:
            reply = b""
        except TimeoutError:
            process.kill()
            self._end()
            return None
        return reply or self._end()

    def _reason(self, code: int | None) -> str:
        if code is None:
            return "took too long to read: given up"
        if code == -signal.SIGPROF:
            return f"took more than {self._limits[0]} s to read: given up"
        return f"needs too much memory or breaks the parser (exit {code}): given up"

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._served >= _MAX_SERVED:
            self._end()
            self._process = self._started()
            self._served = 0
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(part for part in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if part)
        # one memory arena: each further one reserves address space, which is limited here
        env = {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}
        command = [sys.executable, "-P", "-m", "bot.sources.parse_worker", *self._limits]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
        )

    def _end(self) -> int | None:
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(0.5)
        process.kill()
        return process.wait()


def serve(cpu_seconds: float, memory_bytes: int) -> None:
    """What the process runs: reads jobs from stdin and answers on stdout until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = io.TextIOWrapper(io.BytesIO())  # what a library prints must not be read as an answer
    from extract import feeds  # noqa: PLC0415  loaded in the process only, before its limits are set

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    gc.freeze()
    while message := _read(jobs):
        job = msgspec.msgpack.decode(message, type=Job)
        if job.what == "page":
            import trafilatura  # noqa: F401, PLC0415  its import must not count as time of the page
        # SIGPROF kills the process at once, also inside a C library; the timer counts the CPU time of one document
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        try:
            match job.what:
                case "feed":
                    found = feeds.parse(
                        job.body, base_url=job.base_url, content_type=job.content_type, max_items=job.max_items
                    )
                    answer = Answer(feed=found)
                case "page":
                    answer = Answer(article=feeds.article_of(job.body, url=job.base_url))
                case "links":
                    answer = Answer(feed=feeds.links_of(job.body, job.base_url, job.selector, job.max_items))
                case "alternates":
                    answer = Answer(links=feeds.alternates(job.body, job.base_url))
                case "opml":
                    answer = Answer(listed=feeds.feeds_of(job.body))
        except (MemoryError, RecursionError) as error:
            why = f"too large to read: {type(error).__name__}"
            answer = Answer(feed=ParsedFeed(problems=(why,)), listed=FeedList(problem=why))
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        reply = msgspec.msgpack.encode(answer)
        answers.write(_LENGTH.pack(len(reply)) + reply)
        answers.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_LENGTH.size)
    return pipe.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


def _read_within(pipe: IO[bytes], seconds: float) -> bytes:
    """One message; empty where the pipe ends.

    Raises:
        TimeoutError: there is no whole message within ``seconds``.
    """
    until = time.monotonic() + seconds
    data, wanted = bytearray(), _LENGTH.size
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(data) < wanted:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(pipe.fileno(), 1 << 20)
            if not part:
                return b""
            data += part
            if wanted == _LENGTH.size and len(data) >= wanted:
                wanted += _LENGTH.unpack(data[: _LENGTH.size])[0]
    return bytes(data[_LENGTH.size :])


if __name__ == "__main__":
    serve(float(sys.argv[1]), int(sys.argv[2]))
