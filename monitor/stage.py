"""The shape of a stage that keeps state: ``(book, record) -> Step``.

A book is the stage's state in memory, made of rows under string keys. A stage reads the book, changes
nothing, and returns a step: the rows to put and the records to send. Whoever runs the stage (a Faust
agent or ``replay``) puts the rows into the book and, when live, into the table first. So the same
pure function serves both, and a crash between two rows can be repaired by putting the step again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

STAGES = ("dedupe", "extract", "track", "alert", "deliver")
"""The stages that a worker can run, in the order of the flow."""

Row = TypeVar("Row")
Out = TypeVar("Out")
RowIn_contra = TypeVar("RowIn_contra", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[Row, Out]):
    """What a stage decided on one record.

    ``rows`` are put in order, ``None`` deletes. ``outputs`` are sent in order. ``reasons`` tell the
    decision, one StrEnum value for each thing decided, for logs and metrics.
    """

    rows: tuple[tuple[str, Row | None], ...] = ()
    outputs: tuple[Out, ...] = ()
    reasons: tuple[str, ...] = ()


class Book(Protocol[RowIn_contra]):
    """A stage's state in memory, with whatever indexes the stage derives from its rows."""

    def __len__(self) -> int:
        """Return how many rows there are."""

    def put(self, key: str, row: RowIn_contra | None) -> None:
        """Set the row under ``key``, or delete it where ``row`` is ``None``."""
