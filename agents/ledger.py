"""What a stage keeps of one partition: its book, and the log of its latest steps.

The rows and the log are in one compacted topic, in the partition of the records that made them, and
Kafka keeps the order within a partition. The steps of a batch are written in the order of their
records: first the step as a whole into its slot of the log, then its rows. So after a crash,
at any point, what is in Kafka is a beginning of that sequence, and only the last step can lack rows.
A batch is finished (everything is in Kafka, outputs too) before the next one begins. From that follows,
for a record that is read again:

| its offset is | then |
| --- | --- |
| above the highest logged one | it is worked on, as if for the first time |
| that of a step in the log | its outputs are sent again, the same bytes; the stage does not run |
| lower than all of the log | it was finished long ago: nothing |

These are not Faust tables. A book is in memory whole, so a table would be a second copy; tables recover
at 5-8 thousand records a second and this reads a hundred thousand; a row and its step could be in two
changelogs without an order between them; and the races of table recovery (faust-streaming #596)
have nothing to act on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec

from agents.wire import Outbound
from monitor.stage import Book
from schemas import codec
from schemas.base import Record
from schemas.step import LoggedOutput, LoggedRow, LoggedStep

AnyBook = TypeVar("AnyBook", bound=Book)  # type: ignore[type-arg]  # of the stage's own rows
Row = TypeVar("Row", bound=Record)

SLOTS = 1024
"""Steps kept in the log of a partition: more than the largest batch, and than what is uncommitted in half a second."""
MAX_SEEN = 8192
"""Ids of records remembered in memory, to know one that was written twice."""

ROW, _LOG = b"r:", b"l:"
_DELETED = b"null"


@dataclass(slots=True, kw_only=True)
class Ledger(Generic[AnyBook, Row]):
    """The book of one partition with its log. ``topic`` is that of the rows, ``position`` its next offset.

    ``high`` is the highest offset of a logged step, -1 with none. ``row_of`` reads a row's message
    and ``bytes_of`` writes it.
    """

    topic: str
    partition: int
    book: AnyBook
    row_of: Callable[[bytes], Row]
    bytes_of: Callable[[Row], bytes] = codec.encode
    position: int = 0
    high: int = -1
    _log: dict[int, LoggedStep] = field(default_factory=dict)
    _seen: dict[str, None] = field(default_factory=dict)

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take one record of the topic of rows, in its order there."""
        if key.startswith(ROW):
            self._put(key.removeprefix(ROW).decode(), value)
        elif key.startswith(_LOG) and value is not None:
            step = codec.decode(value, LoggedStep)
            self._log[step.offset % SLOTS] = step

    def loaded(self, source_end: int) -> None:
        """Finish loading; ``source_end`` is the next offset of the topic that the stage reads.

        A log that is ahead of its source belongs to another topic of that name, made anew: its rows
        stay true, its offsets mean nothing.
        """
        steps = sorted(self._log.values(), key=lambda step: step.offset)
        for step in steps:
            self._remember(step.record_id)
        if steps and steps[-1].offset < source_end:
            self.high = steps[-1].offset
            self._apply(steps[-1])
        elif steps:
            self._log.clear()

    def is_finished(self, offset: int) -> bool:
        """Tell whether the record at ``offset`` was worked on before."""
        return offset <= self.high

    def logged(self, offset: int) -> LoggedStep | None:
        """Return the step of the record at ``offset``, ``None`` where the log does not hold it."""
        step = self._log.get(offset % SLOTS)
        return step if step is not None and step.offset == offset else None

    def has_seen(self, record_id: str) -> bool:
        """Tell whether a record of this id was worked on, as far back as is remembered."""
        return record_id in self._seen

    def take(self, step: LoggedStep, rows: Iterable[tuple[str, Row | None]]) -> None:
        """Apply a new step in memory, with its rows. It must be written (``messages``) before the next batch."""
        self.high = step.offset
        self._log[step.offset % SLOTS] = step
        self._remember(step.record_id)
        for key, row in rows:
            self.book.put(key, row)

    def messages(self, step: LoggedStep) -> list[Outbound]:
        """Return what writes a step: the step as a whole, then its rows."""
        slot = str(step.offset % SLOTS).encode()
        return [self._message(_LOG + slot, codec.encode(step)), *self.row_messages(step)]

    def row_messages(self, step: LoggedStep) -> list[Outbound]:
        """Return what writes the rows of a step alone."""
        return [self._message(ROW + row.key.encode(), _bytes(row.row)) for row in step.rows]

    def logged_rows(self, rows: Iterable[tuple[str, Row | None]]) -> tuple[LoggedRow, ...]:
        """Return the form in which rows stand in the log."""
        return tuple(
            LoggedRow(key=key, row=msgspec.Raw(_DELETED if row is None else self.bytes_of(row)))
            for key, row in rows
        )

    def tidy(self) -> list[Outbound]:
        """Return what rids the topic of rows that are no longer needed, and forget them."""
        return []

    def _message(self, key: bytes, value: bytes | None) -> Outbound:
        return Outbound(topic=self.topic, key=key, value=value, partition=self.partition)

    def _remember(self, record_id: str | None) -> None:
        if record_id is None:
            return
        self._seen[record_id] = None
        if len(self._seen) > MAX_SEEN:
            del self._seen[next(iter(self._seen))]

    def _apply(self, step: LoggedStep) -> None:
        for row in step.rows:
            self._put(row.key, _bytes(row.row))

    def _put(self, key: str, value: bytes | None) -> None:
        self.book.put(key, None if value is None else self.row_of(value))


def outputs_of(step: LoggedStep) -> Iterator[Outbound]:
    """Yield the records that a step sends."""
    for output in step.outputs:
        yield Outbound(topic=output.topic, key=output.key.encode(), value=bytes(output.value))


def logged_output(message: Outbound) -> LoggedOutput:
    """Return the form in which an output stands in the log."""
    assert message.value is not None
    return LoggedOutput(
        topic=message.topic, key=message.key.decode(), value=msgspec.Raw(message.value)
    )


def _bytes(row: msgspec.Raw) -> bytes | None:
    raw = bytes(row)
    return None if raw == _DELETED else raw
