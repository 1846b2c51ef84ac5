"""``tocsin``: the command line. Exit 0 done, 1 our failure, 2 the caller's mistake, 3 a blocked address."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.errors import ConfigError, TocsinError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads news feeds, keeps one living record per incident, and alerts on Telegram with the evidence.",
)

File = Annotated[str, typer.Argument(help="JSON Lines, one article a line; - reads standard input.")]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first bad line instead of skipping it.")]
Model = Annotated[str, typer.Option(help="The spaCy model; by default the installed small English one.")]
Database = Annotated[Path, typer.Option("--db", help="The SQLite file.")]
ConfigFile = Annotated[Path, typer.Option("--config", help="The configuration file.")]

DEFAULT_CONFIG = Path("config.toml")
# the matrix operations of one article are too small to run in parallel: threads would only wait for each other
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"tocsin {metadata.version('tocsin')}")
        raise typer.Exit


@app.callback()
def tocsin(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="The version, and nothing else.")
    ] = False,
) -> None:
    """Reads news feeds, keeps one living record per incident, and alerts on Telegram with the evidence."""


@app.command()
def run(
    config: ConfigFile = DEFAULT_CONFIG,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log all of [log] level at the terminal, too.")] = False,
) -> None:
    """The service: schedule, poll, extract, track, alert, answer. In the terminal without a bot token."""
    from bot.app import run as serve
    from bot.config import load

    raise typer.Exit(serve(load(config), path=config, verbose=verbose))


@app.command()
def setup(
    config: ConfigFile = DEFAULT_CONFIG,
    example: Annotated[Path, typer.Option(help="What a configuration file that isn't there is made from.")] = Path(
        "config.example.toml"
    ),
    base_url: Annotated[str, typer.Option(help="The Bot API's root, for a local Bot API server.")] = "",
    missing: Annotated[bool, typer.Option("--missing", help="Ask only where there is no token, or no file.")] = False,
) -> None:
    """Asks for the bot token, the administrator and a first place to watch, and writes config.toml."""
    from bot.batch import setup as work

    operator = work.Terminal() if work.is_attended() else None
    work.setup(config, example, base_url=base_url, only_missing=missing, operator=operator, now=datetime.now(UTC))


@app.command()
def demo() -> None:
    """The whole pipeline on bundled sample feeds, in the terminal: no token, no network."""
    from bot.demo import run as show

    raise typer.Exit(show())


@app.command()
def extract(file: File = "-", model: Model = "", strict: Strict = False) -> None:
    """Articles in, one line an article out: which incidents it tells of, with evidence."""
    from bot.batch import extract as batch_extract

    batch_extract.extract(file, model=model, strict=strict)


@app.command()
def places(file: File = "-", strict: Strict = False) -> None:
    """Articles in, every place name found and resolved out."""
    from bot.batch import extract as batch_extract

    batch_extract.places(file, strict=strict)


@app.command()
def replay(
    file: File,
    db: Database,
    alerts: Annotated[Path | None, typer.Option(help="Write the alert decisions to this file.")] = None,
    deliveries: Annotated[Path | None, typer.Option(help="Write what subscribed chats would get.")] = None,
    model: Model = "",
    strict: Strict = False,
) -> None:
    """Articles in order of publication through the live pipeline; resumable, the same every time."""
    from bot.batch.replay import replay as work

    work(file, db, alerts_out=alerts, deliveries_out=deliveries, model=model, strict=strict)


@app.command()
def export(
    db: Database,
    form: Annotated[
        str, typer.Option("--format", help="jsonl, csv, geojson, cap (in Atom), atom, rss, stix.")
    ] = "jsonl",
    filters: Annotated[list[str] | None, typer.Argument(help="Words as for /search: Karachi bombing severe.")] = None,
) -> None:
    """Incidents out, with the same filters as /search."""
    from bot.batch.export import export as work

    work(_existing_file(db), form, " ".join(filters or ()))


@app.command()
def ask(
    db: Database,
    question: Annotated[str, typer.Argument(help="In plain English.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
    batch: Annotated[str, typer.Option(help="A file of questions, a JSON object a line; - reads standard input.")] = "",
    now: Annotated[str, typer.Option(help="ISO 8601: what today is counted from; by default the clock.")] = "",
    strict: Strict = False,
) -> None:
    """A question in plain English, answered from the database with the incidents and their quotes."""
    from bot.batch import ask as work

    if bool(question) == bool(batch):
        raise UsageError('one question, or --batch FILE: tocsin ask --db tocsin.db "How many fires this week?"')
    moment = work.read_now(now)
    if batch:
        work.ask_batch(_existing_file(db), batch, now=moment, strict=strict)
    else:
        work.ask_one(_existing_file(db), question, now=moment, as_json=as_json)


@app.command("parse-feed")
def parse_feed(
    file: Annotated[str, typer.Argument(help="One feed document; - reads standard input.")] = "-",
    base_url: Annotated[str, typer.Option(help="Where the document comes from, for relative links.")] = "",
    content_type: Annotated[str, typer.Option(help="The HTTP content type, for the encoding.")] = "",
    batch: Annotated[bool, typer.Option("--batch", help="Many documents, a JSON object a line.")] = False,
    strict: Strict = False,
) -> None:
    """The bytes of a feed document in, one article a line out."""
    from bot.batch import feeds

    if batch:
        feeds.parse_batch(file, strict=strict)
    else:
        feeds.parse_one(file, base_url=base_url, content_type=content_type)


@app.command("check-url")
def check_url(url: str) -> None:
    """Would the fetcher connect to this address? Exit 0 and "allow", or 3 and "block: why"."""
    from bot.sources.address_guard import verdict

    why = verdict(url)
    typer.echo(f"block: {why}" if why else "allow")
    raise typer.Exit(3 if why else 0)


@app.command()
def explain(
    db: Database, name: Annotated[str, typer.Argument(metavar="ID", help="An article's or incident's id.")]
) -> None:
    """Why an article or incident became what it is: scores, vetoes, merges, changes."""
    from bot.batch.explain import explanation_json
    from bot.batch.json_lines import flush, write
    from bot.incidents.explanation import explain as explained
    from bot.store import Store
    from extract.kinds import load_kinds

    store = Store(_existing_file(db))
    try:
        found = store.read_sync(explained, name)
    finally:
        store.close()
    if found.article is None and found.incident is None:
        raise UsageError(f"{db}: no article or incident has the id {name!r}")
    write(explanation_json(found, load_kinds()))
    flush()


@app.command()
def status(db: Annotated[Path | None, typer.Option("--db")] = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """How the service is doing, from its database: sources, queues, problems."""
    from bot.batch.json_lines import flush, write
    from bot.config import load
    from bot.operations import health as service_health
    from bot.store import Store

    store = Store(_existing_file(db or load(config).store.path))
    try:
        write(msgspec.to_builtins(store.read_sync(service_health.snapshot, datetime.now(UTC))))
    finally:
        store.close()
    flush()


@app.command()
def health(
    db: Annotated[Path | None, typer.Option("--db")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    rows: Annotated[bool, typer.Option("--rows", help="Also check every row; takes longer.")] = False,
) -> None:
    """For supervisors: exit 0 while the service is alive, 1 where its last sign of life is older than a minute."""
    from bot.config import load
    from bot.operations import health as service_health

    path = _existing_file(db or load(config).store.path)
    alive, said = service_health.is_alive(path)
    damaged = service_health.damaged_rows(path) if rows else []
    typer.echo(said)
    for name in damaged:
        typer.echo(f"damaged: {name}")
    raise typer.Exit(0 if alive and not damaged else 1)


@app.command()
def verify(
    db: Database, head: Annotated[str, typer.Option(help="A head that was kept elsewhere, from an earlier run.")] = ""
) -> None:
    """Were decisions, versions or deliveries changed, removed or slipped in? Exit 1 names each; 0: none."""
    from bot.batch import verify as work

    verdict = work.verify(_existing_file(db), head)
    for line in work.lines(verdict, is_head_given=bool(head)):
        typer.echo(line)
    raise typer.Exit(1 if verdict.breaches else 0)


@app.command()
def backup(db: Database, target: Annotated[Path, typer.Argument(help="The new file; it must not exist.")]) -> None:
    """Copy the database while the service runs, and check the copy."""
    from bot.operations import backup as backups

    backups.backup(_existing_file(db), target)


@app.command()
def restore(db: Database, source: Annotated[Path, typer.Argument(help="A file that `tocsin backup` made.")]) -> None:
    """Put a backup in the place of the database; what was there is kept beside it."""
    from bot.operations import backup as backups

    typer.echo(backups.restore(db, _existing_file(source)))


@app.command("export-sources")
def export_sources(
    db: Annotated[Path | None, typer.Option("--db")] = None, config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """The sources that are read, as an OPML document, which other readers of feeds take."""
    from bot.batch.source_lists import export_sources as work
    from bot.config import load

    work(_existing_file(db or load(config).store.path))


@app.command("import-sources")
def import_sources(
    file: Annotated[str, typer.Argument(help="An OPML document; - reads standard input.")],
    db: Annotated[Path | None, typer.Option("--db")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    trial: Annotated[bool, typer.Option("--trial", help="On trial: read and counted, without alerts.")] = False,
) -> None:
    """Add the feeds of an OPML document as sources; those that are known stay as they are."""
    from bot.batch.source_lists import import_sources as work
    from bot.config import load

    settings = load(config if db is None or config.is_file() else None)
    work(file, _existing_file(db or settings.store.path), settings, is_on_trial=trial)


@app.command("check-config")
def check_config(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Read the configuration and name every mistake at once, with its key path."""
    from bot.app import check, missing_on_machine
    from bot.batch.json_lines import flush, write
    from bot.config import is_readable_by_others, load, read

    values = read(config)
    try:
        settings = load(config)
    except ConfigError as error:
        raise ConfigError("\n".join((str(error), *missing_on_machine(values)))) from error
    notes = check(settings)
    if settings.telegram.token.get_secret_value() and is_readable_by_others(config):
        notes.append(f"{config} can be read by others on this machine: chmod 600 {config}")
    write({"ok": True, "notes": notes})
    flush()


def main() -> None:
    """Run a command; an error is one clear line on stderr."""
    for name in THREADS:  # before numpy is imported; workers inherit it
        os.environ.setdefault(name, "1")
    try:
        app(standalone_mode=True)
    except (UsageError, ConfigError) as error:
        _print_error(error)
        sys.exit(2)
    except TocsinError as error:
        _print_error(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _print_error(error: Exception) -> None:
    print(f"tocsin: {error}", file=sys.stderr)  # noqa: T201


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise UsageError(f"{path}: there is no such database")
    return path
