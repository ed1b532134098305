"""The command ``news-monitor board``."""

from __future__ import annotations

import typer

from monitor.cli.options import ConfigPath, reloading


def board(config: ConfigPath = None) -> None:
    """Run the board: the web page and its API. Kafka is the configured one."""
    from agents.stopping import heed_signals_while_starting

    heed_signals_while_starting()
    from agents import board as running

    running.run(reloading(config))


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(board)
