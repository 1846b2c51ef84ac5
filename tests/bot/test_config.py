"""Every mistake is named at once, and the example file is the truth."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.app import check
from bot.config import Config, SourceSettings, WebhookSettings, load, parse
from bot.errors import ConfigError
from bot.source_facts import publisher_of

SECRET = "123456:SECRET-of-thirty-five-characters-00"
EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_example_holds_every_key_with_its_default():
    example = load(EXAMPLE)
    assert example.model_dump(exclude={"sources"}) == Config().model_dump(exclude={"sources"})
    written = tomllib.loads(EXAMPLE.read_text("utf-8"))
    for section in set(Config.model_fields) - {"sources", "webhooks"}:
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
    path = write(tmp_path, f'[telegram]\ntoken = "{SECRET} "\nadmins = "x"\n')
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert "SECRET" not in str(raised.value)
    assert "SECRET" not in repr(load(write(tmp_path, f'[telegram]\ntoken = "{SECRET}"\n')))


def test_environment_fills_an_empty_token_only(tmp_path, monkeypatch):
    other = SECRET.replace("SECRET", "OTHER-")
    monkeypatch.setenv("TOCSIN_TELEGRAM_TOKEN", SECRET)
    assert load(write(tmp_path, '[telegram]\ntoken = ""\n')).telegram.token.get_secret_value() == SECRET
    assert load(write(tmp_path, f'[telegram]\ntoken = "{other}"\n')).telegram.token.get_secret_value() == other


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


def test_a_time_zone_that_does_not_exist_is_a_mistake():
    source = {"url": "https://news.example/feed"}
    with pytest.raises(ConfigError, match=r"sources\[0\]\.zone: a time zone has a name of the IANA database"):
        parse({"sources": [source | {"zone": "Karachi time"}]})
    assert parse({"sources": [source | {"zone": "Asia/Karachi"}]}).sources[0].zone == "Asia/Karachi"


# ------------------------------------------------------------------ every mistake in words that say its mend

# words of the libraries that check the values
LIBRARY = re.compile(
    r"Input should|Value error|valid |type=|pydantic|instance of|Expected|NoneType|tuple\b", re.IGNORECASE
)
WRONG = ("a text", 3, -1, 0.5, True, [], ["x"], [1], [True], {}, {"a": 1}, [[1]], "", "5 m", 10**30, float("nan"), "ß")


LISTS = {"sources": SourceSettings, "webhooks": WebhookSettings}


def keys():
    """Every section and key of the configuration, and a valid value of the section's other keys."""
    for name, field in Config.model_fields.items():
        yield (name,)
        section = LISTS.get(name, field.annotation)
        yield from ((name, key) for key in section.model_fields)


def with_value(where, value):
    section, *rest = where
    if not rest:
        return {section: value}
    if section in LISTS:
        known = {"secret": "whsec_" + "A" * 43 + "="} if section == "webhooks" else {}
        return {section: [{"url": "https://a.example/feed", **known, rest[0]: value}]}
    return {section: {rest[0]: value}}


@pytest.mark.parametrize("where", tuple(keys()), ids=".".join)
def test_whatever_stands_at_a_key_the_message_names_it_and_what_it_has_to_be(where):
    for value in WRONG:
        try:
            parse(with_value(where, value))
        except ConfigError as error:
            for said in str(error).splitlines():
                assert not LIBRARY.search(said), said
                assert said.startswith(where[0]), said
                assert len(said) > len(".".join(where)) + 15, said
                assert where[-1] in said, said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[telegram]\ntoken = 'abc'", "telegram.token: this can be no bot token"),
        ("[telegram]\ntoken = '7000000001:short'\nadmins = 'me'", "telegram.token: this can be no bot token"),
        (
            "[telegram]\nadmins = 5",
            "telegram.admins: 5 can't be used; it has to be a list in brackets, of numbers; as in: admins = [123456789]",
        ),
        ("[telegram]\nadmins = [-1001]", "telegram.admins[0]: an admin is a person"),
        ("[alerts]\nper_second = true", "alerts.per_second: true can't be used; it has to be a whole number"),
        ("[alerts]\nper_second = 0", "alerts.per_second: has to be at least 1; as in: per_second = 30"),
        ("[alerts]\nloud = 'loud'", 'alerts.loud: "loud" can\'t be used; it has to be one of "extreme", "severe"'),
        ("[fetch]\ntimeout = -1", 'fetch.timeout: has to be more than 0; as in: timeout = "20s"'),
        ("telegram = 3", "telegram: is a section: write [telegram] on a line of its own"),
        ("sources = 'x'", "sources: they are a list of tables: write [[sources]]"),
        ("sources = ['x']", "sources[0]: each of them is a table: write [[sources]]"),
        ("[[sources]]\nname = 'x'", 'sources[0].url: is missing; as in: url = "https://outlet.example/feed.xml"'),
        ("[[sources]]\nurl = 'https://a.example'\ncountry = 'Pakistan'", '"PK" is Pakistan'),
        ("[[sources]]\nurl = 'https://a.example'\ncountry = 'uk'", '"GB" is United Kingdom'),
        ("[[sources]]\nurl = 'https://a.example'\ncountry = 'pk'", '"PK" is Pakistan'),
        ("[[sources]]\nurl = 'https://a.example'\ncountry = 'EU'", "is no code of a country"),
        ("[[sources]]\nurl = 'https://a.example'\ncountry = 'Untied States'", '"US" is United States'),
        ("[[sources]]\nurl = 'https://a.example'\nlang = 'english'", '"en" is English'),
        ("[[sources]]\nurl = 'https://a.example'\nlang = 'en_GB'", '"en" is English'),
        ("[[sources]]\nurl = 'https://a.example'\nlang = 'urdu'", '"ur" is Urdu'),
        ("[telegram", "this is no TOML: "),
    ],
)
def test_a_mistake_says_what_mends_it(tmp_path, text, said):
    with pytest.raises(ConfigError) as raised:
        load(write(tmp_path, text))
    assert said in str(raised.value)


