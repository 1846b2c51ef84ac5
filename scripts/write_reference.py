"""Write the tables of docs/reference that are generated from the code: configuration, chat commands, kinds of incident.

    python scripts/write_reference.py

Each table is between ``<!-- name -->`` and ``<!-- /name -->``. tests/test_docs.py fails where one is out of date.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.commands import COMMANDS
from bot.commands.base import Permission
from bot.config import Config, SourceSettings, WebhookSettings
from extract import load_kinds
from extract.types import Codes

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
# each table by the name of its markers, and the page that they are in
PAGES = {"config": "configuration.md", "chat": "chat-commands.md", "kinds": "kinds.md"}
EXAMPLE = ROOT / "config.example.toml"
WHO = {
    Permission.ANYONE: "anyone",
    Permission.MEMBER: "members of the chat",
    Permission.MANAGER: "who manages the chat",
    Permission.ADMIN: "the service's admins",
}
# the example file explains the keys of a source in one paragraph above all of them
SOURCE_MEANINGS = {
    "url": "The address of the feed. Required.",
    "kind": "`rss` stands for every format that can be read; `cap` is a feed that links to CAP alerts, `page` a page "
    "without a feed, `telegram` a public channel.",
    "links": "Of a page without a feed: the CSS selector of its links.",
    "every": "How often it is read; never more often than `[fetch] floor`, save hosts in `allow_hosts`.",
    "name": "How it is called on cards.",
    "family": "Its owner: outlets of one family count as one origin. Left out: what is known of the outlet.",
    "country": "Where it sits (ISO 3166-1 alpha-2).",
    "tier": "1 agencies and official bodies, 2 national broadcasters and papers of record, 3 others, 4 unknown.",
    "lang": "The language (BCP 47) of articles that name none themselves.",
    "full_text": "Fetch the article's page where the feed has only a teaser.",
    "zone": "The time zone (IANA) of dates that name none; empty: learned from when its articles show up.",
}
WEBHOOK_MEANINGS = {
    "url": "Where changes are posted to. Required.",
    "secret": "What they are signed with: `whsec_` and 32 random bytes in Base64; two, between "
    "spaces, while one is replaced.",
    "secret_file": "A file that holds nothing but that, where `secret` is empty.",
    "filter": "The words of `/subscribe`; empty: all that is told.",
    "name": "How it is called in messages to admins; empty: by its host.",
    "allow_private": "Its host may be one of your own network.",
}


def main() -> None:
    for name, table in tables().items():
        page = REFERENCE / PAGES[name]
        page.write_text(updated(page.read_text("utf-8"), name, table), "utf-8")


def updated(page: str, name: str, table: str) -> str:
    """The page with the table of this name up to date."""
    place = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return place.sub(rf"\1\n{_safe(table)}\n\n\2", page)


def tables() -> dict[str, str]:
    """Each table by the name of its markers."""
    return {"config": config_table(), "chat": chat_table(), "kinds": kinds_table()}


def config_table() -> str:
    """Every configuration key with its default and meaning, from config.example.toml."""
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    explained = _explanations(EXAMPLE.read_text("utf-8"))
    rows = [
        (f"`[{section}] {key}`", f"`{_toml(value)}`", explained[section, key])
        for section, values in written.items()
        if section not in ("sources", "webhooks") and section in Config.model_fields
        for key, value in values.items()
    ]
    for key, field in SourceSettings.model_fields.items():
        default = "" if field.is_required() else f"`{_toml(_shown(key, field.default))}`"
        rows.append((f"`[[sources]] {key}`", default, SOURCE_MEANINGS[key]))
    for key, field in WebhookSettings.model_fields.items():
        default = "" if key in ("url", "secret") else f"`{_toml(_shown(key, field.default))}`"
        rows.append((f"`[[webhooks]] {key}`", default.replace("`.`", '`""`'), WEBHOOK_MEANINGS[key]))
    return _table(("key", "default", "meaning"), rows)


def chat_table() -> str:
    """Every chat command with its usage, who may use it and what it does."""
    rows = [(f"`/{one.name} {one.args}".strip() + "`", WHO[one.permission], one.help) for one in COMMANDS.values()]
    return _table(("command", "who may", "what it does"), rows)


def kinds_table() -> str:
    """Every kind with its label, group and codes."""
    kinds = load_kinds()
    rows = [(f"`{kind.slug}`", kind.label, f"`{kind.group}`", _codes(kind.codes)) for kind in kinds.values()]
    return _table(("slug", "label", "group", "codes"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in (head, ("---",) * len(head), *rows)
    )


def _codes(codes: Codes) -> str:
    parts = [
        ("GTD", ", ".join(str(code) for code in codes.gtd)),
        ("ACLED", codes.acled or ""),
        ("PLOVER", codes.plover or ""),
        ("MUC", ", ".join(codes.muc)),
        ("CAP", codes.cap or ""),
        ("IPTC", ", ".join(codes.iptc)),
    ]
    return " · ".join(f"{name} {value}" for name, value in parts if value)


def _explanations(text: str) -> dict[tuple[str, str], str]:
    """The comment above each key, by section and key."""
    out: dict[tuple[str, str], str] = {}
    section, comment = "", list[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found[1]
        elif found := re.match(r"(\w+) = ", line):
            out[section, found[1]] = " ".join(comment)
        comment = []
    return out


def _shown(key: str, value: Any) -> Any:
    return f"{value / 60:g}m" if key == "every" else value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _safe(table: str) -> str:
    return table.replace("\\", "\\\\")


if __name__ == "__main__":
    main()
