"""What has the operator configured? One file, read once; every mistake is reported at once with its key path."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigError
from bot.sources import kinds
from bot.types import Source
from extract.types import Severity

TOKEN_VARIABLE = "TOCSIN_TELEGRAM_TOKEN"  # noqa: S105  the variable's name
WEBHOOK_SECRET_VARIABLE = "TOCSIN_WEBHOOK_SECRET"  # noqa: S105  the variable's name
# secrets of [telegram] that can be given in the environment or in a file instead
_VARIABLES = {"token": TOKEN_VARIABLE, "webhook_secret": WEBHOOK_SECRET_VARIABLE}
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+):(\d{1,5})", re.ASCII)
OFFICIAL_API = "https://api.telegram.org/bot"
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


def _webhook_address(value: str) -> str:
    return _web_address(value) if value else value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if value.get_secret_value() and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("a secret has 16 to 256 of the characters A-Z, a-z, 0-9, _ and -")
    return value


Duration = Annotated[float, BeforeValidator(seconds), Field(gt=0)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Telegram(_Section):
    """How Telegram is reached and who may administer. Without a token the service runs in the terminal."""

    token: SecretStr = SecretStr("")
    token_file: Path = Path()
    base_url: Annotated[str, AfterValidator(_api_root)] = OFFICIAL_API
    admins: tuple[int, ...] = ()
    connect_timeout: Duration = 5.0
    read_timeout: Duration = 10.0
    write_timeout: Duration = 10.0
    poll_timeout: Duration = 10.0
    webhook_url: Annotated[str, AfterValidator(_webhook_address)] = ""
    webhook_listen: Annotated[str, AfterValidator(_listen_address)] = "127.0.0.1:8443"
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    webhook_secret_file: Path = Path()

    @model_validator(mode="after")
    def _webhook_needs_https(self) -> Telegram:
        if self.webhook_url.startswith("http:") and self.base_url == OFFICIAL_API:
            raise ValueError("webhook_url: Telegram brings updates to https:// addresses only")
        return self

    def secrets(self) -> tuple[str, ...]:
        """The secrets, which must not be logged."""
        return (self.token.get_secret_value(), self.webhook_secret.get_secret_value())


class StoreSettings(_Section):
    """Where everything is kept."""

    path: Path = Path("tocsin.db")
    backups: Path = Path()
    backup_every: Duration = 3600.0
    backup_keep: Annotated[int, Field(ge=1, le=1000)] = 24


class SourceSettings(_Section):
    """One source that is read again and again."""

    url: WebAddress
    kind: Annotated[str, AfterValidator(_source_kind)] = kinds.DEFAULT
    every: Duration = 600.0
    name: str = ""
    family: str = ""
    country: str = ""
    tier: Annotated[int, Field(ge=1, le=4)] = 3
    lang: str = "en"
    full_text: bool = False


class Fetch(_Section):
    """How documents are fetched, and which private hosts may be."""

    allow_hosts: tuple[str, ...] = ()
    floor: Duration = 60.0
    timeout: Duration = 20.0
    max_bytes: Annotated[int, Field(ge=1024)] = 5_000_000
    max_items: Annotated[int, Field(ge=1)] = 500
    concurrency: Annotated[int, Field(ge=1, le=64)] = 8
    every: Duration = 60.0
    user_agent: str = "Tocsin/0.1 (incident alerts)"


class Alerts(_Section):
    """What is news, what makes a sound, and how fast messages go out."""

    fresh: Duration = 172_800.0
    act_within: Duration = 604_800.0
    loud: Severity = Severity.SEVERE
    objective: Annotated[float, BeforeValidator(seconds), Field(ge=0)] = 0.0
    per_second: Annotated[int, Field(ge=1)] = 30
    group_per_minute: Annotated[int, Field(ge=1)] = 20
    senders: Annotated[int, Field(ge=1, le=64)] = 8


class Extract(_Section):
    """How articles are read."""

    model: str = ""
    workers: Annotated[int, Field(ge=1, le=32)] = 1
    batch: Annotated[int, Field(ge=1, le=64)] = 8
    timeout: Duration = 60.0


class Metrics(_Section):
    """What monitoring systems may read."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 0


class Log(_Section):
    """How much is logged."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(BaseSettings):
    """The whole configuration, valid."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    telegram: Telegram = Telegram()
    store: StoreSettings = StoreSettings()
    fetch: Fetch = Fetch()
    alerts: Alerts = Alerts()
    extract: Extract = Extract()
    metrics: Metrics = Metrics()
    log: Log = Log()
    sources: tuple[SourceSettings, ...] = ()

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

    def source_list(self) -> tuple[Source, ...]:
        """The configured sources as values of the service."""
        return tuple(Source(**source.model_dump()) for source in self.sources)


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
    return parse(_read(path) if path else {}, path)


def parse(values: dict[str, Any], path: Path | None = None) -> Config:
    """The configuration from a table of values; ``path`` is the file they come from, for the messages.

    Raises:
        ConfigError: there are mistakes; all of them are listed.
    """
    _read_secret_files(values)
    telegram = values.get("telegram")
    if isinstance(telegram, dict):
        values["telegram"] = {key: value for key, value in telegram.items() if value != "" or key not in _VARIABLES}
    try:
        config = Config(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(_mistakes(error, path))) from None
    return _with_unique_sources(config)


def _read_secret_files(values: dict[str, Any]) -> None:
    """Read each empty secret from the file that its key with ``_file`` names, such as ``token_file``."""
    telegram = values.get("telegram")
    if not isinstance(telegram, dict):
        return
    for key in _VARIABLES:
        name = telegram.get(f"{key}_file")
        if telegram.get(key) or not name:
            continue
        try:
            telegram = {**telegram, key: Path(str(name)).read_text("utf-8").strip()}
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(f"telegram.{key}_file: {name}: {why}") from error
    values["telegram"] = telegram


def is_readable_by_others(path: Path) -> bool:
    """Can other users of this machine read a file that may hold a secret?"""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error


def _with_unique_sources(config: Config) -> Config:
    urls = [source.url for source in config.sources]
    twice = sorted({url for url in urls if urls.count(url) > 1})
    if twice:
        raise ConfigError("\n".join(f"sources: {url} is listed twice" for url in twice))
    return config


def _mistakes(error: ValidationError, path: Path | None) -> list[str]:
    name = f"{path}: " if path else ""
    return [f"{name}{_key(mistake['loc'])}: {_sentence(mistake)}" for mistake in error.errors(include_url=False)]


def _key(loc: tuple[int | str, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _sentence(mistake: Any) -> str:
    if mistake["type"] != "extra_forbidden":
        return str(mistake["msg"]).removeprefix("Value error, ")
    near = difflib.get_close_matches(str(mistake["loc"][-1]), _names_at(mistake["loc"][:-1]), n=1)
    return "no such key" + (f"; did you mean {near[0]}?" if near else "")


def _names_at(loc: tuple[int | str, ...]) -> list[str]:
    if not loc:
        return list(Config.model_fields)
    section = SourceSettings if loc[0] == "sources" else Config.model_fields[str(loc[0])].annotation
    return list(getattr(section, "model_fields", {}))