@pytest.mark.parametrize("value", ["PK", "XK", "TW", "PS", "HK", ""])
def test_codes_of_countries_are_taken(value):
    assert parse({"sources": [{"url": "https://a.example", "country": value}]}).sources[0].country == value


@pytest.mark.parametrize("value", ["en", "en-GB", "ur", "ps", "zh-Hant", "pt-BR", ""])
def test_tags_of_languages_are_taken(value):
    assert parse({"sources": [{"url": "https://a.example", "lang": value}]}).sources[0].lang == value


def test_a_server_of_ones_own_has_tokens_of_its_own():
    own = {"token": "x", "base_url": "http://127.0.0.1:8081/bot"}
    assert parse({"telegram": own}).telegram.token.get_secret_value() == "x"


def test_a_token_of_the_environment_is_checked_too(monkeypatch):
    monkeypatch.setenv("TOCSIN_TELEGRAM_TOKEN", "x")
    with pytest.raises(ConfigError, match=r"telegram\.token: this can be no bot token"):
        parse({})


# ------------------------------------------------------------------ what this machine lacks


def test_a_database_in_a_folder_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="mkdir -p"):
        check(parse({"store": {"path": str(tmp_path / "none" / "t.db")}}))


def test_a_model_that_is_not_installed_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="xx_none_sm is not installed"):
        check(parse({"store": {"path": str(tmp_path / "t.db")}, "extract": {"model": "xx_none_sm"}}))


def test_what_works_but_is_hardly_meant_is_noted(tmp_path):
    store = {"path": str(tmp_path / "t.db")}
    assert any("nothing is read" in note for note in check(parse({"store": store})))
    near = {"url": "http://10.0.0.3/feed"}
    (note,) = [note for note in check(parse({"store": store, "sources": [near]})) if "sources[0]" in note]
    assert "allow_hosts" in note
    assert not any(
        "allow_hosts" in note
        for note in check(parse({"store": store, "sources": [near], "fetch": {"allow_hosts": ["10.0.0.3"]}}))
    )


def test_what_is_known_of_an_outlet_fills_in_what_the_configuration_leaves_open():
    given = {"url": "https://feeds.bbci.co.uk/news/world/rss.xml", "name": "BBC", "tier": 3}
    (source,) = parse({"sources": [given]}).source_list()
    assert (source.family, source.lang, source.tier) == ("bbc", "en", 3)
    assert source.country == ""  # it covers all countries
    (source,) = parse({"sources": [{"url": "https://www.clarin.com/rss/", "family": ""}]}).source_list()
    assert (source.family, source.lang, source.tier) == ("", "es", 2)
    (source,) = parse({"sources": [{"url": "https://harbour.example/feed"}]}).source_list()
    assert (source.family, source.lang, source.tier) == ("", "en", 3)


def test_the_example_says_of_its_sources_what_the_table_of_publishers_says():
    known = {source.name: publisher_of(source) for source in load(EXAMPLE).source_list()}
    assert sum(one is not None for one in known.values()) >= 30
    for source in load(EXAMPLE).source_list():
        if (one := known[source.name]) is not None:
            assert (source.family, source.tier, source.country) == (one.family, one.tier, one.country)
