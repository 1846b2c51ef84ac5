"""What the alert rules and the board ask for is what the service's metrics tell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.alerts.latency import STAGES, Stage
from bot.alerts.service_notices import ALIVE_WITHIN
from bot.operations.health import Health
from bot.operations.metrics import exposition

ROOT = Path(__file__).parents[1]
RULES = ROOT / "deploy" / "prometheus-rules.yaml"
BOARD = json.loads((ROOT / "deploy" / "grafana-board.json").read_text("utf-8"))
CODE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
# what Prometheus itself adds to every scrape, and functions and words of PromQL
OF_PROMETHEUS = {"up": {"job"}}
METRIC = re.compile(r"\b(up|tocsin_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')


def rules() -> dict[str, str]:
    """The expression of each alert; each is written on one line."""
    found = re.findall(r"^ +- alert: (\w+)\n +expr: (.+)$", RULES.read_text("utf-8"), re.MULTILINE)
    assert len(found) == RULES.read_text("utf-8").count("alert:")
    return dict(found)


def board() -> dict[str, str]:
    """The expressions of each panel, joined."""
    return {panel["title"]: "\n".join(one["expr"] for one in panel["targets"]) for panel in BOARD["panels"]}


EXPRESSIONS = {**rules(), **board()}


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, str]]]:
    """The labels of each sample by its name, of a service in which everything has happened once."""
    state = Health(
        totals={"waiting": 1, "done": 1, "failed": 1, "same_url": 1, "incidents": 1},
        alerts=dict.fromkeys(("pending", "sending", "unknown", "sent", "failed", "dropped"), 1),
        chats=dict.fromkeys(("active", "paused"), 1),
        counters={"reads": 1},
        subscriptions=1,
        sources=(),
        problems=(),
        latency=tuple(Stage(name=name, p50=1.0, p95=2.0, cards=3) for name in STAGES),
        heartbeat=datetime(2026, 3, 6, tzinfo=UTC),
    )
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(exposition(state).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(dict(sample.labels))
    return found


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_metric_and_label_is_told_by_the_service(name: str, told: dict[str, list[dict[str, str]]]) -> None:
    asked = METRIC.findall(EXPRESSIONS[name])
    assert asked
    for metric, matchers in asked:
        if metric in OF_PROMETHEUS:
            assert {label for label, _, _ in MATCHER.findall(matchers)} <= OF_PROMETHEUS[metric]
            continue
        assert metric in told
        for label, how, wanted in MATCHER.findall(matchers):
            values = {labels[label] for labels in told[metric] if label in labels}
            assert values, f"{metric} has no label {label}"
            if (metric, label) == ("tocsin_events_total", "name"):
                values = set(re.findall(r'"([a-z]+(?:_[a-z]+)*)"', CODE))
            for one in wanted.split("|"):
                assert any(re.fullmatch(one, value) if how == "=~" else one == value for value in values), one


@pytest.mark.parametrize("panel", BOARD["panels"], ids=lambda panel: panel["title"])
def test_a_legend_names_labels_that_the_metric_has(panel, told) -> None:
    for target in panel["targets"]:
        named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        for metric, _ in METRIC.findall(target["expr"]) if named else ():
            assert named <= set(told[metric][0])


def test_every_metric_of_the_service_is_on_the_board_or_in_a_rule(told: dict[str, list[dict[str, str]]]) -> None:
    asked = {metric for text in EXPRESSIONS.values() for metric, _ in METRIC.findall(text)}
    assert set(told) <= asked


def test_panels_stand_side_by_side_and_have_their_own_numbers() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    assert all(panel["description"] for panel in BOARD["panels"])


def test_the_alert_about_signs_of_life_waits_longer_than_the_health_check() -> None:
    assert float(rules()["TocsinNoSignOfLife"].rpartition("> ")[2]) > ALIVE_WITHIN.total_seconds()


def test_every_alert_says_how_urgent_it_is_and_what_to_do() -> None:
    blocks = RULES.read_text("utf-8").split("- alert: ")[1:]
    for block in blocks:
        assert re.search(r"severity: (page|ticket)", block), block
        assert "summary: " in block
        assert "description: " in block


@pytest.mark.skipif(not shutil.which("promtool"), reason="no promtool here")
def test_promtool_understands_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
