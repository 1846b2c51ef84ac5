"""The configuration is read again at SIGHUP: what is good holds without a restart, what is broken changes nothing."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import parse
from bot.operations import reload

ROOT = Path(__file__).parents[2]
SECONDS = 40
ONE, OTHER = f"111:{'a' * 35}", f"222:{'b' * 35}"


def config(**sections):
    return parse({name: dict(values) for name, values in sections.items()})


# ------------------------------------------------------------------ what may change


def test_limits_admins_and_sources_change():
    running = config(telegram={"token": ONE})
    new = parse({"telegram": {"token": ONE, "admins": [5]}, "alerts": {"per_second": 3},
                 "sources": [{"url": "https://a.example/"}]})  # fmt: skip
    assert reload.merged(running, new) == (new, ())
    assert reload.changed(running, new) == ("[telegram] admins", "[alerts] per_second", "[[sources]]")


def test_token_and_database_stay_until_a_restart_and_are_named_without_their_values():
    running = config(telegram={"token": ONE}, store={"path": "old.db"})
    new = config(telegram={"token": OTHER, "admins": [5]}, store={"path": "new.db", "backup_keep": 3})
    went_on, kept = reload.merged(running, new)
    assert kept == ("[telegram] token", "[store] path")
    assert went_on.telegram.token.get_secret_value() == ONE
    assert (went_on.store.path, went_on.store.backup_keep, went_on.telegram.admins) == (Path("old.db"), 3, (5,))


def test_the_same_file_changes_nothing():
    assert reload.changed(config(log={"level": "debug"}), config(log={"level": "debug"})) == ()


# ------------------------------------------------------------------ a running service


class Service:
    """``tocsin run`` in a process of its own, without a token, and what it logs."""

    def __init__(self, folder):
        self.file, self.db, self.log = folder / "config.toml", folder / "t.db", folder / "log"
        self.write("https://first.example/feed")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--config", str(self.file)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
            )  # fmt: skip

    def write(self, url, more=""):
        path = f'[store]\npath = "{self.db}"\n'
        self.file.write_text(f'{path}{more}\n[[sources]]\nurl = "{url}"\nevery = "1h"\n')

    def hang_up(self):
        self.process.send_signal(signal.SIGHUP)

    def logs(self, text, times=1):
        """Wait until the log says so."""
        until = time.monotonic() + SECONDS
        while self.log.read_text().count(text) < times:
            assert time.monotonic() < until and self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def sources(self):
        with closing(sqlite3.connect(self.db)) as conn:
            return [row[0] for row in conn.execute("SELECT url FROM sources ORDER BY url")]


@pytest.fixture
def service(tmp_path):
    made = Service(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def test_a_running_service_takes_what_is_good_and_keeps_what_it_has_where_it_is_broken(service):
    service.logs("started")
    service.write("ftp://broken.example")
    service.hang_up()
    service.logs("the configuration stays as it was")
    assert "sources[0].url: an address begins with http" in service.log.read_text()
    assert service.sources() == ["https://first.example/feed"]
    service.write("https://second.example/feed", more="backup_keep = 3\n[alerts]\nper_second = 5")
    service.hang_up()
    service.logs("started", times=2)
    assert "changed='[store] backup_keep, [alerts] per_second, [[sources]]'" in service.log.read_text()
    assert service.sources() == ["https://second.example/feed"]
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(SECONDS) == 0
