"""Rows and strings of the fingerprints in memory: packed arrays that grow at the end and are cut at the front."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from monitor.dedupe.words import Numbers
from schemas.base import ArticleId
from schemas.fingerprint import (
    HEADER_BYTES,
    TITLE_WORD_BYTES,
    WINDOW_BYTES,
    Fingerprint,
    Header,
)
from schemas.reasons import DedupeReason, Outcome

_ROW = np.dtype(
    [
        ("content", "<u8"),
        ("address", "<u8"),
        ("guid", "<u8"),
        ("cluster", "<u8"),
        ("offset", "<i8"),
        ("source", "<u4"),
        ("origin", "<u4"),
        ("day", "<u2"),
        ("published", "<u2"),
        ("words", "<u2"),
        ("windows", "u1"),
        ("rate", "u1"),
        ("outcome", "u1"),
        ("reason", "u1"),
        ("changed", "u1"),
        ("alive", "u1"),
    ]
)
"""60 bytes a row."""


class Row(NamedTuple):
    """The fixed part of a row, as plain numbers: the columns above."""

    content: int
    address: int
    guid: int
    cluster: int
    offset: int
    source: int
    origin: int
    day: int
    published: int
    words: int
    windows: int
    rate: int
    outcome: int
    reason: int
    changed: int
    alive: int


_GROWTH = 8
"""Arrays grow by an eighth: at most 12 % of them is spare."""

_BLOCK = 65_536
"""Strings are held in blocks of so many rows, dropped whole."""

_LENGTHS = struct.Struct("<BBHH")

_OUTCOMES = {outcome: number for number, outcome in enumerate(Outcome)}
_REASONS = {reason: number for number, reason in enumerate(DedupeReason)}


class Rows:
    """The fixed parts of the rows. ``first`` is the number of the oldest one held."""

    def __init__(self) -> None:
        self.first = 0
        self._rows = np.zeros(1024, _ROW)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes, spare ones included."""
        return self._rows.nbytes

    def numbers(self) -> range:
        """Return the numbers of the rows that are held."""
        return range(self.first, self.first + self._count)

    def column(self, name: str) -> npt.NDArray[Any]:  # the type of the values is the column's own
        """Return one column, a view: element 0 is row ``first``."""
        column: npt.NDArray[Any] = self._rows[name][: self._count]
        return column

    def row(self, number: int) -> Row:
        """Return one row as plain numbers."""
        return Row._make(self._rows[number - self.first].tolist())

    def cell(self, number: int, name: str) -> int:
        """Return one value of a row."""
        return int(self._rows[name][number - self.first])

    def standing(self, number: int) -> bool:
        """Return whether a row is held."""
        return number >= self.first and bool(self.cell(number, "alive"))

    def columns(self, numbers: Numbers) -> npt.NDArray[Any]:
        """Return several rows, all of which are held."""
        rows: npt.NDArray[Any] = self._rows[numbers - self.first]
        return rows

    def append(self, row: Fingerprint, source: int, origin: int) -> int:
        """Add a row; return its number."""
        self._reserve(1)
        self._rows[self._count] = (
            row.content,
            row.address,
            row.guid,
            int(row.cluster_id, 16),
            -1 if row.offset is None else row.offset,
            source,
            origin,
            row.day,
            row.published_day,
            row.words,
            len(row.windows) // 8,
            row.rate,
            _OUTCOMES[row.outcome],
            _REASONS[row.reason],
            row.changed_facts,
            1,
        )
        self._count += 1
        return self.first + self._count - 1

    def append_many(self, read: Sequence[tuple[Header, int, int]]) -> int:
        """Add the rows of packed fingerprints, each with the numbers of source and origin; return the first's number."""
        self._reserve(len(read))
        self._rows[self._count : self._count + len(read)] = [
            (
                h.content,
                h.address,
                h.guid,
                h.cluster,
                h.offset,
                source,
                origin,
                h.day,
                h.published_day,
                h.words,
                h.windows,
                h.rate,
                h.outcome,
                h.reason,
                h.changed_facts,
                1,
            )
            for h, source, origin in read
        ]
        self._count += len(read)
        return self.first + self._count - len(read)

    def trim(self) -> int:
        """Cut the rows at the front that are no longer alive; return how many."""
        alive = np.flatnonzero(self.column("alive"))
        gone = int(alive[0]) if len(alive) else self._count
        self._rows = self._rows[gone : self._count].copy()
        self._count -= gone
        self.first += gone
        return gone

    def _reserve(self, more: int) -> None:
        need = self._count + more
        if need <= len(self._rows):
            return
        grown = np.zeros(max(need, len(self._rows) + len(self._rows) // _GROWTH, 1024), _ROW)
        grown[: self._count] = self._rows[: self._count]
        self._rows = grown


class Arena:
    """The parts of the rows whose length varies: title, figures, article id, what it duplicates."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}
        self._starts: dict[int, npt.NDArray[np.uint32]] = {}

    @property
    def nbytes(self) -> int:
        """Bytes, those of the starts included."""
        return sum(map(len, self._blocks.values())) + sum(s.nbytes for s in self._starts.values())

    def append(
        self, number: int, title: bytes, figures: bytes, article_id: bytes, duplicate_of: bytes
    ) -> None:
        """Keep the strings of a row."""
        lengths = _LENGTHS.pack(len(title), len(figures), len(article_id), len(duplicate_of))
        self._add(number, b"".join((lengths, title, figures, article_id, duplicate_of)))

    def append_packed(self, number: int, head: Header, raw: bytes) -> None:
        """Keep the strings of a packed fingerprint, where they stand one after the other."""
        title = TITLE_WORD_BYTES * head.title
        start = HEADER_BYTES + WINDOW_BYTES * head.windows
        end = start + title + head.figures + head.article_id + head.duplicate_of
        lengths = _LENGTHS.pack(title, head.figures, head.article_id, head.duplicate_of)
        self._add(number, lengths + raw[start:end])

    def _add(self, number: int, packed: bytes) -> None:
        which, at = divmod(number, _BLOCK)
        if which not in self._blocks:
            self._blocks[which] = bytearray()
            self._starts[which] = np.zeros(_BLOCK, np.uint32)
        block = self._blocks[which]
        self._starts[which][at] = len(block)
        block += packed

    def compared(self, number: int) -> tuple[bytes, bytes]:
        """Return what comparing takes: title and figures."""
        block, at = self._block(number)
        title = at + _LENGTHS.size
        figures = title + block[at]
        return bytes(block[title:figures]), bytes(block[figures : figures + block[at + 1]])

    def read(self, number: int) -> tuple[bytes, bytes, ArticleId, ArticleId]:
        """Return title, figures, article id and what it duplicates."""
        block, at = self._block(number)
        lengths = _LENGTHS.unpack_from(block, at)
        article = at + _LENGTHS.size + lengths[0] + lengths[1]
        duplicate = article + lengths[2]
        return (
            *self.compared(number),
            ArticleId(block[article:duplicate].decode("utf-8", "replace")),
            ArticleId(block[duplicate : duplicate + lengths[3]].decode("utf-8", "replace")),
        )

    def _block(self, number: int) -> tuple[bytearray, int]:
        """Return the block that holds a row's strings, and where they begin."""
        which, place = divmod(number, _BLOCK)
        return self._blocks[which], int(self._starts[which][place])

    def trim(self, first: int) -> None:
        """Drop the blocks that hold only rows before ``first``."""
        for which in [w for w in self._blocks if (w + 1) * _BLOCK <= first]:
            del self._blocks[which], self._starts[which]
