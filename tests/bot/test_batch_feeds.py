"""``parse-feed`` as scripts see it."""

from __future__ import annotations

import base64
import io
import json
import sys
from pathlib import Path

import pytest

from bot.batch import feeds
from bot.errors import UsageError

FEED = b"<rss version='2.0'><channel><title>Quay</title><item><title>T</title><link>/1</link></item></channel></rss>"


def line(**fields: str | None) -> str:
    return json.dumps(fields)


def test_document_gives_a_line_an_article(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "f.xml").write_bytes(FEED)
    feeds.parse_one(str(tmp_path / "f.xml"), base_url="https://quay.example/f", content_type="")
    out, err = capfdbinary.readouterr()
    expected = {"id": "https://quay.example/1", "title": "T", "url": "https://quay.example/1"}
    assert json.loads(out) == {**expected, "source": "quay.example", "text": ""}
    assert err == b""


def test_document_that_is_none_gives_nothing_and_says_why(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "f.xml").write_bytes(b"hello")
    feeds.parse_one(str(tmp_path / "f.xml"), base_url="", content_type="")
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert err.decode() == f"{tmp_path / 'f.xml'}: no feed: neither RSS, RDF, Atom nor JSON Feed\n"


def test_missing_file_is_the_callers_mistake() -> None:
    with pytest.raises(UsageError, match="No such file"):
        feeds.parse_one("/nowhere/f.xml", base_url="", content_type="")


def test_batch_answers_each_document_in_order(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    body = base64.b64encode(FEED).decode()
    given = [
        line(id="a", body_b64=body, base_url="https://quay.example/f", content_type=None),
        line(id="b", body_b64=base64.b64encode(b"hello").decode()),
        "no JSON",
        line(id="c", body_b64="???"),
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(given).encode())))
    assert feeds.parse_batch("-", strict=False) == 1
    out, err = capfdbinary.readouterr()
    answers = [json.loads(one) for one in out.splitlines()]
    assert [(one["id"], len(one["articles"]), len(one["problems"])) for one in answers] == [
        ("a", 1, 0),
        ("b", 0, 1),
        ("c", 0, 1),
    ]
    assert err.startswith(b"stdin, line 3: expected a JSON object with id and body_b64")
