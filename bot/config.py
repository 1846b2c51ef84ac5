"""What has the operator configured? One file, read once; every mistake is reported at once with its key path."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.alerts.webhooks import signing
from bot.config_across import OFFICIAL_API, SHORTEST_SECRET, mistakes_across
from bot.config_codes import country_code, language_tag
from bot.config_mistakes import is_switch, sentence
from bot.errors import ConfigError
from bot.source_facts import with_facts
from bot.sources import kinds
from bot.types import Source
from extract.feeds.selector import xpath_of
from extract.types import Severity

TOKEN_VARIABLE = "TOCSIN_TELEGRAM_TOKEN"  # noqa: S105  the variable's name
WEBHOOK_SECRET_VARIABLE = "TOCSIN_WEBHOOK_SECRET"  # noqa: S105  the variable's name
# secrets of [telegram] that can be given in the environment or in a file instead
_VARIABLES = {"token": TOKEN_VARIABLE, "webhook_secret": WEBHOOK_SECRET_VARIABLE}
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):(\d{1,5})", re.ASCII)
# a text younger than this may still be compared with a revision of it, in seconds
SHORTEST_KEPT = 30 * 86_400
_CLUSTER = re.compile(r"(?:tcp|tls|ws|wss)://[^\s/]+:\d+")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")


def seconds(value: object) -> object:
    """``"2s"``, ``"5m"``, ``"1h"``, ``"2d"`` or a number of seconds, as seconds."""
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise ValueError('a duration is a number and a unit, as in "2s", "5m" or "1h"')
    return float(found[1]) * _UNITS[found[2]]


def _web_address(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("an address begins with http:// or https://")
    return value


def _source_kind(value: str) -> str:
    if value not in kinds.MODULES:
        raise ValueError(f"there is no such kind of source; the kinds are: {', '.join(sorted(kinds.MODULES))}")
    return value


def _selector(value: str) -> str:
    if value:
        xpath_of(value)
    return value


def _time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key if value else ""
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ValueError('a time zone has a name of the IANA database, as in "Asia/Karachi"') from None


def _api_root(value: str) -> str:
    if not _web_address(value).endswith("/bot"):
        raise ValueError('the root of the Bot API ends with "/bot"')
    return value


def host_and_port(value: str) -> tuple[str, int]:
    """``"127.0.0.1:8443"`` or ``"[::1]:8443"`` as host and port.

    Raises:
        ValueError: it is neither.
    """
    found = _HOST_AND_PORT.fullmatch(value)
    if not found or not 0 < int(found[2]) < 65_536:
        raise ValueError('an address to listen at is a host and a port, as in "127.0.0.1:8443"')
    return found[1].strip("[]"), int(found[2])


def _listen_address(value: str) -> str:
    host_and_port(value)
    return value


def _long_or_zero(value: float) -> float:
    if value and value < SHORTEST_KEPT:
        raise ValueError('texts are kept for 30 days at least, as in "90d", or for ever: "0s"')
    return value


def _long_secret(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"a token has at least {SHORTEST_SECRET} characters")
    return value


def _cluster_address(value: str) -> str:
    if value and not _CLUSTER.fullmatch(value):
        raise ValueError('the address of a cluster\'s scheduler is like "tcp://host:8786"')
    return value


def _person(value: int) -> int:
    if value <= 0:
        raise ValueError("an admin is a person, whose id is a number above 0; a group's or channel's id is below")
    return value


def _webhook_address(value: str) -> str:
    return _web_address(value) if value else value


def _signing_secrets(value: SecretStr) -> SecretStr:
    """Secrets between spaces: while one is replaced, the new and the old one."""
    for secret in value.get_secret_value().split():
        signing.key_of(secret)
    return value


def _public_address(value: str) -> str:
    if value and ("?" in value or "#" in value):
        raise ValueError("the beginning of an address, without ? and #")
    return _web_address(value) if value else value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("a secret has 16 to 256 of the characters A-Z, a-z, 0-9, _ and -")
    return value


Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


Country = Annotated[str, AfterValidator(country_code)]
LanguageTag = Annotated[str, AfterValidator(language_tag)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(_Section):
    """How Telegram is reached and who may administer. Without a token the service runs in the terminal."""

    token: SecretStr = SecretStr("")
    token_file: Path = Path()
    base_url: Annotated[str, AfterValidator(_api_root)] = OFFICIAL_API
    admins: tuple[Annotated[int, AfterValidator(_person)], ...] = ()
    connect_timeout: Duration = 5.0
    read_timeout: Duration = 10.0
    write_timeout: Duration = 10.0
    poll_timeout: Duration = 10.0
    webhook_url: Annotated[str, AfterValidator(_webhook_address)] = ""
    webhook_listen: Annotated[str, AfterValidator(_listen_address)] = "127.0.0.1:8443"
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    webhook_secret_file: Path = Path()

    @property
    def bot_id(self) -> str:
        """The public first half of the token: two tokens of one bot have the same."""
        return self.token.get_secret_value().partition(":")[0]

    def secrets(self) -> tuple[str, ...]:
        """The secrets, which must not be logged."""
        return (self.token.get_secret_value(), self.webhook_secret.get_secret_value())


class StoreSettings(_Section):
    """Where everything is kept."""

    path: Path = Path("tocsin.db")
    backups: Path = Path()
    backup_every: Duration = 3600.0
    backup_keep: Annotated[int, Field(ge=1, le=1000)] = 24
    keep_texts: Annotated[float, BeforeValidator(seconds), AfterValidator(_long_or_zero)] = 0.0


class SourceSettings(_Section):
    """One source that is read again and again."""

    url: WebAddress
    kind: Annotated[str, AfterValidator(_source_kind)] = kinds.DEFAULT
    every: Duration = 600.0
    name: str = ""
    family: str = ""
    country: Country = ""
    tier: Annotated[int, Field(ge=1, le=4)] = 3
    lang: LanguageTag = "en"
    full_text: bool = False
    zone: Annotated[str, AfterValidator(_time_zone)] = ""
    links: Annotated[str, AfterValidator(_selector)] = ""


class Fetch(_Section):
    """How documents are fetched, and which private hosts may be."""

    allow_hosts: tuple[str, ...] = ()
    floor: Duration = 60.0
    timeout: Duration = 20.0
    max_bytes: Annotated[int, Field(ge=1024)] = 5_000_000
    max_items: Annotated[int, Field(ge=1)] = 500
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    every: Duration = 60.0
    trial: Duration = 604_800.0
    pause_after: Annotated[float, BeforeValidator(seconds), Field(ge=0)] = 2_592_000.0
    user_agent: str = "Tocsin/0.1 (incident alerts)"


class Alerts(_Section):
    """What is news, what makes a sound, and how fast messages go out."""

    fresh: Duration = 172_800.0
    act_within: Duration = 604_800.0
    loud: Severity = Severity.SEVERE
    objective: Annotated[float, BeforeValidator(seconds), Field(ge=0)] = 0.0
    per_second: Annotated[int, Field(ge=1)] = 30
    group_per_minute: Annotated[int, Field(ge=1)] = 20
    senders: Annotated[int, Field(ge=1, le=64)] = 16


class Extract(_Section):
    """How articles are read."""

    model: str = ""
    workers: Annotated[int, Field(ge=1, le=32)] = 1
    batch: Annotated[int, Field(ge=1, le=64)] = 64
    timeout: Duration = 60.0
    cluster: Annotated[str, AfterValidator(_cluster_address)] = ""


class Metrics(_Section):
    """What monitoring systems may read."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 0


