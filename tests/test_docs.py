"""What the documentation says is there, and what is there is documented."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer

from bot.cli import app
from bot.commands import COMMANDS
from bot.config import Config, SourceSettings, WebhookSettings
from extract import load_kinds
from extract.kinds import Kind
from extract.types import (
    Action,
    Article,
    Certainty,
    Confidence,
    CountState,
    Effect,
    Incident,
    Lifecycle,
    News,
    Precision,
    Report,
    Responsibility,
    Severity,
    Stage,
    Status,
    TimePrecision,
    Urgency,
)

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import check_site  # noqa: E402
import site_pages  # noqa: E402
import write_reference  # noqa: E402

# every page by its path from the root
PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
}
CONFIGURATION, CHAT, KINDS, COMMAND_LINE, DATA = (
    f"docs/reference/{name}.md" for name in ("configuration", "chat-commands", "kinds", "command-line", "data")
)
BOTFATHERS = {"newbot"}
VOCABULARIES = {
    "news": News,
    "stage": Stage,
    "responsibility": Responsibility,
    "status": Status,
    "severity": Severity,
    "urgency": Urgency,
    "certainty": Certainty,
    "killed": CountState,
    "perpetrators": Confidence,
    "victims": Effect,
}


def between(name: str, page: str) -> str:
    """The part of a page that the markers of this name enclose."""
    found = re.search(f"<!-- {name} -->\n(.*?)<!-- /{name} -->", PAGES[page], re.DOTALL)
    assert found, f"{page} has lost the markers of {name}"
    return found[1]


def section(title: str, page: str) -> str:
    """A page below a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", PAGES[page], re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def rows(text: str) -> dict[str, str]:
    """First cell, without its code marks -> the whole row."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return {line.split(" | ")[0].removeprefix("| ").replace("`", ""): line for line in lines}


def code_spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def cli() -> dict[str, Any]:
    """Every command of the command line by its name."""
    return dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def options(command: Any) -> set[str]:
    return {name for param in command.params for name in param.opts if name.startswith("--")} - {"--help"}


# ------------------------------------------------------------------ tables written from the code


@pytest.mark.parametrize("name", ["config", "chat", "kinds"])
def test_tables_are_what_the_code_says(name: str) -> None:
    expected = write_reference.tables()[name]
    assert between(name, f"docs/reference/{write_reference.PAGES[name]}").strip() == expected, (
        "run scripts/write_reference.py"
    )


def test_every_key_is_in_the_reference_and_no_other() -> None:
    lists = {"sources": SourceSettings, "webhooks": WebhookSettings}
    sections = {name: type(getattr(Config(), name)) for name in Config.model_fields if name not in lists}
    keys = {f"[{name}] {key}" for name, model in sections.items() for key in model.model_fields}
    keys |= {f"[[{name}]] {key}" for name, model in lists.items() for key in model.model_fields}
    assert set(rows(between("config", CONFIGURATION))) == keys


def test_every_key_of_the_example_is_in_the_reference() -> None:
    example = tomllib.loads((ROOT / "config.example.toml").read_text("utf-8"))
    keys = {f"[{name}] {key}" for name, values in example.items() if name != "sources" for key in values}
    keys |= {f"[[sources]] {key}" for source in example["sources"] for key in source}
    assert keys <= set(rows(between("config", CONFIGURATION)))


def test_keys_named_in_running_text_exist() -> None:
    for page, text in PAGES.items():
        named = {span for span in code_spans(text) if re.fullmatch(r"\[{1,2}\w+\]{1,2} \w+", span)}
        assert named <= set(rows(between("config", CONFIGURATION))), page


def test_every_chat_command_is_in_the_reference_and_no_other() -> None:
    assert {name.split()[0].removeprefix("/") for name in rows(between("chat", CHAT))} == set(COMMANDS)


def test_chat_commands_named_in_running_text_exist() -> None:
    for page, text in PAGES.items():
        named = {m[1] for span in code_spans(text) if (m := re.match(r"/([a-z_]+)\b(?!/)", span))}
        assert named <= set(COMMANDS) | BOTFATHERS, page


def test_every_kind_is_in_the_reference_and_no_other() -> None:
    assert set(rows(between("kinds", KINDS))) == set(load_kinds())


# ------------------------------------------------------------------ command line


def headings() -> dict[str, str]:
    """Each command's heading in the reference by the command's name."""
    return {
        found[1]: found[0]
        for found in re.finditer(r"^## `tocsin ([a-z-]+).*`$", between("cli", COMMAND_LINE), re.MULTILINE)
    }


def test_every_command_is_in_the_reference_and_no_other() -> None:
    assert set(headings()) == set(cli())


def test_every_option_is_in_its_commands_heading_and_no_other() -> None:
    for name, command in cli().items():
        assert set(re.findall(r"--[a-z-]+", headings()[name])) == options(command), name


def test_every_argument_is_in_its_commands_heading() -> None:
    for name, command in cli().items():
        arguments = {
            param.metavar or param.name.upper() for param in command.params if not param.opts[0].startswith("-")
        }
        assert all(argument in headings()[name] for argument in arguments), name


def test_options_named_anywhere_exist() -> None:
    known = options(typer.main.get_command(app)).union(*(options(command) for command in cli().values()))
    for page, text in PAGES.items():
        assert {span for span in code_spans(text) if re.fullmatch(r"--[a-z-]+", span)} <= known, page


def test_commands_named_in_running_text_exist() -> None:
    for page, text in PAGES.items():
        named = {m[1] for span in code_spans(text) if (m := re.match(r"tocsin ([a-z-]+)", span))}
        assert named <= set(cli()), page


def test_formats_of_export_are_named() -> None:
    from bot.batch.export import FORMATS

    assert f"--format {'|'.join(FORMATS)}]" in headings()["export"]


def test_exit_codes_are_explained() -> None:
    assert re.findall(r"^\| (\d) \|", section("Command line", COMMAND_LINE), re.MULTILINE) == ["0", "1", "2", "3"]


def test_make_targets_named_anywhere_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page, text in PAGES.items():
        named = {
            word
            for words in re.findall(r"(?:`|^)make ([a-z ]+?)(?:`|  )", text, re.MULTILINE)
            for word in words.split()
        }
        assert named <= targets, page
        assert named or page not in {"README.md", "CONTRIBUTING.md"}, page


# ------------------------------------------------------------------ messages


def test_messages_of_the_log_that_are_explained_exist() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
    explained = rows(section("When something is wrong", "docs/operator.md"))
    assert len(explained) > 10
    assert {message for message in explained if message not in code} == set()


# ------------------------------------------------------------------ data


def test_every_field_of_a_report_is_in_the_reference_and_no_other() -> None:
    assert set(rows(between("report", DATA))) == set(Report.__struct_fields__) - {"words", "story", "place_as_written"}


@pytest.mark.parametrize(("field", "values"), VOCABULARIES.items())
def test_every_value_of_a_vocabulary_is_in_its_row(field: str, values: Any) -> None:
    said = set(re.findall(r"`([^`]+)`", rows(between("report", DATA))[field]))
    assert {value.value for value in values} <= said


def test_precisions_are_in_the_rows_of_place_and_time() -> None:
    table = rows(between("report", DATA))
    assert all(f"`{value.value}`" in table["place"] for value in Precision)
    assert all(f"`{value.value}`" in table["when"] for value in TimePrecision)


def test_every_field_of_an_article_is_in_the_reference_and_no_other() -> None:
    assert set(rows(section("Article", DATA))) == set(Article.__struct_fields__) - {"published_day_only", "open_date"}


def test_every_field_of_an_incident_is_in_the_reference_and_no_other() -> None:
    named = {name for cell in rows(section("Incident", DATA)) for name in cell.split(", ")}
    assert named == set(Incident.__struct_fields__) - {"facts", "replies", "told_best"}  # what isn't printed


def test_every_value_of_lifecycle_and_action_is_named() -> None:
    assert all(f"`{value.value}`" in section("Incident", DATA) for value in Lifecycle)
    assert all(f"`{value.value}`" in section("Alert decision", DATA) for value in Action)


def test_example_of_a_kind_is_a_kind() -> None:
    example = re.search(r"```toml\n(.*?)```", section("Another kind of incident", "docs/extending.md"), re.DOTALL)
    assert example
    for slug, row in tomllib.loads(example[1]).items():
        kind = msgspec.convert({"slug": slug, **row}, Kind)
        assert slug not in load_kinds() and set(kind.turns_into) <= set(load_kinds())
        assert kind.group in load_kinds().groups


# ------------------------------------------------------------------ links, versions, and what must not be there


def test_links_and_pictures_exist() -> None:
    for page, text in PAGES.items():
        for target in re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', without_code(text)):
            link = "".join(target)
            if "://" in link:
                continue
            path, _, anchor = link.partition("#")
            meant = (ROOT / page).parent.joinpath(path).resolve() if path else ROOT / page
            assert meant.exists(), f"{page}: {link}"
            assert not anchor or anchor in anchors(meant.read_text("utf-8")), f"{page}: {link}"


def test_a_page_of_the_site_links_to_no_file_beside_it() -> None:
    """The site holds docs/ alone: files of the repository are named, not linked."""
    for page, text in PAGES.items():
        if page.startswith("docs/"):
            links = {link for link in re.findall(r"\]\(([^)\s#]+)", without_code(text)) if "://" not in link}
            outside = {
                link
                for link in links
                if not (ROOT / page).parent.joinpath(link).resolve().is_relative_to(ROOT / "docs")
            }
            assert outside == set(), page


def test_every_page_is_linked_from_the_readme() -> None:
    pages = {page for page in PAGES if page.startswith("docs/")} - {"docs/index.md"}  # that is the site's README
    assert {page for page in pages if f"]({page})" not in PAGES["README.md"]} == set()


def test_check_of_the_site_finds_what_leads_nowhere_and_what_is_fetched_from_outside(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h2 id="here">Here</h2><a href="#here"></a><a href="b.html#there"></a><a href="https://example.org/x"></a>'
        '<link rel="canonical" href="https://example.org/a.html"><img src="data:image/png;base64,AA">'
    )
    (tmp_path / "b.html").write_text(
        '<h2 id="there">There</h2><a href="a.html#nowhere"></a><a href="c.html"></a><img src="d.png">'
        '<script src="https://cdn.example/e.js"></script>'
    )
    assert check_site.mistakes(tmp_path) == [
        "b.html: d.png: no such file",
        "b.html: https://cdn.example/e.js: fetched from outside",
        "b.html: a.html#nowhere: no such anchor",
        "b.html: c.html: no such file",
    ]


def test_links_of_a_page_of_the_root_are_right_on_the_site() -> None:
    page = "[a](docs/faq.md#x), [b](CHANGELOG.md), [c.txt](c.txt), [d](e/f.md), [g](https://example.org), [h](#h)"
    expected = "[a](faq.md#x), [b](changelog.md), `c.txt`, d (`e/f.md`), [g](https://example.org), [h](#h)"
    assert site_pages.within_site(page) == expected


def test_site_has_the_licences() -> None:
    assert "GeoNames, CC BY 4.0" in site_pages.root_pages()["licences.md"]


def test_readme_is_short() -> None:
    assert len(PAGES["README.md"].encode()) <= 9_000


def without_code(text: str) -> str:
    """A page without its code, in which brackets are no links."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def anchors(text: str) -> set[str]:
    """What GitHub makes of each heading, and the site by the same rule."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_files_named_in_running_text_exist() -> None:
    for page, text in PAGES.items():
        for span in code_spans(text):
            if re.fullmatch(r"(?:bot|extract|tests|scripts|docs|deploy|benchmarks)/[\w./*]*", span):
                assert list(ROOT.glob(span.rstrip("/"))), f"{page}: {span}"


def test_changelog_names_what_is_to_come_and_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert re.search(r"^## \[Unreleased\]", changelog, re.MULTILINE)
    assert re.search(rf"^## \[{re.escape(version)}\]", changelog, re.MULTILINE)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    # put together, so that this file doesn't hold them
    machine = ["/" + "work/", "/" + "root/"]
    registry = ["py" + r"pi[\w-]*[./]", "python" + r"hosted\."]
    forbidden = re.compile("|".join(machine + registry))
    assert {str(path.relative_to(ROOT)) for path in kept_files() if forbidden.search(readable(path))} == set()


def kept_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def readable(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
