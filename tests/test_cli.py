"""The command line as scripts see it: standard input and files in, lines out, exit codes."""

from __future__ import annotations

import base64
import csv
import functools
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot import cli
from bot.store import Store
from extract import Extractor

BLAST = {
    "id": "b1",
    "title": "Blast at bus terminal in Multan kills four",
    "text": (
        "MULTAN, Pakistan - A bomb exploded at a bus terminal in Multan on Friday, killing four people and wounding "
        "11, police said.\n\nNo group has claimed responsibility."
    ),
    "published": "2026-03-06T09:00:00Z",
    "source": "meridian.example",
    "url": "https://meridian.example/1",
}
TOLL = {
    "id": "b2",
    "title": "Toll of Multan bus terminal bombing rises to seven",
    "text": (
        "The death toll from a bombing at a bus terminal in the Pakistani city of Multan rose to seven, the city "
        "police chief said on Friday. Eleven people were injured."
    ),
    "published": "2026-03-06T12:00:00Z",
    "source": "ledger.example",
    "url": "https://ledger.example/1",
}
FIRE = {
    "id": "f1",
    "title": "Fire in textile warehouse in Medellín injures three",
    "text": "Fire gutted a textile warehouse in Medellín, Colombia, on Friday, injuring three workers, officials said.",
    "published": "2026-03-06T10:00:00Z",
    "source": "cordillera.example",
}
SHOOTING = {
    "id": "=1+1",
    "title": "Gunmen kill two guards at checkpoint in Khanewal",
    "text": "Gunmen shot dead two security guards at a checkpoint in Khanewal, Pakistan, on Saturday, police said.",
    "published": "2026-03-07T08:00:00Z",
    "source": "lowland.example",
}
MATCH = {
    "id": "m1",
    "title": "Late strike sinks champions",
    "text": "A stunning strike in stoppage time sank the champions on Friday. The coach called the match a battle.",
    "published": "2026-03-06T21:00:00Z",
    "source": "lowland.example",
}
QUIET = {"id": "q1", "text": "The choir festival opens on Friday in the old mill.", "published": "2026-03-05"}
SIX = (BLAST, TOLL, FIRE, SHOOTING, MATCH, QUIET)


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@functools.cache
def one_extractor(model: str = "") -> Extractor:
    return Extractor(model)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """The command line in this process; the model is loaded once for all tests."""
    monkeypatch.setattr("bot.batch.extract.Extractor", one_extractor)
    monkeypatch.setattr("bot.batch.replay.Extractor", one_extractor)

    def ran(*args: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["tocsin", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), out, err.decode())

    return ran


def jsonl(articles: Sequence[object]) -> bytes:
    return b"".join(json.dumps(article, ensure_ascii=False).encode() + b"\n" for article in articles)


def file_of(path: Path, articles: Sequence[object]) -> Path:
    path.write_bytes(jsonl(articles))
    return path


@pytest.fixture
def six(tmp_path: Path) -> Path:
    return file_of(tmp_path / "six.jsonl", SIX)


@pytest.fixture
def replayed(run: Run, six: Path, tmp_path: Path) -> Path:
    """A database that has been through the six articles."""
    assert run("replay", six, "--db", tmp_path / "six.db").code == 0
    return tmp_path / "six.db"


# ------------------------------------------------------------------ extract


def test_extract_reads_a_file_and_keeps_its_order(run: Run, six: Path) -> None:
    ran = run("extract", six)
    assert (ran.code, ran.err) == (0, "")
    assert [line["id"] for line in ran.lines] == [article["id"] for article in SIX]
    assert [line["relevant"] for line in ran.lines] == [True, True, True, True, False, False]


@pytest.mark.parametrize("args", [[], ["-"]])
def test_extract_reads_standard_input(run: Run, args: list[str]) -> None:
    ran = run("extract", *args, stdin=jsonl([FIRE]))
    assert [(line["id"], line["reports"][0]["kind"]) for line in ran.lines] == [("f1", "fire")]


