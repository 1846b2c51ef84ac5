"""How is one key of a configuration file changed, with its comments and all other lines as they were?"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import tomllib
from pathlib import Path

from bot.errors import ConfigError

Value = str | list[int]
_HEADER = re.compile(r"^\s*\[")


def with_value(text: str, section: str, key: str, value: Value) -> str:
    """The text of a TOML file with another value of ``[section] key``; a missing key or section is added.

    Raises:
        ConfigError: the value spans several lines or is written in a way that can't be changed safely.
    """
    expected = tomllib.loads(text)
    expected.setdefault(section, {})[key] = value
    lines = text.splitlines(keepends=True)
    header = next((n for n, line in enumerate(lines) if re.match(rf"\s*\[{section}\]\s*(#.*)?$", line)), None)
    written = f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
    if header is None:
        lines = [f"[{section}]\n", written, "\n", *lines]
    else:
        inside = range(header + 1, len(lines))
        end = next((n for n in inside if _HEADER.match(lines[n])), len(lines))
        at = next((n for n in range(header + 1, end) if re.match(rf"\s*{key}\s*=", lines[n])), None)
        if at is None:
            lines.insert(header + 1, written)
        else:
            lines[at] = written
    changed = "".join(lines)
    with contextlib.suppress(tomllib.TOMLDecodeError):
        if tomllib.loads(changed) == expected:
            return changed
    raise ConfigError(f"[{section}] {key} can't be changed here; write it yourself: {key} = {json.dumps(value)}")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at once or not at all.

    Raises:
        ConfigError: it can't be written.
    """
    try:
        # mkstemp makes files of mode 600
        number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as out:
                out.write(text)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror or error}") from error
