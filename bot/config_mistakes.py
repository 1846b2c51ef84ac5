"""What is wrong with a configuration, and what mends it? A sentence for each mistake, without words of a library."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo

LONGEST_VALUE = 40
_DURATIONS = ((86400.0, "d"), (3600.0, "h"), (60.0, "m"), (1.0, "s"))
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
# what a value has to be, by the type of the key
_WANTED = {
    bool: "true or false, without quotation marks",
    int: "a whole number, without quotation marks",
    float: "a number",
    str: "a text in quotation marks",
    Path: "the path of a file, in quotation marks",
    SecretStr: "a text in quotation marks",
    tuple: "a list in brackets",
}
# examples where the default says nothing
_EXAMPLES = {
    "admins": "[123456789]",
    "allow_hosts": '["feeds.lan"]',
    "token": '"7312345678:AA…", as @BotFather gives it',
    "token_file": '"/run/secrets/token"',
    "webhook_secret": '"a-long-random-text"',
    "webhook_secret_file": '"/run/secrets/webhook"',
    "webhook_url": '"https://bot.example.org/hook"',
    "backups": '"backups"',
    "url": '"https://outlet.example/feed.xml"',
    "name": '"The Harbour Post"',
    "family": '"harbour media"',
    "country": '"PK"',
    "model": '"en_core_web_sm"',
}


def sentence(mistake: Mapping[str, Any], config: type[BaseModel]) -> str:
    """What is wrong with the value at ``mistake["loc"]``, and what it has to be. Secrets are not shown."""
    loc = tuple(part for part in mistake["loc"] if isinstance(part, str))
    kind = str(mistake["type"])
    if kind == "extra_forbidden":
        known = _names_at(loc[:-1], config)
        near = difflib.get_close_matches(loc[-1], known, n=1)
        return "no such key; " + (f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}")
    if kind == "value_error":
        return str(mistake["msg"]).removeprefix("Value error, ")
    field = _field_at(loc, config)
    if field is None:
        return _of_section(loc, mistake["loc"], config)
    example = _example(loc[-1], field)
    if kind == "missing":
        return f"is missing; as in: {example}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"has to be {words} {_number(mistake['ctx'][name])}; as in: {example}"
    is_entry = isinstance(mistake["loc"][-1], int)
    wanted = _WANTED[_entry(field)] if is_entry else _wanted(field)
    shown = "" if _holds(field, SecretStr) else f"{_shown(mistake['input'])} can't be used; "
    return f"{shown}it has to be {wanted}; as in: {example}"


def _of_section(loc: tuple[str, ...], whole: tuple[int | str, ...], config: type[BaseModel]) -> str:
    """A section that is no table, or an entry of a list of tables that is none."""
    name = ".".join(loc)
    if _is_list(loc, config):
        first = next(iter(_names_at(loc, config)))
        what = "each of them is a table" if len(whole) > len(loc) else "they are a list of tables"
        return f"{what}: write [[{name}]] above the keys of one, such as {first} = {_EXAMPLES.get(first, '…')}"
    return f"is a section: write [{name}] on a line of its own and its keys below"


def as_toml(value: object) -> str:
    """A value as it is written in the file."""
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return f'"{value.value}"'
        case int() | float():
            return _number(value)
        case tuple() | list():
            return "[" + ", ".join(map(as_toml, value)) + "]"
        case dict():
            return "a table"
        case _:
            return f'"{value}"'


def duration(seconds: float) -> str:
    """A number of seconds with the largest unit that keeps it whole: "10m"."""
    for size, unit in _DURATIONS:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{_number(seconds)}s"


def is_duration(field: FieldInfo) -> bool:
    """Is the key's value a number of seconds that is written with a unit?"""
    return any(isinstance(one, BeforeValidator) for one in field.metadata)


def is_switch(loc: tuple[int | str, ...], config: type[BaseModel]) -> bool:
    """Is the key at a path true or false? A key that is not known counts as one."""
    field = _field_at(tuple(part for part in loc if isinstance(part, str)), config)
    return field is None or field.annotation is bool


def _example(name: str, field: FieldInfo) -> str:
    default = None if field.is_required() else field.default
    if name in _EXAMPLES:
        return f"{name} = {_EXAMPLES[name]}"
    if is_duration(field) and isinstance(default, (int, float)):
        return f'{name} = "{duration(default)}"'
    return f"{name} = {as_toml(default)}"


def _wanted(field: FieldInfo) -> str:
    if is_duration(field):
        return 'a number and a unit in quotation marks, as in "2s", "5m" or "1h"'
    annotation = field.annotation
    if get_origin(annotation) is Literal:
        return _one_of(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _one_of(one.value for one in annotation)
    wanted = next((words for kind, words in _WANTED.items() if _holds(field, kind)), "another value")
    if _holds(field, tuple):
        return f"{wanted}, of {'numbers' if _entry(field) is int else 'texts in quotation marks'}"
    return wanted


def _entry(field: FieldInfo) -> type:
    """The type of the entries of a list."""
    inner: type = get_args(field.annotation)[0]
    return get_args(inner)[0] if get_origin(inner) is Annotated else inner


def _one_of(values: Iterable[object]) -> str:
    return "one of " + ", ".join(as_toml(value) for value in values)


def _holds(field: FieldInfo, kind: type) -> bool:
    annotation = field.annotation
    return annotation is kind or get_origin(annotation) is kind


def _shown(value: object) -> str:
    text = as_toml(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def _field_at(loc: tuple[str, ...], config: type[BaseModel]) -> FieldInfo | None:
    """The key at a path; None for a section."""
    model = _model_at(loc[:-1], config)
    field = model.model_fields.get(loc[-1]) if model is not None and loc else None
    return None if field is None or _model_of(field) is not None else field


def _names_at(loc: tuple[str, ...], config: type[BaseModel]) -> list[str]:
    model = _model_at(loc, config)
    return list(model.model_fields) if model is not None else []


def _is_list(loc: tuple[str, ...], config: type[BaseModel]) -> bool:
    model = _model_at(loc[:-1], config)
    field = model.model_fields.get(loc[-1]) if model is not None and loc else None
    return field is not None and get_origin(field.annotation) is tuple


def _model_at(loc: tuple[str, ...], config: type[BaseModel]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = config
    for part in loc:
        field = model.model_fields.get(part) if model is not None else None
        model = _model_of(field) if field is not None else None
    return model


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a key holds, or a list of; None for a plain value."""
    annotation = field.annotation
    kinds = get_args(annotation) if get_origin(annotation) in (tuple, Union, types.UnionType) else (annotation,)
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), None)