def test_every_quote_is_exactly_its_slice(run: Run, six: Path) -> None:
    by_id = {article["id"]: article for article in SIX}
    quotes = 0
    for line in run("extract", six).lines:
        for report in line["reports"]:
            for quote in (quote for found in report["evidence"].values() for quote in found):
                assert quote["quote"] == by_id[line["id"]][quote["in"]][quote["start"] : quote["end"]]
                quotes += 1
    assert quotes > 10


def test_bad_lines_are_reported_with_file_and_line_and_skipped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    no_text, bad_time = {"id": "x"}, {"id": "y", "text": "", "published": "yesterday"}
    path.write_bytes(b"{nothing\n" + jsonl([FIRE]) + b"\n" + jsonl([no_text, bad_time]) + b"\xff\n" + jsonl([BLAST]))
    ran = run("extract", path)
    assert (ran.code, [line["id"] for line in ran.lines]) == (0, ["f1", "b1"])
    first, *more, last = ran.err.splitlines()
    assert first.startswith(f"{path}, line 1: expected an article as a JSON object with id and text")
    assert [line.partition(": ")[0] for line in more] == [f"{path}, line {number}" for number in (4, 5, 6)]
    assert "published as an ISO 8601 date" in more[1]
    assert last == "4 bad lines skipped"


def test_strict_stops_at_the_first_bad_line(run: Run) -> None:
    ran = run("extract", "--strict", stdin=jsonl([FIRE]) + b"[]\n" + jsonl([BLAST]))
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1 and ran.err.startswith("tocsin: stdin, line 2: expected an article")
    assert [line["id"] for line in ran.lines] == [FIRE["id"]]


def test_sums_are_not_shared_out_to_threads_unless_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    run("check-url", "http://127.0.0.1/")
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["OMP_NUM_THREADS"]) == ("1", "2")


def test_unknown_fields_are_ignored(run: Run) -> None:
    assert run("extract", stdin=jsonl([FIRE | {"likes": 3}])).lines[0]["relevant"]


@pytest.mark.parametrize("command", [["extract"], ["places"], ["replay", "--db", "DB"]])
def test_file_that_is_not_there_is_the_callers_mistake(run: Run, tmp_path: Path, command: list[str]) -> None:
    missing = tmp_path / "missing.jsonl"
    ran = run(*[tmp_path / "x.db" if word == "DB" else word for word in command], missing)
    assert (ran.code, ran.out, ran.err) == (2, b"", f"tocsin: {missing}: No such file or directory\n")


@pytest.mark.parametrize("command", [["extract"], ["places"], ["replay", "--db", "DB"]])
def test_empty_file_is_fine(run: Run, tmp_path: Path, command: list[str]) -> None:
    empty = file_of(tmp_path / "empty.jsonl", [])
    ran = run(*[tmp_path / "x.db" if word == "DB" else word for word in command], empty)
    assert (ran.code, ran.out, ran.err) == (0, b"", "")


# ------------------------------------------------------------------ places


def test_offsets_of_places_are_exact(run: Run) -> None:
    article = FIRE | {"text": "🔥 A fire burned in Medellín, Colombia, and smoke was seen in Cali, a witness said."}
    (line,) = run("places", stdin=jsonl([article])).lines
    assert [article["text"][place["start"] : place["end"]] for place in line["places"]] == [
        "Medellín",
        "Colombia",
        "Cali",
    ]
    assert [place["name"] for place in line["places"]] == ["Medellín", "Colombia", "Cali"]
    assert {place["country"] for place in line["places"]} == {"CO"}


# ------------------------------------------------------------------ replay


def test_replay_writes_what_a_chat_would_get(run: Run, six: Path, tmp_path: Path) -> None:
    run("replay", six, "--db", tmp_path / "x.db", "--alerts", tmp_path / "alerts")
    alerts = [json.loads(line) for line in (tmp_path / "alerts").read_bytes().splitlines()]
    assert [(alert["article"], alert["action"]) for alert in alerts] == [
        ("b1", "new"),
        ("f1", "new"),
        ("b2", "reply"),
        ("=1+1", "new"),
    ]
    assert "killed" in alerts[2]["because"]
    assert alerts[0]["incident"] == alerts[2]["incident"] and alerts[2]["at"] == TOLL["published"]


