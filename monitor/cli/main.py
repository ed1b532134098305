"""The command ``news-monitor``: all commands are mounted here, each imports what it needs when it is called."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from monitor.cli import (
    alerts,
    backup,
    board,
    correct,
    feeds,
    incidents,
    look,
    poll,
    quarantine,
    rebuild,
    report,
    run,
    silences,
    texts,
    trace,
    watch,
)
from monitor.cli.parent import follow_parent
from monitor.config import ConfigError
from monitor.errors import MonitorError

app = typer.Typer(
    name="news-monitor",
    help="Tells you within seconds of a new attack, strike or official condemnation in the news.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"news-monitor {version('news-monitor')}")
        raise typer.Exit


@app.callback()
def _root(
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Tell people of new attacks, strikes and condemnations."""


run.mount(app)
backup.mount(app)
app.command()(rebuild.rebuild)
board.mount(app)
incidents.mount(app)
watch.mount(app)
report.mount(app)
texts.mount(app)
app.command()(poll.poll)
app.add_typer(feeds.feeds_app, name="feeds")
look.mount(app)
quarantine.mount(app)
trace.mount(app)
alerts.mount(app)
app.add_typer(silences.silence_app, name="silence")
app.add_typer(correct.correct_app, name="correct")


def main() -> NoReturn:
    """Run the command line; what a person can act on is one line and an exit code of sysexits.h."""
    follow_parent(os.environ)
    try:
        app()
    except ConfigError as exc:
        _end(str(exc), exc.EXIT_CODE)
    except MonitorError as exc:
        _end(f"news-monitor: {exc}", exc.exit_code)
    sys.exit(0)


def _end(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)
