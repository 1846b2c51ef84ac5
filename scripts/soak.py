"""Does any damaged feed break the parser? python scripts/soak.py [COUNT] [SEED] [--state FILE]

Damages the golden feeds of every format at random with a seed and parses each mutant: no exception, well-formed
articles, and no document that takes long. Each chunk runs in a process of its own and writes one line to the state
file, so that an interrupted run can be resumed; a chunk whose process crashes is a failure.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extract.feeds import alternates, parse  # noqa: E402
from extract.types import Article, ParsedFeed  # noqa: E402

GOLDEN = ROOT / "tests" / "extract" / "feeds"
BASE = "https://feeds.example/news/feed.xml"
CHUNK = 10_000
CHUNK_SECONDS = 900
# a small document that takes the parser this long is a failure
SLOW_SECONDS = 1.0
MOST_MUTATIONS = 6
MOST_BYTES = 20_000
# byte sequences that real documents have had in the wrong place
ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r\r\n", b"&", b"&#0;",
    b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"&nosuch;", b"&amp;amp;", b"<", b">", b"</", b"<!--", b"-->",
    b"<![CDATA[", b"]]>", b"<!DOCTYPE x [<!ENTITY e 'e'>]>", b"<!ENTITY a SYSTEM 'file:///etc/hostname'>", b"<?xml ?>",
    b"<?xml version='1.0' encoding='utf-16'?>", b"encoding='ebcdic-cp-us'", b"encoding='idna'", b"xmlns=''",
    b"xmlns:a='http://www.w3.org/2005/Atom'", b"xml:base='http://['", b"href='http://[::1'", b"href='//'",
    b"http://\xe2\x80\xae", b"javascript:alert(1)", b"data:,x", b"-1", b"1e999", b"NaN", b"null", b"true", b"[[[[",
    b"{}", b'"', b"'", b"\\u0000", b"\\ud800", b"999999999999999999999", b"0000-00-00T00:00:00Z",
    b"9999-12-31T23:59:60Z", b"Mon, 31 Feb 2026 25:61:61 +9999", b"20260302T", b"2026-W53-7", b"1969", b"<item/>",
    b"<entry>", b"</channel>",
)  # fmt: skip
CHARSETS = ("utf-8", "utf-16", "utf-32", "latin-1", "utf-7", "shift_jis", "koi8-r", "cp037", "no-such-charset", "")
TYPES = (
    "", "application/rss+xml", "application/atom+xml", "text/xml", "application/json", "application/feed+json",
    "text/html", "application/cap+xml", "application/geo+json", "image/png", "text/xml; charset", ";;;", "x" * 300,
)  # fmt: skip


def golden() -> dict[str, bytes]:
    """The documents that the mutants are made from, by file name."""
    return {path.name: path.read_bytes() for path in sorted(GOLDEN.iterdir())}


def identity(seed: int) -> str:
    """A key that is equal for two runs with the same mutants: the seed, and a digest of script and documents."""
    made_of = (Path(__file__).read_bytes(), *golden().values())
    return f"{seed} {hashlib.blake2s(b'/'.join(made_of), digest_size=6).hexdigest()}"


def mutant(documents: Sequence[bytes], chance: random.Random) -> tuple[bytes, str]:
    """One damaged document and a content type for it."""
    body = chance.choice(documents)
    if chance.random() < 0.1:
        body = _recoded(body, chance)
    for _ in range(chance.randint(1, MOST_MUTATIONS)):
        body = chance.choice(MUTATIONS)(body, documents, chance)[:MOST_BYTES]
    if chance.random() < 0.02:
        body = _flip(gzip.compress(body, mtime=0), documents, chance)
    charset = chance.choice(CHARSETS) if chance.random() < 0.2 else ""
    return body, chance.choice(TYPES) + (f"; charset={charset}" if charset else "")


def complaint(body: bytes, content_type: str) -> str:
    """The failure in parsing a document; empty where there is none."""
    try:
        found = parse(body, base_url=BASE, content_type=content_type)
        alternates(body, BASE)
    except Exception:  # any exception is a failure
        return traceback.format_exc(limit=-4)
    return _malformed(found)


def chunk(number: int, count: int, seed: int) -> dict[str, object]:
    """Parse the mutants of one chunk; returns its failures, times and peak memory."""
    documents, chance = list(golden().values()), random.Random(f"{seed} {number}")
    failures: list[dict[str, str]] = []
    slowest = 0.0
    begun = time.process_time()
    for n in range(count):
        body, content_type = mutant(documents, chance)
        at = time.process_time()
        why = complaint(body, content_type)
        took = time.process_time() - at
        slowest = max(slowest, took)
        if why or took > SLOW_SECONDS:
            failures.append({"mutant": f"{number}.{n}", "why": why or f"{took:.1f} s", "body": body.hex()})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    taken = time.process_time() - begun
    return {
        "chunk": number, "of": identity(seed), "mutants": count, "failures": failures[:20], "failed": len(failures),
        "slowest_ms": round(slowest * 1000, 1), "mean_ms": round(taken / count * 1000, 3), "peak_mb": peak,
    }  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("count", nargs="?", type=int, default=1_000_000)
    asked.add_argument("seed", nargs="?", type=int, default=1)
    asked.add_argument("--state", type=Path, default=Path("build/soak.jsonl"), help="one line a chunk that is done")
    asked.add_argument("--chunk", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.chunk is not None:
        print(json.dumps(chunk(given.chunk, min(CHUNK, given.count), given.seed)))
        return 0
    given.state.parent.mkdir(parents=True, exist_ok=True)
    done = _done(given.state, given.seed)
    chunks = -(-given.count // CHUNK)
    for number in sorted(set(range(chunks)) - set(done)):
        count = min(CHUNK, given.count - number * CHUNK)
        done[number] = _in_a_process(number, count, given.seed)
        with given.state.open("a") as stream:
            stream.write(json.dumps(done[number]) + "\n")
        print(f"{len(done)} of {chunks} chunks", file=sys.stderr)
    return _report([done[number] for number in range(chunks)])


def _in_a_process(number: int, count: int, seed: int) -> dict[str, object]:
    command = [sys.executable, __file__, str(count), str(seed), "--chunk", str(number)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=CHUNK_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _broken(number, seed, f"not done after {CHUNK_SECONDS} s")
    if ended.returncode:
        return _broken(number, seed, f"exit {ended.returncode}: {ended.stderr.decode('utf-8', 'replace')[-500:]}")
    result: dict[str, object] = json.loads(ended.stdout)
    return result


def _broken(number: int, seed: int, why: str) -> dict[str, object]:
    failure = {"mutant": f"{number}.?", "why": why, "body": ""}
    return {"chunk": number, "of": identity(seed), "mutants": 0, "failures": [failure], "failed": 1,
            "slowest_ms": 0.0, "mean_ms": 0.0, "peak_mb": 0}  # fmt: skip


def _done(state: Path, seed: int) -> dict[int, dict[str, object]]:
    lines = state.read_text().splitlines() if state.exists() else []
    return {row["chunk"]: row for row in map(json.loads, lines) if row["of"] == identity(seed)}


def _report(rows: Sequence[dict[str, object]]) -> int:
    def column(name: str) -> list[float]:
        return [float(str(row[name])) for row in rows]

    for row in rows:
        for failure in row["failures"]:  # type: ignore[attr-defined]
            print(f"{failure['mutant']}: {failure['why']}")
    failed = int(sum(column("failed")))
    print(
        f"{int(sum(column('mutants')))} mutants, {failed} failed, mean {sum(column('mean_ms')) / len(rows):.2f} ms, "
        f"slowest {max(column('slowest_ms')):.0f} ms, peak memory {max(column('peak_mb')):.0f} MB"
    )
    return int(failed > 0)


def _malformed(found: ParsedFeed) -> str:
    for article in found.articles:
        if not isinstance(article, Article) or not article.id:
            return f"no article: {article!r:.200}"
        try:
            "".join((article.id, article.title, article.text, article.url)).encode()
        except UnicodeEncodeError as error:
            return f"text that is none: {error}"
        if article.published is not None and article.published.tzinfo is None:
            return "a time without a zone"
    return ""


# ------------------------------------------------------------------ damage


def _cut(body: bytes, chance: random.Random) -> tuple[int, int]:
    """The bounds of a random slice of a document, mostly a short one."""
    start = chance.randrange(len(body) + 1)
    return start, min(len(body), start + int(chance.expovariate(1 / 40)) + 1)


def _flip(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    if not body:
        return body
    at, changed = chance.randrange(len(body)), bytearray(body)
    changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _drop(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _cut(body, chance)
    return body[:start] + body[end:]


def _end(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _repeat(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _cut(body, chance)
    return body[:start] + body[start:end] * chance.choice((2, 3, 50)) + body[end:]


def _move(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _cut(body, chance)
    rest = body[:start] + body[end:]
    to = chance.randrange(len(rest) + 1)
    return rest[:to] + body[start:end] + rest[to:]


def _insert(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(ODD) + body[at:]


def _replace(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _cut(body, chance)
    return body[:start] + chance.choice(ODD) + body[end:]


def _splice(body: bytes, documents: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(documents)
    start, end = _cut(body, chance)
    first = chance.randrange(len(other))
    return body[:start] + other[first : first + chance.randrange(400)] + body[end:]


def _recoded(body: bytes, chance: random.Random) -> bytes:
    charset = chance.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp037", "utf-7"))
    return body.decode("utf-8", "replace").encode(charset, "replace")


Mutation = Callable[[bytes, Sequence[bytes], random.Random], bytes]
MUTATIONS: tuple[Mutation, ...] = (_flip, _flip, _drop, _end, _repeat, _move, _insert, _insert, _replace, _splice)


if __name__ == "__main__":
    sys.exit(main())
