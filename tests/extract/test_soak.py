"""Damaged feeds never break the parser: the beginning of what ``make soak`` does a million times."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import soak


@pytest.mark.parametrize("seed", range(4))
def test_no_mutant_of_a_feed_breaks_the_parser(seed):
    result = soak.chunk(0, 400, seed)
    assert result["failures"] == []


def test_mutants_are_the_same_each_time_and_differ_from_what_they_are_made_of():
    documents = list(soak.golden().values())
    first, again = (
        [soak.mutant(documents, chance) for _ in range(50)] for chance in (random.Random(7), random.Random(7))
    )
    assert first == again
    assert sum(body not in documents for body, _ in first) > 40


def test_every_format_is_damaged():
    assert {Path(name).suffix for name in soak.golden()} == {".xml", ".json", ".html"}
    assert len(soak.golden()) == 20


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, AssertionError])
def test_an_exception_is_a_failure_with_its_mutant(monkeypatch, error):
    def broken(*_args, **_kwargs):
        raise error("broken here")

    monkeypatch.setattr(soak, "parse", broken)
    result = soak.chunk(3, 2, 1)
    assert result["failed"] == 2
    assert result["failures"][0]["mutant"] == "3.0"
    assert "broken here" in result["failures"][0]["why"]
    bytes.fromhex(result["failures"][0]["body"])


def test_text_that_cannot_be_stored_is_a_failure(monkeypatch):
    found = soak.ParsedFeed(articles=(soak.Article(id="x", text="\ud800"),))
    monkeypatch.setattr(soak, "parse", lambda *_args, **_kwargs: found)
    assert "text that is none" in soak.complaint(b"", "")


def test_a_chunk_that_takes_its_process_down_is_a_failure(monkeypatch):
    monkeypatch.setattr(soak.sys, "executable", "/bin/false")
    assert soak._in_a_process(0, 1, 1)["failed"] == 1


def test_a_soak_goes_on_where_it_was(tmp_path, monkeypatch, capsys):
    state, done = tmp_path / "state.jsonl", []

    def fake(number, count, seed):
        done.append(number)
        return {**soak._broken(number, seed, ""), "failures": [], "failed": 0, "mutants": count}

    monkeypatch.setattr(soak, "_in_a_process", fake)
    for count in (20_000, 30_000):
        monkeypatch.setattr(sys, "argv", ["soak.py", str(count), "--state", str(state)])
        assert soak.main() == 0
    assert done == [0, 1, 2]
    assert "30000 mutants, 0 failed" in capsys.readouterr().out
