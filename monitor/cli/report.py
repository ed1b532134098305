"""The command ``news-monitor report``: a digest of a time, ready to send."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from monitor.cli.incidents import every, view
from monitor.cli.options import ConfigPath
from monitor.cli.times import ago
from monitor.errors import InputError

MOST_TALLIES = 10


def report(
    config: ConfigPath = None,
    since: Annotated[str, typer.Option("--since", help="A date, a time, 7d, 12h.")] = "7d",
    until: Annotated[str, typer.Option("--until", help="The same; now by default.")] = "0m",
    form: Annotated[Literal["markdown", "html"], typer.Option("--format")] = "markdown",
    output: Annotated[
        str, typer.Option("--output", "-o", help="A file, - for the terminal.")
    ] = "-",
) -> None:
    """Write a digest of what became known. Counts, a chart, a map, the gravest incidents, what was said."""
    from monitor.board import digest, gather

    now = datetime.now(UTC)
    start, end = ago(since, "--since", now), ago(until, "--until", now)
    if start >= end:
        msg = "--since must lie before --until"
        raise InputError(msg)
    with view(config) as store:
        filters = gather.between(start, end)
        made = gather.digest_of(store, tuple(every(store, filters)), start, end, MOST_TALLIES)
    text = digest.html(made) if form == "html" else digest.markdown(made)
    if output == "-":
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as exc:
        msg = f"{output}: {exc.strerror}"
        raise InputError(msg) from exc


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)
