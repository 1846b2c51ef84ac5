"""Takes every text that a person in a chat reads into the catalogues, and compiles them: ``make locale``.

    python scripts/write_catalogues.py

The template (bot/i18n/locale/tocsin.pot) is made of the code's calls of ``speech`` and of what the data files and the
list of commands say: kinds of incident and commands. Each bot/i18n/locale/LANGUAGE/LC_MESSAGES/tocsin.po gets what is
new, empty,
and loses what is gone; a translation whose English has changed has to be made again, since a guess would go unseen.
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
# a call's name -> which of its arguments are the message, "c" marks the context
CALLS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "t": None,
    "mark": None,
    "sentence": None,
    "tn": (1, 2),
    "tp": ((1, "c"), 2),
    "mark_in": ((1, "c"), 2),
    "mark_many": ((1, "c"), 2, 3),
}
# the same moment in every template: a file changes where a text does, and not with the clock
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
    """Where a language's catalogue lies."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def template() -> Catalog:
    """Every text, in the order of the files it stands in."""
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
    """What data says to people: context, text, and where it stands."""
    kinds = load_kinds()
    for kind in kinds.values():
        yield "kind", kind.label, "extract/data/kinds.toml"
    for kind in kinds.values():
        yield "kinds", kind.plural, "extract/data/kinds.toml"
    for label in Vocabulary(kinds).labels.values():
        yield "kinds", label, "extract/data/ask.toml"
    for command in COMMANDS.values():
        yield "", command.help, "bot/commands/__init__.py"
        if command.args:
            yield "usage", command.args, "bot/commands/__init__.py"


def updated(code: str, made: Catalog) -> Catalog:
    """A language's catalogue with the texts of the template."""
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
    """A catalogue as its file; where a text stands is named without line numbers, which change too often."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False)
    return re.sub(rb'"Generated-By: [^"]*"\n', b"", out.getvalue())


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as the service reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    main()
