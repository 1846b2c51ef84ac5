"""The life of the service: waits for the lease, serves, reads the configuration again when asked, stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import composition
from bot.composition import ReaderFor, Terminal, now
from bot.config import Config, StoreSettings, load
from bot.errors import ConfigError, StoreError, TocsinError
from bot.operations import leader, log_setup, reload
from bot.sources.address_guard import verdict
from bot.store import Store, counters, lease
from bot.terminal import screen

log = logging.getLogger(__name__)

# runs beside the stages: gets the store, "the service ends" and "end the service"
Companion = Callable[[Store, asyncio.Event, asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(kw_only=True)
class _Plan:
    """What is to run. ``path`` is where the configuration is read again, ``changed`` is set when it has changed."""

    config: Config
    path: Path | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    reader_for: ReaderFor
    companions: Sequence[Companion]
    verbose: bool = False
    terminal: Terminal = field(default_factory=Terminal)


def run(
    config: Config,
    reader: ReaderFor | None = None,
    *,
    companions: Sequence[Companion] = (),
    path: Path | None = None,
    terminal: Terminal | None = None,
    verbose: bool = False,
) -> int:
    """Serve until SIGTERM or SIGINT, or Ctrl-D at the terminal. The exit code: 0 ended as asked, 1 something broke.

    At SIGHUP the configuration is read again from ``path``. Where somebody sits at the terminal, only warnings are
    logged, unless ``verbose`` or the level "debug" asks for more.
    """
    plan = _Plan(
        config=config,
        path=path,
        reader_for=reader or composition.source_reader,
        companions=companions,
        terminal=terminal or Terminal(),
        verbose=verbose,
    )
    _set_up_log(plan)
    code = 1
    try:
        code = asyncio.run(_run(plan))
    except TocsinError as error:
        log.error("can't run", extra={"why": str(error)})
    finally:
        if _is_at_terminal(plan.config):
            plan.terminal.screen.end("" if code else plan.terminal.farewell)
    return code


def _set_up_log(plan: _Plan) -> None:
    config = plan.config
    is_quiet = _is_at_terminal(config) and not plan.verbose and config.log.level == "info"
    level = "warning" if is_quiet else config.log.level
    stream = plan.terminal.screen.above(sys.stderr) if _is_at_terminal(config) else None
    log_setup.configure(level, *config.secrets(), form=config.log.form, stream=stream)


def _is_at_terminal(config: Config) -> bool:
    """Does somebody sit at the terminal, who types commands and reads alerts there?"""
    return not config.telegram.token.get_secret_value() and screen.is_attended()


def check(config: Config) -> list[str]:
    """What an operator should know about a valid configuration before running it, a sentence each.

    Raises:
        ConfigError: it can't run on this machine: a folder or model is missing; all such things are listed.
    """
    if missing := missing_on_machine(config.model_dump(include={"store", "extract"})):
        raise ConfigError("\n".join(missing))
    composition.hooks_of(config)
    notes = [f"{len(config.sources)} sources, database {config.store.path}"]
    if not config.sources:
        notes.append("no [[sources]]: nothing is read until there is one here, or an admin gives /addsource")
    if not config.telegram.token.get_secret_value():
        notes.append("no [telegram] token: alerts are printed and commands typed in the terminal")
    elif not config.telegram.admins:
        notes.append("no [telegram] admins: nobody can use /addsource and /rmsource")
    for number, source in enumerate(config.sources):
        if why := verdict(source.url, config.fetch.allow_hosts):
            mend = "a host of your own network goes into [fetch] allow_hosts"
            notes.append(f"sources[{number}].url: {source.url} won't be read: {why}; {mend}")
    for number, hook in enumerate(config.webhooks):
        if why := verdict(hook.url, composition.private_hosts(hook)):
            mend = "an address of your own network needs allow_private = true"
            notes.append(f"webhooks[{number}].url: nothing will be posted to {hook.called}: {why}; {mend}")
        elif hook.url.startswith("http:") and not hook.allow_private:
            notes.append(
                f"webhooks[{number}].url: whoever is on the way to {hook.called} can read it; https:// is safer"
            )
    if config.web.url and not config.web.port:
        notes.append("web.url: nothing answers there while web.port is 0")
    return notes


def missing_on_machine(values: Mapping[str, Any]) -> list[str]:
    """What this machine lacks for a table of configured values, which may have other mistakes: a sentence each."""
    asked = (("store", "path"), ("extract", "model"), ("extract", "cluster"))
    path, model, cluster = (_value(values, section, key) for section, key in asked)
    database = path if isinstance(path, str | Path) else StoreSettings().path
    return [
        *_missing_folder(Path(database)),
        *_missing_model(model if isinstance(model, str) else ""),
        *(_missing_cluster() if cluster else []),
    ]


def _value(values: Mapping[str, Any], section: str, key: str) -> object:
    table = values.get(section)
    return table.get(key) if isinstance(table, Mapping) else None


def _missing_folder(database: Path) -> list[str]:
    folder = database.absolute().parent
    if not folder.is_dir():
        return [f"store.path: the folder {folder} does not exist; make it: mkdir -p {folder}"]
    if not os.access(folder, os.W_OK):
        return [f"store.path: the folder {folder} can't be written; give this user the right: chown or chmod {folder}"]
    return []


def _missing_model(model: str) -> list[str]:
    if not model or Path(model).is_dir() or (model.isidentifier() and importlib.util.find_spec(model)):
        return []
    return [f'extract.model: {model} is not installed; install it with pip, or leave it empty: model = ""']


def _missing_cluster() -> list[str]:
    if importlib.util.find_spec("distributed"):
        return []
    return [composition.NO_CLUSTER]


async def _run(plan: _Plan) -> int:
    stop, asked = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    plan.terminal.at_end = stop.set
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    holder = leader.new_holder()
    store = await leader.open_when_free(plan.config.store.path, holder, stop)
    if store is None:
        return 0
    reloading = asyncio.create_task(_reload_when_asked(plan, store, asked))
    code = 0
    try:
        while not code and await leader.take_over(store, holder, now, stop):
            plan.changed.clear()
            try:
                await composition.make_ready(plan.config, store)
            except StoreError as error:  # another program locks the database, say: that must not end the service
                log.error("not serving yet", extra={"why": str(error)})
                await leader.wait(stop)
                continue
            code = await _serve(plan, store, holder, stop)
            if stop.is_set() or not plan.changed.is_set():
                with contextlib.suppress(StoreError):  # the next process takes the lease when it has expired
                    await store.write(lease.release, holder)
            if stop.is_set():
                break
    finally:
        reloading.cancel()
        await asyncio.to_thread(store.close)
    return code


async def _reload_when_asked(plan: _Plan, store: Store, asked: asyncio.Event) -> None:
    """Read the configuration again whenever asked; one that can't be used changes nothing."""
    while True:
        await asked.wait()
        asked.clear()
        try:
            await _reload(plan)
        except ConfigError as error:
            log.error("the configuration stays as it was", extra={"why": str(error)})
            with contextlib.suppress(StoreError):
                await store.write(counters.problem, "configuration", "configuration", str(error), now())


