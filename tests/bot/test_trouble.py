"""The disk is full, the file is read-only, two processes write at once: one clear message, and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest
from fakes import NOW

from bot.errors import StoreError
from bot.store import Store, articles, counters
from extract.types import Article

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from bot.store import Store, articles, counters
from extract.types import Article
store, name = Store(Path(sys.argv[1])), sys.argv[2]
for n in range(int(sys.argv[3])):
    if n % 3:
        store.write_sync(counters.count, "writes")
    elif n % 2:
        store.read_sync(articles.waiting, 5)
        store.write_sync(counters.count, "writes")
    else:
        said = Article(id=f"{name}{n}", text="x")
        store.write_sync(lambda tx: (articles.add(tx, "", said, datetime.now(UTC), baseline=False),
                                     counters.count(tx, "writes")))
store.close()
"""


def add(store, key, size=10):
    store.write_sync(articles.add, "", Article(id=key, text="x" * size), NOW, baseline=False)


def test_a_full_disk_is_said_and_what_was_there_stays(store):
    add(store, "first")
    pages = store._writer.submit(lambda: store._conn.execute("PRAGMA page_count").fetchone()[0]).result()
    store._writer.submit(lambda: store._conn.execute(f"PRAGMA max_page_count = {pages + 2}")).result()
    with pytest.raises(StoreError, match="full"):
        add(store, "large", 200_000)
    assert [one.article.id for one in store.read_sync(articles.waiting, 9)] == ["first"]
    store._writer.submit(lambda: store._conn.execute("PRAGMA max_page_count = 1000000")).result()
    add(store, "large", 200_000)
    assert len(store.read_sync(articles.waiting, 9)) == 2


def test_a_file_that_cannot_be_written_is_said(store, tmp_path):
    add(store, "first")
    store._writer.submit(lambda: store._conn.execute("PRAGMA query_only = ON")).result()
    with pytest.raises(StoreError, match="look at its rights"):
        add(store, "second")


def test_a_path_that_is_no_database_is_said(tmp_path):
    (tmp_path / "x.db").write_text("no database at all, but long enough to have a header " * 40)
    with pytest.raises(StoreError, match="is no SQLite database"):
        Store(tmp_path / "x.db")


def test_two_processes_write_at_once_without_a_lock_error(tmp_path):
    path, each = tmp_path / "shared.db", 600
    Store(path).close()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, name, str(each)], cwd=ROOT, stderr=subprocess.PIPE)
        for name in "ab"
    ]
    errors = [one.communicate(timeout=120)[1] for one in writers]
    assert errors == [b"", b""]
    store = Store(path)
    assert store.read_sync(counters.counters)["writes"] == 2 * each
    store.close()