def test_replay_run_again_changes_nothing(run: Run, six: Path, tmp_path: Path) -> None:
    outcomes = []
    for turn in (1, 2):
        run("replay", six, "--db", tmp_path / "x.db", "--alerts", tmp_path / f"alerts{turn}")
        outcomes.append(((tmp_path / f"alerts{turn}").read_bytes(), run("export", "--db", tmp_path / "x.db").out))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0].count(b"\n") == 4


def test_replay_into_another_database_gives_the_same_bytes(run: Run, six: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("replay", six, "--db", tmp_path / f"{name}.db", "--alerts", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_replay_resumed_after_half_equals_replay_in_one_go(run: Run, six: Path, tmp_path: Path) -> None:
    in_time = sorted(SIX, key=lambda article: article["published"])
    half = file_of(tmp_path / "half.jsonl", in_time[:3])
    run("replay", six, "--db", tmp_path / "whole.db", "--alerts", tmp_path / "whole")
    run("replay", half, "--db", tmp_path / "resumed.db")
    run("replay", six, "--db", tmp_path / "resumed.db", "--alerts", tmp_path / "resumed")
    assert (tmp_path / "resumed").read_bytes() == (tmp_path / "whole").read_bytes()
    assert run("export", "--db", tmp_path / "resumed.db").out == run("export", "--db", tmp_path / "whole.db").out


def test_order_of_the_file_does_not_matter(run: Run, six: Path, tmp_path: Path) -> None:
    turned = file_of(tmp_path / "turned.jsonl", SIX[::-1])
    for path in (six, turned):
        run("replay", path, "--db", path.with_suffix(".db"), "--alerts", path.with_suffix(".alerts"))
    assert turned.with_suffix(".alerts").read_bytes() == six.with_suffix(".alerts").read_bytes()


def test_deliveries_are_empty_where_nobody_subscribed(run: Run, six: Path, tmp_path: Path) -> None:
    run("replay", six, "--db", tmp_path / "x.db", "--deliveries", tmp_path / "deliveries")
    assert (tmp_path / "deliveries").read_bytes() == b""


# ------------------------------------------------------------------ export


def test_export_as_json_lines(run: Run, replayed: Path) -> None:
    found = run("export", "--db", replayed).lines
    assert [(one["place"]["name"], one["killed"]["low"]) for one in found] == [
        ("Multan", 7),
        ("Medellín", None),
        ("Khanewal", 2),
    ]
    assert [article["id"] for article in found[0]["articles"]] == ["b1", "b2"]
    assert (found[0]["version"], found[0]["origins"]) == (2, 2)


def test_export_as_csv_guards_against_formulas(run: Run, replayed: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("export", "--db", replayed, "--format", "csv").out.decode())))
    assert [row["place"] for row in rows] == ["Multan", "Medellín", "Khanewal"]
    assert rows[2]["articles"] == "'=1+1"
    assert rows[0]["articles"] == "https://meridian.example/1 https://ledger.example/1"