async def _reload(plan: _Plan) -> None:
    if plan.path is None:
        raise ConfigError("there is no configuration file to read again")
    new, kept = reload.merged(plan.config, await asyncio.to_thread(load, plan.path))
    if kept:
        log.warning("changed, but only after a restart", extra={"keys": ", ".join(kept)})
    await asyncio.to_thread(composition.hooks_of, new)
    keys = reload.changed(plan.config, new)
    log.info("configuration read again", extra={"changed": ", ".join(keys) or "nothing"})
    if keys:
        plan.config = new
        _set_up_log(plan)
        plan.changed.set()


async def _serve(plan: _Plan, store: Store, holder: str, stop: asyncio.Event) -> int:
    """Run every stage until the stop, another configuration, the loss of the lease, or the end of a stage.

    The exit code: 0, or 1 if a stage ended that was not asked to.
    """
    config = plan.config
    reader = plan.reader_for(config, store, now)
    service = composition.build(config, store, holder=holder, reader=reader, terminal=plan.terminal)
    log.info("started", extra={"sources": len(config.sources), "people": service.channel})
    ended = asyncio.Event()
    stages = [asyncio.create_task(stage(ended)) for stage in service.stages]
    stages += [asyncio.create_task(companion(store, ended, stop)) for companion in plan.companions]
    watch = [
        asyncio.create_task(stop.wait()),
        asyncio.create_task(plan.changed.wait()),
        asyncio.create_task(leader.keep_lease(store, holder, now, ended)),
    ]
    await asyncio.wait((*stages, *watch), return_when=asyncio.FIRST_COMPLETED)
    broken = [task for task in stages if task.done() and not stop.is_set()]
    ended.set()
    service.wake_all()
    await service.close(stages)
    for task in watch:
        task.cancel()
    for task in broken:
        log.error("a stage ended", exc_info=task.exception() if not task.cancelled() else None)
    return 1 if broken else 0
