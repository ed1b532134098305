"""The bodies that wait to be read: fetching pauses while they are too many bytes, and large ones let small ones go between them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_HELD_BYTES = 48 << 20
"""Fetching is faster than reading. 48 MiB are hundreds of usual feeds, or five of the largest."""


def flow_of(size: int) -> int:
    """Return with which bodies a body of ``size`` bytes waits its turn: each doubling of the size has a flow of its own.

    A thousand entries are 300 kB and half a second of reading, the usual feed a tenth of that. So news stands behind one
    archive at most, however many wait, and archives are read while there is news.
    """
    return size.bit_length()


@dataclass(slots=True)
class Held:
    """The bodies that wait. Once ``max_bytes`` are reached, ``room`` waits until some were read."""

    max_bytes: int = MAX_HELD_BYTES
    used: int = 0
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Begin empty."""
        self._room.set()

    async def room(self) -> None:
        """Wait until another body may be fetched."""
        await self._room.wait()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count a body of ``size`` bytes while the block runs."""
        self._change(size)
        try:
            yield
        finally:
            self._change(-size)

    def _change(self, size: int) -> None:
        self.used += size
        if self.used < self.max_bytes:
            self._room.set()
        else:
            self._room.clear()
