"""What commands that ask a running monitor share: asking Kafka, and writing what it answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from monitor.cli.options import configured
from monitor.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from agents.settings import Settings
    from schemas.base import Record

T = TypeVar("T")
PIPE_WIDTH = 400
"""A pipe has no width: scripts cut tables by column, so nothing is folded there."""

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most, the latest.")]


def settings_of(path: Path | None) -> Settings:
    """Return the agents' settings of a configuration; what goes wrong beside the answer is told on standard error."""
    from agents.settings import from_config
    from monitor import logs

    config = configured(path)
    logs.configure("WARNING", config.log.format)
    return from_config(config)


def ask(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run something that asks Kafka.

    Raises:
        NotReachableError: Kafka does not answer.
    """
    from agents.asking import asked

    return asyncio.run(asked(settings.kafka, work))


def write_json(records: Iterable[Record]) -> None:
    """Write records as JSON lines."""
    from schemas.codec import to_json

    for record in records:
        sys.stdout.buffer.write(to_json(record) + b"\n")


def write_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table for people: as wide as the terminal, or as a pipe needs. Without a head there is none."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=bool(head))
    for name in head:
        table.add_column(name, no_wrap=name == head[0], overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(highlight=False, width=width).print(table)


def _cell(value: object) -> Text:
    from rich.text import Text

    from monitor.alerts.printing import printable

    if isinstance(value, Text):
        return value
    # Words of sources are hostile: no markup and nothing that steers the terminal.
    return Text(printable("" if value is None else str(value)))


def minute(at: datetime | None) -> str:
    """Return a time to the minute, nothing for none."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def all_found(asked: Sequence[str], found: Sequence[str], what: str) -> None:
    """Refuse ids that are not there.

    Raises:
        InputError: at least one is not.
    """
    if missing := sorted(set(asked) - set(found)):
        msg = f"{', '.join(missing)}: no {what}"
        raise InputError(msg)
