"""Steps: what a stage made of one record, written to Kafka before any part of it is applied."""

from __future__ import annotations

import msgspec

from schemas.base import Record


class LoggedRow(Record, frozen=True, kw_only=True):
    """A row to put under ``key``. ``row`` is the row's own message, as it is; JSON ``null`` deletes."""

    key: str
    row: msgspec.Raw


class LoggedOutput(Record, frozen=True, kw_only=True):
    """A record to send. ``value`` is its own message, as it is; ``topic`` is without a prefix."""

    topic: str
    key: str
    value: msgspec.Raw


class LoggedStep(Record, frozen=True, kw_only=True):
    """All that one record brought about, kept in a slot (the offset modulo the size of the log).

    ``offset`` is the record's own; ``record_id`` names it, so that the same record written twice is
    worked on once. ``None`` where it could not be read.
    """

    offset: int
    record_id: str | None
    rows: tuple[LoggedRow, ...] = ()
    outputs: tuple[LoggedOutput, ...] = ()
