"""Commands that run the monitor: up, worker, poller, broker."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor.cli.options import ConfigPath, configured, reloading
from monitor.errors import InputError, NotReachableError
from monitor.sharing import share_figures
from monitor.stage import STAGES
from monitor.terminal import unhurried


def up(
    config: ConfigPath = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Poll a feed of sample articles on loopback instead.")
    ] = False,
) -> None:
    """Run everything on this machine. Kafka too, where none is configured; topics, poller, workers and board."""
    from agents.stopping import heed_signals_while_starting

    heed_signals_while_starting()
    share_figures(configured(config).state_dir / "metrics")
    from monitor.cli import up as running

    with unhurried() as outlet:
        running.run(reloading(config), config_path=config, demo=demo, outlet=outlet)


def worker(
    config: ConfigPath = None,
    stages: Annotated[
        str, typer.Option(help="Stages to run, with commas.", metavar="STAGE,...")
    ] = ",".join(STAGES),
) -> None:
    """Run stages of the pipeline in one process. Kafka is the configured one."""
    from agents.stopping import heed_signals_while_starting

    heed_signals_while_starting()
    from agents import worker as running

    asked = tuple(dict.fromkeys(s.strip() for s in stages.split(",") if s.strip()))
    unknown = [s for s in asked if s not in STAGES]
    if unknown or not asked:
        named = ", ".join(unknown) or repr(stages)
        msg = f"no such stage: {named} (there are {', '.join(STAGES)})"
        raise InputError(msg)
    running.run(reloading(config), asked)


def poller(config: ConfigPath = None) -> None:
    """Poll feeds and send their articles to Kafka."""
    from agents.stopping import heed_signals_while_starting

    heed_signals_while_starting()
    from agents import poll as running

    running.run(reloading(config))


def broker(config: ConfigPath = None) -> None:
    """Run the local Kafka alone, until it is told to stop."""
    from monitor.broker import errors, run
    from monitor.broker.rules import BrokerFault

    settings = configured(config)
    try:
        run.run(
            settings.state_dir,
            settings.broker.port,
            lambda line: print(line, file=sys.stderr, flush=True),
            heap_mb=settings.broker.heap_mb,
        )
    except errors.BrokerError as exc:
        # A disk that is full now may have room later: whoever supervises this starts it again.
        full = exc.fault is BrokerFault.DISK_FULL
        raise (NotReachableError if full else InputError)(str(exc)) from exc


def demo_feed(
    port: Annotated[int, typer.Option(help="Port on loopback.")] = 8643,
) -> None:
    """Serve the sample articles as a feed on loopback."""
    from datetime import UTC, datetime

    import uvicorn

    from monitor.demo.server import make_app

    feed = make_app(lambda: datetime.now(UTC))
    uvicorn.run(feed, host="127.0.0.1", port=port, log_level="warning")


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (up, worker, poller, broker):
        app.command()(command)
    app.command(hidden=True)(demo_feed)
