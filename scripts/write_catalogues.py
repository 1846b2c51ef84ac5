"""Update the message catalogues with every text that a person in a chat reads, and compile them: ``make locale``.

    python scripts/write_catalogues.py

The template (bot/i18n/locale/tocsin.pot) is extracted from the code's calls of ``bot.i18n.translate``, the kinds of
incident in the data files, and the list of commands. Each bot/i18n/locale/LANGUAGE/LC_MESSAGES/tocsin.po gets new texts
without a translation and loses removed ones; a text whose English has changed loses its translation, since a fuzzy
match would go unnoticed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.commands import COMMANDS
from bot.i18n.translate import CODES, DOMAIN, FOLDER, SOURCE
from extract.kinds import load_kinds
from extract.lang.en.questions.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
# a function's name -> the positions of its message arguments; "c" marks the context
CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "t": None,
    "mark": None,
    "sentence": None,
    "tn": (1, 2),
    "tp": ((1, "c"), 2),
    "mark_in": ((1, "c"), 2),
    "mark_many": ((1, "c"), 2, 3),
}
# the same time in every template, so that a file changes only when a text does
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = """\
# {language} texts of Tocsin.
#
# Draft, to be reviewed by a native speaker. Say what reads badly in an issue, or mend it here and run "make locale".
# What stands in {{braces}} and commands (/help) stay as they are; so do < > and &.
#"""


def main() -> None:
    made = template()
    TEMPLATE.write_bytes(written(made))
    for code in CODES:
        if code != SOURCE:
            found = updated(code, made)
            path(code).parent.mkdir(parents=True, exist_ok=True)
            path(code).write_bytes(written(found))
            path(code).with_suffix(".mo").write_bytes(compiled(found))


def path(code: str) -> Path:
    """The path of a language's catalogue."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def template() -> Catalog:
    """The template with every text, in the order of their files."""
    made = Catalog(
        project="Tocsin",
        version="1",
        language_team="none yet",
        msgid_bugs_address="the issues of this project",
        header_comment="# Texts of Tocsin. Made by scripts/write_catalogues.py: nothing is written here by hand.",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        charset="utf-8",
        fuzzy=False,
    )
    found = extract_from_dir(
        ROOT / "bot", [("**.py", "python")], keywords=CALLS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    )
    for file, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        made.add(message, locations=[(f"bot/{file}", 0)], auto_comments=comments, context=context)
    for context, message, file in data_texts():
        made.add(message, locations=[(file, 0)], context=context or None)
    return made


def data_texts() -> Iterator[tuple[str, str, str]]:
    """The texts in data files and in the list of commands: context, text and file."""
    kinds = load_kinds()
    for kind in kinds.values():
        yield "kind", kind.label, "extract/data/kinds.toml"
    for kind in kinds.values():
        yield "kinds", kind.plural, "extract/data/kinds.toml"
    for label in Vocabulary(kinds).labels.values():
        yield "kinds", label, "extract/lang/en/data/ask.toml"
    for command in COMMANDS.values():
        yield "", command.help, "bot/commands/__init__.py"
        if command.args:
            yield "usage", command.args, "bot/commands/__init__.py"


def updated(code: str, made: Catalog) -> Catalog:
    """A language's catalogue with the texts of the template and the translations that are still valid."""
    known = Catalog(locale=code)
    if path(code).exists():
        known = read_po(io.BytesIO(path(code).read_bytes()), locale=code, domain=DOMAIN)
    out = Catalog(
        locale=code,
        project="Tocsin",
        version="1",
        language_team="none yet",
        msgid_bugs_address="the issues of this project",
        header_comment=HEADER.format(language=known.locale.get_display_name(SOURCE) if known.locale else code),
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="draft, to be reviewed by a native speaker",
        charset="utf-8",
        fuzzy=False,
    )
    for message in made:
        if message.id:
            same = known.get(message.id, message.context)
            is_same = same is not None and type(same.id) is type(message.id)
            out.add(
                message.id,
                same.string if is_same and same is not None else "",
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return out


def written(catalogue: Catalog) -> bytes:
    """The bytes of a catalogue's .po file; references have no line numbers, which change too often."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False)
    return re.sub(rb'"Generated-By: [^"]*"\n', b"", out.getvalue())


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of a catalogue's .mo file, which the service reads."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    main()