class Push(_Section):
    """How other programs of this machine hand in articles."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    token: Annotated[SecretStr, AfterValidator(_long_secret)] = SecretStr("")


class Web(_Section):
    """Feeds and pages for other programs and browsers, and where others reach them."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 0
    url: Annotated[str, AfterValidator(_public_address)] = ""


class WebhookSettings(_Section):
    """One program that is told of changes by HTTP."""

    url: WebAddress
    secret: Annotated[SecretStr, AfterValidator(_signing_secrets)] = SecretStr("")
    secret_file: Path = Path()
    filter: str = ""
    name: str = ""
    allow_private: bool = False

    @property
    def called(self) -> str:
        """What it is called in messages: its name or its host, since an address may hold a secret."""
        return self.name or urlsplit(self.url).hostname or ""


class Log(_Section):
    """How much is logged, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["text", "json"] = "text"


class Config(BaseSettings):
    """The whole configuration, valid."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    telegram: Telegram = Telegram()
    store: StoreSettings = StoreSettings()
    fetch: Fetch = Fetch()
    alerts: Alerts = Alerts()
    extract: Extract = Extract()
    metrics: Metrics = Metrics()
    push: Push = Push()
    web: Web = Web()
    log: Log = Log()
    sources: tuple[SourceSettings, ...] = ()
    webhooks: tuple[WebhookSettings, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file's values come first, then the environment variables that fill empty secrets."""
        return (init_settings, _SecretsFromEnvironment(settings_cls, env_settings))

    def secrets(self) -> tuple[str, ...]:
        """All secrets, which must not be logged."""
        hooks = [secret for one in self.webhooks for secret in one.secret.get_secret_value().split()]
        return (*self.telegram.secrets(), self.push.token.get_secret_value(), *hooks)

    def source_list(self) -> tuple[Source, ...]:
        """The configured sources, with what is known of their publishers where a key is left out."""
        return tuple(with_facts(Source(**one.model_dump()), one.model_fields_set) for one in self.sources)


class _SecretsFromEnvironment(InitSettingsSource):
    def __init__(self, settings_cls: type[BaseSettings], env: PydanticBaseSettingsSource) -> None:
        variables = getattr(env, "env_vars", {})
        found = {key: variables.get(name.lower()) for key, name in _VARIABLES.items()}
        filled = {key: value for key, value in found.items() if value}
        super().__init__(settings_cls, {"telegram": filled} if filled else {})


def load(path: Path | None) -> Config:
    """The configuration from a TOML file (None: all defaults).

    Raises:
        ConfigError: the file can't be read, or has mistakes; all of them are listed.
    """
    return parse(read(path) if path else {}, path)


def parse(values: dict[str, Any], path: Path | None = None) -> Config:
    """The configuration from a table of values; ``path`` is the file they come from, for the messages.

    Raises:
        ConfigError: there are mistakes; all of them are listed.
    """
    _read_secret_files(values)
    telegram = values.get("telegram")
    if isinstance(telegram, dict):
        values["telegram"] = {key: value for key, value in telegram.items() if value != "" or key not in _VARIABLES}
    amiss = _amiss(values)
    try:
        config = Config(**values)
    except ValidationError as error:
        amiss = [*_mistakes(error), *amiss]
    else:
        token = config.telegram.token.get_secret_value()  # the environment may have given it
        amiss = amiss or _amiss({"telegram": {**config.telegram.model_dump(), "token": token}})
    if amiss:
        name = f"{path}: " if path else ""
        raise ConfigError("\n".join(f"{name}{said}" for said in dict.fromkeys(amiss)))
    return config


def _read_secret_files(values: dict[str, Any]) -> None:
    """Read each empty secret from the file that its key with ``_file`` names, such as ``token_file``."""
    telegram, hooks = values.get("telegram"), values.get("webhooks")
    if isinstance(telegram, dict):
        for key in _VARIABLES:
            telegram = _with_secret(telegram, key, "telegram")
        values["telegram"] = telegram
    if isinstance(hooks, list):
        values["webhooks"] = [
            _with_secret(one, "secret", f"webhooks[{number}]") if isinstance(one, dict) else one
            for number, one in enumerate(hooks)
        ]


def _with_secret(table: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    name = table.get(f"{key}_file")
    if table.get(key) or not name:
        return table
    try:
        return {**table, key: Path(str(name)).read_text("utf-8").strip()}
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{where}.{key}_file: {name}: {why}") from error


def is_readable_by_others(path: Path) -> bool:
    """Can other users of this machine read a file that may hold a secret?"""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def read(path: Path) -> dict[str, Any]:
    """The values of a TOML file, whatever they are.

    Raises:
        ConfigError: it can't be read as TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is no TOML: {_without_end(str(error))}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: has to be written in UTF-8; byte {error.start + 1:,} is not") from error


def _mistakes(error: ValidationError) -> list[str]:
    return [f"{_key(mistake['loc'])}: {sentence(mistake, Config)}" for mistake in error.errors(include_url=False)]


def _key(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _amiss(values: dict[str, Any]) -> list[str]:
    """What is wrong with more than one value, or not seen by their types: a sentence each."""
    return [*mistakes_across(values), *_switches(values)]


def _switches(values: dict[str, Any]) -> Iterator[str]:
    """Keys that are true or false and have to be something else: they would count as 1 and 0."""
    tables: list[tuple[tuple[int | str, ...], Any]] = [((name,), table) for name, table in values.items()]
    for name in ("sources", "webhooks"):
        listed = values.get(name)
        tables += [((name, n), one) for n, one in enumerate(listed if isinstance(listed, (list, tuple)) else ())]
    for loc, table in tables:
        for name, value in table.items() if isinstance(table, dict) else ():
            is_bool = isinstance(value, bool) or (
                isinstance(value, list) and any(isinstance(one, bool) for one in value)
            )
            if is_bool and not is_switch((*loc, name), Config):
                yield f"{_key((*loc, name))}: {sentence({'loc': (*loc, name), 'type': 'bool', 'input': value}, Config)}"


def _without_end(said: str) -> str:
    return said.replace("(at end of document)", "(at the end of the file)")
