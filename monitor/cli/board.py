"""The command ``news-monitor board``."""

from __future__ import annotations

import typer

from monitor.cli.options import ConfigPath, configured


def board(config: ConfigPath = None) -> None:
    """Run the board, the web page and its API, against the configured Kafka."""
    from agents.stopping import end_on_sigterm

    end_on_sigterm()
    from agents import board as running
    from monitor import logs

    settings = configured(config)
    logs.configure(settings.log.level, settings.log.format)
    running.run(settings)


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(board)