def test_export_as_geojson(run: Run, replayed: Path) -> None:
    whole = json.loads(run("export", "--db", replayed, "--format", "geojson").out)
    assert whole["type"] == "FeatureCollection"
    lon, lat = whole["features"][0]["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (71, 30)
    assert whole["features"][0]["properties"]["place"] == "Multan"


@pytest.mark.parametrize(
    ("filters", "places"),
    [("Pakistan", ["Multan", "Khanewal"]), ("fire", ["Medellín"]), ("Multan severe", ["Multan"]), ("Norway", [])],
)
def test_export_takes_the_words_of_search(run: Run, replayed: Path, filters: str, places: list[str]) -> None:
    assert [one["place"]["name"] for one in run("export", "--db", replayed, *filters.split()).lines] == places


def test_unknown_format_is_the_callers_mistake(run: Run, replayed: Path) -> None:
    ran = run("export", "--db", replayed, "--format", "xls")
    assert (ran.code, ran.err) == (
        2,
        "tocsin: no format 'xls': choose one of jsonl, csv, geojson, cap, atom, rss, stix\n",
    )


# ------------------------------------------------------------------ explain, status


def test_explain_tells_of_an_article_and_of_its_incident(run: Run, replayed: Path) -> None:
    (of_article,) = run("explain", "--db", replayed, "b2").lines
    decision = of_article["decisions"][0]["decision"]
    assert decision["action"] == "merge"
    (of_incident,) = run("explain", "--db", replayed, decision["incident"]).lines
    assert of_incident["incident"]["id"] == decision["incident"]
    assert len(of_incident["versions"]) == 2


def test_explain_of_an_unknown_id_is_the_callers_mistake(run: Run, replayed: Path) -> None:
    ran = run("explain", "--db", replayed, "nobody")
    assert (ran.code, ran.out) == (2, b"")
    assert ran.err == f"tocsin: {replayed}: no article or incident has the id 'nobody'\n"


def test_status_of_a_fresh_database(run: Run, tmp_path: Path) -> None:
    run("replay", file_of(tmp_path / "empty.jsonl", []), "--db", tmp_path / "fresh.db")
    (state,) = run("status", "--db", tmp_path / "fresh.db").lines
    assert (state["totals"], state["sources"], state["problems"]) == ({"incidents": 0}, [], [])


@pytest.mark.parametrize("command", [["status"], ["export"], ["explain", "x"]])
def test_database_that_is_not_there_is_not_made(run: Run, tmp_path: Path, command: list[str]) -> None:
    ran = run(*command, "--db", tmp_path / "none.db")
    assert (ran.code, ran.err) == (2, f"tocsin: {tmp_path / 'none.db'}: there is no such database\n")
    assert not (tmp_path / "none.db").exists()


def test_file_that_is_no_database_is_said_to_be_none(run: Run, six: Path) -> None:
    ran = run("status", "--db", six)
    assert ran.code in (1, 2) and len(ran.err.splitlines()) == 1 and str(six) in ran.err


# ------------------------------------------------------------------ check-config


def test_check_config_names_every_mistake_with_its_key(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[telegram]\nadmin = [1]\n[alerts]\nfresh = "soon"\nloud = "very"\n[[sources]]\nurl = "x"\n')
    ran = run("check-config", "--config", path)
    assert (ran.code, ran.out) == (2, b"")
    for key in (
        "telegram.admin: no such key; did you mean admins?",
        "alerts.fresh:",
        "alerts.loud:",
        "sources[0].url:",
    ):
        assert f"{path}: {key}" in ran.err


def test_check_config_names_what_the_machine_lacks_beside_the_other_mistakes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[store]\npath = "{tmp_path}/none/t.db"\n[extract]\nmodel = "xx_none_sm"\nworkers = 0\n')
    ran = run("check-config", "--config", path)
    assert ran.code == 2
    for said in ("extract.workers: has to be at least 1", f"mkdir -p {tmp_path}/none", "xx_none_sm is not installed"):
        assert said in ran.err


def test_version_is_told(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"tocsin {version('tocsin')}\n".encode())


def test_check_config_is_content_with_the_example(run: Run) -> None:
    (said,) = run("check-config", "--config", Path(__file__).parents[1] / "config.example.toml").lines
    assert said["ok"]


def test_configuration_that_is_not_there_is_the_callers_mistake(run: Run, tmp_path: Path) -> None:
    ran = run("run", "--config", tmp_path / "none.toml")
    assert (ran.code, ran.err) == (2, f"tocsin: {tmp_path / 'none.toml'}: No such file or directory\n")


# ------------------------------------------------------------------ parse-feed, check-url

FEED = b"""<rss version="2.0"><channel><title>Quay</title>
<item><guid isPermaLink="false">q-2</guid><title>Second</title><link>/2</link></item>
<item><title>First</title><link>/1</link></item></channel></rss>"""


@pytest.mark.parametrize("where", ["file", "stdin"])
def test_parse_feed_gives_a_line_an_article_in_the_documents_order(run: Run, tmp_path: Path, where: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED)
    name = str(path) if where == "file" else "-"
    ran = run("parse-feed", name, "--base-url", "https://quay.example/feed", stdin=FEED)
    assert (ran.code, ran.err) == (0, "")
    assert [(one["id"], one["title"], one["url"]) for one in ran.lines] == [
        ("q-2", "Second", "https://quay.example/2"),
        ("https://quay.example/1", "First", "https://quay.example/1"),
    ]


def test_parse_feed_says_what_is_wrong_with_a_document(run: Run) -> None:
    ran = run("parse-feed", stdin=b"hello")
    assert (ran.code, ran.out) == (0, b"")
    assert ran.err.startswith("stdin: no feed")


def test_parse_feed_of_a_missing_file_is_the_callers_mistake(run: Run, tmp_path: Path) -> None:
    assert run("parse-feed", tmp_path / "none.xml").code == 2


def test_parse_feed_batch_answers_each_document_in_order(run: Run) -> None:
    good, bad = (base64.b64encode(body).decode() for body in (FEED, b"hello"))
    rows = [{"id": "x", "body_b64": bad}, {"id": "y", "body_b64": good, "base_url": "https://quay.example/feed"}]
    ran = run("parse-feed", "--batch", stdin=jsonl(rows) + b"{}\n")
    assert [(one["id"], len(one["articles"]), len(one["problems"])) for one in ran.lines] == [("x", 0, 1), ("y", 2, 0)]
    assert ran.err.startswith("stdin, line 3: ") and ran.err.endswith("1 bad line skipped\n")
    assert run("parse-feed", "--batch", "--strict", stdin=b"{}\n").code == 2


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://8.8.8.8/feed", 0, "allow\n"),
        ("http://127.0.0.1/feed", 3, "block: "),
        ("http://2130706433/", 3, "block: "),
        ("http://[::ffff:10.0.0.1]/", 3, "block: "),
        ("file:///etc/passwd", 3, "block: "),
    ],
)
def test_check_url_says_whether_the_fetcher_would_connect(run: Run, url: str, code: int, said: str) -> None:
    ran = run("check-url", url)
    assert (ran.code, ran.err) == (code, "")
    assert ran.out.decode().startswith(said) and ran.out.count(b"\n") == 1


