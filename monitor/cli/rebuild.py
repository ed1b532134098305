"""The command that makes incidents anew."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from monitor.cli.options import ConfigPath, configured
from monitor.errors import InputError


def rebuild(
    into: Annotated[
        str,
        typer.Option("--into", help="Name of the new generation, with a dot at its end: `2.`."),
    ],
    config: ConfigPath = None,
) -> None:
    """Make incidents anew from the articles. Beside the running ones, without alerting anybody."""
    from agents import rebuild as making
    from agents.asking import asked
    from agents.settings import from_config
    from monitor import logs
    from monitor.config import Config

    settings = configured(config)
    try:
        wanted = settings.kafka.model_copy(update={"generation": into})
        Config.model_validate({"kafka": wanted.model_dump(exclude_defaults=True)})
    except ValueError as exc:
        msg = f"--into takes letters, digits and dashes with a dot at the end, not {into!r}"
        raise InputError(msg) from exc
    if into == settings.kafka.generation:
        msg = f"{into!r} is the generation that runs; choose another one"
        raise InputError(msg)
    logs.configure(settings.log.level, settings.log.format)
    agents = from_config(settings)
    asyncio.run(asked(agents.kafka, making.rebuild(agents, into, _tell)))
    print(
        f"All unique articles are read into {into}\n"
        f'To switch: stop the monitor, run this again, set kafka.generation = "{into}", start.'
    )


def _tell(waiting: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{waiting} records wait  ", end="", file=sys.stderr, flush=True)
