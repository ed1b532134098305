"""The command that shows the way of an article, an incident or an alert through the topics."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from monitor.cli.asking import ask, settings_of, write_table
from monitor.cli.options import AsJson, ConfigPath
from monitor.errors import InputError

if TYPE_CHECKING:
    from agents.admin import Step
    from schemas.base import Record

_TOLD = ("sink", "source", "outcome", "kind", "measure", "reason", "subject", "title", "detail")
"""Fields that tell a person what a record says, in the order of a sentence."""


def trace(wanted: str, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Follow an article, an incident or an alert. Its way through the topics."""
    from agents import admin

    settings = settings_of(config)
    steps = ask(settings, admin.trace(settings.kafka, wanted))
    if not steps:
        msg = f"nothing of {wanted} is in Kafka"
        raise InputError(msg)
    if as_json:
        for line in json_lines(steps):
            sys.stdout.buffer.write(line + b"\n")
        return
    write_table(("written", "after", "topic", "partition", "offset", "what"), rows(steps))


def json_lines(steps: Iterable[Step]) -> Iterator[bytes]:
    """Yield each step as one line: where the record stands, when it was written, and the record itself."""
    import msgspec

    for step in steps:
        place = {"topic": step.topic, "partition": step.partition, "offset": step.offset}
        yield msgspec.json.encode({**place, "at": step.at, "record": step.record})


def rows(steps: Iterable[Step]) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the table; ``after`` is how long after the first record of the way each was written."""
    begun = None
    for step in steps:
        begun = begun or step.at
        after = f"{(step.at - begun).total_seconds():+.3f} s"
        written = f"{step.at:%Y-%m-%d %H:%M:%S}"
        yield written, after, step.topic, step.partition, step.offset, about(step.record)


def about(record: Record) -> str:
    """Return a few words about a record on its way."""
    return " ".join(str(v) for name in _TOLD if (v := getattr(record, name, None)))


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(trace)
