"""What commands that ask a running monitor share: asking Kafka, and writing what it answers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from monitor.cli.options import configured
from monitor.errors import InputError

if TYPE_CHECKING:
    from agents.settings import Settings
    from schemas.base import Record

T = TypeVar("T")
PIPE_WIDTH = 240
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most, the latest.")]


def settings_of(path: Any) -> Settings:
    """Return the agents' settings of a configuration (any: Typer's own annotated path)."""
    from agents.settings import from_config

    return from_config(configured(path))


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
    """Write a table for people: as wide as the terminal, or as a pipe needs."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from monitor.alerts.printing import printable

    table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, no_wrap=name == head[0], overflow="fold")
    for row in rows:
        # Words of sources are hostile: no markup and nothing that steers the terminal.
        table.add_row(*(Text(printable(str("" if cell is None else cell))) for cell in row))
    # A pipe has no width: nothing is cut there.
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(highlight=False, width=width).print(table)


def minute(at: datetime | None) -> str:
    """Return a time to the minute, nothing for none."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def all_found(asked: Sequence[str], found: Sequence[str], what: str) -> None:
    """Refuse ids that are not there.

    Raises:
        InputError: at least one is not.
    """
    if missing := sorted(set(asked) - set(found)):
        msg = f"no {what} {', '.join(missing)}"
        raise InputError(msg)
