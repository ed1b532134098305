"""The bodies that wait to be read: fetching pauses while they are too many bytes, and large ones let small ones go first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_HELD_BYTES = 48 << 20
"""Fetching is faster than reading. 48 MiB are hundreds of usual feeds, or five of the largest."""

BYTES_BEHIND_A_SECOND = 10_000
MOST_BEHIND_S = 60.0
"""A body of 300 kB, a thousand entries and half a second of reading, lets the usual one of 30 kB go before it that comes 27
seconds later. So news stands behind one archive at most, and an archive behind no more than a minute of news."""


def behind_s(size: int) -> float:
    """Return by how much later a body of ``size`` bytes is taken to have come than it did, when bodies wait."""
    return min(size / BYTES_BEHIND_A_SECOND, MOST_BEHIND_S)


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