# ------------------------------------------------------------------ the whole


def test_command_that_does_not_exist_is_the_callers_mistake(run: Run) -> None:
    assert run("extrac").code == 2


def test_module_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "places", str(tmp_path / "none.jsonl")]
    ended = subprocess.run(command, capture_output=True, check=False, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"tocsin: {tmp_path / 'none.jsonl'}: No such file or directory\n"


# ------------------------------------------------------------------ sources as OPML

OPML = b"""<opml version="2.0"><body><outline text="News"><outline text="Quay" xmlUrl="https://quay.example/f"/>
<outline xmlUrl="https://quay.example/f"/><outline xmlUrl="http://10.0.0.1/f"/></outline></body></opml>"""


def test_sources_go_into_a_database_and_out_of_it(run: Run, tmp_path: Path) -> None:
    db = tmp_path / "t.db"
    Store(db).close()
    (tmp_path / "feeds.opml").write_bytes(OPML)
    came = run("import-sources", tmp_path / "feeds.opml", "--db", db)
    refused = [{"url": "http://10.0.0.1/f", "why": "10.0.0.1 is not a public address"}]
    assert came.code == 0
    assert came.lines == [{"added": 1, "known": 0, "repeated": 1, "refused": refused}]
    assert run("import-sources", "-", "--db", db, stdin=OPML).lines[0]["known"] == 1
    out = run("export-sources", "--db", db)
    assert out.code == 0 and b'xmlUrl="https://quay.example/f"' in out.out and b'text="Quay"' in out.out


@pytest.mark.parametrize("body", [b"", b"hello", b"<html/>", b"<opml><body/></opml>"])
def test_a_file_that_is_no_opml_is_the_callers_mistake(run: Run, tmp_path: Path, body: bytes) -> None:
    Store(tmp_path / "t.db").close()
    failed = run("import-sources", "-", "--db", tmp_path / "t.db", stdin=body)
    assert (failed.code, failed.out) == (2, b"")
    assert failed.err.startswith("tocsin: -: it ") and failed.err.count("\n") == 1
