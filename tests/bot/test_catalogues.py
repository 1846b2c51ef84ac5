"""The catalogues hold every text, whole: what a translation must not lose or add, and files that agree."""

from __future__ import annotations

import io
import re
import string
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import write_catalogues as script  # noqa: E402

from bot.commands import COMMANDS  # noqa: E402
from bot.i18n.translate import CODES, language  # noqa: E402
from extract.kinds import load_kinds  # noqa: E402

DRAFTS = CODES[1:]
MEND = "run: make locale"
COMMAND = re.compile(r"(?<![\w/])/([a-z_]+)")
# a form for none, one and two can say it without the number
WITHOUT_NUMBER = {"ar": 3}


def catalogue(code):
    return read_po(io.BytesIO(script.path(code).read_bytes()), locale=code, abort_invalid=True)


def pairs(code):
    """Each English text with each of its translations; plural forms with their number."""
    for message in catalogue(code):
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for number, said in enumerate(strings):
                is_for_one = len(ids) > 1 and len(strings) == 2 and number == 0
                yield ids[0] if is_for_one else ids[-1], said, number if len(ids) > 1 else None


def holes(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_template_has_the_texts_of_the_code():
    assert script.TEMPLATE.read_bytes() == script.written(script.template()), MEND


@pytest.mark.parametrize("code", DRAFTS)
def test_each_catalogue_has_the_texts_of_the_template_and_is_compiled(code):
    made = script.updated(code, script.template())
    assert script.path(code).read_bytes() == script.written(made), MEND
    assert script.path(code).with_suffix(".mo").read_bytes() == script.compiled(made), MEND


@pytest.mark.parametrize("code", DRAFTS)
def test_nothing_is_left_untranslated_or_guessed(code):
    found = catalogue(code)
    assert [one.id for one in found if one.id and (one.fuzzy or not all(one.string))] == []
    assert [source for source, said, _ in pairs(code) if not said] == []


@pytest.mark.parametrize("code", DRAFTS)
def test_each_says_that_it_is_a_draft(code):
    assert "Draft, to be reviewed by a native speaker" in catalogue(code).header_comment


@pytest.mark.parametrize("code", DRAFTS)
def test_placeholders_stay(code):
    wrong = []
    for source, said, form in pairs(code):
        spared = {"n"} if form is not None and form < WITHOUT_NUMBER.get(code, 0) else set()
        if holes(source) - spared != holes(said) - spared:
            wrong.append((source, said))
    assert wrong == []


@pytest.mark.parametrize("code", DRAFTS)
def test_markup_commands_and_outer_spaces_stay(code):
    wrong = []
    for source, said, form in pairs(code):
        same_commands = set(COMMAND.findall(source)) == set(COMMAND.findall(said))
        is_shorter = form is not None and form < WITHOUT_NUMBER.get(code, 0) and not COMMAND.findall(said)
        outer = [len(text) - len(text.strip()) for text in (source, said)]
        if not (same_commands or is_shorter) or re.findall("[<>&]", source) != re.findall("[<>&]", said):
            wrong.append((source, said))
        if outer[0] != outer[1]:
            wrong.append((source, said))
    assert wrong == []


@pytest.mark.parametrize("code", DRAFTS)
def test_commands_named_in_translations_exist(code):
    named = {name for _, said, _ in pairs(code) for name in COMMAND.findall(said)}
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("code", DRAFTS)
def test_plural_forms_are_as_many_as_the_language_has(code):
    found = catalogue(code)
    assert found.num_plurals == {"ar": 6}.get(code, 2)
    assert all(len(one.string) == found.num_plurals for one in found if isinstance(one.id, tuple))


@pytest.mark.parametrize("code", DRAFTS)
def test_no_direction_marks_are_written_by_hand(code):
    assert [
        said for _, said, _ in pairs(code) if re.search("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]", said)
    ] == []


def test_kinds_commands_and_their_usage_are_in_the_template():
    known = {(one.context, one.id) for one in script.template()}
    assert all(("kind", kind.label) in known and ("kinds", kind.plural) in known for kind in load_kinds().values())
    assert all(
        (None, one.help) in known and (not one.args or ("usage", one.args) in known) for one in COMMANDS.values()
    )


def test_languages_name_themselves():
    assert [language(code).name for code in CODES] == ["English", "العربية", "Español", "Français", "اردو"]
    assert [language(code).is_rtl for code in CODES] == [False, True, False, False, True]
