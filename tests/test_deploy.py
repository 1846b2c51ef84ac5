"""What an operator installs names commands, files and settings that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.config import Config

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "tocsin.service").read_text("utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")


def test_every_command_that_is_run_exists():
    named = set(re.findall(r"/opt/tocsin/bin/tocsin (\S+)", UNIT)) | set(re.findall(r'"(run|health)"', DOCKERFILE))
    assert named == {"check-config", "run", "health"}
    for name in named:
        shown = CliRunner().invoke(app, [name, "--help"]).stdout
        assert "--config" in shown, name


def test_every_file_that_is_copied_exists():
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M) for word in line.split()[:-1]]
    assert {"requirements.lock", "bot", "extract", "pyproject.toml"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
    assert (ROOT / re.search(r"dockerfile: (\S+)", COMPOSE)[1]).exists()


@pytest.mark.parametrize("text", [UNIT, COMPOSE], ids=["unit", "compose"])
def test_every_setting_that_is_named_exists(text):
    named = re.findall(r"\[(\w+)\] (\w+) = ", text) + re.findall(r", (backups) = ", text)
    assert named
    for found in named:
        section, key = found if isinstance(found, tuple) else ("store", found)
        assert key in type(getattr(Config(), section)).model_fields


def test_the_container_is_nobody_and_can_write_only_its_data():
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER tocsin$", last, re.M) and last.index("USER tocsin") < last.index("ENTRYPOINT")
    for line in ("read_only: true", "cap_drop: [ALL]", '"no-new-privileges:true"'):
        assert line in COMPOSE


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_the_unit_is_understood_and_exposes_little(tmp_path):
    unit = tmp_path / "tocsin.service"
    unit.write_text(UNIT.replace("/opt/tocsin/bin/tocsin", "/bin/true"))
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True, check=False
    )
    assert float(re.search(r"exposure level for tocsin.service: ([\d.]+)", judged.stdout)[1]) < 2.5
