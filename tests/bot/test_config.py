"""Every mistake is named at once, and the example file is the truth."""

import tomllib
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_example_holds_every_key_with_its_default():
    example = load(EXAMPLE)
    assert example.model_dump(exclude={"sources"}) == Config().model_dump(exclude={"sources"})
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    for section in set(Config.model_fields) - {"sources"}:
        assert set(written[section]) == set(type(getattr(Config(), section)).model_fields), section


def test_example_explains_every_key():
    lines = EXAMPLE.read_text("utf-8").split("[[sources]]")[0].splitlines()
    for number, line in enumerate(lines):
        if " = " in line and not line.startswith("#"):
            assert lines[number - 1].startswith("#"), line


def test_example_has_sources_of_every_continent_with_all_their_keys():
    sources = load(EXAMPLE).source_list()
    assert {"GB", "US", "BR", "PK", "NG", "AU"} <= {source.country for source in sources}
    assert all(source.name and source.family and source.tier and source.lang for source in sources)


def test_all_mistakes_are_reported_at_once_with_their_key_paths(tmp_path):
    text = '[telegram]\nadmin = [1]\nread_timeout = "soon"\n[fetsh]\n[[sources]]\nurl = "ftp://x"\nevry = "2s"\n'
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, text))
    said = str(raised.value)
    assert "telegram.admin: no such key; did you mean admins?" in said
    assert "telegram.read_timeout: a duration is a number and a unit" in said
    assert "fetsh: no such key; did you mean fetch?" in said
    assert "sources[0].url: an address begins with http:// or https://" in said
    assert "sources[0].evry: no such key; did you mean every?" in said


def test_a_token_is_not_shown_in_mistakes_or_in_print(tmp_path):
    path = write(tmp_path, '[telegram]\ntoken = "123:SECRET"\nadmins = "x"\n')
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert "SECRET" not in str(raised.value)
    assert "SECRET" not in repr(load(write(tmp_path, '[telegram]\ntoken = "123:SECRET"\n')))


def test_environment_fills_an_empty_token_only(tmp_path, monkeypatch):
    monkeypatch.setenv("TOCSIN_TELEGRAM_TOKEN", "1:env")
    assert load(write(tmp_path, '[telegram]\ntoken = ""\n')).telegram.token.get_secret_value() == "1:env"
    assert load(write(tmp_path, '[telegram]\ntoken = "2:file"\n')).telegram.token.get_secret_value() == "2:file"


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2), ("5m", 300), ("1h", 3600), ("1.5m", 90), ("250ms", 0.25)])
def test_durations(tmp_path, text, seconds):
    assert load(write(tmp_path, f'[fetch]\ntimeout = "{text}"\n')).fetch.timeout == seconds


def test_a_source_listed_twice_is_a_mistake(tmp_path):
    source = '[[sources]]\nurl = "https://a.example/feed"\n'
    with pytest.raises(ConfigError, match="listed twice"):
        load(write(tmp_path, source * 2))


def test_a_file_that_is_not_there_is_a_clear_mistake(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml")
