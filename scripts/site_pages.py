"""Which pages does the site have besides those in docs/? Those that belong to the root of a repository: mkdocs' hook.

CONTRIBUTING.md and CHANGELOG.md as they are, and the licences from README.md. Their links to pages of docs/ and to each
other lead on within the site; other files of the repository are named, not linked, since the site doesn't hold them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of the site, with the pages of the root added; mkdocs calls this."""
    from mkdocs.structure.files import File  # noqa: PLC0415 - installed for make docs only

    for name, text in root_pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def root_pages() -> dict[str, str]:
    """Each page of the root by its name on the site."""
    pages = {PAGES[name]: within_site((ROOT / name).read_text("utf-8")) for name in PAGES}
    _, _, licences = (ROOT / "README.md").read_text("utf-8").partition("\n## Licences\n")
    return {**pages, "licences.md": f"# Licences\n{within_site(licences)}"}


def within_site(text: str) -> str:
    """A page of the root with links that are right on the site."""

    def linked(match: re.Match[str]) -> str:
        words, target = match.groups()
        if "://" in target or target.startswith("#"):
            return match[0]
        if target.startswith("docs/"):
            return f"[{words.removeprefix('docs/')}]({target.removeprefix('docs/')})"
        if target in PAGES:
            return f"[{words}]({PAGES[target]})"
        return f"`{target}`" if words == target else f"{words} (`{target}`)"

    return _LINK.sub(linked, text)
